"""What is said while no engine answers: that the message is kept, and what to do in danger.

Looks for messages that have waited too long. Emergencies are recognised here without any model.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from anyio.to_thread import run_sync

from app.bus import SEND, Hub
from casework.conversations import clock_back, outbox
from casework.conversations.model import Conversation, Reply
from casework.house import House
from casework.storage.work import Store, Work
from understanding.emergency import detect_emergency
from understanding.language import guess_language

logger = logging.getLogger(__name__)

#: A message that waited this long is answered by the standby. An engine needs some 20 ms.
PATIENCE = timedelta(seconds=10)
#: How often it looks, in seconds.
PERIOD_S = 2.0


class Standby:
    """Runs until cancelled. Says its word once for each spell without an engine and conversation."""

    def __init__(self, store: Store, hub: Hub, *, house: House, clock: Callable[[], datetime]) -> None:
        self._store, self._hub, self._house, self._clock = store, hub, house, clock

    async def run(self) -> None:
        while True:
            await asyncio.sleep(PERIOD_S)
            try:
                if await run_sync(self.look):
                    await self._hub.publish(SEND)
            except Exception:  # its door: the look is repeated
                logger.exception("standby.round_failed")

    def look(self) -> int:
        """Tell who waits too long. Gives how many were told."""
        now = self._clock()
        with self._store.reading() as work:
            is_set_back = clock_back.is_noticed(work, now=now)
            late = work.conversations.ready_before(now - PATIENCE, limit=50)
        if is_set_back:
            with self._store.writing() as work:
                logger.warning("clock.set_back: %s brought back", clock_back.mend(work, now=now))
        if not late:
            return 0
        told = 0
        for conversation in late:
            with self._store.writing() as work:
                told += self._tell(work, work.conversations.get(conversation.id, lock=True), now)
        return told

    def _tell(self, work: Work, conversation: Conversation, now: datetime) -> int:
        waiting = work.messages.waiting(conversation.id)
        last = work.messages.last_outbound(conversation.id)
        if not waiting or (last is not None and last.seq > waiting[0].seq):
            return 0
        text = "\n".join(message.text for message in waiting)
        guess = guess_language(text)
        language = guess.language if guess.certain else conversation.language or self._house.languages[0]
        words = [self._house.word("kept_engine_away", language)]
        found = detect_emergency(text)
        if found is not None and found.level == "P0":
            words.insert(0, self._house.word("danger_engine_away", language).format(**self._house.numbers))
        outbox.post_system(work, conversation, Reply("\n".join(words)), now=now, reply_to_id=waiting[-1].id)
        logger.warning("standby.told: conversation=%s", conversation.id)
        return 1
