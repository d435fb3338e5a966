"""The call after a low rating: who makes it, until when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from casework.staff.directory import Directory
from casework.staff.telling import caller
from casework.storage.work import Work
from casework.tickets import clocks
from casework.tickets.calendar import WorkingCalendar
from casework.tickets.model import Ticket
from casework.tickets.steps import DECISIONS


def add_call(
    work: Work, ticket: Ticket, *, level: int, text: str, now: datetime, calendar: WorkingCalendar
) -> None:
    """A task for the lead, or a supervisor, who did not decide this case; nobody's where there is no other."""
    amount, unit = clocks.FOLLOW_UP
    deciders = frozenset(work.tickets.happened(ticket.id, DECISIONS))
    data: dict[str, Any] = {"level": level, **({"text": text} if text else {})}
    work.clocks.add_task(
        ticket_id=ticket.id,
        cycle=ticket.cycle,
        kind="follow_up",
        department=ticket.department,
        assignee=caller(Directory(work, now=now, calendar=calendar), ticket, barred=deciders) or None,
        created_at=now,
        due_at=calendar.due(now, amount=amount, unit=unit).at,
        data=data,
    )
