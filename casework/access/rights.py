"""What each role may do at the desk, and whose cases it sees. The core asks here, templates only show the outcome."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from casework.staff.model import HOUSE, Department, Member
from casework.tickets.model import Actor, Task, Ticket
from casework.tickets.states import Role


class Right(str, Enum):
    CASES = "cases"  #: lists and cards of cases, personal data masked
    WORK = "work"  #: act on a case; which acts, the states decide
    TALKS = "talks"  #: conversations that wait, and their threads
    SPEAK = "speak"  #: take a conversation over and write in it
    REVEAL = "reveal"  #: see a masked value, with a reason that is logged
    BATCH = "batch"  #: assign many cases at once
    EXPORT = "export"  #: lists of cases as a file, personal data masked unless they may see it
    AUDIT = "audit"
    PEOPLE = "people"  #: members, departments, absences, routes
    HEALTH = "health"  #: connectors and clocks of the house
    SETUP = "setup"  #: look at the set-up pages
    CONFIGURE = "configure"  #: change what stands there
    REPLIES = "replies"  #: keep the canned replies of one's departments
    KNOWLEDGE = "knowledge"  #: keep what the bot answers by itself


_HANDLE = frozenset({Right.CASES, Right.WORK, Right.TALKS, Right.SPEAK, Right.REVEAL})
RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.AGENT: _HANDLE,
    Role.LEAD: _HANDLE | {Right.BATCH, Right.EXPORT, Right.REPLIES},
    Role.SUPERVISOR: _HANDLE
    | {Right.BATCH, Right.EXPORT, Right.AUDIT, Right.HEALTH, Right.SETUP, Right.REPLIES, Right.KNOWLEDGE},
    Role.ADMINISTRATOR: frozenset(
        {
            Right.CASES,
            Right.WORK,
            Right.AUDIT,
            Right.PEOPLE,
            Right.HEALTH,
            Right.SETUP,
            Right.CONFIGURE,
            Right.REPLIES,
            Right.KNOWLEDGE,
        }
    ),
    Role.AUDITOR: frozenset({Right.CASES, Right.TALKS, Right.AUDIT, Right.EXPORT}),
}
#: Roles that see every department wherever they hold them.
_SEE_ALL = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR})
#: The stronger role first: in its name an act is done that several would allow.
_BY_STRENGTH = (Role.AGENT, Role.LEAD, Role.SUPERVISOR, Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Scope:
    """Whose cases somebody sees. ``departments``: ``None`` for all of them. ``led``: of these, the ones that they
    lead, those below their own too."""

    login: str
    departments: frozenset[str] | None
    led: frozenset[str] = frozenset()

    def holds(self, ticket: Ticket) -> bool:
        """A case is seen by its department and by whoever has it."""
        return (
            self.departments is None or ticket.department in self.departments or ticket.handler == self.login
        )

    def has_task(self, task: Task) -> bool:
        """Work beside a case that is theirs, or their department's."""
        return task.assignee == self.login or (
            self.departments is not None and task.department in self.departments
        )


def rights_of(member: Member) -> frozenset[Right]:
    """Of all roles of a member together; one who no longer works here has none."""
    if not member.active:
        return frozenset()
    return frozenset().union(*(RIGHTS[role] for roles in member.roles.values() for role in roles))


def scope_of(member: Member, departments: Iterable[Department]) -> Scope:
    """Which cases a member sees. Who leads a department leads those below it too. ``departments``: all there are."""
    held = {role for roles in member.roles.values() for role in roles}
    everywhere = member.roles.get(HOUSE, frozenset())
    sees_all = bool(held & _SEE_ALL) or bool(everywhere & {Role.AGENT, Role.LEAD})
    led = _with_those_below({d for d in member.roles if Role.LEAD in member.roles[d]} - {HOUSE}, departments)
    return Scope(member.login, None if sees_all else (frozenset(member.roles) - {HOUSE}) | led, led)


def _with_those_below(codes: set[str], departments: Iterable[Department]) -> frozenset[str]:
    below: dict[str, list[str]] = {}
    for department in departments:
        below.setdefault(department.parent, []).append(department.code)
    found, look = set(codes), list(codes)
    while look:
        new = [code for code in below.get(look.pop(), ()) if code not in found]
        found.update(new)
        look += new
    return frozenset(found)


def actors_of(member: Member, scope: Scope, department: str) -> tuple[Actor, ...]:
    """The member in each role they have in ``department``, the strongest last."""
    roles = {role for role in _BY_STRENGTH if member.has(role, department)}
    if department in scope.led:
        roles.add(Role.LEAD)
    return tuple(Actor(role, member.login) for role in _BY_STRENGTH if role in roles)
