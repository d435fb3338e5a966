"""What a complaint names, what it repeats, and what staff see of it, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import select

from casework.house import House
from casework.storage.database import Database
from casework.storage.tables_matching import ticket_keys
from casework.storage.work import Store, Work
from casework.tickets.filing import Filing, file_ticket
from casework.tickets.marks import Mark, area_of, marks, plain
from casework.tickets.model import DetailValue, Intake, Ticket
from casework.tickets.repeats import is_repeat
from casework.tickets.states import State
from tests.casework.test_filing import talk
from tests.conftest import NOW

DAY = timedelta(days=1)


def told(
    text: str = "楼上半夜装修，吵得睡不着", place: str = "阳光小区3号楼", category: str = "GOV-ENV-01"
) -> Intake:
    details = {"place": DetailValue(place, place, place)} if place else {}
    return Intake(description=(text,), category=category, details=details)


def file(work: Work, house: House, intake: Intake, *, address: str = "ann", now: datetime = NOW) -> Ticket:
    chat = talk(work, address)
    draft = work.tickets.add_draft(
        conversation_id=chat.id, complainant_id=chat.complainant_id, language="zh", intake=intake, now=now
    )
    filing = Filing(calendar=house.calendar, clusters=house.clusters)
    return file_ticket(work, draft, house.packs.category(intake.category), filing=filing, now=now)


# -- what it names --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("我们阳光小区三号楼", "阳光小区3号楼"),
        ("陽光小區３號樓", "阳光小区3号楼"),
        ("阳光小区 3 号楼门口", "阳光小区3号楼"),
        ("二十三栋楼下", "23栋"),
        ("the Rose St. entrance", "rose street"),
    ],
)
def test_one_place_is_written_in_many_ways(said: str, meant: str) -> None:
    assert plain(said) == meant


@pytest.mark.parametrize(
    ("place", "area"),
    [
        ("阳光小区3号楼电梯", "阳光小区"),
        ("人民路120号", "人民路"),
        ("flat 4 12 rose lane camden", "rose lane"),
        ("小区", ""),
        ("1203", ""),
        ("the street", ""),
    ],
)
def test_an_area_is_an_estate_a_street_or_a_house_with_a_name(place: str, area: str) -> None:
    assert area_of(place) == area


def test_marks_are_the_thing_the_place_the_area_and_the_party(house: House) -> None:
    category = house.packs.category("GOV-ATT-03")
    details = {
        "hall": DetailValue("北京市朝阳区市民中心一楼", "市民中心一楼", ""),
        "window_or_staff": DetailValue("3号窗口", "3号窗口", ""),
        "contact": DetailValue("+8613812345678", "13812345678", ""),
    }
    assert marks(category, details) == (
        Mark("place", "GOV-ATT 市民中心1楼"),
        Mark("area", "GOV-ATT 市民中心"),
        Mark("party", "GOV-ATT 市民中心 3号窗口"),
    )


def test_a_number_is_a_thing_and_the_number_of_another_case_is_not(house: House) -> None:
    category = house.packs.category("PWR-PRG-01")
    details = {"earlier_no": DetailValue({"number": "TS261101-123456", "label": "ticket"}, "", "")}
    assert marks(category, details) == ()
    bill = house.packs.category("PWR-BIL-01")
    account = {"account": DetailValue({"number": "0123-4567-89", "label": "account"}, "", "")}
    assert marks(bill, account) == (Mark("object", "0123456789"),)
    assert marks(bill, {"account": DetailValue({"number": "4567", "label": ""}, "", "")}) == ()


def test_positions_on_the_map_are_one_place_when_they_are_a_few_steps_apart(house: House) -> None:
    category = house.packs.category("GOV-ENV-01")
    near, nearer, far = (
        marks(category, {"place": DetailValue(pin, pin, pin)})
        for pin in ("31.23042, 121.47371", "31.23019, 121.47402", "31.24042, 121.47371")
    )
    assert near == nearer != far
    assert [mark.kind for mark in near] == ["place"]


def test_nothing_of_a_place_can_be_read_in_its_key(store: Store, house: House) -> None:
    with store.writing() as work:
        file(work, house, told())
    with store.database.reading() as connection:
        rows = connection.execute(select(ticket_keys)).all()
    assert {row.kind for row in rows} == {"place", "area"}
    assert all(len(row.key) == 32 and int(row.key, 16) for row in rows)


def test_what_is_known_is_found_after_the_data_key_was_changed(
    database_url: str, data_key: str, house: House
) -> None:
    before = Store(Database(database_url, keys=(data_key,)))
    before.database.migrate()
    with before.writing() as work:
        first = file(work, house, told())
    after = Store(Database(database_url, keys=(Fernet.generate_key().decode(), data_key)))
    with after.writing() as work:
        second = file(work, house, told(), address="bob")
        assert [link.earlier_id for link in work.matching.links_of([second.id])[second.id]] == [first.id]
    for store in (before, after):
        store.database.dispose()


# -- what it repeats --------------------------------------------------------------------------------------------


def test_a_repeat_of_the_same_person_weighs_and_is_kept_with_score_and_reasons(
    store: Store, house: House
) -> None:
    with store.writing() as work:
        first = file(work, house, told())
        second = file(work, house, told("楼上又在半夜装修，吵得睡不着"))
        (link,) = work.matching.links_of([second.id])[second.id]
        noted = work.tickets.history(second.id)[-1]
    assert second.score["inputs"]["repeat"] == 2
    assert second.score["points"] > first.score["points"]
    assert (link.earlier_id, link.kind, link.likeness) == (first.id, "similar", 1.0)
    assert set(link.reasons) == {"person", "category", "place", "area", "words", "again"}
    assert noted.action == "repeat"
    assert noted.data["earlier"][0]["number"] == first.number


def test_somebody_elses_case_of_the_same_place_is_shown_and_does_not_weigh(
    store: Store, house: House
) -> None:
    with store.writing() as work:
        first = file(work, house, told())
        second = file(work, house, told("隔壁夜里敲墙"), address="bob")
        (link,) = work.matching.links_of([second.id])[second.id]
    assert second.score["inputs"]["repeat"] == 0
    assert link.earlier_id == first.id
    assert "person" not in link.reasons
    assert "place" in link.reasons


def test_other_trouble_at_the_same_place_is_no_repeat(store: Store, house: House) -> None:
    with store.writing() as work:
        file(work, house, told())
        other = file(work, house, told("暖气一点不热", category="GOV-UTL-02"), address="bob")
        assert work.matching.links_of([other.id]) == {}


def test_what_follows_a_case_that_is_over_is_a_repeat_and_what_joins_an_open_one_is_not(
    store: Store, house: House
) -> None:
    with store.writing() as work:
        first = file(work, house, told())
        second = file(work, house, told(), address="bob")
        assert not is_repeat(work.matching.links_of([second.id])[second.id])
        work.tickets.change(first, now=NOW, state=State.CLOSED, resolved_at=NOW)
        third = file(work, house, told(), address="cem")
        links = work.matching.links_of([third.id])[third.id]
    assert is_repeat(links)
    assert {link.earlier_id: link.kind for link in links} == {first.id: "follows", second.id: "similar"}


def test_after_ninety_days_and_after_taking_back_nothing_is_repeated(store: Store, house: House) -> None:
    with store.writing() as work:
        first = file(work, house, told())
        late = file(work, house, told(), now=NOW + 91 * DAY)
        assert late.score["inputs"]["repeat"] == 0
        for ticket in (first, late):
            work.tickets.change(work.tickets.get(ticket.id), now=NOW, state=State.WITHDRAWN)
        other = file(work, house, told(), address="bob", now=NOW + 91 * DAY)
        assert work.matching.links_of([late.id, other.id]) == {}


@pytest.mark.parametrize(("before", "weighs"), [(0, 0), (1, 2), (2, 3), (3, 5), (4, 5)])
def test_how_often_it_was_told_before_weighs(store: Store, house: House, before: int, weighs: int) -> None:
    with store.writing() as work:
        for _ in range(before):
            file(work, house, told())
        assert file(work, house, told()).score["inputs"]["repeat"] == weighs


def test_a_repeat_of_a_case_that_was_reopened_weighs_more(store: Store, house: House) -> None:
    with store.writing() as work:
        work.tickets.change(file(work, house, told()), now=NOW, cycle=2)
        assert file(work, house, told()).score["inputs"]["repeat"] == 4


def test_what_somebody_named_is_forgotten_with_them(store: Store, house: House) -> None:
    with store.writing() as work:
        first = file(work, house, told())
        work.people.erase(first.complainant_id, stand_in="x", now=NOW)
        other = file(work, house, told(), address="bob")
        assert work.matching.links_of([other.id]) == {}


def test_a_place_alone_is_not_enough_when_it_is_everybodys(store: Store, house: House) -> None:
    with store.writing() as work:
        file(work, house, told(place="小区门口"))
        other = file(work, house, told(place="小区门口"), address="bob")
        assert work.matching.links_of([other.id]) == {}
