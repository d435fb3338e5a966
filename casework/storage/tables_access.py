"""Tables of who may come in at the desk. Classed like all others in :data:`casework.storage.tables.PERSONAL`."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, text

from casework.storage.fields import EncryptedText, Id, UtcDateTime
from casework.storage.tables import metadata

credentials = Table(
    "credentials",
    metadata,
    Column("staff_id", Id, ForeignKey("staff.id"), primary_key=True),
    Column("password_hash", String(255), nullable=False),
    Column("must_change", Boolean, nullable=False, server_default=text("false")),
    Column("code_secret", EncryptedText),  # of one-time codes; none: not in use
    Column("code_step", Integer),  # the last one-time code that counted
    Column("failures", Integer, nullable=False, server_default="0"),  # in a row
    Column("locked_until", UtcDateTime),
    Column("changed_at", UtcDateTime, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("staff_id", Id, ForeignKey("staff.id"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("device", EncryptedText),  # browser and system, as it says of itself
    Column("by_provider", Boolean, nullable=False, server_default=text("false")),  # not by password
    Index("ix_sessions_staff_id", "staff_id"),
    Index("ix_sessions_ends_at", "ends_at"),
)

#: Sign-ons that were begun at the OpenID provider and are not answered yet.
sign_ons = Table(
    "sign_ons",
    metadata,
    Column("state_hash", String(64), primary_key=True),
    Column("nonce", String(64), nullable=False),
    Column("verifier", EncryptedText, nullable=False),
    Column("next_page", EncryptedText, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Index("ix_sign_ons_ends_at", "ends_at"),
)

#: Who came in, who looked at what personal data and why, who changed the house. Append-only.
audits = Table(
    "audits",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("login", String(64), nullable=False),
    Column("action", String(32), nullable=False),
    Column("kind", String(16), nullable=False),  # of what it was done to: ticket, conversation, staff …
    Column("ref", String(64), nullable=False),
    Column("field", String(64), nullable=False, server_default=""),
    Column("reason", EncryptedText),
    Index("ix_audits_login_id", "login", "id"),
    Index("ix_audits_kind_ref_id", "kind", "ref", "id"),
    Index("ix_audits_action_id", "action", "id"),
    Index("ix_audits_at_id", "at", "id"),
)
