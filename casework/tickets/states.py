"""The ticket's state machine: one table of legal steps, and a refusal that names what is allowed instead.

Knows nothing of storage. Effects of a step (clocks, notices) are the use cases' business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

#: How long a closed ticket can be reopened, counted from ``resolved_at``. Source: handling model, section 2.
REOPEN_WINDOW = timedelta(days=15)
#: How long a withdrawn ticket can be restored. Source: product default.
RESTORE_WINDOW = timedelta(days=7)
#: Returns to triage before a supervisor decides. Source: handling model, section 2.
MAX_RETURNS = 2


class State(str, Enum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    TRIAGE = "triage"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    WAITING_COMPLAINANT = "waiting_complainant"
    RESOLVED = "resolved"
    FOLLOWUP = "followup"
    REJECTED = "rejected"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    REFERRED = "referred"


#: States in which work is still to be done.
OPEN: frozenset[State] = frozenset(
    {
        State.SUBMITTED,
        State.TRIAGE,
        State.ASSIGNED,
        State.IN_PROGRESS,
        State.WAITING_COMPLAINANT,
        State.RESOLVED,
        State.FOLLOWUP,
    }
)
#: States from which nothing more happens by itself.
TERMINAL: frozenset[State] = frozenset(
    {State.CLOSED, State.REJECTED, State.WITHDRAWN, State.MERGED, State.REFERRED}
)


class Role(str, Enum):
    COMPLAINANT = "complainant"
    BOT = "bot"
    AGENT = "agent"
    LEAD = "lead"
    SUPERVISOR = "supervisor"
    SYSTEM = "system"


_STAFF = frozenset({Role.AGENT, Role.LEAD, Role.SUPERVISOR})
_LEADERS = frozenset({Role.LEAD, Role.SUPERVISOR})
_PERSON = frozenset({Role.COMPLAINANT, Role.BOT})


@dataclass(frozen=True)
class Facts:
    """What guards look at."""

    now: datetime
    returns: int = 0
    resolved_at: datetime | None = None
    changed_at: datetime | None = None
    appealed: bool = False


Guard = Callable[[Facts], "str | None"]


def _within_reopen_window(facts: Facts) -> str | None:
    if facts.resolved_at is None or facts.now - facts.resolved_at <= REOPEN_WINDOW:
        return None
    return (
        f"the reopening window of {REOPEN_WINDOW.days} days is over; file a new ticket that follows this one"
    )


def _within_restore_window(facts: Facts) -> str | None:
    if facts.changed_at is None or facts.now - facts.changed_at <= RESTORE_WINDOW:
        return None
    return f"a withdrawn ticket can be restored for {RESTORE_WINDOW.days} days only"


def _returns_left(facts: Facts) -> str | None:
    if facts.returns < MAX_RETURNS:
        return None
    return f"returned {facts.returns} times already; a supervisor assigns it with force_assign"


def _not_appealed(facts: Facts) -> str | None:
    return "this rejection was appealed before; an appeal is possible once" if facts.appealed else None


@dataclass(frozen=True)
class Step:
    """One legal transition. ``guard`` gives the reason of a refusal, or ``None``."""

    to: State
    roles: frozenset[Role]
    guard: Guard | None = None
    new_cycle: bool = False


_SAME_STATE_ACTIONS = ("supplement", "urge")


def _steps() -> Mapping[State, Mapping[str, Step]]:
    everyone_else = frozenset(Role)
    withdraw = Step(State.WITHDRAWN, _PERSON)
    table: dict[State, dict[str, Step]] = {
        State.DRAFT: {"submit": Step(State.SUBMITTED, _PERSON | _STAFF)},
        State.SUBMITTED: {
            "acknowledge": Step(State.TRIAGE, frozenset({Role.BOT, Role.SYSTEM}) | _STAFF),
            "withdraw": withdraw,
        },
        State.TRIAGE: {
            "accept": Step(State.ASSIGNED, _STAFF | {Role.SYSTEM}),
            "force_assign": Step(State.ASSIGNED, frozenset({Role.SUPERVISOR})),
            "reject": Step(State.REJECTED, _LEADERS),
            "ask": Step(State.WAITING_COMPLAINANT, _STAFF),
            "merge": Step(State.MERGED, _STAFF),
            "refer": Step(State.REFERRED, _LEADERS),
            "withdraw": withdraw,
        },
        State.ASSIGNED: {
            "sign": Step(State.IN_PROGRESS, _STAFF),
            "return": Step(State.TRIAGE, _STAFF, _returns_left),
            "withdraw": withdraw,
        },
        State.IN_PROGRESS: {
            "ask": Step(State.WAITING_COMPLAINANT, _STAFF),
            "resolve": Step(State.RESOLVED, _STAFF),
            "escalate": Step(State.IN_PROGRESS, _STAFF | {Role.SYSTEM}),
            "return": Step(State.TRIAGE, _STAFF, _returns_left),
            "merge": Step(State.MERGED, _STAFF),
            "withdraw": withdraw,
        },
        State.WAITING_COMPLAINANT: {
            "reply": Step(State.IN_PROGRESS, everyone_else),
            "resolve_no_information": Step(State.RESOLVED, frozenset({Role.SYSTEM}) | _STAFF),
            "withdraw": withdraw,
        },
        State.RESOLVED: {
            "confirm": Step(State.CLOSED, _PERSON),
            "auto_close": Step(State.CLOSED, frozenset({Role.SYSTEM})),
            "follow_up": Step(State.FOLLOWUP, _PERSON | {Role.SYSTEM}),
            "dispute": Step(State.TRIAGE, _PERSON, _within_reopen_window, new_cycle=True),
        },
        State.FOLLOWUP: {
            "close_explained": Step(State.CLOSED, _STAFF),
            "dispute": Step(State.TRIAGE, _PERSON | _STAFF, _within_reopen_window, new_cycle=True),
        },
        State.CLOSED: {
            "dispute": Step(State.TRIAGE, _PERSON | _STAFF, _within_reopen_window, new_cycle=True),
        },
        State.REJECTED: {
            "appeal": Step(State.TRIAGE, _PERSON, _not_appealed),
            "auto_close": Step(State.CLOSED, frozenset({Role.SYSTEM})),
        },
        State.WITHDRAWN: {"restore": Step(State.TRIAGE, _PERSON | _STAFF, _within_restore_window)},
        State.MERGED: {"unmerge": Step(State.TRIAGE, _LEADERS)},
        State.REFERRED: {},
    }
    for state in OPEN:
        for action in _SAME_STATE_ACTIONS:
            table[state][action] = Step(state, _PERSON | _STAFF)
    return table


STEPS: Mapping[State, Mapping[str, Step]] = _steps()


class Refused(Exception):
    """The step is not allowed now. ``allowed`` names the steps that are, for this role."""

    def __init__(self, *, state: State, action: str, reason: str, allowed: tuple[str, ...]) -> None:
        super().__init__(
            f"{action!r} is refused in state {state.value!r}: {reason}. Allowed: {', '.join(allowed) or 'nothing'}"
        )
        self.state = state
        self.action = action
        self.reason = reason
        self.allowed = allowed


def allowed_actions(state: State, *, role: Role, facts: Facts) -> tuple[str, ...]:
    """Legal next actions of ``role``, in the table's order."""
    return tuple(
        action
        for action, step in STEPS[state].items()
        if role in step.roles and (step.guard is None or step.guard(facts) is None)
    )


def next_step(state: State, action: str, *, role: Role, facts: Facts) -> Step:
    """The step that ``action`` takes from ``state``.

    Raises: Refused, with the reason and what is allowed instead.
    """
    step = STEPS[state].get(action)
    reason: str | None
    if step is None:
        reason = "there is no such step from here"
    elif role not in step.roles:
        reason = f"not a step of the role {role.value!r}"
    else:
        reason = step.guard(facts) if step.guard else None
    if step is None or reason is not None:
        raise Refused(
            state=state,
            action=action,
            reason=reason or "",
            allowed=allowed_actions(state, role=role, facts=facts),
        )
    return step
