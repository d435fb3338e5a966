"""What happens to a ticket after filing: contested, rated, urged, looked up, repeated; and who is forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from casework import people
from casework.conversations import handover, inbox
from casework.conversations.inbox import TurnRules
from casework.conversations.model import Conversation, InboundMessage, Media, Owner
from casework.house import House
from casework.office import OfficeHours
from casework.storage.tables import PERSONAL, metadata
from casework.storage.work import Store, Work
from casework.tickets import acts
from casework.tickets.calendar import WorkingCalendar
from casework.tickets.filing import Filing, file_ticket
from casework.tickets.model import DetailValue, Intake, Ticket
from casework.tickets.repeats import Told, matches
from casework.tickets.states import Refused, State
from casework.tickets.steps import Rules
from tests.conftest import NOW

TOLD = Intake(
    description=("3号窗口没人，等了两个钟头",),
    category="GOV-ATT-03",
    category_certain=True,
    details={"contact": DetailValue("+8613812345678", "13812345678", "13812345678")},
    emotions=(("angry", 2),),
)


def talk(work: Work, address: str = "ann") -> Conversation:
    return work.conversations.open("web", address, now=NOW, profile={"name": f"{address.title()} Example"})


def file(work: Work, house: House, intake: Intake = TOLD, *, address: str = "ann") -> Ticket:
    chat = talk(work, address)
    draft = work.tickets.add_draft(
        conversation_id=chat.id, complainant_id=chat.complainant_id, language="zh", intake=intake, now=NOW
    )
    filing = Filing(calendar=house.calendar)
    return file_ticket(work, draft, house.packs.category(intake.category), filing=filing, now=NOW)


def resolved(work: Work, ticket: Ticket, *, handler: str = "Li", days: int = 0) -> Ticket:
    at = NOW + timedelta(days=days)
    return work.tickets.change(ticket, now=at, state=State.RESOLVED, resolved_at=at, handler=handler)


# -- urging ---------------------------------------------------------------------------------------------------


def test_an_urge_knows_when_the_next_one_counts(store: Store, house: House) -> None:
    with store.writing() as work:
        first = acts.urge(work, file(work, house), text="快点", now=NOW)
        second = acts.urge(work, first.ticket, text="快点", now=NOW + timedelta(hours=1))
    assert not second.counted
    assert second.last_at == NOW
    assert second.again_at == NOW + timedelta(hours=24)


@pytest.mark.parametrize(("hours", "supervisor"), [((0,), False), ((0, 25), True), ((24 * 30,), True)])
def test_the_second_urge_and_one_on_a_late_ticket_are_marked_for_the_supervisor(
    store: Store, house: House, hours: tuple[int, ...], supervisor: bool
) -> None:
    with store.writing() as work:
        ticket = file(work, house)
        for hour in hours:
            ticket = acts.urge(work, ticket, text="", now=NOW + timedelta(hours=hour)).ticket
        last = acts.progress(work, ticket).last_urge
    assert last is not None
    assert last.data["supervisor"] is supervisor


# -- contesting -----------------------------------------------------------------------------------------------


def test_contesting_starts_new_clocks_and_never_goes_to_the_same_handler(store: Store, house: House) -> None:
    later = NOW + timedelta(days=3)
    with store.writing() as work:
        ticket = resolved(work, file(work, house))
        rules = Rules(house.packs, house.calendar)
        again = acts.dispute(work, ticket, text="没人道歉", now=later, rules=rules)
        due = acts.progress(work, again).next_due
        event = work.tickets.history(ticket.id)[-1]
    assert (again.state, again.cycle, again.handler) == (State.TRIAGE, 2, "")
    assert event.data == {"text": "没人道歉", "not_again": "Li"}
    assert due is not None
    assert due.due_at > later
    assert again.promise is not None
    assert again.promise.first_contact_at == due.due_at


def test_a_result_cannot_be_contested_after_the_window(store: Store, house: House) -> None:
    with store.writing() as work:
        ticket = resolved(work, file(work, house))
        with pytest.raises(Refused):
            acts.check_dispute(work, ticket, now=NOW + timedelta(days=16))
        with pytest.raises(Refused):
            acts.dispute(work, ticket, text="", now=NOW + timedelta(days=16))


def test_a_refusal_to_take_the_case_can_be_appealed_once(store: Store, house: House) -> None:
    with store.writing() as work:
        ticket = work.tickets.change(file(work, house), now=NOW, state=State.REJECTED)
        again = acts.dispute(work, ticket, text="", now=NOW, rules=Rules(house.packs, house.calendar))
        assert (again.state, again.cycle) == (State.TRIAGE, 2)
        rejected = work.tickets.change(again, now=NOW, state=State.REJECTED)
        with pytest.raises(Refused, match="appealed before"):
            acts.dispute(work, rejected, text="", now=NOW)


# -- rating ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("level", "state"),
    [(5, State.CLOSED), (3, State.CLOSED), (2, State.FOLLOWUP), (1, State.FOLLOWUP)],
)
def test_a_low_rating_brings_a_follow_up_and_a_good_one_closes(
    store: Store, house: House, level: int, state: State
) -> None:
    with store.writing() as work:
        rated = acts.rate(
            work, resolved(work, file(work, house)), level=level, text="", now=NOW, calendar=house.calendar
        )
        found = acts.rating_of(work, rated)
    assert rated.state is state
    assert found is not None
    assert found.data["level"] == level


def test_a_round_is_rated_once_and_the_next_round_again(store: Store, house: House) -> None:
    with store.writing() as work:
        rated = acts.rate(
            work, resolved(work, file(work, house)), level=1, text="慢", now=NOW, calendar=house.calendar
        )
        with pytest.raises(Refused):
            acts.rate(work, rated, level=5, text="", now=NOW, calendar=house.calendar)
        again = resolved(work, acts.dispute(work, rated, text="", now=NOW))
        assert acts.rating_of(work, again) is None
        acts.rate(work, again, level=4, text="", now=NOW, calendar=house.calendar)


def test_what_has_no_result_yet_cannot_be_rated(store: Store, house: House) -> None:
    with store.writing() as work, pytest.raises(Refused):
        acts.rate(work, file(work, house), level=5, text="", now=NOW, calendar=house.calendar)


# -- looking up -----------------------------------------------------------------------------------------------


def test_after_five_wrong_tries_an_hour_even_the_right_digits_are_not_looked_at(
    store: Store, house: House
) -> None:
    with store.writing() as work:
        ticket = file(work, house)
        other = talk(work, "bob").complainant_id

        def look(tail: str, *, minutes: int = 0, who: int = other) -> Ticket | None:
            at = NOW + timedelta(minutes=minutes)
            return acts.look_up(work, ticket.number, tail, complainant_id=who, now=at)

        for minute in range(acts.MAX_TRIES):
            assert look("0000", minutes=minute) is None
        for tail in ("0000", "5678"):
            with pytest.raises(acts.TooManyTries) as closed:
                look(tail, minutes=10)
            assert closed.value.again_at == NOW + timedelta(hours=1)
        assert look("5678", minutes=61) is not None
        assert look("5678", minutes=10, who=talk(work, "cat").complainant_id) is not None


def test_many_guessers_together_do_not_get_further_than_one(store: Store, house: House) -> None:
    with store.writing() as work:
        ticket = file(work, house)
        for guess in range(acts.MAX_TRIES_ON_NUMBER):
            who = talk(work, f"guesser-{guess // 4}").complainant_id
            assert acts.look_up(work, ticket.number, f"{guess:04}", complainant_id=who, now=NOW) is None
        who = talk(work, "fresh").complainant_id
        with pytest.raises(acts.TooManyTries):
            acts.look_up(work, ticket.number, "5678", complainant_id=who, now=NOW)


def test_a_number_that_does_not_exist_is_counted_like_one_that_does(store: Store) -> None:
    with store.writing() as work:
        who = talk(work, "bob").complainant_id
        for _ in range(acts.MAX_TRIES):
            assert acts.look_up(work, "TS261120-000000", "1234", complainant_id=who, now=NOW) is None
        with pytest.raises(acts.TooManyTries):
            acts.look_up(work, "TS261120-000001", "1234", complainant_id=who, now=NOW)


# -- repeats --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "found"),
    [
        (Told("3号窗口今天还是没人", [("GOV-ATT-03", 0.8)]), True),
        (Told("窗口又没人，等了一个钟头", [("GOV-ATT-01", 0.6)]), True),
        (Told("家里停电了，打电话没人接", [("PWR-OUT-02", 0.9)]), False),
        (Told("窗口", []), False),
    ],
)
def test_a_repeat_is_known_by_kind_thing_and_words(
    store: Store, house: House, told: Told, found: bool
) -> None:
    with store.writing() as work:
        ticket = file(work, house)
    assert bool(matches([ticket], told, now=NOW)) is found


def test_a_case_is_a_repeat_for_ninety_days(store: Store, house: House) -> None:
    told = Told("3号窗口没人，等了两个钟头", [("GOV-ATT-03", 0.9)])
    with store.writing() as work:
        ticket = file(work, house)
    assert matches([ticket], told, now=NOW + timedelta(days=90))
    assert not matches([ticket], told, now=NOW + timedelta(days=91))


def test_only_an_open_case_can_be_joined_and_only_a_fresh_result_contested(
    store: Store, house: House
) -> None:
    told = Told("3号窗口没人，等了两个钟头", [("GOV-ATT-03", 0.9)])
    with store.writing() as work:
        ticket = file(work, house)
        over = resolved(work, ticket)
    [running], [fresh], [stale] = (
        matches([ticket], told, now=NOW),
        matches([over], told, now=NOW + timedelta(days=2)),
        matches([over], told, now=NOW + timedelta(days=20)),
    )
    assert (running.can_join, running.can_contest) == (True, False)
    assert (fresh.can_join, fresh.can_contest) == (False, True)
    assert (stale.can_join, stale.can_contest) == (False, False)


# -- forgetting -----------------------------------------------------------------------------------------------

SECRETS = ("3号窗口没人", "13812345678", "Ann Example", "file-1", "当时下着雨")


def _send(work: Work, text: str, *, address: str = "ann", media: tuple[Media, ...] = ()) -> int:
    message = InboundMessage(
        channel="web",
        provider_id=f"{address}-{text}",
        address=address,
        text=text,
        media=media,
        profile={"name": f"{address.title()} Example"},
    )
    return inbox.receive(work, message, now=NOW, rules=TurnRules()).message_id


def _person_with_everything(store: Store, house: House) -> tuple[Ticket, Conversation]:
    with store.writing() as work:
        chat = talk(work)
        photo = _send(work, "3号窗口没人", media=(Media("photo", ref="file-1"),))
        work.trackers.save(chat.key, "3号窗口没人 13812345678", now=NOW)
        ticket = file(work, house, replace(TOLD, message_ids=(photo,)))
        acts.supplement(work, ticket, text="当时下着雨", message_ids=(), now=NOW, calendar=house.calendar)
        work.tickets.add_draft(
            conversation_id=chat.id,
            complainant_id=chat.complainant_id,
            language="zh",
            intake=TOLD,
            now=NOW,
        )
        _send(work, "别人的话", address="bob")
        return work.tickets.get(ticket.id), work.conversations.get(chat.id)


def _personal_values(store: Store) -> dict[str, list[Any]]:
    """Every value of every personal column, decrypted."""
    found: dict[str, list[Any]] = {}
    with store.database.reading() as connection:
        for name in sorted(PERSONAL):
            table, column = name.split(".")
            rows = connection.execute(select(metadata.tables[table].c[column]))
            found[name] = [row[0] for row in rows if row[0]]
    return found


def _stored_bytes(store: Store) -> list[bytes]:
    """The encrypted values as they lie in the file."""
    from sqlalchemy import text

    found = []
    with store.database.reading() as connection:
        for name in sorted(PERSONAL):
            table, column = name.split(".")
            rows = connection.execute(text(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL"))
            found += [bytes(row[0]) for row in rows]
    return found


def _pieces(blob: bytes) -> list[bytes]:
    """Stretches of an encrypted value: a long one does not lie in the file in one piece."""
    return [blob[start : start + 40] for start in range(40, len(blob) - 40, 40)]


def test_what_a_person_had_deleted_is_in_no_column_any_more(store: Store, house: House) -> None:
    ticket, chat = _person_with_everything(store, house)
    before = str(_personal_values(store))
    assert all(secret in before for secret in SECRETS)
    with store.writing() as work:
        assert people.erase(work, chat, stand_in="s1", now=NOW) == 1
    values = _personal_values(store)
    assert not any(secret in str(values) for secret in SECRETS), values
    assert values["messages.text"] == ["别人的话"]
    with store.reading() as work:
        left = work.tickets.get(ticket.id)
        assert (left.number, left.state, left.category) == (ticket.number, State.WITHDRAWN, "GOV-ATT-03")
        assert left.conversation_id != chat.id
        assert [e.action for e in work.tickets.history(ticket.id)][-1] == "withdraw"
        now = work.conversations.get(chat.id)
        assert work.tickets.of_complainant(now.complainant_id) == []
        assert work.tickets.draft(chat.id) is None
        assert acts.by_number_and_tail(work, ticket.number, "5678") is None


def test_what_was_deleted_is_not_in_the_database_file_either(
    store: Store, house: House, tmp_path: Path
) -> None:
    if not store.database.is_sqlite:
        pytest.skip("looks into the file of SQLite")
    _, chat = _person_with_everything(store, house)
    with store.writing() as work:
        others = work.conversations.find("web", "bob")
        assert others is not None
    blobs = _stored_bytes(store)
    store.database.forget_log()
    with store.writing() as work:
        people.erase(work, chat, stand_in="s1", now=NOW)
    store.database.forget_log()
    kept = _stored_bytes(store)
    gone = [blob for blob in blobs if blob not in kept]
    files = b"".join(path.read_bytes() for path in tmp_path.glob("tingsu.db*"))
    assert len(gone) >= 10
    assert all(_pieces(blob)[0] in files for blob in kept)
    assert not [piece for blob in gone for piece in _pieces(blob) if piece in files]


def test_a_person_who_was_forgotten_can_go_on_as_a_new_one(store: Store, house: House) -> None:
    _, chat = _person_with_everything(store, house)
    with store.writing() as work:
        people.erase(work, chat, stand_in="s1", now=NOW)
        _send(work, "新的一句")
        again = work.conversations.find("web", "ann")
        assert again is not None
        assert again.id == chat.id
        assert again.complainant_id != chat.complainant_id
        assert len(people.own_data(work, again).tickets) == 0


def test_own_data_names_everything_that_is_kept(store: Store, house: House) -> None:
    ticket, chat = _person_with_everything(store, house)
    with store.reading() as work:
        data = people.own_data(work, chat)
    assert [t.number for t in data.tickets] == [ticket.number]
    assert data.contacts == ("13812345678",)
    assert (data.held.messages, data.held.media) == (1, 1)
    assert data.held.profile["name"] == "Ann Example"
    assert data.draft is not None


# -- waiting for a person ---------------------------------------------------------------------------------------


def test_who_joins_the_queue_learns_the_place(store: Store) -> None:
    with store.writing() as work:
        places = []
        for name in ("ann", "bob"):
            handover.request_person(work, talk(work, name), now=NOW)
            places.append(handover.waiting(work).position)
    assert places == [1, 2]


@pytest.mark.parametrize(
    ("text", "leaves"),
    [
        ("不等了，先留单", True),
        ("留成工单吧", True),
        ("I'll leave it as a case", True),
        ("I can't wait any longer", True),
        ("还要等多久", False),
        ("我留言说过窗口没人", False),
        ("waiting is fine", False),
    ],
)
def test_only_a_clear_word_takes_somebody_out_of_the_queue(store: Store, text: str, leaves: bool) -> None:
    with store.writing() as work:
        chat = handover.request_person(work, talk(work), now=NOW)
        _send(work, text)
        now = work.conversations.get(chat.id)
        waiting = work.messages.waiting(chat.id)
    assert (now.owner is Owner.BOT) is leaves
    assert bool(waiting) is leaves
    assert (now.epoch > chat.epoch) is leaves


def test_nobody_is_taken_from_a_member_of_staff_by_a_word(store: Store) -> None:
    with store.writing() as work:
        chat = handover.request_person(work, talk(work), now=NOW)
        handover.claim(work, chat.id, name="Li", now=NOW)
        _send(work, "不等了，先留单")
        assert work.conversations.get(chat.id).owner is Owner.STAFF


def test_office_hours_follow_the_working_calendar() -> None:
    office, calendar = OfficeHours(), WorkingCalendar(zone="Asia/Shanghai", country="CN")
    assert office.is_open(NOW, calendar)  # Friday noon
    evening = NOW + timedelta(hours=8)
    assert not office.is_open(evening, calendar)
    assert not office.is_open(NOW + timedelta(days=1), calendar)
    opens = office.next_opening(evening, calendar)
    assert opens.isoformat() == "2026-11-23T08:30:00+08:00"
    assert office.next_opening(NOW - timedelta(hours=4), calendar).isoformat() == "2026-11-20T08:30:00+08:00"
    assert office.hours == "8:30-18:00"
