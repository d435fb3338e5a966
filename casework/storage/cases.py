"""Lists of cases for the desk: which ones, in which order, how many. Reads columns alone: nothing is decrypted.

A list goes on from the last line that was seen (never from a count), so that what is filed meanwhile moves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import and_, func, or_, select
from sqlalchemy.engine import Connection

from casework.access.rights import Scope
from casework.storage.tables import clocks, events, tasks, tickets
from casework.storage.tables_tags import ticket_tags
from casework.tickets.states import OPEN, State

#: ``due``: whose clock runs out first, then those without one, the latest changed first.
Order = Literal["due", "newest", "changed", "priority"]
ORDERS: tuple[Order, ...] = get_args(Order)

#: Steps of the history that raise an alarm, and that say somebody has seen to it. Source: casework.tickets.alarms.
_RAISED, _SEEN = "alarm", "alarm_seen"

_t, _c = tickets.c, clocks.c
_COLUMNS = (_t.id, _t.number, _t.state, _t.category, _t.department, _t.handler, _t.priority, _t.changed_at)


@dataclass(frozen=True)
class Wanted:
    """Which cases to list. Empty entries let everything through. ``states``: none for all open ones. ``handler``: a
    login, or ``-`` for cases that nobody has. ``number``: as far as it was typed. ``ids``: these alone, whatever their
    state; ``None`` for all. ``due_before``: those whose next clock runs out before. ``danger``: somebody was in danger
    (``any``), and nobody of staff has seen to it (``unseen``). ``tasks``: those beside which whoever asks, or their
    department, has something to do; also cases of other departments."""

    states: frozenset[State] = frozenset()
    department: str = ""
    categories: tuple[str, ...] = ()
    handler: str = ""
    priority: str = ""
    number: str = ""
    ids: tuple[int, ...] | None = None
    due_before: datetime | None = None
    danger: Literal["", "any", "unseen"] = ""
    tag: str = ""
    tasks: bool = False


@dataclass(frozen=True)
class Case:
    """A case in a list. ``due_at`` and ``due_kind``: of the clock that runs out first, none when none runs."""

    id: int
    number: str
    state: State
    category: str
    department: str
    handler: str
    priority: str
    changed_at: datetime
    due_at: datetime | None = None
    due_kind: str = ""

    def place(self, order: Order) -> Place:
        """Where a list goes on after this case."""
        if order == "due" and self.due_at is not None:
            return Place(self.due_at.isoformat(), self.id)
        if order in ("due", "changed"):
            return Place(f"~{self.changed_at.isoformat()}", self.id)
        return Place(self.priority if order == "priority" else "", self.id)


@dataclass(frozen=True)
class Place:
    """``key``: what the list is ordered by, before the id; in the order ``due`` a ``~`` leads the key of cases that no
    clock runs for."""

    key: str
    id: int

    def __str__(self) -> str:
        return f"{self.key}_{self.id}"

    @classmethod
    def parse(cls, text: str) -> Place | None:
        """``None`` for what is no place."""
        key, _, number = text.rpartition("_")
        return cls(key, int(number)) if number.isascii() and number.isdigit() else None

    @property
    def moment(self) -> datetime:
        """Raises: ValueError."""
        return datetime.fromisoformat(self.key.removeprefix("~"))


def listed(
    connection: Connection, wanted: Wanted, *, scope: Scope, order: Order, after: Place | None, limit: int
) -> list[Case]:
    """Cases in ``order``, from after a place on. Raises: ValueError for a place of another order."""
    conditions = conditions_of(wanted, scope)
    if order == "due":
        return _by_clock(connection, wanted, conditions, after, limit)
    if wanted.due_before is not None:
        conditions.append(_runs_out(wanted.due_before))
    query = select(*_COLUMNS).where(*conditions).limit(limit)
    if order == "newest":
        query = query.order_by(_t.id.desc())
        query = query if after is None else query.where(_t.id < after.id)
    elif order == "changed":
        query = _lately_changed(query, after)
    else:
        query = query.order_by(_t.priority, _t.id)
        if after is not None:
            later = or_(_t.priority > after.key, _t.id > after.id)
            query = query.where(_t.priority >= after.key, later)
    return _with_clocks(connection, connection.execute(query).mappings().all())


def counted(connection: Connection, wanted: Wanted, *, scope: Scope, most: int) -> int:
    """How many, counted up to ``most``."""
    query = select(_t.id).where(*conditions_of(wanted, scope)).limit(most)
    if wanted.due_before is not None:
        query = query.where(_runs_out(wanted.due_before))
    return int(connection.execute(select(func.count()).select_from(query.subquery())).scalar_one())


def conditions_of(wanted: Wanted, scope: Scope) -> list[Any]:
    """All that ``wanted`` asks of the row of a ticket, but for its clocks."""
    found: list[Any] = [_t.number.is_not(None)]
    if wanted.number:
        found += [_t.number >= wanted.number, _t.number < f"{wanted.number}\uffff"]
    if wanted.ids is not None:
        found.append(_t.id.in_(wanted.ids))
    if wanted.states or not (wanted.number or wanted.ids is not None):
        found.append(_t.state.in_(sorted(state.value for state in wanted.states or OPEN)))
    if wanted.categories:
        found.append(_t.category.in_(wanted.categories))
    found += [
        column == value
        for column, value in ((_t.department, wanted.department), (_t.priority, wanted.priority))
        if value
    ]
    if wanted.handler:
        found.append(_t.handler.is_(None) if wanted.handler == "-" else _t.handler == wanted.handler)
    if wanted.danger:
        found += _in_danger(unseen=wanted.danger == "unseen")
    if wanted.tag:
        found.append(_t.id.in_(select(ticket_tags.c.ticket_id).where(ticket_tags.c.tag == wanted.tag)))
    if wanted.tasks:
        found.append(_t.id.in_(select(tasks.c.ticket_id).where(tasks.c.state == "open", _theirs(scope))))
    elif scope.departments is not None:
        found.append(or_(_t.department.in_(sorted(scope.departments)), _t.handler == scope.login))
    return found


def _theirs(scope: Scope) -> Any:
    """Tasks of whoever asks. The same as ``Scope.has_task``."""
    return or_(tasks.c.assignee == scope.login, tasks.c.department.in_(sorted(scope.departments or ())))


def _in_danger(*, unseen: bool) -> list[Any]:
    found = [_t.id.in_(select(events.c.ticket_id).where(events.c.action == _RAISED))]
    if unseen:
        seen = select(events.c.id).where(events.c.ticket_id == _t.id, events.c.action == _SEEN)
        found.append(~seen.exists())
    return found


def _running(columns: Any) -> Any:
    return and_(columns.met_at.is_(None), columns.stopped_at.is_(None), columns.paused_at.is_(None))


def _runs_out(before: datetime) -> Any:
    return select(_c.id).where(_c.ticket_id == _t.id, _running(_c), _c.due_at < before).exists()


def _by_clock(
    connection: Connection, wanted: Wanted, conditions: Sequence[Any], after: Place | None, limit: int
) -> list[Case]:
    found: list[Case] = []
    if after is None or not after.key.startswith("~"):
        sooner = clocks.alias("sooner")
        earlier = or_(sooner.c.due_at < _c.due_at, and_(sooner.c.due_at == _c.due_at, sooner.c.id < _c.id))
        first = (
            ~select(sooner.c.id)
            .where(sooner.c.ticket_id == _c.ticket_id, _running(sooner.c), earlier)
            .exists()
        )
        query = (
            select(*_COLUMNS, _c.due_at, _c.kind)
            .join(clocks, _c.ticket_id == _t.id)
            .where(_running(_c), first, *conditions)
            .order_by(_c.due_at, _c.ticket_id)
            .limit(limit)
        )
        if wanted.due_before is not None:
            query = query.where(_c.due_at < wanted.due_before)
        if after is not None:
            beyond = or_(_c.due_at > after.moment, _c.ticket_id > after.id)
            query = query.where(_c.due_at >= after.moment, beyond)
        found = [_case(row, row["due_at"], row["kind"]) for row in connection.execute(query).mappings()]
        after = None
    if len(found) < limit and wanted.due_before is None:
        runs = select(_c.id).where(_c.ticket_id == _t.id, _running(_c)).exists()
        query = select(*_COLUMNS).where(~runs, *conditions).limit(limit - len(found))
        rows = connection.execute(_lately_changed(query, after)).mappings()
        found += [_case(row) for row in rows]
    return found


def _lately_changed(query: Any, after: Place | None) -> Any:
    query = query.order_by(_t.changed_at.desc(), _t.id.desc())
    if after is None:
        return query
    earlier = or_(_t.changed_at < after.moment, _t.id < after.id)
    return query.where(_t.changed_at <= after.moment, earlier)


def _with_clocks(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> list[Case]:
    query = select(_c.ticket_id, _c.due_at, _c.kind).where(
        _c.ticket_id.in_([row["id"] for row in rows]), _running(_c)
    )
    first: dict[int, Any] = {}
    for clock in connection.execute(query) if rows else ():
        if clock.ticket_id not in first or clock.due_at < first[clock.ticket_id].due_at:
            first[clock.ticket_id] = clock
    found = []
    for row in rows:
        clock = first.get(row["id"])
        found.append(_case(row, clock.due_at, clock.kind) if clock else _case(row))
    return found


def _case(row: Mapping[str, Any], due_at: datetime | None = None, due_kind: str = "") -> Case:
    texts = {name: row[name] or "" for name in ("category", "department", "handler", "priority")}
    return Case(
        id=int(row["id"]),
        number=row["number"],
        state=State(row["state"]),
        changed_at=row["changed_at"],
        due_at=due_at,
        due_kind=due_kind,
        **texts,
    )
