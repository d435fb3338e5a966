"""Danger marks the complaint that is being told for staff; clocks that run out are told of once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from app.timekeeper import Timekeeper
from casework.house import House
from casework.storage.work import Store
from casework.tickets import acts, clocks
from casework.tickets.alarms import alarm_seen, drop_draft, open_alarms, raise_alarm, scan, whom
from casework.tickets.model import Intake, Ticket
from casework.tickets.states import State
from tests.casework.test_filing import file
from tests.casework.test_lifecycle import HOUR, LI, Staff
from tests.conftest import NOW


def _draft(store: Store) -> Ticket:
    with store.writing() as work:
        chat = work.conversations.open("web", "ann", now=NOW, profile={})
        return work.tickets.add_draft(
            conversation_id=chat.id,
            complainant_id=chat.complainant_id,
            language="zh",
            intake=Intake(description=("门口的电线断了，掉在地上",)),
            now=NOW,
        )


def test_staff_see_somebody_in_danger_before_anything_is_filed(store: Store) -> None:
    draft = _draft(store)
    with store.writing() as work:
        assert open_alarms(work) == []
        raise_alarm(work, draft, code="live_wire", now=NOW)
    with store.reading() as work:
        (alarmed,) = open_alarms(work)
        assert (alarmed.id, alarmed.priority) == (draft.id, "P0")
        assert work.tickets.history(draft.id)[-1].data == {"trigger": "live_wire"}


def test_a_dropped_complaint_loses_its_words_and_keeps_its_alarm(store: Store) -> None:
    draft = _draft(store)
    with store.writing() as work:
        drop_draft(work, raise_alarm(work, draft, code="live_wire", now=NOW), now=NOW)
    with store.reading() as work:
        assert work.tickets.draft(draft.conversation_id) is None
        assert work.tickets.of_complainant(draft.complainant_id) == []
        (alarmed,) = open_alarms(work)
        assert alarmed.intake is None
        assert not alarmed.description


def test_an_ordinary_complaint_that_is_dropped_is_gone(store: Store) -> None:
    draft = _draft(store)
    with store.writing() as work:
        drop_draft(work, draft, now=NOW)
        assert work.tickets.draft(draft.conversation_id) is None
        assert open_alarms(work) == []


def test_an_alarm_that_somebody_looked_at_is_no_longer_open(store: Store) -> None:
    draft = _draft(store)
    with store.writing() as work:
        alarm_seen(work, raise_alarm(work, draft, code="fire", now=NOW), name="Li", now=NOW)
        assert open_alarms(work) == []


# -- clocks that run out ------------------------------------------------------------------------------------


def moments(store: Store, ticket: Ticket, house: House, kind: str = "resolution") -> dict[int, datetime]:
    """When each level of a clock is reached."""
    with store.reading() as work:
        clock = next(c for c in work.clocks.of(ticket.id) if c.kind == kind)
    return {level: clocks.alarm_at(clock, level, house.calendar) for level in clocks.LEVELS}


def given(store: Store, ticket: Ticket, kind: str = "resolution") -> list[int]:
    with store.reading() as work:
        return [level for _, clock, level, _ in work.clocks.alarms(ticket.id) if clock == kind]


def test_each_level_is_told_when_it_is_reached_and_not_again(store: Store, house: House) -> None:
    with store.writing() as work:
        ticket = file(work, house)
    reached = moments(store, ticket, house)
    assert sorted(reached.values()) == list(reached.values())
    for number, (level, at) in enumerate(reached.items(), start=1):
        with store.writing() as work:
            scan(work, at - timedelta(seconds=1), calendar=house.calendar)
            assert level not in given(store, ticket)
            scan(work, at, calendar=house.calendar)
            scan(work, at, calendar=house.calendar)
        assert given(store, ticket) == list(clocks.LEVELS)[:number]
    with store.writing() as work:
        assert scan(work, at + timedelta(days=400), calendar=house.calendar) == []
        (clock,) = [c for c in work.clocks.of(ticket.id) if c.kind == "resolution"]
        assert clock.breached_at == clock.due_at
        actions = Counter(e.action for e in work.tickets.history(ticket.id))
        assert actions["clock_alarm"] == 3 * len(clocks.LEVELS)
        assert [t.kind for t in work.clocks.tasks(ticket.id)] == ["supervision"]


def test_after_a_standstill_every_level_is_told_once(store: Store, house: House) -> None:
    with store.writing() as work:
        ticket = file(work, house)
    with store.writing() as work:
        late = scan(work, NOW + timedelta(days=60), calendar=house.calendar)
    assert Counter((a.kind, a.level) for a in late) == Counter(
        (kind, level) for kind in ("triage", "first_contact", "resolution") for level in clocks.LEVELS
    )
    with store.writing() as work:  # the clock of the machine is set back, then on again
        assert scan(work, NOW, calendar=house.calendar) == []
        assert scan(work, NOW + timedelta(days=61), calendar=house.calendar) == []
    assert given(store, ticket) == list(clocks.LEVELS)


@pytest.mark.parametrize("limit", [1, 100])
def test_several_scanners_at_once_tell_everything_once(store: Store, house: House, limit: int) -> None:
    with store.writing() as work:
        filed = [file(work, house, address=f"p{n}") for n in range(6)]
    told: list[tuple[int, str, int]] = []
    failed: list[BaseException] = []

    def look() -> None:
        try:
            for _ in range(40):
                with store.writing() as work:
                    alarms = scan(work, NOW + timedelta(days=60), calendar=house.calendar, limit=limit)
                told.extend((a.ticket.id, a.kind, a.level) for a in alarms)
        except BaseException as error:  # shown by the assertion below
            failed.append(error)

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    kinds = ("triage", "first_contact", "resolution")
    assert Counter(told) == Counter((t.id, kind, lv) for t in filed for kind in kinds for lv in clocks.LEVELS)
    with store.reading() as work:
        assert sum(len(work.clocks.alarms(t.id)) for t in filed) == len(told)


def test_a_row_that_is_there_already_keeps_an_alarm_from_being_told_again(store: Store, house: House) -> None:
    with store.writing() as work:
        ticket = file(work, house)
        (clock,) = [c for c in work.clocks.of(ticket.id) if c.kind == "resolution"]
        row = {name: getattr(clock, name) for name in ("ticket_id", "cycle", "kind", "run")}
        row |= {"level": 50, "at": NOW, "given_at": NOW, "told": []}
        assert work.clocks.give_alarms([row]) == [row]
        assert work.clocks.give_alarms([row]) == []
        later = scan(work, NOW + timedelta(days=60), calendar=house.calendar)
    assert [a.level for a in later if a.kind == "resolution"] == [80, 100, 125, 150]


def test_what_is_done_in_time_raises_nothing(store: Store, house: House) -> None:
    with store.writing() as work:
        Staff(work, house).resolve()
        assert scan(work, NOW + timedelta(days=60), calendar=house.calendar) == []


def test_while_the_person_is_asked_only_the_other_clocks_run(store: Store, house: House) -> None:
    with store.writing() as work:
        staff = Staff(work, house)
        staff.do(LI, "ask", question="几点？")
        due = staff.due()
        late = scan(work, NOW + timedelta(days=5), calendar=house.calendar)
        assert {a.kind for a in late} == {"triage"}
        # Ten days is all that a clock may stand still; then it goes on by itself, and says so.
        after = scan(work, staff.now + clocks.PAUSE_CAP, calendar=house.calendar)
        assert staff.due() > due
        event = [e for e in work.tickets.history(staff.ticket.id) if e.action == "pause_spent"]
        assert len(event) == 1
        assert {a.kind for a in after} <= {"triage"}


def test_an_alarm_that_was_due_before_the_pause_is_still_told(store: Store, house: House) -> None:
    with store.writing() as work:
        ticket = file(work, house)
    half = moments(store, ticket, house)[50]
    with store.writing() as work:
        staff = Staff(work, house, ticket)
        staff.now = half
        staff.do(LI, "ask", question="几点？")
        assert [
            a.level for a in scan(work, staff.now, calendar=house.calendar) if a.kind == "resolution"
        ] == [50]
        assert [
            a for a in scan(work, staff.now + HOUR, calendar=house.calendar) if a.kind == "resolution"
        ] == []


def test_who_is_told_grows_with_the_level(store: Store, house: House) -> None:
    with store.writing() as work:
        ticket = file(work, house)
        unit = ticket.department
        assert whom(ticket, 50) == whom(ticket, 100) == (("triage_lead", ""),)
        assert whom(ticket, 150) == (("triage_lead", ""), ("supervisor", ""))
        signed = Staff(work, house, ticket).sign().ticket
    assert whom(signed, 50) == (("owner", "Li"),)
    assert whom(signed, 80) == (("owner", "Li"), ("lead", unit))
    assert whom(signed, 125) == (("lead", unit), ("supervisor", ""))


def test_the_timekeeper_gives_alarms_and_ends_what_silence_ends(store: Store, house: House) -> None:
    with store.writing() as work:
        late = file(work, house)
        result = Staff(work, house, file(work, house, address="bob")).resolve().ticket
    keeper = Timekeeper(store, house=house, clock=lambda: NOW + timedelta(days=60))
    assert keeper.look() > 1
    assert keeper.look() == 0
    with store.reading() as work:
        assert work.tickets.get(result.id).state is State.CLOSED
        assert work.clocks.alarms(late.id)
        assert acts.rating_of(work, work.tickets.get(result.id)) is None


def test_staff_and_scanners_at_once_stand_in_nobodys_way(store: Store, house: House) -> None:
    with store.writing() as work:
        filed = [file(work, house, address=f"p{n}") for n in range(8)]
    failed: list[BaseException] = []

    def guarded(what: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            try:
                what()
            except BaseException as error:  # shown by the assertion below
                failed.append(error)

        return run

    def scans() -> None:
        for hours in range(0, 400, 10):
            with store.writing() as work:
                scan(work, NOW + hours * HOUR, calendar=house.calendar, limit=3)

    def works() -> None:
        for ticket in filed:
            with store.writing() as work:
                Staff(work, house, work.tickets.get(ticket.id)).resolve()

    threads = [threading.Thread(target=guarded(what)) for what in (scans, scans, works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    with store.reading() as work:
        assert {work.tickets.get(t.id).state for t in filed} == {State.RESOLVED}
        for ticket in filed:
            told = [row[:3] for row in work.clocks.alarms(ticket.id)]
            assert len(told) == len(set(told))
