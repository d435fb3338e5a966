"""Clocks, the alarms they gave, and tasks in the database. One object for one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.engine import Connection

from casework.storage.tables import alarms, clocks, tasks
from casework.tickets.model import Clock, Task

_CLOCK = tuple(field.name for field in fields(Clock))
_TASK = tuple(field.name for field in fields(Task))
#: What of a clock never changes once it was started.
_FIXED = frozenset({"id", "ticket_id", "kind", "cycle", "run", "started_at"})
_CHANGING = tuple(name for name in _CLOCK if name not in _FIXED)
#: What an alarm is given once for.
_ALARM = ("ticket_id", "cycle", "kind", "run", "level")
_SAVE = update(clocks).where(clocks.c.id == bindparam("the_id"))


class ClockRepository:
    """Rows in, values out; rules live in ``casework.tickets``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- clocks -------------------------------------------------------------------------------------

    def of(self, ticket_id: int, *, cycle: int | None = None, lock: bool = False) -> list[Clock]:
        """Clocks of a ticket, oldest first. ``lock``: nobody else changes them before this transaction ends."""
        query = select(clocks).where(clocks.c.ticket_id == ticket_id).order_by(clocks.c.id)
        if cycle is not None:
            query = query.where(clocks.c.cycle == cycle)
        rows = self._connection.execute(query.with_for_update() if lock else query).mappings()
        return [read_clock(row) for row in rows]

    def add(self, started: Sequence[Clock]) -> None:
        """New clocks; they have no id yet."""
        rows = [{name: getattr(clock, name) for name in _CLOCK if name != "id"} for clock in started]
        if rows:
            self._connection.execute(insert(clocks), rows)

    def save(self, *changed: Clock) -> None:
        rows = [
            {"the_id": clock.id, **{name: getattr(clock, name) for name in _CHANGING}} for clock in changed
        ]
        if rows:
            self._connection.execute(_SAVE, rows)

    def spent(self, now: datetime, *, limit: int) -> list[Clock]:
        """Paused clocks that may not pause any longer; locked, and not those another one holds."""
        return self._due(clocks.c.paused_until, now, limit)

    def alarming(self, now: datetime, *, limit: int) -> list[Clock]:
        """Clocks with an alarm to be given, the longest first; locked, and not those another one holds."""
        return self._due(clocks.c.next_alarm_at, now, limit)

    def _due(self, column: Any, now: datetime, limit: int) -> list[Clock]:
        rows = self._connection.execute(
            select(clocks)
            .where(column <= now)
            .order_by(column)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).mappings()
        return [read_clock(row) for row in rows]

    # -- alarms -------------------------------------------------------------------------------------

    def give_alarms(self, rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Note that alarms are given; ``rows`` are columns, of clocks that are locked. Gives those that were not given
        before."""
        if not rows:
            return []
        found = self._connection.execute(
            select(alarms).where(alarms.c.ticket_id.in_([row["ticket_id"] for row in rows]))
        ).mappings()
        before = {tuple(row[name] for name in _ALARM) for row in found}
        given = [row for row in rows if tuple(row[name] for name in _ALARM) not in before]
        if given:
            self._connection.execute(insert(alarms), given)
        return given

    def alarms(self, ticket_id: int) -> list[tuple[int, str, int, list[list[str]]]]:
        """``(cycle, kind, level, told)`` of every alarm given, oldest first."""
        rows = self._connection.execute(
            select(alarms).where(alarms.c.ticket_id == ticket_id).order_by(alarms.c.id)
        )
        return [(row.cycle, row.kind, row.level, row.told) for row in rows]

    # -- tasks --------------------------------------------------------------------------------------

    def add_task(self, **values: Any) -> Task:
        """A new task; ``values`` are columns."""
        task_id = self._connection.execute(insert(tasks).values(**values)).inserted_primary_key[0]
        return self.task(task_id)

    def task(self, task_id: int) -> Task:
        """Raises: sqlalchemy.exc.NoResultFound."""
        return read_task(
            self._connection.execute(select(tasks).where(tasks.c.id == task_id)).mappings().one()
        )

    def find_task(self, task_id: int) -> Task | None:
        row = self._connection.execute(select(tasks).where(tasks.c.id == task_id)).mappings().first()
        return read_task(row) if row else None

    def tasks(self, ticket_id: int, *, kind: str | None = None, state: str | None = None) -> list[Task]:
        """Tasks of a ticket, oldest first."""
        query = select(tasks).where(tasks.c.ticket_id == ticket_id).order_by(tasks.c.id)
        if kind is not None:
            query = query.where(tasks.c.kind == kind)
        if state is not None:
            query = query.where(tasks.c.state == state)
        return [read_task(row) for row in self._connection.execute(query).mappings()]

    def with_task(self, ticket_ids: Sequence[int], *, kind: str) -> set[int]:
        """Those of these tickets that have an open task of a kind."""
        rows = self._connection.execute(
            select(tasks.c.ticket_id).where(
                tasks.c.ticket_id.in_(list(ticket_ids)), tasks.c.kind == kind, tasks.c.state == "open"
            )
        )
        return {int(row.ticket_id) for row in rows}

    def count_done(self, ticket_id: int, *, kind: str, cycle: int) -> int:
        query = (
            select(func.count())
            .select_from(tasks)
            .where(
                tasks.c.ticket_id == ticket_id,
                tasks.c.kind == kind,
                tasks.c.cycle == cycle,
                tasks.c.state == "done",
            )
        )
        return int(self._connection.execute(query).scalar_one())

    def end_task(
        self, task: Task, *, state: str, by: str, now: datetime, data: Mapping[str, Any] | None = None
    ) -> bool:
        """``False``: it was ended before."""
        result = self._connection.execute(
            update(tasks)
            .where(tasks.c.id == task.id, tasks.c.state == "open")
            .values(state=state, ended_at=now, ended_by=by or None, data={**task.data, **(data or {})})
        )
        return bool(result.rowcount)


def read_clock(row: Mapping[str, Any]) -> Clock:
    """A row of ``clocks`` as a value."""
    return Clock(**{name: row[name] for name in _CLOCK})


def read_task(row: Mapping[str, Any]) -> Task:
    values = {name: row[name] for name in _TASK}
    for name in ("department", "assignee", "created_by", "ended_by"):
        values[name] = values[name] or ""
    return Task(**{**values, "data": values["data"] or {}})
