"""A core in memory and a client that talks to the routes without a network."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette

from connectors.web.routes import routes
from connectors.web.settings import WebSettings
from tests.connectors.web.core import MemoryCore, MemoryFiles


@pytest.fixture
def core() -> MemoryCore:
    return MemoryCore()


@pytest.fixture
def settings() -> WebSettings:
    return WebSettings(
        organisation="滨江区 <政务> 中心",
        languages=("zh", "en"),
        secure_cookie=False,
        max_upload_bytes=200_000,
    )


@pytest.fixture
def files(core: MemoryCore) -> MemoryFiles:
    return MemoryFiles(core)


@pytest.fixture
def app(settings: WebSettings, core: MemoryCore, files: MemoryFiles) -> Starlette:
    return Starlette(routes=routes(settings, core, core, files))


@pytest.fixture
async def client(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as client:
        yield client


@pytest.fixture
async def stranger(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody else's browser."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as client:
        yield client
