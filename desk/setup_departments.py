"""Departments and the routing table at the desk, with a box to try where a case would go and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from starlette.responses import Response

from casework.house import House
from casework.packs import UnknownCategory
from casework.staff import organising
from casework.staff.directory import Directory
from casework.staff.model import Department, Hours, Member, Rota, Route
from casework.staff.routing import Choice, area_of, choose, place
from casework.storage.work import Work
from casework.text import Text
from casework.tickets.model import DetailValue
from casework.tickets.states import Role
from desk.changes import acting, allowed, log_change
from desk.desk import Desk
from desk.show import local
from desk.visits import NotFound, Visit, Wrong

PRIORITIES = ("P0", "P1", "P2", "P3", "P4")


@dataclass(frozen=True)
class Line:
    """A department in the list. ``depth``: how many stand above it; ``duty``: who is on duty now."""

    department: Department
    depth: int
    leads: tuple[Member, ...]
    people: int
    duty: str


@dataclass(frozen=True)
class Tried:
    """The case of the box: what is asked of a case to be routed."""

    category: str
    place: str
    language: str
    priority: str


class DepartmentPages:
    """``/desk/setup/departments``"""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def show(self, visit: Visit) -> Response:
        house = visit.desk.house
        tried = Tried(
            visit.query("category"),
            visit.query("place"),
            visit.query("language") or visit.member.language,
            visit.query("priority") or "P2",
        )
        with self._desk.store.reading() as work:
            words = work.staff.area_words()
            return visit.page(
                "setup_departments.html",
                lines=_lines(work, visit),
                departments=work.staff.departments(),
                routes=work.staff.routes(),
                areas=_areas(words),
                colleagues=work.staff.members(limit=500),
                names=work.staff.names(),
                prefixes=_prefixes(house, visit.member.language),
                priorities=PRIORITIES,
                tried=tried,
                area=area_of((tried.place,), words) if tried.place else "",
                choice=_choice(work, visit, tried) if tried.category else None,
            )

    def one(self, visit: Visit) -> Response:
        with self._desk.store.reading() as work:
            department = work.staff.department(visit.path("code"))
            if department is None:
                raise NotFound
            directory = Directory(work, now=visit.now, calendar=visit.desk.house.calendar)
            return visit.page(
                "setup_department.html",
                department=department,
                departments=[d for d in work.staff.departments() if d.code != department.code],
                people=work.staff.members(departments_in=(department.code,)),
                colleagues=work.staff.members(limit=500),
                duty=directory.on_duty(department.code),
            )

    def save(self, visit: Visit) -> Response:
        """A new department, or a known one."""
        code = visit.form.get("code", "")

        def write() -> None:
            with self._desk.store.writing() as work:
                known = work.staff.department(code)
                changed = _filled(visit, known or Department(code, Text("", "")))
                organising.set_department(work, changed, by=acting(visit))
                log_change(work, visit, "department", code, before=known, after=changed)

        allowed(visit, write)
        return visit.go(f"/setup/departments/{code}", said="saved")

    def set_route(self, visit: Visit) -> Response:
        form = visit.form
        route = Route(
            form.get("prefix", ""),
            form.get("department", ""),
            form.get("area", ""),
            form.get("handler", ""),
            tuple(code for code in visit.many.get("co", ()) if code),
        )

        def write() -> None:
            with self._desk.store.writing() as work:
                known = _route(work, route.prefix, route.area)
                organising.set_route(work, route, packs=visit.desk.house.packs, by=acting(visit))
                log_change(
                    work,
                    visit,
                    "route",
                    f"{route.prefix or '*'} {route.area}".strip(),
                    before=known,
                    after=route,
                )

        allowed(visit, write)
        return visit.go("/setup/departments", said="saved")

    def remove_route(self, visit: Visit) -> Response:
        prefix, area = visit.form.get("prefix", ""), visit.form.get("area", "")

        def write() -> None:
            with self._desk.store.writing() as work:
                known = _route(work, prefix, area)
                organising.remove_route(work, prefix, area, by=acting(visit))
                log_change(work, visit, "route", f"{prefix or '*'} {area}".strip(), before=known, after=None)

        allowed(visit, write)
        return visit.go("/setup/departments", said="saved")

    def set_area(self, visit: Visit) -> Response:
        """The words of an area, one a line; none: there is no such area any more."""
        area = visit.form.get("area", "")
        if not area:
            raise Wrong("empty")
        words = visit.form.get("words", "").splitlines()

        def write() -> None:
            with self._desk.store.writing() as work:
                known = _Area(tuple(_areas(work.staff.area_words()).get(area, ())))
                organising.set_area(work, area, words, by=acting(visit))
                now = _Area(tuple(_areas(work.staff.area_words()).get(area, ())))
                log_change(work, visit, "area", area, before=known, after=now)

        allowed(visit, write)
        return visit.go("/setup/departments", said="saved")


@dataclass(frozen=True)
class _Area:
    """For the log."""

    words: tuple[str, ...]


def _filled(visit: Visit, department: Department) -> Department:
    """``department`` as the form has it. Raises: HoursUnread."""
    form = visit.form
    hours = form.get("hours", "")
    return replace(
        department,
        name=Text(form.get("zh", ""), form.get("en", "")),
        parent=form.get("parent", ""),
        hours=Hours.parse(hours) if hours else None,
        rota=_rota(visit, department.rota),
        active=form.get("active", "1") == "1",
    )


def _rota(visit: Visit, known: Rota | None) -> Rota | None:
    """Who takes turns. The turns go on as they are while nobody changes them."""
    order = tuple(visit.form.get("duty", "").replace(",", " ").split())
    every: Literal["day", "week"] = "day" if visit.form.get("every") == "day" else "week"
    if not order or (known and (known.order, known.every) == (order, every)):
        return known if order else None
    return Rota.beginning(order, every, local(visit.now, visit).date())


def _lines(work: Work, visit: Visit) -> list[Line]:
    """All departments, those below another one after it."""
    directory = Directory(work, now=visit.now, calendar=visit.desk.house.calendar)
    below: dict[str, list[Department]] = {}
    for department in work.staff.departments(active=None):
        below.setdefault(department.parent, []).append(department)
    people: dict[str, int] = {}
    for member in work.staff.members(limit=500):
        for code in member.roles:
            people[code] = people.get(code, 0) + 1

    def under(parent: str, depth: int) -> Iterable[Line]:
        for department in below.get(parent, ()):
            code = department.code
            leads = tuple(directory.holders(Role.LEAD, code))
            yield Line(department, depth, leads, people.get(code, 0), directory.on_duty(code))
            yield from under(code, depth + 1)

    return list(under("", 0))


def _areas(words: Mapping[str, str]) -> dict[str, list[str]]:
    """Area -> its words."""
    return {area: sorted(w for w, a in words.items() if a == area) for area in sorted(set(words.values()))}


def _prefixes(house: House, language: str) -> list[tuple[str, str]]:
    """What a route can be for: everything, a sector's group of categories, one category; with its name."""
    found: dict[str, str] = {}
    for code in house.packs.codes:
        category = house.packs.category(code)
        found.setdefault(category.parent, category.parent_name.in_(language))
        found[code] = house.packs.label(code, language)
    return list(found.items())


def _route(work: Work, prefix: str, area: str) -> Route | None:
    return next((r for r in work.staff.routes() if (r.prefix, r.area) == (prefix, area)), None)


def _choice(work: Work, visit: Visit, tried: Tried) -> Choice:
    """Where the case of the box would go now. Raises: NotFound."""
    house = visit.desk.house
    try:
        category = house.packs.category(tried.category)
    except UnknownCategory as error:
        raise NotFound from error
    details = {"place": DetailValue(tried.place, tried.place, tried.place)} if tried.place else {}
    placed = place(work, category, details, default=category.department.key)
    return choose(work, tried, placed, calendar=house.calendar, now=visit.now, chance=lambda _: 0)
