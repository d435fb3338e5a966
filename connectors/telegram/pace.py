"""Order and speed within one chat. What Telegram allows a whole bot, and a group, AIORateLimiter keeps."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiolimiter import AsyncLimiter

_MAX_IDLE_LANES = 1_000


@dataclass
class _Lane:
    limiter: AsyncLimiter
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0


class Pace:
    """One lane a chat: messages go one after the other, ``burst`` at once and then one a second.

    Source: Bots FAQ ("avoid sending more than one message per second", short bursts are tolerated).
    AIORateLimiter has no limit for one private chat.
    """

    def __init__(self, *, burst: int) -> None:
        self._burst = burst
        self._lanes: dict[int, _Lane] = {}

    @asynccontextmanager
    async def lane(self, chat_id: int) -> AsyncIterator[AsyncLimiter]:
        """Wait for one's turn in the chat; acquire the limiter before each request."""
        lane = self._lanes.get(chat_id)
        if lane is None:
            self._forget_idle()
            lane = self._lanes[chat_id] = _Lane(AsyncLimiter(self._burst, self._burst))
        lane.users += 1
        try:
            async with lane.lock:
                yield lane.limiter
        finally:
            lane.users -= 1

    def _forget_idle(self) -> None:
        if len(self._lanes) < _MAX_IDLE_LANES:
            return
        idle = [
            key
            for key, lane in self._lanes.items()
            if not lane.users and lane.limiter.has_capacity(self._burst)
        ]
        for key in idle:
            del self._lanes[key]
