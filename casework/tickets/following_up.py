"""The call after a low rating: who makes it, until when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from casework.staff.directory import Directory
from casework.staff.telling import caller
from casework.storage.work import Work
from casework.tickets import clocks
from casework.tickets.calendar import WorkingCalendar
from casework.tickets.model import Ticket
from casework.tickets.steps import DECISIONS


def add_call(
    work: Work, ticket: Ticket, *, about: Mapping[str, object], now: datetime, calendar: WorkingCalendar
) -> None:
    """A task for the lead, or a supervisor, who did not decide this case; nobody's where there is no other. One a round
    of handling. ``about``: what the person said of it."""
    if any(task.cycle == ticket.cycle for task in work.clocks.tasks(ticket.id, kind="follow_up")):
        return
    amount, unit = clocks.FOLLOW_UP
    deciders = frozenset(work.tickets.happened(ticket.id, DECISIONS))
    work.clocks.add_task(
        ticket_id=ticket.id,
        cycle=ticket.cycle,
        kind="follow_up",
        department=ticket.department,
        assignee=caller(Directory(work, now=now, calendar=calendar), ticket, barred=deciders) or None,
        created_at=now,
        due_at=calendar.due(now, amount=amount, unit=unit).at,
        data=dict(about),
    )
