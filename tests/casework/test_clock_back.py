"""The clock of the house is set back by an hour: nobody waits an hour for it."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.bus import Hub
from app.standby import Standby
from casework.conversations import inbox, outbox, turns
from casework.conversations.inbox import TurnRules
from casework.conversations.model import DeliveryError, InboundMessage, OutboundMessage, Reply
from casework.house import House
from casework.storage.work import Store
from tests.conftest import NOW

BACK = NOW - timedelta(hours=1)


def seconds(number: float, after: datetime = BACK) -> datetime:
    return after + timedelta(seconds=number)


def deliver(store: Store, number: int, now: datetime, rules: TurnRules | None = None) -> bool:
    """Whether it was set aside."""
    message = InboundMessage("web", f"m{number}", "ann", text=f"text {number}")
    with store.writing() as work:
        return inbox.receive(work, message, now=now, rules=rules or TurnRules()).set_aside


def look(store: Store, house: House, now: datetime) -> None:
    Standby(store, Hub(""), house=house, clock=lambda: now).look()


def claim(store: Store, now: datetime) -> turns.Claim | None:
    with store.writing() as work:
        return turns.claim_next(work, now=now)


def to_send(store: Store, now: datetime) -> list[OutboundMessage]:
    with store.writing() as work:
        return [message for message, _ in outbox.claim_to_send(work, channels=["web"], now=now, token="t")]


def test_a_message_from_before_is_answered(store: Store, house: House) -> None:
    deliver(store, 1, NOW)
    assert claim(store, seconds(30)) is None
    look(store, house, seconds(30))
    assert claim(store, seconds(30)) is not None


def test_a_turn_under_way_keeps_its_lease_and_no_longer(store: Store, house: House) -> None:
    deliver(store, 1, NOW)
    held = claim(store, seconds(5, NOW))
    assert held is not None
    look(store, house, seconds(5))
    assert claim(store, seconds(6)) is None, "its worker may live"
    assert claim(store, seconds(6) + turns.TURN_LEASE) is not None


def test_an_answer_from_before_is_sent(store: Store, house: House) -> None:
    deliver(store, 1, NOW)
    held = claim(store, seconds(5, NOW))
    assert held is not None
    with store.writing() as work:
        turns.finish(work, held, [Reply("answer")], understanding={}, now=seconds(5, NOW))
    assert to_send(store, seconds(10)) == []
    look(store, house, seconds(10))
    assert [message.text for message in to_send(store, seconds(10))] == ["answer"]
    assert to_send(store, seconds(11)) == [], "it is in hand"


def test_what_waits_for_its_next_attempt_goes_on_waiting(store: Store, house: House) -> None:
    deliver(store, 1, NOW)
    with store.writing() as work:
        chat = work.conversations.find("web", "ann")
        assert chat is not None
        outbox.post_system(work, chat, Reply("note"), now=NOW)
    [message] = to_send(store, NOW)
    flood = DeliveryError("flood", retry_after_s=1800)
    with store.writing() as work:
        outbox.record_failure(work, message, flood, token="t", now=NOW, jitter=0)
    look(store, house, NOW)
    assert to_send(store, seconds(60, NOW)) == []


def test_nobody_becomes_a_flooder_by_it(store: Store, house: House) -> None:
    rules = TurnRules(per_minute=3)
    for number in range(3):
        deliver(store, number, seconds(100 * number, NOW), rules)
    assert not deliver(store, 9, seconds(60), rules)
