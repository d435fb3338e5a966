"""A ticket's whole life in the database: who may do what, what is written, what is refused."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from casework.house import House
from casework.storage.tickets import ChangedMeanwhile
from casework.storage.work import Store, Work
from casework.tickets import acts, handling
from casework.tickets.apart import go_on_alone
from casework.tickets.handling import Desk, Incomplete
from casework.tickets.model import Actor, Ticket
from casework.tickets.silence import end_silence
from casework.tickets.spreading import spread
from casework.tickets.states import Refused, Role, State
from casework.tickets.steps import Rules, legal_actions
from tests.casework.test_filing import file
from tests.conftest import NOW

LI, WANG = Actor(Role.AGENT, "Li"), Actor(Role.AGENT, "Wang")
LEAD, SUPERVISOR = Actor(Role.LEAD, "Zhao"), Actor(Role.SUPERVISOR, "Sun")
RESULT = {"finding": "属实", "remedy": "道歉", "basis": "服务规范第3条"}
HOUR = timedelta(hours=1)


class Staff:
    """Does things to one ticket, an hour after another."""

    def __init__(self, work: Work, house: House, ticket: Ticket | None = None) -> None:
        self.work, self.house, self.now = work, house, NOW
        self.rules = Rules(house.packs, house.calendar)
        self.ticket = ticket or file(work, house)

    def desk(self, by: Actor) -> Desk:
        return Desk(self.work, self.rules, by, self.now)

    def do(self, by: Actor, action: str, **given: Any) -> Ticket:
        self.now += HOUR
        self.ticket = handling.act(self.desk(by), self.ticket, action, given)
        return self.ticket

    def sign(self, by: Actor = LI) -> Staff:
        self.do(by, "accept")
        self.do(by, "sign")
        return self

    def resolve(self, by: Actor = LI) -> Staff:
        self.sign(by).do(by, "resolve", **RESULT)
        return self

    def dispute(self) -> Staff:
        self.now += HOUR
        self.ticket = acts.dispute(self.work, self.ticket, text="没解决", now=self.now, rules=self.rules)
        return self

    def actions(self, by: Actor) -> tuple[str, ...]:
        return legal_actions(self.work, self.ticket, by=by, now=self.now)

    def due(self) -> datetime:
        (clock,) = [
            c for c in self.work.clocks.of(self.ticket.id, cycle=self.ticket.cycle) if c.kind == "resolution"
        ]
        return clock.due_at

    def history(self) -> list[str]:
        return [event.action for event in self.work.tickets.history(self.ticket.id)]


def test_every_step_is_in_the_history_with_who_and_why(store: Store, house: House) -> None:
    with store.writing() as work:
        staff = Staff(work, house).resolve()
        acts.rate(work, staff.ticket, level=5, text="", now=staff.now, calendar=house.calendar)
        events = work.tickets.history(staff.ticket.id)
    assert [e.action for e in events] == [
        "submit", "acknowledge", "accept", "sign", "resolve", "rate", "confirm",
    ]  # fmt: skip
    assert [e.actor_name for e in events[2:5]] == ["Li", "Li", "Li"]
    assert events[4].data.items() >= RESULT.items()
    assert (events[4].from_state, events[4].to_state) == ("in_progress", "resolved")


def test_the_server_says_what_a_role_may_do_and_a_refusal_says_it_too(store: Store, house: House) -> None:
    with store.writing() as work:
        staff = Staff(work, house)
        assert "reject" not in staff.actions(LI)
        assert {"accept", "reject", "refer"} <= set(staff.actions(LEAD))
        assert staff.actions(Actor(Role.ADMINISTRATOR, "Root")) == ("force_assign", "supervise")
        assert staff.actions(Actor(Role.COMPLAINANT)) == ("withdraw", "supplement", "urge")
        with pytest.raises(Refused) as refused:
            staff.do(LI, "reject", reason="not_ours", basis="x", outside_remedy="12345")
        assert refused.value.allowed == staff.actions(LI)
    assert "'triage'" in str(refused.value)
    assert "accept" in str(refused.value)


def test_what_an_action_needs_is_named(store: Store, house: House) -> None:
    with store.writing() as work:
        staff = Staff(work, house).sign()
        with pytest.raises(Incomplete, match="resolve needs finding, remedy, basis; missing: basis"):
            staff.do(LI, "resolve", finding="属实", remedy="道歉")
        assert staff.history()[-1] == "sign"


def test_two_at_one_ticket_learn_of_each_other(store: Store, house: House) -> None:
    with store.writing() as work:
        staff = Staff(work, house)
        opened = staff.ticket
        staff.sign()
        with pytest.raises(
            ChangedMeanwhile, match=r"was changed by Li \(sign, 2026-11-20 06:00 UTC\) since you"
        ):
            handling.act(staff.desk(LI), staff.ticket, "resolve", RESULT, seen=opened.version)


def test_of_two_who_take_one_ticket_at_once_one_wins(store: Store, house: House) -> None:
    with store.writing() as work:
        ticket = file(work, house)
    outcomes: list[str] = []
    ready = threading.Barrier(2)

    def take(by: Actor) -> None:
        ready.wait()
        try:
            with store.writing() as work:
                Staff(work, house, ticket).do(by, "accept", handler=by.name)
            outcomes.append("took it")
        except ChangedMeanwhile as lost:
            outcomes.append(str(lost))

    threads = [threading.Thread(target=take, args=(by,)) for by in (LI, WANG)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as work:
        winner = work.tickets.get(ticket.id).handler
    lost, won = sorted(outcomes)
    assert won == "took it"
    assert f"was changed by {winner} (accept" in lost


def test_the_third_return_is_a_supervisors_business(store: Store, house: House) -> None:
    with store.writing() as work:
        staff = Staff(work, house)
        due = staff.due()
        for _ in range(2):
            staff.sign().do(LI, "return", reason="not ours")
        assert (staff.ticket.returns, staff.ticket.handler) == (2, "")
        staff.do(LI, "accept")
        assert "return" not in staff.actions(LI)
        with pytest.raises(Refused, match="force_assign"):
            staff.do(LI, "return", reason="not ours")
        forced = staff.do(SUPERVISOR, "force_assign", department="hall", handler="Wang", reason="decided")
        assert (forced.state, forced.department, forced.handler) == (State.ASSIGNED, "hall", "Wang")
        assert staff.due() == due


def test_a_reopened_case_goes_to_somebody_else(store: Store, house: House) -> None:
    with store.writing() as work:
        staff = Staff(work, house).resolve(LI).dispute()
        assert (staff.ticket.cycle, staff.ticket.handler, staff.ticket.resolved_at) == (2, "", None)
        assert "accept" not in staff.actions(LI)
        with pytest.raises(Refused, match="Li decided an earlier round"):
            staff.do(WANG, "accept", handler="Li")
        staff.do(WANG, "accept")
        with pytest.raises(Refused, match="Li decided an earlier round"):
            staff.do(LI, "sign")
        staff.do(WANG, "sign")
        with pytest.raises(Refused, match="Li decided an earlier round"):
            staff.do(LEAD, "reassign", handler="Li")
        assert staff.do(WANG, "resolve", **RESULT).state is State.RESOLVED


def test_an_appeal_is_looked_at_once_and_by_another_reviewer(store: Store, house: House) -> None:
    refusal = {"reason": "not_ours", "basis": "职责清单", "outside_remedy": "12345"}
    with store.writing() as work:
        staff = Staff(work, house)
        staff.do(LEAD, "reject", **refusal)
        staff.dispute()
        assert staff.ticket.cycle == 2
        with pytest.raises(Refused, match="Zhao decided an earlier round"):
            staff.do(LEAD, "reject", **refusal)
        staff.do(SUPERVISOR, "reject", **refusal)
        with pytest.raises(Refused, match="appealed before"):
            staff.dispute()


def test_a_refusal_can_be_appealed_for_a_time(store: Store, house: House) -> None:
    with store.writing() as work:
        staff = Staff(work, house)
        staff.do(LEAD, "reject", reason="not_ours", basis="x", outside_remedy="12345")
        staff.now += timedelta(days=15)
        with pytest.raises(Refused, match="15 days"):
            staff.dispute()


def test_who_was_asked_while_nobody_had_signed_goes_back_to_be_sorted(store: Store, house: House) -> None:
    with store.writing() as work:
        staff = Staff(work, house)
        staff.do(LI, "ask", question="哪个窗口？")
        replied, _ = acts.supplement(
            work, staff.ticket, text="3号", message_ids=(), now=staff.now, calendar=house.calendar
        )
        assert replied.state is State.TRIAGE
        staff.ticket = replied
        staff.sign().do(LI, "ask", question="几点？")
        replied, _ = acts.supplement(
            work, staff.ticket, text="九点", message_ids=(), now=staff.now, calendar=house.calendar
        )
    assert (replied.state, replied.handler) == (State.IN_PROGRESS, "Li")


def test_more_time_is_asked_for_before_the_due_time_and_granted_by_another(
    store: Store, house: House
) -> None:
    with store.writing() as work:
        staff = Staff(work, house).sign(LEAD)
        due = staff.due()
        with pytest.raises(Refused, match="nobody asked"):
            staff.do(SUPERVISOR, "extend_approve")
        for until in (due, due + timedelta(days=60)):
            with pytest.raises(Incomplete, match="until: expected after"):
                staff.do(LEAD, "extend_request", until=until.isoformat(), reason="调监控")
        later = due + timedelta(days=3)
        staff.do(LEAD, "extend_request", until=later.isoformat(), reason="调监控")
        assert staff.due() == due
        with pytest.raises(Refused, match="does not decide"):
            staff.do(LEAD, "extend_approve")
        staff.do(SUPERVISOR, "extend_approve")
        assert staff.due() == later
        event = work.tickets.history(staff.ticket.id)[-1]
        assert event.data["reason"] == "调监控"
        assert datetime.fromisoformat(event.data["due_from"]) == due
        with pytest.raises(Refused, match="extended 1 time"):
            staff.do(LEAD, "extend_request", until=(later + timedelta(days=1)).isoformat(), reason="再等")


def test_after_the_due_time_nobody_asks_for_more_and_nobody_grants_it(store: Store, house: House) -> None:
    with store.writing() as work:
        staff = Staff(work, house).sign()
        due = staff.due()
        until = {"until": (due + timedelta(days=1)).isoformat(), "reason": "调监控"}
        staff.do(LI, "extend_request", **until)
        staff.now = due
        with pytest.raises(Refused, match="due time is over"):
            staff.do(LEAD, "extend_approve")
        staff.do(LEAD, "extend_refuse", reason="too late")
        with pytest.raises(Refused, match="due time is over"):
            staff.do(LI, "extend_request", **until)
        assert staff.due() == due


def test_a_merged_case_shares_the_earlier_due_time_and_can_be_taken_out(store: Store, house: House) -> None:
    with store.writing() as work:
        first = Staff(work, house)
        second = Staff(work, house, file(work, house, address="bob"))
        second.sign().do(
            LI, "extend_request", until=(second.due() + timedelta(days=2)).isoformat(), reason="x"
        )
        second.do(LEAD, "extend_approve")
        own, earlier = second.due(), first.due()
        assert earlier < own
        second.do(LI, "merge", into=first.ticket.number, reason="same window")
        assert (second.ticket.state, second.ticket.merged_into) == (State.MERGED, first.ticket.id)
        assert second.due() == earlier
        assert [t.id for t in work.tickets.merged_into(first.ticket.id)] == [second.ticket.id]
        first.ticket = work.tickets.get(first.ticket.id)
        with pytest.raises(Refused, match="merge the other way round"):
            first.do(LI, "merge", into=second.ticket.number, reason="x")
        second.do(LEAD, "unmerge", reason="another window after all")
        assert (second.ticket.state, second.ticket.merged_into) == (State.TRIAGE, None)
        assert second.due() == own


def test_a_case_is_not_taken_out_of_one_that_is_over(store: Store, house: House) -> None:
    with store.writing() as work:
        first = Staff(work, house)
        second = Staff(work, house, file(work, house, address="bob"))
        second.do(LI, "merge", into=first.ticket.number, reason="same window")
        first.ticket = work.tickets.get(first.ticket.id)
        first.resolve()
        first.ticket = acts.confirm_solved(work, first.ticket, now=first.now)
        with pytest.raises(Refused, match="is over"):
            second.do(LEAD, "unmerge", reason="x")
        third = Staff(work, house, file(work, house, address="eve"))
        for number in (third.ticket.number, first.ticket.number):
            with pytest.raises(Refused, match="another open ticket"):
                third.do(LI, "merge", into=number, reason="x")


def test_who_takes_a_complaint_back_takes_back_nobody_elses(store: Store, house: House) -> None:
    with store.writing() as work:
        first = Staff(work, house)
        second = Staff(work, house, file(work, house, address="bob"))
        own = second.due()
        second.do(LI, "merge", into=first.ticket.number, reason="same window")
        acts.withdraw(work, work.tickets.get(first.ticket.id), text="", now=first.now)
        while spread(work, second.now, [partial(go_on_alone, house=house)]):
            pass
        second.ticket = work.tickets.get(second.ticket.id)
        assert (second.ticket.state, second.ticket.merged_into) == (State.TRIAGE, None)
        assert second.due() == own
        told = next(e for e in work.tickets.history(second.ticket.id) if e.action == "unmerge")
        assert "单独继续办" in told.data["reason"]
        assert second.sign().ticket.state is State.IN_PROGRESS


def test_escalating_goes_up_to_the_top_and_stays_there(store: Store, house: House) -> None:
    with store.writing() as work:
        staff = Staff(work, house).sign()
        for level in (1, 2, 3):
            assert staff.do(LI, "escalate", reason="stuck").escalation == level
        with pytest.raises(Refused, match="highest level"):
            staff.do(LI, "escalate", reason="stuck")


def test_work_beside_a_ticket_is_a_task_with_a_result(store: Store, house: House) -> None:
    with store.writing() as work:
        staff = Staff(work, house).sign()
        staff.do(LI, "co_handle", department="window", wanted="监控录像")
        staff.do(SUPERVISOR, "supervise", reason="third complaint")
        helped, ordered = work.clocks.tasks(staff.ticket.id, state="open")
        assert (helped.kind, helped.department, ordered.kind) == ("co_handling", "window", "supervision")
        with pytest.raises(Incomplete, match="result"):
            handling.finish_task(staff.desk(WANG), helped, result="")
        assert handling.finish_task(staff.desk(WANG), helped, result="已调取")
        assert not handling.finish_task(staff.desk(LI), helped, result="again")
        assert work.clocks.task(helped.id).data == {"wanted": "监控录像", "result": "已调取"}
        assert staff.history()[-1] == "task_done"


def test_a_low_rating_makes_a_call_and_the_call_closes_the_case(store: Store, house: House) -> None:
    with store.writing() as work:
        staff = Staff(work, house).resolve()
        staff.ticket = acts.rate(
            work, staff.ticket, level=1, text="慢", now=staff.now, calendar=house.calendar
        )
        (call,) = work.clocks.tasks(staff.ticket.id, kind="follow_up")
        assert call.due_at is not None
        assert call.data == {"level": 1, "text": "慢"}
        closed = staff.do(WANG, "close_explained", note="电话说明了原因")
        assert closed.state is State.CLOSED
        assert work.clocks.task(call.id).state == "done"


def test_silence_ends_a_question_a_result_and_a_refusal(store: Store, house: House) -> None:
    with store.writing() as work:
        asked = Staff(work, house).sign()
        asked.do(LI, "ask", question="几点？")
        assert asked.ticket.wake_at is not None
        assert end_silence(work, asked.ticket.wake_at - HOUR, calendar=house.calendar) == []
        (silent,) = end_silence(work, asked.ticket.wake_at, calendar=house.calendar)
        assert silent.state is State.RESOLVED
        assert silent.wake_at == silent.resolved_at + timedelta(hours=72)  # type: ignore[operator]
        (closed,) = end_silence(work, silent.wake_at, calendar=house.calendar)
        assert closed.state is State.CLOSED
        assert acts.rating_of(work, closed) is None
        refused = Staff(work, house, file(work, house, address="bob"))
        refused.do(LEAD, "reject", reason="not_ours", basis="x", outside_remedy="12345")
        (closed,) = end_silence(work, refused.now + timedelta(days=15), calendar=house.calendar)
        assert closed.id == refused.ticket.id
        assert end_silence(work, refused.now + timedelta(days=99), calendar=house.calendar) == []


def test_another_category_brings_its_profile_and_severity_from_the_same_start(
    store: Store, house: House
) -> None:
    with store.writing() as work:
        staff = Staff(work, house).sign()
        staff.do(LI, "reclassify", category="GOV-INT-01", reason="廉洁问题")
        expected = house.calendar.due(NOW, amount=15, unit="working_days").at
        assert (staff.due(), staff.ticket.severity, staff.ticket.priority) == (expected, 4, "P2")
        assert staff.ticket.score["inputs"]["severity"] == 4


def test_staff_set_a_priority_with_a_reason_and_it_holds(store: Store, house: House) -> None:
    with store.writing() as work:
        staff = Staff(work, house)
        with pytest.raises(Incomplete, match="reason"):
            staff.do(LI, "set_priority", level="P1")
        with pytest.raises(Incomplete, match="P0, P1"):
            staff.do(LI, "set_priority", level="P9", reason="x")
        was = staff.ticket.priority
        staff.do(LI, "set_priority", level="P1", reason="公开发帖")
        assert staff.ticket.score["override"] == {"level": "P1", "reason": "公开发帖", "by": "Li", "was": was}
        staff.do(LI, "reclassify", category="GOV-ATT-01", reason="态度")
        assert staff.ticket.priority == "P1"


def test_a_case_that_staff_reopen_starts_as_afresh_as_one_the_person_contests(
    store: Store, house: House
) -> None:
    with store.writing() as work:
        staff = Staff(work, house).resolve()
        acts.rate(work, staff.ticket, level=1, text="", now=staff.now, calendar=house.calendar)
        staff.ticket = work.tickets.get(staff.ticket.id)
        reopened = staff.do(LEAD, "dispute", text="电话里说还没好")
        running = [clock.kind for clock in work.clocks.of(reopened.id, cycle=2) if not clock.over]
        event = work.tickets.history(reopened.id)[-1]
    assert (reopened.state, reopened.cycle, reopened.resolved_at) == (State.TRIAGE, 2, None)
    assert running == ["triage", "first_contact", "resolution"]
    assert (event.actor_name, event.data["text"], event.data["not_again"]) == ("Zhao", "电话里说还没好", "Li")
