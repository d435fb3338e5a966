"""Whether the person has the page open, and whether staff write.

Revision ID: 0019
Revises: 0018
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from casework.storage.fields import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_COLUMNS = ("seen_at", "typing_until")


def upgrade() -> None:
    for name in _COLUMNS:
        op.add_column("conversations", sa.Column(name, UtcDateTime()))


def downgrade() -> None:
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        for name in reversed(_COLUMNS):
            batch_op.drop_column(name)
