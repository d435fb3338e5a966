"""Mails to staff.

Revision ID: 0012
Revises: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import casework.storage.fields

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = casework.storage.fields.UtcDateTime()
    waiting = sa.text("state = 'waiting'")
    op.create_table(
        "mails",
        sa.Column("id", casework.storage.fields.Id, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("ticket_id", casework.storage.fields.Id),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.text("false")),
        sa.Column("state", sa.String(length=8), nullable=False, server_default="waiting"),
        sa.Column("tries", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("lease_token", sa.String(length=32)),
        sa.Column("error", sa.String(length=60)),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("settled_at", moment),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("key", name=op.f("uq_mails_key")),
    )
    op.create_index("ix_mails_waiting", "mails", ["due_at"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_index("ix_mails_login_state_settled_at", "mails", ["login", "state", "settled_at"])


def downgrade() -> None:
    op.drop_table("mails")
