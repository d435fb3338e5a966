"""Departments and people in the database. One object for one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from casework.staff.model import Absence, Department, Hours, Member, Rota, Route
from casework.storage.tables import clocks, tickets
from casework.storage.tables_staff import absences, area_words, departments, routes, staff, staff_roles
from casework.text import Text
from casework.tickets.states import Role, State

#: States in which a case is work for who has it.
WORKED_ON = (State.ASSIGNED.value, State.IN_PROGRESS.value, State.WAITING_COMPLAINANT.value)


class StaffRepository:
    """Rows in, values out; rules live in ``casework.staff``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- members ------------------------------------------------------------------------------------

    def member(self, login: str) -> Member | None:
        return next(iter(self._members(staff.c.login == login)), None)

    def members(
        self,
        *,
        logins: Collection[str] | None = None,
        role: Role | None = None,
        departments_in: Collection[str] | None = None,
        active: bool | None = True,
        after: str = "",
        limit: int = 1000,
    ) -> list[Member]:
        """Members by login. ``role`` and ``departments_in``: who has that role there; the whole house is a department
        of its own here, with an empty name. ``after`` continues a list."""
        conditions: list[Any] = [staff.c.login > after]
        if logins is not None:
            conditions.append(staff.c.login.in_(list(logins)))
        if active is not None:
            conditions.append(staff.c.active.is_(active))
        if role is not None or departments_in is not None:
            held = select(staff_roles.c.staff_id)
            if role is not None:
                held = held.where(staff_roles.c.role == role.value)
            if departments_in is not None:
                held = held.where(staff_roles.c.department.in_(list(departments_in)))
            conditions.append(staff.c.id.in_(held))
        return self._members(and_(*conditions), limit=limit)

    def names(self, *, limit: int = 5000) -> dict[str, str]:
        """Login to name, of everybody who works or worked here."""
        rows = self._connection.execute(
            select(staff.c.login, staff.c.name).order_by(staff.c.login).limit(limit)
        )
        return {row.login: row.name for row in rows}

    def any_members(self) -> bool:
        return self._connection.execute(select(staff.c.id).limit(1)).first() is not None

    def _members(self, condition: Any, *, limit: int = 1) -> list[Member]:
        rows = (
            self._connection.execute(select(staff).where(condition).order_by(staff.c.login).limit(limit))
            .mappings()
            .all()
        )
        roles: dict[int, dict[str, set[Role]]] = {int(row["id"]): {} for row in rows}
        held = select(staff_roles).where(staff_roles.c.staff_id.in_(list(roles)))
        for grant in self._connection.execute(held) if rows else ():
            roles[grant.staff_id].setdefault(grant.department, set()).add(Role(grant.role))
        return [_member(row, roles[int(row["id"])]) for row in rows]

    def add_member(self, member: Member, *, now: datetime) -> Member:
        """The login must be free."""
        self._connection.execute(insert(staff).values(**_columns(member), created_at=now))
        return self._with_roles(member)

    def save_member(self, member: Member) -> Member:
        """Write everything of a member that is there."""
        values = _columns(member)
        self._connection.execute(update(staff).where(staff.c.login == member.login).values(**values))
        return self._with_roles(member)

    def set_language(self, login: str, language: str) -> None:
        self._connection.execute(update(staff).where(staff.c.login == login).values(language=language))

    def _with_roles(self, member: Member) -> Member:
        found = select(staff.c.id).where(staff.c.login == member.login)
        staff_id = self._connection.execute(found).scalar_one()
        self._connection.execute(delete(staff_roles).where(staff_roles.c.staff_id == staff_id))
        grants = [
            {"staff_id": staff_id, "department": department, "role": role.value}
            for department, roles in member.roles.items()
            for role in sorted(roles)
        ]
        if grants:
            self._connection.execute(insert(staff_roles), grants)
        kept = self.member(member.login)
        assert kept is not None  # written just now
        return kept

    def given(self, login: str, *, now: datetime) -> None:
        """They were chosen for a case."""
        self._connection.execute(update(staff).where(staff.c.login == login).values(given_at=now))

    # -- departments --------------------------------------------------------------------------------

    def departments(self, *, active: bool | None = True) -> list[Department]:
        """All departments, by code."""
        query = select(departments).order_by(departments.c.code)
        if active is not None:
            query = query.where(departments.c.active.is_(active))
        return [_department(row) for row in self._connection.execute(query).mappings()]

    def department(self, code: str) -> Department | None:
        row = self._connection.execute(select(departments).where(departments.c.code == code)).mappings()
        return next((_department(found) for found in row), None)

    def hold_department(self, code: str) -> None:
        """Nobody else chooses for this department before this transaction ends."""
        self._connection.execute(
            select(departments.c.code).where(departments.c.code == code).with_for_update()
        )

    def save_department(self, department: Department) -> None:
        """Write a department, new or known."""
        values = _department_columns(department)
        self._connection.execute(
            self._dialect.insert(departments)
            .values(**values)
            .on_conflict_do_update(index_elements=["code"], set_=values)
        )

    def seed_departments(self, found: Iterable[Department]) -> None:
        """Add those that are not there; what the organisation changed stays."""
        rows = [_department_columns(department) for department in found]
        if rows:
            self._connection.execute(
                self._dialect.insert(departments).values(rows).on_conflict_do_nothing(index_elements=["code"])
            )

    @property
    def _dialect(self) -> Any:
        return postgresql if self._connection.dialect.name == "postgresql" else sqlite

    # -- absences -----------------------------------------------------------------------------------

    def absences(self, *, login: str | None = None, at: datetime | None = None) -> list[Absence]:
        """By start. ``at``: those that hold at that moment."""
        query = select(absences, staff.c.login).join(staff, staff.c.id == absences.c.staff_id)
        if login is not None:
            query = query.where(staff.c.login == login)
        if at is not None:
            query = query.where(absences.c.starts_at <= at, absences.c.ends_at > at)
        rows = self._connection.execute(query.order_by(absences.c.starts_at, absences.c.id))
        return [Absence(r.login, r.starts_at, r.ends_at, r.stand_in or "", int(r.id)) for r in rows]

    def add_absence(self, absence: Absence) -> None:
        owner = select(staff.c.id).where(staff.c.login == absence.login).scalar_subquery()
        self._connection.execute(
            insert(absences).values(
                staff_id=owner,
                starts_at=absence.start,
                ends_at=absence.end,
                stand_in=absence.stand_in or None,
            )
        )

    def end_absence(self, absence_id: int, *, now: datetime) -> None:
        """Back at ``now``; one that has not begun is forgotten."""
        mine = absences.c.id == absence_id
        self._connection.execute(delete(absences).where(mine, absences.c.starts_at >= now))
        self._connection.execute(update(absences).where(mine).values(ends_at=now))

    # -- the routing table --------------------------------------------------------------------------

    def routes(self) -> list[Route]:
        """The longest prefix first, and before each other one the one with an area."""
        rows = self._connection.execute(
            select(routes).order_by(
                func.length(routes.c.prefix).desc(), routes.c.area.desc(), routes.c.prefix, routes.c.id
            )
        )
        return [Route(r.prefix, r.department, r.area, r.handler or "", tuple(r.co), int(r.id)) for r in rows]

    def save_route(self, route: Route) -> None:
        """Write the route of a prefix and area, new or known."""
        values: dict[str, Any] = {
            "prefix": route.prefix,
            "area": route.area,
            "department": route.department,
            "handler": route.handler or None,
            "co": list(route.co),
        }
        self._connection.execute(
            self._dialect.insert(routes)
            .values(**values)
            .on_conflict_do_update(index_elements=["prefix", "area"], set_=values)
        )

    def remove_route(self, prefix: str, area: str) -> bool:
        """``False``: there was none."""
        removed = delete(routes).where(routes.c.prefix == prefix, routes.c.area == area)
        return bool(self._connection.execute(removed).rowcount)

    def area_words(self) -> dict[str, str]:
        """Word of a place -> area."""
        rows = self._connection.execute(select(area_words).order_by(area_words.c.word))
        return {row.word: row.area for row in rows}

    def set_area(self, area: str, words: Iterable[str]) -> None:
        """The words that stand for ``area`` from now on; none: there is no such area."""
        taken = list(dict.fromkeys(words))
        self._connection.execute(
            delete(area_words).where(or_(area_words.c.area == area, area_words.c.word.in_(taken)))
        )
        if taken:
            self._connection.execute(insert(area_words), [{"word": word, "area": area} for word in taken])

    # -- load ---------------------------------------------------------------------------------------

    def open_cases(self, logins: Collection[str]) -> dict[str, dict[str, int]]:
        """How many cases of each priority each of ``logins`` works on: ``{login: {priority: count}}``."""
        found: dict[str, dict[str, int]] = {login: {} for login in logins}
        query = (
            select(tickets.c.handler, tickets.c.priority, func.count())
            .where(tickets.c.handler.in_(list(logins)), tickets.c.state.in_(WORKED_ON))
            .group_by(tickets.c.handler, tickets.c.priority)
        )
        for handler, priority, count in self._connection.execute(query) if logins else ():
            found[handler][priority or ""] = int(count)
        return found

    def uncovered(self, now: datetime, *, limit: int) -> list[int]:
        """Tickets that run out before who has them is back, and those of people who left; locked, and not those
        another one holds."""
        runs_out = (
            select(clocks.c.id)
            .where(
                clocks.c.ticket_id == tickets.c.id,
                clocks.c.cycle == tickets.c.cycle,
                clocks.c.due_at < absences.c.ends_at,
                clocks.c.met_at.is_(None),
                clocks.c.stopped_at.is_(None),
                clocks.c.paused_at.is_(None),
            )
            .exists()
        )
        held = select(tickets.c.id).join(staff, staff.c.login == tickets.c.handler)
        left = held.where(staff.c.active.is_(False))
        away = held.join(absences, absences.c.staff_id == staff.c.id).where(
            staff.c.active, absences.c.starts_at <= now, absences.c.ends_at > now, runs_out
        )
        found: list[int] = []
        for query in (left, away):  # apart: together the database would read every open case
            rows = self._connection.execute(
                query.where(tickets.c.state.in_(WORKED_ON))
                .limit(limit - len(found))
                .with_for_update(skip_locked=True, of=tickets)
            )
            found += [int(row.id) for row in rows]
        return found


def _member(row: Mapping[str, Any], roles: Mapping[str, set[Role]]) -> Member:
    return Member(
        id=int(row["id"]),
        login=row["login"],
        name=row["name"],
        roles={department: frozenset(held) for department, held in sorted(roles.items())},
        skills=tuple(row["skills"]),
        languages=tuple(row["languages"]),
        email=row["email"] or "",
        language=row["language"],
        hours=Hours.parse(row["hours"]) if row["hours"] else None,
        active=bool(row["active"]),
        given_at=row["given_at"],
    )


def _columns(member: Member) -> dict[str, Any]:
    return {
        "login": member.login,
        "name": member.name,
        "skills": list(member.skills),
        "languages": list(member.languages),
        "email": member.email or None,
        "language": member.language,
        "hours": str(member.hours) if member.hours else None,
        "active": member.active,
    }


def _department(row: Mapping[str, Any]) -> Department:
    kept = row["rota"]
    rota = Rota(tuple(kept["order"]), date.fromisoformat(kept["since"]), kept["every"]) if kept else None
    return Department(
        code=row["code"],
        name=Text(row["name_zh"], row["name_en"]),
        parent=row["parent"] or "",
        hours=Hours.parse(row["hours"]) if row["hours"] else None,
        rota=rota,
        active=bool(row["active"]),
    )


def _department_columns(department: Department) -> dict[str, Any]:
    rota = department.rota
    return {
        "code": department.code,
        "name_zh": department.name.zh,
        "name_en": department.name.en,
        "parent": department.parent or None,
        "hours": str(department.hours) if department.hours else None,
        "rota": {"order": list(rota.order), "since": rota.since.isoformat(), "every": rota.every}
        if rota
        else None,
        "active": department.active,
    }
