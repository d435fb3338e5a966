"""The platform's side and a small core for the WeChat tests; everything stays on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field, replace

import hypothesis
import pytest
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from casework.conversations.model import InboundMessage, OutboundMessage, Received
from connectors.wechat.send import WeChatSender
from connectors.wechat.settings import WeChatSettings
from connectors.wechat.token import MemoryTokenStore
from tests.connectors.wechat.fake_api import APP_ID, APP_SECRET, FakeWeChat

TOKEN = "tokenOfTheTests"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OLD_AES_KEY = "GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba"

#: Property tests say nothing about speed.
patient = hypothesis.settings(deadline=None, max_examples=150)


@contextlib.asynccontextmanager
async def serving(app: ASGIApp) -> AsyncIterator[str]:
    """Serve ``app`` over real HTTP on a free loopback port; gives the base address."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    try:
        while not server.started:
            if task.done():
                task.result()
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


@dataclass
class SmallCore:
    """An inbox and its answers in memory, true to the two ports.

    ``engine`` makes the answer to a message (``None``: silent); ``thinking_s`` is how long that takes.
    ``left_over``: was held back before and comes first, in order.
    """

    engine: Callable[[InboundMessage], OutboundMessage | None] | None = None
    thinking_s: float = 0.0
    broken: BaseException | None = None
    wait_fails: BaseException | None = None
    messages: list[InboundMessage] = field(default_factory=list)
    set_aside: bool = False
    left_over: list[OutboundMessage] = field(default_factory=list)
    turns: int = 0
    waits: int = 0
    sent_passively: list[OutboundMessage] = field(default_factory=list)
    returned: list[OutboundMessage] = field(default_factory=list)
    _answers: dict[int, asyncio.Task[OutboundMessage | None]] = field(default_factory=dict)

    async def receive(self, message: InboundMessage) -> Received:
        if self.broken:
            raise self.broken
        for number, known in enumerate(self.messages, start=1):
            if (known.channel, known.provider_id) == (message.channel, message.provider_id):
                return Received(message_id=number, conversation_id=1, duplicate=True)
        self.messages.append(message)
        number = len(self.messages)
        self._answers[number] = asyncio.create_task(self._think(message))
        return Received(message_id=number, conversation_id=1, set_aside=self.set_aside)

    async def _think(self, message: InboundMessage) -> OutboundMessage | None:
        self.turns += 1
        await asyncio.sleep(self.thinking_s)
        return self.engine(message) if self.engine else None

    async def wait(
        self, received: Received, *, timeout_s: float, after: OutboundMessage | None = None
    ) -> OutboundMessage | None:
        rest = self.left_over[self.left_over.index(after) + 1 if after in self.left_over else 0 :]
        if rest:
            return rest[0]
        self.waits += 1
        if self.wait_fails:
            raise self.wait_fails
        answer = self._answers[received.message_id]
        await asyncio.wait({answer}, timeout=timeout_s)
        return answer.result() if answer.done() else None

    async def sent(self, message: OutboundMessage) -> None:
        self.sent_passively.append(message)

    async def put_back(self, message: OutboundMessage) -> None:
        self.returned.append(message)


@pytest.fixture
def core() -> SmallCore:
    return SmallCore()


class _Platforms:
    """One server for all tests, in front of the platform of the running one."""

    def __init__(self) -> None:
        self.current: ASGIApp = FakeWeChat().app()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.current(scope, receive, send)


@pytest.fixture(scope="session")
def served_platforms() -> Iterator[tuple[str, _Platforms]]:
    platforms = _Platforms()
    config = uvicorn.Config(platforms, host="127.0.0.1", port=0, log_level="error", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="fake-wechat")
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", platforms
    server.should_exit = True
    thread.join()


@pytest.fixture
def platform(served_platforms: tuple[str, _Platforms]) -> FakeWeChat:
    """The fake platform behind ``settings.api_base``."""
    fresh = FakeWeChat()
    served_platforms[1].current = fresh.app()
    return fresh


@pytest.fixture
def settings(served_platforms: tuple[str, _Platforms], platform: FakeWeChat) -> WeChatSettings:
    """Plain mode, 2 s for an answer within the call."""
    base = served_platforms[0]
    return WeChatSettings(
        app_id=APP_ID, app_secret=APP_SECRET, token=TOKEN, api_base=base, passive_wait_s=2.0
    )


@pytest.fixture
def safe_settings(settings: WeChatSettings) -> WeChatSettings:
    return replace(settings, aes_key=AES_KEY, previous_aes_key=OLD_AES_KEY, require_encryption=True)


@pytest.fixture
def store() -> MemoryTokenStore:
    return MemoryTokenStore()


@pytest.fixture
async def sender(settings: WeChatSettings, store: MemoryTokenStore) -> AsyncIterator[WeChatSender]:
    async def at_once(_seconds: float) -> None: ...

    opened = WeChatSender(settings, store, pause=at_once)
    await opened.start()
    yield opened
    await opened.stop()
