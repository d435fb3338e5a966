"""What people are told of their cases.

Revision ID: 0010
Revises: 0009
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import casework.storage.fields

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = casework.storage.fields.UtcDateTime()
    key = casework.storage.fields.Id
    waiting = sa.text("state = 'waiting'")
    op.create_table(
        "notices",
        sa.Column("id", key, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("ticket_id", key, nullable=False),
        sa.Column("about_id", key, nullable=False),
        sa.Column("event_id", key),
        sa.Column("conversation_id", key, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False, server_default="waiting"),
        sa.Column("reason", sa.String(length=40)),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("message_id", key),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("settled_at", moment),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_notices_ticket_id")),
        sa.ForeignKeyConstraint(["about_id"], ["tickets.id"], name=op.f("fk_notices_about_id")),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_notices_conversation_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_notices_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("key", name=op.f("uq_notices_key")),
    )
    op.create_index("ix_notices_waiting", "notices", ["due_at"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_index("ix_notices_conversation_id_state", "notices", ["conversation_id", "state"])
    for column in ("ticket_id", "about_id", "message_id"):
        op.create_index(f"ix_notices_{column}", "notices", [column])


def downgrade() -> None:
    op.drop_table("notices")
