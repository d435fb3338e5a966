"""What the desk lists: cases by their next due time, conversations with people. Reads only; every list has a limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.engine import Connection

from casework.access.rights import Scope
from casework.conversations.model import Conversation, Owner, StoredMessage
from casework.storage.conversations import ConversationRepository
from casework.storage.messages import MessageRepository
from casework.storage.tables import clocks, messages, tickets
from casework.storage.tickets import TicketRepository
from casework.tickets.model import Ticket
from casework.tickets.states import OPEN, State


@dataclass(frozen=True)
class Wanted:
    """Which cases to list. Empty entries let everything through. ``states``: none for all open ones. ``handler``: a
    login, or ``-`` for cases that nobody has. ``due_before``: those whose next clock runs out before."""

    states: frozenset[State] = frozenset()
    department: str = ""
    category: str = ""
    handler: str = ""
    priority: str = ""
    number: str = ""
    due_before: datetime | None = None


@dataclass(frozen=True)
class Case:
    """A case in a list. ``due_at`` and ``due_kind``: of the clock that runs out first, none when none runs."""

    ticket: Ticket
    due_at: datetime | None = None
    due_kind: str = ""


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

    def cases(self, wanted: Wanted, *, scope: Scope, skip: int = 0, limit: int = PAGE) -> list[Case]:
        """By the clock that runs out first; cases without one come last, the latest changed first."""
        runs = and_(clocks.c.met_at.is_(None), clocks.c.stopped_at.is_(None), clocks.c.paused_at.is_(None))
        due = (
            select(clocks.c.ticket_id, func.min(clocks.c.due_at).label("due_at"))
            .where(runs)
            .group_by(clocks.c.ticket_id)
            .subquery()
        )
        conditions = self._conditions(wanted, scope)
        if wanted.due_before is not None:
            conditions.append(due.c.due_at < wanted.due_before)
        rows = self._connection.execute(
            select(tickets.c.id, due.c.due_at)
            .outerjoin(due, due.c.ticket_id == tickets.c.id)
            .where(*conditions)
            .order_by(due.c.due_at.is_(None), due.c.due_at, tickets.c.changed_at.desc())
            .offset(skip)
            .limit(limit)
        ).all()
        kinds = self._kinds([row.id for row in rows if row.due_at is not None])
        found = {ticket.id: ticket for ticket in self._filed.many([row.id for row in rows])}
        return [Case(found[row.id], row.due_at, kinds.get((row.id, row.due_at), "")) for row in rows]

    def count(self, wanted: Wanted, *, scope: Scope, most: int = 1000) -> int:
        """How many, counted up to ``most``."""
        found = select(tickets.c.id).where(*self._conditions(wanted, scope)).limit(most).subquery()
        return int(self._connection.execute(select(func.count()).select_from(found)).scalar_one())

    def _kinds(self, ticket_ids: Sequence[int]) -> dict[tuple[int, datetime], str]:
        rows = self._connection.execute(
            select(clocks.c.ticket_id, clocks.c.due_at, clocks.c.kind).where(
                clocks.c.ticket_id.in_(ticket_ids), clocks.c.met_at.is_(None), clocks.c.stopped_at.is_(None)
            )
        )
        return {(row.ticket_id, row.due_at): row.kind for row in rows}

    def _conditions(self, wanted: Wanted, scope: Scope) -> list[Any]:
        states = wanted.states or OPEN
        conditions: list[Any] = [tickets.c.number.is_not(None)]
        if wanted.number:  # whole, or as far as it was typed
            conditions += [tickets.c.number >= wanted.number, tickets.c.number < f"{wanted.number}\uffff"]
        if not wanted.number or wanted.states:
            conditions.append(tickets.c.state.in_([state.value for state in sorted(states, key=str)]))
        for column, value in (
            (tickets.c.department, wanted.department),
            (tickets.c.category, wanted.category),
            (tickets.c.priority, wanted.priority),
        ):
            if value:
                conditions.append(column == value)
        if wanted.handler:
            conditions.append(
                tickets.c.handler.is_(None) if wanted.handler == "-" else tickets.c.handler == wanted.handler
            )
        if scope.departments is not None:
            conditions.append(
                or_(tickets.c.department.in_(sorted(scope.departments)), tickets.c.handler == scope.login)
            )
        return conditions

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
