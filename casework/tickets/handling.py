"""What staff do with a ticket: one entrance, a table of what each action has to be given, and its effects.

What the complainant does is in ``acts``; what silence does in ``silence``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from casework.packs.model import Span
from casework.staff import routing
from casework.text import Reason
from casework.tickets import acts, clocks, merging
from casework.tickets.assigning import assign
from casework.tickets.desk import (
    Desk,
    Incomplete,
    add_task,
    moment_of,
    moved,
    note,
    refusal,
    resolution_of,
    sees,
    take_step,
)
from casework.tickets.model import Clock, Task, Ticket
from casework.tickets.priority import level_of, rescored
from casework.tickets.states import State
from casework.tickets.steps import Rules, check

#: Longest extension where the SLA profile names none. Source: handbook, section 3, profile G-N.
EXTENSION = Span(10, "working_days")

__all__ = ["NEEDS", "Desk", "Incomplete", "act", "finish_task"]

#: What must be given with an action, beside what the table of states asks.
NEEDS: Mapping[str, tuple[str, ...]] = {
    "force_assign": ("department", "reason"),
    "return": ("reason",),
    "reject": ("reason", "basis", "outside_remedy"),
    "refer": ("to", "reason"),
    "merge": ("into", "reason"),
    "unmerge": ("reason",),
    "ask": ("question",),
    "contact": ("note",),
    "resolve": ("finding", "remedy", "basis"),
    "call_tried": ("channel",),
    "close_explained": ("note",),
    "close_unreached": ("note",),
    "escalate": ("reason",),
    "extend_request": ("until", "reason"),
    "extend_refuse": ("reason",),
    "reassign": ("handler",),
    "co_handle": ("department", "wanted"),
    "supervise": ("reason",),
    "reclassify": ("category", "reason"),
    "set_priority": ("level", "reason"),
}


#: Said of a ticket of a department that is not the member's.
_UNKNOWN = Reason("out_of_sight", "there is no such ticket in your departments")


def act(
    desk: Desk,
    ticket: Ticket,
    action: str,
    given: Mapping[str, Any] | None = None,
    *,
    seen: int | None = None,
) -> Ticket:
    """Do ``action``. ``given``: JSON-able, kept in the history; moments as ISO 8601. ``seen``: the version that
    was on the screen.

    Raises: Incomplete, states.Refused, storage.tickets.ChangedMeanwhile.
    """
    told = dict(given or {})
    if seen is not None:
        ticket = replace(ticket, version=seen)
    if not sees(desk, ticket):
        raise refusal(ticket, action, _UNKNOWN)
    check(desk.work, ticket, action, by=desk.by, now=desk.now)
    missing = [name for name in NEEDS.get(action, ()) if not told.get(name)]
    if missing:
        raise Incomplete(
            Reason(
                "needs",
                "{action} needs {needs}; missing: {missing}",
                action=action,
                needs=", ".join(NEEDS[action]),
                missing=", ".join(missing),
            )
        )
    return _EFFECTS.get(action, _plain)(desk, ticket, action, told)


def finish_task(desk: Desk, task: Task, *, result: str) -> bool:
    """Co-handling, supervision or a follow-up call is done. ``False``: it was ended before."""
    if task.kind == "extension":
        raise Incomplete("an extension is decided with extend_approve or extend_refuse")
    if not result:
        raise Incomplete("a finished task needs a result: what was done or found")
    ticket = desk.work.tickets.get(task.ticket_id)
    if not sees(desk, ticket) and not (desk.scope and desk.scope.has_task(task)):
        raise refusal(ticket, "finish_task", _UNKNOWN)
    ended = desk.work.clocks.end_task(
        task, state="done", by=desk.by.name, now=desk.now, data={"result": result}
    )
    if ended:
        note(desk, ticket, "task_done", {"task": task.id, "kind": task.kind, "result": result})
    return ended


def _plain(desk: Desk, ticket: Ticket, action: str, told: dict[str, Any]) -> Ticket:
    return take_step(desk, ticket, action, told)


# -- who has it ---------------------------------------------------------------------------------------------------


def _sign(desk: Desk, ticket: Ticket, action: str, told: dict[str, Any]) -> Ticket:
    return take_step(desk, ticket, action, told, handler=desk.by.name or ticket.handler or desk.by.role.value)


def _return(desk: Desk, ticket: Ticket, action: str, told: dict[str, Any]) -> Ticket:
    data = {**told, "department": ticket.department}
    return take_step(desk, ticket, action, data, returns=ticket.returns + 1)


def _escalate(desk: Desk, ticket: Ticket, action: str, told: dict[str, Any]) -> Ticket:
    level = ticket.escalation + 1
    return take_step(desk, ticket, action, {**told, "level": level}, escalation=level)


def _resolve(desk: Desk, ticket: Ticket, action: str, told: dict[str, Any]) -> Ticket:
    return take_step(desk, ticket, action, told, resolved_at=desk.now)


def _close(desk: Desk, ticket: Ticket, action: str, told: dict[str, Any]) -> Ticket:
    closed = take_step(desk, ticket, action, told, closed_at=desk.now)
    for task in desk.work.clocks.tasks(ticket.id, kind="follow_up", state="open"):
        desk.work.clocks.end_task(task, state="done", by=desk.by.name, now=desk.now, data=told)
    return closed


def _urge(desk: Desk, ticket: Ticket, action: str, told: dict[str, Any]) -> Ticket:
    """For a person who rang: it counts like an urge of theirs."""
    urged = acts.urge(desk.work, ticket, text=str(told.get("text") or ""), now=desk.now, by=desk.by)
    if not urged.counted:
        words = "urged at {last} already; another one counts from {again} on"
        reason = Reason("urged_already", words, last=urged.last_at, again=urged.again_at)
        raise refusal(ticket, action, reason)
    return urged.ticket


def _dispute(desk: Desk, ticket: Ticket, action: str, told: dict[str, Any]) -> Ticket:
    text = str(told.get("text") or told.get("reason") or told.get("note") or "")
    return acts.dispute(desk.work, ticket, text=text, now=desk.now, rules=desk.rules, by=desk.by)


# -- more time ----------------------------------------------------------------------------------------------------


def latest_extension(rules: Rules, ticket: Ticket, clock: Clock) -> datetime:
    """The latest moment that the clock of the result can be extended to."""
    profile = rules.profile(ticket)
    span = (profile.extension if profile else None) or EXTENSION
    return rules.calendar.due(clock.due_at, amount=span.amount, unit=span.unit).at


def _request(desk: Desk, ticket: Ticket, action: str, told: dict[str, Any]) -> Ticket:
    clock = resolution_of(desk, ticket)
    assert clock is not None  # the guard saw it
    until = moment_of(told["until"])
    latest = latest_extension(desk.rules, ticket, clock)
    if not clock.due_at < until <= latest:
        raise Incomplete(
            Reason(
                "until",
                "until: expected after {earliest} and not after {latest}",
                earliest=clock.due_at,
                latest=latest,
            )
        )
    taken = take_step(desk, ticket, action, told)
    data = {"until": until.isoformat(), "reason": told["reason"]}
    add_task(desk, ticket, "extension", due_at=clock.due_at, data=data)
    return taken


def _decide(desk: Desk, ticket: Ticket, action: str, told: dict[str, Any]) -> Ticket:
    asked = desk.work.clocks.tasks(ticket.id, kind="extension", state="open")[0]
    clock = resolution_of(desk, ticket)
    assert clock is not None  # an extension is dropped with the step that ends the clock
    if action == "extend_refuse":
        taken = take_step(desk, ticket, action, {**asked.data, **told})
    else:
        until = moment_of(asked.data["until"])
        taken = take_step(desk, ticket, action, {**asked.data, **told, **moved(clock, until)})
        desk.work.clocks.save(clocks.due_moved(clock, until, desk.rules.calendar))
    ended = "done" if action == "extend_approve" else "dropped"
    desk.work.clocks.end_task(asked, state=ended, by=desk.by.name, now=desk.now, data=told)
    return taken


# -- tasks --------------------------------------------------------------------------------------------------------


def _task(desk: Desk, ticket: Ticket, action: str, told: dict[str, Any]) -> Ticket:
    taken = take_step(desk, ticket, action, told)
    add_task(
        desk,
        ticket,
        "co_handling" if action == "co_handle" else "supervision",
        department=told.get("department") or ticket.department,
        assignee=told.get("assignee") or None,
        due_at=moment_of(told["due_at"]) if told.get("due_at") else None,
        data={key: told[key] for key in ("wanted", "reason") if told.get(key)},
    )
    return taken


# -- what it is ---------------------------------------------------------------------------------------------------


def _reclassify(desk: Desk, ticket: Ticket, action: str, told: dict[str, Any]) -> Ticket:
    """Another category; its SLA profile counts from the same start."""
    if told["category"] not in desk.rules.packs.codes:
        raise Incomplete(
            Reason("no_category", "reclassify: there is no category {category}", category=told["category"])
        )
    category = desk.rules.packs.category(told["category"])
    data, spans = (
        {**told, "was": ticket.category},
        {
            "first_contact": category.sla.first_response,
            "resolution": category.sla.resolution,
        },
    )
    own, renewed = desk.rules.profile(ticket), []
    if own is None or own.code != category.sla.code:
        for clock in desk.work.clocks.of(ticket.id, cycle=ticket.cycle, lock=True):
            if clock.kind in spans and not clock.over:
                new = clocks.profile_changed(clock, spans[clock.kind], desk.rules.calendar)
                data[clock.kind] = moved(clock, new.due_at)
                renewed.append(new)
    score = rescored(ticket.score, severity=category.severity)
    placed = routing.place(desk.work, category, ticket.details, default=category.department.key)
    taken = take_step(
        desk,
        ticket,
        action,
        data,
        category=category.code,
        pack=category.pack,
        department=placed.department if ticket.state is State.TRIAGE else ticket.department,
        nature=category.nature,
        severity=category.severity,
        score=score,
        priority=level_of(score) or ticket.priority,
    )
    for new in renewed:
        desk.work.clocks.save(new)
    return taken


def _set_priority(desk: Desk, ticket: Ticket, action: str, told: dict[str, Any]) -> Ticket:
    if told["level"] not in clocks.ATTENTION:
        raise Incomplete(f"level: one of {', '.join(clocks.ATTENTION)}")
    override = {"level": told["level"], "reason": told["reason"], "by": desk.by.name, "was": ticket.priority}
    return take_step(
        desk,
        ticket,
        action,
        {**told, "was": ticket.priority},
        priority=told["level"],
        score={**ticket.score, "override": override},
    )


_Effect = Callable[[Desk, Ticket, str, "dict[str, Any]"], Ticket]
_EFFECTS: Mapping[str, _Effect] = {
    "accept": assign,
    "force_assign": assign,
    "reassign": assign,
    "sign": _sign,
    "return": _return,
    "escalate": _escalate,
    "resolve": _resolve,
    "resolve_no_information": _resolve,
    "close_explained": _close,
    "close_unreached": _close,
    "merge": merging.merge,
    "unmerge": merging.unmerge,
    "extend_request": _request,
    "extend_approve": _decide,
    "extend_refuse": _decide,
    "co_handle": _task,
    "supervise": _task,
    "reclassify": _reclassify,
    "set_priority": _set_priority,
    "dispute": _dispute,
    "urge": _urge,
}
