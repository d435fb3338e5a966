"""Files that people send: what became of each, and which bytes are to be deleted.

Revision ID: 0004
Revises: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import casework.storage.fields

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_FETCHED = ("photo", "voice", "video", "audio", "file")


def upgrade() -> None:
    moment = casework.storage.fields.UtcDateTime()
    with op.batch_alter_table("media", schema=None) as batch_op:
        batch_op.add_column(sa.Column("state", sa.String(length=8), nullable=False, server_default="none"))
        batch_op.add_column(sa.Column("reason", sa.String(length=60)))
        batch_op.add_column(sa.Column("sha", sa.String(length=64)))
        batch_op.add_column(sa.Column("thumb_sha", sa.String(length=64)))
        batch_op.add_column(sa.Column("mime", sa.String(length=80)))
        batch_op.add_column(sa.Column("size_bytes", sa.Integer()))
        batch_op.add_column(sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("next_try_at", moment))
        batch_op.add_column(sa.Column("settled_at", moment))
        batch_op.create_index("ix_media_state_next_try_at", ["state", "next_try_at"], unique=False)
        batch_op.create_index("ix_media_sha", ["sha"], unique=False)
        batch_op.create_index("ix_media_thumb_sha", ["thumb_sha"], unique=False)
    media = sa.table("media", sa.column("state"), sa.column("kind"), sa.column("next_try_at"), sa.column("created_at"))
    op.execute(
        media.update().where(media.c.kind.in_(_FETCHED)).values(state="pending", next_try_at=media.c.created_at)
    )
    op.create_table(
        "dead_files",
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("sha", name=op.f("pk_dead_files")),
    )


def downgrade() -> None:
    op.drop_table("dead_files")
    with op.batch_alter_table("media", schema=None) as batch_op:
        for name in ("ix_media_state_next_try_at", "ix_media_sha", "ix_media_thumb_sha"):
            batch_op.drop_index(name)
        for name in (
            "state", "reason", "sha", "thumb_sha", "mime", "size_bytes", "attempts", "next_try_at", 
            "settled_at",
        ):
            batch_op.drop_column(name)
