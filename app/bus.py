"""Wake-ups between processes through Redis. Only ever a hint: whoever waits also looks by itself.

Losing Redis makes answers slower (the looks are ``POLL_S`` apart), never wrong.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import redis
import redis.asyncio

logger = logging.getLogger(__name__)

#: How often a waiting part looks by itself when no wake-up comes.
POLL_S = 0.5
#: How often it looks while Redis is away.
POLL_ALONE_S = 0.1
#: Longest wait for Redis' answer, and how long it is left alone after it gave none, in seconds: one that hangs or is
#: cut off must not hold up those who only want to wake others.
_ANSWER_S, _LEFT_ALONE_S = 1.0, 5.0
_PREFIX = "tingsu:wake:"

TURN = "turn"  #: an inbound message waits for an engine
SEND = "send"  #: an outbound message waits for a courier
EVENT = "event"  #: something happened to a ticket, of which others want to be told
CHAT = "chat"  #: something happened in a conversation; the body is its id


class Bus:
    """Publishing and waiting in plain threads (engine worker, command line)."""

    def __init__(self, url: str) -> None:
        self._client = (
            redis.Redis.from_url(url, socket_timeout=_ANSWER_S, socket_connect_timeout=_ANSWER_S)
            if url
            else None
        )
        self._listener: redis.client.PubSub | None = None
        self._said_down = False
        self._ask_again = 0.0  # monotonic

    def publish(self, topic: str, body: str = "") -> None:
        """Wake whoever waits for ``topic``. Never raises."""
        if self._client is None or time.monotonic() < self._ask_again:
            return
        try:
            self._client.publish(_PREFIX + topic, body)
            self._said_down = False
        except redis.RedisError as error:
            self._note(error)

    def wait(self, topic: str, *, timeout_s: float) -> None:
        """Return at a wake-up or after ``timeout_s``. Never raises."""
        if self._client is None or time.monotonic() < self._ask_again:
            time.sleep(min(timeout_s, POLL_ALONE_S))
            return
        try:
            if self._listener is None:
                listener = self._client.pubsub(ignore_subscribe_messages=True)
                listener.subscribe(_PREFIX + topic)
                self._listener = listener
            deadline = time.monotonic() + timeout_s
            while (left := deadline - time.monotonic()) > 0:
                if self._listener.get_message(timeout=left) is not None:
                    return
        except (redis.RedisError, ValueError, OSError) as error:
            self._note(error)
            if self._listener is not None:
                with suppress(Exception):
                    self._listener.close()
                self._listener = None
            time.sleep(min(timeout_s, POLL_ALONE_S))

    def ping(self) -> bool:
        """Whether Redis answers."""
        try:
            return self._client is not None and bool(self._client.ping())
        except redis.RedisError:
            return False

    def _note(self, error: Exception) -> None:
        if not self._said_down:
            logger.warning("bus.down: %s; looking every %.1f s instead", type(error).__name__, POLL_ALONE_S)
        self._said_down = True
        self._ask_again = time.monotonic() + _LEFT_ALONE_S


class Hub:
    """The gateway's side: one subscription, many waiting tasks."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client = self._listening = None
        if url:
            self._client = redis.asyncio.Redis.from_url(
                url, socket_timeout=_ANSWER_S, socket_connect_timeout=_ANSWER_S
            )
            self._listening = redis.asyncio.Redis.from_url(
                url, socket_connect_timeout=_ANSWER_S, socket_keepalive=True, health_check_interval=15
            )
        self._ask_again = 0.0  # monotonic
        self._waiting: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None
        self._said_down = False
        self.alive = False

    async def start(self) -> None:
        if self._client is not None:
            self._task = asyncio.create_task(self._listen(), name="bus")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        for client in filter(None, (self._client, self._listening)):
            await client.close()

    async def publish(self, topic: str, body: str = "") -> None:
        """Wake other processes and tasks of this one. Never raises."""
        self._wake(topic, body)
        if self._client is None or time.monotonic() < self._ask_again:
            return
        try:
            await self._client.publish(_PREFIX + topic, body)
        except (redis.RedisError, OSError) as error:
            self._ask_again = time.monotonic() + _LEFT_ALONE_S
            self._note(error)

    @asynccontextmanager
    async def listening(self, topic: str, body: str = "") -> AsyncIterator[asyncio.Event]:
        """An event that is set at each wake-up of ``topic`` (with ``body``); clear it before looking."""
        key, signal = f"{topic}:{body}", asyncio.Event()
        self._waiting[key].add(signal)
        try:
            yield signal
        finally:
            self._waiting[key].discard(signal)
            if not self._waiting[key]:
                del self._waiting[key]

    async def pause(self, signal: asyncio.Event, *, timeout_s: float) -> None:
        """Wait for ``signal``, at most ``timeout_s``; less while Redis is away, so that the caller looks itself."""
        limit = timeout_s if self.alive else min(timeout_s, POLL_ALONE_S)
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(signal.wait(), limit)

    def _note(self, error: Exception) -> None:
        if not self._said_down:
            logger.warning("bus.down: %s", type(error).__name__)
        self._said_down = True

    def _wake(self, topic: str, body: str) -> None:
        for key in {f"{topic}:{body}", f"{topic}:"}:
            for signal in self._waiting.get(key, ()):
                signal.set()

    async def _listen(self) -> None:
        assert self._listening is not None
        while True:
            try:
                async with self._listening.pubsub(ignore_subscribe_messages=True) as listener:
                    await listener.psubscribe(_PREFIX + "*")
                    self._said_down, self.alive = False, True
                    while True:
                        message = await listener.get_message(timeout=30)
                        if message is not None:
                            topic = message["channel"].decode().removeprefix(_PREFIX)
                            self._wake(topic, message["data"].decode())
            except (redis.RedisError, OSError) as error:
                self._note(error)
                self.alive = False
                await asyncio.sleep(1)
