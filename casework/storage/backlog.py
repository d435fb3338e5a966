"""How much waits, over all conversations: for operators. Counts and ages, nothing of what was said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from casework.conversations.model import Owner
from casework.storage.database import Database
from casework.storage.tables import conversations, engines, events, messages

#: An engine without a sign of life for this long counts as dead. Source: product default, several beats.
ENGINE_ALIVE = timedelta(seconds=30)


@dataclass(frozen=True)
class Backlog:
    """``waiting``: inbound messages without a turn; ``waiting_s``: age of the oldest, 0 without one. ``outbox``:
    messages by state (queued, sending, held); ``outbox_s``: age of the oldest of queued and sending.
    ``chats``: by owner (queue, staff). ``engines``: living ones by state (starting, ready, renewing). ``untold_s``: age
    of the oldest event of a ticket that nobody was told of, 0 without one."""

    waiting: int
    waiting_s: float
    outbox: Mapping[str, int]
    outbox_s: float
    chats: Mapping[str, int]
    engines: Mapping[str, int]
    untold_s: float


def read_backlog(database: Database, *, now: datetime) -> Backlog:
    """All of it in four queries, on indexes or a handful of rows. Raises: DatabaseUnavailable."""
    with database.reading() as connection:
        states = {
            row.state: row
            for row in connection.execute(
                select(
                    messages.c.state,
                    func.count().label("number"),
                    func.min(messages.c.created_at).label("oldest"),
                )
                .where(messages.c.state.in_(("waiting", "queued", "sending", "held")))
                .group_by(messages.c.state)
            )
        }
        owners = {
            row.owner: int(row.number)
            for row in connection.execute(
                select(conversations.c.owner, func.count().label("number"))
                .where(conversations.c.owner.in_((Owner.QUEUE.value, Owner.STAFF.value)))
                .group_by(conversations.c.owner)
            )
        }
        alive = {
            row.state: int(row.number)
            for row in connection.execute(
                select(engines.c.state, func.count().label("number"))
                .where(engines.c.seen_at > now - ENGINE_ALIVE)
                .group_by(engines.c.state)
            )
        }

        untold = connection.execute(
            select(func.min(events.c.at)).where(events.c.spread_at.is_(None))
        ).scalar()

    def count(state: str) -> int:
        return int(states[state].number) if state in states else 0

    def age(*names: str) -> float:
        return max(
            ((now - states[name].oldest).total_seconds() for name in names if name in states), default=0.0
        )

    return Backlog(
        waiting=count("waiting"),
        waiting_s=max(0.0, age("waiting")),
        outbox={state: count(state) for state in ("queued", "sending", "held")},
        outbox_s=max(0.0, age("queued", "sending")),
        chats={owner: owners.get(owner, 0) for owner in (Owner.QUEUE.value, Owner.STAFF.value)},
        engines=alive,
        untold_s=max(0.0, (now - untold).total_seconds()) if untold is not None else 0.0,
    )
