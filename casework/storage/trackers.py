"""The working memory of the dialogue engine in the database. One object for one transaction."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from casework.storage import statements
from casework.storage.tables import trackers


class TrackerRepository:
    """Text in, text out; what it means is the engine's."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def load(self, key: str) -> str | None:
        state: str | None = self._connection.execute(statements.TRACKER, {"the_key": key}).scalar()
        return state

    def save(self, key: str, state: str, *, now: datetime) -> None:
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(trackers).values(conversation_key=key, state=state, saved_at=now)
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["conversation_key"],
                set_={"state": statement.excluded.state, "saved_at": statement.excluded.saved_at},
            )
        )

    def drop(self, key: str) -> None:
        """Forget the working memory; the next turn starts with none."""
        self._connection.execute(delete(trackers).where(trackers.c.conversation_key == key))
