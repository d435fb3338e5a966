"""The ticket's state machine."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.tickets.states import (
    OPEN,
    STEPS,
    TERMINAL,
    Facts,
    Refused,
    Role,
    State,
    allowed_actions,
    next_step,
)
from tests.conftest import NOW


def test_a_complaint_can_walk_the_whole_way() -> None:
    facts = Facts(now=NOW, handler="Li")
    way = [
        ("submit", Role.COMPLAINANT, State.SUBMITTED),
        ("acknowledge", Role.BOT, State.TRIAGE),
        ("accept", Role.AGENT, State.ASSIGNED),
        ("sign", Role.AGENT, State.IN_PROGRESS),
        ("ask", Role.AGENT, State.WAITING_COMPLAINANT),
        ("reply", Role.COMPLAINANT, State.IN_PROGRESS),
        ("resolve", Role.AGENT, State.RESOLVED),
        ("confirm", Role.COMPLAINANT, State.CLOSED),
    ]
    state = State.DRAFT
    for action, role, expected in way:
        state = next_step(state, action, role=role, facts=facts).to
        assert state is expected


@given(state=st.sampled_from(State), action=st.text(max_size=12), role=st.sampled_from(Role))
def test_what_the_table_does_not_name_is_refused_with_the_way_out(
    state: State, action: str, role: Role
) -> None:
    facts = Facts(now=NOW)
    if action in allowed_actions(state, role=role, facts=facts):
        return
    with pytest.raises(Refused) as refused:
        next_step(state, action, role=role, facts=facts)
    assert refused.value.allowed == allowed_actions(state, role=role, facts=facts)
    assert state.value in str(refused.value)


def test_every_open_state_lets_the_complainant_add_and_urge_and_changes_nothing_by_it() -> None:
    for state in OPEN:
        for action in ("supplement", "urge"):
            assert next_step(state, action, role=Role.COMPLAINANT, facts=Facts(now=NOW)).to is state


def test_no_step_leads_to_a_draft_and_every_state_can_be_reached() -> None:
    targets = {step.to for steps in STEPS.values() for step in steps.values()}
    assert State.DRAFT not in targets
    assert targets == set(State) - {State.DRAFT}


def test_a_complainant_cannot_do_what_staff_do() -> None:
    for state, action in ((State.TRIAGE, "reject"), (State.IN_PROGRESS, "resolve"), (State.TRIAGE, "accept")):
        with pytest.raises(Refused):
            next_step(state, action, role=Role.COMPLAINANT, facts=Facts(now=NOW))


def test_the_third_return_needs_a_supervisor() -> None:
    assert (
        next_step(State.ASSIGNED, "return", role=Role.AGENT, facts=Facts(now=NOW, returns=1)).to
        is State.TRIAGE
    )
    with pytest.raises(Refused, match="force_assign"):
        next_step(State.ASSIGNED, "return", role=Role.AGENT, facts=Facts(now=NOW, returns=2))
    assert next_step(State.TRIAGE, "force_assign", role=Role.SUPERVISOR, facts=Facts(now=NOW, returns=2))


def test_a_result_can_be_contested_within_fifteen_days_and_not_later() -> None:
    in_time = Facts(now=NOW, resolved_at=NOW - timedelta(days=15))
    late = Facts(now=NOW, resolved_at=NOW - timedelta(days=15, seconds=1))
    step = next_step(State.CLOSED, "dispute", role=Role.COMPLAINANT, facts=in_time)
    assert step.to is State.TRIAGE
    assert step.new_cycle
    with pytest.raises(Refused, match="window"):
        next_step(State.CLOSED, "dispute", role=Role.COMPLAINANT, facts=late)


def test_a_withdrawn_ticket_can_be_restored_for_a_week() -> None:
    with pytest.raises(Refused):
        next_step(
            State.WITHDRAWN,
            "restore",
            role=Role.COMPLAINANT,
            facts=Facts(now=NOW, changed_at=NOW - timedelta(days=8)),
        )


def test_terminal_states_offer_nothing_that_goes_on_by_itself() -> None:
    for state in TERMINAL:
        actions = allowed_actions(state, role=Role.SYSTEM, facts=Facts(now=NOW))
        # a merged one goes on alone when the one it was merged into is taken back
        assert set(actions) <= {"auto_close"} | ({"unmerge"} if state is State.MERGED else set())
