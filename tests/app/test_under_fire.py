"""The parts that keep the path alive: the breaker, the worker's life, limits, the database in a turn."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from app.breaker import PAUSES_S, TRIP, Breaker
from app.doors import Crowd
from app.life import HUNG, Life
from app.settings import Settings
from app.training import model_to_run
from casework.conversations import inbox, outbox, turns
from casework.conversations.inbox import TurnRules
from casework.conversations.model import (
    DeliveryError,
    InboundMessage,
    OutboundMessage,
    Owner,
    Received,
    Reply,
    Sent,
)
from casework.storage.work import Store
from casework.text import Text
from tests.conftest import NOW

LATER = NOW + timedelta(seconds=5)
RULES = TurnRules(per_minute=5, slow_down=Text("慢一点", "slower"), crowded=Text("人多", "crowded"))


class Seconds:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_provider_that_is_down_is_asked_now_and_then_by_one_message() -> None:
    clock = Seconds()
    breaker = Breaker("telegram", clock=clock)
    for person in range(TRIP):
        assert breaker.room(20) == 20
        breaker.failed(person)
    assert breaker.is_open
    for pause in (*PAUSES_S, PAUSES_S[-1]):
        clock.now += pause - 0.1
        assert breaker.room(20) == 0
        clock.now += 0.1
        assert breaker.room(20) == 1
        assert breaker.room(20) == 0, "one at a time"
        breaker.failed(99)
    breaker.answered()
    assert breaker.room(20) == 20


def test_one_persons_trouble_is_not_the_providers() -> None:
    breaker = Breaker("telegram", clock=Seconds())
    for _ in range(10 * TRIP):
        breaker.failed(1)
    assert not breaker.is_open


def test_an_answer_between_failures_closes_the_count() -> None:
    breaker = Breaker("telegram", clock=Seconds())
    for person in range(TRIP - 1):
        breaker.failed(person)
    breaker.answered()
    breaker.failed(99)
    assert not breaker.is_open


def deliver(
    store: Store, number: int, *, address: str = "ann", crowded: bool = False, at: float = 0
) -> Received:
    message = InboundMessage("web", f"{address}{number}", address, text=f"text {number}")
    with store.writing() as work:
        return inbox.receive(work, message, now=NOW + timedelta(seconds=at), rules=RULES, crowded=crowded)


def said(store: Store, chat: int) -> list[str]:
    with store.reading() as work:
        return [m.text for m in work.messages.transcript(chat) if m.direction == "out"]


def test_somebody_who_floods_is_told_once_and_goes_on_a_minute_later(store: Store) -> None:
    results = [deliver(store, number) for number in range(RULES.per_minute + 3)]
    assert [r.set_aside for r in results] == [False] * RULES.per_minute + [True] * 3
    chat = results[0].conversation_id
    assert said(store, chat) == ["slower"]
    assert not deliver(store, 50, at=61).set_aside
    assert said(store, chat) == ["slower"]


def test_in_a_crowd_newcomers_are_asked_to_come_again_and_talks_go_on(store: Store) -> None:
    chat = deliver(store, 1).conversation_id
    with store.writing() as work:
        conversation = work.conversations.get(chat, lock=True)
        outbox.post_bot_reply(work, conversation, [Reply("hello")], reply_to_id=None, now=NOW)
    assert not deliver(store, 2, crowded=True, at=1).set_aside
    newcomer = deliver(store, 1, address="bea", crowded=True, at=1)
    assert newcomer.set_aside
    assert said(store, newcomer.conversation_id) == ["crowded"]


def test_a_crowd_is_counted_by_channel_and_minute() -> None:
    crowd = Crowd(2)
    assert [crowd.joins("web", now=NOW) for _ in range(3)] == [False, False, True]
    assert not crowd.joins("telegram", now=NOW)
    assert not crowd.joins("web", now=NOW + timedelta(minutes=1))


def _claimed(store: Store, at: float) -> turns.Claim:
    with store.writing() as work:
        claim = turns.claim_next(work, now=NOW + timedelta(seconds=at))
    assert claim is not None
    return claim


def test_messages_that_kill_their_workers_are_not_tried_for_ever(store: Store) -> None:
    deliver(store, 1)
    for death in range(turns.MAX_ATTEMPTS):
        assert not _claimed(store, 5 + 60 * death).is_poison
    poison = _claimed(store, 1000)
    assert poison.is_poison
    with store.writing() as work:
        assert turns.fail(work, poison, now=NOW + timedelta(seconds=1000), apology=Reply("kept"))
        assert work.conversations.get(poison.conversation.id).owner is Owner.QUEUE


def test_a_turn_given_back_does_not_count(store: Store) -> None:
    deliver(store, 1)
    for round_ in range(3 * turns.MAX_ATTEMPTS):
        claim = _claimed(store, 5 + round_)
        assert not claim.is_poison
        with store.writing() as work:
            turns.give_back(work, claim, now=NOW + timedelta(seconds=5 + round_))


def test_an_idle_worker_sleeps_while_another_holds_the_turn(store: Store) -> None:
    deliver(store, 1)
    _claimed(store, 5)
    with store.reading() as work:
        due = work.conversations.next_ready_at()
    assert due == LATER + turns.TURN_LEASE


def _sending(store: Store, at: float) -> OutboundMessage:
    with store.writing() as work:
        [(message, _)] = outbox.claim_to_send(
            work, channels=["web"], now=NOW + timedelta(seconds=at), token="t"
        )
    return message


def _posted(store: Store) -> int:
    chat = deliver(store, 1).conversation_id
    with store.writing() as work:
        outbox.post_system(work, work.conversations.get(chat, lock=True), Reply("hi"), now=NOW)
    return chat


def _fails(store: Store, message: OutboundMessage, error: DeliveryError, at: float, **more: bool) -> str:
    with store.writing() as work:
        return outbox.record_failure(
            work, message, error, token="t", now=NOW + timedelta(seconds=at), jitter=0.0, **more
        )


def test_a_time_out_that_may_have_delivered_is_tried_once_more_and_no_further(store: Store) -> None:
    _posted(store)
    doubt = DeliveryError("timeout", maybe_sent=True)
    assert _fails(store, _sending(store, 1), doubt, 2) == "queued"
    assert _fails(store, _sending(store, 100), doubt, 101) == "failed"
    with store.writing() as work:
        [left] = work.sending.undelivered(limit=5)
        assert (left.state, left.doubtful, left.error) == ("failed", 2, "timeout")
        assert work.sending.requeue_failed(None, now=LATER) == 1


def test_an_outage_of_the_provider_gives_no_message_up(store: Store) -> None:
    _posted(store)
    for round_ in range(3 * outbox.MAX_ATTEMPTS):
        at = 2000.0 * (round_ + 1)
        assert _fails(store, _sending(store, at), DeliveryError("502"), at, outage=True) == "queued"


def test_what_a_dead_courier_had_in_hand_counts_as_in_doubt(store: Store) -> None:
    _posted(store)
    _sending(store, 1)
    _sending(store, 100)
    with store.reading() as work:
        [left] = work.sending.undelivered(limit=5)
    assert (left.state, left.doubtful) == ("sending", 1)


def test_what_follows_a_message_that_could_not_reach_its_person_waits_behind_it(store: Store) -> None:
    chat = _posted(store)
    with store.writing() as work:
        outbox.post_system(work, work.conversations.get(chat, lock=True), Reply("and more"), now=NOW)
    blocked = DeliveryError("403", unreachable=True, permanent=True)
    assert _fails(store, _sending(store, 1), blocked, 2) == "held"
    with store.writing() as work:
        assert outbox.claim_to_send(work, channels=["web"], now=LATER, token="t") == []
    deliver(store, 2, at=10)
    assert _sending(store, 11).text == "hi"


def test_somebody_who_came_back_while_a_send_failed_stays_reachable(store: Store) -> None:
    chat = _posted(store)
    message = _sending(store, 1)
    deliver(store, 2, at=2)
    blocked = DeliveryError("403", unreachable=True, permanent=True)
    assert _fails(store, message, blocked, 3) == "queued"
    with store.reading() as work:
        assert work.conversations.get(chat).reachable


def test_what_was_sent_since_the_persons_last_word_is_counted_for_quotas(store: Store) -> None:
    chat = _posted(store)
    first = _sending(store, 1)
    assert first.heard is not None
    assert first.heard.spent == 0
    with store.writing() as work:
        outbox.record_sent(work, first, Sent(("p1", "p2")), token="t", now=LATER)
        outbox.post_system(work, work.conversations.get(chat, lock=True), Reply("more"), now=LATER)
    second = _sending(store, 6)
    assert second.heard is not None
    assert second.heard.spent == 2
    with store.writing() as work:
        outbox.record_sent(work, second, Sent(("p3",)), token="t", now=LATER)
    deliver(store, 2, at=20)
    with store.writing() as work:
        outbox.post_system(work, work.conversations.get(chat, lock=True), Reply("again"), now=LATER)
    third = _sending(store, 30)
    assert third.heard is not None
    assert third.heard.spent == 0


def _life(
    store: Store, tmp_path: Path, *, busy_since: float | None = None, newest: str = "a"
) -> tuple[Life, list[int]]:
    ends: list[int] = []
    life = Life(
        store,
        model=tmp_path / "a.tar.gz",
        busy_since=lambda: busy_since,
        newest=lambda: tmp_path / f"{newest}.tar.gz",
        clock=lambda: NOW,
        end=ends.append,
    )
    return life, ends


def test_a_worker_whose_turn_hangs_ends(store: Store, tmp_path: Path) -> None:
    life, ends = _life(store, tmp_path, busy_since=time.monotonic() - 1000)
    life.watch()
    assert ends == [HUNG]
    calm, ends = _life(store, tmp_path, busy_since=time.monotonic())
    calm.watch()
    assert ends == []


def test_a_worker_gives_way_to_a_newer_model_when_it_is_its_turn(store: Store, tmp_path: Path) -> None:
    same, _ = _life(store, tmp_path)
    same.beat()
    assert not same.gives_way
    with store.writing() as work:
        work.engines.sign("other", state="renewing", model="a", now=NOW)
    life, _ = _life(store, tmp_path, newest="b")
    waits: list[bool] = []
    for _ in range(2):
        life.beat()
        waits.append(life.gives_way)
        with store.writing() as work:
            work.engines.renewed()
    assert waits == [False, True]


def test_a_worker_runs_the_newest_model_while_files_are_being_changed(tmp_path: Path) -> None:
    settings = replace(Settings(), data_dir=tmp_path)
    assert model_to_run(settings) is None
    models = tmp_path / "models"
    models.mkdir()
    (models / "tingsu-0123.tar.gz").touch()
    assert model_to_run(settings) == models / "tingsu-0123.tar.gz"
