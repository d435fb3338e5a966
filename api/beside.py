"""What is to be done beside tickets: tasks, people in danger, clocks that run out; and files."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from api.layer import Call
from api.paging import cursor_of, place_of
from api.problems import Refusal
from api.shapes import Cursor, Filter, Limit, Words
from api.tickets import own_department, sees
from casework.clients.model import Scope
from casework.media.model import Opened
from casework.tickets import alarms
from casework.tickets.handling import finish_task
from casework.tickets.model import Task as KeptTask


class TaskQuery(Struct, forbid_unknown_fields=True):
    """Which tasks, the oldest first."""

    state: Literal["open", "done", "dropped"] = "open"
    kind: Annotated[Filter, Meta(description="Such as follow_up, supervision, co_handling, extension")] = ""
    department: Filter = ""
    assignee: Filter = ""
    mine: bool = False
    limit: Limit = 50
    cursor: Cursor = ""


class Task(Struct):
    """A piece of work beside a ticket. `data`: only with the scope `personal`."""

    id: int
    ticket: str
    kind: str
    state: str
    department: str
    assignee: str
    created_by: str
    created_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    ended_by: str
    data: dict[str, Any] | None


class TaskPage(Struct):
    """`next`: `cursor` of the page after this one; null on the last."""

    items: list[Task]
    next: str | None


class Result(Struct, forbid_unknown_fields=True):
    """What was done or found."""

    result: Words


class Finished(Struct):
    """`finished`: false when it was ended before."""

    id: int
    finished: bool


class PageQuery(Struct, forbid_unknown_fields=True):
    """Where a list goes on."""

    limit: Limit = 50
    cursor: Cursor = ""


class Danger(Struct):
    """Somebody in danger, filed or still telling. `ticket`: null while there is no number yet."""

    id: int
    ticket: str | None
    conversation: int
    at: datetime


class DangerPage(Struct):
    """Nobody of staff has looked at these. `next`: `cursor` of the page after this one."""

    items: list[Danger]
    next: str | None


class ClockAlarm(Struct):
    """A clock that runs out. `level`: percent of its length."""

    id: int
    ticket: str
    department: str
    kind: str
    cycle: int
    level: int
    at: datetime
    told: list[tuple[str, str]]


class ClockAlarmPage(Struct):
    """The last one given first. `next`: `cursor` of the page after this one."""

    items: list[ClockAlarm]
    next: str | None


class Seen(Struct):
    """An alarm that somebody has looked at."""

    id: int


def number_in(call: Call) -> int:
    """The number in the path. Raises: Refusal."""
    text = call.path["id"]
    if not (text.isascii() and text.isdigit() and len(text) < 18):
        raise Refusal("unknown", f"there is no {text[:40]}")
    return int(text)


def _after(cursor: str, order: str) -> int:
    place = place_of(cursor, order)
    return place[1] if place else 0


def list_tasks(call: Call) -> TaskPage:
    query: TaskQuery = call.query
    found = call.work.listing.tasks(
        state=query.state,
        kind=query.kind,
        department=own_department(call, query.department),
        assignee=call.client.name if query.mine else query.assignee,
        after=_after(query.cursor, "tasks"),
        limit=query.limit + 1,
    )
    page = found[: query.limit]
    items = [_task(call, task, number) for task, number in page]
    more = len(found) > len(page)
    return TaskPage(items, cursor_of("tasks", (None, page[-1][0].id)) if more else None)


def _task(call: Call, task: KeptTask, number: str) -> Task:
    return Task(
        id=task.id,
        ticket=number,
        kind=task.kind,
        state=task.state,
        department=task.department,
        assignee=task.assignee,
        created_by=task.created_by,
        created_at=task.created_at,
        due_at=task.due_at,
        ended_at=task.ended_at,
        ended_by=task.ended_by,
        data=dict(task.data) if call.client.may(Scope.PERSONAL) else None,
    )


def finish(call: Call) -> Finished:
    task = call.work.clocks.find_task(number_in(call))
    if task is None or call.client.department not in ("", task.department):
        raise Refusal("unknown", f"there is no task {call.path['id']}")
    body: Result = call.body
    return Finished(task.id, finish_task(call.desk, task, result=body.result))


def list_dangers(call: Call) -> DangerPage:
    query: PageQuery = call.query
    own_department(call, "")
    found = call.work.listing.dangers(
        raised=alarms.RAISED, seen=alarms.SEEN, after=_after(query.cursor, "dangers"), limit=query.limit + 1
    )
    page = dict(found[: query.limit])
    items = []
    for ticket_id, at in page.items():
        ticket = call.work.tickets.get(ticket_id)
        if sees(call, ticket):
            items.append(Danger(ticket.id, ticket.number or None, ticket.conversation_id, at))
    more = len(found) > query.limit
    return DangerPage(items, cursor_of("dangers", (None, max(page))) if more else None)


def see_danger(call: Call) -> Seen:
    ticket = call.work.tickets.find(number_in(call))
    raised = ticket is not None and call.work.tickets.happened(ticket.id, (alarms.RAISED,))
    if ticket is None or not raised or not sees(call, ticket):
        raise Refusal("unknown", f"there is no alarm {call.path['id']}")
    alarms.alarm_seen(call.work, ticket, name=call.client.name, now=call.now)
    return Seen(ticket.id)


def list_clock_alarms(call: Call) -> ClockAlarmPage:
    query: PageQuery = call.query
    found = call.work.listing.clock_alarms(
        department=own_department(call, ""), before=_after(query.cursor, "clocks"), limit=query.limit + 1
    )
    page = found[: query.limit]
    items = [
        ClockAlarm(a.id, a.number, a.department, a.kind, a.cycle, a.level, a.at, list(a.told)) for a in page
    ]
    more = len(found) > len(page)
    return ClockAlarmPage(items, cursor_of("clocks", (None, page[-1].id)) if more else None)


def fetch_file(call: Call) -> Opened:
    row = call.work.media.get(number_in(call))
    ticket = call.work.tickets.find(row.ticket_id) if row is not None and row.ticket_id is not None else None
    opened = (
        call.services.opened(row.id)
        if row is not None and ticket is not None and sees(call, ticket)
        else None
    )
    if opened is None:
        raise Refusal("unknown", f"there is no file {call.path['id']}")
    call.read.append(("file", call.path["id"]))
    return opened
