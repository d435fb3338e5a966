"""Members of staff, their departments and absences, for administrators; who is where, for everybody who may look."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, time
from typing import TypeVar
from zoneinfo import ZoneInfo

from starlette.responses import Response

from casework.access import passwords, sessions
from casework.staff import organising
from casework.staff.model import DEPARTMENT_ROLES, HOUSE, STAFF_ROLES, Absence, Member
from casework.staff.organising import NotAllowed, StaffError
from casework.storage.work import Work
from casework.tickets.model import Actor
from casework.tickets.states import Role
from desk.desk import Desk
from desk.visits import NotFound, Visit, Wrong
from desk.wording import LANGUAGES

_T = TypeVar("_T")
#: Characters of a first password: 72 bits.
_FIRST = 12


class People:
    """``/desk/people``"""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def show(self, visit: Visit) -> Response:
        with self._desk.store.reading() as work:
            members = work.staff.members(active=None, limit=500)
            return visit.page(
                "people.html",
                members=members,
                away={absence.login: absence for absence in work.staff.absences(at=visit.now)},
                load=work.staff.open_cases([member.login for member in members]),
                departments=work.staff.departments(),
            )

    def one(self, visit: Visit) -> Response:
        with self._desk.store.reading() as work:
            member = work.staff.member(visit.path("login"))
            if member is None:
                raise NotFound
            return self._page(visit, member, first_password="")

    def _page(self, visit: Visit, member: Member, *, first_password: str) -> Response:
        with self._desk.store.reading() as work:
            return visit.page(
                "member.html",
                member=member,
                absences=[a for a in work.staff.absences(login=member.login) if a.end > visit.now],
                departments=work.staff.departments(),
                house_roles=STAFF_ROLES,
                department_roles=DEPARTMENT_ROLES,
                first_password=first_password,
            )

    def add(self, visit: Visit) -> Response:
        """A new member, who is given a first password to be told by mouth."""
        first = secrets.token_urlsafe(_FIRST)
        hashed = passwords.hashed(first)

        def write() -> Member:
            member = replace(_filled(visit, Member("", "")), login=visit.form.get("login", "").lower())
            with self._desk.store.writing() as work:
                added = organising.add_member(work, member, by=_by(visit), now=visit.now)
                self._set_password(work, added.login, hashed, visit)
                return added

        return self._page(visit, _allowed(write), first_password=first)

    def change(self, visit: Visit) -> Response:
        login = visit.path("login")

        def write() -> Member:
            with self._desk.store.writing() as work:
                known = organising.known_member(work, login)
                changed = _filled(visit, known)
                fields = ("name", "language", "email", "roles", "skills", "languages", "active")
                return organising.change_member(
                    work, login, {name: getattr(changed, name) for name in fields}, by=_by(visit)
                )

        _allowed(write)
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
                if not visit.form.get("from"):
                    organising.end_absences(work, login, by=_by(visit), now=visit.now)
                    return
                start, end = (self._day(visit.form.get(name, "")) for name in ("from", "until"))
                absence = Absence(login, start, end, stand_in=visit.form.get("stand_in", ""))
                organising.add_absence(work, absence, by=_by(visit))

        _allowed(write)
        return visit.go(f"/people/{login}", said="saved")

    def _day(self, text: str) -> datetime:
        try:
            day = datetime.fromisoformat(text).date()
        except ValueError as error:
            raise Wrong("date_unread") from error
        return datetime.combine(day, time(), ZoneInfo(self._desk.house.zone))

    def _set_password(self, work: Work, login: str, hashed: str, visit: Visit) -> None:
        sessions.set_password(work, login, hashed, by=visit.member.login, must_change=True, now=visit.now)


def _by(visit: Visit) -> Actor:
    return Actor(Role.ADMINISTRATOR, visit.member.login)


def _allowed(write: Callable[[], _T]) -> _T:
    """What the core refuses, in its words."""
    try:
        return write()
    except (StaffError, NotAllowed, ValueError) as error:
        raise Wrong("refused", said=error) from error


def _filled(visit: Visit, member: Member) -> Member:
    """``member`` as the form has it. Roles come as ``role@department``."""
    form: Mapping[str, str] = visit.form
    roles: dict[str, set[Role]] = {}
    for held in visit.many.get("role", ()):
        name, _, place = held.partition("@")
        if name:
            roles.setdefault(place or HOUSE, set()).add(Role(name))
    language = form.get("language", member.language)
    return replace(
        member,
        name=form.get("name", member.name),
        language=language if language in LANGUAGES else member.language,
        email=form.get("email", member.email),
        roles={place: frozenset(found) for place, found in roles.items()},
        skills=tuple(form.get("skills", "").upper().replace(",", " ").split()),
        languages=tuple(code for code in visit.many.get("speaks", ()) if code in LANGUAGES),
        active=form.get("active", "1") == "1",
    )
