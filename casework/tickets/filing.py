"""From a confirmed draft to a ticket with a number, a department and a promise that can be kept."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from casework.packs import Category, Packs, SlaProfile
from casework.staff import routing
from casework.storage.work import Work
from casework.tickets import clocks, clusters, repeats, signs
from casework.tickets.calendar import WorkingCalendar
from casework.tickets.clusters import ClusterRule
from casework.tickets.marks import contact_marks, marks
from casework.tickets.model import Intake, Promise, Ticket
from casework.tickets.priority import EMOTION_SCALE, MODIFIERS, Inputs, as_json, score
from casework.tickets.states import Role, State, next_step
from casework.words.people import Person

#: A due time set by a rule that is nearer than this weighs. Source: handbook, section 4.
_SOON = timedelta(hours=24)
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
    department: str,
    profile: SlaProfile | None = None,
) -> Promise:
    """The promise of a category's SLA profile (or of ``profile``), started now, by the ``department`` of that
    name."""
    profile = profile or category.sla
    first = calendar.due(now, amount=profile.first_response.amount, unit=profile.first_response.unit)
    due = calendar.due(now, amount=profile.resolution.amount, unit=profile.resolution.unit)
    words = {
        "department": department,
        "first": format_moment(first.at, zone=calendar.zone, language=language),
        "due": format_moment(due.at, zone=calendar.zone, language=language),
    }
    steps = tuple(step.in_(language).format(**words) for step in profile.steps)
    return Promise(department, first.at, due.at, steps, first.estimated or due.estimated)


@dataclass(frozen=True)
class Filing:
    """What the house needs to know to file. ``packs`` give the clock of danger; ``person``: which kind of person
    speaks, and the words that show it; ``clusters``: when people who tell of one thing are handled together."""

    calendar: WorkingCalendar
    packs: Packs | None = None
    actor: Role = Role.BOT
    person: Person | None = None
    clusters: ClusterRule = field(default_factory=ClusterRule)


def file_ticket(work: Work, draft: Ticket, category: Category, *, filing: Filing, now: datetime) -> Ticket:
    """Turn a draft into a ticket, with what it repeats and what cluster it is of. Filing the same draft twice gives
    the ticket of the first time."""
    current = work.tickets.get(draft.id)
    if current.state is not State.DRAFT or current.intake is None:
        return current
    intake = current.intake
    submitted = next_step(State.DRAFT, "submit", role=filing.actor, facts=current.facts(now=now)).to
    triage = next_step(submitted, "acknowledge", role=Role.BOT, facts=current.facts(now=now)).to
    profile = category.sla
    if intake.emergency_level == "P0" and filing.packs is not None:
        profile = urgent_profile(category, filing.packs)
    placed = routing.place(work, category, intake.details, default=category.department.key)
    promise = make_promise(
        category,
        now=now,
        calendar=filing.calendar,
        language=current.language,
        department=routing.name_of(work, placed.department, current.language, category=category),
        profile=profile,
    )
    due_in = promise.resolution_at - now
    named = marks(category, intake.details)
    told = repeats.Told("\n".join(intake.description), [(category.code, 1.0)])
    counted = clusters.counted(named, filing.clusters)
    work.matching.alone(counted)
    alike = repeats.alike(work, named, now=now)
    earlier = repeats.find(work, current, told, alike, now=now)
    gathered = clusters.gather(
        work,
        counted,
        alike,
        complainant_id=current.complainant_id,
        rule=filing.clusters,
        now=now,
    )
    rating = _rate(
        intake,
        category,
        filing.person,
        repeat=earlier.input,
        modifiers={"several": gathered is not None, "due_soon": profile.mark != "D" and due_in < _SOON},
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
        department=placed.department,
        nature=category.nature,
        anonymous=intake.anonymous,
        severity=category.severity,
        priority=rating["level"],
        score=rating,
        description="\n".join(intake.description),
        details=dict(intake.details),
        promise=promise,
        intake=None,
        submitted_at=now,
    )
    work.tickets.attach_media(ticket.id, intake.message_ids)
    clocks.start_round(work, ticket, profile, calendar=filing.calendar, now=now)
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
        ticket,
        action="acknowledge",
        actor=Role.BOT.value,
        now=now,
        from_state=submitted,
        to_state=triage,
        data=placed.as_json() if placed.route else None,
    )
    work.matching.add_marks(ticket.id, [*named, *contact_marks(intake.details)], at=now)
    repeats.link(work, ticket, earlier, now=now)
    if gathered is not None:
        clusters.enter(work, ticket, gathered, now=now)
    return ticket


def _rate(
    intake: Intake,
    category: Category,
    person: Person | None,
    *,
    repeat: int,
    modifiers: Mapping[str, bool],
) -> Mapping[str, Any]:
    """The score with its inputs and the words they came from."""
    text = "\n".join(intake.description)
    label, strongest = max(intake.emotions, key=lambda told: told[1], default=("", 0))
    vulnerable = signs.vulnerability(text)
    urgent = _urgency(intake, text)
    holding = [name for name, holds in modifiers.items() if holds]
    if person is not None and person.kind == "I":
        holding.insert(0, "public")
    inputs = Inputs(
        severity=category.severity,
        urgency=urgent.value,
        vulnerability=vulnerable.value,
        repeat=repeat,
        emotion=EMOTION_SCALE[strongest],
        modifiers=sum(MODIFIERS[name] for name in holding),
    )
    trigger: Any = intake.emergency_level or None
    words = {
        "severity": category.code,
        "urgency": urgent.words,
        "vulnerability": vulnerable.words,
        "emotion": f"{label} {strongest}" if strongest else "",
        "modifiers": ", ".join(holding),
    }
    return {
        **as_json(inputs, score(inputs, trigger=trigger)),
        "words": {name: said for name, said in words.items() if said},
        "trigger": intake.emergency,
        "trigger_level": trigger,
        **({"person": {"kind": person.kind, "reasons": list(person.reasons)}} if person else {}),
    }


def _urgency(intake: Intake, text: str) -> signs.Sign:
    """5 in danger, else by the words; 3 when it is still going on. Source: handbook, section 4."""
    if intake.emergency_level == "P0":
        return signs.Sign(5, intake.emergency)
    said = signs.urgency(text)
    ongoing = next(
        (d.text for d in intake.details.values() if isinstance(d.value, Mapping) and d.value.get("ongoing")),
        None,
    )
    return signs.Sign(3, ongoing) if ongoing is not None and said.value < 3 else said
