"""Table of mails to staff that wait or went out. Holds no words: those are made of the case when a mail goes out."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table, text

from casework.storage.fields import Id, UtcDateTime
from casework.storage.tables import metadata

mails = Table(
    "mails",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(120), nullable=False, unique=True),  # decides that it is written once
    Column("login", String(64), nullable=False),  # of the member of staff who is told
    Column("kind", String(16), nullable=False),
    Column("ticket_id", Id),  # none for a chat; a complaint that is still told may be gone
    Column("facts", JSON, nullable=False),  # clock, level, due: words of ours and moments
    Column("urgent", Boolean, nullable=False, server_default=text("false")),  # does not wait for others
    Column("state", String(8), nullable=False, server_default="waiting"),  # waiting sent failed dropped
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("due_at", UtcDateTime, nullable=False),  # not before; while one sends it, when another may
    Column("lease_token", String(32)),
    Column("error", String(60)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),
    Index(
        "ix_mails_waiting",
        "due_at",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    Index("ix_mails_login_state_settled_at", "login", "state", "settled_at"),
)
