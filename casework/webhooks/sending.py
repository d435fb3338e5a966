"""Which events go to which webhook, how they are signed, and what becomes of one that is not taken.

Sending itself is ``app.webhooks``. Source of signature, headers and back-off: the Standard Webhooks specification;
of the envelope: CloudEvents 1.0, structured mode.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from casework.storage.work import Work
from casework.tickets.model import Ticket, TicketEvent
from casework.webhooks.model import Delivery, DeliveryState, Outcome, Webhook

CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
#: What types of events begin with; the rest is the action's name in a ticket's history.
TYPE_PREFIX = "tingsu.ticket."
#: How long one attempt may hold a delivery. Longer than a call with its time-outs.
LEASE = timedelta(seconds=60)
#: Waits after each failed attempt; after the last the delivery is dead. Source: Standard Webhooks, "retry schedule".
BACK_OFF_S = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
#: How long the log keeps what was sent or given up. Source: product default.
LOG_KEPT = timedelta(days=30)
_SECRET_PREFIX = "whsec_"  # noqa: S105 (what every secret begins with)


def new_secret() -> str:
    return _SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def add_webhook(
    work: Work, *, url: str, types: Sequence[str], now: datetime, secret: str | None = None
) -> Webhook:
    """``types``: names of actions, such as ``resolve``; empty: all events."""
    return work.webhooks.add(url=url, types=types, secret=secret or new_secret(), now=now)


class Announcer:
    """Writes down what webhooks are to be told: a follower of ``casework.tickets.spreading``.

    ``source``: the URI reference of this house's tickets, the ``source`` of its events.
    """

    def __init__(self, source: str) -> None:
        self._source = source

    def __call__(self, work: Work, ticket: Ticket, event: TicketEvent, now: datetime) -> None:
        if not ticket.number:
            return  # what is still being told is nobody else's business
        for webhook in work.webhooks.active():
            if not webhook.types or event.action in webhook.types:
                body = json.dumps(self._envelope(ticket, event), ensure_ascii=False)
                work.webhooks.queue(webhook, event.id, type=event.action, body=body, now=now)

    def _envelope(self, ticket: Ticket, event: TicketEvent) -> dict[str, Any]:
        return {
            "specversion": "1.0",
            "id": f"evt_{event.id}",
            "source": self._source,
            "type": TYPE_PREFIX + event.action,
            "subject": ticket.number,
            "time": event.at.isoformat(),
            "datacontenttype": "application/json",
            "sequence": f"{event.id:019d}",
            "data": {
                "number": ticket.number,
                "action": event.action,
                "by": {"role": event.actor, "name": event.actor_name},
                "from": event.from_state or None,
                "to": event.to_state or None,
                "cycle": event.cycle,
                "state": ticket.state.value,
                "version": ticket.version,
                "category": ticket.category,
                "department": ticket.department,
                "handler": ticket.handler,
                "priority": ticket.priority,
            },
        }


def headers(delivery: Delivery, *, now: datetime) -> dict[str, str]:
    """What goes with the body: its type, and a signature over id, moment and body."""
    moment = str(int(now.timestamp()))
    signed = f"{delivery.key}.{moment}.{delivery.body}".encode()
    key = base64.b64decode(delivery.webhook.secret.removeprefix(_SECRET_PREFIX))
    signature = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return {
        "content-type": CONTENT_TYPE,
        "webhook-id": delivery.key,
        "webhook-timestamp": moment,
        "webhook-signature": f"v1,{signature}",
    }


def claim(work: Work, *, now: datetime, limit: int) -> list[Delivery]:
    """Deliveries to send now; each belongs to the caller until the lease ends."""
    return work.webhooks.claim(now=now, until=now + LEASE, limit=limit)


def record(
    work: Work, delivery: Delivery, outcome: Outcome, *, now: datetime, jitter: float
) -> DeliveryState:
    """Note what the receiver said. ``jitter``: 0 to 1, spreads the tries of many deliveries."""
    state: DeliveryState = "sent" if outcome.taken else "waiting"
    again_at = now
    if not outcome.taken:
        if outcome.gone or delivery.attempts > len(BACK_OFF_S):
            state = "dead"
        else:
            wait_s = max(BACK_OFF_S[delivery.attempts - 1] * (1 + jitter / 4), outcome.retry_after_s or 0)
            again_at = now + timedelta(seconds=min(wait_s, 2 * BACK_OFF_S[-1]))
    work.webhooks.settle(
        delivery, state, status=outcome.status, error=outcome.error, again_at=again_at, now=now
    )
    return state


def replay(work: Work, *, webhook_id: int = 0, delivery_id: int = 0, now: datetime) -> int:
    """Send again: one delivery, whatever became of it, or all dead ones (of a webhook). Gives how many."""
    return work.webhooks.requeue(webhook_id=webhook_id, delivery_id=delivery_id, now=now)


def forget_log(work: Work, *, now: datetime) -> None:
    """Delete what the log keeps no longer."""
    work.webhooks.forget(before=now - LOG_KEPT)
