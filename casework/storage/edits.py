"""What was edited at the desk in the files of ``packs/``. One object for one transaction."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.engine import Connection

from casework.packs.overlay import Edit, Edits
from casework.storage.tables_edits import edits

#: Name of the lock of those who edit; the other locks of the database have numbers near it.
_EDITING = 7466


class EditRepository:
    """Rows in, values out; what may be edited is in ``casework.editing``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def alone(self) -> None:
        """Nobody else edits until this transaction ends. On SQLite every transaction that writes is alone."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(select(func.pg_advisory_xact_lock(_EDITING)))

    def count(self) -> int:
        """Grows with every edit that was committed, in whatever order they were; so it tells a process that
        something is new."""
        return int(self._connection.execute(select(func.count()).select_from(edits)).scalar_one())

    def current(self, *, until: int | None = None) -> Edits:
        """What counts now, or counted right after the edit ``until``: document -> key -> value."""
        newest = select(func.max(edits.c.id)).group_by(edits.c.document, edits.c.key)
        if until is not None:
            newest = newest.where(edits.c.id <= until)
        found: dict[str, dict[str, Any]] = {}
        rows = self._connection.execute(
            select(edits).where(edits.c.id.in_(newest), edits.c.value.is_not(None)).order_by(edits.c.id)
        )
        for row in rows:
            found.setdefault(row.document, {})[row.key] = json.loads(row.value)
        return found

    def history(self, document: str, *, key: str = "", before: int = 0, limit: int = 50) -> list[Edit]:
        """The latest first, with ``key`` of that entry alone. ``before``: the id a list goes on from."""
        condition = edits.c.document == document
        if key:
            condition &= edits.c.key == key
        if before:
            condition &= edits.c.id < before
        rows = self._connection.execute(
            select(edits).where(condition).order_by(edits.c.id.desc()).limit(limit)
        )
        return [
            Edit(row.document, row.key, _loaded(row.value), _loaded(row.before), row.by, row.at, row.id)
            for row in rows
        ]

    def last_id(self, document: str) -> int:
        """Of the newest edit of ``document``; 0 when there is none."""
        found = self._connection.execute(select(func.max(edits.c.id)).where(edits.c.document == document))
        return int(found.scalar_one() or 0)

    def add(self, edit: Edit) -> None:
        """Its ``id`` is given here."""
        self._connection.execute(
            insert(edits).values(
                document=edit.document,
                key=edit.key,
                value=_dumped(edit.value),
                before=_dumped(edit.before),
                by=edit.by,
                at=edit.at,
            )
        )


def _dumped(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


def _loaded(text: str | None) -> Any:
    return None if text is None else json.loads(text)
