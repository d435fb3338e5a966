"""The clock of the next word to a person runs again after each word, with alarms of its own.

Revision ID: 0015
Revises: 0014
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_KEYS: tuple[tuple[str, list[str], list[str]], ...] = (
    ("clocks", ["ticket_id", "cycle", "kind"], []),
    ("alarms", ["ticket_id", "cycle", "kind"], ["level"]),
)


def upgrade() -> None:
    for table, before, after in _KEYS:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("run", sa.Integer(), nullable=False, server_default="1"))
            batch_op.drop_constraint(_name(table, *before, *after), type_="unique")
            batch_op.create_unique_constraint(_name(table, *before, "run", *after), [*before, "run", *after])


def downgrade() -> None:
    for table, before, after in _KEYS:
        op.execute(f"DELETE FROM {table} WHERE run > 1")  # noqa: S608 (names of ours)
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(_name(table, *before, "run", *after), type_="unique")
            batch_op.create_unique_constraint(_name(table, *before, *after), [*before, *after])
            batch_op.drop_column("run")


def _name(table: str, *columns: str) -> str:
    return f"uq_{table}_{'_'.join(columns)}"
