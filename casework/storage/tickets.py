"""Tickets and their history in the database. One object for one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.engine import Connection

from casework.conversations.model import Media
from casework.storage import statements
from casework.storage.tables import conversations, events, media, tickets
from casework.tickets.model import DetailValue, Intake, Promise, Ticket, TicketEvent
from casework.tickets.states import State


class ChangedMeanwhile(Exception):
    """Somebody changed the ticket since it was read. ``last``: the last thing that was done to it."""

    def __init__(self, number: str, last: TicketEvent | None) -> None:
        who = (
            f"{last.actor_name or last.actor} ({last.action}, {last.at:%Y-%m-%d %H:%M} UTC)"
            if last
            else "somebody"
        )
        super().__init__(f"{number or 'the draft'} was changed by {who} since you opened it: read it again")
        self.last = last


class TicketRepository:
    """Rows in, values out; rules live in ``casework.tickets``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        #: What this transaction has read, until it writes a ticket: draft by conversation, filed ones by person.
        self._drafts: dict[int, Ticket | None] = {}
        self._filed: dict[tuple[int, int], list[Ticket]] = {}

    def forget(self) -> None:
        """Tickets were written past this: read them anew."""
        self._drafts.clear()
        self._filed.clear()

    # -- reading ------------------------------------------------------------------------------------

    def get(self, ticket_id: int) -> Ticket:
        return _ticket(statements.TICKET.one(self._connection, the_id=ticket_id))

    def many(self, ticket_ids: Sequence[int]) -> list[Ticket]:
        """The newest first."""
        if not ticket_ids:
            return []
        query = select(tickets).where(tickets.c.id.in_(list(ticket_ids))).order_by(tickets.c.id.desc())
        return [_ticket(row) for row in self._connection.execute(query).mappings()]

    def locked(self, ticket_ids: Sequence[int]) -> list[Ticket]:
        """The oldest first; nobody else changes them before this transaction ends."""
        query = select(tickets).where(tickets.c.id.in_(list(ticket_ids))).order_by(tickets.c.id)
        return [_ticket(row) for row in self._connection.execute(query.with_for_update()).mappings()]

    def find(self, ticket_id: int) -> Ticket | None:
        """``None``: a complaint that was told and dropped."""
        row = self._connection.execute(select(tickets).where(tickets.c.id == ticket_id)).mappings().first()
        return _ticket(row) if row else None

    def by_number(self, number: str) -> Ticket | None:
        row = self._connection.execute(select(tickets).where(tickets.c.number == number)).mappings().first()
        return _ticket(row) if row else None

    def draft(self, conversation_id: int) -> Ticket | None:
        """The complaint that is being told in this conversation."""
        if conversation_id not in self._drafts:
            row = statements.DRAFT.first(self._connection, the_id=conversation_id)
            self._drafts[conversation_id] = _ticket(row) if row else None
        return self._drafts[conversation_id]

    def has_filed(self, complainant_id: int) -> bool:
        return statements.IS_FILED.first(self._connection, the_id=complainant_id) is not None

    def of_complainant(self, complainant_id: int, *, limit: int = 20) -> list[Ticket]:
        """Filed tickets of one person, newest first."""
        asked = (complainant_id, limit)
        if asked not in self._filed:
            rows = statements.FILED_OF.rows(self._connection, the_id=complainant_id, the_limit=limit)
            self._filed[asked] = [_ticket(row) for row in rows]
        return list(self._filed[asked])

    def alarmed(self, *, raised: str, seen: str, limit: int) -> list[Ticket]:
        """Tickets, drafts too, with a step ``raised`` in their history and no step ``seen``, oldest first."""
        looked = select(events.c.id).where(events.c.ticket_id == tickets.c.id, events.c.action == seen)
        alarm = select(events.c.id).where(events.c.ticket_id == tickets.c.id, events.c.action == raised)
        rows = self._connection.execute(
            select(tickets).where(alarm.exists(), ~looked.exists()).order_by(tickets.c.id).limit(limit)
        ).mappings()
        return [_ticket(row) for row in rows]

    def newest(
        self,
        *,
        limit: int,
        before_id: int | None = None,
        state: State | None = None,
        channel: str | None = None,
        address: str | None = None,
    ) -> list[Ticket]:
        """Filed tickets, newest first; ``before_id`` continues a list."""
        query = select(tickets).where(tickets.c.number.is_not(None))
        if before_id is not None:
            query = query.where(tickets.c.id < before_id)
        if state is not None:
            query = query.where(tickets.c.state == state.value)
        if address is not None:
            query = query.join(conversations, conversations.c.id == tickets.c.conversation_id).where(
                conversations.c.address == address
            )
            if channel is not None:
                query = query.where(conversations.c.channel == channel)
        rows = self._connection.execute(query.order_by(tickets.c.id.desc()).limit(limit)).mappings()
        return [_ticket(row) for row in rows]

    def history(self, ticket_id: int) -> list[TicketEvent]:
        rows = self._connection.execute(
            select(events).where(events.c.ticket_id == ticket_id).order_by(events.c.id)
        ).mappings()
        return [read_event(row) for row in rows]

    def event(self, event_id: int) -> TicketEvent | None:
        row = self._connection.execute(select(events).where(events.c.id == event_id)).mappings().first()
        return read_event(row) if row else None

    def last_event(self, ticket_id: int, action: str, *, cycle: int) -> TicketEvent | None:
        """The newest line of ``action`` in this round."""
        query = (
            select(events)
            .where(events.c.ticket_id == ticket_id, events.c.action == action, events.c.cycle == cycle)
            .order_by(events.c.id.desc())
            .limit(1)
        )
        row = self._connection.execute(query).mappings().first()
        return read_event(row) if row else None

    def happened(
        self, ticket_id: int, actions: Sequence[str], *, before_cycle: int | None = None
    ) -> list[str]:
        """Names of who did one of ``actions``, empty for those without a name, oldest first."""
        query = select(events.c.actor_name).where(
            events.c.ticket_id == ticket_id, events.c.action.in_(actions)
        )
        if before_cycle is not None:
            query = query.where(events.c.cycle < before_cycle)
        return [row.actor_name or "" for row in self._connection.execute(query.order_by(events.c.id))]

    def merged_into(self, ticket_id: int) -> list[Ticket]:
        """Tickets that were merged into this one, oldest first."""
        rows = self._connection.execute(
            select(tickets).where(tickets.c.merged_into == ticket_id).order_by(tickets.c.id)
        ).mappings()
        return [_ticket(row) for row in rows]

    def count_merged(self, ticket_id: int) -> int:
        query = select(func.count()).select_from(tickets).where(tickets.c.merged_into == ticket_id)
        return int(self._connection.execute(query).scalar_one())

    def to_wake(self, now: datetime, *, limit: int) -> list[Ticket]:
        """Tickets whose state is ended by silence, the longest first; locked, and not those another one holds."""
        rows = self._connection.execute(
            select(tickets)
            .where(tickets.c.wake_at <= now)
            .order_by(tickets.c.wake_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).mappings()
        return [_ticket(row) for row in rows]

    def media(self, ticket_id: int) -> list[Media]:
        rows = self._connection.execute(
            select(media.c.content).where(media.c.ticket_id == ticket_id).order_by(media.c.id)
        )
        return [Media(**row.content) for row in rows]

    def identities(self, complainant_id: int) -> list[str]:
        """``channel:address`` of every chat of this person."""
        rows = self._connection.execute(
            select(conversations.c.channel, conversations.c.address)
            .where(conversations.c.complainant_id == complainant_id)
            .order_by(conversations.c.id)
        )
        return [f"{row.channel}:{row.address}" for row in rows]

    # -- writing ------------------------------------------------------------------------------------

    def add_draft(
        self, *, conversation_id: int, complainant_id: int, language: str, intake: Intake, now: datetime
    ) -> Ticket:
        ticket_id = self._connection.execute(
            insert(tickets).values(
                conversation_id=conversation_id,
                complainant_id=complainant_id,
                state=State.DRAFT.value,
                language=language,
                intake=intake.as_json(),
                created_at=now,
                changed_at=now,
            )
        ).inserted_primary_key[0]
        self.forget()
        return self.get(ticket_id)

    def save_draft(self, ticket_id: int, intake: Intake, *, language: str, now: datetime) -> None:
        statements.SAVE_DRAFT.write(
            self._connection, the_id=ticket_id, intake=intake.as_json(), language=language, changed_at=now
        )
        for conversation_id, draft in self._drafts.items():
            if draft is not None and draft.id == ticket_id:
                saved = replace(draft, intake=intake, language=language, changed_at=now)
                self._drafts[conversation_id] = saved

    def drop_draft(self, ticket_id: int) -> None:
        """Forget a complaint that was never filed, with what was attached to it."""
        self._connection.execute(update(media).where(media.c.ticket_id == ticket_id).values(ticket_id=None))
        self._connection.execute(
            tickets.delete().where(tickets.c.id == ticket_id, tickets.c.state == State.DRAFT.value)
        )
        self.forget()

    def number_taken(self, number: str) -> bool:
        return (
            self._connection.execute(select(tickets.c.id).where(tickets.c.number == number)).first()
            is not None
        )

    def change(self, ticket: Ticket, *, now: datetime, **values: Any) -> Ticket:
        """Write columns of a ticket that nobody changed since it was read. Raises: ChangedMeanwhile."""
        written = dict(values)
        if "details" in values:
            written["details"] = {key: asdict(value) for key, value in values["details"].items()}
        if isinstance(values.get("promise"), Promise):
            written["promise"] = values["promise"].as_json()
        if isinstance(values.get("state"), State):
            written["state"] = values["state"].value
        result = self._connection.execute(
            update(tickets)
            .where(tickets.c.id == ticket.id, tickets.c.version == ticket.version)
            .values(version=ticket.version + 1, changed_at=now, **written)
        )
        if result.rowcount != 1:
            raise ChangedMeanwhile(ticket.number, next(reversed(self.history(ticket.id)), None))
        self.forget()
        return replace(ticket, **_fields(values), version=ticket.version + 1, changed_at=now)

    def rescore(self, ticket: Ticket, *, score: Mapping[str, Any], priority: str, now: datetime) -> Ticket:
        """Write how much a ticket weighs. Nobody's work on it becomes stale by that: its version stays."""
        values: dict[str, Any] = {"score": score, "priority": priority, "changed_at": now}
        self._connection.execute(update(tickets).where(tickets.c.id == ticket.id).values(**values))
        self.forget()
        return replace(ticket, **values)

    def add_event(
        self,
        ticket: Ticket,
        *,
        action: str,
        actor: str,
        now: datetime,
        actor_name: str = "",
        from_state: State | None = None,
        to_state: State | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        self._connection.execute(
            insert(events).values(
                ticket_id=ticket.id,
                at=now,
                actor=actor,
                actor_name=actor_name or None,
                action=action,
                from_state=from_state.value if from_state else None,
                to_state=to_state.value if to_state else None,
                cycle=ticket.cycle,
                data=dict(data) if data else None,
            )
        )

    def add_events(
        self, lines: Sequence[tuple[Ticket, Mapping[str, Any]]], *, action: str, actor: str, now: datetime
    ) -> None:
        """The same step in the histories of several tickets, each with data of its own."""
        if lines:
            rows = [
                {
                    "ticket_id": t.id,
                    "at": now,
                    "actor": actor,
                    "action": action,
                    "cycle": t.cycle,
                    "data": data,
                }
                for t, data in lines
            ]
            self._connection.execute(insert(events), rows)

    def attach_media(self, ticket_id: int, message_ids: Sequence[int]) -> None:
        """Tie what came with these messages to the ticket."""
        if message_ids:
            self._connection.execute(
                update(media)
                .where(media.c.message_id.in_(list(message_ids)), media.c.ticket_id.is_(None))
                .values(ticket_id=ticket_id)
            )

    def count_media(self, ticket_id: int) -> int:
        query = select(func.count()).select_from(media).where(media.c.ticket_id == ticket_id)
        return int(self._connection.execute(query).scalar_one())


_FIELDS = frozenset(field.name for field in fields(Ticket))
#: What a ticket says of a column that holds nothing.
_BLANK: Mapping[str, Any] = {
    "number": "", "pack": "", "category": "", "department": "", "nature": "", "priority": "", "handler": "",
    "description": "", "score": {}, "details": {},
}  # fmt: skip


def _fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns that were written, as a ticket has them."""
    return {
        name: _BLANK.get(name) if value is None else value
        for name, value in values.items()
        if name in _FIELDS
    }


def _ticket(row: Mapping[str, Any]) -> Ticket:
    details = {key: DetailValue(**value) for key, value in (row["details"] or {}).items()}
    return Ticket(
        id=int(row["id"]),
        number=row["number"] or "",
        conversation_id=int(row["conversation_id"]),
        complainant_id=int(row["complainant_id"]),
        state=State(row["state"]),
        pack=row["pack"] or "",
        category=row["category"] or "",
        department=row["department"] or "",
        nature=row["nature"] or "",
        language=row["language"],
        anonymous=bool(row["anonymous"]),
        severity=int(row["severity"] or 0),
        priority=row["priority"] or "",
        score=row["score"] or {},
        description=row["description"] or "",
        details=details,
        promise=Promise.from_json(row["promise"]) if row["promise"] else None,
        intake=Intake.from_json(row["intake"]) if row["intake"] else None,
        cycle=int(row["cycle"]),
        version=int(row["version"]),
        returns=int(row["returns"]),
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        submitted_at=row["submitted_at"],
        resolved_at=row["resolved_at"],
        handler=row["handler"] or "",
        escalation=int(row["escalation"]),
        merged_into=row["merged_into"],
        wake_at=row["wake_at"],
    )


def read_event(row: Mapping[str, Any]) -> TicketEvent:
    """A row of ``events`` as a value."""
    return TicketEvent(
        at=row["at"],
        actor=row["actor"],
        actor_name=row["actor_name"] or "",
        action=row["action"],
        from_state=row["from_state"] or "",
        to_state=row["to_state"] or "",
        cycle=int(row["cycle"]),
        data=row["data"] or {},
        id=int(row["id"]),
    )
