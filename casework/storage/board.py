"""What the desk lists: cases, conversations with people. Reads only; every list has a limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.engine import Connection

from casework.access.rights import Scope
from casework.conversations.model import Conversation, Owner, StoredMessage
from casework.storage.cases import Case, Order, Place, Wanted, counted, listed
from casework.storage.clocks import read_clock
from casework.storage.conversations import ConversationRepository
from casework.storage.messages import MessageRepository
from casework.storage.tables import clocks, events, messages, tickets
from casework.storage.tickets import TicketRepository
from casework.tickets.model import Clock, Ticket


@dataclass(frozen=True)
class Talk:
    """A conversation in a list, with what the person said last. ``unread``: nobody has answered that yet."""

    conversation: Conversation
    last_text: str = ""
    last_at: datetime | None = None
    mood: Mapping[str, Any] | None = None
    unread: bool = False


#: Cases on one page of a list.
PAGE = 50


class BoardRepository:
    def __init__(
        self,
        connection: Connection,
        talks: ConversationRepository,
        filed: TicketRepository,
        said: MessageRepository,
    ) -> None:
        self._connection, self._talks, self._filed, self._said = connection, talks, filed, said

    def cases(
        self,
        wanted: Wanted,
        *,
        scope: Scope,
        order: Order = "due",
        after: Place | None = None,
        limit: int = PAGE,
    ) -> list[Case]:
        """Raises: ValueError for a place of another order."""
        return listed(self._connection, wanted, scope=scope, order=order, after=after, limit=limit)

    def count(self, wanted: Wanted, *, scope: Scope, most: int) -> int:
        """How many, counted up to ``most``."""
        return counted(self._connection, wanted, scope=scope, most=most)

    def promises(self, ticket_ids: Sequence[int]) -> dict[int, Clock]:
        """The clock of the result in the present round of each of these tickets."""
        rows = self._connection.execute(
            select(clocks)
            .join(tickets, and_(tickets.c.id == clocks.c.ticket_id, tickets.c.cycle == clocks.c.cycle))
            .where(clocks.c.ticket_id.in_(list(ticket_ids)), clocks.c.kind == "resolution")
        ).mappings()
        return {row["ticket_id"]: read_clock(row) for row in rows}

    def newest(self) -> tuple[int, int]:
        """A mark of the last message and the last thing done to a ticket: another one where there is news."""
        row = self._connection.execute(
            select(
                select(func.max(messages.c.id)).scalar_subquery(),
                select(func.max(events.c.id)).scalar_subquery(),
            )
        ).one()
        return row[0] or 0, row[1] or 0

    def of_conversation(self, conversation_id: int, *, limit: int = 20) -> list[Ticket]:
        """Tickets told of in this chat, drafts too, the latest first."""
        rows = self._connection.execute(
            select(tickets.c.id)
            .where(tickets.c.conversation_id == conversation_id)
            .order_by(tickets.c.id.desc())
            .limit(limit)
        )
        return self._filed.many([row.id for row in rows])

    def thread(
        self, conversation_id: int, *, after: int = 0, before: int = 0, limit: int
    ) -> list[StoredMessage]:
        """Messages in order: those after the place ``after``, else the latest (``before`` a place, where given)."""
        place = messages.c.seq
        query = select(messages.c.id).where(messages.c.conversation_id == conversation_id, place > after)
        if before:
            query = query.where(place < before)
        rows = self._connection.execute(query.order_by(place if after else place.desc()).limit(limit))
        return sorted(self._said.by_ids([row.id for row in rows]), key=lambda message: message.seq)

    def talks(self, *, owner: Owner, name: str = "", limit: int = PAGE) -> list[Talk]:
        """Conversations in the queue or with staff (with ``name`` alone where given), the longest there first."""
        found = self._talks.owned_by(owner, name=name, limit=limit)
        last = self._last([conversation.id for conversation in found])
        return [_talk(conversation, last.get(conversation.id)) for conversation in found]

    def _last(self, conversation_ids: Sequence[int]) -> dict[int, Mapping[str, Any]]:
        """What the person of each said last."""
        latest = (
            select(messages.c.conversation_id, func.max(messages.c.seq).label("seq"))
            .where(
                messages.c.conversation_id.in_(conversation_ids),
                messages.c.direction == "in",
            )
            .group_by(messages.c.conversation_id)
            .subquery()
        )
        rows = self._connection.execute(
            select(messages).join(
                latest,
                and_(messages.c.conversation_id == latest.c.conversation_id, messages.c.seq == latest.c.seq),
            )
        ).mappings()
        return {row["conversation_id"]: row for row in rows}


def _talk(conversation: Conversation, row: Mapping[str, Any] | None) -> Talk:
    if row is None:
        return Talk(conversation)
    mood = (row["understanding"] or {}).get("emotion")
    unread = row["seq"] == conversation.seq
    return Talk(conversation, row["text"] or "", row["created_at"], mood, unread)
