"""The ticket's state machine: one table of legal steps, and a refusal that names what is allowed instead.

Knows nothing of storage. Effects of a step (clocks, notices) are the use cases' business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from casework.text import Reason

#: How long a closed ticket can be reopened, counted from ``resolved_at``. Source: handling model, section 2.
REOPEN_WINDOW = timedelta(days=15)
#: How long a withdrawn ticket can be restored. Source: product default.
RESTORE_WINDOW = timedelta(days=7)
#: How long a refusal to take a case can be appealed. Source: product default.
APPEAL_WINDOW = timedelta(days=15)
#: Returns to triage before a supervisor decides. Source: handling model, section 2.
MAX_RETURNS = 2
#: Approved extensions of one cycle. Source: handbook, section 2 (one extension with a reason).
MAX_EXTENSIONS = 1
#: Calls in vain, and ways of calling among them, before a follow-up ends without the person.
#: Source: handbook, section 1, row 57.
CALLS_IN_VAIN = 3
WAYS_OF_CALLING = 2
#: Levels above the department: its lead, a supervisor, the head of the organisation. Source: product default.
MAX_ESCALATION = 3


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
#: Open states in which there is no result yet.
UNDER_WAY: frozenset[State] = frozenset(
    {State.TRIAGE, State.ASSIGNED, State.IN_PROGRESS, State.WAITING_COMPLAINANT}
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
    ADMINISTRATOR = "admin"
    AUDITOR = "auditor"  # sees, and does nothing
    SYSTEM = "system"


_HANDLERS = frozenset({Role.AGENT, Role.LEAD, Role.SUPERVISOR})
_LEADERS = frozenset({Role.LEAD, Role.SUPERVISOR})
_DECIDERS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})
_STAFF = _HANDLERS | {Role.ADMINISTRATOR}
_PERSON = frozenset({Role.COMPLAINANT, Role.BOT})
_SYSTEM = frozenset({Role.SYSTEM})


@dataclass(frozen=True)
class Facts:
    """What guards look at.

    ``by``: the name of who acts, ``closers``: who decided an earlier cycle, ``handler``: who has it; empty
    while nobody does,
    ``due_at``: of the resolution clock, ``requested_by``: who asked for the extension that is not decided yet,
    ``extensions``: approved ones of this cycle, ``children``: tickets merged into this one, ``target_open``:
    the ticket this one was merged into is still worked on or was taken back, ``calls``: the way of each follow-up
    call in vain of this cycle.
    """

    now: datetime
    returns: int = 0
    resolved_at: datetime | None = None
    changed_at: datetime | None = None
    appealed: bool = False
    by: str = ""
    closers: frozenset[str] = frozenset()
    handler: str = ""
    due_at: datetime | None = None
    requested_by: str | None = None
    extensions: int = 0
    escalation: int = 0
    children: int = 0
    target_open: bool = True
    calls: tuple[str, ...] = ()


Guard = Callable[[Facts], "Reason | None"]


def _within_reopen_window(facts: Facts) -> Reason | None:
    if facts.resolved_at is None or facts.now - facts.resolved_at <= REOPEN_WINDOW:
        return None
    return Reason(
        "reopen_window",
        "the reopening window of {days} days is over; file a new ticket that follows this one",
        days=REOPEN_WINDOW.days,
    )


def _within_restore_window(facts: Facts) -> Reason | None:
    if facts.changed_at is None or facts.now - facts.changed_at <= RESTORE_WINDOW:
        return None
    return Reason(
        "restore_window", "a withdrawn ticket can be restored for {days} days only", days=RESTORE_WINDOW.days
    )


def _returns_left(facts: Facts) -> Reason | None:
    if facts.returns < MAX_RETURNS:
        return None
    return Reason(
        "returned_enough",
        "returned {times} times already; a supervisor assigns it with force_assign",
        times=facts.returns,
    )


def _not_appealed(facts: Facts) -> Reason | None:
    if facts.appealed:
        return Reason("appealed", "this rejection was appealed before; an appeal is possible once")
    if facts.changed_at is not None and facts.now - facts.changed_at > APPEAL_WINDOW:
        return Reason("appeal_window", "an appeal is possible for {days} days", days=APPEAL_WINDOW.days)
    return None


def _not_the_closer(facts: Facts) -> Reason | None:
    if facts.by and facts.by in facts.closers:
        return Reason(
            "closer", "{name} decided an earlier round; somebody else has to look at it now", name=facts.by
        )
    return None


def _may_request(facts: Facts) -> Reason | None:
    if facts.due_at is None:
        return Reason("no_clock", "there is no running clock to extend")
    if facts.now > facts.due_at:
        return Reason("ask_too_late", "the due time is over; an extension is asked for before it")
    if facts.requested_by is not None:
        return Reason("asked_already", "an extension is asked for already; a lead approves or refuses it")
    if facts.extensions >= MAX_EXTENSIONS:
        return Reason(
            "extended_enough", "extended {times} time(s) in this round already", times=facts.extensions
        )
    return None


def _may_decide(facts: Facts) -> Reason | None:
    if facts.requested_by is None:
        return Reason("not_asked", "nobody asked for an extension; extend_request does")
    if facts.by and facts.by == facts.requested_by:
        return Reason("own_request", "who asks for an extension does not decide on it")
    return None


def _may_approve(facts: Facts) -> Reason | None:
    if reason := _may_decide(facts):
        return reason
    if facts.due_at is not None and facts.now > facts.due_at:
        return Reason("approve_too_late", "the due time is over; it can no longer be approved")
    return None


def _called_enough(facts: Facts) -> Reason | None:
    ways = len(set(facts.calls))
    if len(facts.calls) >= CALLS_IN_VAIN and ways >= WAYS_OF_CALLING:
        return None
    return Reason(
        "calls",
        "called in vain {calls} time(s) in {ways} way(s); "
        "it takes {calls_needed} calls in {ways_needed} ways, each logged with call_tried",
        calls=len(facts.calls),
        ways=ways,
        calls_needed=CALLS_IN_VAIN,
        ways_needed=WAYS_OF_CALLING,
    )


def _below_the_top(facts: Facts) -> Reason | None:
    if facts.escalation < MAX_ESCALATION:
        return None
    return Reason("top", "it is with the highest level already")


def _nothing_merged_into_it(facts: Facts) -> Reason | None:
    if not facts.children:
        return None
    return Reason(
        "has_merged",
        "{number} ticket(s) are merged into this one; merge the other way round",
        number=facts.children,
    )


def _target_open(facts: Facts) -> Reason | None:
    return None if facts.target_open else Reason("target_over", "the ticket it was merged into is over")


@dataclass(frozen=True)
class Step:
    """One legal transition. ``guard`` gives the reason of a refusal, or ``None``. ``unsigned``: the state it
    leads to while nobody has signed for the ticket."""

    to: State
    roles: frozenset[Role]
    guard: Guard | None = None
    new_cycle: bool = False
    unsigned: State | None = None


def _steps() -> Mapping[State, Mapping[str, Step]]:
    anybody = frozenset(Role) - {Role.AUDITOR}
    withdraw = Step(State.WITHDRAWN, _PERSON)
    back = Step(State.TRIAGE, _HANDLERS, _returns_left)
    force = Step(State.ASSIGNED, _DECIDERS)
    merge = Step(State.MERGED, _HANDLERS, _nothing_merged_into_it)
    ask = Step(State.WAITING_COMPLAINANT, _HANDLERS)
    dispute = Step(State.TRIAGE, _PERSON | _HANDLERS, _within_reopen_window, new_cycle=True)
    table: dict[State, dict[str, Step]] = {
        State.DRAFT: {"submit": Step(State.SUBMITTED, _PERSON | _HANDLERS)},
        State.SUBMITTED: {
            "acknowledge": Step(State.TRIAGE, frozenset({Role.BOT, Role.SYSTEM}) | _HANDLERS),
            "withdraw": withdraw,
        },
        State.TRIAGE: {
            "accept": Step(State.ASSIGNED, _HANDLERS | _SYSTEM, _not_the_closer),
            "force_assign": force,
            "reject": Step(State.REJECTED, _LEADERS, _not_the_closer),
            "ask": ask,
            "merge": merge,
            "refer": Step(State.REFERRED, _LEADERS, _nothing_merged_into_it),
            "withdraw": withdraw,
        },
        State.ASSIGNED: {
            "sign": Step(State.IN_PROGRESS, _HANDLERS, _not_the_closer),
            "return": back,
            "force_assign": force,
            "withdraw": withdraw,
        },
        State.IN_PROGRESS: {
            "ask": ask,
            "resolve": Step(State.RESOLVED, _HANDLERS, _not_the_closer),
            "escalate": Step(State.IN_PROGRESS, _HANDLERS | _SYSTEM, _below_the_top),
            "extend_request": Step(State.IN_PROGRESS, _HANDLERS, _may_request),
            "extend_approve": Step(State.IN_PROGRESS, _LEADERS, _may_approve),
            "extend_refuse": Step(State.IN_PROGRESS, _LEADERS, _may_decide),
            "return": back,
            "force_assign": force,
            "merge": merge,
            "withdraw": withdraw,
        },
        State.WAITING_COMPLAINANT: {
            "reply": Step(State.IN_PROGRESS, anybody, unsigned=State.TRIAGE),
            "resolve_no_information": Step(State.RESOLVED, _SYSTEM | _HANDLERS),
            "withdraw": withdraw,
        },
        State.RESOLVED: {
            "confirm": Step(State.CLOSED, _PERSON),
            "auto_close": Step(State.CLOSED, _SYSTEM),
            "follow_up": Step(State.FOLLOWUP, _PERSON | _SYSTEM),
            "dispute": Step(State.TRIAGE, _PERSON, _within_reopen_window, new_cycle=True),
        },
        State.FOLLOWUP: {
            "call_tried": Step(State.FOLLOWUP, _HANDLERS),
            "close_explained": Step(State.CLOSED, _HANDLERS),
            "close_unreached": Step(State.CLOSED, _HANDLERS, _called_enough),
            "dispute": dispute,
        },
        State.CLOSED: {"dispute": dispute},
        State.REJECTED: {
            "appeal": Step(State.TRIAGE, _PERSON, _not_appealed, new_cycle=True),
            "auto_close": Step(State.CLOSED, _SYSTEM),
        },
        State.WITHDRAWN: {"restore": Step(State.TRIAGE, _PERSON | _STAFF, _within_restore_window)},
        State.MERGED: {"unmerge": Step(State.TRIAGE, _LEADERS | _DECIDERS | _SYSTEM, _target_open)},
        State.REFERRED: {},
    }
    for state in OPEN:
        stay = {
            "supplement": Step(state, _PERSON | _HANDLERS),
            "urge": Step(state, _PERSON | _HANDLERS),
            "supervise": Step(state, _DECIDERS | _SYSTEM),
        }
        if state in UNDER_WAY:
            stay |= {
                "contact": Step(state, _HANDLERS),
                "reclassify": Step(state, _HANDLERS),
                "set_priority": Step(state, _HANDLERS),
            }
        if state in (State.ASSIGNED, State.IN_PROGRESS, State.WAITING_COMPLAINANT):
            stay["co_handle"] = Step(state, _HANDLERS)
            stay["reassign"] = Step(state, _LEADERS | _SYSTEM)
        table[state] |= stay
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
    reason: Reason | None
    if step is None:
        reason = Reason("no_step", "there is no such step from here")
    elif role not in step.roles:
        reason = Reason("not_your_role", "not a step of the role {role!r}", role=role.value)
    else:
        reason = step.guard(facts) if step.guard else None
    if step is None or reason is not None:
        raise Refused(
            state=state,
            action=action,
            reason=reason or "",
            allowed=allowed_actions(state, role=role, facts=facts),
        )
    if step.unsigned is not None and not facts.handler:
        return replace(step, to=step.unsigned)
    return step
