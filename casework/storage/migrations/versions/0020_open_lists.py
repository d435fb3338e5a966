"""Indexes for lists of open cases in the order of their last change and of their level.

Revision ID: 0020
Revises: 0019
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_OPEN = (
    "state IN ('assigned', 'followup', 'in_progress', 'resolved', 'submitted', 'triage', 'waiting_complainant')"
)
_NEW: tuple[tuple[str, list[str]], ...] = (
    ("ix_tickets_open_changed", ["changed_at", "id"]),
    ("ix_tickets_open_priority", ["priority", "id"]),
)


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        for name, columns in _NEW:
            op.create_index(name, "tickets", columns)
        return
    with op.get_context().autocommit_block():
        for name, columns in _NEW:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.create_index(
                name, "tickets", columns, postgresql_where=sa.text(_OPEN), postgresql_concurrently=True
            )


def downgrade() -> None:
    for name, _ in _NEW:
        op.drop_index(name, "tickets")
