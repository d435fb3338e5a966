"""One step of a ticket: checked, written with its history and its clocks in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from casework.packs import Category, Packs, SlaProfile
from casework.storage.work import Work
from casework.tickets import clocks
from casework.tickets.calendar import WorkingCalendar
from casework.tickets.model import Actor, Ticket
from casework.tickets.states import (
    APPEAL_WINDOW,
    OPEN,
    Facts,
    Refused,
    State,
    Step,
    allowed_actions,
    next_step,
)

#: Actions that decide a round of handling: who did one of them does not get the next round.
DECISIONS = ("resolve", "resolve_no_information", "reject", "close_explained", "close_unreached")
#: How long a person is waited for. Source: handling model, section 2.
SILENCE_WORKING_DAYS = 3
#: How long a result stands without a word from the person. Source: handling model, section 2.
RESULT_STANDS = timedelta(hours=72)

#: States in which an extension can be waiting for its decision.
_EXTENDABLE = frozenset({State.IN_PROGRESS, State.WAITING_COMPLAINANT})
#: Actions whose guards look at what was merged into a ticket, and at its extensions.
_OF_CHILDREN = frozenset({"merge", "refer"})
_OF_EXTENSIONS = frozenset({"extend_request", "extend_approve", "extend_refuse"})


@dataclass(frozen=True)
class Rules:
    """What rounds of handling are promised by."""

    packs: Packs
    calendar: WorkingCalendar

    def category(self, ticket: Ticket) -> Category | None:
        """``None`` for a case without a category, as a recorded question."""
        return self.packs.category(ticket.category) if ticket.category in self.packs else None

    def profile(self, ticket: Ticket) -> SlaProfile | None:
        category = self.category(ticket)
        return category.sla if category else None


def closers_of(work: Work, ticket: Ticket) -> frozenset[str]:
    """Who decided an earlier round of the ticket."""
    if ticket.cycle == 1:
        return frozenset()
    closers = work.tickets.happened(ticket.id, DECISIONS, before_cycle=ticket.cycle)
    return frozenset(filter(None, closers))


#: States of a ticket from which those merged into it can be taken out.
_LETS_GO = OPEN | {State.WITHDRAWN}


def facts_of(work: Work, ticket: Ticket, *, by: Actor, now: datetime, action: str = "") -> Facts:
    """What the guards of the ticket's state look at; with ``action``, what that one's guard looks at."""
    facts = replace(ticket.facts(now=now), by=by.name, closers=closers_of(work, ticket))
    if ticket.state is State.FOLLOWUP and action in ("", "close_unreached"):
        tried = (e for e in work.tickets.history(ticket.id) if e.action == "call_tried")
        return replace(
            facts, calls=tuple(str(e.data.get("channel", "")) for e in tried if e.cycle == ticket.cycle)
        )
    if ticket.state is State.REJECTED:
        return replace(facts, appealed=bool(work.tickets.happened(ticket.id, ("appeal",))))
    if ticket.state is State.MERGED:
        into = work.tickets.get(ticket.merged_into) if ticket.merged_into is not None else None
        return replace(facts, target_open=into is not None and into.state in _LETS_GO)
    if ticket.state in (State.TRIAGE, State.IN_PROGRESS) and (not action or action in _OF_CHILDREN):
        facts = replace(facts, children=work.tickets.count_merged(ticket.id))
    if ticket.state is State.IN_PROGRESS and (not action or action in _OF_EXTENSIONS):
        asked = work.clocks.tasks(ticket.id, kind="extension", state="open")
        running = [
            c for c in work.clocks.of(ticket.id, cycle=ticket.cycle) if c.kind == "resolution" and not c.over
        ]
        facts = replace(
            facts,
            requested_by=asked[0].created_by if asked else None,
            extensions=work.clocks.count_done(ticket.id, kind="extension", cycle=ticket.cycle),
            due_at=running[0].due_at if running else None,
        )
    return facts


def legal_actions(work: Work, ticket: Ticket, *, by: Actor, now: datetime) -> tuple[str, ...]:
    """What ``by`` may do with the ticket now. A desk shows these and no others."""
    return allowed_actions(ticket.state, role=by.role, facts=facts_of(work, ticket, by=by, now=now))


def check(work: Work, ticket: Ticket, action: str, *, by: Actor, now: datetime) -> None:
    """Raises: states.Refused when ``take`` would."""
    _step(work, ticket, action, by=by, now=now)


def _step(work: Work, ticket: Ticket, action: str, *, by: Actor, now: datetime) -> Step:
    try:
        facts = facts_of(work, ticket, by=by, now=now, action=action)
        return next_step(ticket.state, action, role=by.role, facts=facts)
    except Refused:  # it names what is allowed instead, which takes a look at everything
        return next_step(ticket.state, action, role=by.role, facts=facts_of(work, ticket, by=by, now=now))


def take(
    work: Work,
    ticket: Ticket,
    action: str,
    *,
    by: Actor,
    now: datetime,
    calendar: WorkingCalendar,
    data: Mapping[str, Any] | None = None,
    **values: Any,
) -> Ticket:
    """Take the step: columns (``values``), history (``data``), clocks.

    Raises: states.Refused, storage.tickets.ChangedMeanwhile.
    """
    step = _step(work, ticket, action, by=by, now=now)
    if step.to is not ticket.state:
        values = {"wake_at": _wakes(step.to, now, calendar), **values}
        if step.to is State.TRIAGE:
            values = {"handler": None, **values}
    changed = work.tickets.change(
        ticket, now=now, state=step.to, cycle=ticket.cycle + step.new_cycle, **values
    )
    if ticket.state in _EXTENDABLE and step.to not in _EXTENDABLE:
        for asked in work.clocks.tasks(ticket.id, kind="extension", state="open"):
            work.clocks.end_task(asked, state="dropped", by=by.name, now=now)
    noted = clocks.follow_step(work, ticket, changed, action, calendar=calendar, now=now)
    work.tickets.add_event(
        changed,
        action=action,
        actor=by.role.value,
        actor_name=by.name,
        now=now,
        from_state=ticket.state,
        to_state=step.to,
        data={**(data or {}), **noted} or None,
    )
    return changed


def _wakes(state: State, now: datetime, calendar: WorkingCalendar) -> datetime | None:
    """When silence ends ``state``."""
    if state is State.WAITING_COMPLAINANT:
        return calendar.due(now, amount=SILENCE_WORKING_DAYS, unit="working_days").at
    if state is State.RESOLVED:
        return now + RESULT_STANDS
    return now + APPEAL_WINDOW if state is State.REJECTED else None
