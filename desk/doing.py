"""One step of a case by a member of staff: in which of their roles, and what is said when the core refuses."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from casework.access.rights import Right, actors_of
from casework.storage.tickets import ChangedMeanwhile
from casework.storage.work import Work
from casework.text import Reason
from casework.tickets import handling
from casework.tickets.handling import Incomplete
from casework.tickets.model import Actor, Ticket
from casework.tickets.states import Refused
from casework.tickets.steps import Rules, legal_actions
from desk.show import day_and_time
from desk.visits import NotFound, Visit, Wrong


def act(
    work: Work,
    visit: Visit,
    ticket: Ticket,
    action: str,
    given: Mapping[str, object],
    *,
    seen: int | None = None,
) -> Ticket:
    """``seen``: the version on the screen. Raises: Wrong, in the words of who reads it."""
    at = where(work, visit, in_role(work, visit, ticket, action))
    try:
        return handling.act(at, ticket, action, given, seen=seen)
    except Incomplete as incomplete:
        raise Wrong("incomplete", said=told_in(visit, incomplete.args[0])) from incomplete
    except ChangedMeanwhile as changed:
        raise Wrong("changed", **last_change(work, visit, changed)) from changed
    except Refused as refused:
        raise Wrong("refused", said=told_in(visit, refused.reason)) from refused


def where(work: Work, visit: Visit, by: Actor) -> handling.Desk:
    """Where this visitor acts."""
    house = visit.desk.house
    return handling.Desk(work, Rules(house.packs, house.calendar), by, visit.now, scope=visit.scope)


def in_role(work: Work, visit: Visit, ticket: Ticket, action: str) -> Actor:
    """The weakest of the member's roles that may do it; the strongest, to be refused with a reason, if none may."""
    for by in actors_of(visit.member, visit.scope, ticket.department):
        if action in legal_actions(work, ticket, by=by, now=visit.now):
            return by
    return strongest(visit, ticket)


def strongest(visit: Visit, ticket: Ticket, helping: str = "") -> Actor:
    """``helping``: another department that has a task in this case. Raises: NotFound for who does nothing with it."""
    roles = actors_of(visit.member, visit.scope, ticket.department)
    roles = roles or (actors_of(visit.member, visit.scope, helping) if helping else ())
    if not roles or Right.WORK not in visit.rights:
        raise NotFound
    return roles[-1]


def told_in(visit: Visit, reason: object) -> str:
    """A reason of the core in the language of who reads it, its moments in the time of the house."""
    if not isinstance(reason, Reason):
        return str(reason)
    values = {
        key: day_and_time(value, visit) if isinstance(value, datetime) else value
        for key, value in reason.values.items()
    }
    return visit.words(f"refused_{reason.code}", **values)


def last_change(work: Work, visit: Visit, changed: ChangedMeanwhile) -> dict[str, str]:
    """Who was faster, and what they did."""
    last = changed.last
    if last is None:
        return {"who": "", "what": ""}
    who = work.staff.names().get(last.actor_name, last.actor_name)
    what = visit.words.get(f"event_{last.action}", last.action)
    return {"who": who or visit.words.get(f"author_{last.actor}", last.actor), "what": what}
