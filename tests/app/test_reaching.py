"""What staff are told before they write, and what the person sees meanwhile, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from app.bus import Hub
from app.doors import StoredTranscripts
from casework.conversations import handover, inbox, outbox
from casework.conversations.inbox import TurnRules
from casework.conversations.model import DeliveryError, InboundMessage, Reply, Sent
from casework.conversations.ports import Window
from casework.conversations.reaching import Reach, State, may_show_typing, reach
from casework.storage.work import Store
from tests.conftest import NOW

ENDS = NOW + timedelta(hours=48)
FIVE, PAGE = Window(5, ENDS), Window(is_page=True)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def transcripts(store: Store, clock: Clock) -> StoredTranscripts:
    return StoredTranscripts(store, Hub(""), clock=clock)


def taken(store: Store, channel: str = "wechat") -> int:
    """A chat that a member of staff has."""
    with store.writing() as work:
        message = InboundMessage(channel, "in-1", "oP", text="有人吗")
        talk = inbox.receive(work, message, now=NOW, rules=TurnRules()).conversation_id
        handover.claim(work, talk, name="li", now=NOW)
    return talk


def found(store: Store, talk: int, window: Window, *, at: datetime = NOW) -> Reach:
    with store.reading() as work:
        return reach(work, work.conversations.get(talk), window, now=at)


def say(store: Store, talk: int, *texts: str) -> None:
    with store.writing() as work:
        for text in texts:
            handover.staff_says(work, talk, Reply(text), name="li", now=NOW)


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (Window(), Reach(State.FREE)),
        (FIVE, Reach(State.OPEN, left=5, until=ENDS)),
        (Window(0, ENDS), Reach(State.SPENT, until=ENDS)),
        (Window(3, NOW), Reach(State.OVER, until=NOW)),
        (Window(3, NOW, announces=True), Reach(State.OVER, until=NOW, announced=True)),
        (Window(is_known=False), Reach(State.ASKED)),
        (replace(FIVE, in_call=True), Reach(State.IN_CALL)),
        (Window(is_way_out=False), Reach(State.NOWHERE)),
    ],
)
def test_what_the_provider_lets_through_is_told(store: Store, window: Window, expected: Reach) -> None:
    assert found(store, taken(store), window) == expected


def test_what_is_on_its_way_counts_and_what_is_held_is_named(store: Store) -> None:
    talk = taken(store)
    say(store, talk, "一", "二")
    assert found(store, talk, FIVE).left == 3
    with store.writing() as work:
        ((message, _),) = outbox.claim_to_send(work, channels=["wechat"], now=NOW, token="t", limit=1)
        outbox.record_sent(work, message, Sent(held_back="一"), token="t", now=NOW)
    assert found(store, talk, FIVE) == Reach(State.OPEN, left=4, until=ENDS, waiting=1)


def test_who_blocked_us_is_named_before_anything_else(store: Store) -> None:
    talk = taken(store, "telegram")
    say(store, talk, "一")
    with store.writing() as work:
        ((message, _),) = outbox.claim_to_send(work, channels=["telegram"], now=NOW, token="t", limit=1)
        gone = DeliveryError("forbidden", permanent=True, unreachable=True)
        outbox.record_failure(work, message, gone, token="t", now=NOW, jitter=0)
    assert found(store, talk, Window()) == Reach(State.UNREACHABLE, waiting=1)


async def test_an_open_page_is_seen_and_a_closed_one_too(
    store: Store, transcripts: StoredTranscripts, clock: Clock
) -> None:
    talk = taken(store, "web")
    assert found(store, talk, PAGE) == Reach(State.AWAY)
    await transcripts.look("web", "oP")
    assert found(store, talk, PAGE) == Reach(State.THERE, seen_at=NOW)
    clock.passes(25)
    await transcripts.look("web", "oP")
    last = clock.now
    assert found(store, talk, PAGE, at=last + timedelta(seconds=59)).state is State.THERE
    gone = found(store, talk, PAGE, at=last + timedelta(seconds=61))
    assert gone == Reach(State.AWAY, seen_at=last)


async def test_looks_are_not_written_while_the_bot_has_the_chat(
    store: Store, transcripts: StoredTranscripts
) -> None:
    with store.writing() as work:
        message = InboundMessage("web", "in-1", "oP", text="有人吗")
        talk = inbox.receive(work, message, now=NOW, rules=TurnRules()).conversation_id
    await transcripts.look("web", "oP")
    with store.reading() as work:
        assert work.conversations.get(talk).seen_at is None
    assert found(store, talk, PAGE).state is State.FREE


async def test_the_page_shows_for_some_seconds_that_staff_write_and_not_once_they_wrote(
    store: Store, transcripts: StoredTranscripts, clock: Clock
) -> None:
    talk = taken(store, "web")
    assert not await transcripts.look("web", "oP")
    await transcripts.staff_write("web", "oP")
    assert await transcripts.look("web", "oP")
    clock.passes(7)
    assert not await transcripts.look("web", "oP")
    await transcripts.staff_write("web", "oP")
    say(store, talk, "好了")
    assert not await transcripts.look("web", "oP")
    await transcripts.staff_write("web", "oP")
    clock.passes(-3600)  # set back
    assert not await transcripts.look("web", "oP")


def test_typing_is_shown_by_who_has_the_chat_and_not_while_the_provider_is_unwell(store: Store) -> None:
    talk = taken(store)
    say(store, talk, "一")
    with store.writing() as work:
        assert may_show_typing(work, work.conversations.get(talk), name="li")
        assert not may_show_typing(work, work.conversations.get(talk), name="somebody else")
        ((message, _),) = outbox.claim_to_send(work, channels=["wechat"], now=NOW, token="t", limit=1)
        outbox.record_failure(work, message, DeliveryError("network"), token="t", now=NOW, jitter=0)
    with store.writing() as work:
        assert not may_show_typing(work, work.conversations.get(talk), name="li")
        assert not work.sending.is_in_trouble("web")
        later = NOW + timedelta(minutes=5)
        ((message, _),) = outbox.claim_to_send(work, channels=["wechat"], now=later, token="u", limit=1)
        outbox.record_sent(work, message, Sent(("1",)), token="u", now=later)
        assert may_show_typing(work, work.conversations.get(talk), name="li")
