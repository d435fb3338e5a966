"""Changing who there is: members, departments, absences, the routing table. Who may, and what is refused.

Every function raises NotAllowed for a role that may not, and StaffError, naming the cure, for what cannot be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from casework.packs import Packs
from casework.staff.model import (
    DEPARTMENT_ROLES,
    HOUSE,
    STAFF_ROLES,
    Absence,
    Department,
    Member,
    Route,
    within,
)
from casework.storage.work import Work
from casework.text import Reason, Text
from casework.tickets.model import Actor
from casework.tickets.states import Role

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}$")
_CODE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}$")


class StaffError(ValueError):
    """What was asked for cannot be; ``reason`` says why and what to do."""

    def __init__(self, code: str, words: str, /, **values: object) -> None:
        self.reason = Reason(f"staff_{code}", words, **values)
        super().__init__(self.reason)


class NotAllowed(Exception):
    """The role of who acts may not do this; the message names the roles that may."""


def _only(by: Actor, *roles: Role) -> None:
    if by.role not in roles:
        may = ", ".join(role.value for role in roles)
        raise NotAllowed(f"not for the role {by.role.value!r}: this is done by {may}")


# -- departments ------------------------------------------------------------------------------------------------


#: Who answers questions that nobody could answer at once, until a route for everything says otherwise.
ENQUIRIES = Department("enquiries", Text("咨询受理岗", "Enquiry desk"))


def seed_departments(work: Work, packs: Packs) -> None:
    """Have the departments of the packs in use, and one for questions. What the organisation has made of them stays."""
    found = {ENQUIRIES.code: ENQUIRIES}
    for code in packs.codes:
        department = packs.category(code).department
        found.setdefault(department.key, Department(department.key, department.name))
    work.staff.seed_departments(found.values())


def set_department(work: Work, department: Department, *, by: Actor) -> Department:
    """Write a department, new or known."""
    _only(by, Role.ADMINISTRATOR)
    if not _CODE.match(department.code):
        words = "code {code!r}: small letters, digits, dots and dashes, such as roads.north"
        raise StaffError("code", words, code=department.code)
    if not department.name.zh or not department.name.en:
        words = "{code}: a new department needs a name in Chinese and in English"
        raise StaffError("names", words, code=department.code)
    known = {d.code: d for d in work.staff.departments(active=None)}
    above = department.parent
    while above:
        if above == department.code:
            words = "{code} would stand above itself; choose another parent"
            raise StaffError("above_itself", words, code=department.code)
        if above not in known:
            words = "parent: there is no department {code}; see: tingsu departments list"
            raise StaffError("no_department", words, code=above)
        above = known[above].parent
    for login in department.rota.order if department.rota else ():
        _active(work, login)
    work.staff.save_department(department)
    return department


def _known_department(work: Work, code: str) -> Department:
    department = work.staff.department(code)
    if department is None or not department.active:
        words = "there is no department {code}; see: tingsu departments list"
        raise StaffError("no_department", words, code=code)
    return department


# -- members ----------------------------------------------------------------------------------------------------


def add_member(work: Work, member: Member, *, by: Actor, now: datetime) -> Member:
    """The first member has to be an administrator, and may be added by anybody."""
    if work.staff.any_members():
        _only(by, Role.ADMINISTRATOR)
    elif not member.has(Role.ADMINISTRATOR):
        words = "the first member of staff is the administrator: give the role admin"
        raise StaffError("first_admin", words)
    if not _LOGIN.match(member.login):
        words = "login {login!r}: small letters, digits, dots and dashes, such as li.wei; it never changes"
        raise StaffError("login", words, login=member.login)
    if work.staff.member(member.login) is not None:
        words = "{login} is there already; change them with: tingsu staff set {login}"
        raise StaffError("login_taken", words, login=member.login)
    _check(work, member)
    return work.staff.add_member(member, now=now)


def change_member(work: Work, login: str, changes: Mapping[str, Any], *, by: Actor) -> Member:
    """``changes``: fields of :class:`Member`. Other roles, or leaving, end every session at the desk."""
    _only(by, Role.ADMINISTRATOR)
    before = known_member(work, login)
    changed = replace(before, **changes)
    _check(work, changed)
    was_admin = before.active and before.has(Role.ADMINISTRATOR)
    if was_admin and not (changed.active and changed.has(Role.ADMINISTRATOR)):
        others = work.staff.members(role=Role.ADMINISTRATOR, limit=2)
        if len(others) < 2:
            words = "{login} is the last administrator; name another one first"
            raise StaffError("last_admin", words, login=login)
    if (changed.roles, changed.active) != (before.roles, before.active):
        work.access.end_sessions(login)
    return work.staff.save_member(changed)


def remove_member(work: Work, login: str, *, by: Actor) -> Member:
    """They no longer work here: nobody gives them a case, and theirs go to others. Their name stays in histories,
    their address goes."""
    return change_member(work, login, {"active": False, "email": ""}, by=by)


def known_member(work: Work, login: str) -> Member:
    member = work.staff.member(login)
    if member is None:
        raise StaffError("nobody", "there is no member of staff {login}; see: tingsu staff list", login=login)
    return member


def _active(work: Work, login: str) -> Member:
    member = known_member(work, login)
    if not member.active:
        raise StaffError("left", "{login} no longer works here; see: tingsu staff list", login=login)
    return member


def _check(work: Work, member: Member) -> None:
    if not member.name.strip():
        raise StaffError("name", "{login} needs a name that colleagues know", login=member.login)
    if member.email and "@" not in member.email:
        raise StaffError("email", "e-mail {email!r} has no @", email=member.email)
    for department, roles in member.roles.items():
        if department != HOUSE:
            _known_department(work, department)
        possible = STAFF_ROLES if department == HOUSE else DEPARTMENT_ROLES
        for role in roles - frozenset(possible):
            names = ", ".join(r.value for r in possible)
            words = "role {role}@{department}: in a department there are {names}"
            raise StaffError("role", words, role=role.value, department=department, names=names)


# -- absences ---------------------------------------------------------------------------------------------------


def add_absence(work: Work, absence: Absence, *, by: Actor) -> None:
    """Told by themselves, a lead of one of their departments, a supervisor or an administrator."""
    member = _may_change_absence(work, absence.login, by)
    if absence.end <= absence.start:
        raise StaffError("absence_days", "an absence ends after it starts")
    if absence.stand_in:
        if absence.stand_in == member.login:
            raise StaffError("own_stand_in", "{login} cannot stand in for themselves", login=member.login)
        _active(work, absence.stand_in)
    for other in work.staff.absences(login=member.login):
        if other.start < absence.end and absence.start < other.end:
            words = (
                "{login} is away from {start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M} UTC already; "
                "end that one first, with: tingsu staff absent LOGIN --back"
            )
            raise StaffError("away_already", words, login=member.login, start=other.start, end=other.end)
    work.staff.add_absence(absence)


def end_absences(work: Work, login: str, *, by: Actor, now: datetime) -> int:
    """Back at work: the absence that holds ends, those to come are forgotten. Gives how many."""
    _may_change_absence(work, login, by)
    over = [absence for absence in work.staff.absences(login=login) if absence.end > now]
    for absence in over:
        work.staff.end_absence(absence.id, now=now)
    return len(over)


def _may_change_absence(work: Work, login: str, by: Actor) -> Member:
    member = _active(work, login)
    if by.name == login and by.name:
        return member
    if by.role is Role.LEAD:
        leader = work.staff.member(by.name)
        if leader is not None and any(leader.has(Role.LEAD, d) for d in (HOUSE, *member.roles)):
            return member
        raise NotAllowed(f"{by.name} leads no department of {login}")
    _only(by, Role.SUPERVISOR, Role.ADMINISTRATOR)
    return member


# -- the routing table ------------------------------------------------------------------------------------------


def set_route(work: Work, route: Route, *, packs: Packs, by: Actor) -> None:
    """Write where cases of a prefix, and perhaps of an area, go."""
    _only(by, Role.SUPERVISOR, Role.ADMINISTRATOR)
    if not any(within(code, route.prefix) for code in packs.codes):
        words = "no category begins with {prefix}; see: tingsu packs list"
        raise StaffError("no_category", words, prefix=route.prefix)
    if route.area and route.area not in work.staff.area_words().values():
        words = "there is no area {area}; write its words first: tingsu routes area {area} …"
        raise StaffError("no_area", words, area=route.area)
    for code in (route.department, *route.co):
        _known_department(work, code)
    if route.handler:
        handler = _active(work, route.handler)
        if not any(handler.has(role, route.department) for role in DEPARTMENT_ROLES):
            words = "{login} is not of {code}; tingsu staff set {login} --role agent@{code}"
            raise StaffError("not_of", words, login=route.handler, code=route.department)
    work.staff.save_route(route)


def remove_route(work: Work, prefix: str, area: str, *, by: Actor) -> None:
    _only(by, Role.SUPERVISOR, Role.ADMINISTRATOR)
    if not work.staff.remove_route(prefix, area):
        raise StaffError("no_route", "there is no such route; see: tingsu routes list")


def set_area(work: Work, area: str, words: Iterable[str], *, by: Actor) -> None:
    """The words by which people name ``area``; none: there is no such area any more."""
    _only(by, Role.SUPERVISOR, Role.ADMINISTRATOR)
    taken = [word.strip() for word in words if word.strip()]
    if not taken and any(route.area == area for route in work.staff.routes()):
        words = "a route names the area {area}; remove it first: tingsu routes list"
        raise StaffError("area_used", words, area=area)
    work.staff.set_area(area, taken)
