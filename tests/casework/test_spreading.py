"""Each event of a ticket reaches each follower once, in order, whatever fails and however many tell."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime, timedelta

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from casework.house import House
from casework.storage.backlog import read_backlog
from casework.storage.database import MIGRATIONS, Database
from casework.storage.work import Store, Work
from casework.tickets import acts
from casework.tickets.model import Ticket, TicketEvent
from casework.tickets.spreading import Follower, spread
from tests.casework.test_filing import file
from tests.casework.test_lifecycle import HOUR, Staff
from tests.conftest import NOW


class Heard:
    """A follower that leaves a trace in the same transaction, and remembers what it was called with."""

    def __init__(self) -> None:
        self.called: list[tuple[int, str]] = []

    def __call__(self, work: Work, ticket: Ticket, event: TicketEvent, now: datetime) -> None:
        work.people.add_try(ticket.complainant_id, f"{event.id}", now=now)
        self.called.append((ticket.id, event.action))


def filed(store: Store, house: House, address: str = "ann", *, signed: bool = False) -> Ticket:
    with store.writing() as work:
        ticket = file(work, house, address=address)
        return Staff(work, house, ticket).sign().ticket if signed else ticket


def traces(store: Store, ticket: Ticket) -> int:
    with store.reading() as work:
        return len(work.people.tries_of(ticket.complainant_id, since=NOW - timedelta(days=1)))


def tell(store: Store, *followers: Follower, now: datetime = NOW, limit: int = 50) -> int:
    """Until there is nothing more to tell. Gives how many events were looked at."""
    total = 0
    while True:
        with store.writing() as work:
            done = spread(work, now, followers, limit)
        if not done:
            return total
        total += done


def waiting(store: Store) -> int:
    with store.reading() as work:
        return work.spreading.count_waiting()


def test_every_event_is_told_once_and_in_order(store: Store, house: House) -> None:
    ticket, heard = filed(store, house, signed=True), Heard()
    assert tell(store, heard, limit=3) == 4
    assert [action for _, action in heard.called] == ["submit", "acknowledge", "accept", "sign"]
    assert tell(store, heard) == 0
    with store.writing() as work:
        acts.urge(work, work.tickets.get(ticket.id), text="", now=NOW + HOUR)
    assert tell(store, heard, now=NOW + HOUR) == 1
    assert heard.called[-1] == (ticket.id, "urge")


def test_what_a_follower_wrote_is_taken_back_with_its_failure_and_tried_again(
    store: Store, house: House
) -> None:
    ticket, heard = filed(store, house), Heard()
    broken = True

    def fails(work: Work, ticket: Ticket, event: TicketEvent, now: datetime) -> None:
        if broken:
            raise ValueError

    assert tell(store, heard, fails) == 1
    assert traces(store, ticket) == 0
    assert tell(store, heard, fails, now=NOW + timedelta(seconds=0.5)) == 0, "too early for the next try"
    broken = False
    assert tell(store, heard, fails, now=NOW + timedelta(seconds=1)) == 2
    assert traces(store, ticket) == 2


def test_a_follower_that_keeps_failing_is_left_out_and_reported(
    store: Store, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    ticket, heard = filed(store, house), Heard()

    def fails(work: Work, ticket: Ticket, event: TicketEvent, now: datetime) -> None:
        work.people.add_try(ticket.complainant_id, "half", now=now)
        if event.action == "submit":
            raise ValueError("words of the person")

    for seconds in (0, 1, 11, 71):
        assert traces(store, ticket) == 0
        tell(store, heard, fails, now=NOW + timedelta(seconds=seconds))
    assert waiting(store) == 0
    with store.reading() as work:
        (aside,) = work.spreading.set_aside(limit=10)
        assert work.people.tries_on("half", since=NOW) != [], "the second event was told"
    assert (aside.ticket_id, aside.action) == (ticket.id, "submit")
    assert aside.error.endswith("fails: ValueError")
    assert traces(store, ticket) == 3
    assert any(record.message.startswith("event.set_aside") for record in caplog.records)


def test_a_ticket_with_a_failing_event_holds_up_no_other_ticket(store: Store, house: House) -> None:
    first, second, heard = filed(store, house), filed(store, house, "bob"), Heard()

    def fails_for_one(work: Work, ticket: Ticket, event: TicketEvent, now: datetime) -> None:
        if ticket.id == first.id:
            raise ValueError

    tell(store, fails_for_one, heard)
    assert traces(store, second) == 2
    assert traces(store, first) == 0
    assert waiting(store) == 2


def test_somebody_who_dies_before_the_end_has_told_nobody(store: Store, house: House) -> None:
    ticket, heard = filed(store, house), Heard()

    class Killed(BaseException):
        pass

    def dies(work: Work, ticket: Ticket, event: TicketEvent, now: datetime) -> None:
        if event.action == "acknowledge" and len(heard.called) == 2:
            raise Killed

    with pytest.raises(Killed):
        tell(store, heard, dies)
    assert (traces(store, ticket), waiting(store)) == (0, 2)
    tell(store, heard, dies)
    assert (traces(store, ticket), waiting(store)) == (2, 0)


def test_many_tellers_at_once_tell_each_event_once_and_in_order(store: Store, house: House) -> None:
    tickets = [filed(store, house, f"p{number}", signed=True) for number in range(6)]
    told: list[tuple[int, int]] = []
    both = threading.Barrier(3)

    def note(work: Work, ticket: Ticket, event: TicketEvent, now: datetime) -> None:
        work.people.add_try(ticket.complainant_id, f"{event.id}", now=now)
        told.append((ticket.id, event.id))

    def run() -> None:
        both.wait()
        tell(store, note, limit=1)

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    tell(store, note)
    assert set(Counter(told).values()) == {1}
    assert len(told) == 24
    for ticket in tickets:
        mine = [event for which, event in told if which == ticket.id]
        assert mine == sorted(mine)
        assert traces(store, ticket) == 4


def test_while_one_holds_a_ticket_another_tells_the_next_one(
    store: Store, house: House, database_url: str
) -> None:
    if database_url.startswith("sqlite"):
        pytest.skip("SQLite has one writer at a time")
    first, second = filed(store, house), filed(store, house, "bob")
    with store.writing() as work, store.writing() as other:
        assert work.spreading.next_ticket(NOW) == first.id
        assert other.spreading.next_ticket(NOW) == second.id
        with store.writing() as third:
            assert third.spreading.next_ticket(NOW) is None


def test_what_happened_before_anybody_followed_counts_as_told(database_url: str, data_key: str) -> None:
    database = Database(database_url, keys=(data_key,))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.transaction() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0006")
        for statement in (
            "INSERT INTO complainants (id, created_at) VALUES (1, :now)",
            "INSERT INTO conversations (id, channel, address, complainant_id, created_at) "
            "VALUES (1, 'web', 'ann', 1, :now)",
            "INSERT INTO tickets (id, number, conversation_id, complainant_id, state, language, created_at, "
            "changed_at) VALUES (1, 'TS261120-000001', 1, 1, 'triage', 'zh', :now, :now)",
            "INSERT INTO events (ticket_id, at, actor, action, cycle) VALUES (1, :now, 'bot', 'acknowledge', 1)",
        ):
            connection.execute(text(statement), {"now": NOW.replace(tzinfo=None)})
    database.migrate()
    with database.reading() as connection:
        (told_at,) = connection.execute(text("SELECT spread_at FROM events")).one()
    database.dispose()
    assert told_at is not None


def test_operators_see_how_long_the_oldest_event_has_waited(store: Store, house: House) -> None:
    filed(store, house)
    assert read_backlog(store.database, now=NOW + HOUR).untold_s == HOUR.total_seconds()
    tell(store)
    assert read_backlog(store.database, now=NOW + HOUR).untold_s == 0
