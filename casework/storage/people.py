"""Persons in the database: what is known of one, failed look-ups, and forgetting. One object for one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import Connection

from casework.storage.conversations import ConversationRepository
from casework.storage.media import note_dead
from casework.storage.tables import (
    button_tokens,
    clocks,
    complainants,
    conversations,
    events,
    media,
    messages,
    tasks,
    tickets,
    trackers,
    tries,
)
from casework.storage.tables_matching import ticket_keys
from casework.storage.tickets import TicketRepository
from casework.tickets.states import State

#: Channel of the conversation that stands in for the chat of a person who was forgotten. Nothing sends to it.
ERASED = "erased"
#: What of a conversation's profile is needed to answer in the right place and says nothing of the person.
_TO_ANSWER = ("thread", "chat_type", "message_id", "private_url")


@dataclass(frozen=True)
class Held:
    """How much is kept of one person. ``since``: the first chat; ``profile``: what the channels say of them."""

    since: datetime
    profile: Mapping[str, Any]
    channels: tuple[str, ...]
    messages: int
    media: int


class PeopleRepository:
    """Rows in, values out; the rules live in ``casework.people`` and ``casework.tickets.acts``."""

    def __init__(
        self, connection: Connection, conversations: ConversationRepository, tickets: TicketRepository
    ) -> None:
        self._connection, self._conversations, self._tickets = connection, conversations, tickets

    # -- failed look-ups ----------------------------------------------------------------------------

    def add_try(self, complainant_id: int, number: str, *, now: datetime) -> None:
        self._connection.execute(
            insert(tries).values(complainant_id=complainant_id, number=number[:24], at=now)
        )

    def tries_of(self, complainant_id: int, *, since: datetime) -> list[datetime]:
        """When this person's look-ups failed, oldest first."""
        rows = self._connection.execute(
            select(tries.c.at)
            .where(tries.c.complainant_id == complainant_id, tries.c.at > since)
            .order_by(tries.c.at)
        )
        return [row.at for row in rows]

    def tries_on(self, number: str, *, since: datetime) -> list[datetime]:
        """When look-ups of this number failed, whoever tried, oldest first."""
        rows = self._connection.execute(
            select(tries.c.at).where(tries.c.number == number[:24], tries.c.at > since).order_by(tries.c.at)
        )
        return [row.at for row in rows]

    def forget_tries(self, *, before: datetime) -> None:
        self._connection.execute(delete(tries).where(tries.c.at <= before))

    # -- what is kept ---------------------------------------------------------------------------------

    def held(self, complainant_id: int) -> Held:
        person = self._connection.execute(
            select(complainants).where(complainants.c.id == complainant_id)
        ).one()
        chats = self._connection.execute(
            select(conversations.c.id, conversations.c.channel, conversations.c.profile).where(
                conversations.c.complainant_id == complainant_id
            )
        ).all()
        ids = [chat.id for chat in chats]
        profile: dict[str, Any] = dict(person.profile or {})
        for chat in chats:
            profile.update({key: value for key, value in (chat.profile or {}).items() if value})
        return Held(
            since=person.created_at,
            profile=profile,
            channels=tuple(dict.fromkeys(chat.channel for chat in chats)),
            messages=self._count(messages, messages.c.conversation_id.in_(ids), messages.c.direction == "in"),
            media=self._count(media, media.c.conversation_id.in_(ids)),
        )

    def _count(self, table: Any, *conditions: Any) -> int:
        return int(
            self._connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one()
        )

    # -- forgetting -------------------------------------------------------------------------------------

    def erase(self, complainant_id: int, *, stand_in: str, now: datetime) -> None:
        """Blank every personal column of this person, and untie the tickets from the chats.

        The tickets go to a stand-in chat named ``stand_in``: number, category, department, steps and dates
        stay, but nothing leads from them to the person. The chats stay open under a new, empty person, so
        that what is said next can be delivered. What was not delivered yet is not sent any more.
        """
        ids = [
            row.id
            for row in self._connection.execute(
                select(conversations.c.id).where(conversations.c.complainant_id == complainant_id)
            )
        ]
        stood_in = self._connection.execute(
            insert(conversations).values(
                channel=ERASED, address=stand_in, complainant_id=complainant_id, created_at=now
            )
        ).inserted_primary_key[0]
        self._erase_tickets(complainant_id, stood_in)
        self._erase_chats(ids)
        successor = self._connection.execute(
            insert(complainants).values(created_at=now, profile=None)
        ).inserted_primary_key[0]
        self._connection.execute(
            update(conversations).where(conversations.c.id.in_(ids)).values(complainant_id=successor)
        )
        self._connection.execute(
            update(complainants).where(complainants.c.id == complainant_id).values(profile=None)
        )
        self._connection.execute(delete(tries).where(tries.c.complainant_id == complainant_id))
        self._conversations.forget()
        self._tickets.forget()

    def _erase_tickets(self, complainant_id: int, stood_in: int) -> None:
        own = select(tickets.c.id).where(tickets.c.complainant_id == complainant_id)
        self._delete_media(media.c.ticket_id.in_(own))
        for table in (events, tasks):
            self._connection.execute(update(table).where(table.c.ticket_id.in_(own)).values(data=None))
        self._connection.execute(delete(ticket_keys).where(ticket_keys.c.ticket_id.in_(own)))
        never_filed = own.where(tickets.c.state == State.DRAFT.value)
        for table in (events, clocks):
            self._connection.execute(delete(table).where(table.c.ticket_id.in_(never_filed)))
        self._connection.execute(
            delete(tickets).where(
                tickets.c.complainant_id == complainant_id, tickets.c.state == State.DRAFT.value
            )
        )
        self._connection.execute(
            update(tickets)
            .where(tickets.c.complainant_id == complainant_id)
            .values(
                conversation_id=stood_in,
                description=None,
                details=None,
                score=None,
                promise=None,
                intake=None,
                version=tickets.c.version + 1,
            )
        )

    def _delete_media(self, condition: Any) -> None:
        """The rows, and a note of the bytes behind them for whoever keeps the files."""
        found = self._connection.execute(select(media.c.sha, media.c.thumb_sha).where(condition)).all()
        note_dead(self._connection, {name for row in found for name in row if name})
        self._connection.execute(delete(media).where(condition))

    def _erase_chats(self, ids: list[int]) -> None:
        self._delete_media(media.c.conversation_id.in_(ids))
        keys = [f"c{conversation_id}" for conversation_id in ids]
        self._connection.execute(delete(trackers).where(trackers.c.conversation_key.in_(keys)))
        self._connection.execute(delete(button_tokens).where(button_tokens.c.conversation_id.in_(ids)))
        self._connection.execute(
            update(messages)
            .where(messages.c.conversation_id.in_(ids), messages.c.state.in_(("queued", "held")))
            .values(state="failed", error="erased")
        )
        self._connection.execute(
            update(messages)
            .where(messages.c.conversation_id.in_(ids))
            .values(text=None, buttons=None, understanding=None, payload=None)
        )
        for row in self._connection.execute(
            select(conversations.c.id, conversations.c.profile).where(conversations.c.id.in_(ids))
        ).all():
            kept = {key: value for key, value in (row.profile or {}).items() if key in _TO_ANSWER}
            self._connection.execute(
                update(conversations).where(conversations.c.id == row.id).values(profile=kept or None)
            )
