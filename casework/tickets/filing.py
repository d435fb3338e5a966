"""From a confirmed draft to a ticket with a number, a department and a promise that can be kept."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from casework.packs import Category, Packs, SlaProfile
from casework.storage.work import Work
from casework.tickets.calendar import Due, WorkingCalendar
from casework.tickets.model import Intake, Promise, Ticket
from casework.tickets.priority import EMOTION_SCALE, Inputs, score
from casework.tickets.states import Role, State, next_step
from casework.words.people import Person

_WEEKDAYS_ZH = "一二三四五六日"


def new_number(
    now: datetime, *, zone: str, digits: Callable[[], int] = lambda: secrets.randbelow(10**6)
) -> str:
    """A public number such as ``TS261121-482913``: the local date and six random digits, easy to dictate."""
    return f"TS{now.astimezone(ZoneInfo(zone)):%y%m%d}-{digits():06d}"


def format_moment(moment: datetime, *, zone: str, language: str) -> str:
    """A date and time people can put into a calendar: ``11月26日(周四)18:00`` / ``Thu 26 Nov, 18:00``."""
    local = moment.astimezone(ZoneInfo(zone))
    if language == "zh":
        return f"{local.month}月{local.day}日(周{_WEEKDAYS_ZH[local.weekday()]}){local:%H:%M}"
    return f"{local:%a} {local.day} {local:%b}, {local:%H:%M}"


def urgent_profile(category: Category, packs: Packs) -> SlaProfile:
    """The category's own steps under the clock of danger, as the same pack sets it for its P0 categories."""
    urgent = next(
        (
            c.sla
            for code in packs.codes
            if (c := packs.category(code)).pack == category.pack and c.sla.code == "P0"
        ),
        None,
    )
    if urgent is None or category.sla.code == "P0":
        return category.sla
    return replace(category.sla, first_response=urgent.first_response, resolution=urgent.resolution)


def make_promise(
    category: Category,
    *,
    now: datetime,
    calendar: WorkingCalendar,
    language: str,
    profile: SlaProfile | None = None,
) -> tuple[Promise, Due, Due]:
    """The promise of a category's SLA profile (or of ``profile``), started now; with both due times."""
    profile = profile or category.sla
    first = calendar.due(now, amount=profile.first_response.amount, unit=profile.first_response.unit)
    due = calendar.due(now, amount=profile.resolution.amount, unit=profile.resolution.unit)
    department = category.department.name.in_(language)
    words = {
        "department": department,
        "first": format_moment(first.at, zone=calendar.zone, language=language),
        "due": format_moment(due.at, zone=calendar.zone, language=language),
    }
    steps = tuple(step.in_(language).format(**words) for step in profile.steps)
    return Promise(department, first.at, due.at, steps, first.estimated or due.estimated), first, due


@dataclass(frozen=True)
class Filing:
    """What the house needs to know to file. ``packs`` give the clock of danger; ``repeat``: how much the case
    repeats earlier ones, 0 to 5; ``person``: which kind of person speaks, and the words that show it."""

    calendar: WorkingCalendar
    packs: Packs | None = None
    actor: Role = Role.BOT
    repeat: int = 0
    person: Person | None = None


def file_ticket(work: Work, draft: Ticket, category: Category, *, filing: Filing, now: datetime) -> Ticket:
    """Turn a draft into a ticket. Filing the same draft twice gives the ticket of the first time."""
    current = work.tickets.get(draft.id)
    if current.state is not State.DRAFT or current.intake is None:
        return current
    intake = current.intake
    submitted = next_step(State.DRAFT, "submit", role=filing.actor, facts=current.facts(now=now)).to
    triage = next_step(submitted, "acknowledge", role=Role.BOT, facts=current.facts(now=now)).to
    severity, rating = _rate(intake, category, filing)
    danger = rating["level"] == "P0" and filing.packs is not None
    promise, first, due = make_promise(
        category,
        now=now,
        calendar=filing.calendar,
        language=current.language,
        profile=urgent_profile(category, filing.packs) if danger and filing.packs else None,
    )
    number = new_number(now, zone=filing.calendar.zone)
    while work.tickets.number_taken(number):
        number = new_number(now, zone=filing.calendar.zone)
    ticket = work.tickets.change(
        current,
        now=now,
        number=number,
        state=triage,
        pack=category.pack,
        category=category.code,
        department=category.department.key,
        nature=category.nature,
        anonymous=intake.anonymous,
        severity=severity,
        priority=rating["level"],
        score=rating,
        description="\n".join(intake.description),
        details=dict(intake.details),
        promise=promise,
        intake=None,
        submitted_at=now,
    )
    work.tickets.attach_media(ticket.id, intake.message_ids)
    work.tickets.add_clock(
        ticket, kind="first_contact", started_at=now, due_at=first.at, estimated=first.estimated
    )
    work.tickets.add_clock(ticket, kind="resolution", started_at=now, due_at=due.at, estimated=due.estimated)
    work.tickets.add_event(
        ticket,
        action="submit",
        actor=Role.COMPLAINANT.value,
        now=now,
        from_state=State.DRAFT,
        to_state=submitted,
        data={"promise": promise.as_json()},
    )
    work.tickets.add_event(
        ticket, action="acknowledge", actor=Role.BOT.value, now=now, from_state=submitted, to_state=triage
    )
    return ticket


def _rate(intake: Intake, category: Category, filing: Filing) -> tuple[int, Mapping[str, Any]]:
    person = filing.person
    strongest = max((intensity for _, intensity in intake.emotions), default=0)
    inputs = Inputs(
        severity=category.severity,
        urgency=5 if intake.emergency_level == "P0" else _urgency(intake),
        repeat=filing.repeat,
        emotion=EMOTION_SCALE[strongest],
    )
    trigger: Any = intake.emergency_level or None
    rated = score(inputs, trigger=trigger)
    return category.severity, {
        "points": rated.points,
        "level": rated.level,
        "inputs": {
            "severity": inputs.severity,
            "urgency": inputs.urgency,
            "vulnerability": inputs.vulnerability,
            "repeat": inputs.repeat,
            "emotion": inputs.emotion,
        },
        "trigger": intake.emergency,
        **({"person": {"kind": person.kind, "reasons": list(person.reasons)}} if person else {}),
    }


def _urgency(intake: Intake) -> int:
    """3 when it is still going on, by the person's own words about the time; else 0. Source: handbook, section 4."""
    ongoing = any(
        isinstance(detail.value, Mapping) and detail.value.get("ongoing")
        for detail in intake.details.values()
    )
    return 3 if ongoing else 0
