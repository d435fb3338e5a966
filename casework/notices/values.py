"""What a notice can name, read from the case at the moment it goes out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from casework.house import House
from casework.staff.routing import name_of
from casework.storage.work import Work
from casework.tickets.filing import format_moment
from casework.tickets.model import Clock, Ticket, TicketEvent
from casework.tickets.states import APPEAL_WINDOW, REOPEN_WINDOW, RESTORE_WINDOW, State

#: Characters of what the person told that name their case.
_SUMMARY = {"zh": 16, "en": 40}
#: Names staff give a value by, where the notice has another one.
_GIVEN = {"outside": ("outside", "outside_remedy")}
_WORDS = (
    "question",
    "why",
    "reason",
    "done",
    "todo",
    "finding",
    "remedy",
    "remedy_date",
    "basis",
    "to",
    "outside",
)


def values_of(
    work: Work, ticket: Ticket, about: Ticket, event: TicketEvent | None, *, house: House, language: str
) -> dict[str, str]:
    """Everything that is known, nothing empty. ``ticket``: of the person who is told; ``about``: the case."""
    clocks = {clock.kind: clock for clock in work.clocks.of(about.id, cycle=about.cycle) if not clock.over}
    data = event.data if event is not None else {}
    values = {
        "number": ticket.number,
        "organisation": house.organisation,
        "summary": _short(ticket.description, _SUMMARY["zh" if language == "zh" else "en"]),
        "department": _department(work, about, house, language),
        "state": house.states[about.state.value].in_(language) if about.state.value in house.states else "",
        "cycle": str(about.cycle),
        **_given(data, house=house, language=language),
        **_dates(work, ticket, about, clocks, data, house=house, language=language),
    }
    return {name: value for name, value in values.items() if value}


def _dates(
    work: Work,
    ticket: Ticket,
    about: Ticket,
    clocks: Mapping[str, Clock],
    data: Mapping[str, Any],
    *,
    house: House,
    language: str,
) -> dict[str, str]:
    resolution, first = clocks.get("resolution"), clocks.get("first_contact")
    moments = {
        "due": resolution.due_at if resolution is not None and resolution.paused_at is None else None,
        "first": first.due_at if first is not None else None,
        "was_due": _was_due(data, resolution),
        "date": about.wake_at if about.state is State.WAITING_COMPLAINANT else None,
        "until": _contestable_until(work, about) if ticket.id == about.id else None,
        "closed": about.changed_at if about.state is State.CLOSED else None,
        "withdrawn": about.changed_at if about.state is State.WITHDRAWN else None,
        "restorable": about.changed_at + RESTORE_WINDOW if about.state is State.WITHDRAWN else None,
    }
    return {
        name: format_moment(moment, zone=house.zone, language=language)
        for name, moment in moments.items()
        if moment is not None
    }


def _was_due(data: Mapping[str, Any], resolution: Clock | None) -> datetime | None:
    """The day that was promised before: from the change itself, or what was missed."""
    moved = data.get("resolution") if isinstance(data.get("resolution"), Mapping) else data
    if isinstance(moved, Mapping) and moved.get("due_from"):
        return datetime.fromisoformat(str(moved["due_from"]))
    return resolution.due_at if resolution is not None else None


def _contestable_until(work: Work, about: Ticket) -> datetime | None:
    """Until when the person can object to the result, or once to a refusal."""
    if about.state is State.REJECTED and work.tickets.happened(about.id, ("appeal",)):
        return None
    windows: Mapping[State, tuple[datetime | None, timedelta]] = {
        State.REJECTED: (about.changed_at, APPEAL_WINDOW),
        State.RESOLVED: (about.resolved_at, REOPEN_WINDOW),
        State.FOLLOWUP: (about.resolved_at, REOPEN_WINDOW),
        State.CLOSED: (about.resolved_at, REOPEN_WINDOW),
    }
    since, window = windows.get(about.state, (None, timedelta()))
    return since + window if since is not None else None


def _given(data: Mapping[str, Any], *, house: House, language: str) -> dict[str, str]:
    """What staff wrote with the step, in their words."""
    found = {}
    for name in _WORDS:
        given = next((data[key] for key in _GIVEN.get(name, (name,)) if data.get(key)), "")
        text = " ".join(str(given).split())
        found[name] = text if name == "question" else text.rstrip("。．.;；,， ")
    if found["remedy_date"]:
        found["remedy_date"] = _moment_or_words(found["remedy_date"], house=house, language=language)
    return found


def _moment_or_words(text: str, *, house: House, language: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return format_moment(moment, zone=house.zone, language=language) if moment.tzinfo else text


def _department(work: Work, about: Ticket, house: House, language: str) -> str:
    category = house.packs.category(about.category) if about.category in house.packs else None
    return name_of(work, about.department, language, category=category)


def _short(text: str, limit: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip(" ，,。.") + "…"
