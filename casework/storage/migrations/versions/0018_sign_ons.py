"""Sign-ons at an OpenID provider, sessions that came of one, and the audit log by date.

Revision ID: 0018
Revises: 0017
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from casework.storage.fields import EncryptedText, UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sign_ons",
        sa.Column("state_hash", sa.String(64), nullable=False),
        sa.Column("nonce", sa.String(64), nullable=False),
        sa.Column("verifier", EncryptedText(), nullable=False),
        sa.Column("next_page", EncryptedText(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_sign_ons")),
    )
    op.create_index("ix_sign_ons_ends_at", "sign_ons", ["ends_at"])
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("by_provider", sa.Boolean(), nullable=False, server_default=sa.text("false"))
        )
    op.create_index("ix_audits_at_id", "audits", ["at", "id"])


def downgrade() -> None:
    op.drop_index("ix_audits_at_id", table_name="audits")
    op.execute("DELETE FROM sessions WHERE by_provider")
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.drop_column("by_provider")
    op.drop_table("sign_ons")
