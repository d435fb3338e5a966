"""Signs of life of the engine workers. One object for one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from casework.storage.tables import engines

#: An engine gives a sign every few seconds; after this silence it counts as dead.
SILENCE = timedelta(seconds=20)
#: Longest time from giving way for a newer model, or from a start, to being ready.
RENEWAL = timedelta(seconds=120)


@dataclass(frozen=True)
class EngineSign:
    """``state``: ``starting``, ``ready`` or ``renewing`` (it gave way for a newer model)."""

    name: str
    state: str
    model: str
    seen_at: datetime


class EngineRepository:
    """Rows in, values out."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def sign(self, name: str, *, state: str, model: str, now: datetime) -> None:
        """Write a sign of life; one that is long dead is forgotten with it."""
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(engines).values(name=name, state=state, model=model, seen_at=now)
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["name"], set_={"state": state, "model": model, "seen_at": now}
            )
        )
        self._connection.execute(delete(engines).where(engines.c.seen_at < now - RENEWAL))

    def gone(self, name: str) -> None:
        self._connection.execute(delete(engines).where(engines.c.name == name))

    def all(self) -> list[EngineSign]:
        rows = self._connection.execute(select(engines).order_by(engines.c.name))
        return [EngineSign(row.name, row.state, row.model, row.seen_at) for row in rows]

    def ready(self, *, now: datetime) -> int:
        """How many engines answer turns now."""
        return int(
            self._connection.execute(
                select(func.count())
                .select_from(engines)
                .where(engines.c.state == "ready", engines.c.seen_at >= now - SILENCE)
            ).scalar_one()
        )

    def may_renew(self, name: str, *, now: datetime) -> bool:
        """Whether ``name`` may give way now: one after the other, so that the others answer meanwhile.

        On PostgreSQL the caller's transaction holds the table's rows until it ends.
        """
        rows = self._connection.execute(select(engines).order_by(engines.c.name).with_for_update()).all()
        return not any(
            row.state in ("renewing", "starting") and row.seen_at >= now - RENEWAL
            for row in rows
            if row.name != name
        )

    def renewed(self) -> None:
        """An engine has become ready: the one that gave way is back."""
        self._connection.execute(delete(engines).where(engines.c.state == "renewing"))
