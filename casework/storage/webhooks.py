"""Webhooks and what is sent to them, in the database. One object for one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from casework.storage.tables_webhooks import webhook_deliveries, webhooks
from casework.webhooks.model import Delivery, DeliveryState, Webhook

_d = webhook_deliveries.c
_BOTH = select(
    webhook_deliveries,
    webhooks.c.url,
    webhooks.c.secret,
    webhooks.c.types,
    webhooks.c.created_at.label("since"),
).join(webhooks, webhooks.c.id == _d.webhook_id)


class WebhookRepository:
    """Rows in, values out; the rules live in ``casework.webhooks``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- webhooks -----------------------------------------------------------------------------------

    def add(self, *, url: str, types: Sequence[str], secret: str, now: datetime) -> Webhook:
        added = self._connection.execute(
            insert(webhooks).values(url=url, types=list(types), secret=secret, created_at=now)
        ).inserted_primary_key[0]
        return next(webhook for webhook in self.active() if webhook.id == added)

    def active(self) -> list[Webhook]:
        rows = self._connection.execute(
            select(webhooks).where(webhooks.c.removed_at.is_(None)).order_by(webhooks.c.id)
        )
        return [Webhook(row.id, row.url, row.secret, tuple(row.types), row.created_at) for row in rows]

    def remove(self, webhook_id: int, *, now: datetime) -> bool:
        """What waits for it is not sent any more. ``False``: there is none."""
        result = self._connection.execute(
            update(webhooks)
            .where(webhooks.c.id == webhook_id, webhooks.c.removed_at.is_(None))
            .values(removed_at=now)
        )
        self._connection.execute(
            update(webhook_deliveries)
            .where(_d.webhook_id == webhook_id, _d.state == "waiting")
            .values(state="dead", error="removed", settled_at=now)
        )
        return bool(result.rowcount)

    # -- deliveries ---------------------------------------------------------------------------------

    def queue(self, webhook: Webhook, event_id: int, *, type: str, body: str, now: datetime) -> None:
        """To be sent; an event that was queued for this webhook before is not queued again."""
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        self._connection.execute(
            dialect.insert(webhook_deliveries)
            .values(
                webhook_id=webhook.id,
                event_id=event_id,
                type=type,
                body=body,
                state="waiting",
                next_try_at=now,
                created_at=now,
            )
            .on_conflict_do_nothing(index_elements=["webhook_id", "event_id"])
        )

    def claim(self, *, now: datetime, until: datetime, limit: int) -> list[Delivery]:
        """Lease what is to be sent now, the longest waiting first. A lease is a next try in the future."""
        rows = (
            self._connection.execute(
                _BOTH.where(_d.state == "waiting", _d.next_try_at <= now)
                .order_by(_d.next_try_at, _d.id)
                .limit(limit)
                .with_for_update(skip_locked=True, of=webhook_deliveries)
            )
            .mappings()
            .all()
        )
        self._connection.execute(
            update(webhook_deliveries)
            .where(_d.id.in_([row["id"] for row in rows]))
            .values(next_try_at=until, attempts=_d.attempts + 1)
        )
        return [replace(_delivery(row), attempts=int(row["attempts"]) + 1) for row in rows]

    def settle(
        self,
        delivery: Delivery,
        state: DeliveryState,
        *,
        status: int | None,
        error: str,
        again_at: datetime,
        now: datetime,
    ) -> None:
        """Write what became of a leased delivery, unless it was leased again or replayed meanwhile."""
        self._connection.execute(
            update(webhook_deliveries)
            .where(_d.id == delivery.id, _d.attempts == delivery.attempts, _d.state == "waiting")
            .values(
                state=state,
                status=status,
                error=error[:60] or None,
                next_try_at=again_at,
                settled_at=None if state == "waiting" else now,
            )
        )

    def log(self, *, webhook_id: int = 0, state: str = "", limit: int) -> list[Delivery]:
        """The newest first."""
        query = _BOTH.where(_d.webhook_id == webhook_id) if webhook_id else _BOTH
        query = query.where(_d.state == state) if state else query
        rows = self._connection.execute(query.order_by(_d.id.desc()).limit(limit)).mappings()
        return [_delivery(row) for row in rows]

    def requeue(self, *, webhook_id: int, delivery_id: int, now: datetime) -> int:
        """One delivery, or all dead ones (of a webhook), from the first attempt on; not of one that was removed."""
        of = select(webhooks.c.id).where(webhooks.c.removed_at.is_(None))
        query = update(webhook_deliveries).where(_d.webhook_id.in_(of))
        query = query.where(_d.id == delivery_id) if delivery_id else query.where(_d.state == "dead")
        query = query.where(_d.webhook_id == webhook_id) if webhook_id else query
        values = {"state": "waiting", "attempts": 0, "next_try_at": now, "settled_at": None}
        return int(self._connection.execute(query.values(**values)).rowcount)

    def forget(self, *, before: datetime) -> None:
        """Delete what was settled ``before``."""
        self._connection.execute(
            delete(webhook_deliveries).where(_d.state.in_(("sent", "dead")), _d.next_try_at < before)
        )


def _delivery(row: Mapping[str, Any]) -> Delivery:
    webhook = Webhook(row["webhook_id"], row["url"], row["secret"], tuple(row["types"]), row["since"])
    return Delivery(
        id=int(row["id"]),
        webhook=webhook,
        event_id=int(row["event_id"]),
        type=row["type"],
        body=row["body"],
        state=row["state"],
        attempts=int(row["attempts"]),
        next_try_at=row["next_try_at"],
        status=row["status"],
        error=row["error"] or "",
        created_at=row["created_at"],
        settled_at=row["settled_at"],
    )
