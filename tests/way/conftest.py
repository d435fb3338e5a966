"""The whole house, running: gateway, engine worker, courier, a real database, a real Valkey."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import httpx
import pytest

from app.bus import Bus
from app.gateway import Parts, application
from app.settings import Settings
from app.turns import TurnRunner
from app.valkey import embedded_valkey
from app.wiring import utc_now
from bot.engine import Engine
from casework.house import House
from casework.storage.work import Store
from tests.connectors.telegram.conftest import schema, telemelya  # noqa: F401 (fixtures)
from tests.connectors.telegram.peers.proxy import served
from tests.connectors.wechat.conftest import platform, served_platforms  # noqa: F401 (fixtures)
from tests.model import find_model

Found = TypeVar("Found")


@pytest.fixture(scope="session")
def model() -> Path:
    return find_model()


@pytest.fixture(scope="session")
def engine(model: Path) -> Engine:
    return Engine.load(model)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    with embedded_valkey() as url:
        yield url


@dataclass(frozen=True)
class Running:
    """``url``: where the gateway listens."""

    url: str
    store: Store
    runner: TurnRunner


@asynccontextmanager
async def house_running(settings: Settings, engine: Engine, house: House) -> AsyncIterator[Running]:
    """Gateway with courier on a free port, one worker thread."""
    app = application(settings)
    parts: Parts = app.state.parts
    runner = TurnRunner(
        store=parts.store, engine=engine, house=house, bus=Bus(settings.redis_url), clock=utc_now
    )
    stop = threading.Event()
    worker = threading.Thread(target=runner.run_forever, kwargs={"stopped": stop.is_set}, name="worker")
    async with app.router.lifespan_context(app), served(app) as url:
        worker.start()
        try:
            yield Running(url, parts.store, runner)
        finally:
            stop.set()
            await asyncio.to_thread(worker.join)


@pytest.fixture
def settings(database_url: str, redis_url: str, data_key: str, tmp_path: Path) -> Settings:
    """Both databases; no channel but the web yet."""
    return Settings(
        database_url=database_url,
        redis_url=redis_url,
        data_dir=tmp_path,
        data_key=(data_key,),
        organisation="Test town",
    )


async def until(look: Callable[[], Awaitable[Found | None]], *, patience_s: float = 60.0) -> Found:
    """What ``look`` finds, as soon as it finds something."""
    deadline = asyncio.get_running_loop().time() + patience_s
    while asyncio.get_running_loop().time() < deadline:
        if (found := await look()) is not None:
            return found
        await asyncio.sleep(0.03)
    raise AssertionError("it never came")


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(timeout=60) as made:
        yield made
