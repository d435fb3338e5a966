"""Events know whether anybody was told of them. What happened before counts as told.

Revision ID: 0007
Revises: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import casework.storage.fields

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = casework.storage.fields.UtcDateTime()
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.add_column(sa.Column("spread_at", moment))
        batch_op.add_column(sa.Column("spread_tries", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("spread_again_at", moment))
        batch_op.add_column(sa.Column("spread_error", sa.String(length=190)))
    op.execute("UPDATE events SET spread_at = at")
    waiting = sa.text("spread_at IS NULL")
    op.create_index("ix_events_unspread", "events", ["id"], sqlite_where=waiting, postgresql_where=waiting)


def downgrade() -> None:
    op.drop_index("ix_events_unspread", "events")
    with op.batch_alter_table("events", schema=None) as batch_op:
        for name in ("spread_at", "spread_tries", "spread_again_at", "spread_error"):
            batch_op.drop_column(name)
