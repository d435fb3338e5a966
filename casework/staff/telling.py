"""From a role in a case to the people who are told."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from casework.staff.directory import Directory
from casework.staff.model import HOUSE, Member
from casework.staff.routing import URGENT
from casework.tickets.model import Ticket
from casework.tickets.states import Role

Told = tuple[str, str]


def resolved(directory: Directory, ticket: Ticket, wanted: Iterable[Told]) -> tuple[Told, ...]:
    """``(role, login)`` of everybody behind ``wanted``; a role that nobody has stays, without a name.

    Who is away is told through the stand-in; where nobody does their work, the lead is. Of an urgent case at a time
    when nobody of a department is there, its duty officer is told, too.
    """
    found: dict[Told, None] = {}
    for role, name in wanted:
        people = _people(directory, ticket, role, name)
        found |= {(role, login): None for login in people} or {(role, ""): None}
    return tuple(found)


def caller(directory: Directory, ticket: Ticket, *, barred: Collection[str]) -> str:
    """Who calls a person back about a case: its lead, else a supervisor, but nobody of ``barred``; may be empty."""
    asked = (login for role in ("lead", "supervisor") for login in _people(directory, ticket, role, ""))
    return next((login for login in asked if login not in barred), "")


def _people(directory: Directory, ticket: Ticket, role: str, name: str) -> list[str]:
    if role == "owner":
        owner = directory.stand_in(name)
        return [owner] if owner else _covered(directory, directory.leads(ticket.department))
    if role == "supervisor":
        above = directory.holders(Role.SUPERVISOR) or directory.holders(Role.ADMINISTRATOR)
        return _covered(directory, above)
    leads = directory.holders(Role.LEAD) if role == "triage_lead" else directory.leads(ticket.department)
    leads = leads or directory.holders(Role.SUPERVISOR) or directory.holders(Role.ADMINISTRATOR)
    told = _covered(directory, leads)
    nobody_there = not any(directory.is_present(m, ticket.department or HOUSE) for m in leads)
    if ticket.priority in URGENT and nobody_there:
        officer = directory.on_duty(ticket.department)
        told = [officer, *told] if officer else told
    return list(dict.fromkeys(told))


def _covered(directory: Directory, members: Iterable[Member]) -> list[str]:
    """Their logins, or those of their stand-ins; of somebody away without one their own, if nobody else is left."""
    members = list(members)
    there = [login for member in members if (login := directory.stand_in(member.login))]
    return list(dict.fromkeys(there or (member.login for member in members)))
