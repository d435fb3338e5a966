"""Messages in the database: the transcript, what waits for a turn, issued buttons. One object for one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, or_, select
from sqlalchemy.engine import Connection

from casework.conversations.model import (
    Author,
    Button,
    Conversation,
    Event,
    InboundMessage,
    Media,
    StoredMessage,
)
from casework.media.model import FETCHED_KINDS, FileState
from casework.storage import statements
from casework.storage.conversations import ConversationRepository
from casework.storage.tables import button_tokens, media, messages


class MessageRepository:
    """Rows in, values out; every rule that is not about storage lives in ``casework.conversations``."""

    def __init__(self, connection: Connection, conversations: ConversationRepository) -> None:
        self._connection, self._conversations = connection, conversations

    def by_provider_key(self, key: str) -> StoredMessage | None:
        row = statements.MESSAGE_BY_PROVIDER_KEY.first(self._connection, the_key=key)
        return self._stored([row])[0] if row else None

    def add_inbound(
        self,
        conversation: Conversation,
        message: InboundMessage,
        *,
        provider_key: str | None,
        text: str,
        payload: str,
        state: str,
        profile: Mapping[str, Any],
        now: datetime,
    ) -> int:
        message_id = statements.ADD_MESSAGE.add(
            self._connection,
            conversation_id=conversation.id,
            seq=self._conversations.next_seq(conversation),
            direction="in",
            author=Author.COMPLAINANT.value,
            provider_key=provider_key,
            event=message.event.value,
            text=text,
            payload=payload,
            profile=dict(profile),
            state=state,
            epoch=conversation.epoch,
            group_key=message.group_key or None,
            created_at=now,
            provider_at=message.sent_at,
        )
        for item in message.media:
            self._attach(conversation.id, message_id, item, now=now, **_to_fetch(item, now))
        return message_id

    def waiting(self, conversation_id: int) -> list[StoredMessage]:
        """Inbound messages that no turn has taken yet, in order."""
        return self._stored(statements.WAITING.rows(self._connection, the_id=conversation_id))

    def nth_last_inbound(
        self, conversation_id: int, nth: int, *, events: Sequence[Event] = tuple(Event)
    ) -> StoredMessage | None:
        """The person's ``nth`` last message; 1 is the last one."""
        row = statements.NTH_LAST_INBOUND.first(
            self._connection,
            the_id=conversation_id,
            the_events=[event.value for event in events],
            the_offset=nth - 1,
        )
        return self._stored([row])[0] if row else None

    def heard_since(self, conversation_id: int, moment: datetime) -> bool:
        """Whether the person has written, or come back, since ``moment``."""
        last = self.nth_last_inbound(conversation_id, 1)
        return last is not None and last.event is not Event.UNREACHABLE and last.created_at > moment

    def settle_inbound(
        self,
        message_ids: Iterable[int],
        *,
        state: str,
        now: datetime,
        understanding: Mapping[str, Any] | None = None,
    ) -> None:
        values: dict[str, Any] = {"state": state, "settled_at": now}
        if understanding is not None:
            values["understanding"] = dict(understanding)
        for message_id in message_ids:
            statements.CHANGE_MESSAGE.write(self._connection, the_id=message_id, **values)

    def add_outbound(
        self,
        conversation: Conversation,
        *,
        text: str,
        buttons: Sequence[Button],
        author: Author,
        author_name: str,
        state: str,
        reply_to_id: int | None,
        now: datetime,
        internal: bool = False,
        files: Sequence[Media] = (),
    ) -> int:
        message_id = statements.ADD_MESSAGE.add(
            self._connection,
            conversation_id=conversation.id,
            seq=self._conversations.next_seq(conversation),
            direction="out",
            author=author.value,
            author_name=author_name or None,
            text=text,
            buttons=[asdict(button) for button in buttons] or None,
            state=state,
            internal=internal,
            epoch=conversation.epoch,
            reply_to_id=reply_to_id,
            next_try_at=now,
            created_at=now,
        )
        for position, button in enumerate(button for button in buttons if button.token):
            statements.ADD_BUTTON_TOKEN.write(
                self._connection,
                token=button.token,
                conversation_id=conversation.id,
                message_id=message_id,
                payload=button.payload,
                position=position,
                created_at=now,
            )
        for item in files:
            self._attach(conversation.id, message_id, item, now=now, **_as_kept(item, now))
        return message_id

    def _attach(
        self, conversation_id: int, message_id: int, item: Media, *, now: datetime, **state: Any
    ) -> None:
        self._connection.execute(
            insert(media).values(
                message_id=message_id,
                conversation_id=conversation_id,
                kind=item.kind,
                content=asdict(item),
                created_at=now,
                **state,
            )
        )

    def redeem(self, conversation_id: int, token: str) -> Button | None:
        """The button behind a token that was issued to this very conversation."""
        row = self._connection.execute(
            select(button_tokens.c.payload, messages.c.buttons)
            .join(messages, messages.c.id == button_tokens.c.message_id)
            .where(button_tokens.c.token == token, button_tokens.c.conversation_id == conversation_id)
        ).first()
        if row is None:
            return None
        return next((Button(**b) for b in row.buttons or [] if b.get("token") == token), None)

    def last_outbound(self, conversation_id: int) -> StoredMessage | None:
        row = statements.LAST_OUTBOUND.first(self._connection, the_id=conversation_id)
        return self._stored([row])[0] if row else None

    def answered_at(self, conversation_id: int, moment: datetime) -> bool:
        """Whether a turn of this ``moment`` said something to the person; all of a turn has one time."""
        query = select(messages.c.id).where(
            messages.c.conversation_id == conversation_id,
            messages.c.direction == "out",
            messages.c.internal.is_(False),
            messages.c.created_at == moment,
            or_(messages.c.author == Author.BOT.value, messages.c.reply_to_id.is_not(None)),
        )
        return self._connection.execute(query.limit(1)).first() is not None

    def transcript(
        self, conversation_id: int, *, after_seq: int = 0, limit: int = 500, internal: bool = True
    ) -> list[StoredMessage]:
        """Messages in order, the newest ``limit`` of those after ``after_seq``."""
        query = select(messages).where(
            messages.c.conversation_id == conversation_id, messages.c.seq > after_seq
        )
        if not internal:
            query = query.where(messages.c.internal.is_(False))
        rows = self._connection.execute(query.order_by(messages.c.seq.desc()).limit(limit)).mappings().all()
        return self._stored(list(reversed(rows)))

    def lately(self, conversation_id: int, *, before: int, limit: int) -> list[tuple[int, str]]:
        """Id and direction (``in``, ``out``) of the newest messages before the place ``before``, newest first."""
        rows = statements.LATELY.rows(
            self._connection, the_id=conversation_id, the_seq=before, the_limit=limit
        )
        return [(int(row["id"]), str(row["direction"])) for row in rows]

    def said(self, conversation_id: int, *, limit: int) -> tuple[str, ...]:
        """What was said to the person, by whomever, in order: the newest ``limit`` texts."""
        rows = statements.SAID.rows(self._connection, the_id=conversation_id, the_limit=limit)
        return tuple(row["text"] for row in rows if row["text"])[::-1]

    def by_ids(self, message_ids: Sequence[int]) -> list[StoredMessage]:
        return self._stored(statements.MESSAGES.rows(self._connection, the_ids=list(message_ids)))

    def _stored(self, rows: Sequence[Mapping[str, Any]]) -> list[StoredMessage]:
        attached = self.attached([row["id"] for row in rows])
        return [_message(row, attached.get(row["id"], ())) for row in rows]

    def attached(self, message_ids: Sequence[int]) -> dict[int, tuple[Media, ...]]:
        """What belongs to messages, in order; those with nothing are missing."""
        found: dict[int, tuple[Media, ...]] = {}
        if message_ids:
            for item in statements.MEDIA_OF.rows(self._connection, the_ids=list(message_ids)):
                found[item["message_id"]] = (*found.get(item["message_id"], ()), Media(**item["content"]))
        return found

    def waiting_count(self) -> int:
        """Inbound messages that wait for a turn, over all conversations."""
        return int(
            self._connection.execute(
                select(func.count()).select_from(messages).where(messages.c.state == "waiting")
            ).scalar_one()
        )


def _to_fetch(item: Media, now: datetime) -> dict[str, Any]:
    has_bytes = item.kind in FETCHED_KINDS and bool(item.ref or item.url or item.sha)
    if not has_bytes:
        return {}
    return {"state": FileState.PENDING.value, "next_try_at": now, "sha": item.sha or None}


def _as_kept(item: Media, now: datetime) -> dict[str, Any]:
    return {
        "state": FileState.KEPT.value,
        "sha": item.sha,
        "thumb_sha": item.thumb or None,
        "mime": item.mime,
        "size_bytes": item.size_bytes,
        "settled_at": now,
    }


def _message(row: Mapping[str, Any], attached: tuple[Media, ...]) -> StoredMessage:
    return StoredMessage(
        id=int(row["id"]),
        conversation_id=int(row["conversation_id"]),
        seq=int(row["seq"]),
        direction=row["direction"],
        author=Author(row["author"]),
        author_name=row["author_name"] or "",
        text=row["text"] or "",
        payload=row["payload"] or "",
        buttons=tuple(Button(**button) for button in row["buttons"] or []),
        media=attached,
        event=Event(row["event"]),
        state=row["state"],
        profile=row["profile"] or {},
        understanding=row["understanding"] or {},
        created_at=row["created_at"],
        group_key=row["group_key"] or "",
        internal=bool(row["internal"]),
    )
