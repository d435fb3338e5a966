"""What silence does: a question that nobody answered, a result and a refusal that nobody contested."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from casework.storage.work import Work
from casework.tickets.calendar import WorkingCalendar
from casework.tickets.model import Actor, Ticket
from casework.tickets.states import Role, State
from casework.tickets.steps import take

_SYSTEM = Actor(Role.SYSTEM)
#: The step that ends a state. Source: handling model, section 2.
_ENDS: Mapping[State, str] = {
    State.WAITING_COMPLAINANT: "resolve_no_information",
    State.RESOLVED: "auto_close",
    State.REJECTED: "auto_close",
}


def end_silence(work: Work, now: datetime, *, calendar: WorkingCalendar, limit: int = 100) -> list[Ticket]:
    """Take the step for tickets whose time is over. Silence is never counted as content."""
    ended = []
    for ticket in work.tickets.to_wake(now, limit=limit):
        action = _ENDS[ticket.state]
        values = {"resolved_at": now} if ticket.state is State.WAITING_COMPLAINANT else {"closed_at": now}
        data = {"silence": True}
        ended.append(take(work, ticket, action, by=_SYSTEM, now=now, calendar=calendar, data=data, **values))
    return ended
