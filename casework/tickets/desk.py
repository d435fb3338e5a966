"""Where staff act, and what every action there is made of."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from casework.access.rights import Scope
from casework.staff.routing import Chance
from casework.storage.work import Work
from casework.tickets.model import Actor, Clock, Ticket
from casework.tickets.states import Refused
from casework.tickets.steps import Rules, take


class Incomplete(ValueError):
    """Something an action needs was not given, or cannot be; the message names it."""


@dataclass(frozen=True)
class Desk:
    """Where staff act: one transaction, one member of staff, one moment. ``chance(n)``: an index below ``n``.
    ``scope``: the cases that exist for this member; ``None`` for the house itself, for which all do."""

    work: Work
    rules: Rules
    by: Actor
    now: datetime
    chance: Chance = secrets.randbelow
    scope: Scope | None = None


def sees(desk: Desk, ticket: Ticket) -> bool:
    return desk.scope is None or desk.scope.holds(ticket)


def take_step(desk: Desk, ticket: Ticket, action: str, data: Mapping[str, Any], **values: Any) -> Ticket:
    return take(
        desk.work,
        ticket,
        action,
        by=desk.by,
        now=desk.now,
        calendar=desk.rules.calendar,
        data=data,
        **values,
    )


def note(desk: Desk, ticket: Ticket, action: str, data: Mapping[str, Any]) -> None:
    desk.work.tickets.add_event(
        ticket, action=action, actor=desk.by.role.value, actor_name=desk.by.name, now=desk.now, data=data
    )


def refusal(ticket: Ticket, action: str, reason: str) -> Refused:
    return Refused(state=ticket.state, action=action, reason=reason, allowed=())


def add_task(desk: Desk, ticket: Ticket, kind: str, **values: Any) -> None:
    desk.work.clocks.add_task(
        ticket_id=ticket.id,
        cycle=ticket.cycle,
        kind=kind,
        created_by=desk.by.name,
        created_at=desk.now,
        **values,
    )


def resolution_of(desk: Desk, ticket: Ticket, *, lock: bool = True) -> Clock | None:
    """The clock of the result in this round; ``lock``: nobody else changes it before the transaction ends."""
    found = desk.work.clocks.of(ticket.id, cycle=ticket.cycle, lock=lock)
    return next((clock for clock in found if clock.kind == "resolution"), None)


def moved(clock: Clock, due: datetime) -> dict[str, Any]:
    """For the history: from when to when a clock's due time moves."""
    return {"clock": clock.kind, "due_from": clock.due_at.isoformat(), "due_to": due.isoformat()}


def moment_of(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise Incomplete(f"{value!r} is no moment; write it as 2026-11-27T18:00:00+08:00") from error
    if moment.tzinfo is None:
        raise Incomplete(f"{value!r} has no time zone; write it as 2026-11-27T18:00:00+08:00")
    return moment.astimezone(timezone.utc)
