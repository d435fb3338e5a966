"""Canned replies filled in for a case. What has no value there stays in braces, and braces are never sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from casework.canned.model import VARIABLES
from casework.house import House
from casework.storage.work import Work
from casework.tickets.filing import format_moment
from casework.tickets.model import Ticket

_BRACES = re.compile(r"\{([^{}]*)\}")


def values_for(
    work: Work, house: House, ticket: Ticket | None, *, staff: str, language: str, now: datetime
) -> dict[str, str]:
    """Each variable that has a value, in the complainant's language. ``staff``: the name of who writes."""
    found = {"staff": staff, "organisation": house.organisation, "hours": house.office.hours}
    if ticket is not None:
        found["category"] = house.packs.label(ticket.category, language) if ticket.category else ""
        department = work.staff.department(ticket.department) if ticket.department else None
        found["department"] = department.name.in_(language) if department else ""
        found["number"] = ticket.number or ""
        if ticket.number:
            found["state"] = house.states[ticket.state.value].in_(language)
            found["due"] = _due(work, house, ticket, language, now)
    return {name: value for name, value in found.items() if value}


def _due(work: Work, house: House, ticket: Ticket, language: str, now: datetime) -> str:
    """When the answer is due; empty while that clock rests, is over or run out: no date can be named then."""
    for clock in work.clocks.of(ticket.id):
        if clock.kind != "resolution" or clock.cycle != ticket.cycle or clock.over or clock.paused_at:
            continue
        if clock.due_at > now:
            return format_moment(clock.due_at, zone=house.zone, language=language)
    return ""


def filled(text: str, values: Mapping[str, str]) -> str:
    """``text`` with every variable that has a value; the others stay as they are."""
    return _BRACES.sub(lambda match: values.get(match[1].strip(), match[0]), text)


def gaps(text: str) -> tuple[str, ...]:
    """Variables that are still in ``text``, each once; an empty pair of braces is an empty name."""
    names = (match[1].strip() for match in _BRACES.finditer(text))
    return tuple(dict.fromkeys(name for name in names if not name or name in VARIABLES))


def unknown(text: str) -> tuple[str, ...]:
    """What stands in braces and is no variable, also a brace without its other half."""
    left = _BRACES.sub("", text)
    strays = [brace for brace in "{}" if brace in left]
    names = (match[1].strip() for match in _BRACES.finditer(text))
    return (*dict.fromkeys(f"{{{name}}}" for name in names if name not in VARIABLES), *strays)
