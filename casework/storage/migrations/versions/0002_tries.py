"""Failed look-ups of a ticket by number, counted to limit guessing.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import casework.storage.fields

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "tries",
        sa.Column("id", _ID, nullable=False),
        sa.Column("complainant_id", _ID, nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("at", casework.storage.fields.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["complainant_id"], ["complainants.id"], name=op.f("fk_tries_complainant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tries")),
    )
    with op.batch_alter_table("tries", schema=None) as batch_op:
        batch_op.create_index("ix_tries_complainant_id_at", ["complainant_id", "at"], unique=False)
        batch_op.create_index("ix_tries_number_at", ["number", "at"], unique=False)


def downgrade() -> None:
    op.drop_table("tries")
