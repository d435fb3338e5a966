"""Who gets a case: department by category and area, then a person, fairly and only who can and is there."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.showing import suggestion_json
from casework.house import House
from casework.staff import routing
from casework.staff.covering import cover
from casework.staff.model import HOUSE, Absence, Department, Hours, Member, Rota, Route
from casework.staff.organising import (
    add_absence,
    change_member,
    remove_member,
    set_area,
    set_department,
    set_route,
)
from casework.staff.routing import WEIGHTS, Candidate, area_of, fair
from casework.storage.tickets import ChangedMeanwhile
from casework.storage.work import Store, Work
from casework.text import Text
from casework.tickets import handling
from casework.tickets.alarms import scan
from casework.tickets.assigning import suggest
from casework.tickets.handling import Desk, Incomplete
from casework.tickets.model import DetailValue, Ticket
from casework.tickets.states import Refused, Role, State
from casework.tickets.steps import Rules
from tests.casework.test_filing import TOLD, file
from tests.casework.test_lifecycle import LEAD, RESULT, Staff
from tests.casework.test_staff import ADMIN, BILLING, DAY, SAFETY, agent, furnished, member
from tests.conftest import NOW

SUPERVISION = "government.supervision"
HALL = "government.hall"
#: A Friday evening in Shanghai.
EVENING = NOW + timedelta(hours=8)
OUTAGE = replace(TOLD, category="PWR-OUT-01", details={})


def first(_: int) -> int:
    return 0


def in_hall(login: str, **values: object) -> Member:
    return agent(login, SUPERVISION, **values)


def accept(work: Work, house: House, ticket: Ticket, *, now: datetime = NOW, **told: object) -> Ticket:
    desk = Desk(work, Rules(house.packs, house.calendar), LEAD, now, chance=first)
    return handling.act(desk, ticket, "accept", told)


def chosen(work: Work, ticket: Ticket) -> Mapping[str, object]:
    event = next(e for e in reversed(work.tickets.history(ticket.id)) if e.action == "accept")
    found: Mapping[str, object] = event.data["chosen"]
    return found


def at(text: str) -> dict[str, DetailValue]:
    return {"place": DetailValue(None, text, text)}


# -- from category and place to a department --------------------------------------------------------------------


def test_without_a_table_a_case_goes_where_its_pack_says(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(work, house)
        assert file(work, house).department == SUPERVISION


def test_the_receipt_names_the_department_that_the_table_names(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(work, house)
        set_department(work, Department("north.hall", Text("北区大厅", "North hall")), by=ADMIN)
        set_area(work, "north", ["北苑"], by=ADMIN)
        set_route(work, Route("GOV-ATT", "north.hall", area="north"), packs=house.packs, by=ADMIN)
        there = file(work, house, replace(TOLD, details=at("北苑政务大厅")))
        elsewhere = file(work, house, replace(TOLD, details=at("南苑政务大厅")), address="bob")
        unsaid = file(work, house, replace(TOLD, description=("北苑窗口没人",)), address="cat")
        assert there.promise is not None
        assert (there.department, there.promise.department) == ("north.hall", "北区大厅")
        assert not any("政务中心督查科" in step for step in there.promise.steps)
        noted = next(e for e in work.tickets.history(there.id) if e.action == "acknowledge")
        assert noted.data == {"department": "north.hall", "area": "north", "prefix": "GOV-ATT"}
        # What is told in passing is no place that was given.
        assert elsewhere.department == unsaid.department == SUPERVISION


def test_the_organisation_s_own_name_of_a_department_is_what_people_read(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(work, house)
        set_department(work, Department(SUPERVISION, Text("督查一科", "Supervision 1")), by=ADMIN)
        promise = file(work, house).promise
        assert promise is not None
        assert promise.department == "督查一科"
        assert routing.name_of(work, SUPERVISION, "en") == "Supervision 1"


def test_the_longest_prefix_counts_and_of_these_the_one_with_the_area(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(work, house)
        set_area(work, "north", ["北苑"], by=ADMIN)
        for prefix, area, unit in (
            ("", "", HALL), ("GOV", "north", BILLING), ("GOV-ATT", "", SAFETY), ("GOV-ATT", "north", "power.quality"),
        ):  # fmt: skip
            set_route(work, Route(prefix, unit, area=area), packs=house.packs, by=ADMIN)

        def department(code: str, place: str) -> str:
            return routing.place(work, house.packs.category(code), at(place), default="x").department

        assert department("GOV-ATT-03", "北苑") == "power.quality"
        assert department("GOV-ATT-03", "南苑") == SAFETY
        assert department("GOV-LAB-01", "北苑") == BILLING
        assert department("GOV-LAB-01", "南苑") == HALL
        assert department("PWR-OUT-01", "北苑") == HALL


def test_another_category_moves_a_case_that_nobody_has_by_the_table(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(work, house)
        set_route(work, Route("PWR", SAFETY), packs=house.packs, by=ADMIN)
        staff = Staff(work, house)
        assert staff.do(LEAD, "reclassify", category="PWR-BIL-01", reason="x").department == SAFETY


WORDS = {
    "北苑": "north", "North Street": "north", "Street": "south", "1号院": "one", "一号院": "one",
    "南北苑": "middle", "Oak": "oak",
}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "area"),
    [
        (["北苑3号楼"], "north"),
        (["12 north street"], "north"),  # the Street inside is not meant
        (["Market Street"], "south"),
        (["南北苑"], "middle"),
        (["北苑, Market Street"], ""),  # two areas
        (["北苑", "North Street"], "north"),
        (["1号院"], "one"),
        (["11号院"], ""),
        (["十一号院"], ""),
        (["第一号院"], "one"),
        (["Oakley Road"], ""),
        (["the Oak."], "oak"),
        ([], ""),
    ],
)
def test_an_area_is_known_by_written_words_alone(said: list[str], area: str) -> None:
    assert area_of(said, WORDS) == area


# -- from a department to a person ------------------------------------------------------------------------------


def test_accepting_without_a_name_chooses_and_says_why(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(work, house, in_hall("li"), in_hall("wang"))
        one = accept(work, house, file(work, house))
        other = accept(work, house, file(work, house, address="bob"), now=NOW + timedelta(minutes=1))
        assert {one.handler, other.handler} == {"li", "wang"}
        assert chosen(work, one) == {"area": "", "reason": "fair"}
        li = work.staff.member(one.handler)
        assert li is not None
        assert li.given_at == NOW


def test_what_is_suggested_is_what_accepting_does(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(work, house, in_hall("li"), in_hall("wang"))
        accept(work, house, file(work, house, address="bob"), handler="li")
        ticket = file(work, house)
        shown = suggestion_json(work, ticket, house, now=NOW)
        assert shown == {"department": SUPERVISION, "handler": "wang", "area": "", "reason": "fair"}
        taken = accept(work, house, ticket)
        assert taken.handler == "wang"
        assert suggestion_json(work, taken, house, now=NOW) is None


def test_who_cannot_who_is_away_and_who_is_out_of_hours_is_not_chosen(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(
            work, house, in_hall("skilled", skills=("GOV-LAB",)), in_hall("english", languages=("en",)),
            in_hall("away"), in_hall("nights", hours=Hours.parse("daily 18:00-06:00")), in_hall("left"),
            agent("other", BILLING), member("lead", (SUPERVISION, Role.LEAD)),
        )  # fmt: skip
        add_absence(work, Absence("away", NOW, NOW + DAY), by=ADMIN)
        remove_member(work, "left", by=ADMIN)
        ticket = file(work, house)
        desk = Desk(work, Rules(house.packs, house.calendar), LEAD, NOW, chance=first)
        assert (suggest(desk, ticket).handler, suggest(desk, ticket).reason) == ("nights", "later")
        evening = replace(desk, now=EVENING)
        assert (suggest(evening, ticket).handler, suggest(evening, ticket).reason) == ("nights", "fair")
        add_absence(work, Absence("nights", NOW, NOW + DAY), by=ADMIN)
        assert (suggest(desk, ticket).handler, suggest(desk, ticket).reason) == ("", "nobody")
        unowned = accept(work, house, ticket)
        assert (unowned.state, unowned.handler) == (State.ASSIGNED, "")


def test_an_agent_of_the_whole_house_helps_every_department(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(work, house, member("all", (HOUSE, Role.AGENT)))
        assert accept(work, house, file(work, house)).handler == "all"


def test_the_hours_of_a_department_or_of_the_one_above_it_hold_for_its_people(
    store: Store, house: House
) -> None:
    with store.writing() as work:
        furnished(work, house, in_hall("li"), in_hall("wang", hours=Hours.parse("08:30-18:00")))
        nights = Hours.parse("daily 19:00-05:00")
        set_department(work, Department("above", Text("上", "Above"), hours=nights), by=ADMIN)
        set_department(work, Department(SUPERVISION, Text("督", "S"), parent="above"), by=ADMIN)
        assert accept(work, house, file(work, house), now=NOW).handler == "wang"
        assert accept(work, house, file(work, house, address="b"), now=EVENING).handler == "li"


def test_a_route_names_a_person_and_their_stand_in(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(work, house, in_hall("li"), in_hall("wang"), in_hall("chen"))
        set_route(work, Route("GOV-ATT", SUPERVISION, handler="wang"), packs=house.packs, by=ADMIN)
        tickets = [file(work, house, address=f"p{n}") for n in range(4)]
        assert accept(work, house, tickets[0]).handler == "wang"
        assert chosen(work, tickets[0])["reason"] == "route"
        add_absence(work, Absence("wang", NOW, NOW + DAY, "chen"), by=ADMIN)
        assert accept(work, house, tickets[1]).handler == "chen"
        assert chosen(work, tickets[1])["reason"] == "stand_in"
        add_absence(work, Absence("chen", NOW, NOW + DAY), by=ADMIN)
        assert accept(work, house, tickets[2]).handler == "li"


def test_departments_that_help_get_a_task(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(work, house, in_hall("li"))
        set_route(work, Route("GOV-ATT", SUPERVISION, co=(HALL, SAFETY)), packs=house.packs, by=ADMIN)
        ticket = accept(work, house, file(work, house))
        found = [(task.kind, task.department) for task in work.clocks.tasks(ticket.id)]
        assert found == [("co_handling", HALL), ("co_handling", SAFETY)]


def test_outside_hours_an_urgent_case_goes_to_the_duty_officer(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(work, house, in_hall("li"), in_hall("wang"), in_hall("chen"))
        rota = Rota(("chen", "wang"), date(2026, 11, 16))
        set_department(work, Department(SUPERVISION, Text("督", "S"), rota=rota), by=ADMIN)

        def goes_to(priority: str, *, now: datetime, address: str) -> tuple[str, object]:
            ticket = work.tickets.change(file(work, house, address=address), now=NOW, priority=priority)
            taken = accept(work, house, ticket, now=now)
            return taken.handler, chosen(work, taken)["reason"]

        assert goes_to("P1", now=EVENING, address="a") == ("chen", "duty")
        assert goes_to("P2", now=EVENING, address="b")[1] == "later"
        assert goes_to("P1", now=NOW, address="c")[1] == "fair"
        add_absence(work, Absence("chen", NOW, NOW + DAY), by=ADMIN)
        assert goes_to("P0", now=EVENING, address="d") == ("wang", "duty")
        add_absence(work, Absence("wang", NOW, NOW + DAY), by=ADMIN)
        assert goes_to("P0", now=EVENING, address="e") == ("", "nobody")


def test_who_decided_an_earlier_round_or_gave_it_back_is_not_chosen(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(work, house, in_hall("li"), in_hall("wang"), in_hall("chen"))
        accept(work, house, file(work, house, address="bob"), handler="chen")  # so that it is not chen's turn
        staff = Staff(work, house)
        staff.do(LEAD, "accept", handler="li")
        staff.do(replace(LEAD, role=Role.AGENT, name="li"), "sign")
        staff.do(replace(LEAD, role=Role.AGENT, name="li"), "resolve", **RESULT)
        staff.dispute()
        staff.do(LEAD, "accept", handler="wang")
        staff.do(replace(LEAD, role=Role.AGENT, name="wang"), "return", reason="not ours")
        assert staff.do(LEAD, "accept").handler == "chen"
        with pytest.raises(Refused, match="li decided an earlier round"):
            staff.do(LEAD, "reassign", handler="li")


def test_a_handler_who_is_named_has_to_work_in_the_department(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(work, house, in_hall("li"), agent("bill", BILLING), in_hall("left"))
        remove_member(work, "left", by=ADMIN)
        ticket = file(work, house)
        for name, why in (("ghost", "nobody of staff"), ("left", "nobody of staff"), ("bill", "is not of")):
            with pytest.raises(Incomplete, match=why):
                accept(work, house, ticket, handler=name)
        with pytest.raises(Incomplete, match="there is no power"):
            accept(work, house, ticket, department="power.kitchen")
        moved = accept(work, house, ticket, department=BILLING, handler="bill")
        assert (moved.department, moved.handler) == (BILLING, "bill")


# -- fairness ---------------------------------------------------------------------------------------------------


def candidates(loads: Mapping[str, int], given_at: Mapping[str, datetime]) -> list[Candidate]:
    return [
        Candidate(Member(login, login, given_at=given_at.get(login)), load) for login, load in loads.items()
    ]


@given(
    people=st.integers(1, 7),
    arriving=st.lists(st.sampled_from(sorted(WEIGHTS)), max_size=80),
    ending=st.data(),
)
def test_loads_of_equals_differ_by_at_most_the_heaviest_case(
    people: int, arriving: list[str], ending: st.DataObject
) -> None:
    loads = {f"m{n}": 0 for n in range(people)}
    given_at: dict[str, datetime] = {}
    for number, priority in enumerate(arriving):
        found = fair(candidates(loads, given_at), lambda n: ending.draw(st.integers(0, n - 1)))
        assert found is not None
        assert loads[found.login] == min(loads.values())
        loads[found.login] += WEIGHTS[priority]
        given_at[found.login] = NOW + timedelta(minutes=number)
        assert max(loads.values()) - min(loads.values()) <= max(WEIGHTS[p] for p in arriving[: number + 1])


@given(
    loads=st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(0, 3), min_size=1),
    minutes=st.lists(st.none() | st.integers(0, 3), min_size=40, max_size=40),
    pick=st.integers(0, 10**6),
)
def test_ties_go_to_who_has_been_longest_without_a_case_and_chance_decides_the_rest(
    loads: dict[str, int], minutes: list[int | None], pick: int
) -> None:
    given_at = {
        login: NOW + timedelta(minutes=m) for login, m in zip(loads, minutes, strict=False) if m is not None
    }
    asked: list[int] = []

    def chance(n: int) -> int:
        asked.append(n)
        return pick % n

    people = candidates(loads, given_at)
    found = fair(people, chance)
    assert found == fair(people, lambda n: pick % n)
    least = [c.member for c in people if c.load == min(loads.values())]
    longest = [m for m in least if (m.given_at or NOW - DAY) == min(p.given_at or NOW - DAY for p in least)]
    assert found in longest
    assert asked == ([len(longest)] if len(longest) > 1 else [])


def test_nobody_is_chosen_from_nobody() -> None:
    assert fair([], first) is None


def test_open_cases_are_weighed_and_those_that_are_over_are_not(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(work, house, in_hall("li"), in_hall("wang"))
        heavy = work.tickets.change(file(work, house), now=NOW, priority="P1")
        accept(work, house, heavy, handler="li")
        for number in range(4):
            ticket = work.tickets.change(file(work, house, address=f"w{number}"), now=NOW, priority="P3")
            accept(work, house, ticket, handler="wang")
        over = Staff(work, house, file(work, house, address="z"))
        over.do(LEAD, "accept", handler="wang")
        over.do(replace(LEAD, role=Role.AGENT, name="wang"), "sign")
        over.do(replace(LEAD, role=Role.AGENT, name="wang"), "resolve", **RESULT)
        held = work.staff.open_cases(["li", "wang", "new"])
        assert held == {"li": {"P1": 1}, "wang": {"P3": 4}, "new": {}}
        assert routing.load(held["li"]) == routing.load(held["wang"]) == 4


def test_cases_accepted_at_once_are_spread_and_none_is_lost(
    store: Store, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slowly(people: list[Candidate], chance: routing.Chance) -> Member | None:
        time.sleep(0.02)  # between seeing the loads and writing the choice
        return fair(people, chance)

    monkeypatch.setattr(routing, "fair", slowly)
    with store.writing() as work:
        furnished(work, house, *(in_hall(f"m{n}") for n in range(4)))
        filed = [file(work, house, address=f"p{n}") for n in range(4)]
    lost: list[BaseException] = []
    start = threading.Barrier(4)

    def accepts(ticket: Ticket) -> None:
        start.wait()
        try:
            with store.writing() as work:
                accept(work, house, work.tickets.get(ticket.id))
        except BaseException as error:  # shown by the assertion below
            lost.append(error)

    threads = [threading.Thread(target=accepts, args=(ticket,)) for ticket in filed]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lost == []
    with store.reading() as work:
        assert Counter(work.tickets.get(t.id).handler for t in filed) == {f"m{n}": 1 for n in range(4)}


def test_of_two_who_accept_one_case_at_once_one_wins(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(work, house, in_hall("li"), in_hall("wang"))
        ticket = file(work, house)
    results: list[str] = []
    start = threading.Barrier(2)

    def accepts() -> None:
        start.wait()
        try:
            with store.writing() as work:
                results.append(accept(work, house, ticket).handler)
        except ChangedMeanwhile:
            results.append("")

    threads = [threading.Thread(target=accepts) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as work:
        assert sorted(results) == ["", work.tickets.get(ticket.id).handler]
        held = work.staff.open_cases(["li", "wang"])
        assert sum(routing.load(cases) for cases in held.values()) == WEIGHTS[ticket.priority]


# -- who is away ------------------------------------------------------------------------------------------------


def due(work: Work, ticket: Ticket) -> datetime:
    return next(c.due_at for c in work.clocks.of(ticket.id) if c.kind == "resolution")


def handled_by(work: Work, house: House, login: str, *, address: str = "ann") -> Ticket:
    staff = Staff(work, house, file(work, house, address=address))
    staff.do(LEAD, "accept", handler=login)
    staff.do(replace(LEAD, role=Role.AGENT, name=login), "sign")
    return staff.do(replace(LEAD, role=Role.AGENT, name=login), "contact", note="called")


def moved(work: Work, house: House, *, now: datetime = NOW + DAY) -> list[tuple[str, str]]:
    return [(t.number, t.handler) for t in cover(work, now, calendar=house.calendar)]


def test_a_case_that_cannot_wait_goes_to_the_stand_in(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(work, house, in_hall("li"), in_hall("wang"))
        ticket = handled_by(work, house, "li")
        add_absence(work, Absence("li", NOW + DAY, NOW + 20 * DAY, "wang"), by=ADMIN)
        assert moved(work, house, now=NOW) == []
        assert moved(work, house) == [(ticket.number, "wang")]
        assert moved(work, house) == []
        kept = work.tickets.get(ticket.id)
        assert (kept.state, kept.handler) == (State.IN_PROGRESS, "wang")
        event = work.tickets.history(ticket.id)[-1]
        assert (event.action, event.actor) == ("reassign", "system")
        assert event.data == {"was": "li", "handler": "wang", "reason": "absent"}


def test_a_case_that_can_wait_stays(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(work, house, in_hall("li"), in_hall("wang"))
        ticket = handled_by(work, house, "li")
        assert due(work, ticket) > NOW + 3 * DAY
        add_absence(work, Absence("li", NOW, NOW + 3 * DAY, "wang"), by=ADMIN)
        assert moved(work, house) == []


def test_without_a_stand_in_a_case_goes_back_to_the_lead_s_list(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(work, house, in_hall("li"), member("zhao", (SUPERVISION, Role.LEAD)))
        ticket = handled_by(work, house, "li")
        add_absence(work, Absence("li", NOW, NOW + 20 * DAY), by=ADMIN)
        assert moved(work, house) == [(ticket.number, "")]
        given = scan(work, NOW + 20 * DAY, calendar=house.calendar)
        told = {who for alarm in given if alarm.kind == "resolution" for who in alarm.told}
        assert told == {("lead", "zhao"), ("supervisor", "root")}


def test_cases_of_somebody_who_left_go_back_at_once(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(work, house, in_hall("li"))
        ticket = handled_by(work, house, "li")
        assert moved(work, house, now=NOW) == []
        remove_member(work, "li", by=ADMIN)
        assert moved(work, house, now=NOW) == [(ticket.number, "")]
        assert work.tickets.history(ticket.id)[-1].data["reason"] == "left"


def test_a_stand_in_who_decided_an_earlier_round_does_not_get_it(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(work, house, in_hall("li"), in_hall("wang"))
        staff = Staff(work, house, handled_by(work, house, "wang"))
        staff.now = NOW + timedelta(hours=5)
        staff.do(replace(LEAD, role=Role.AGENT, name="wang"), "resolve", **RESULT)
        staff.dispute().do(LEAD, "accept", handler="li")
        add_absence(work, Absence("li", NOW, NOW + 20 * DAY, "wang"), by=ADMIN)
        assert moved(work, house) == [(staff.ticket.number, "")]


def test_stand_ins_are_followed_and_a_ring_of_them_ends(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(work, house, in_hall("a"), in_hall("b"), in_hall("c"))
        ticket = handled_by(work, house, "a")
        add_absence(work, Absence("a", NOW, NOW + 20 * DAY, "b"), by=ADMIN)
        add_absence(work, Absence("b", NOW, NOW + 20 * DAY, "c"), by=ADMIN)
        ring = Absence("c", NOW, NOW + 20 * DAY, "a")
        assert moved(work, house) == [(ticket.number, "c")]
        add_absence(work, ring, by=ADMIN)
        assert moved(work, house) == [(ticket.number, "")]


# -- who is told ------------------------------------------------------------------------------------------------


def told_at(
    work: Work, house: House, *, days: float, kind: str = "resolution"
) -> dict[int, list[tuple[str, str]]]:
    alarms = scan(work, NOW + days * DAY, calendar=house.calendar)
    return {alarm.level: list(alarm.told) for alarm in alarms if alarm.kind == kind}


def test_alarms_reach_people(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(
            work, house, in_hall("li"), member("zhao", (SUPERVISION, Role.LEAD)),
            member("sun", (HOUSE, Role.SUPERVISOR)),
        )  # fmt: skip
        ticket = handled_by(work, house, "li")
        told = told_at(work, house, days=60)
        assert told[50] == [("owner", "li")]
        assert told[100] == [("owner", "li"), ("lead", "zhao")]
        assert told[150] == [("lead", "zhao"), ("supervisor", "sun")]
        (order,) = work.clocks.tasks(ticket.id, kind="supervision")
        assert order.assignee == "sun"


def test_a_department_without_a_lead_is_led_from_above(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(work, house, in_hall("li"), in_hall("wang"))
        set_department(work, Department("above", Text("上", "Above")), by=ADMIN)
        set_department(work, Department(SUPERVISION, Text("督", "S"), parent="above"), by=ADMIN)
        change_member(work, "wang", {"roles": {"above": frozenset({Role.LEAD})}}, by=ADMIN)
        handled_by(work, house, "li")
        assert told_at(work, house, days=60)[80] == [("owner", "li"), ("lead", "wang")]


def test_who_is_away_is_told_through_the_stand_in(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(
            work, house, in_hall("li"), in_hall("wang"), member("zhao", (SUPERVISION, Role.LEAD)),
            member("qian", (SUPERVISION, Role.LEAD)),
        )  # fmt: skip
        handled_by(work, house, "li")
        add_absence(work, Absence("li", NOW, NOW + 90 * DAY, "wang"), by=ADMIN)
        add_absence(work, Absence("zhao", NOW, NOW + 90 * DAY), by=ADMIN)
        assert told_at(work, house, days=60)[80] == [("owner", "wang"), ("lead", "qian")]


def test_a_case_nobody_sorted_reaches_who_leads_the_sorting_or_is_on_duty(store: Store, house: House) -> None:
    with store.writing() as work:
        furnished(work, house, member("gate", (HOUSE, Role.LEAD)), in_hall("duty"))
        rota = Rota(("duty",), date(2026, 11, 16))
        set_department(work, Department(SUPERVISION, Text("督", "S"), rota=rota), by=ADMIN)
        urgent = file(work, house, replace(TOLD, emergency="fire", emergency_level="P0"))
        evening = scan(work, EVENING, calendar=house.calendar)
        assert [alarm.told for alarm in evening if alarm.kind == "triage"][:1] == [
            (("triage_lead", "duty"), ("triage_lead", "gate"))
        ]
        work.tickets.change(work.tickets.get(urgent.id), now=NOW, priority="P3")
        late = [a.told for a in scan(work, NOW + 30 * DAY, calendar=house.calendar) if a.level == 50]
        assert set(late) == {(("triage_lead", "gate"),)}


def test_a_role_that_nobody_has_stays_without_a_name(store: Store, house: House) -> None:
    with store.writing() as work:
        file(work, house)
        assert told_at(work, house, days=60)[150] == [("triage_lead", ""), ("supervisor", "")]
