"""Tickets: lists, one whole, its history and clocks, and filing for somebody else."""

from __future__ import annotations

from typing import Any

from api import shapes
from api.layer import Call
from api.paging import cursor_of, place_of
from api.problems import Refusal
from casework.clients.model import Scope
from casework.tickets import clocks
from casework.tickets.acts import find_number
from casework.tickets.counter import Told, UnknownField, file_at_counter
from casework.tickets.handling import NEEDS
from casework.tickets.listing import Wanted
from casework.tickets.model import Clock, Ticket, TicketEvent
from casework.tickets.states import State
from casework.tickets.steps import legal_actions
from understanding.emergency import detect_emergency

MASK = "•••"
#: What of an event's data says nothing that somebody wrote.
_PLAIN = frozenset(
    ["clock", "due_from", "due_to", "paused_at", "level", "at", "told", "department", "handler", "category", "was",
     "until", "times", "overdue", "supervisor", "silence", "kind", "task", "from", "into", "follows", "not_again"]
)  # fmt: skip


def found(call: Call) -> Ticket:
    """The ticket of the path. Raises: Refusal, also for another department's."""
    number = call.path["number"]
    ticket = call.work.tickets.by_number(find_number(number) or number)
    if ticket is None or not sees(call, ticket):
        raise Refusal("unknown", f"there is no ticket {number}")
    return ticket


def shows_words(call: Call, ticket: Ticket) -> bool:
    """Whether what people wrote is shown; that it was is written down."""
    if not call.client.may(Scope.PERSONAL):
        return False
    call.read.append(("ticket", ticket.number))
    return True


def sees(call: Call, ticket: Ticket) -> bool:
    return call.client.department in ("", ticket.department) or ticket.handler == call.client.name


def tag(ticket: Ticket) -> dict[str, str]:
    return {"ETag": f'"{ticket.version}"'}


def own_department(call: Call, wanted: str) -> str:
    """The department a list is of. Raises: Refusal, for another one than the token's."""
    own = call.client.department
    if own and wanted not in ("", own):
        raise Refusal("unknown", f"this token sees the department {own} only")
    return wanted or own


def list_tickets(call: Call) -> shapes.TicketPage:
    query: shapes.TicketQuery = call.query
    wanted = Wanted(
        states=tuple(State(name) for name in query.state),
        department=own_department(call, query.department),
        handler=call.client.name if query.mine else query.handler,
        categories=(query.category,) if query.category else (),
        priority=query.priority or "",
        numbers=(query.number,) if query.number else (),
        due_before=query.due_before or None,
        changed_since=query.updated_since or None,
    )
    order = query.order
    lines = call.work.listing.tickets(
        wanted, order=order, after=place_of(query.cursor, order), limit=query.limit + 1
    )
    page = lines[: query.limit]
    items = [
        shapes.TicketLine(
            **{name: getattr(line, name) for name in shapes.TicketLine.__struct_fields__ if name != "state"},
            state=_state(line.state),
        )
        for line in page
    ]
    more = len(lines) > len(page)
    return shapes.TicketPage(items, cursor_of(order, page[-1].place(order)) if more else None)


def show_ticket(call: Call) -> shapes.Ticket:
    ticket = found(call)
    call.headers.update(tag(ticket))
    personal = shows_words(call, ticket)
    packs, promise = call.house.packs, ticket.promise
    known = ticket.category in packs
    into = call.work.tickets.get(ticket.merged_into) if ticket.merged_into is not None else None
    assert ticket.submitted_at is not None  # it has a number
    return shapes.Ticket(
        number=ticket.number,
        state=_state(ticket.state),
        category=ticket.category,
        category_name=packs.label(ticket.category, ticket.language) if known else "",
        department=ticket.department,
        handler=ticket.handler,
        nature=ticket.nature,
        priority=ticket.priority,
        severity=ticket.severity,
        language=ticket.language,
        anonymous=ticket.anonymous,
        cycle=ticket.cycle,
        version=ticket.version,
        submitted_at=ticket.submitted_at,
        changed_at=ticket.changed_at,
        resolved_at=ticket.resolved_at,
        merged_into=into.number if into else None,
        masked=not personal,
        description=ticket.description if personal else None,
        details=_details(call, ticket, personal=personal),
        steps=list(promise.steps) if promise else [],
        first_contact_by=promise.first_contact_at if promise else None,
        resolution_by=promise.resolution_at if promise else None,
        clocks=_clocks(call, ticket),
        media=_media(call, ticket),
        actions=list(legal_actions(call.work, ticket, by=call.actor, now=call.now)),
    )


def _details(call: Call, ticket: Ticket, *, personal: bool) -> dict[str, shapes.Detail]:
    fields = call.house.packs.fields()
    return {
        key: shapes.Detail(
            label=fields[key].label.in_(ticket.language) if key in fields else key,
            text=(detail.display or detail.text) if personal else MASK,
        )
        for key, detail in ticket.details.items()
    }


def _media(call: Call, ticket: Ticket) -> list[shapes.Media]:
    return [
        shapes.Media(
            row.id,
            row.media.kind,
            row.state.value,
            row.kept.mime if row.kept else "",
            row.kept.size_bytes if row.kept else 0,
        )
        for row in call.work.media.of_ticket(ticket.id)
    ]


def _clocks(call: Call, ticket: Ticket) -> list[shapes.Clock]:
    return [_clock(call, clock) for clock in call.work.clocks.of(ticket.id)]


def _clock(call: Call, clock: Clock) -> shapes.Clock:
    times = clocks.times(clock, call.now, call.house.calendar)
    return shapes.Clock(
        kind=clock.kind,
        cycle=clock.cycle,
        started_at=clock.started_at,
        due_at=clock.due_at,
        estimated=clock.estimated,
        paused=clock.paused_at is not None,
        met_at=clock.met_at,
        breached_at=clock.breached_at,
        stopped_at=clock.stopped_at,
        felt_s=int(times.felt.total_seconds()),
        staff_s=int(times.staff.total_seconds()),
    )


def show_clocks(call: Call) -> shapes.Clocks:
    return shapes.Clocks(_clocks(call, found(call)))


def show_history(call: Call) -> shapes.History:
    ticket = found(call)
    personal = shows_words(call, ticket)
    return shapes.History([event_of(e, personal=personal) for e in call.work.tickets.history(ticket.id)])


def event_of(event: TicketEvent, *, personal: bool) -> shapes.Event:
    data: dict[str, Any] = {key: value for key, value in event.data.items() if personal or key in _PLAIN}
    return shapes.Event(
        id=event.id,
        at=event.at,
        by=event.actor,
        name=event.actor_name,
        action=event.action,
        from_state=event.from_state or None,
        to_state=event.to_state or None,
        cycle=event.cycle,
        data=data,
    )


def show_actions(call: Call) -> shapes.Actions:
    ticket = found(call)
    call.headers.update(tag(ticket))
    actions = legal_actions(call.work, ticket, by=call.actor, now=call.now)
    needs = {action: list(NEEDS.get(action, ())) for action in actions}
    return shapes.Actions(_state(ticket.state), ticket.version, list(actions), needs)


def file_for_somebody(call: Call) -> shapes.Filed:
    body: shapes.NewTicket = call.body
    if body.category not in call.house.packs.codes:
        raise Refusal("wrong-values", f"category: there is no {body.category}; see GET /categories")
    danger = detect_emergency(body.description)
    told = Told(
        category=body.category,
        description=body.description,
        language=body.language,
        details=body.details,
        anonymous=body.anonymous,
        danger=(danger.code, danger.level) if danger and not danger.check else ("", ""),
    )
    try:
        ticket = file_at_counter(call.work, told, house=call.house, by=call.actor, now=call.now)
    except UnknownField as error:
        raise Refusal("wrong-values", f"details: {error}") from None
    call.headers.update({**tag(ticket), "Location": f"/api/v1/tickets/{ticket.number}"})
    assert ticket.promise is not None
    return shapes.Filed(
        number=ticket.number,
        state=_state(ticket.state),
        department=ticket.department,
        department_name=ticket.promise.department,
        priority=ticket.priority,
        steps=list(ticket.promise.steps),
        first_contact_by=ticket.promise.first_contact_at,
        resolution_by=ticket.promise.resolution_at,
        version=ticket.version,
    )


def done(call: Call, ticket: Ticket) -> shapes.Done:
    """The answer to an action."""
    call.headers.update(tag(ticket))
    return shapes.Done(
        number=ticket.number,
        state=_state(ticket.state),
        department=ticket.department,
        handler=ticket.handler,
        priority=ticket.priority,
        cycle=ticket.cycle,
        version=ticket.version,
        actions=list(legal_actions(call.work, ticket, by=call.actor, now=call.now)),
    )


def _state(state: State) -> Any:
    """As the shapes name it; a draft has no number and is never shown."""
    return state.value
