"""The working memory of the dialogue engine in the database. One object for one transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.engine import Connection

from casework.storage import statements
from casework.storage.tables import trackers


class TrackerRepository:
    """Text in, text out; what it means is the engine's."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def load(self, key: str) -> str | None:
        found = statements.TRACKER.first(self._connection, the_key=key)
        return found["state"] if found else None

    def save(self, key: str, state: str, *, now: datetime) -> None:
        save = statements.SAVE_TRACKER[self._connection.dialect.name]
        save.write(self._connection, conversation_key=key, state=state, saved_at=now)

    def drop(self, key: str) -> None:
        """Forget the working memory; the next turn starts with none."""
        self._connection.execute(delete(trackers).where(trackers.c.conversation_key == key))
