"""Tells the followers of tickets what happened to them and posts notices that are due: at once when woken, within half
a second by itself."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

import anyio
from anyio.to_thread import run_sync

from app.bus import EVENT, POLL_S, SEND, Hub
from casework.notices.posting import Notices, post_due
from casework.storage.work import Store
from casework.tickets.spreading import Follower, spread

logger = logging.getLogger(__name__)


class Spreader:
    """Runs until cancelled. Any number may run: rows of the database decide who does what."""

    def __init__(
        self,
        store: Store,
        hub: Hub,
        followers: Sequence[Follower],
        *,
        notices: Notices,
        clock: Callable[[], datetime],
    ) -> None:
        self._store, self._hub, self._clock = store, hub, clock
        self._followers, self._notices = followers, notices

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
        """Tell what is new of one ticket, and post what is due in one chat. 0: there was neither."""
        with self._store.writing() as work:
            told = spread(work, self._clock(), self._followers)
        with self._store.writing() as work:
            return told + post_due(work, self._clock(), notices=self._notices)
