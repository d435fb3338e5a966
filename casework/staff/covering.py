"""Cases of people who are away or have left: given to who stands in, or back to the lead's list."""

from __future__ import annotations

from datetime import datetime

from casework.staff.directory import Directory
from casework.storage.work import Work
from casework.tickets.calendar import WorkingCalendar
from casework.tickets.model import Actor, Ticket
from casework.tickets.states import Role
from casework.tickets.steps import closers_of, take

_SYSTEM = Actor(Role.SYSTEM)


def cover(work: Work, now: datetime, *, calendar: WorkingCalendar, limit: int = 100) -> list[Ticket]:
    """Move the cases that cannot wait: of somebody away those with a clock that runs out before they are back, of
    somebody who left all. Who decided an earlier round does not get one."""
    directory = Directory(work, now=now, calendar=calendar)
    moved = []
    for ticket_id in work.staff.uncovered(now, limit=limit):
        ticket = work.tickets.get(ticket_id)
        away = directory.away.get(ticket.handler)
        heir = directory.stand_in(ticket.handler) if away else ""
        if heir in closers_of(work, ticket):
            heir = ""
        data = {"was": ticket.handler, "handler": heir, "reason": "absent" if away else "left"}
        moved.append(
            take(
                work,
                ticket,
                "reassign",
                by=_SYSTEM,
                now=now,
                calendar=calendar,
                data=data,
                handler=heir or None,
            )
        )
        if heir:
            work.staff.given(heir, now=now)
    return moved
