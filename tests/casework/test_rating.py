"""What comes of a rating: the reason, and the call after a low one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.house import House
from casework.staff.model import HOUSE
from casework.staff.organising import change_member
from casework.storage.work import Store
from casework.tickets import acts
from casework.tickets.model import Actor
from casework.tickets.states import Role, State
from tests.casework.test_filing import file
from tests.casework.test_lifecycle import Staff
from tests.casework.test_staff import ADMIN, furnished, member
from tests.conftest import NOW


def test_a_low_rating_of_a_closed_case_is_called_back_too(store: Store, house: House) -> None:
    with store.writing() as work:
        ticket = Staff(work, house).resolve().ticket
        closed = acts.confirm_solved(work, ticket, now=NOW + timedelta(days=1))
        rated = acts.rate(
            work, closed, level=2, text="", now=NOW + timedelta(days=1), calendar=house.calendar
        )
        assert rated.state is State.CLOSED
        (call,) = work.clocks.tasks(ticket.id, kind="follow_up", state="open")
        assert call.due_at is not None


def test_who_decided_a_case_does_not_make_the_call_about_it(store: Store, house: House) -> None:
    people = [member(name, ("government.supervision", Role.LEAD)) for name in ("li", "zhao")]
    with store.writing() as work:
        furnished(work, house, *people, member("sun", (HOUSE, Role.SUPERVISOR)))
        for address, decides, calls in (("a", "li", "zhao"), ("b", "zhao", "li")):
            staff = Staff(work, house, file(work, house, address=address))
            staff.resolve(Actor(Role.LEAD, decides))
            acts.rate(work, staff.ticket, level=1, text="", now=staff.now, calendar=house.calendar)
            (call,) = work.clocks.tasks(staff.ticket.id, kind="follow_up")
            assert call.assignee == calls
        change_member(work, "zhao", {"roles": {}}, by=ADMIN)
        staff = Staff(work, house, file(work, house, address="c")).resolve(Actor(Role.LEAD, "li"))
        acts.rate(work, staff.ticket, level=1, text="", now=staff.now, calendar=house.calendar)
        assert work.clocks.tasks(staff.ticket.id, kind="follow_up")[0].assignee == "sun"


def test_a_reason_is_words_or_an_aspect(store: Store, house: House) -> None:
    with store.writing() as work:
        ticket = Staff(work, house).resolve().ticket
        acts.give_reason(work, ticket, aspect="attitude", now=NOW)
        acts.give_reason(work, ticket, text="等太久", now=NOW)
        told = [e.data for e in work.tickets.history(ticket.id) if e.action == "rate_reason"]
        assert told == [{"aspect": "attitude"}, {"text": "等太久"}]
        with pytest.raises(ValueError, match="solved, process, attitude"):
            acts.give_reason(work, ticket, aspect="weather", now=NOW)
