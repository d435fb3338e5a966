"""Merging a ticket into another one, what would come of it, and taking it out again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.text import Reason
from casework.tickets import clocks
from casework.tickets.desk import Desk, Incomplete, moved, note, refusal, resolution_of, sees, take_step
from casework.tickets.model import Clock, Ticket
from casework.tickets.states import OPEN
from casework.tickets.steps import check


@dataclass(frozen=True)
class Merging:
    """What merging would do. ``due_at``: holds for both from then on; ``was_due``: of the ticket itself,
    ``other_due``: of the one it goes into. ``None``: no promise runs there."""

    into: Ticket
    was_due: datetime | None
    other_due: datetime | None

    @property
    def due_at(self) -> datetime | None:
        if self.was_due is None or self.other_due is None:
            return None
        return min(self.was_due, self.other_due)


def preview(desk: Desk, ticket: Ticket, number: str) -> Merging:
    """What would come of merging into the ticket of that number. Changes nothing. Raises: as ``merge``."""
    check(desk.work, ticket, "merge", by=desk.by, now=desk.now)
    into = _target(desk, ticket, number)
    own, other = (resolution_of(desk, t, lock=False) for t in (ticket, into))
    return Merging(into, own.due_at if own else None, other.due_at if other else None)


def merge(desk: Desk, ticket: Ticket, action: str, told: dict[str, Any]) -> Ticket:
    """The earlier due time holds for both. Raises: Incomplete, states.Refused."""
    into = _target(desk, ticket, str(told["into"]))
    told = {**told, "into": into.number}
    merged = take_step(desk, ticket, action, told, merged_into=into.id)
    desk.work.tickets.change(into, now=desk.now)
    own, other = resolution_of(desk, ticket), resolution_of(desk, into)
    data: dict[str, Any] = {"from": ticket.number}
    if own is not None and other is not None:
        earlier = min(own.due_at, other.due_at)
        for clock in (own, other):
            if clock.due_at != earlier:
                _move(desk, clock, earlier)
        if other.due_at != earlier:
            data |= moved(other, earlier)
        if own.due_at != earlier:
            note(desk, merged, "due_moved", moved(own, earlier))
    note(desk, into, "merged_from", data)
    return merged


def unmerge(desk: Desk, ticket: Ticket, action: str, told: dict[str, Any]) -> Ticket:
    """On its own again, with the due time it had before."""
    assert ticket.merged_into is not None
    into = desk.work.tickets.get(ticket.merged_into)
    alone = take_step(desk, ticket, action, told, merged_into=None)
    changes = [e for e in desk.work.tickets.history(ticket.id) if e.action in ("merge", "due_moved")]
    due_before = changes[-1].data.get("due_from") if changes and changes[-1].action == "due_moved" else None
    clock = resolution_of(desk, ticket)
    if due_before and clock is not None:
        before = datetime.fromisoformat(due_before)
        _move(desk, clock, before)
        note(desk, alone, "due_moved", moved(clock, before))
    note(desk, into, "unmerged", {"from": ticket.number})
    return alone


def _target(desk: Desk, ticket: Ticket, number: str) -> Ticket:
    into = desk.work.tickets.by_number(number.upper().replace(" ", ""))
    if into is None or not sees(desk, into):
        raise Incomplete(Reason("no_ticket", "merge: there is no ticket {number}", number=number))
    if into.id == ticket.id or into.state not in OPEN:
        raise refusal(
            ticket,
            "merge",
            Reason(
                "merge_into_open",
                "{number} is {state}; merge into another open ticket",
                number=into.number,
                state=into.state.value,
            ),
        )
    return into


def _move(desk: Desk, clock: Clock, due: datetime) -> None:
    desk.work.clocks.save(clocks.due_moved(clock, due, desk.rules.calendar))
