"""What people are told who wait for a person, and who may have a chat: both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from casework.conversations import handover, inbox, outbox, waiting
from casework.conversations.handover import EngineAway, TakenBy
from casework.conversations.inbox import TurnRules
from casework.conversations.model import InboundMessage, Owner, Reply
from casework.conversations.waiting import Patience
from casework.house import House
from casework.storage.work import Store
from tests.conftest import NOW

PATIENCE = Patience()
EVENING = NOW + timedelta(hours=9)  # 21:00 in Shanghai


def writes(store: Store, text: str, *, at: datetime, address: str = "ann", key: str = "") -> int:
    message = InboundMessage("web", key or f"{address}{at}", address, text=text)
    with store.writing() as work:
        return inbox.receive(work, message, now=at, rules=TurnRules()).conversation_id


def queued(store: Store, *, at: datetime = NOW, address: str = "ann", language: str = "en") -> int:
    chat = writes(store, "a person please", at=at, address=address)
    with store.writing() as work:
        work.conversations.change(chat, language=language)
        conversation = work.conversations.get(chat, lock=True)
        handover.request_person(work, conversation, now=at)
        outbox.post_system(work, conversation, Reply("somebody comes"), now=at)
    return chat


def looked_after(store: Store, house: House, chat: int, at: datetime) -> str:
    """What is said to the person by one look; empty if nothing."""
    with store.writing() as work:
        told = waiting.look_after(
            work, chat, house=house, now=at, patience=PATIENCE, is_danger=lambda text: "fire" in text
        )
        last = work.messages.last_outbound(chat)
    return last.text if told and last else ""


def in_want(store: Store, at: datetime) -> list[int]:
    with store.reading() as work:
        return work.conversations.in_want_of_word(
            unclaimed_before=at - PATIENCE.promise, unseen_before=at - PATIENCE.grace
        )


def test_somebody_nobody_came_for_is_told_once_and_may_leave_it_as_a_case(store: Store, house: House) -> None:
    chat = queued(store)
    early, due = NOW + timedelta(minutes=9), NOW + timedelta(minutes=11)
    assert in_want(store, early) == []
    assert looked_after(store, house, chat, early) == ""
    assert in_want(store, due) == [chat]
    assert "number 1 and have waited 11 minutes" in looked_after(store, house, chat, due)
    assert looked_after(store, house, chat, due + timedelta(hours=1)) == ""
    with store.reading() as work:
        last = work.messages.last_outbound(chat)
    assert last is not None
    assert [button.payload for button in last.buttons] == [handover.LEAVE]


def test_outside_office_hours_nobody_is_told_that_nobody_came(store: Store, house: House) -> None:
    chat = queued(store, at=EVENING)
    assert looked_after(store, house, chat, EVENING + timedelta(hours=1)) == ""
    monday = datetime.fromisoformat("2026-11-23T08:35:00+08:00")
    assert looked_after(store, house, chat, monday) == "", "the wait counts from the opening"
    assert looked_after(store, house, chat, monday + timedelta(minutes=6)) != ""


def test_who_asks_again_is_told_the_place_and_never_twice_the_same(store: Store, house: House) -> None:
    queued(store, address="bea")
    chat = queued(store, at=NOW + timedelta(seconds=1))
    said = []
    for minute in range(1, 5):
        at = NOW + timedelta(minutes=2 * minute)
        writes(store, "hello?", at=at)
        said.append(looked_after(store, house, chat, at + timedelta(seconds=1)))
        assert looked_after(store, house, chat, at + timedelta(seconds=3)) == "", "one answer to one message"
    assert all("number 2" in line for line in said)
    assert all(one != two for one, two in pairwise(said))


def test_who_writes_without_a_pause_is_not_answered_line_by_line(store: Store, house: House) -> None:
    chat = queued(store)
    writes(store, "hello?", at=NOW + timedelta(seconds=5))
    assert looked_after(store, house, chat, NOW + timedelta(seconds=6)) == ""


def test_danger_is_answered_at_once_while_somebody_waits(store: Store, house: House) -> None:
    chat = queued(store)
    writes(store, "there is a fire", at=NOW + timedelta(seconds=5))
    assert "119" in looked_after(store, house, chat, NOW + timedelta(seconds=6))
    assert looked_after(store, house, chat, NOW + timedelta(seconds=9)) == ""


def test_a_chat_whose_colleague_is_gone_goes_back_to_the_queue(store: Store, house: House) -> None:
    chat = queued(store)
    with store.writing() as work:
        handover.staff_says(work, chat, Reply("I look into it"), name="Li", now=NOW)
    later = NOW + timedelta(minutes=40)
    assert looked_after(store, house, chat, later) == "", "nobody waits for an answer"
    writes(store, "and?", at=later)
    assert looked_after(store, house, chat, later + timedelta(minutes=14)) == ""
    with store.writing() as work:
        handover.seen(work, name="Li", now=later + timedelta(minutes=14))
    assert looked_after(store, house, chat, later + timedelta(minutes=16)) == "", "a sign of life was given"
    assert "had to leave" in looked_after(store, house, chat, later + timedelta(minutes=30))
    with store.reading() as work:
        assert work.conversations.get(chat).owner is Owner.QUEUE


def test_the_longest_wait_is_taken_first(store: Store) -> None:
    second = queued(store, address="bea", at=NOW + timedelta(seconds=5))
    first = queued(store)
    with store.writing() as work:
        taken = [handover.claim_next(work, name="Li", now=NOW) for _ in range(3)]
    assert [chat.id if chat else None for chat in taken] == [first, second, None]


def test_a_chat_is_passed_on_by_whom_it_belongs_to_and_the_person_is_told(store: Store) -> None:
    chat = queued(store)
    told = Reply("a colleague carries on")
    with pytest.raises(TakenBy), store.writing() as work:
        handover.transfer(work, chat, name="Wang", to="Zhao", told=told, now=NOW)
    with store.writing() as work:
        handover.claim(work, chat, name="Li", now=NOW)
        handover.transfer(work, chat, name="Li", to="Wang", told=told, now=NOW)
    with pytest.raises(TakenBy) as taken, store.writing() as work:
        handover.staff_says(work, chat, Reply("still me"), name="Li", now=NOW)
    assert taken.value.name == "Wang"
    with store.reading() as work:
        last = work.messages.last_outbound(chat)
    assert last is not None
    assert last.text == told.text


def test_a_chat_is_given_back_only_to_a_bot_that_answers(store: Store) -> None:
    chat = queued(store)
    with store.writing() as work:
        handover.claim(work, chat, name="Li", now=NOW)
        work.trackers.save(f"c{chat}", "{}", now=NOW)
    with pytest.raises(EngineAway), store.writing() as work:
        handover.release(work, chat, closing=Reply("the bot again"), now=NOW)
    with store.writing() as work:
        work.engines.sign("here:1", state="starting", model="m", now=NOW)
    with pytest.raises(EngineAway), store.writing() as work:
        handover.release(work, chat, closing=Reply("the bot again"), now=NOW)
    with store.writing() as work:
        work.engines.sign("here:1", state="ready", model="m", now=NOW)
        handover.release(work, chat, closing=Reply("the bot again"), agreed="refund of 80", now=NOW)
    with store.reading() as work:
        assert work.conversations.get(chat).owner is Owner.BOT
        assert work.trackers.load(f"c{chat}") is None
        notes = [m.text for m in work.messages.transcript(chat) if m.internal]
        shown = [m.text for m in work.messages.transcript(chat, internal=False)]
    assert notes == ["refund of 80"]
    assert shown[-1] == "the bot again"


def test_engines_give_way_one_after_the_other(store: Store) -> None:
    with store.writing() as work:
        for name in ("a", "b"):
            work.engines.sign(name, state="ready", model="old", now=NOW)
        assert work.engines.may_renew("a", now=NOW)
        work.engines.sign("a", state="renewing", model="old", now=NOW)
        assert not work.engines.may_renew("b", now=NOW)
        assert work.engines.ready(now=NOW) == 1
        work.engines.sign("a2", state="starting", model="new", now=NOW)
        assert not work.engines.may_renew("b", now=NOW)
        work.engines.renewed()
        work.engines.sign("a2", state="ready", model="new", now=NOW)
        assert work.engines.may_renew("b", now=NOW)
        assert work.engines.ready(now=NOW + timedelta(minutes=1)) == 0, "silence is death"
