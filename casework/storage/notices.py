"""Notices in the database: what waits, what was posted, what was overtaken. One object for one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from casework.notices.model import Notice
from casework.storage.prepared import Prepared
from casework.storage.tables import messages, tickets
from casework.storage.tables_notices import notices

_earlier = notices.alias("earlier")
_BY_MESSAGE = Prepared(
    select(notices, tickets.c.number)
    .join(tickets, tickets.c.id == notices.c.ticket_id)
    .where(notices.c.message_id == bindparam("the_id"))
)
_NAMES = tuple(field.name for field in fields(Notice))


class NoticeRepository:
    """Rows in, values out; the rules live in ``casework.notices``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def plan(self, *, key: str, **values: Any) -> None:
        """A notice that waits for its time; one with this ``key`` that is there already stays as it is."""
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        self._connection.execute(
            dialect.insert(notices).values(key=key, **values).on_conflict_do_nothing(index_elements=["key"])
        )

    def next_chat(self, now: datetime) -> int | None:
        """The conversation whose notice has been due longest, kept from all others until the transaction ends."""
        before = (
            select(_earlier.c.id)
            .where(
                _earlier.c.conversation_id == notices.c.conversation_id,
                _earlier.c.state == "waiting",
                _earlier.c.due_at <= now,
                _earlier.c.id < notices.c.id,
            )
            .exists()
        )
        found = self._connection.execute(
            select(notices.c.conversation_id)
            .where(notices.c.state == "waiting", notices.c.due_at <= now, ~before)
            .order_by(notices.c.due_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).scalar()
        return None if found is None else int(found)

    def due(self, conversation_id: int, now: datetime, *, limit: int) -> list[Notice]:
        """What is due in a conversation, in order."""
        return self._many(
            notices.c.conversation_id == conversation_id,
            notices.c.state == "waiting",
            notices.c.due_at <= now,
            limit=limit,
        )

    def of_ticket(self, ticket_id: int, *, limit: int = 100) -> list[Notice]:
        """What the person of this ticket was or will be told, in order."""
        return self._many(notices.c.ticket_id == ticket_id, limit=limit)

    def waiting(self, *, limit: int) -> list[Notice]:
        """What waits for its time or its moment, the next first."""
        rows = self._connection.execute(
            select(notices).where(notices.c.state == "waiting").order_by(notices.c.due_at).limit(limit)
        ).mappings()
        return [_notice(row) for row in rows]

    def _many(self, *conditions: Any, limit: int) -> list[Notice]:
        rows = self._connection.execute(
            select(notices).where(*conditions).order_by(notices.c.id).limit(limit)
        ).mappings()
        return [_notice(row) for row in rows]

    def by_message(self, message_id: int) -> tuple[Notice, str] | None:
        """The notice that a message is, and the number of its ticket."""
        row = _BY_MESSAGE.first(self._connection, the_id=message_id)
        return (_notice(row), str(row["number"])) if row else None

    def change(self, notice: Notice, **values: Any) -> None:
        self._connection.execute(update(notices).where(notices.c.id == notice.id).values(**values))

    def undelivered(self, about_id: int) -> list[Notice]:
        """Notices about a ticket that were posted and did not reach their person yet, not even in part."""
        rows = self._connection.execute(
            select(notices, messages.c.provider_ids)
            .join(messages, messages.c.id == notices.c.message_id)
            .where(notices.c.about_id == about_id, notices.c.state == "posted", messages.c.state == "held")
            .order_by(notices.c.id)
        ).mappings()
        return [_notice(row) for row in rows if not row["provider_ids"]]

    def take_back(self, notice: Notice, *, now: datetime) -> None:
        """A notice whose message is held will never be sent."""
        dropped = self._connection.execute(
            update(messages)
            .where(messages.c.id == notice.message_id, messages.c.state == "held")
            .values(state="dropped", settled_at=now)
        )
        if dropped.rowcount:  # else its person wrote in this moment, and it is on its way
            self.change(notice, state="dropped", reason="overtaken", settled_at=now)


def _notice(row: Mapping[str, Any]) -> Notice:
    values = {name: row[name] for name in _NAMES}
    return Notice(**{**values, "reason": row["reason"] or ""})
