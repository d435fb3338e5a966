"""Drafts, filing, and what a complainant can do with a ticket, on both databases."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from casework.conversations.model import Conversation
from casework.house import House
from casework.storage.tickets import ChangedMeanwhile
from casework.storage.work import Store, Work
from casework.tickets import acts
from casework.tickets.filing import Filing, file_ticket, make_promise
from casework.tickets.model import DetailValue, Intake, Ticket
from casework.tickets.states import Refused, State
from casework.words.people import Person
from tests.conftest import NOW

TOLD = Intake(
    description=("3号窗口没人",),
    category="GOV-ATT-03",
    category_certain=True,
    details={"contact": DetailValue("+8613812345678", "13812345678", "13812345678")},
    emotions=(("angry", 2),),
)


def talk(work: Work, address: str = "ann") -> Conversation:
    return work.conversations.open("web", address, now=NOW, profile={})


def file(work: Work, house: House, intake: Intake = TOLD, *, address: str = "ann") -> Ticket:
    chat = talk(work, address)
    draft = work.tickets.add_draft(
        conversation_id=chat.id, complainant_id=chat.complainant_id, language="zh", intake=intake, now=NOW
    )
    category = house.packs.category(intake.category)
    return file_ticket(work, draft, category, filing=Filing(calendar=house.calendar), now=NOW)


def test_a_filed_ticket_has_a_number_a_department_steps_and_dates(store: Store, house: House) -> None:
    with store.writing() as work:
        ticket = file(work, house)
    assert re.fullmatch(r"TS261120-\d{6}", ticket.number)
    assert ticket.state is State.TRIAGE
    promise = ticket.promise
    assert promise is not None
    assert promise.department == "政务中心督查科"
    assert len(promise.steps) >= 2
    assert (
        promise.resolution_at.astimezone(ZoneInfo("Asia/Shanghai")).isoformat() == "2026-11-27T18:00:00+08:00"
    )
    assert promise.first_contact_at < promise.resolution_at
    with store.reading() as work:
        assert [c.kind for c in work.clocks.of(ticket.id)] == ["triage", "first_contact", "resolution"]
        assert [e.action for e in work.tickets.history(ticket.id)] == ["submit", "acknowledge"]


def test_filing_the_same_draft_twice_gives_one_ticket(store: Store, house: House) -> None:
    with store.writing() as work:
        chat = talk(work)
        draft = work.tickets.add_draft(
            conversation_id=chat.id, complainant_id=chat.complainant_id, language="zh", intake=TOLD, now=NOW
        )
        category = house.packs.category("GOV-ATT-03")
        filing = Filing(calendar=house.calendar)
        first = file_ticket(work, draft, category, filing=filing, now=NOW)
        second = file_ticket(work, draft, category, filing=filing, now=NOW + timedelta(minutes=1))
        assert first.number == second.number
        assert len(work.tickets.of_complainant(chat.complainant_id)) == 1
        assert len(work.clocks.of(first.id)) == 3


def test_a_draft_survives_and_is_found_again(store: Store) -> None:
    with store.writing() as work:
        chat = talk(work)
        draft = work.tickets.add_draft(
            conversation_id=chat.id, complainant_id=chat.complainant_id, language="zh", intake=TOLD, now=NOW
        )
        grown = replace(TOLD, pending="when", pool=(("when", {"start": "x"}, "昨天", "昨天", 7),))
        work.tickets.save_draft(draft.id, grown, language="en", now=NOW)
    with store.reading() as work:
        found = work.tickets.draft(chat.id)
        assert found is not None
        assert found.intake == grown
        assert found.language == "en"


def test_every_category_makes_a_promise_in_both_languages_without_an_empty_brace(house: House) -> None:
    for code in house.packs.codes:
        for language in ("zh", "en"):
            promise = make_promise(
                house.packs.category(code),
                now=NOW,
                calendar=house.calendar,
                language=language,
                department="X",
            )
            assert len(promise.steps) >= 2
            assert not any("{" in step or "}" in step for step in promise.steps)
            assert promise.first_contact_at <= promise.resolution_at


def test_an_urge_has_one_effect_a_day_and_moves_no_date(store: Store, house: House) -> None:
    with store.writing() as work:
        ticket = file(work, house)
        due = [c.due_at for c in work.clocks.of(ticket.id)]
        first = acts.urge(work, ticket, text="快点", now=NOW)
        second = acts.urge(work, first.ticket, text="快点", now=NOW + timedelta(hours=23))
        third = acts.urge(work, second.ticket, text="快点", now=NOW + timedelta(hours=25))
        assert [first.counted, second.counted, third.counted] == [True, False, True]
        assert third.times == 2
        assert [c.due_at for c in work.clocks.of(ticket.id)] == due
        assert third.ticket.state is State.TRIAGE


def test_a_withdrawn_ticket_takes_no_supplement_and_can_be_restored(store: Store, house: House) -> None:
    with store.writing() as work:
        gone = acts.withdraw(work, file(work, house), text="算了", now=NOW)
        with pytest.raises(Refused):
            acts.supplement(work, gone, text="more", message_ids=[], now=NOW, calendar=house.calendar)
        assert (
            acts.restore(work, gone, now=NOW + timedelta(days=6), calendar=house.calendar).state
            is State.TRIAGE
        )


def test_two_changes_of_one_reading_are_told_apart(store: Store, house: House) -> None:
    with store.writing() as work:
        read = file(work, house)
        work.tickets.change(read, now=NOW, handler="Li")
        with pytest.raises(ChangedMeanwhile):
            work.tickets.change(read, now=NOW, handler="Wang")


@pytest.mark.parametrize(
    ("number_right", "tail", "found"),
    [(True, "5678", True), (True, "1234", False), (False, "5678", False), (True, "", False)],
)
def test_a_look_up_needs_number_and_tail(
    store: Store, house: House, number_right: bool, tail: str, found: bool
) -> None:
    with store.writing() as work:
        ticket = file(work, house)
        number = ticket.number if number_right else "TS261120-000000"
        assert (acts.by_number_and_tail(work, number, tail) is not None) is found


def test_a_ticket_without_a_phone_cannot_be_looked_up_at_all(store: Store, house: House) -> None:
    with store.writing() as work:
        ticket = file(work, house, replace(TOLD, details={}, anonymous=True))
        assert acts.by_number_and_tail(work, ticket.number, "") is None


@pytest.mark.parametrize(
    "written", ["TS261120-123456", "ts261120-123456", "TS 261120 - 123456", "单号TS261120123456吗"]
)
def test_a_number_is_found_however_it_is_written(written: str) -> None:
    assert acts.find_number(written) == "TS261120-123456"


def test_personal_words_cannot_be_read_in_the_database_file(store: Store, house: House) -> None:
    if not store.database.is_sqlite:
        pytest.skip("looks into the file of SQLite")
    with store.writing() as work:
        file(work, house)
    store.database.dispose()
    path = store.database.url.removeprefix("sqlite:///")
    content = b"".join(p.read_bytes() for p in Path(path).parent.glob("tingsu.db*"))
    assert "3号窗口没人".encode() not in content
    assert b"13812345678" not in content
    assert b"GOV-ATT-03" in content


def test_the_kind_of_person_is_kept_with_the_words_that_show_it(store: Store, house: House) -> None:
    with store.writing() as work:
        chat = talk(work)
        draft = work.tickets.add_draft(
            conversation_id=chat.id, complainant_id=chat.complainant_id, language="zh", intake=TOLD, now=NOW
        )
        filing = Filing(calendar=house.calendar, person=Person("L", ("十年老用户",)))
        ticket = file_ticket(work, draft, house.packs.category("GOV-ATT-03"), filing=filing, now=NOW)
        assert ticket.score["person"] == {"kind": "L", "reasons": ["十年老用户"]}


def test_a_score_keeps_its_inputs_and_the_words_they_came_from(store: Store, house: House) -> None:
    hall = DetailValue("市民中心", "市民中心", "市民中心")
    told = replace(
        TOLD,
        description=("3号窗口没人，老人等了两个钟头，今晚就要用的证",),
        details={**TOLD.details, "hall": hall},
    )
    person = Person("I", ("发到网上",))
    with store.writing() as work:
        for address in ("ann", "bob", "cem"):
            file(work, house, told, address=address)
        chat = talk(work)
        draft = work.tickets.add_draft(
            conversation_id=chat.id, complainant_id=chat.complainant_id, language="zh", intake=told, now=NOW
        )
        filing = Filing(calendar=house.calendar, person=person)
        score = file_ticket(work, draft, house.packs.category(told.category), filing=filing, now=NOW).score
    assert score["inputs"] == {
        "severity": 3, "urgency": 4, "vulnerability": 2, "repeat": 2, "emotion": 3, "modifiers": 16,
    }  # fmt: skip
    assert score["words"] == {
        "severity": "GOV-ATT-03", "urgency": "今晚", "vulnerability": "老人", "emotion": "angry 2",
        "modifiers": "public, several",
    }  # fmt: skip
    assert score["points"] == pytest.approx(24 + 20 + 6 + 4.8 + 4.8 + 16)
