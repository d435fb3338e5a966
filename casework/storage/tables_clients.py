"""Tables of the HTTP API's clients. Classed like all others in :data:`casework.storage.tables.PERSONAL`."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text

from casework.storage.fields import Id, UtcDateTime
from casework.storage.tables import metadata

#: The secret of a token is kept nowhere.
api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", String(60), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Column("role", String(12), nullable=False),
    Column("department", String(64)),
    Column("scopes", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("used_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
)

#: Answers to requests with an ``Idempotency-Key``. They hold nothing of what people wrote.
api_answers = Table(
    "api_answers",
    metadata,
    Column("token_id", Id, ForeignKey("api_tokens.id"), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("status", Integer),  # none while the request is under way
    Column("headers", JSON),
    Column("body", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Index("ix_api_answers_created_at", "created_at"),
)
