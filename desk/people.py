"""Members of staff, their departments and absences, for administrators; who is where, for everybody who may look."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from starlette.responses import Response

from casework.access import passwords, sessions
from casework.staff import organising
from casework.staff.model import DEPARTMENT_ROLES, HOUSE, STAFF_ROLES, Absence, Hours, Member, within
from casework.storage.work import Work
from casework.tickets.states import Role
from desk.changes import acting, allowed, log_change
from desk.desk import Desk
from desk.visits import NotFound, Visit, Wrong
from desk.wording import LANGUAGES

#: Characters of a first password: 72 bits.
_FIRST = 12
#: For a role that holds everywhere; chosen by name, never by leaving something out.
_WHOLE_HOUSE = "*"
_ROLES = frozenset(role.value for role in STAFF_ROLES)
#: What the form of a member holds.
_FIELDS = ("name", "language", "email", "roles", "skills", "languages", "hours", "active")


class People:
    """``/desk/people``"""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def show(self, visit: Visit) -> Response:
        """Who works here; of one department, and those who left too, when that is asked for."""
        department, everybody = visit.query("department"), visit.query("all") == "1"
        with self._desk.store.reading() as work:
            members = work.staff.members(
                active=None if everybody else True,
                departments_in=(department,) if department else None,
                limit=500,
            )
            logins = [member.login for member in members]
            return visit.page(
                "people.html",
                members=members,
                away={absence.login: absence for absence in work.staff.absences(at=visit.now)},
                load=work.staff.open_cases(logins),
                seen=work.access.last_sign_ins(logins),
                names=work.staff.names(),
                departments=work.staff.departments(),
                department=department,
                everybody=everybody,
            )

    def one(self, visit: Visit) -> Response:
        with self._desk.store.reading() as work:
            member = work.staff.member(visit.path("login"))
            if member is None:
                raise NotFound
            return self._page(visit, member, first_password="")

    def _page(self, visit: Visit, member: Member, *, first_password: str) -> Response:
        with self._desk.store.reading() as work:
            departments = work.staff.departments()
            held = [place for place in member.roles if place != HOUSE]
            return visit.page(
                "member.html",
                member=member,
                absences=[a for a in work.staff.absences(login=member.login) if a.end > visit.now],
                departments=departments,
                held=[d for d in departments if d.code in held],
                house_roles=STAFF_ROLES,
                department_roles=DEPARTMENT_ROLES,
                colleagues=[m for m in work.staff.members(limit=500) if m.login != member.login],
                open_cases=sum(work.staff.open_cases([member.login]).get(member.login, {}).values()),
                seen=work.access.last_sign_ins([member.login]).get(member.login),
                names=work.staff.names(),
                prefixes=_prefixes(visit.desk.house.packs.codes),
                first_password=first_password,
            )

    def add(self, visit: Visit) -> Response:
        """A new member, who is given a first password to be told by mouth."""
        first = secrets.token_urlsafe(_FIRST)
        hashed = passwords.hashed(first)

        def write() -> Member:
            member = replace(_filled(visit, Member("", "")), login=visit.form.get("login", "").lower())
            with self._desk.store.writing() as work:
                added = organising.add_member(work, member, by=acting(visit), now=visit.now)
                log_change(work, visit, "staff", added.login, before=None, after=added)
                self._set_password(work, added.login, hashed, visit)
                return added

        return self._page(visit, allowed(visit, write), first_password=first)

    def change(self, visit: Visit) -> Response:
        login = visit.path("login")

        def write() -> None:
            with self._desk.store.writing() as work:
                known = organising.known_member(work, login)
                wanted = _filled(visit, known)
                values = {name: getattr(wanted, name) for name in _FIELDS}
                changed = organising.change_member(work, login, values, by=acting(visit))
                log_change(work, visit, "staff", login, before=known, after=changed)

        allowed(visit, write)
        return visit.go(f"/people/{login}", said="saved")

    def new_password(self, visit: Visit) -> Response:
        """A first password again, for somebody who lost theirs. All their sessions end."""
        first = secrets.token_urlsafe(_FIRST)
        hashed = passwords.hashed(first)
        with self._desk.store.writing() as work:
            member = work.staff.member(visit.path("login"))
            if member is None:
                raise NotFound
            self._set_password(work, member.login, hashed, visit)
        return self._page(visit, member, first_password=first)

    def away(self, visit: Visit) -> Response:
        """An absence, whole days of the house's zone; without dates: back at work."""
        login = visit.path("login")

        def write() -> None:
            with self._desk.store.writing() as work:
                before = next((a for a in work.staff.absences(login=login) if a.end > visit.now), None)
                after = None
                if visit.form.get("from"):
                    start, end = (self._day(visit.form.get(name, "")) for name in ("from", "until"))
                    before, after = None, Absence(login, start, end, visit.form.get("stand_in", ""))
                    organising.add_absence(work, after, by=acting(visit))
                elif not organising.end_absences(work, login, by=acting(visit), now=visit.now):
                    return
                log_change(work, visit, "absence", login, before=before, after=after)

        allowed(visit, write)
        return visit.go(f"/people/{login}", said="saved")

    def _day(self, text: str) -> datetime:
        try:
            day = datetime.fromisoformat(text).date()
        except ValueError as error:
            raise Wrong("date_unread") from error
        return datetime.combine(day, time(), ZoneInfo(self._desk.house.zone))

    def _set_password(self, work: Work, login: str, hashed: str, visit: Visit) -> None:
        sessions.set_password(work, login, hashed, by=visit.member.login, must_change=True, now=visit.now)


def _prefixes(codes: Iterable[str]) -> list[str]:
    """What a skill can be: sectors, groups of categories, categories."""
    return sorted({code[:length] for code in codes for length in (3, 7, len(code))})


def _filled(visit: Visit, member: Member) -> Member:
    """``member`` as the form has it. Roles come as ``role@department``; one more as a role and its department.

    Raises: HoursUnread, NotFound, Wrong.
    """
    form: Mapping[str, str] = visit.form
    held = [*visit.many.get("role", ())]
    if form.get("new_role"):
        held.append(f"{form['new_role']}@{form.get('new_department', '').strip(_WHOLE_HOUSE)}")
    roles: dict[str, set[Role]] = {}
    for name, _, place in (entry.partition("@") for entry in held):
        if name and name not in _ROLES:
            raise NotFound
        if name:
            roles.setdefault(place or HOUSE, set()).add(Role(name))
    skills = tuple(form.get("skills", "").upper().replace(",", " ").split())
    known = visit.desk.house.packs.codes
    for skill in skills:
        if skill not in member.skills and not any(within(code, skill) for code in known):
            raise Wrong("skill_unknown", skill=skill)
    language, hours = form.get("language", member.language), form.get("hours", "")
    return replace(
        member,
        name=form.get("name", member.name),
        language=language if language in LANGUAGES else member.language,
        email=form.get("email", member.email),
        roles={place: frozenset(found) for place, found in roles.items()},
        skills=skills,
        languages=tuple(code for code in visit.many.get("speaks", ()) if code in LANGUAGES),
        hours=Hours.parse(hours) if hours else None,
        active=form.get("active", "1") == "1",
    )
