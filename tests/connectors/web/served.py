"""The web chat behind a real server on this machine, for tests that need a stream or a browser."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

import uvicorn
from starlette.applications import Starlette

from connectors.web.routes import routes
from connectors.web.settings import WebSettings
from tests.connectors.web.core import MemoryCore, MemoryFiles

T = TypeVar("T")


class _Server(uvicorn.Server):
    """A server whose loop other threads may use."""

    loop: asyncio.AbstractEventLoop
    thread: threading.Thread

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.loop = asyncio.get_running_loop()
        await super().startup(sockets)


class Line:
    """The network between browser and server: it can be cut and mended."""

    def __init__(self, url: str, start: Callable[[], _Server]) -> None:
        self.url = url
        self._start = start
        self._server: _Server | None = None
        self.mend()

    @property
    def is_closing(self) -> bool:
        """Whether the server was asked to stop."""
        return self._server is not None and self._server.should_exit

    def call(self, function: Callable[..., T], *arguments: object, **named: object) -> T:
        """Run ``function`` in the server's loop, where the core lives, and wait for it."""

        async def run() -> T:
            return function(*arguments, **named)

        assert self._server is not None
        return asyncio.run_coroutine_threadsafe(run(), self._server.loop).result(5)

    def cut(self) -> None:
        """Stop the server; the core keeps what it has."""
        assert self._server is not None
        self._server.should_exit = True
        self._server.thread.join(10)
        assert not self._server.thread.is_alive(), "the test server did not stop"

    def mend(self) -> None:
        """Start it again on the same port."""
        self._server = self._start()


@dataclass(frozen=True)
class Served:
    """``url`` without a slash at its end."""

    line: Line
    core: MemoryCore

    @property
    def url(self) -> str:
        return self.line.url

    def bot_says(self, text: str, **named: object) -> None:
        """Put a message into the newest conversation."""
        self.line.call(lambda: self.core.add(self.core.addresses[-1], text, **named))  # type: ignore[arg-type]

    def release(self) -> None:
        """Let the bot answer what it held back."""
        self.line.call(lambda: self.core.release(self.core.addresses[-1]))


@contextmanager
def serving(core: MemoryCore, *, organisation: str = "滨江区政务服务中心") -> Iterator[Served]:
    """A server on a free port of this machine, until the end of the block."""
    settings = WebSettings(organisation=organisation, languages=("zh", "en"), secure_cookie=False)
    made = routes(settings, core, core, MemoryFiles(core), is_closing=lambda: line.is_closing)
    app = Starlette(routes=made)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]

    def start() -> _Server:
        config = uvicorn.Config(
            app, host="127.0.0.1", port=port, log_level="error", ws="none", timeout_graceful_shutdown=1
        )
        server = _Server(config)
        server.thread = threading.Thread(target=server.run, daemon=True)
        server.thread.start()
        _until(lambda: server.started)
        return server

    line = Line(f"http://127.0.0.1:{port}", start)
    try:
        yield Served(line, core)
    finally:
        line.cut()


def _until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline, "the test server did not start"
        time.sleep(0.02)
