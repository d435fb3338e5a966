"""Steps with a ticket: one endpoint for each action, its body made from what the core says the action needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from api import shapes
from api.layer import Call, Endpoint
from api.tickets import done, found
from casework.clients.model import Scope
from casework.storage.tickets import ChangedMeanwhile
from casework.tickets import handling
from casework.tickets.states import STEPS, Role

#: What may be given with an action beside what it needs; a note may be given with each.
MAY: dict[str, tuple[str, ...]] = {
    "accept": ("department", "handler"),
    "force_assign": ("handler",),
    "reassign": ("department", "reason"),
    "co_handle": ("assignee", "due_at"),
    "supervise": ("department", "assignee", "due_at"),
    "supplement": ("text",),
    "reply": ("text",),
    "urge": ("text",),
    "dispute": ("text",),
}
_STAFF = frozenset({Role.AGENT, Role.LEAD, Role.SUPERVISOR, Role.ADMINISTRATOR})
_SPECIAL: dict[str, Any] = {
    "until": Annotated[shapes.Moment, Meta(description="The new due time")],
    "due_at": shapes.Moment,
    "level": shapes.Level,
    "into": Annotated[shapes.Word, Meta(description="Number of another open ticket")],
    "category": Annotated[shapes.Word, Meta(description="A code of `GET /categories`")],
    **dict.fromkeys(("department", "handler", "assignee", "to"), shapes.Word),
}


def actions() -> tuple[str, ...]:
    """Every action that some role of staff can take, in the order of a ticket's life."""
    found: dict[str, None] = {}
    for steps in STEPS.values():
        for action, step in steps.items():
            if step.roles & _STAFF and action not in ("submit", "acknowledge"):
                found[action] = None
    return tuple(found)


def body_of(action: str) -> type[Struct]:
    """The body of an action: what it needs is required."""
    needs = handling.NEEDS.get(action, ())
    fields: list[Any] = [(name, _SPECIAL.get(name, shapes.Words)) for name in needs]
    for name in (*MAY.get(action, ()), "note"):
        if name not in needs:
            fields.append((name, _SPECIAL.get(name, shapes.Words) | None, None))
    name = "".join(part.title() for part in action.split("_"))
    doc = {"__doc__": f"What `{action}` is given; kept in the ticket's history."}
    return msgspec.defstruct(
        name, fields, namespace=doc, forbid_unknown_fields=True, omit_defaults=True, module=__name__
    )


def endpoints() -> list[Endpoint]:
    return [
        Endpoint(
            "POST",
            f"/tickets/{{number}}/actions/{action}",
            f"Take the step {action}",
            "actions",
            (Scope.ACT,),
            _taker(action),
            shapes.Done,
            body=body_of(action),
            codes=("unknown", "not-now", "changed", "not-this-version"),
            conditional=True,
        )
        for action in actions()
    ]


def _taker(action: str) -> Callable[[Call], shapes.Done]:
    def take(call: Call) -> shapes.Done:
        ticket = found(call)
        if call.version is not None and call.version != ticket.version:
            raise ChangedMeanwhile(ticket.number, next(reversed(call.work.tickets.history(ticket.id)), None))
        given = {key: value for key, value in msgspec.to_builtins(call.body).items() if value is not None}
        return done(call, handling.act(call.desk, ticket, action, given, seen=call.version))

    return take
