"""Files in the database: which are to be fetched, what became of them, whose bytes are to be deleted.

One object for one transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from casework.conversations.model import Media
from casework.media.model import Claimed, FileRow, FileState, Kept
from casework.storage.tables import conversations, dead_files, media

#: Number of the lock around bytes, as PostgreSQL knows it.
_BYTES = 7465
_WITH_CHAT = media.join(conversations, conversations.c.id == media.c.conversation_id)


class MediaRepository:
    """Rows in, values out; the rules live in ``casework.media.keeping``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def claim(self, *, channels: Sequence[str], now: datetime, until: datetime, limit: int) -> list[Claimed]:
        """Lease files to fetch now, the longest waiting first: of these channels, and what came with its bytes.

        A lease is a next try in the future.
        """
        rows = (
            self._connection.execute(
                select(media, conversations.c.channel)
                .select_from(_WITH_CHAT)
                .where(_fetchable(channels), media.c.next_try_at <= now)
                .order_by(media.c.next_try_at, media.c.id)
                .limit(limit)
                .with_for_update(skip_locked=True, of=media)
            )
            .mappings()
            .all()
        )
        self._connection.execute(
            update(media)
            .where(media.c.id.in_([row["id"] for row in rows]))
            .values(next_try_at=until, attempts=media.c.attempts + 1)
        )
        return [
            Claimed(
                id=int(row["id"]),
                conversation_id=int(row["conversation_id"]),
                message_id=int(row["message_id"]),
                channel=row["channel"],
                media=Media(**row["content"]),
                attempts=int(row["attempts"]) + 1,
                age_s=(now - row["created_at"]).total_seconds(),
            )
            for row in rows
        ]

    def settle(self, claimed: Claimed, state: FileState, *, now: datetime, **values: Any) -> bool:
        """Write what became of a leased file; ``False`` when somebody else leased it meanwhile (every lease is an
        attempt of its own), or the file was forgotten.

        Bytes that came with the message and are not what is kept are noted as dead.
        """
        result = self._connection.execute(
            update(media)
            .where(
                media.c.id == claimed.id,
                media.c.attempts == claimed.attempts,
                media.c.state == FileState.PENDING.value,
            )
            .values(state=state.value, settled_at=now, **values)
        )
        if not result.rowcount:
            return False
        arrived = claimed.media.sha
        if arrived and state is not FileState.PENDING and values.get("sha") != arrived:
            self.note_dead([arrived])
        return True

    def count_due(self, *, channels: Sequence[str], before: datetime) -> int:
        """Files that could be fetched, and that were due ``before``."""
        query = select(func.count()).select_from(_WITH_CHAT).where(_fetchable(channels))
        return int(self._connection.execute(query.where(media.c.next_try_at <= before)).scalar_one())

    def count_waiting(self, *, channels: Sequence[str], since: datetime) -> int:
        """Files that could be fetched, and that came before ``since``."""
        query = select(func.count()).select_from(_WITH_CHAT).where(_fetchable(channels))
        return int(self._connection.execute(query.where(media.c.created_at < since)).scalar_one())

    def of_conversation(self, channel: str, address: str) -> list[FileRow]:
        """All files of one chat, in order."""
        return self._rows(conversations.c.channel == channel, conversations.c.address == address)

    def in_conversation(self, conversation_id: int) -> list[FileRow]:
        return self._rows(media.c.conversation_id == conversation_id)

    def of_ticket(self, ticket_id: int) -> list[FileRow]:
        return self._rows(media.c.ticket_id == ticket_id)

    def of_messages(self, message_ids: Sequence[int]) -> list[FileRow]:
        return self._rows(media.c.message_id.in_(list(message_ids))) if message_ids else []

    def newest(self, *, limit: int) -> list[FileRow]:
        """Files of everybody, the newest first."""
        return self._rows(limit=limit)

    def get(self, file_id: int) -> FileRow | None:
        found = self._rows(media.c.id == file_id)
        return found[0] if found else None

    def _rows(self, *conditions: Any, limit: int | None = None) -> list[FileRow]:
        query = (
            select(media)
            .join(conversations, conversations.c.id == media.c.conversation_id)
            .where(media.c.state != FileState.NONE.value, *conditions)
        )
        query = query.order_by(media.c.id.desc()).limit(limit) if limit else query.order_by(media.c.id)
        return [_row(row) for row in self._connection.execute(query).mappings()]

    # -- deleting bytes -----------------------------------------------------------------------------

    def alone_with_bytes(self) -> None:
        """Nobody else decides what to keep or delete until this transaction ends. On SQLite every transaction that
        writes is alone."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(select(func.pg_advisory_xact_lock(_BYTES)))

    def note_dead(self, names: Iterable[str]) -> None:
        """Note bytes that are to be deleted unless somebody needs them."""
        note_dead(self._connection, names)

    def is_needed(self, sha: str) -> bool:
        """Whether any file of the record has these bytes."""
        query = select(media.c.id).where(or_(media.c.sha == sha, media.c.thumb_sha == sha)).limit(1)
        return self._connection.execute(query).scalar() is not None

    def dead(self, *, limit: int) -> list[str]:
        """Names of bytes whose person was forgotten."""
        return [row.sha for row in self._connection.execute(select(dead_files.c.sha).limit(limit))]

    def buried(self, sha: str) -> None:
        """These bytes are deleted, or needed by somebody else."""
        self._connection.execute(delete(dead_files).where(dead_files.c.sha == sha))


def _fetchable(channels: Sequence[str]) -> Any:
    """Waiting files of these channels, and those that came with their bytes."""
    has_source = or_(conversations.c.channel.in_(list(channels)), media.c.sha.is_not(None))
    return and_(media.c.state == FileState.PENDING.value, has_source)


def note_dead(connection: Connection, names: Iterable[str]) -> None:
    """Note bytes that are to be deleted unless somebody needs them."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    for name in sorted(names):
        connection.execute(dialect.insert(dead_files).values(sha=name).on_conflict_do_nothing())


def _row(row: Mapping[str, Any]) -> FileRow:
    kept = None
    if row["sha"]:
        kept = Kept(row["sha"], row["mime"] or "", int(row["size_bytes"] or 0), row["thumb_sha"] or "")
    return FileRow(
        id=int(row["id"]),
        conversation_id=int(row["conversation_id"]),
        message_id=int(row["message_id"]),
        ticket_id=row["ticket_id"],
        media=Media(**row["content"]),
        state=FileState(row["state"]),
        kept=kept,
        reason=row["reason"] or "",
        attempts=int(row["attempts"]),
    )
