"""The clock was set back: what was to happen soon would happen late, by as much. Nothing is lost; people would wait."""

from __future__ import annotations

from datetime import datetime, timedelta

from casework.conversations.outbox import SEND_LEASE
from casework.conversations.turns import TURN_LEASE
from casework.storage.work import Work

#: No turn, lease or first attempt is set further ahead than this.
AHEAD = timedelta(minutes=2)


def is_noticed(work: Work, *, now: datetime) -> bool:
    """Whether anything is set further ahead than it can have been by the clock as it is now."""
    return work.conversations.is_beyond(now + AHEAD) or work.sending.is_beyond(now + AHEAD)


def mend(work: Work, *, now: datetime) -> int:
    """Have it happen now. Leases end in their ordinary time, as their holders may live. Gives how much was mended."""
    turns = work.conversations.bring_back(now + AHEAD, now=now, until=now + TURN_LEASE)
    return turns + work.sending.bring_back(now + AHEAD, now=now, until=now + SEND_LEASE)
