"""Lists that staff and programs page through, each from an index and none without a limit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.engine import Connection

from casework.conversations.model import Conversation, Owner
from casework.storage.clocks import read_task
from casework.storage.conversations import read_conversation
from casework.storage.tables import alarms, clocks, conversations, events, tasks, tickets
from casework.tickets.listing import ClockAlarm, Line, Order, Turn, Wanted
from casework.tickets.model import Task
from casework.tickets.states import State

_t, _c = tickets.c, clocks.c
_COLUMNS = (
    _t.id, _t.number, _t.state, _t.category, _t.department, _t.handler, _t.nature, _t.priority, _t.severity,
    _t.language, _t.anonymous, _t.cycle, _t.version, _t.submitted_at, _t.changed_at, _c.due_at,
)  # fmt: skip
_RESULT_CLOCK = and_(_c.ticket_id == _t.id, _c.cycle == _t.cycle, _c.kind == "resolution")
#: A place in a list: the moment it is ordered by, where it is, and the row's id.
Place = tuple["datetime | None", int]


class ListingRepository:
    """Rows in, values out; none of it decrypts anything of a ticket."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def tickets(
        self, wanted: Wanted, *, order: Order = "newest", after: Place | None = None, limit: int
    ) -> list[Line]:
        """Filed tickets in ``order``, from after a place on."""
        owed = order == "due" or wanted.due_before is not None
        query = select(*_COLUMNS).select_from(tickets.join(clocks, _RESULT_CLOCK, isouter=not owed))
        query = query.where(_t.number.is_not(None), *_conditions(wanted))
        if owed:
            query = query.where(_c.met_at.is_(None), _c.stopped_at.is_(None), _c.paused_at.is_(None))
        moment: Any = {"newest": None, "changed": _t.changed_at, "due": _c.due_at}[order]
        key = _c.ticket_id if order == "due" else _t.id  # as the index has it
        if moment is None:
            query = query.order_by(_t.id.desc())
            query = query if after is None else query.where(_t.id < after[1])
        else:
            query = query.order_by(moment, key)
            query = query if after is None else query.where(_beyond(moment, key, after))
        rows = self._connection.execute(query.limit(limit)).mappings()
        return [_line(row) for row in rows]

    def tasks(
        self,
        *,
        state: str = "open",
        department: str = "",
        assignee: str = "",
        kind: str = "",
        after: int = 0,
        limit: int,
    ) -> list[tuple[Task, str]]:
        """Tasks with the numbers of their tickets, the oldest first."""
        query = select(tasks, _t.number).join(tickets, _t.id == tasks.c.ticket_id)
        query = query.where(tasks.c.state == state, tasks.c.id > after)
        for column, value in (
            (tasks.c.department, department),
            (tasks.c.assignee, assignee),
            (tasks.c.kind, kind),
        ):
            query = query.where(column == value) if value else query
        rows = self._connection.execute(query.order_by(tasks.c.id).limit(limit)).mappings()
        return [(read_task(row), row["number"] or "") for row in rows]

    def clock_alarms(self, *, department: str = "", before: int = 0, limit: int) -> list[ClockAlarm]:
        """Alarms of clocks, the last one given first."""
        query = select(alarms, _t.number, _t.department).join(tickets, _t.id == alarms.c.ticket_id)
        query = query.where(_t.department == department) if department else query
        query = query.where(alarms.c.id < before) if before else query
        return [
            ClockAlarm(
                row.id,
                row.number or "",
                row.department or "",
                row.cycle,
                row.kind,
                row.level,
                row.at,
                row.given_at,
                tuple((role, name) for role, name in row.told),
            )
            for row in self._connection.execute(query.order_by(alarms.c.id.desc()).limit(limit))
        ]

    def dangers(self, *, raised: str, seen: str, after: int = 0, limit: int) -> list[tuple[int, datetime]]:
        """``(ticket id, when)`` of tickets, drafts too, with ``raised`` in their history and not ``seen`` after it."""
        later = events.alias("later")
        looked = select(later.c.id).where(
            later.c.ticket_id == events.c.ticket_id, later.c.action == seen, later.c.id > events.c.id
        )
        rows = self._connection.execute(
            select(events.c.ticket_id, events.c.at)
            .where(events.c.action == raised, events.c.ticket_id > after, ~looked.exists())
            .order_by(events.c.ticket_id, events.c.id)
            .limit(limit)
        )
        return [(int(row.ticket_id), row.at) for row in rows]

    def turns(self, *, start: datetime, end: datetime, nature: str, limit: int) -> list[Turn]:
        """Steps from ``start`` to ``end`` that brought filed tickets of a nature into another state, in order."""
        rows = self._connection.execute(
            select(events.c.id, events.c.at, events.c.to_state, events.c.data, _t.number)
            .join(tickets, _t.id == events.c.ticket_id)
            .where(
                _t.changed_at >= start,
                _t.number.is_not(None),
                _t.nature == nature,
                events.c.at >= start,
                events.c.at <= end,
                events.c.to_state.is_not(None),
                events.c.to_state != events.c.from_state,
            )
            .order_by(events.c.id)
            .limit(limit)
        )
        return [Turn(row.id, row.number, row.at, State(row.to_state), row.data or {}) for row in rows]

    def chats(self, owner: Owner, *, after: Place | None = None, limit: int) -> list[Conversation]:
        """Conversations of an owner, the one that was passed to them first at the head."""
        c = conversations.c
        query = select(conversations).where(c.owner == owner.value)
        if after is not None:
            query = query.where(_beyond(c.owner_since, c.id, after))
        rows = self._connection.execute(query.order_by(c.owner_since, c.id).limit(limit)).mappings()
        return [read_conversation(row) for row in rows]

    def chat(self, conversation_id: int) -> Conversation | None:
        query = select(conversations).where(conversations.c.id == conversation_id)
        row = self._connection.execute(query).mappings().first()
        return read_conversation(row) if row else None


def _beyond(moment: Any, key: Any, place: Place) -> Any:
    """After a place in a list ordered by ``moment`` and ``key``; the first part is what an index can use."""
    return and_(moment >= place[0], or_(moment > place[0], key > place[1]))


def _conditions(wanted: Wanted) -> list[Any]:
    found: list[Any] = []
    states = tuple(state.value for state in wanted.states)
    for column, values in (
        (_t.state, states),
        (_t.category, wanted.categories),
        (_t.number, wanted.numbers),
        (_t.nature, wanted.natures),
    ):
        if values:
            found.append(column.in_(values))
    for column, value in (
        (_t.department, wanted.department),
        (_t.handler, wanted.handler),
        (_t.priority, wanted.priority),
    ):
        if value:
            found.append(column == value)
    if wanted.filed_from is not None:
        found.append(_t.submitted_at >= wanted.filed_from)
    if wanted.filed_to is not None:
        found.append(_t.submitted_at <= wanted.filed_to)
    if wanted.due_before is not None:
        found.append(_c.due_at < wanted.due_before)
    if wanted.changed_since is not None:
        found.append(_t.changed_at >= wanted.changed_since)
    return found


def _line(row: Mapping[str, Any]) -> Line:
    texts = {name: row[name] or "" for name in ("category", "department", "handler", "nature", "priority")}
    return Line(
        id=int(row["id"]),
        number=row["number"],
        state=State(row["state"]),
        **texts,
        severity=int(row["severity"] or 0),
        language=row["language"],
        anonymous=bool(row["anonymous"]),
        cycle=int(row["cycle"]),
        version=int(row["version"]),
        submitted_at=row["submitted_at"],
        changed_at=row["changed_at"],
        due_at=row["due_at"],
    )
