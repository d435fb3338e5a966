"""Tickets as JSON, for the command line."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from casework.house import House
from casework.staff.routing import name_of
from casework.storage.work import Work
from casework.tickets.assigning import suggest
from casework.tickets.desk import Desk
from casework.tickets.model import Actor, Ticket
from casework.tickets.repeats import is_repeat
from casework.tickets.states import Role, State
from casework.tickets.steps import Rules


def suggestion_json(work: Work, ticket: Ticket, house: House, *, now: datetime) -> dict[str, str] | None:
    """Who would get a ticket that waits to be sorted if it were accepted now, and why; ``None`` in other states."""
    if ticket.state is not State.TRIAGE:
        return None
    desk = Desk(work, Rules(house.packs, house.calendar), Actor(Role.SYSTEM), now, chance=lambda _: 0)
    choice = suggest(desk, ticket)
    return {"department": choice.placed.department, "handler": choice.handler, **choice.as_json()}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _alike_json(work: Work, ticket: Ticket) -> dict[str, Any]:
    """What it repeats, how much and why, and the cluster it is in."""
    links = work.matching.links_of([ticket.id]).get(ticket.id, [])
    earlier = {found.id: found for found in work.tickets.many([link.earlier_id for link in links])}
    return {
        "repeat": is_repeat(links),
        "earlier": [
            {
                "number": earlier[link.earlier_id].number,
                "kind": link.kind,
                "likeness": link.likeness,
                "reasons": list(link.reasons),
            }
            for link in links
        ],
        "cluster": work.matching.membership([ticket.id]).get(ticket.id),
    }


def ticket_json(work: Work, ticket: Ticket, house: House) -> dict[str, Any]:
    """Everything of one ticket, with names in its own language. Times are ISO 8601 in UTC."""
    known = ticket.category in house.packs
    category = house.packs.category(ticket.category) if known else None
    promise = ticket.promise
    return {
        "number": ticket.number,
        "state": ticket.state.value,
        "category": ticket.category,
        "category_name": house.packs.label(ticket.category, ticket.language) if known else "",
        "department": name_of(work, ticket.department, ticket.language, category=category),
        "handler": ticket.handler,
        "nature": ticket.nature,
        "language": ticket.language,
        "anonymous": ticket.anonymous,
        "severity": ticket.severity,
        "priority": ticket.priority,
        "score": dict(ticket.score),
        "description": ticket.description,
        "details": {key: asdict(detail) for key, detail in ticket.details.items()},
        "promise": promise.as_json() if promise else None,
        "clocks": [
            {
                "kind": clock.kind,
                "cycle": clock.cycle,
                "started_at": _iso(clock.started_at),
                "due_at": _iso(clock.due_at),
                "estimated": clock.estimated,
                "met_at": _iso(clock.met_at),
                "breached_at": _iso(clock.breached_at),
            }
            for clock in work.clocks.of(ticket.id)
        ],
        "history": [
            {
                "at": _iso(event.at),
                "actor": event.actor,
                "action": event.action,
                "from": event.from_state,
                "to": event.to_state,
                "data": dict(event.data),
            }
            for event in work.tickets.history(ticket.id)
        ],
        "identities": work.tickets.identities(ticket.complainant_id),
        "media": [
            {key: value for key, value in asdict(item).items() if value not in ("", None)}
            for item in work.tickets.media(ticket.id)
        ],
        **_alike_json(work, ticket),
        "submitted_at": _iso(ticket.submitted_at),
        "cycle": ticket.cycle,
    }
