"""Which lines of tickets' histories nobody was told of yet. One object for one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from casework.storage.tables import events
from casework.storage.tickets import read_event
from casework.tickets.model import TicketEvent

_older = events.alias("older")


class Undone(Exception):
    """A part of the transaction failed and was taken back alone; ``__cause__`` says why."""


@dataclass(frozen=True)
class Unspread:
    """An event that nobody was told of. ``tries``: how often telling failed."""

    event: TicketEvent
    tries: int


@dataclass(frozen=True)
class SetAside:
    """An event of which telling failed for good. ``error``: who failed, and with what kind of error."""

    event_id: int
    ticket_id: int
    action: str
    at: datetime
    error: str


class SpreadingRepository:
    """Rows in, values out; the rules live in ``casework.tickets.spreading``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next_ticket(self, now: datetime) -> int | None:
        """The ticket that has waited longest with something to be told, kept from all others until the transaction
        ends: its first untold event is locked, and nobody tells a later one before that."""
        earlier = (
            select(_older.c.id)
            .where(
                _older.c.ticket_id == events.c.ticket_id,
                _older.c.spread_at.is_(None),
                _older.c.id < events.c.id,
            )
            .exists()
        )
        found = self._connection.execute(
            select(events.c.ticket_id)
            .where(
                events.c.spread_at.is_(None),
                or_(events.c.spread_again_at.is_(None), events.c.spread_again_at <= now),
                ~earlier,
            )
            .order_by(events.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).scalar()
        return None if found is None else int(found)

    def of(self, ticket_id: int, *, limit: int) -> list[Unspread]:
        """What is to be told of a ticket, in order."""
        rows = self._connection.execute(
            select(events)
            .where(events.c.ticket_id == ticket_id, events.c.spread_at.is_(None))
            .order_by(events.c.id)
            .limit(limit)
        ).mappings()
        return [Unspread(read_event(row), int(row["spread_tries"])) for row in rows]

    def told(self, event: TicketEvent, *, now: datetime, error: str = "") -> None:
        """Everybody was told, but for those named in ``error``."""
        self._change(event, spread_at=now, spread_error=error[:190] or None)

    def failed(self, event: TicketEvent, *, tries: int, again_at: datetime, error: str) -> None:
        self._change(event, spread_tries=tries, spread_again_at=again_at, spread_error=error[:190])

    def _change(self, event: TicketEvent, **values: Any) -> None:
        self._connection.execute(update(events).where(events.c.id == event.id).values(**values))

    def set_aside(self, *, limit: int) -> list[SetAside]:
        """The newest events that somebody could not be told of."""
        rows = self._connection.execute(
            select(events)
            .where(events.c.spread_error.is_not(None), events.c.spread_at.is_not(None))
            .order_by(events.c.id.desc())
            .limit(limit)
        )
        return [SetAside(row.id, row.ticket_id, row.action, row.at, row.spread_error) for row in rows]

    def count_waiting(self) -> int:
        query = select(func.count()).select_from(events).where(events.c.spread_at.is_(None))
        return int(self._connection.execute(query).scalar_one())

    @contextmanager
    def part(self) -> Iterator[None]:
        """What is written in it is kept or taken back alone. Raises: Undone; the database's own failing as it is."""
        try:
            with self._connection.begin_nested():
                yield
        except OperationalError:
            raise
        except Exception as error:
            raise Undone from error
