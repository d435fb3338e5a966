"""Passwords and sessions of staff, and the audit log.

Revision ID: 0011
Revises: 0010
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import casework.storage.fields

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment, key = casework.storage.fields.UtcDateTime(), casework.storage.fields.Id
    secret = casework.storage.fields.EncryptedText()
    op.create_table(
        "credentials",
        sa.Column("staff_id", key, nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("code_secret", secret),
        sa.Column("code_step", sa.Integer()),
        sa.Column("failures", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("locked_until", moment),
        sa.Column("changed_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_credentials_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_credentials")),
    )
    op.create_table(
        "sessions",
        sa.Column("id", key, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", key, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("seen_at", moment, nullable=False),
        sa.Column("ends_at", moment, nullable=False),
        sa.Column("device", secret),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_sessions_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
    )
    op.create_index("ix_sessions_staff_id", "sessions", ["staff_id"])
    op.create_index("ix_sessions_ends_at", "sessions", ["ends_at"])
    op.create_table(
        "audits",
        sa.Column("id", key, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("ref", sa.String(length=64), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False, server_default=""),
        sa.Column("reason", secret),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audits")),
    )
    op.create_index("ix_audits_login_id", "audits", ["login", "id"])
    op.create_index("ix_audits_kind_ref_id", "audits", ["kind", "ref", "id"])
    op.create_index("ix_audits_action_id", "audits", ["action", "id"])


def downgrade() -> None:
    for table in ("audits", "sessions", "credentials"):
        op.drop_table(table)
