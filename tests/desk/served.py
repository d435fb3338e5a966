"""A desk that listens on a port of this machine, and wake-ups that reach its streams."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import uvicorn

from desk.desk import PREFIX
from tests.desk.conftest import Office, Silence


class Wires(Silence):
    """Wake-ups within this process, from any thread."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: dict[str, set[tuple[asyncio.AbstractEventLoop, asyncio.Event]]] = {}

    @asynccontextmanager
    async def listening(self, topic: str, body: str = "") -> AsyncIterator[asyncio.Event]:
        waiting = self._waiting.setdefault(f"{topic}:{body}", set())
        entry = (asyncio.get_running_loop(), asyncio.Event())
        waiting.add(entry)
        try:
            yield entry[1]
        finally:
            waiting.discard(entry)

    async def pause(self, signal: asyncio.Event, *, timeout_s: float) -> None:
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(signal.wait(), min(timeout_s, 0.2))

    async def publish(self, topic: str, body: str = "") -> None:
        self.ring(topic, body)

    def ring(self, topic: str, body: str = "") -> None:
        for key in {f"{topic}:{body}", f"{topic}:"}:
            for loop, event in set(self._waiting.get(key, ())):
                loop.call_soon_threadsafe(event.set)


class Served:
    """The desk on a port of this machine; the server can be stopped and started."""

    def __init__(self, office: Office) -> None:
        self.office = office
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{PREFIX}"

    def start(self) -> None:
        config = uvicorn.Config(
            self.office.app,
            host="127.0.0.1",
            port=self.port,
            log_level="warning",
            ws="none",
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive(), "the test server did not start"
            self._thread.join(0.02)

    def stop(self) -> None:
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(10)
        assert not self._thread.is_alive()
