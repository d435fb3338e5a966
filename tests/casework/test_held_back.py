"""What a provider's quota leaves over: counted in the database, joined, delivered with the next chance."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from casework.conversations import inbox, outbox
from casework.conversations.inbox import TurnRules
from casework.conversations.model import Author, Event, Heard, InboundMessage, OutboundMessage, Reply, Sent
from casework.storage.work import Store
from tests.conftest import NOW


def write(store: Store, number: int, *, at: datetime = NOW, **more: object) -> int:
    given = {"text": "水管漏了", "profile": {"trigger": "message"}, **more}
    with store.writing() as work:
        message = InboundMessage("wechat", f"in-{number}", "oP", **given)  # type: ignore[arg-type]
        return inbox.receive(work, message, now=at, rules=TurnRules()).conversation_id


def post(store: Store, conversation_id: int, *texts: str) -> None:
    with store.writing() as work:
        conversation = work.conversations.get(conversation_id)
        for text in texts:
            outbox.post_staff(work, conversation, Reply(text), name="李工", now=NOW)


def claimed(store: Store, at: datetime = NOW) -> OutboundMessage:
    with store.writing() as work:
        ((message, _),) = outbox.claim_to_send(work, channels=["wechat"], now=at, token="t", limit=5)
    return message


def deliver(store: Store, sent: Sent, *, at: datetime = NOW) -> OutboundMessage:
    message = claimed(store, at)
    with store.writing() as work:
        outbox.record_sent(work, message, sent, token="t", now=at)
    return message


def test_every_part_that_any_courier_sent_since_the_last_message_is_counted(store: Store) -> None:
    conversation = write(store, 1)
    post(store, conversation, "一", "二", "三", "四")
    assert deliver(store, Sent(("1-0", "1-1"))).heard == Heard(NOW, "message", 0)
    assert deliver(store, Sent(("2-0",))).heard == Heard(NOW, "message", 2)
    later = NOW + timedelta(minutes=5)
    write(store, 2, at=later, profile={"trigger": "menu"})
    assert deliver(store, Sent(("3-0",)), at=later).heard == Heard(later, "menu", 0)
    assert claimed(store, later).heard == Heard(later, "menu", 1)


@pytest.mark.parametrize("event", [Event.NOTE, Event.REACHABLE])
def test_what_only_the_platform_reports_opens_nothing(store: Store, event: Event) -> None:
    conversation = write(store, 1)
    post(store, conversation, "一", "二")
    deliver(store, Sent(("1-0",)))
    later = NOW + timedelta(minutes=5)
    write(store, 2, at=later, text="", event=event, profile={"trigger": "note"})
    assert claimed(store, later).heard == Heard(NOW, "message", 1)


def test_what_is_held_back_of_several_messages_is_delivered_as_one(store: Store) -> None:
    conversation = write(store, 1)
    post(store, conversation, "一", "二", "三")
    for number, text in enumerate(("一", "二", "三")):
        deliver(store, Sent(held_back=text), at=NOW + timedelta(seconds=number))
    later = NOW + timedelta(hours=1)
    write(store, 2, at=later)
    with store.writing() as work:
        waiting = work.messages.transcript(conversation)
        assert [m.text for m in waiting if m.state == "queued"] == ["一\n\n二\n\n三"]
    message = deliver(store, Sent(("9-0",)), at=later)
    assert (message.text, message.author) == ("一\n\n二\n\n三", Author.STAFF)
    with store.writing() as work:
        assert outbox.claim_to_send(work, channels=["wechat"], now=later, token="t", limit=5) == []


def test_an_open_call_takes_what_is_left_over_and_then_the_answer_behind_it(store: Store) -> None:
    conversation = write(store, 1)
    with store.writing() as work:
        inbound = work.messages.transcript(conversation)[0].id
    post(store, conversation, "余下的", "新的", "第三条")

    def take(after: int) -> OutboundMessage | None:
        with store.writing() as work:
            return outbox.take_passive(
                work, conversation_id=conversation, inbound_id=inbound, now=NOW, after=after
            )

    first = take(0)
    assert first is not None
    second = take(first.id)
    assert second is not None
    assert (first.text, second.text) == ("余下的", "新的")
    assert (take(0), take(first.id)) == (first, second)  # a repeated call gets the same again
    with store.writing() as work:
        assert outbox.claim_to_send(work, channels=["wechat"], now=NOW, token="t", limit=5) == []
        for message in (first, second):
            outbox.passive_sent(work, message, inbound_id=inbound, now=NOW)
    assert claimed(store).text == "第三条"
