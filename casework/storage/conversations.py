"""Conversations, messages and button tokens in the database. One object for one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from casework.conversations.model import (
    Author,
    Button,
    Conversation,
    Event,
    InboundMessage,
    Media,
    Owner,
    StoredMessage,
)
from casework.media.model import FETCHED_KINDS, FileState
from casework.storage import statements
from casework.storage.tables import button_tokens, complainants, conversations, media, messages, trackers


class ConversationRepository:
    """Rows in, values out; every rule that is not about storage lives in ``casework.conversations``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- conversations ------------------------------------------------------------------------------

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
        row = (
            self._connection.execute(query, {"the_channel": channel, "the_address": address})
            .mappings()
            .first()
        )
        return _conversation(row) if row else None

    def get(self, conversation_id: int, *, lock: bool = False) -> Conversation:
        query = statements.CONVERSATION_LOCKED if lock else statements.CONVERSATION
        row = self._connection.execute(query, {"the_id": conversation_id}).mappings().one()
        return _conversation(row)

    def change(self, conversation_id: int, **values: Any) -> None:
        """Set columns of one conversation."""
        self._connection.execute(statements.CHANGE_CONVERSATION, {"the_id": conversation_id, **values})

    def next_seq(self, conversation: Conversation) -> int:
        """Take the next place in the transcript. The conversation must be locked."""
        which = {"the_id": conversation.id}
        self._connection.execute(statements.NEXT_SEQ, which)
        return int(self._connection.execute(statements.SEQ, which).scalar_one())

    def claim_ready(self, *, now: datetime, token: str, until: datetime) -> Conversation | None:
        """Lease the conversation that has waited longest for the bot, or ``None``."""
        free = or_(conversations.c.lease_until.is_(None), conversations.c.lease_until < now)
        row = (
            self._connection.execute(
                select(conversations)
                .where(conversations.c.ready_at <= now, conversations.c.owner == Owner.BOT.value, free)
                .order_by(conversations.c.ready_at)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            .mappings()
            .first()
        )
        if row is None:
            return None
        self.change(row["id"], lease_token=token, lease_until=until, attempts=row["attempts"] + 1)
        return self.get(row["id"])

    def claim(
        self, conversation_id: int, *, now: datetime, token: str, until: datetime
    ) -> Conversation | None:
        """Lease this very conversation if it is free and ready."""
        found = self.get(conversation_id, lock=True)
        leased = self._connection.execute(statements.LEASE, {"the_id": conversation_id}).one().lease_until
        if found.ready_at is None or found.owner is not Owner.BOT or (leased is not None and leased > now):
            return None
        self.change(conversation_id, lease_token=token, lease_until=until, attempts=found.attempts + 1)
        return self.get(conversation_id)

    def holds_lease(self, conversation_id: int, token: str) -> bool:
        held = self._connection.execute(statements.LEASE, {"the_id": conversation_id}).one()
        return bool(held.lease_token == token)

    def next_ready_at(self) -> datetime | None:
        """When the next turn becomes due, for a worker that wants to sleep."""
        ready, leased = conversations.c.ready_at, conversations.c.lease_until
        moment: datetime | None = self._connection.execute(
            select(func.min(case((leased > ready, leased), else_=ready))).where(
                ready.is_not(None), conversations.c.owner == Owner.BOT.value
            )
        ).scalar_one()
        return moment

    def ready_before(self, moment: datetime, *, limit: int) -> list[Conversation]:
        """Conversations whose messages have waited for the bot since before ``moment``."""
        rows = self._connection.execute(
            select(conversations)
            .where(conversations.c.ready_at < moment, conversations.c.owner == Owner.BOT.value)
            .order_by(conversations.c.ready_at)
            .limit(limit)
        ).mappings()
        return [_conversation(row) for row in rows]

    def owned_by(self, owner: Owner, *, limit: int = 100) -> list[Conversation]:
        rows = self._connection.execute(
            select(conversations)
            .where(conversations.c.owner == owner.value)
            .order_by(conversations.c.owner_since, conversations.c.id)
            .limit(limit)
        ).mappings()
        return [_conversation(row) for row in rows]

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

    def count_owned(self, owner: Owner) -> int:
        return int(
            self._connection.execute(
                select(func.count()).select_from(conversations).where(conversations.c.owner == owner.value)
            ).scalar_one()
        )

    # -- messages -----------------------------------------------------------------------------------

    def by_provider_key(self, key: str) -> StoredMessage | None:
        row = (
            self._connection.execute(statements.MESSAGE_BY_PROVIDER_KEY, {"the_key": key}).mappings().first()
        )
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
        message_id = int(
            self._connection.execute(
                statements.ADD_MESSAGE,
                {
                    "conversation_id": conversation.id,
                    "seq": self.next_seq(conversation),
                    "direction": "in",
                    "author": Author.COMPLAINANT.value,
                    "provider_key": provider_key,
                    "event": message.event.value,
                    "text": text,
                    "payload": payload,
                    "profile": dict(profile),
                    "state": state,
                    "epoch": conversation.epoch,
                    "group_key": message.group_key or None,
                    "created_at": now,
                    "provider_at": message.sent_at,
                },
            ).inserted_primary_key[0]
        )
        for item in message.media:
            self._connection.execute(
                insert(media).values(
                    message_id=message_id,
                    conversation_id=conversation.id,
                    kind=item.kind,
                    content=asdict(item),
                    created_at=now,
                    **_to_fetch(item, now),
                )
            )
        return message_id

    def waiting(self, conversation_id: int) -> list[StoredMessage]:
        """Inbound messages that no turn has taken yet, in order."""
        rows = self._connection.execute(statements.WAITING, {"the_id": conversation_id}).mappings()
        return self._stored(list(rows))

    def nth_last_inbound(
        self, conversation_id: int, nth: int, *, events: Sequence[Event] = tuple(Event)
    ) -> StoredMessage | None:
        """The person's ``nth`` last message; 1 is the last one."""
        row = (
            self._connection.execute(
                statements.NTH_LAST_INBOUND,
                {
                    "the_id": conversation_id,
                    "the_events": [event.value for event in events],
                    "the_offset": nth - 1,
                },
            )
            .mappings()
            .first()
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
        values: dict[str, Any] = {"the_ids": list(message_ids), "state": state, "settled_at": now}
        if understanding is not None:
            values["understanding"] = dict(understanding)
        if values["the_ids"]:
            self._connection.execute(statements.CHANGE_MESSAGES, values)

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
    ) -> int:
        message_id = int(
            self._connection.execute(
                statements.ADD_MESSAGE,
                {
                    "conversation_id": conversation.id,
                    "seq": self.next_seq(conversation),
                    "direction": "out",
                    "author": author.value,
                    "author_name": author_name or None,
                    "text": text,
                    "buttons": [asdict(button) for button in buttons] or None,
                    "state": state,
                    "internal": internal,
                    "epoch": conversation.epoch,
                    "reply_to_id": reply_to_id,
                    "next_try_at": now,
                    "created_at": now,
                },
            ).inserted_primary_key[0]
        )
        tokens = [
            {
                "token": button.token,
                "conversation_id": conversation.id,
                "message_id": message_id,
                "payload": button.payload,
                "position": position,
                "created_at": now,
            }
            for position, button in enumerate(button for button in buttons if button.token)
        ]
        if tokens:
            self._connection.execute(statements.ADD_BUTTON_TOKEN, tokens)
        return message_id

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
        row = (
            self._connection.execute(
                select(messages)
                .where(
                    messages.c.conversation_id == conversation_id,
                    messages.c.direction == "out",
                    messages.c.internal.is_(False),
                )
                .order_by(messages.c.seq.desc())
                .limit(1)
            )
            .mappings()
            .first()
        )
        return self._stored([row])[0] if row else None

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

    def said(self, conversation_id: int, *, limit: int) -> tuple[str, ...]:
        """What was said to the person, by whomever, in order: the newest ``limit`` texts."""
        rows = self._connection.execute(statements.SAID, {"the_id": conversation_id, "the_limit": limit})
        return tuple(row.text for row in rows if row.text)[::-1]

    def by_ids(self, message_ids: Sequence[int]) -> list[StoredMessage]:
        rows = self._connection.execute(statements.MESSAGES, {"the_ids": list(message_ids)}).mappings()
        return self._stored(list(rows))

    def _stored(self, rows: Sequence[Mapping[str, Any]]) -> list[StoredMessage]:
        ids = [row["id"] for row in rows]
        attached: dict[int, list[Media]] = {}
        if ids:
            for item in self._connection.execute(statements.MEDIA_OF, {"the_ids": ids}):
                attached.setdefault(item.message_id, []).append(Media(**item.content))
        return [_message(row, tuple(attached.get(row["id"], ()))) for row in rows]

    def waiting_count(self) -> int:
        """Inbound messages that wait for a turn, over all conversations."""
        return int(
            self._connection.execute(
                select(func.count()).select_from(messages).where(messages.c.state == "waiting")
            ).scalar_one()
        )

    # -- working memory of the dialogue engine --------------------------------------------------------

    def load_tracker(self, key: str) -> str | None:
        state: str | None = self._connection.execute(statements.TRACKER, {"the_key": key}).scalar()
        return state

    def save_tracker(self, key: str, state: str, *, now: datetime) -> None:
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        statement = dialect.insert(trackers).values(conversation_key=key, state=state, saved_at=now)
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["conversation_key"],
                set_={"state": statement.excluded.state, "saved_at": statement.excluded.saved_at},
            )
        )

    def drop_tracker(self, key: str) -> None:
        """Forget the working memory; the next turn starts with none."""
        self._connection.execute(delete(trackers).where(trackers.c.conversation_key == key))


def _to_fetch(item: Media, now: datetime) -> dict[str, Any]:
    has_bytes = item.kind in FETCHED_KINDS and bool(item.ref or item.url)
    if not has_bytes:
        return {}
    return {"state": FileState.PENDING.value, "next_try_at": now, "sha": item.sha or None}


def _conversation(row: Mapping[str, Any]) -> Conversation:
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
    )


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
