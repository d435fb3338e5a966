"""Conversations in the database: who they are with, whose turn they are, who has them. One object for one
transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from casework.conversations.model import Conversation, Owner
from casework.storage import statements
from casework.storage.prepared import Row
from casework.storage.rows import Rows
from casework.storage.tables import complainants, conversations


class ConversationRepository:
    """Rows in, values out; every rule that is not about storage lives in ``casework.conversations``."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self._rows = connection, Rows()

    def forget(self) -> None:
        """Conversations were written past this: read them anew."""
        self._rows.clear()

    def open(self, channel: str, address: str, *, now: datetime, profile: Mapping[str, Any]) -> Conversation:
        """The conversation with this address, made when new, locked for this transaction."""
        found = self.find(channel, address, lock=True)
        if found is not None:
            return found
        person = self._connection.execute(
            insert(complainants).values(created_at=now, profile={"name": str(profile.get("name", ""))[:120]})
        ).inserted_primary_key[0]
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        self._connection.execute(
            dialect.insert(conversations)
            .values(
                channel=channel, address=address, complainant_id=person, created_at=now, profile=dict(profile)
            )
            .on_conflict_do_nothing(index_elements=["channel", "address"])
        )
        opened = self.find(channel, address, lock=True)
        if opened is None:
            raise LookupError("a conversation just inserted is not there")
        if opened.complainant_id != person:  # somebody else was quicker
            self._connection.execute(delete(complainants).where(complainants.c.id == person))
        return opened

    def find(self, channel: str, address: str, *, lock: bool = False) -> Conversation | None:
        query = statements.CONVERSATION_AT_LOCKED if lock else statements.CONVERSATION_AT
        row = query.first(self._connection, the_channel=channel, the_address=address)
        return read_conversation(self._rows.keep(row["id"], row, locked=lock)) if row else None

    def get(self, conversation_id: int, *, lock: bool = False) -> Conversation:
        """Raises: LookupError."""
        return read_conversation(self._row(conversation_id, lock=lock))

    def _row(self, conversation_id: int, *, lock: bool) -> Row:
        known = self._rows.get(conversation_id, locked=lock)
        if known is not None:
            return known
        query = statements.CONVERSATION_LOCKED if lock else statements.CONVERSATION
        return self._rows.keep(
            conversation_id, query.one(self._connection, the_id=conversation_id), locked=lock
        )

    def change(self, conversation_id: int, **values: Any) -> None:
        """Set columns of one conversation."""
        statements.CHANGE_CONVERSATION.write(self._connection, the_id=conversation_id, **values)
        self._rows.change(conversation_id, values)

    def next_seq(self, conversation: Conversation) -> int:
        """Take the next place in the transcript. The conversation must be locked."""
        seq = int(self._row(conversation.id, lock=True)["seq"]) + 1
        self.change(conversation.id, seq=seq)
        return seq

    # -- turns --------------------------------------------------------------------------------------

    def claim_ready(self, *, now: datetime, token: str, until: datetime) -> Conversation | None:
        """Lease the conversation that has waited longest for the bot, or ``None``."""
        row = statements.READY.first(self._connection, the_now=now)
        if row is None:
            return None
        self._rows.keep(row["id"], row, locked=True)
        return self._leased(row, token=token, until=until)

    def claim(
        self, conversation_id: int, *, now: datetime, token: str, until: datetime
    ) -> Conversation | None:
        """Lease this very conversation if it is free and ready."""
        row = self._row(conversation_id, lock=True)
        leased = row["lease_until"] is not None and row["lease_until"] > now
        if leased or row["ready_at"] is None or row["owner"] != Owner.BOT.value:
            return None
        return self._leased(row, token=token, until=until)

    def _leased(self, row: Row, *, token: str, until: datetime) -> Conversation:
        self.change(row["id"], lease_token=token, lease_until=until, attempts=row["attempts"] + 1)
        return self.get(row["id"])

    def holds_lease(self, conversation_id: int, token: str) -> bool:
        return bool(self._row(conversation_id, lock=False)["lease_token"] == token)

    def next_ready_at(self) -> datetime | None:
        """When the next turn becomes due, for a worker that wants to sleep."""
        moment: datetime | None = statements.NEXT_READY_AT.one(self._connection)["at"]
        return moment

    def ready_before(self, moment: datetime, *, limit: int) -> list[Conversation]:
        """Conversations whose messages have waited for the bot since before ``moment``."""
        rows = self._connection.execute(
            select(conversations)
            .where(conversations.c.ready_at < moment, conversations.c.owner == Owner.BOT.value)
            .order_by(conversations.c.ready_at)
            .limit(limit)
        ).mappings()
        return [read_conversation(row) for row in rows]

    def is_beyond(self, moment: datetime) -> bool:
        """Whether a turn is ready, or leased, only after ``moment``."""
        query = select(conversations.c.id).where(_beyond(moment)).limit(1)
        return self._connection.execute(query).first() is not None

    def bring_back(self, moment: datetime, *, now: datetime, until: datetime) -> int:
        """Turns ready after ``moment`` are ready now, leases that end after it end at ``until``. Gives how many."""
        c = conversations.c
        result = self._connection.execute(
            update(conversations)
            .where(_beyond(moment))
            .values(
                ready_at=case((c.ready_at > moment, now), else_=c.ready_at),
                lease_until=case((c.lease_until > moment, until), else_=c.lease_until),
            )
        )
        self.forget()
        return int(result.rowcount)

    # -- with people --------------------------------------------------------------------------------

    def owned_by(self, owner: Owner, *, name: str = "", limit: int = 100) -> list[Conversation]:
        """The longest there first. ``name``: of one member of staff alone."""
        whose = [conversations.c.owner_name == name] if name else []
        rows = self._connection.execute(
            select(conversations)
            .where(conversations.c.owner == owner.value, *whose)
            .order_by(conversations.c.owner_since, conversations.c.id)
            .limit(limit)
        ).mappings()
        return [read_conversation(row) for row in rows]

    def place_in_queue(self, conversation: Conversation) -> int:
        """1 is next."""
        since = conversations.c.owner_since
        return 1 + int(
            self._connection.execute(
                select(func.count())
                .select_from(conversations)
                .where(
                    conversations.c.owner == Owner.QUEUE.value,
                    or_(
                        since < conversation.owner_since,
                        and_(since == conversation.owner_since, conversations.c.id < conversation.id),
                    ),
                )
            ).scalar_one()
        )

    def in_want_of_word(
        self, *, unclaimed_before: datetime, unseen_before: datetime, limit: int = 200
    ) -> list[int]:
        """Conversations with or before a person in which something may have to be said."""
        c = conversations.c
        queued = and_(
            c.owner == Owner.QUEUE.value,
            or_(
                and_(c.unclaimed_at.is_(None), c.owner_since < unclaimed_before),
                c.last_inbound_at > func.coalesce(c.queue_told_at, c.owner_since),
            ),
        )
        left = and_(c.owner == Owner.STAFF.value, c.owner_seen_at < unseen_before)
        rows = self._connection.execute(select(c.id).where(or_(queued, left)).order_by(c.id).limit(limit))
        return [int(row.id) for row in rows]

    def staff_seen(self, name: str, *, now: datetime) -> None:
        """A sign of life of a member of staff, on every chat they have."""
        self._connection.execute(
            update(conversations)
            .where(conversations.c.owner == Owner.STAFF.value, conversations.c.owner_name == name)
            .values(owner_seen_at=now)
        )
        self.forget()

    def count_owned(self, owner: Owner) -> int:
        return int(
            self._connection.execute(
                select(func.count()).select_from(conversations).where(conversations.c.owner == owner.value)
            ).scalar_one()
        )


def _beyond(moment: datetime) -> Any:
    c = conversations.c
    return and_(c.ready_at.is_not(None), or_(c.ready_at > moment, c.lease_until > moment))


def read_conversation(row: Mapping[str, Any]) -> Conversation:
    return Conversation(
        id=int(row["id"]),
        channel=row["channel"],
        address=row["address"],
        complainant_id=int(row["complainant_id"]),
        owner=Owner(row["owner"]),
        owner_name=row["owner_name"] or "",
        epoch=int(row["epoch"]),
        seq=int(row["seq"]),
        language=row["language"] or "",
        script=row["script"] or "",
        profile=row["profile"] or {},
        reachable=bool(row["reachable"]),
        ready_at=row["ready_at"],
        attempts=int(row["attempts"]),
        created_at=row["created_at"],
        owner_since=row["owner_since"],
        owner_seen_at=row["owner_seen_at"],
        queue_told_at=row["queue_told_at"],
        unclaimed_at=row["unclaimed_at"],
        seen_at=row["seen_at"],
        typing_until=row["typing_until"],
    )
