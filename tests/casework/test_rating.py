"""What comes of a rating: the reason, and the call after a low one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.house import House
from casework.staff.model import HOUSE
from casework.staff.organising import change_member
from casework.storage.work import Store
from casework.tickets import acts
from casework.tickets.handling import Incomplete
from casework.tickets.model import Actor
from casework.tickets.states import Refused, Role, State
from tests.casework.test_filing import file
from tests.casework.test_lifecycle import WANG, Staff
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


def test_a_person_who_is_not_reached_is_called_three_times_in_two_ways(store: Store, house: House) -> None:
    with store.writing() as work:
        staff = Staff(work, house).resolve()
        staff.ticket = acts.rate(work, staff.ticket, level=1, text="", now=staff.now, calendar=house.calendar)
        with pytest.raises(Refused, match=r"in vain 0 time\(s\) in 0 way\(s\); it takes 3 calls in 2 ways"):
            staff.do(WANG, "close_unreached", note="x")
        with pytest.raises(Incomplete, match="channel"):
            staff.do(WANG, "call_tried")
        for _ in range(3):
            staff.do(WANG, "call_tried", channel="phone")
        with pytest.raises(Refused, match=r"3 time\(s\) in 1 way"):
            staff.do(WANG, "close_unreached", note="x")
        staff.do(WANG, "call_tried", channel="chat")
        closed = staff.do(WANG, "close_unreached", note="电话三次、聊天一次都没有回音")
        assert closed.state is State.CLOSED
        assert work.clocks.tasks(closed.id, kind="follow_up", state="open") == []
        (clock,) = [c for c in work.clocks.of(closed.id) if c.kind == "follow_up"]
        assert clock.over
        # Who decided on it does not get it again.
        staff.dispute()
        with pytest.raises(Refused, match="Wang decided an earlier round"):
            staff.do(WANG, "accept")
