"""Tags of tickets in the database. One object for one transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from casework.storage.tables_tags import ticket_tags


class TagRepository:
    """Rows in, values out; which tags there are is the house's business."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, ticket_id: int) -> list[str]:
        """In the order they were given."""
        query = select(ticket_tags.c.tag).where(ticket_tags.c.ticket_id == ticket_id)
        rows = self._connection.execute(query.order_by(ticket_tags.c.at, ticket_tags.c.tag))
        return [row.tag for row in rows]

    def set(self, ticket_id: int, tags: Collection[str], *, now: datetime) -> bool:
        """These and no others. ``False``: nothing changed."""
        held = set(self.of(ticket_id))
        gone, new = held - set(tags), set(tags) - held
        mine = ticket_tags.c.ticket_id == ticket_id
        if gone:
            self._connection.execute(delete(ticket_tags).where(mine, ticket_tags.c.tag.in_(sorted(gone))))
        if new:
            rows = [{"ticket_id": ticket_id, "tag": tag, "at": now} for tag in sorted(new)]
            self._connection.execute(insert(ticket_tags), rows)
        return bool(gone or new)
