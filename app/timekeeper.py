"""Gives the alarms of clocks that run out, ends what silence ends, moves the cases of people who are away."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from anyio.to_thread import run_sync

from casework.house import House
from casework.staff.covering import cover
from casework.storage.work import Store
from casework.tickets.alarms import scan
from casework.tickets.silence import end_silence

logger = logging.getLogger(__name__)

#: How often it looks, in seconds. The shortest clock has five minutes.
PERIOD_S = 15.0
#: Clocks and tickets of one transaction: as long as it runs, nobody else writes to these clocks.
BATCH = 25


class Timekeeper:
    """Runs until cancelled. Any number may run: a unique row makes each alarm one."""

    def __init__(self, store: Store, *, house: House, clock: Callable[[], datetime]) -> None:
        self._store, self._house, self._clock = store, house, clock

    async def run(self) -> None:
        while True:
            try:
                while await run_sync(self.look):
                    pass
            except Exception:  # its door: the look is repeated
                logger.exception("timekeeper.round_failed")
            await asyncio.sleep(PERIOD_S)

    def look(self) -> int:
        """One batch. Gives how many alarms were given, tickets ended and moved; 0 when there is no more to do."""
        now, calendar = self._clock(), self._house.calendar
        with self._store.writing() as work:
            given = scan(work, now, calendar=calendar, limit=BATCH)
        for alarm in given:
            logger.warning(
                "clock.alarm: ticket=%s clock=%s level=%s told=%s",
                alarm.ticket.id,
                alarm.kind,
                alarm.level,
                ",".join(role for role, _ in alarm.told),
            )
        with self._store.writing() as work:
            ended = end_silence(work, now, calendar=calendar, limit=BATCH)
        with self._store.writing() as work:
            moved = cover(work, now, calendar=calendar, limit=BATCH)
        return len(given) + len(ended) + len(moved)
