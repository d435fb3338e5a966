"""What a complainant can do with a filed ticket: urge, add, withdraw, restore, dispute, confirm, rate."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.storage.work import Work
from casework.tickets.model import Clock, Ticket, TicketEvent
from casework.tickets.states import OPEN, Role, State, next_step

#: One urge per ticket has an effect in this time. Source: handling model, section 2.
URGE_PERIOD = timedelta(hours=24)

_NUMBER = re.compile(r"TS\s?(\d{6})\s?[-－—–]?\s?(\d{6})", re.IGNORECASE)


def find_number(text: str) -> str | None:
    """A ticket number written in ``text``, in its canonical form; spaces and a missing dash are forgiven."""
    match = _NUMBER.search(text)
    return f"TS{match[1]}-{match[2]}" if match else None


@dataclass(frozen=True)
class Progress:
    """Where a ticket stands, for the person it belongs to."""

    ticket: Ticket
    clocks: tuple[Clock, ...]
    history: tuple[TicketEvent, ...]

    @property
    def next_due(self) -> Clock | None:
        """The next promise that is not met yet."""
        open_clocks = [
            clock for clock in self.clocks if clock.met_at is None and clock.cycle == self.ticket.cycle
        ]
        return min(open_clocks, key=lambda clock: clock.due_at) if open_clocks else None


def progress(work: Work, ticket: Ticket) -> Progress:
    return Progress(ticket, tuple(work.tickets.clocks(ticket.id)), tuple(work.tickets.history(ticket.id)))


def open_tickets(tickets: Sequence[Ticket]) -> list[Ticket]:
    """Those on which work is still to be done."""
    return [ticket for ticket in tickets if ticket.state in OPEN]


def _step(work: Work, ticket: Ticket, action: str, *, now: datetime, text: str = "") -> Ticket:
    step = next_step(ticket.state, action, role=Role.COMPLAINANT, facts=ticket.facts(now=now))
    changed = work.tickets.change(
        ticket, now=now, state=step.to, cycle=ticket.cycle + 1 if step.new_cycle else ticket.cycle
    )
    work.tickets.add_event(
        changed,
        action=action,
        actor=Role.COMPLAINANT.value,
        now=now,
        from_state=ticket.state,
        to_state=step.to,
        data={"text": text} if text else None,
    )
    return changed


@dataclass(frozen=True)
class Urged:
    """``counted`` is false when the ticket was urged within the last 24 hours already."""

    ticket: Ticket
    counted: bool
    times: int


def urge(work: Work, ticket: Ticket, *, text: str, now: datetime) -> Urged:
    """Record an urge: at most one effect in 24 hours; moves no due date. Raises: states.Refused."""
    next_step(ticket.state, "urge", role=Role.COMPLAINANT, facts=ticket.facts(now=now))
    earlier = [event for event in work.tickets.history(ticket.id) if event.action == "urge"]
    if earlier and now - earlier[-1].at < URGE_PERIOD:
        return Urged(ticket, counted=False, times=len(earlier))
    return Urged(_step(work, ticket, "urge", now=now, text=text), counted=True, times=len(earlier) + 1)


def supplement(
    work: Work, ticket: Ticket, *, text: str, message_ids: Sequence[int], now: datetime
) -> tuple[Ticket, int]:
    """Add words and media to an open ticket; resets no clock. Gives the ticket and how many media it holds.

    Raises: states.Refused.
    """
    next_step(ticket.state, "supplement", role=Role.COMPLAINANT, facts=ticket.facts(now=now))
    held = work.tickets.attach_media(ticket.id, message_ids)
    action = "reply" if ticket.state is State.WAITING_COMPLAINANT else "supplement"
    return _step(work, ticket, action, now=now, text=text), held


def withdraw(work: Work, ticket: Ticket, *, text: str, now: datetime) -> Ticket:
    """Raises: states.Refused."""
    return _step(work, ticket, "withdraw", now=now, text=text)


def restore(work: Work, ticket: Ticket, *, now: datetime) -> Ticket:
    """Raises: states.Refused."""
    return _step(work, ticket, "restore", now=now)


def dispute(work: Work, ticket: Ticket, *, text: str, now: datetime) -> Ticket:
    """Contest a result: the next cycle starts in triage. Raises: states.Refused."""
    return _step(work, ticket, "dispute", now=now, text=text)


def confirm_solved(work: Work, ticket: Ticket, *, now: datetime) -> Ticket:
    """Raises: states.Refused."""
    return _step(work, ticket, "confirm", now=now)


def by_number_and_tail(work: Work, number: str, tail: str) -> Ticket | None:
    """A ticket by its number and the last four digits of its contact number.

    ``None`` for a wrong number, a wrong tail and a ticket without a contact number alike, so that nothing can
    be learned by trying.
    """
    ticket = work.tickets.by_number(number)
    if ticket is None or not ticket.phone_tail or ticket.phone_tail != tail:
        return None
    return ticket
