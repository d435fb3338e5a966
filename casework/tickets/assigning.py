"""Giving a ticket to a department and a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casework.staff import routing
from casework.staff.model import HANDLING_ROLES
from casework.text import Reason
from casework.tickets.desk import Desk, Incomplete, add_task, refusal, take_step
from casework.tickets.model import Ticket
from casework.tickets.steps import closers_of


def assign(desk: Desk, ticket: Ticket, action: str, told: dict[str, Any]) -> Ticket:
    """To who is named; where nobody is, to whom the routing table and a fair share of the work say."""
    placed = _placed(desk, ticket, action, told)
    closers = closers_of(desk.work, ticket)
    handler = told.get("handler") or ""
    if not handler:
        # Of two cases at once the second is chosen for when the first one's choice is seen.
        desk.work.staff.hold_department(placed.department)
        choice = suggest(desk, ticket, placed)
        handler, told = choice.handler, {**told, "chosen": choice.as_json()}
    elif handler in closers:
        raise refusal(
            ticket,
            action,
            Reason("closer", "{name} decided an earlier round; name somebody else", name=handler),
        )
    else:
        _check_handler(desk, handler, placed.department)
    taken = take_step(
        desk,
        ticket,
        action,
        {**told, "handler": handler, **({"was": ticket.handler} if ticket.handler else {})},
        department=placed.department,
        handler=handler or None,
    )
    if handler:
        desk.work.staff.given(handler, now=desk.now)
    if placed.route is not None:
        for department in placed.route.co:
            add_task(desk, taken, "co_handling", department=department, data={"route": placed.route.prefix})
    return taken


def suggest(desk: Desk, ticket: Ticket, placed: routing.Placed | None = None) -> routing.Choice:
    """Who would get the ticket now. Not who decided an earlier round, nor who gave it back."""
    closers = closers_of(desk.work, ticket)
    return routing.choose(
        desk.work,
        ticket,
        placed or _placed(desk, ticket, "accept", {}),
        calendar=desk.rules.calendar,
        now=desk.now,
        chance=desk.chance,
        barred=closers.union(desk.work.tickets.happened(ticket.id, ("return",))),
    )


def _placed(desk: Desk, ticket: Ticket, action: str, told: Mapping[str, Any]) -> routing.Placed:
    """Where it goes: to the department that is named, when it is accepted by the routing table, else where it is."""
    named = str(told.get("department") or "")
    if named:
        known = desk.work.staff.departments()
        if known and named not in {department.code for department in known}:
            raise Incomplete(
                Reason(
                    "no_department",
                    "department: there is no {name}; see: tingsu departments list",
                    name=named,
                )
            )
        return routing.Placed(named)
    if action != "accept" or told.get("handler"):
        return routing.Placed(ticket.department)
    return routing.place(desk.work, desk.rules.category(ticket), ticket.details, default=ticket.department)


def _check_handler(desk: Desk, handler: str, department: str) -> None:
    """Somebody who works in the department. Until there are members of staff any name is taken."""
    if not desk.work.staff.any_members():
        return
    member = desk.work.staff.member(handler)
    if member is None or not member.active:
        raise Incomplete(
            Reason(
                "no_handler",
                "handler: nobody of staff is called {name}; see: tingsu staff list",
                name=handler,
            )
        )
    if not any(member.has(role, department) for role in HANDLING_ROLES):
        raise Incomplete(
            Reason(
                "not_of",
                "handler: {name} is not of {department}; tingsu staff set {name} --role agent@{department}",
                name=handler,
                department=department,
            )
        )
