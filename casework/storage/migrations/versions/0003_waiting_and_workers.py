"""Since when somebody waits for a person, who of staff is still there, which engines live, which sends are in doubt.

Revision ID: 0003
Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import casework.storage.fields

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MOMENTS = ("owner_since", "owner_seen_at", "queue_told_at", "unclaimed_at")


def upgrade() -> None:
    for name in _MOMENTS:
        op.add_column("conversations", sa.Column(name, casework.storage.fields.UtcDateTime(), nullable=True))
    op.add_column("messages", sa.Column("doubtful", sa.Integer(), server_default="0", nullable=False))
    op.create_index("ix_messages_conversation_id_state", "messages", ["conversation_id", "state"])
    op.create_table(
        "engines",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("model", sa.String(length=64), server_default="", nullable=False),
        sa.Column("seen_at", casework.storage.fields.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_engines")),
    )


def downgrade() -> None:
    op.drop_table("engines")
    op.drop_index("ix_messages_conversation_id_state", "messages")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_column("doubtful")
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        for name in _MOMENTS:
            batch_op.drop_column(name)
