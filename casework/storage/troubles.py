"""What has waited for too long, by who should have seen to it: for the page that says how the house runs.

Counts, ages and words of providers about deliveries; nothing of what was said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.engine import Connection

from casework.storage.database import Database
from casework.storage.tables import clocks, conversations, messages
from casework.storage.tables_mails import mails
from casework.storage.tables_webhooks import webhook_deliveries

_DAY = timedelta(days=1)
#: Newest rows that are looked through for the last error.
_NEWEST = 100


@dataclass(frozen=True)
class Outbox:
    """Of one channel. ``waiting_s``: age of the oldest that waits or is being sent. ``failed``: within a day.
    ``error``: the last one of those that wait, are held or failed."""

    waiting: int = 0
    waiting_s: float = 0.0
    held: int = 0
    failed: int = 0
    error: str = ""


@dataclass(frozen=True)
class Troubles:
    """``outboxes``: by channel. ``alarms``: clocks whose alarm should have been given, ``alarms_s``: the oldest for so
    long. ``mails``: that should have gone out, ``mails_s`` for so long, ``mail_error``: why not. ``webhooks``: that
    should have gone out; ``webhooks_dead``: given up within a day."""

    outboxes: Mapping[str, Outbox]
    alarms: int
    alarms_s: float
    mails: int
    mails_s: float
    mail_error: str
    webhooks: int
    webhooks_dead: int


def read_troubles(database: Database, *, now: datetime) -> Troubles:
    """On indexes of what is unsettled. Raises: DatabaseUnavailable."""
    with database.reading() as connection:
        alarms = connection.execute(
            select(func.count(), func.min(clocks.c.next_alarm_at)).where(clocks.c.next_alarm_at <= now)
        ).one()
        letters = connection.execute(
            select(func.count(), func.min(mails.c.due_at)).where(
                mails.c.state == "waiting", mails.c.due_at <= now
            )
        ).one()
        deliveries = {
            row.state: int(row.number)
            for row in connection.execute(
                select(webhook_deliveries.c.state, func.count().label("number"))
                .where(
                    or_(
                        and_(
                            webhook_deliveries.c.state == "waiting",
                            webhook_deliveries.c.next_try_at <= now,
                        ),
                        and_(
                            webhook_deliveries.c.state == "dead", webhook_deliveries.c.settled_at > now - _DAY
                        ),
                    )
                )
                .group_by(webhook_deliveries.c.state)
            )
        }
        return Troubles(
            outboxes=_outboxes(connection, now),
            alarms=int(alarms[0]),
            alarms_s=_since(alarms[1], now),
            mails=int(letters[0]),
            mails_s=_since(letters[1], now),
            mail_error=_mail_error(connection),
            webhooks=deliveries.get("waiting", 0),
            webhooks_dead=deliveries.get("dead", 0),
        )


def _since(moment: datetime | None, now: datetime) -> float:
    return max(0.0, (now - moment).total_seconds()) if moment else 0.0


def _outboxes(connection: Connection, now: datetime) -> dict[str, Outbox]:
    out = and_(
        messages.c.direction == "out",
        messages.c.internal.is_(False),
        or_(
            messages.c.state.in_(("queued", "sending", "held")),
            and_(messages.c.state == "failed", messages.c.created_at > now - _DAY),
        ),
    )
    joined = messages.join(conversations, conversations.c.id == messages.c.conversation_id)
    counted: dict[str, dict[str, tuple[int, datetime]]] = {}
    for row in connection.execute(
        select(
            conversations.c.channel,
            messages.c.state,
            func.count().label("number"),
            func.min(messages.c.created_at).label("oldest"),
        )
        .select_from(joined)
        .where(out)
        .group_by(conversations.c.channel, messages.c.state)
    ):
        counted.setdefault(row.channel, {})[row.state] = (int(row.number), row.oldest)
    errors: dict[str, str] = {}
    for row in connection.execute(
        select(conversations.c.channel, messages.c.error)
        .select_from(joined)
        .where(out, messages.c.error.is_not(None))
        .order_by(messages.c.id.desc())
        .limit(_NEWEST)
    ):
        errors.setdefault(row.channel, row.error)
    return {
        channel: _outbox(states, errors.get(channel, ""), now) for channel, states in sorted(counted.items())
    }


def _outbox(states: Mapping[str, tuple[int, datetime]], error: str, now: datetime) -> Outbox:
    going = [states[state] for state in ("queued", "sending") if state in states]
    return Outbox(
        waiting=sum(number for number, _ in going),
        waiting_s=max((_since(oldest, now) for _, oldest in going), default=0.0),
        held=states["held"][0] if "held" in states else 0,
        failed=states["failed"][0] if "failed" in states else 0,
        error=error,
    )


def _mail_error(connection: Connection) -> str:
    """Of the newest mails that wait with one."""
    return (
        connection.execute(
            select(mails.c.error)
            .where(mails.c.state == "waiting", mails.c.error.is_not(None))
            .order_by(mails.c.due_at.desc())
            .limit(1)
        ).scalar()
        or ""
    )
