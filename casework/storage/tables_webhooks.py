"""Tables of webhooks. Classed like all others in :data:`casework.storage.tables.PERSONAL`."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from casework.storage.fields import EncryptedText, Id, UtcDateTime
from casework.storage.tables import metadata

webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Id, primary_key=True),
    Column("url", EncryptedText, nullable=False),  # such addresses often carry a key
    Column("secret", EncryptedText, nullable=False),
    Column("types", JSON, nullable=False),  # of events; an empty list: all
    Column("created_at", UtcDateTime, nullable=False),
    Column("removed_at", UtcDateTime),
)

#: What is to be sent to webhooks, and what became of it.
webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("webhook_id", Id, ForeignKey("webhooks.id"), nullable=False),
    Column("event_id", Id, nullable=False),
    Column("type", String(64), nullable=False),
    Column("body", Text, nullable=False),  # codes, numbers and dates; nothing of what people wrote
    Column("state", String(8), nullable=False),  # waiting sent dead
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_try_at", UtcDateTime, nullable=False),  # a lease is a next try in the future
    Column("status", Integer),  # of HTTP, the last one
    Column("error", String(60)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),
    UniqueConstraint("webhook_id", "event_id"),
    Index("ix_webhook_deliveries_state_next_try_at", "state", "next_try_at"),
)
