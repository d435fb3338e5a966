"""Tells the followers of tickets what happened to them, at once when woken and within half a second by itself."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

import anyio
from anyio.to_thread import run_sync

from app.bus import EVENT, POLL_S, SEND, Hub
from casework.storage.work import Store
from casework.tickets.spreading import Follower, spread

logger = logging.getLogger(__name__)


class Spreader:
    """Runs until cancelled. Any number may run: the events themselves decide who tells them."""

    def __init__(
        self, store: Store, hub: Hub, followers: Sequence[Follower], *, clock: Callable[[], datetime]
    ) -> None:
        self._store, self._hub, self._followers, self._clock = store, hub, followers, clock

    async def run(self) -> None:
        async with self._hub.listening(EVENT) as signal:
            while True:
                signal.clear()
                try:
                    while await run_sync(self.look):
                        await self._hub.publish(SEND)
                except Exception:  # its door: the look is repeated
                    logger.exception("spreader.round_failed")
                    await anyio.sleep(1)
                await self._hub.pause(signal, timeout_s=POLL_S)

    def look(self) -> int:
        """Tell what is new of one ticket. Gives how many events were told; 0 when there is nothing new."""
        with self._store.writing() as work:
            return spread(work, self._clock(), self._followers)
