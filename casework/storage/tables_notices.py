"""Table of what people are told of their cases. Holds no words: those are made of the case when a notice goes out."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, text

from casework.storage.fields import Id, UtcDateTime
from casework.storage.tables import metadata

notices = Table(
    "notices",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(80), nullable=False, unique=True),  # decides that it is written once
    Column("ticket_id", Id, ForeignKey("tickets.id"), nullable=False),  # of the person who is told
    Column(
        "about_id", Id, ForeignKey("tickets.id"), nullable=False
    ),  # the case itself, or what it was merged into
    Column("event_id", Id),  # what happened
    Column("conversation_id", Id, ForeignKey("conversations.id"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("cycle", Integer, nullable=False),
    Column("state", String(8), nullable=False, server_default="waiting"),  # waiting posted dropped
    Column("reason", String(40)),  # why it was dropped or waits
    Column("due_at", UtcDateTime, nullable=False),
    Column("message_id", Id, ForeignKey("messages.id")),
    Column("created_at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),
    Index(
        "ix_notices_waiting",
        "due_at",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index("ix_notices_conversation_id_state", "conversation_id", "state"),
    Index("ix_notices_ticket_id", "ticket_id"),
    Index("ix_notices_about_id", "about_id"),
    Index("ix_notices_message_id", "message_id"),
)
