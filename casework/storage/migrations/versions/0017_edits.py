"""What is edited at the desk in the files of packs/.

Revision ID: 0017
Revises: 0016
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import casework.storage.fields

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "edits",
        sa.Column("id", casework.storage.fields.Id, nullable=False),
        sa.Column("document", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("value", sa.Text()),
        sa.Column("before", sa.Text()),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", casework.storage.fields.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edits")),
    )
    op.create_index("ix_edits_document_key_id", "edits", ["document", "key", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("edits")
