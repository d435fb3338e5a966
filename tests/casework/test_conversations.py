"""Inbox, turns, outbox and hand-over on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.conversations import handover, inbox, outbox, turns
from casework.conversations.inbox import TurnRules, clean_text
from casework.conversations.model import (
    Button,
    DeliveryError,
    Event,
    InboundMessage,
    LeaseLost,
    Media,
    Owner,
    Received,
    Reply,
    Sent,
    StaleReply,
)
from casework.storage.work import Store
from tests.conftest import NOW

RULES = TurnRules()
LATER = NOW + timedelta(seconds=5)


def deliver(
    store: Store, provider_id: str, text: str = "你好", *, address: str = "ann", **more: object
) -> Received:
    message = InboundMessage("web", provider_id, address, text=text, **more)  # type: ignore[arg-type]
    with store.writing() as work:
        return inbox.receive(work, message, now=NOW, rules=RULES)


def take(store: Store) -> turns.Claim:
    with store.writing() as work:
        claim = turns.claim_next(work, now=LATER)
    assert claim is not None
    return claim


def answer(store: Store, claim: turns.Claim, *replies: Reply) -> list[int]:
    with store.writing() as work:
        turns.confirm(work, claim)
        return turns.finish(work, claim, replies, understanding={}, now=LATER)


def test_a_delivery_repeated_three_times_is_one_message_and_one_turn(store: Store) -> None:
    first = deliver(store, "m1")
    again = [deliver(store, "m1") for _ in range(2)]
    assert [r.duplicate for r in again] == [True, True]
    assert {r.message_id for r in again} == {first.message_id}
    assert len(take(store).messages) == 1


def test_the_same_provider_id_on_another_channel_is_another_message(store: Store) -> None:
    deliver(store, "m1")
    with store.writing() as work:
        other = inbox.receive(work, InboundMessage("telegram", "m1", "ann", text="hi"), now=NOW, rules=RULES)
    assert not other.duplicate


def test_quick_messages_become_one_turn_in_order(store: Store) -> None:
    for number in range(3):
        deliver(store, f"m{number}", f"part {number}")
    claim = take(store)
    assert [m.text for m in claim.messages] == ["part 0", "part 1", "part 2"]
    answer(store, claim, Reply("one answer"))
    with store.writing() as work:
        assert turns.claim_next(work, now=LATER) is None


def test_a_text_in_between_does_not_cut_an_album(store: Store) -> None:
    for number, (text, album, at) in enumerate([("", "g", 0.0), ("look", "", 0.1), ("", "g", 0.6)]):
        message = InboundMessage("web", f"m{number}", "ann", text=text, group_key=album)
        with store.writing() as work:
            inbox.receive(work, message, now=NOW + timedelta(seconds=at), rules=RULES)
            assert turns.claim_next(work, now=NOW + timedelta(seconds=at + 0.35)) is None
    assert len(take(store).messages) == 3


def test_somebody_who_goes_on_typing_is_answered_all_the_same(store: Store) -> None:
    for number in range(30):
        message = InboundMessage("web", f"m{number}", "ann", text="and")
        with store.writing() as work:
            inbox.receive(work, message, now=NOW + number * RULES.window / 2, rules=RULES)
    with store.writing() as work:
        claim = turns.claim_next(work, now=NOW + 29 * RULES.window / 2)
    assert claim is not None
    assert len(claim.messages) == 30


def test_nothing_is_taken_before_the_window_is_over(store: Store) -> None:
    deliver(store, "m1")
    with store.writing() as work:
        assert turns.claim_next(work, now=NOW) is None


def test_two_workers_never_hold_one_conversation(store: Store) -> None:
    deliver(store, "m1")
    take(store)
    with store.writing() as work:
        assert turns.claim_next(work, now=LATER) is None


def test_a_dead_workers_conversation_is_taken_over_and_its_answer_is_refused(store: Store) -> None:
    deliver(store, "m1")
    dead = take(store)
    much_later = LATER + turns.TURN_LEASE + timedelta(seconds=1)
    with store.writing() as work:
        assert turns.claim_next(work, now=much_later) is not None
    with pytest.raises(LeaseLost), store.writing() as work:
        turns.confirm(work, dead)


def test_an_answer_made_before_a_take_over_is_never_sent(store: Store) -> None:
    received = deliver(store, "m1")
    claim = take(store)
    with store.writing() as work:
        handover.claim(work, received.conversation_id, name="Li", now=LATER)
    with pytest.raises(LeaseLost):
        answer(store, claim, Reply("too late"))
    with pytest.raises(StaleReply), store.writing() as work:
        outbox.post_bot_reply(work, claim.conversation, [Reply("too late")], reply_to_id=None, now=LATER)
    with store.reading() as work:
        assert [m.text for m in work.messages.transcript(received.conversation_id)] == ["你好"]


def test_messages_that_come_while_a_person_has_the_chat_never_reach_the_bot(store: Store) -> None:
    received = deliver(store, "m1")
    answer(store, take(store), Reply("hello"))
    with store.writing() as work:
        handover.claim(work, received.conversation_id, name="Li", now=LATER)
    deliver(store, "m2", "are you there?")
    with store.writing() as work:
        assert turns.claim_next(work, now=LATER) is None


def test_of_two_members_of_staff_one_wins_and_the_other_learns_who(store: Store) -> None:
    received = deliver(store, "m1")
    with store.writing() as work:
        handover.claim(work, received.conversation_id, name="Li", now=LATER)
    with pytest.raises(handover.TakenBy) as taken, store.writing() as work:
        handover.staff_says(work, received.conversation_id, Reply("hi"), name="Wang", now=LATER)
    assert taken.value.name == "Li"


def test_a_failed_turn_is_tried_again_and_then_given_to_staff_with_a_word(store: Store) -> None:
    received = deliver(store, "m1")
    for attempt in range(turns.MAX_ATTEMPTS):
        when = LATER + timedelta(minutes=attempt)
        with store.writing() as work:
            claim = turns.claim_next(work, now=when)
        assert claim is not None
        with store.writing() as work:
            set_aside = turns.fail(work, claim, now=when, apology=Reply("kept"))
        assert set_aside is (attempt == turns.MAX_ATTEMPTS - 1)
    with store.reading() as work:
        conversation = work.conversations.get(received.conversation_id)
        assert conversation.owner is Owner.QUEUE
        assert [m.text for m in work.messages.transcript(conversation.id)] == ["你好", "kept"]


def test_messages_are_sent_one_after_the_other_in_each_conversation(store: Store) -> None:
    deliver(store, "m1")
    answer(store, take(store), Reply("first"), Reply("second"))
    with store.writing() as work:
        [(first, _)] = outbox.claim_to_send(work, channels=["web"], now=LATER, token="a")
        assert first.text == "first"
        assert outbox.claim_to_send(work, channels=["web"], now=LATER, token="b") == []
        outbox.record_sent(work, first, Sent(("p1",)), token="a", now=LATER)
        [(second, _)] = outbox.claim_to_send(work, channels=["web"], now=LATER, token="b")
        assert second.text == "second"


def test_a_temporary_failure_is_tried_again_later_and_keeps_what_was_sent(store: Store) -> None:
    deliver(store, "m1")
    answer(store, take(store), Reply("long text"))
    with store.writing() as work:
        [(message, _)] = outbox.claim_to_send(work, channels=["web"], now=LATER, token="a")
        error = DeliveryError("502", sent_ids=("p1",))
        assert outbox.record_failure(work, message, error, token="a", now=LATER, jitter=0.0) == "queued"
        assert outbox.claim_to_send(work, channels=["web"], now=LATER, token="a") == []
        [(again, parts)] = outbox.claim_to_send(
            work, channels=["web"], now=LATER + timedelta(minutes=1), token="a"
        )
        assert (again.id, parts) == (message.id, ("p1",))


def test_an_unreachable_persons_messages_are_held_until_they_write_again(store: Store) -> None:
    received = deliver(store, "m1")
    answer(store, take(store), Reply("hello"))
    with store.writing() as work:
        [(message, _)] = outbox.claim_to_send(work, channels=["web"], now=LATER, token="a")
        error = DeliveryError("403", unreachable=True, permanent=True)
        assert outbox.record_failure(work, message, error, token="a", now=LATER, jitter=0.0) == "held"
        assert not work.conversations.get(received.conversation_id).reachable
    deliver(store, "m2", "back again")
    with store.writing() as work:
        assert work.conversations.get(received.conversation_id).reachable
        [(again, _)] = outbox.claim_to_send(work, channels=["web"], now=LATER, token="a")
        assert again.id == message.id


def test_a_passive_answer_is_taken_once_and_given_again_to_a_repeated_call(store: Store) -> None:
    received = deliver(store, "m1", passive_until=NOW + timedelta(seconds=60))
    answer(store, take(store), Reply("in the call"), Reply("afterwards"))
    with store.writing() as work:
        assert outbox.claim_to_send(work, channels=["web"], now=LATER, token="c") == []
        taken = outbox.take_passive(
            work, conversation_id=received.conversation_id, inbound_id=received.message_id, now=LATER
        )
        again = outbox.take_passive(
            work, conversation_id=received.conversation_id, inbound_id=received.message_id, now=LATER
        )
        assert taken is not None
        assert again == taken
        assert taken.text == "in the call"
        outbox.passive_sent(work, taken, inbound_id=received.message_id, now=LATER)
        [(rest, _)] = outbox.claim_to_send(work, channels=["web"], now=LATER, token="c")
        assert rest.text == "afterwards"


def test_an_answer_that_came_too_late_for_its_call_goes_with_the_next_one(store: Store) -> None:
    first = deliver(store, "m1")
    answer(store, take(store), Reply("late answer"))
    second = deliver(store, "m2")
    with store.writing() as work:
        taken = outbox.take_passive(
            work, conversation_id=first.conversation_id, inbound_id=second.message_id, now=LATER
        )
    assert taken is not None
    assert taken.text == "late answer"


def test_a_button_means_something_only_to_whom_it_was_shown(store: Store) -> None:
    received = deliver(store, "m1")
    answer(store, take(store), Reply("sure?", (Button("Yes", "affirm"),)))
    with store.reading() as work:
        last = work.messages.last_outbound(received.conversation_id)
    assert last is not None
    token = last.buttons[0].token
    assert len(token) == 12
    deliver(store, "x1", "", address="mallory", token=token)
    deliver(store, "m2", "", token=token)
    by_address = {}
    for _ in range(2):
        claim = take(store)
        by_address[claim.conversation.address] = claim.messages[-1]
    assert by_address["ann"].payload == "affirm"
    assert by_address["ann"].text == "Yes"
    assert by_address["mallory"].payload == ""
    assert by_address["mallory"].profile["stale_button"] is True


def test_media_comes_with_its_message(store: Store) -> None:
    deliver(store, "m1", "", media=(Media("photo", ref="f1", name="a\x00b.jpg"),))
    [message] = take(store).messages
    assert [(m.kind, m.ref, m.name) for m in message.media] == [("photo", "f1", "ab.jpg")]


def test_a_note_is_kept_and_makes_no_turn(store: Store) -> None:
    deliver(store, "m1", "", event=Event.NOTE)
    with store.writing() as work:
        assert turns.claim_next(work, now=LATER) is None


def test_a_flood_is_kept_but_set_aside(store: Store) -> None:
    results = [deliver(store, f"m{n}") for n in range(RULES.max_waiting + 3)]
    assert [r.set_aside for r in results[-3:]] == [True, True, True]
    assert not results[0].set_aside
    assert len(take(store).messages) == RULES.max_waiting


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("a\x00b\x08c", "abc"),
        ("  hi \r\n there ", "hi \n there"),
        ("\ud83d lone", "lone"),
        ("]]> and 0[ stay", "]]> and 0[ stay"),
    ],
)
def test_text_is_cleaned_of_what_cannot_be_kept_and_of_nothing_else(given: str, expected: str) -> None:
    assert clean_text(given) == (expected, False)


def test_a_very_long_text_is_cut_and_marked() -> None:
    text, cut = clean_text("长" * 30_000)
    assert len(text) == 20_000
    assert cut


def test_what_was_said_to_the_person_is_told_in_order_without_notes_for_staff(store: Store) -> None:
    deliver(store, "first")
    chat = take(store).conversation
    with store.writing() as work:
        current = work.conversations.get(chat.id, lock=True)
        for text in ("one", "two", "three"):
            outbox.post_system(work, current, Reply(text), now=NOW)
        outbox.post_staff(work, current, Reply("for staff"), name="Ann", now=NOW, internal=True)
        assert work.messages.said(chat.id, limit=10) == ("one", "two", "three")
        assert work.messages.said(chat.id, limit=2) == ("two", "three")
