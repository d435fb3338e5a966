"""The outbox in the database: what waits, who sends it, what became of it. One object for one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, or_, select, update
from sqlalchemy.engine import Connection

from casework.conversations.model import (
    Author,
    Button,
    Heard,
    OutboundMessage,
)
from casework.storage import statements
from casework.storage.conversations import ConversationRepository
from casework.storage.messages import MessageRepository
from casework.storage.tables import conversations, messages

#: How many messages before the person's last one are looked at for what was sent after it.
_LATELY = 40


@dataclass(frozen=True)
class Trial:
    """How far the sending of a leased message is. ``parts``: provider ids of what went out."""

    attempts: int
    doubtful: int
    parts: tuple[str, ...]
    lease_until: datetime


@dataclass(frozen=True)
class Undelivered:
    """A message that has not reached its person; ``error`` is the provider's last word, empty if none."""

    message_id: int
    conversation_id: int
    channel: str
    state: str
    attempts: int
    doubtful: int
    next_try_at: datetime
    error: str


class SendingRepository:
    """Rows in, values out; every rule that is not about storage lives in ``casework.conversations.outbox``."""

    def __init__(
        self, connection: Connection, conversations: ConversationRepository, messages: MessageRepository
    ) -> None:
        self._connection, self._conversations, self._messages = connection, conversations, messages

    def claim_to_send(
        self, *, channels: Sequence[str], now: datetime, token: str, until: datetime, limit: int
    ) -> list[int]:
        """Lease messages that may be sent now: the oldest unsettled one of each conversation."""
        rows = statements.TO_SEND.rows(
            self._connection, the_now=now, the_channels=list(channels), the_limit=limit
        )
        ids = [int(row["id"]) for row in rows]
        self.lease(ids, token=token, until=until)
        return ids

    def lease(self, ids: Sequence[int], *, token: str, until: datetime) -> None:
        """Mark outbound messages as being sent by the holder of ``token``."""
        for message_id in ids:
            statements.LEASE_TO_SEND.write(
                self._connection, the_id=message_id, the_token=token, the_end=until
            )

    def outbound(self, message_ids: Sequence[int]) -> list[tuple[OutboundMessage, int, tuple[str, ...]]]:
        """(message, attempts so far, provider ids of parts already sent), in order."""
        rows = statements.OUTBOUND.rows(self._connection, the_ids=list(message_ids))
        # Only staff send files: no question for what the bot says.
        files = self._messages.attached([row["id"] for row in rows if row["author"] == Author.STAFF.value])
        result = []
        for row in rows:
            conversation = self._conversations.get(row["conversation_id"])
            key = row["reply_key"] or ""
            heard = self.heard(conversation.id)
            result.append(
                (
                    OutboundMessage(
                        id=row["id"],
                        conversation_id=conversation.id,
                        channel=conversation.channel,
                        address=conversation.address,
                        text=row["text"] or "",
                        buttons=tuple(Button(**button) for button in row["buttons"] or []),
                        media=files.get(row["id"], ()),
                        author=Author(row["author"]),
                        language=conversation.language or "zh",
                        reply_to=key.split(":", 1)[1] if ":" in key else "",
                        profile=conversation.profile,
                        heard=heard,
                    ),
                    int(row["attempts"]),
                    tuple(row["provider_ids"] or ()),
                )
            )
        return result

    def heard(self, conversation_id: int) -> Heard | None:
        """The person's last message, with what was sent since; ``None`` when they never wrote."""
        last = statements.LAST_WORD.first(self._connection, the_id=conversation_id)
        if last is None:
            return None
        rows = statements.SENT_SINCE.rows(
            self._connection,
            the_id=conversation_id,
            the_seq=last["seq"] - _LATELY,
            the_start=last["created_at"],
        )
        spent = sum(
            max(1, len(row["provider_ids"] or ()))
            for row in rows
            if not (row["lease_token"] or "").startswith("passive:")
        )
        trigger = str((last["profile"] or {}).get("trigger", ""))
        return Heard(at=last["created_at"], trigger=trigger, spent=spent)

    def trial(self, message_id: int, *, token: str) -> Trial | None:
        """How far the sending is, for the holder of the lease; ``None`` when it was lost."""
        row = self._connection.execute(
            select(
                messages.c.attempts, messages.c.doubtful, messages.c.provider_ids, messages.c.lease_until
            ).where(messages.c.id == message_id, messages.c.lease_token == token)
        ).first()
        if row is None or row.lease_until is None:
            return None
        return Trial(row.attempts, row.doubtful, tuple(row.provider_ids or ()), row.lease_until)

    def settle_outbound(self, message_id: int, *, token: str, now: datetime, **values: Any) -> bool:
        """Write what became of a leased message; ``False`` when the lease was lost meanwhile."""
        written = statements.SETTLE_LEASED.write(
            self._connection, the_id=message_id, the_token=token, lease_until=None, settled_at=now, **values
        )
        return bool(written)

    def undelivered(self, *, limit: int) -> list[Undelivered]:
        """Messages that wait, are held or were given up, oldest first."""
        rows = self._connection.execute(
            select(messages, conversations.c.channel)
            .join(conversations, conversations.c.id == messages.c.conversation_id)
            .where(
                messages.c.direction == "out", messages.c.state.in_((*statements.UNSETTLED, "held", "failed"))
            )
            .order_by(messages.c.id)
            .limit(limit)
        )
        return [
            Undelivered(
                row.id,
                row.conversation_id,
                row.channel,
                row.state,
                row.attempts,
                row.doubtful,
                row.next_try_at,
                row.error or "",
            )
            for row in rows
        ]

    def pending(self, conversation_id: int) -> tuple[int, int]:
        """(messages that are on their way, messages that are held) of one conversation."""
        rows = self._connection.execute(
            select(messages.c.state, func.count())
            .where(
                messages.c.conversation_id == conversation_id,
                messages.c.direction == "out",
                messages.c.internal.is_(False),
                messages.c.state.in_((*statements.UNSETTLED, "held")),
            )
            .group_by(messages.c.state)
        ).all()
        counted = {str(state): int(number) for state, number in rows}
        return sum(counted.get(state, 0) for state in statements.UNSETTLED), counted.get("held", 0)

    def unsent(self, conversation_id: int, *, after: int) -> dict[int, str]:
        """Place -> state of what has not gone out to the person, of the messages behind the place ``after``."""
        rows = self._connection.execute(
            select(messages.c.seq, messages.c.state).where(
                messages.c.conversation_id == conversation_id,
                messages.c.seq > after,
                messages.c.direction == "out",
                messages.c.internal.is_(False),
                messages.c.state != "sent",
            )
        )
        return {row.seq: row.state for row in rows}

    def is_in_trouble(self, channel: str) -> bool:
        """Whether a message of this channel failed and waits for another try."""
        query = (
            select(messages.c.id)
            .join(conversations, conversations.c.id == messages.c.conversation_id)
            .where(
                messages.c.state.in_(statements.UNSETTLED),
                messages.c.direction == "out",
                messages.c.error.is_not(None),
                conversations.c.channel == channel,
            )
        )
        return self._connection.execute(query.limit(1)).first() is not None

    def requeue_failed(self, message_id: int | None, *, now: datetime) -> int:
        """Queue again what was given up, all of it or this one. Gives the number of messages."""
        query = update(messages).where(messages.c.direction == "out", messages.c.state == "failed")
        if message_id is not None:
            query = query.where(messages.c.id == message_id)
        result = self._connection.execute(
            query.values(state="queued", next_try_at=now, attempts=0, doubtful=0, lease_token=None)
        )
        return int(result.rowcount)

    def hold_queued(self, conversation_id: int) -> None:
        """Hold back what is queued behind a message that could not reach its person, so that the order is kept."""
        self._connection.execute(
            update(messages)
            .where(
                messages.c.conversation_id == conversation_id,
                messages.c.direction == "out",
                messages.c.state == "queued",
            )
            .values(state="held")
        )

    def reword(self, message_id: int, text: str) -> None:
        """Change what a message says that has not gone out."""
        self._connection.execute(update(messages).where(messages.c.id == message_id).values(text=text))

    def release_held(self, conversation_id: int, *, now: datetime) -> int:
        """Queue what was held back; the person can be written to again. Gives the number of messages."""
        return statements.RELEASE_HELD.write(
            self._connection,
            the_id=conversation_id,
            state="queued",
            next_try_at=now,
            lease_until=None,
            lease_token=None,
        )

    def is_beyond(self, moment: datetime) -> bool:
        """Whether a first attempt, or the end of a lease, is set after ``moment``."""
        query = select(messages.c.id).where(_beyond(moment)).limit(1)
        return self._connection.execute(query).first() is not None

    def bring_back(self, moment: datetime, *, now: datetime, until: datetime) -> int:
        """First attempts set after ``moment`` are due now, leases that end after it end at ``until``; calls of the
        provider that would be open after it are over. Gives the number of messages."""
        m = messages.c
        self._connection.execute(
            update(conversations).where(conversations.c.passive_until > moment).values(passive_until=None)
        )
        self._conversations.forget()
        result = self._connection.execute(
            update(messages)
            .where(_beyond(moment))
            .values(
                next_try_at=case((m.next_try_at > moment, now), else_=m.next_try_at),
                lease_until=case((m.lease_until > moment, until), else_=m.lease_until),
            )
        )
        return int(result.rowcount)

    def take_passive(
        self, conversation_id: int, *, inbound_id: int, after: int, now: datetime, until: datetime
    ) -> int | None:
        """Lease the first answer behind the message ``after`` for the provider's open call; a repeated delivery
        gets the same one again.

        An answer that an earlier call did not carry comes first: it may never get another chance.
        """
        token = f"passive:{inbound_id}"
        again = self._connection.execute(
            select(messages.c.id).where(
                messages.c.conversation_id == conversation_id,
                messages.c.lease_token == token,
                messages.c.id > after,
            )
        ).scalar()
        if again is not None:
            return int(again)
        first = self._connection.execute(
            select(messages.c.id, messages.c.state, messages.c.lease_until)
            .where(
                messages.c.conversation_id == conversation_id,
                messages.c.id > after,
                messages.c.direction == "out",
                messages.c.internal.is_(False),
                messages.c.state.in_(statements.UNSETTLED),
            )
            .order_by(messages.c.seq)
            .limit(1)
            .with_for_update()
        ).first()
        # What a courier has under way goes first, or the order would be lost.
        if first is None or (first.state == "sending" and first.lease_until >= now):
            return None
        self.lease([int(first.id)], token=token, until=until)
        return int(first.id)


def _beyond(moment: datetime) -> Any:
    m = messages.c
    first_attempt = and_(m.attempts == 0, m.next_try_at > moment)
    return and_(m.state.in_(statements.UNSETTLED), or_(first_attempt, m.lease_until > moment))
