"""A question that nobody could answer at once, kept as a ticket of its own so that staff answer it."""

from __future__ import annotations

from datetime import datetime

from casework.packs.model import Span
from casework.staff import routing
from casework.staff.organising import ENQUIRIES
from casework.storage.work import Work
from casework.tickets import clocks
from casework.tickets.calendar import WorkingCalendar
from casework.tickets.filing import new_number
from casework.tickets.model import Intake, Promise, Ticket
from casework.tickets.states import Role, State, next_step

#: By when a recorded question is answered. Source: product default.
ANSWERED_WITHIN = Span(5, "working_days")
#: What a ticket of this kind is, beside complaint and report.
NATURE = "enquiry"


def record_question(
    work: Work,
    *,
    conversation_id: int,
    complainant_id: int,
    question: str,
    language: str,
    calendar: WorkingCalendar,
    now: datetime,
) -> Ticket:
    """File ``question``, to be answered in the chat it came from."""
    department = routing.place(work, None, {}, default=ENQUIRIES.code).department
    draft = work.tickets.add_draft(
        conversation_id=conversation_id,
        complainant_id=complainant_id,
        language=language,
        intake=Intake(description=(question,)),
        now=now,
    )
    submitted = next_step(State.DRAFT, "submit", role=Role.BOT, facts=draft.facts(now=now)).to
    triage = next_step(submitted, "acknowledge", role=Role.BOT, facts=draft.facts(now=now)).to
    due = calendar.due(now, amount=ANSWERED_WITHIN.amount, unit=ANSWERED_WITHIN.unit)
    named = (work.staff.department(department) or ENQUIRIES).name.in_(language)
    promise = Promise(named, due.at, due.at, (), due.estimated)
    number = new_number(now, zone=calendar.zone)
    while work.tickets.number_taken(number):
        number = new_number(now, zone=calendar.zone)
    ticket = work.tickets.change(
        draft,
        now=now,
        number=number,
        state=triage,
        department=department,
        nature=NATURE,
        anonymous=False,
        severity=1,
        priority="P4",
        score={},
        description=question,
        promise=promise,
        intake=None,
        submitted_at=now,
    )
    span = (ANSWERED_WITHIN.amount, ANSWERED_WITHIN.unit)
    clocks.start(work, ticket, "resolution", span, calendar=calendar, now=now)
    for action, actor, before, after in (
        ("submit", Role.COMPLAINANT, State.DRAFT, submitted),
        ("acknowledge", Role.BOT, submitted, triage),
    ):
        work.tickets.add_event(
            ticket, action=action, actor=actor.value, now=now, from_state=before, to_state=after
        )
    return ticket
