"""Clocks that pause, stop and give alarms; tasks; merged tickets; states that silence ends.

Revision ID: 0006
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import casework.storage.fields

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = casework.storage.fields.UtcDateTime()
    key = casework.storage.fields.Id
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.add_column(sa.Column("escalation", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("merged_into", key))
        batch_op.add_column(sa.Column("wake_at", moment))
        batch_op.create_index("ix_tickets_wake_at", ["wake_at"], unique=False)
        batch_op.create_index("ix_tickets_merged_into", ["merged_into"], unique=False)
    with op.batch_alter_table("clocks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("working", sa.Boolean(), nullable=False, server_default=sa.text("false")))
        batch_op.add_column(sa.Column("length_s", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("paused_until", moment))
        batch_op.add_column(sa.Column("paused_working_s", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("stopped_at", moment))
        batch_op.add_column(sa.Column("next_level", sa.Integer()))
        batch_op.add_column(sa.Column("next_alarm_at", moment))
        batch_op.create_index("ix_clocks_next_alarm_at", ["next_alarm_at"], unique=False)
        batch_op.create_index("ix_clocks_paused_until", ["paused_until"], unique=False)
    _measure_clocks(moment)
    op.create_table(
        "alarms",
        sa.Column("id", key, nullable=False),
        sa.Column("ticket_id", key, nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("given_at", moment, nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_alarms_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms")),
        sa.UniqueConstraint("ticket_id", "cycle", "kind", "level", name=op.f("uq_alarms_ticket_id_cycle_kind_level")),
    )
    op.create_index("ix_alarms_given_at", "alarms", ["given_at"], unique=False)
    op.create_table(
        "tasks",
        sa.Column("id", key, nullable=False),
        sa.Column("ticket_id", key, nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False, server_default="open"),
        sa.Column("department", sa.String(length=64)),
        sa.Column("assignee", sa.String(length=120)),
        sa.Column("created_by", sa.String(length=120)),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("due_at", moment),
        sa.Column("ended_at", moment),
        sa.Column("ended_by", sa.String(length=120)),
        sa.Column("data", casework.storage.fields.EncryptedJson()),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_tasks_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index("ix_tasks_ticket_id", "tasks", ["ticket_id"], unique=False)
    op.create_index("ix_tasks_state_due_at", "tasks", ["state", "due_at"], unique=False)


def _measure_clocks(moment: casework.storage.fields.UtcDateTime) -> None:
    """Clocks from before count round the clock, and their first alarm is the due time."""
    clocks = sa.table(
        "clocks",
        sa.column("id"),
        sa.column("started_at", moment),
        sa.column("due_at", moment),
        sa.column("met_at", moment),
        sa.column("length_s"),
        sa.column("next_level"),
        sa.column("next_alarm_at", moment),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(clocks)).all():
        values = {"length_s": max(1, int((row.due_at - row.started_at).total_seconds()))}
        if row.met_at is None:
            values |= {"next_level": 100, "next_alarm_at": row.due_at}
        connection.execute(clocks.update().where(clocks.c.id == row.id).values(**values))


def downgrade() -> None:
    op.drop_table("tasks")
    op.drop_table("alarms")
    with op.batch_alter_table("clocks", schema=None) as batch_op:
        batch_op.drop_index("ix_clocks_paused_until")
        batch_op.drop_index("ix_clocks_next_alarm_at")
        for name in (
            "working", "length_s", "paused_until", "paused_working_s", "stopped_at", "next_level", "next_alarm_at",
        ):
            batch_op.drop_column(name)
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.drop_index("ix_tickets_merged_into")
        batch_op.drop_index("ix_tickets_wake_at")
        for name in ("escalation", "merged_into", "wake_at"):
            batch_op.drop_column(name)
