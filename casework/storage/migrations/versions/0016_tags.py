"""Tags of tickets, and what staff made of a suspected repeat.

Revision ID: 0016
Revises: 0015
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import casework.storage.fields

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ticket_tags",
        sa.Column("ticket_id", casework.storage.fields.Id, nullable=False),
        sa.Column("tag", sa.String(length=24), nullable=False),
        sa.Column("at", casework.storage.fields.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_tags_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", "tag", name=op.f("pk_ticket_tags")),
    )
    op.create_index("ix_ticket_tags_tag_ticket_id", "ticket_tags", ["tag", "ticket_id"], unique=False)
    with op.batch_alter_table("ticket_links", schema=None) as batch_op:
        batch_op.add_column(sa.Column("verdict", sa.String(length=5), nullable=True))
        batch_op.add_column(sa.Column("judged_by", sa.String(length=120), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("ticket_links", schema=None) as batch_op:
        batch_op.drop_column("judged_by")
        batch_op.drop_column("verdict")
    op.drop_table("ticket_tags")
