"""Real processes under load, killed without warning at any moment; and a storm on several machines' worth of them."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from app.valkey import embedded_valkey
from casework.storage.database import Database
from casework.storage.work import Store
from tests.races.fleet import QUICK, fleet
from tests.races.holds import Tally, report
from tests.races.provider import Provider
from tests.races.storm import Weather, blow, count, rest


async def storm(
    folder: Path,
    name: str,
    *,
    database_url: str,
    data_key: str,
    weather: Weather,
    seed: int,
    gateways: int,
    engines: int,
    couriers: int = 0,
    kills: int = 0,
    pause_s: tuple[float, float] = (0.3, 1.5),
    engine: tuple[str, ...] = QUICK,
    frozen_s: float = 0.0,
) -> Tally:
    store = Store(Database(database_url, keys=(data_key,)))
    store.database.migrate()
    rng = random.Random(seed)
    with embedded_valkey() as redis_url:
        async with Provider().running() as provider:
            async with fleet(
                folder,
                database_url=database_url,
                data_key=data_key,
                redis_url=redis_url,
                telegram_url=provider.url,
                gateways=gateways,
                engines=engines,
                couriers=couriers,
                engine=engine,
            ) as house:
                blowing = asyncio.create_task(blow(provider, house, weather, rng))
                if frozen_s:
                    await house.freeze_at_random(rng, longest_s=frozen_s, load=blowing)
                await house.kill_at_random(rng, pause_s=pause_s, most=kills, load=blowing)
                await blowing
                await rest(store)
    tally = count(store, provider, weather, kills=house.kills, answers_name=engine == QUICK)
    store.database.dispose()
    report(name, tally)
    return tally


@pytest.mark.soak
async def test_processes_are_killed_at_any_moment_and_nothing_is_lost(
    database_url: str, data_key: str, tmp_path: Path
) -> None:
    tally = await storm(
        tmp_path,
        f"kills under load, {database_url.partition(':')[0]}",
        database_url=database_url,
        data_key=data_key,
        weather=Weather(people=40, messages=12, pause_s=3.5),
        seed=7,
        gateways=2,
        engines=2,
        couriers=1,
        kills=40,
        pause_s=(0.2, 1.0),
    )
    assert tally.kills >= 20
    assert tally.is_clean, tally
    assert tally.aside < tally.messages / 10, tally


@pytest.mark.soak
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_storm_on_two_gateways_and_three_engines(
    database_url: str, data_key: str, tmp_path: Path
) -> None:
    tally = await storm(
        tmp_path,
        f"storm, {database_url.partition(':')[0]}",
        database_url=database_url,
        data_key=data_key,
        weather=Weather(people=200, messages=20),
        seed=3,
        gateways=2,
        engines=3,
    )
    assert tally.messages == 4000
    assert tally.is_clean, tally
    assert (tally.in_doubt, tally.aside) == (0, 0), tally


@pytest.mark.soak
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_processes_are_frozen_for_longer_than_their_leases(
    database_url: str, data_key: str, tmp_path: Path
) -> None:
    tally = await storm(
        tmp_path,
        "frozen under load, postgresql",
        database_url=database_url,
        data_key=data_key,
        weather=Weather(people=20, messages=6, pause_s=6.0),
        seed=5,
        gateways=2,
        engines=2,
        couriers=1,
        frozen_s=24.0,
    )
    assert tally.kills >= 2
    assert tally.is_clean, tally
    assert tally.aside == 0, tally
