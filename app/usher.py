"""Looks after those who wait for a person: where they stand, that nobody came, that their colleague left."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from anyio.to_thread import run_sync

from app.bus import CHAT, SEND, Hub
from casework.conversations import waiting
from casework.conversations.waiting import Patience
from casework.house import House
from casework.storage.work import Store
from understanding.emergency import detect_emergency

logger = logging.getLogger(__name__)

#: How often it looks, in seconds.
PERIOD_S = 3.0


class Usher:
    """Runs until cancelled. Any number may run: the conversation's row decides who says what."""

    def __init__(
        self, store: Store, hub: Hub, *, house: House, patience: Patience, clock: Callable[[], datetime]
    ) -> None:
        self._store, self._hub, self._house, self._patience, self._clock = store, hub, house, patience, clock

    async def run(self) -> None:
        while True:
            await asyncio.sleep(PERIOD_S)
            try:
                for chat in await run_sync(self.look):
                    await self._hub.publish(SEND)
                    await self._hub.publish(CHAT, str(chat))
            except Exception:  # its door: the look is repeated
                logger.exception("usher.round_failed")

    def look(self) -> list[int]:
        """Tell who is to be told. Gives their conversations."""
        now = self._clock()
        with self._store.reading() as work:
            candidates = work.conversations.in_want_of_word(
                unclaimed_before=now - self._patience.promise, unseen_before=now - self._patience.grace
            )
        told = []
        for chat in candidates:
            with self._store.writing() as work:
                if waiting.look_after(
                    work, chat, house=self._house, now=now, patience=self._patience, is_danger=_is_danger
                ):
                    told.append(chat)
        return told


def _is_danger(text: str) -> bool:
    found = detect_emergency(text)
    return found is not None and found.level == "P0"
