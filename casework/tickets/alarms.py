"""Somebody in danger, as staff see it: the complaint that is being told is marked P0 at once, long before it is filed.

The bot goes on talking; the mark is what a desk lists first. It outlives a complaint that is dropped: its words go,
the alarm stays until somebody of staff has looked.
"""

from __future__ import annotations

from datetime import datetime

from casework.storage.work import Work
from casework.tickets.model import Ticket
from casework.tickets.states import Role, State

RAISED, SEEN = "alarm", "alarm_seen"
LEVEL = "P0"


def raise_alarm(work: Work, draft: Ticket, *, code: str, now: datetime) -> Ticket:
    """Mark the complaint that is being told. ``code``: the danger, as ``live_wire``."""
    work.tickets.add_event(draft, action=RAISED, actor=Role.BOT.value, now=now, data={"trigger": code})
    return work.tickets.change(draft, now=now, priority=LEVEL)


def open_alarms(work: Work, *, limit: int = 100) -> list[Ticket]:
    """Complaints, filed or not, with an alarm that nobody of staff has looked at; the oldest first."""
    return work.tickets.alarmed(raised=RAISED, seen=SEEN, limit=limit)


def alarm_seen(work: Work, ticket: Ticket, *, name: str, now: datetime) -> None:
    """A member of staff has looked and sees to it."""
    work.tickets.add_event(ticket, action=SEEN, actor=Role.AGENT.value, actor_name=name, now=now)


def drop_draft(work: Work, draft: Ticket, *, now: datetime) -> None:
    """Forget a complaint that was never filed; of one with an alarm only the words."""
    if draft.priority == LEVEL:
        work.tickets.change(draft, now=now, state=State.WITHDRAWN, intake=None)
    else:
        work.tickets.drop_draft(draft.id)
