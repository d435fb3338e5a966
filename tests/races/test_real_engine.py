"""Kills under load with the engine as it is, model and all."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.races.fleet import REAL
from tests.races.storm import Weather
from tests.races.test_storms import storm
from tests.way.conftest import model  # noqa: F401 (fixture)


@pytest.mark.soak
@pytest.mark.engine
async def test_the_real_engine_is_killed_too(
    database_url: str,
    data_key: str,
    tmp_path: Path,
    model: Path,  # noqa: F811
) -> None:
    (tmp_path / "models").mkdir()
    shutil.copy(model, tmp_path / "models")
    tally = await storm(
        tmp_path,
        f"kills with the real engine, {database_url.partition(':')[0]}",
        database_url=database_url,
        data_key=data_key,
        weather=Weather(people=10, messages=6, pause_s=8.0),
        seed=11,
        gateways=1,
        engines=2,
        kills=6,
        pause_s=(2.0, 6.0),
        engine=REAL,
    )
    assert tally.kills >= 4
    assert tally.is_clean, tally
