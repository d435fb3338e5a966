"""What comes of a rating: the reason, and the call after a low one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from casework.house import House
from casework.staff.model import HOUSE
from casework.staff.organising import change_member
from casework.storage.work import Store
from casework.tickets import acts, survey
from casework.tickets.handling import Incomplete
from casework.tickets.model import Actor
from casework.tickets.states import Refused, Role, State
from casework.tickets.steps import Rules
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


def test_all_that_was_said_of_a_round_is_one_survey(store: Store, house: House) -> None:
    with store.writing() as work:
        staff = Staff(work, house).resolve()
        assert survey.survey_of(work, staff.ticket) == survey.Survey(None, "", None, [])
        ticket = acts.rate(work, staff.ticket, level=4, text="", now=NOW, calendar=house.calendar)
        survey.say_solved(work, ticket, "no", now=NOW, calendar=house.calendar)
        survey.say_solved(work, ticket, "partly", now=NOW, calendar=house.calendar)
        survey.mark_attitude(work, ticket, 2, now=NOW, calendar=house.calendar)
        survey.give_reason(work, ticket, "等太久", now=NOW)
        said = survey.survey_of(work, ticket)
        assert said == survey.Survey(4, "partly", 2, ["等太久"])
        assert said.is_low
        (call,) = work.clocks.tasks(ticket.id, kind="follow_up")  # one call, however much was not good
        assert call.data == {"solved": "no"}


def test_who_says_solved_is_not_asked_again_and_a_new_round_is_asked_anew(store: Store, house: House) -> None:
    with store.writing() as work:
        staff = Staff(work, house).resolve()
        ticket = acts.confirm_solved(work, staff.ticket, now=NOW)
        assert survey.survey_of(work, ticket).solved == "yes"
        rules = Rules(house.packs, house.calendar)
        again = acts.dispute(work, ticket, text="又坏了", now=NOW + timedelta(days=1), rules=rules)
        assert survey.survey_of(work, again).solved == ""


def test_no_answer_outside_the_scale_is_kept(store: Store, house: House) -> None:
    with store.writing() as work:
        ticket = Staff(work, house).resolve().ticket
        with pytest.raises(ValueError, match="yes, partly, no"):
            survey.say_solved(work, ticket, "maybe", now=NOW, calendar=house.calendar)
        for mark in (0, 6):
            with pytest.raises(ValueError, match="expected 1 to 5"):
                survey.mark_attitude(work, ticket, mark, now=NOW, calendar=house.calendar)
        assert survey.survey_of(work, ticket) == survey.Survey(None, "", None, [])


def test_nothing_is_asked_of_a_case_that_is_still_handled(store: Store, house: House) -> None:
    with store.writing() as work, pytest.raises(Refused):
        survey.say_solved(work, file(work, house), "yes", now=NOW, calendar=house.calendar)


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
