"""Departments and people: who may change them, what is refused, what is kept."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from casework.house import House
from casework.staff.model import HOUSE, Absence, Department, Hours, Member, Rota, Route, within
from casework.staff.organising import (
    NotAllowed,
    StaffError,
    add_absence,
    add_member,
    change_member,
    end_absences,
    remove_member,
    remove_route,
    seed_departments,
    set_area,
    set_department,
    set_route,
)
from casework.storage.work import Store, Work
from casework.text import Text
from casework.tickets.model import Actor
from casework.tickets.states import Role
from tests.conftest import NOW

ADMIN, SUPERVISOR = Actor(Role.ADMINISTRATOR, "root"), Actor(Role.SUPERVISOR, "sun")
BILLING, SAFETY = "power.billing", "power.safety"
DAY = timedelta(days=1)


def member(login: str, *grants: tuple[str, Role], name: str = "", **values: Any) -> Member:
    """``grants``: (department, role)."""
    roles: dict[str, frozenset[Role]] = {}
    for department, role in grants:
        roles[department] = roles.get(department, frozenset()) | {role}
    return Member(login, name or login.title(), roles, **values)


def furnished(work: Work, house: House, *members: Member) -> None:
    """The departments of the packs, an administrator ``root`` and these members."""
    seed_departments(work, house.packs)
    add_member(work, member("root", (HOUSE, Role.ADMINISTRATOR)), by=ADMIN, now=NOW)
    for one in members:
        add_member(work, one, by=ADMIN, now=NOW)


def agent(login: str, department: str = BILLING, **values: Any) -> Member:
    return member(login, (department, Role.AGENT), **values)


# -- members ----------------------------------------------------------------------------------------------------


def test_the_first_member_is_the_administrator(store: Store, house: House) -> None:
    with store.writing() as work:
        seed_departments(work, house.packs)
        with pytest.raises(StaffError, match="give the role admin"):
            add_member(work, agent("li"), by=Actor(Role.AGENT), now=NOW)
        assert not work.staff.any_members()
        add_member(work, member("root", (HOUSE, Role.ADMINISTRATOR)), by=Actor(Role.AGENT), now=NOW)
        with pytest.raises(NotAllowed, match="done by admin"):
            add_member(work, agent("li"), by=SUPERVISOR, now=NOW)


def test_a_member_is_kept_whole(store: Store, house: House) -> None:
    li = member(
        "li.wei", (BILLING, Role.AGENT), (BILLING, Role.LEAD), (HOUSE, Role.AUDITOR), name="李伟",
        skills=("PWR-BIL",), languages=("zh", "en"), email="li@example.org", language="en",
        hours=Hours.parse("mon,sat 09:00-17:00"),
    )  # fmt: skip
    with store.writing() as work:
        furnished(work, house, li)
    with store.reading() as work:
        kept = work.staff.member("li.wei")
        assert kept is not None
        assert kept == Member(**{**vars(li), "id": kept.id})
        assert kept.has(Role.LEAD, BILLING)
        assert not kept.has(Role.LEAD, SAFETY)
        assert kept.has(Role.AUDITOR, SAFETY)


def test_the_address_of_a_member_is_unreadable_in_the_database(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(work, house, agent("li", email="li@example.org"))
    with store.database.reading() as connection:
        rows = connection.execute(text("SELECT email FROM staff WHERE email IS NOT NULL")).all()
    assert len(rows) == 1
    assert b"example.org" not in bytes(rows[0].email)


@pytest.mark.parametrize(
    ("wrong", "cure"),
    [
        (agent("Li Wei"), "such as li.wei"),
        (agent("root"), "tingsu staff set root"),
        (member("li", (BILLING, Role.SUPERVISOR)), "in a department there are agent, lead"),
        (member("li", (HOUSE, Role.SYSTEM)), "role system"),
        (agent("li", "power.kitchen"), "no department power.kitchen"),
        (agent("li", email="nowhere"), "has no @"),
        (Member("li", " "), "needs a name"),
    ],
)
def test_what_cannot_be_a_member_is_refused_with_the_cure(
    store: Store, house: House, wrong: Member, cure: str
) -> None:
    with store.writing() as work:
        furnished(work, house)
        with pytest.raises(StaffError, match=cure):
            add_member(work, wrong, by=ADMIN, now=NOW)


def test_there_is_always_an_administrator(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(work, house, agent("li"))
        with pytest.raises(StaffError, match="last administrator"):
            remove_member(work, "root", by=ADMIN)
        with pytest.raises(StaffError, match="last administrator"):
            change_member(work, "root", {"roles": {HOUSE: frozenset({Role.AGENT})}}, by=ADMIN)
        change_member(work, "li", {"roles": {HOUSE: frozenset({Role.ADMINISTRATOR})}}, by=ADMIN)
        change_member(work, "root", {"email": "root@example.org"}, by=ADMIN)
        left = remove_member(work, "root", by=ADMIN)
        assert (left.active, left.email) == (False, "")
        assert [m.login for m in work.staff.members()] == ["li"]
        assert [m.login for m in work.staff.members(active=None)] == ["li", "root"]


def test_members_are_found_by_role_and_department_and_a_list_goes_on(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(
            work, house, agent("li"), agent("wang", SAFETY), member("zhao", (BILLING, Role.LEAD)),
            member("all", (HOUSE, Role.AGENT)),
        )  # fmt: skip

        def logins(**by: Any) -> list[str]:
            return [m.login for m in work.staff.members(**by)]

        assert logins(departments_in=(BILLING,)) == ["li", "zhao"]
        assert logins(departments_in=(BILLING, HOUSE), role=Role.AGENT) == ["all", "li"]
        assert logins(limit=2) == ["all", "li"]
        assert logins(limit=2, after="li") == ["root", "wang"]
        assert logins(logins=("li", "nobody")) == ["li"]


# -- departments ------------------------------------------------------------------------------------------------


def test_departments_come_from_the_packs_and_stay_as_the_organisation_has_them(
    store: Store, house: House
) -> None:
    with store.writing() as work:
        furnished(work, house, agent("li"))
        billing = work.staff.department(BILLING)
        assert billing is not None
        assert billing.name == house.packs.category("PWR-BIL-01").department.name
        own = Department(
            BILLING, Text("电费组", "Bills"), parent=SAFETY, hours=Hours.parse("daily 00:00-00:00"),
            rota=Rota(("li", "root"), date(2026, 11, 16)),
        )  # fmt: skip
        set_department(work, own, by=ADMIN)
        set_department(work, Department("power.quality", Text("质", "Q"), active=False), by=ADMIN)
        seed_departments(work, house.packs)
        assert work.staff.department(BILLING) == own
        assert "power.quality" not in {d.code for d in work.staff.departments()}


def test_two_packs_may_each_have_a_department_of_the_same_name() -> None:
    from casework.packs import Packs
    from tests.conftest import ROOT

    packs = Packs.load(ROOT / "packs", ("hospitality", "urban"))
    found = {packs.category(code).department.key for code in packs.codes}
    assert {"hospitality.engineering", "urban.engineering"} <= found


def test_a_department_cannot_stand_above_itself_or_below_nothing(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(work, house)
        name = Text("北", "North")
        set_department(work, Department("roads.north", name, parent=SAFETY), by=ADMIN)
        with pytest.raises(StaffError, match="above itself"):
            set_department(work, Department(SAFETY, name, parent="roads.north"), by=ADMIN)
        with pytest.raises(StaffError, match="no department nowhere"):
            set_department(work, Department("a", name, parent="nowhere"), by=ADMIN)
        with pytest.raises(StaffError, match="in Chinese and in English"):
            set_department(work, Department("a", Text("北", "")), by=ADMIN)
        with pytest.raises(NotAllowed):
            set_department(work, Department("a", name), by=SUPERVISOR)
        with pytest.raises(StaffError, match="no member of staff ghost"):
            set_department(work, Department("a", name, rota=Rota(("ghost",), date(2026, 1, 5))), by=ADMIN)


# -- absences ---------------------------------------------------------------------------------------------------


def test_an_absence_is_told_by_themselves_or_by_who_leads_them(store: Store, house: House) -> None:
    away = Absence("li", NOW, NOW + DAY)
    with store.writing() as work:
        furnished(
            work, house, agent("li"), agent("wang"), member("zhao", (BILLING, Role.LEAD)),
            member("qian", (SAFETY, Role.LEAD)),
        )  # fmt: skip
        for other in (Actor(Role.AGENT, "wang"), Actor(Role.LEAD, "qian"), Actor(Role.AUDITOR, "root")):
            with pytest.raises(NotAllowed):
                add_absence(work, away, by=other)
        for by in (Actor(Role.AGENT, "li"), Actor(Role.LEAD, "zhao"), SUPERVISOR):
            add_absence(work, away, by=by)
            assert end_absences(work, "li", by=by, now=NOW - DAY) == 1
        assert work.staff.absences(login="li") == []


def test_an_absence_holds_from_its_start_to_before_its_end(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(work, house, agent("li"), agent("wang"))
        add_absence(work, Absence("li", NOW, NOW + DAY, "wang"), by=ADMIN)
        (held,) = work.staff.absences(at=NOW)
        assert (held.login, held.start, held.end, held.stand_in) == ("li", NOW, NOW + DAY, "wang")
        assert work.staff.absences(at=NOW + DAY) == work.staff.absences(at=NOW - DAY) == []
        assert end_absences(work, "li", by=ADMIN, now=NOW + DAY / 2) == 1
        assert work.staff.absences(at=NOW + DAY / 2) == []
        assert len(work.staff.absences(login="li")) == 1


@pytest.mark.parametrize(
    ("away", "why"),
    [
        (Absence("li", NOW, NOW), "ends after it starts"),
        (Absence("li", NOW, NOW + DAY, "li"), "stand in for themselves"),
        (Absence("li", NOW, NOW + DAY, "ghost"), "no member of staff ghost"),
        (Absence("li", NOW + 2 * DAY, NOW + 9 * DAY), "away from 2026-11-20 04:00"),
        (Absence("left", NOW, NOW + DAY), "no longer works here"),
    ],
)
def test_what_cannot_be_an_absence_is_refused(store: Store, house: House, away: Absence, why: str) -> None:
    with store.writing() as work:
        furnished(work, house, agent("li"), agent("left"))
        remove_member(work, "left", by=ADMIN)
        if "away from" in why:
            add_absence(work, Absence("li", NOW, NOW + 3 * DAY), by=ADMIN)
        with pytest.raises(StaffError, match=why):
            add_absence(work, away, by=ADMIN)


# -- the routing table ------------------------------------------------------------------------------------------


def test_the_routing_table_is_written_by_supervisors_and_checked(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(work, house, agent("li"))
        set_area(work, "north", ["北苑", " North Street "], by=SUPERVISOR)
        assert work.staff.area_words() == {"北苑": "north", "North Street": "north"}
        set_area(work, "north", ["北苑"], by=SUPERVISOR)
        set_area(work, "hill", ["北苑", "山脚"], by=SUPERVISOR)
        assert work.staff.area_words() == {"北苑": "hill", "山脚": "hill"}
        set_route(work, Route("PWR", BILLING), packs=house.packs, by=SUPERVISOR)
        set_route(work, Route("PWR-BIL", BILLING, handler="li"), packs=house.packs, by=SUPERVISOR)
        set_route(work, Route("PWR-BIL", SAFETY, area="hill", co=(BILLING,)), packs=house.packs, by=ADMIN)
        set_route(work, Route("PWR", SAFETY), packs=house.packs, by=ADMIN)
        found = [(r.prefix, r.area, r.department, r.handler, r.co) for r in work.staff.routes()]
        assert found == [
            ("PWR-BIL", "hill", SAFETY, "", (BILLING,)),
            ("PWR-BIL", "", BILLING, "li", ()),
            ("PWR", "", SAFETY, "", ()),
        ]
        with pytest.raises(StaffError, match="a route names the area hill"):
            set_area(work, "hill", [], by=ADMIN)
        remove_route(work, "PWR-BIL", "hill", by=ADMIN)
        set_area(work, "hill", [], by=ADMIN)
        with pytest.raises(StaffError, match="no such route"):
            remove_route(work, "PWR-BIL", "hill", by=ADMIN)
        with pytest.raises(NotAllowed):
            set_route(work, Route("PWR", BILLING), packs=house.packs, by=Actor(Role.LEAD, "li"))


@pytest.mark.parametrize(
    ("route", "why"),
    [
        (Route("XYZ", BILLING), "no category begins with XYZ"),
        (Route("PWR-B", BILLING), "no category begins with PWR-B"),
        (Route("PWR", "power.kitchen"), "no department power.kitchen"),
        (Route("PWR", BILLING, area="west"), "no area west"),
        (Route("PWR", BILLING, co=("nowhere",)), "no department nowhere"),
        (Route("PWR", SAFETY, handler="li"), "--role agent@power.safety"),
    ],
)
def test_what_cannot_be_a_route_is_refused(store: Store, house: House, route: Route, why: str) -> None:
    with store.writing() as work:
        furnished(work, house, agent("li"))
        with pytest.raises(StaffError, match=why):
            set_route(work, route, packs=house.packs, by=ADMIN)


# -- values -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written", ["08:30-12:00,13:30-18:00", "mon,wed,sat 22:00-06:00", "daily 00:00-00:00"]
)
def test_hours_are_read_and_written_alike(written: str) -> None:
    assert str(Hours.parse(written)) == written
    assert Hours.parse(written.upper()) == Hours.parse(written)


@pytest.mark.parametrize("written", ["", "9-5", "25:00-26:00", "monday 09:00-17:00", "09:00", "daily"])
def test_hours_that_cannot_be_read_say_how_to_write_them(written: str) -> None:
    with pytest.raises(ValueError, match=r"write 08:30-12:00"):
        Hours.parse(written)


@pytest.mark.parametrize(
    ("written", "local", "there"),
    [
        ("08:30-12:00,13:30-18:00", "2026-11-20T08:30", True),  # a Friday
        ("08:30-12:00,13:30-18:00", "2026-11-20T12:00", False),
        ("08:30-12:00,13:30-18:00", "2026-11-21T09:00", False),  # a Saturday
        ("08:30-12:00,13:30-18:00", "2026-10-01T09:00", False),  # a holiday
        ("08:30-12:00,13:30-18:00", "2026-10-10T09:00", True),  # a Saturday that is worked
        ("thu,fri 09:00-17:00", "2026-11-20T09:00", True),
        ("mon,tue 09:00-17:00", "2026-11-20T09:00", False),
        ("thu 09:00-17:00", "2026-10-01T09:00", False),  # a Thursday, and a holiday
        ("sat 09:00-17:00", "2026-11-21T09:00", True),
        ("fri 22:00-06:00", "2026-11-20T23:00", True),
        ("fri 22:00-06:00", "2026-11-21T05:59", True),  # Friday's night goes on
        ("fri 22:00-06:00", "2026-11-21T06:00", False),
        ("fri 22:00-06:00", "2026-11-20T05:00", False),
        ("daily 00:00-00:00", "2026-10-01T03:00", True),
    ],
)
def test_hours_hold_by_the_calendar_and_past_midnight(
    house: House, written: str, local: str, there: bool
) -> None:
    moment = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(house.zone)).astimezone(timezone.utc)
    assert Hours.parse(written).hold(moment, house.calendar) is there


def test_duty_goes_round_and_skips_who_is_away() -> None:
    weekly = Rota(("a", "b", "c"), date(2026, 11, 16))
    assert [weekly.on(date(2026, 11, 16) + n * DAY) for n in (0, 6, 7, 14, 21)] == ["a", "a", "b", "c", "a"]
    assert weekly.on(date(2026, 11, 15)) == "c"
    assert weekly.on(date(2026, 11, 16), away={"a"}) == "b"
    assert weekly.on(date(2026, 11, 16), away={"a", "b", "c"}) == ""
    daily = Rota(("a", "b"), date(2026, 11, 16), "day")
    assert [daily.on(date(2026, 11, 16) + n * DAY) for n in range(3)] == ["a", "b", "a"]
    assert Rota((), date(2026, 11, 16)).on(date(2026, 11, 16)) == ""


@pytest.mark.parametrize(
    ("category", "prefix", "holds"),
    [
        ("PWR-OUT-01", "", True), ("PWR-OUT-01", "PWR", True), ("PWR-OUT-01", "PWR-OUT", True),
        ("PWR-OUT-01", "PWR-OUT-01", True), ("PWR-OUT-01", "PWR-O", False), ("PWR-OUT-01", "GOV", False),
    ],
)  # fmt: skip
def test_a_prefix_holds_whole_parts_only(category: str, prefix: str, holds: bool) -> None:
    assert within(category, prefix) is holds
