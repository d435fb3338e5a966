"""Two transactions that wait for each other: PostgreSQL ends one of them, which is done again."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from casework.house import House
from casework.storage.database import Tied, again
from casework.storage.work import Store
from casework.tickets.model import Ticket
from tests.casework.test_filing import file
from tests.conftest import NOW

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has one writer


def crossing(store: Store, house: House) -> tuple[list[Ticket], list[Callable[[], None]]]:
    """Two tickets, and two who change both of them, each beginning with another one, the first time at once."""
    with store.writing() as work:
        tickets = [file(work, house, address=who) for who in ("ann", "bob")]
    both_have_one = threading.Barrier(2)

    def change(order: list[Ticket], tries: list[None]) -> None:
        tries.append(None)
        with store.writing() as work:
            for ticket in order:
                (current,) = work.tickets.locked([ticket.id])
                work.tickets.change(current, now=NOW, escalation=current.escalation + 1)
                if len(tries) == 1 and ticket is order[0]:
                    both_have_one.wait(timeout=30)

    first: list[None] = []
    second: list[None] = []
    return tickets, [lambda: change(tickets, first), lambda: change(tickets[::-1], second)]


def run(jobs: list[Callable[[], None]]) -> list[Exception]:
    problems: list[Exception] = []

    def noted(job: Callable[[], None]) -> None:
        try:
            job()
        except Exception as error:  # reported by the test
            problems.append(error)

    threads = [threading.Thread(target=noted, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return problems


def test_one_of_two_that_wait_for_each_other_is_ended_and_known_as_that(store: Store, house: House) -> None:
    _, jobs = crossing(store, house)
    assert [type(problem) for problem in run(jobs)] == [Tied]


def test_done_again_both_are_written(store: Store, house: House) -> None:
    tickets, jobs = crossing(store, house)
    assert run([lambda job=job: again(job) for job in jobs]) == []  # type: ignore[misc]
    with store.reading() as work:
        assert [work.tickets.get(ticket.id).escalation for ticket in tickets] == [2, 2]
