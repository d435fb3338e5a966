"""What a person is told, and what is kept, while the engine, the database or the disk is ill: both databases."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.bus import Bus, Hub
from app.courier import Courier
from app.doors import StoredInbox, cancel
from app.observing.figures import RECEIVED
from app.standby import Standby
from app.turns import TurnRunner
from bot.engine import BotMessage
from casework.conversations import outbox, turns
from casework.conversations.inbox import TurnRules
from casework.conversations.model import InboundMessage, OutboundMessage, Owner, Reply, Sent
from casework.conversations.ports import ChannelHealth
from casework.house import House
from casework.storage.database import Database, DatabaseUnavailable
from casework.storage.work import Store, Work
from tests.casework.test_conversations import deliver
from tests.conftest import NOW
from tests.races.quick_engine import QuickEngine


class Clock:
    def __init__(self) -> None:
        self.now = NOW + timedelta(seconds=1)

    def __call__(self) -> datetime:
        return self.now


class BrokenEngine(QuickEngine):
    """Fails in its first ``failures`` turns, after it has written something."""

    def __init__(self, failures: int, error: Exception) -> None:
        self._left, self._error = failures, error

    def turn(self, **given: Any) -> tuple[BotMessage, ...]:
        said = super().turn(**given)
        if self._left:
            self._left -= 1
            raise self._error
        return said


def runner_of(store: Store, house: House, engine: QuickEngine, clock: Clock) -> TurnRunner:
    return TurnRunner(store=store, engine=engine, house=house, bus=Bus(""), clock=clock)  # type: ignore[arg-type]


def transcript(store: Store, chat: int) -> list[str]:
    with store.reading() as work:
        return [m.text for m in work.messages.transcript(chat) if m.direction == "out"]


def test_a_turn_that_fails_twice_is_answered_the_third_time(store: Store, house: House) -> None:
    chat, clock = deliver(store, "m1", "note p1m1").conversation_id, Clock()
    runner = runner_of(store, house, BrokenEngine(2, RuntimeError("bug")), clock)
    for _ in range(3):
        assert runner.run_next()
        clock.now += timedelta(seconds=5)
    [said] = transcript(store, chat)
    assert "answers p1m1" in said


def test_a_turn_that_always_fails_is_kept_for_staff_and_the_person_is_told(
    store: Store, house: House
) -> None:
    chat, clock = deliver(store, "m1", "note p1m1").conversation_id, Clock()
    runner = runner_of(store, house, BrokenEngine(99, RuntimeError("bug")), clock)
    for _ in range(turns.MAX_ATTEMPTS):
        assert runner.run_next()
        clock.now += timedelta(minutes=1)
    assert not runner.run_next()
    [said] = transcript(store, chat)
    assert house.word("kept_after_failure", "en").split(";")[0] in said
    with store.reading() as work:
        assert work.conversations.get(chat).owner is Owner.QUEUE
        assert work.trackers.load(f"c{chat}") is None, "what the failed turns wrote is undone"


def test_a_database_that_goes_away_in_a_turn_is_not_the_messages_fault(
    store: Store, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.turns.time.sleep", lambda seconds: None)
    chat, clock = deliver(store, "m1", "note p1m1").conversation_id, Clock()
    failures = 2 * turns.MAX_ATTEMPTS
    runner = runner_of(store, house, BrokenEngine(failures, DatabaseUnavailable("gone")), clock)
    for _ in range(failures + 1):
        assert runner.run_next()
    [said] = transcript(store, chat)
    assert "answers p1m1" in said


def test_a_turn_that_the_database_always_refuses_goes_to_staff_in_the_end(
    store: Store, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.turns.time.sleep", lambda seconds: None)
    chat, clock = deliver(store, "m1", "note p1m1").conversation_id, Clock()
    runner = runner_of(store, house, BrokenEngine(99, DatabaseUnavailable("no such column")), clock)
    rounds = 0
    while runner.run_next():
        clock.now += timedelta(seconds=30)
        rounds += 1
    assert rounds < 20
    with store.reading() as work:
        assert work.conversations.get(chat).owner is Owner.QUEUE


@pytest.mark.parametrize(
    ("text", "danger"),
    [("路灯坏了", False), ("家里着火了快来人", True), ("the house is on fire, help", True)],
)
def test_without_an_engine_people_hear_that_it_is_kept_and_in_danger_whom_to_call(
    store: Store, house: House, text: str, danger: bool
) -> None:
    chat, clock = deliver(store, "m1", text).conversation_id, Clock()
    standby = Standby(store, Hub(""), house=house, clock=clock)
    assert standby.look() == 0, "an engine may still be quick enough"
    clock.now += timedelta(seconds=11)
    assert standby.look() == 1
    assert standby.look() == 0, "once"
    [said] = transcript(store, chat)
    language = "en" if text.isascii() else "zh"
    assert house.word("kept_engine_away", language) in said
    assert ("119" in said) is danger
    with store.reading() as work:
        assert work.messages.waiting(chat), "an engine will answer it all the same"


class Ill:
    """A store whose database is away for so many transactions."""

    def __init__(self, store: Store, failures: int) -> None:
        self._store, self.failures = store, failures
        self.database = store.database

    @contextmanager
    def writing(self) -> Iterator[Work]:
        if self.failures:
            self.failures -= 1
            raise DatabaseUnavailable("gone")
        with self._store.writing() as work:
            yield work

    reading = writing


async def test_a_message_that_cannot_be_stored_is_not_confirmed_and_is_stored_when_repeated(
    store: Store,
) -> None:
    ill = Ill(store, 1)
    door = StoredInbox(ill, Hub(""), rules=TurnRules(), most=100, clock=Clock())  # type: ignore[arg-type]
    message = InboundMessage("web", "m1", "ann", text="hello")
    refused = RECEIVED.labels("web", "refused")._value.get()
    with pytest.raises(DatabaseUnavailable):
        await door.receive(message)
    assert RECEIVED.labels("web", "refused")._value.get() == refused + 1
    assert not (await door.receive(message)).duplicate
    assert (await door.receive(message)).duplicate


def test_operators_read_once_that_the_disk_is_full(
    tmp_path: Path, data_key: str, caplog: pytest.LogCaptureFixture
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'full.db'}", keys=(data_key,))
    database.migrate()
    with database.reading() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1")  # no more than it has
    for _ in range(3):
        with pytest.raises(DatabaseUnavailable), database.transaction() as connection:
            connection.exec_driver_sql("CREATE TABLE heavy AS SELECT randomblob(1000000) AS load")
    assert caplog.text.count("disk is full") == 1


class Telling:
    """A channel that takes everything. ``then``: called after each message, as if the world went on."""

    channel = "web"

    def __init__(self, ill: Ill) -> None:
        self.sent: list[int] = []
        self._ill = ill

    async def send(self, message: OutboundMessage, *, already_sent: Sequence[str] = ()) -> Sent:
        self.sent.append(message.id)
        self._ill.failures = 3
        return Sent(("p1",))

    async def typing(self, address: str) -> None: ...

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def health(self) -> ChannelHealth:
        return ChannelHealth(True, "")


async def test_what_was_sent_while_the_database_went_away_is_not_sent_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = deliver(store, "m1").conversation_id
    with store.writing() as work:
        for text in ("one", "two"):
            outbox.post_system(work, work.conversations.get(chat, lock=True), Reply(text), now=NOW)
    ill = Ill(store, 0)
    channel = Telling(ill)
    courier = Courier(ill, Hub(""), {"web": channel}, clock=Clock())  # type: ignore[arg-type]
    running = asyncio.create_task(courier.run())
    for _ in range(200):
        with store.reading() as work:
            if not work.sending.undelivered(limit=5):
                break
        await asyncio.sleep(0.1)
    await cancel(running)
    assert len(channel.sent) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_full_disk_refuses_messages_and_loses_none(store: Store) -> None:
    first = deliver(store, "m1", "x" * 2000)
    full = _pages(store.database, "PRAGMA page_count")
    _pages(store.database, f"PRAGMA max_page_count={full}")
    taken = 0
    refused = False
    while not refused:
        try:
            deliver(store, f"more{taken}", "x" * 4000)
            taken += 1
        except DatabaseUnavailable:
            refused = True
    _pages(store.database, "PRAGMA max_page_count=1000000")
    assert not deliver(store, f"more{taken}", "x" * 4000).duplicate
    with store.reading() as work:
        assert len(work.messages.waiting(first.conversation_id)) == taken + 2


def _pages(database: Database, pragma: str) -> int:
    with database.transaction() as connection:
        row = connection.exec_driver_sql(pragma).first()
    return int(row[0]) if row else 0
