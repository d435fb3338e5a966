"""Who can be given something, as a choice on a form: those with least to do first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from casework.staff import routing
from casework.staff.model import HANDLING_ROLES, HOUSE
from casework.storage.work import Work
from desk.visits import Visit


@dataclass(frozen=True)
class Colleague:
    """``load``: weight of the open cases. ``departments``: where they handle cases; the whole house is an empty
    name."""

    login: str
    name: str
    load: int
    away: bool
    departments: frozenset[str]


def colleagues(work: Work, visit: Visit, departments: Collection[str] | None) -> list[Colleague]:
    """Who may handle cases of these departments (``None``: of any), those who are away last."""
    places = None if departments is None else (HOUSE, *departments)
    members = work.staff.members(departments_in=places)
    held = work.staff.open_cases([member.login for member in members])
    away = {absence.login for absence in work.staff.absences(at=visit.now)}
    found = []
    for member in members:
        handles = frozenset(
            place for place, roles in member.roles.items() if not roles.isdisjoint(HANDLING_ROLES)
        )
        if handles if places is None else handles.intersection(places):
            load = routing.load(held[member.login])
            found.append(Colleague(member.login, member.name, load, member.login in away, handles))
    return sorted(found, key=lambda colleague: (colleague.away, colleague.load, colleague.name))
