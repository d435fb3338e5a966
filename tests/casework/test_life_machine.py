"""Whatever is called in whatever order: states stay legal, history grows, due times move lawfully, alarms come once."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from casework.house import House
from casework.storage.database import Database
from casework.storage.tickets import ChangedMeanwhile
from casework.storage.work import Store, Work
from casework.tickets import acts, handling
from casework.tickets.alarms import scan
from casework.tickets.handling import Desk, Incomplete
from casework.tickets.model import Actor, Clock, Ticket, TicketEvent
from casework.tickets.silence import end_silence
from casework.tickets.states import STEPS, Refused, Role, State
from casework.tickets.steps import Rules, legal_actions
from tests.casework.test_filing import file
from tests.conftest import NOW

STAFF = [
    Actor(Role.AGENT, "Li"), Actor(Role.AGENT, "Wang"), Actor(Role.LEAD, "Zhao"), Actor(Role.SUPERVISOR, "Sun"),
    Actor(Role.ADMINISTRATOR, "Root"),
]  # fmt: skip
PERSON = {"urge", "supplement", "reply", "withdraw", "restore", "dispute", "appeal", "confirm", "follow_up"}
ACTIONS = sorted(
    {action for steps in STEPS.values() for action in steps} - PERSON - {"submit", "acknowledge"}
)
#: What leads deep into the life of a ticket.
WAY = {
    State.TRIAGE: ("accept",),
    State.ASSIGNED: ("sign",),
    State.IN_PROGRESS: ("extend_request", "extend_approve", "ask", "resolve", "return"),
    State.FOLLOWUP: ("call_tried", "close_unreached", "close_explained"),
}
TIMES = st.sampled_from([timedelta(minutes=5), timedelta(minutes=50), timedelta(hours=3), timedelta(days=1)])


class Life(RuleBasedStateMachine):
    store: Store
    house: House

    @initialize()
    def begin(self) -> None:
        self.now = NOW
        self.rules = Rules(self.house.packs, self.house.calendar)
        self.told: Counter[tuple[int, int, str, int, int]] = Counter()
        self.histories: dict[int, list[TicketEvent]] = {}
        self.clocks: dict[int, dict[int, Clock]] = {}
        with self.store.writing() as work:
            self.ids = [file(work, self.house, address=name).id for name in ("ann", "bob")]

    def _given(self, work: Work, action: str, ticket: Ticket) -> dict[str, Any]:
        other = work.tickets.get(next(i for i in self.ids if i != ticket.id))
        due = max((c.due_at for c in work.clocks.of(ticket.id)), default=self.now)
        values = {
            "into": other.number,
            "until": (due + timedelta(days=1)).isoformat(),
            "category": "GOV-INT-01" if ticket.category != "GOV-INT-01" else "GOV-ATT-03",
            "level": "P1",
            "handler": "Wang",
        }
        return {name: values.get(name, "x") for name in handling.NEEDS.get(action, ())}

    @rule(
        which=st.integers(0, 1),
        by=st.sampled_from(STAFF),
        action=st.sampled_from(ACTIONS),
        later=TIMES,
        stale=st.sampled_from([False] * 9 + [True]),
    )
    def staff_act(self, which: int, by: Actor, action: str, later: timedelta, stale: bool) -> None:
        self._act(which, by, action, later, stale=stale)

    @rule(
        which=st.integers(0, 1),
        by=st.sampled_from(STAFF[:4]),
        picks=st.lists(st.integers(0, 4), min_size=1, max_size=4),
    )
    def staff_go_on(self, which: int, by: Actor, picks: list[int]) -> None:
        """The next steps of the way through the house, by two members of staff in turn."""
        for pick in picks:
            with self.store.reading() as work:
                way = WAY.get(work.tickets.get(self.ids[which]).state, ("contact",))
            self._act(which, by, way[pick % len(way)], timedelta(minutes=5))
            by = STAFF[3] if by != STAFF[3] else STAFF[0]

    def _act(self, which: int, by: Actor, action: str, later: timedelta, *, stale: bool = False) -> None:
        self.now += later
        try:
            with self.store.writing() as work:
                ticket = work.tickets.get(self.ids[which])
                legal = action in legal_actions(work, ticket, by=by, now=self.now)
                desk = Desk(work, self.rules, by, self.now)
                seen = ticket.version - stale
                done = handling.act(desk, ticket, action, self._given(work, action, ticket), seen=seen)
            assert legal, f"{action} by {by.role} in {ticket.state} was taken and not offered"
            assert not stale
            assert done.version > ticket.version
        except Refused:
            # Offered, yet refused: only for whom it names, which the table of states cannot see.
            assert not legal or action in ("merge", "force_assign", "reassign")
        except ChangedMeanwhile:
            assert stale
        except Incomplete:
            assert action == "extend_request"

    @rule(
        which=st.integers(0, 1),
        action=st.sampled_from(
            ["urge", "supplement", "dispute", "dispute", "confirm", "rate", "restore", "withdraw"]
        ),
        level=st.integers(1, 5),
        later=TIMES,
    )
    def person_acts(self, which: int, action: str, level: int, later: timedelta) -> None:
        self.now += later
        calendar = self.house.calendar
        try:
            with self.store.writing() as work:
                ticket, now = work.tickets.get(self.ids[which]), self.now
                if action == "urge":
                    acts.urge(work, ticket, text="", now=now)
                elif action == "supplement":
                    acts.supplement(work, ticket, text="", message_ids=(), now=now, calendar=calendar)
                elif action == "withdraw":
                    acts.withdraw(work, ticket, text="", now=now)
                elif action == "restore":
                    acts.restore(work, ticket, now=now, calendar=calendar)
                elif action == "dispute":
                    acts.dispute(work, ticket, text="", now=now, rules=self.rules)
                elif action == "confirm":
                    acts.confirm_solved(work, ticket, now=now)
                else:
                    acts.rate(work, ticket, level=level, text="", now=now, calendar=calendar)
        except Refused:
            pass

    @rule(
        later=st.sampled_from([timedelta(hours=5), timedelta(days=4)]),
        jump=st.sampled_from([timedelta(), timedelta(days=-2), timedelta(days=9)]),
    )
    def time_passes(self, later: timedelta, jump: timedelta) -> None:
        """``jump``: the clock of the machine is wrong while this scanner runs."""
        self.now += later
        with self.store.writing() as work:
            for alarm in scan(work, self.now + jump, calendar=self.house.calendar):
                self.told[(alarm.ticket.id, alarm.ticket.cycle, alarm.kind, alarm.level, alarm.run)] += 1
        with self.store.writing() as work:
            end_silence(work, self.now, calendar=self.house.calendar)

    @invariant()
    def everything_holds(self) -> None:
        if not hasattr(self, "ids"):
            return
        with self.store.reading() as work:
            for ticket_id in self.ids:
                ticket = work.tickets.get(ticket_id)
                history = work.tickets.history(ticket_id)
                before = self.histories.get(ticket_id, [])
                assert history[: len(before)] == before, "history was changed"
                _is_legal(ticket, history)
                held = {clock.id: clock for clock in work.clocks.of(ticket_id)}
                for number, old in self.clocks.get(ticket_id, {}).items():
                    _is_lawful(old, held[number], history[len(before) :])
                rows = work.clocks.alarms(ticket_id)
                mine = {key[1:4] for key in self.told if key[0] == ticket_id}
                assert {tuple(row[:3]) for row in rows} == mine
                self.histories[ticket_id], self.clocks[ticket_id] = history, held
        assert all(times == 1 for times in self.told.values()), "an alarm was given twice"


def _is_legal(ticket: Ticket, history: list[TicketEvent]) -> None:
    """The history is one chain of steps of the table, and the ticket stands where it ends."""
    state, cycle = State.DRAFT, 1
    for event in history:
        if not event.to_state:
            continue
        step = STEPS[state].get(event.action)
        assert step is not None, f"{event.action} in {state}"
        assert event.from_state == state.value
        assert State(event.to_state) in (step.to, step.unsigned)
        assert Role(event.actor) in step.roles
        cycle += step.new_cycle
        assert event.cycle == cycle
        state = State(event.to_state)
    assert (ticket.state, ticket.cycle) == (state, cycle)
    assert (ticket.merged_into is not None) is (state is State.MERGED)
    if state in (State.TRIAGE, State.ASSIGNED) and history[-1].action in ("return", "dispute", "appeal"):
        assert not ticket.handler


def _is_lawful(old: Clock, new: Clock, events: list[TicketEvent]) -> None:
    assert new.started_at == old.started_at
    assert old.breached_at is None or new.breached_at == old.breached_at, "a breach was erased"
    assert old.met_at is None or new.met_at == old.met_at
    if new.due_at != old.due_at:
        due = old.due_at
        for move in (m for event in events for m in _moves(event, old.kind)):
            assert move[0] == due, "a due time moved without a word"
            due = move[1]
        assert due == new.due_at, "a due time moved without a word"


def _moves(event: TicketEvent, kind: str) -> list[tuple[datetime, datetime]]:
    """Moves of a clock's due time that the event tells of."""
    found = [data for data in (event.data, event.data.get(kind) or {}) if data.get("clock") == kind]
    lawful = {
        "reply", "restore", "resolve_no_information", "pause_spent", "extend_approve", "reclassify", "due_moved",
        "merged_from", "withdraw",
    }  # fmt: skip
    assert not any("due_to" in data for data in found) or event.action in lawful
    return [
        (datetime.fromisoformat(d["due_from"]), datetime.fromisoformat(d["due_to"]))
        for d in found
        if "due_to" in d
    ]


def test_no_order_of_calls_breaks_a_ticket(house: House) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(
            Database(f"sqlite:///{Path(folder) / 'life.db'}", keys=(Fernet.generate_key().decode(),))
        )
        store.database.migrate()
        machine: Any = type("ThisLife", (Life,), {"store": store, "house": house})
        machine.TestCase.settings = settings(
            max_examples=60,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        machine.TestCase().runTest()
        store.database.dispose()
