"""What a provider's quota leaves over: counted in the database, joined, delivered with the next chance."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from casework.conversations import inbox, outbox
from casework.conversations.inbox import TurnRules
from casework.conversations.model import (
    Author,
    Event,
    Heard,
    InboundMessage,
    Media,
    OutboundMessage,
    Reply,
    Sent,
)
from casework.media.model import FileState, Kept
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


SHA = "ab" * 32
PHOTO = Media("photo", mime="image/jpeg", name="回执.jpg", size_bytes=9, sha=SHA, thumb="cd" * 32)


def send_photo(store: Store, conversation_id: int, text: str = "请看回执") -> None:
    with store.writing() as work:
        conversation = work.conversations.get(conversation_id)
        outbox.post_staff(work, conversation, Reply(text, media=(PHOTO,)), name="李工", now=NOW)


def states(store: Store, conversation_id: int) -> list[tuple[str, str]]:
    with store.reading() as work:
        return [(m.text, m.state) for m in work.messages.transcript(conversation_id) if m.direction == "out"]


def test_what_staff_send_goes_with_its_file_and_is_shown_as_kept(store: Store) -> None:
    conversation = write(store, 1)
    send_photo(store, conversation)
    assert claimed(store).media == (PHOTO,)
    with store.reading() as work:
        (row,) = work.media.of_conversation("wechat", "oP")
    assert (row.state, row.kept) == (FileState.KEPT, Kept(SHA, "image/jpeg", 9, "cd" * 32))


def test_a_message_with_a_file_is_held_as_it_is_and_nothing_is_joined_to_it(store: Store) -> None:
    conversation = write(store, 1)
    send_photo(store, conversation)
    deliver(store, Sent(held_back="请看回执 [照片]", is_untouched=True))
    post(store, conversation, "还有一句")
    deliver(store, Sent(held_back="还有一句", is_untouched=True))
    assert states(store, conversation)[0] == ("请看回执", "held")
    assert ("还有一句", "held") in states(store, conversation)
    later = NOW + timedelta(hours=1)
    write(store, 2, at=later)
    message = deliver(store, Sent(("9-0", "9-1")), at=later)
    assert (message.text, message.media) == ("请看回执", (PHOTO,))
    assert claimed(store, later).text == "还有一句"


@pytest.mark.parametrize("with_file", [False, True])
def test_what_is_held_while_the_person_writes_goes_out_at_once(store: Store, with_file: bool) -> None:
    conversation = write(store, 1)
    send_photo(store, conversation) if with_file else post(store, conversation, "请看回执")
    message, later = claimed(store), NOW + timedelta(seconds=5)
    write(store, 2, at=later)
    with store.writing() as work:
        outbox.record_sent(work, message, Sent(held_back="请看回执", is_untouched=True), token="t", now=later)
    assert claimed(store, later).text == "请看回执"
