"""Indexes for every list at a million tickets: whole ones for what is listed by age, small ones for what is open.

On PostgreSQL they are built without holding up anybody who writes; what a failed run left is built anew.

Revision ID: 0013
Revises: 0012
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_OPEN = (
    "state IN ('assigned', 'followup', 'in_progress', 'resolved', 'submitted', 'triage', 'waiting_complainant')"
)
_UNSETTLED = "state IN ('waiting', 'queued', 'sending', 'held', 'failed')"
#: name, table, columns, condition of an index that holds a part of the rows
_Index = tuple[str, str, list[str], str]
_NEW: tuple[_Index, ...] = (
    ("ix_conversations_ready", "conversations", ["ready_at"], "ready_at IS NOT NULL"),
    ("ix_conversations_address", "conversations", ["address"], ""),
    ("ix_conversations_with_people", "conversations", ["owner", "owner_since"], "owner IN ('queue', 'staff')"),
    ("ix_messages_unsettled", "messages", ["state", "next_try_at"], _UNSETTLED),
    ("ix_messages_unsettled_in", "messages", ["conversation_id", "state"], _UNSETTLED),
    ("ix_tickets_complainant_id_id", "tickets", ["complainant_id", "id"], ""),
    ("ix_tickets_state_id", "tickets", ["state", "id"], ""),
    ("ix_tickets_department_id", "tickets", ["department", "id"], ""),
    ("ix_tickets_handler_id", "tickets", ["handler", "id"], ""),
    ("ix_tickets_category_id", "tickets", ["category", "id"], ""),
    ("ix_tickets_priority_id", "tickets", ["priority", "id"], ""),
    ("ix_tickets_changed_at_id", "tickets", ["changed_at", "id"], ""),
    ("ix_tickets_open", "tickets", ["department", "handler", "priority"], _OPEN),
    ("ix_tickets_open_handler", "tickets", ["handler", "priority", "state"], _OPEN),
    ("ix_tickets_waking", "tickets", ["wake_at"], "wake_at IS NOT NULL"),
    ("ix_tickets_merged", "tickets", ["merged_into"], "merged_into IS NOT NULL"),
    ("ix_clocks_running", "clocks", ["due_at", "ticket_id"], "met_at IS NULL AND stopped_at IS NULL"),
    ("ix_clocks_alarming", "clocks", ["next_alarm_at"], "next_alarm_at IS NOT NULL"),
    ("ix_clocks_pausing", "clocks", ["paused_until"], "paused_until IS NOT NULL"),
    ("ix_events_dangers", "events", ["action", "ticket_id"], "action IN ('alarm', 'alarm_seen')"),
    ("ix_events_set_aside", "events", ["id"], "spread_error IS NOT NULL"),
)
_OLD: tuple[_Index, ...] = (
    ("ix_conversations_ready_at", "conversations", ["ready_at"], ""),
    ("ix_conversations_owner", "conversations", ["owner"], ""),
    ("ix_messages_state_next_try_at", "messages", ["state", "next_try_at"], ""),
    ("ix_messages_conversation_id_state", "messages", ["conversation_id", "state"], ""),
    ("ix_tickets_complainant_id", "tickets", ["complainant_id"], ""),
    ("ix_tickets_state_changed_at", "tickets", ["state", "changed_at"], ""),
    ("ix_tickets_handler_state_priority", "tickets", ["handler", "state", "priority"], ""),
    ("ix_tickets_wake_at", "tickets", ["wake_at"], ""),
    ("ix_tickets_merged_into", "tickets", ["merged_into"], ""),
    ("ix_clocks_met_at_due_at", "clocks", ["met_at", "due_at"], ""),
    ("ix_clocks_next_alarm_at", "clocks", ["next_alarm_at"], ""),
    ("ix_clocks_paused_until", "clocks", ["paused_until"], ""),
)


def upgrade() -> None:
    _replace(_OLD, by=_NEW)


def downgrade() -> None:
    _replace(_NEW, by=_OLD)


def _replace(old: Iterable[_Index], *, by: Iterable[_Index]) -> None:
    if op.get_bind().dialect.name != "postgresql":
        for name, table, columns, condition in by:
            op.create_index(name, table, columns, sqlite_where=_where(condition))
        for name, table, *_ in old:
            op.drop_index(name, table)
        return
    with op.get_context().autocommit_block():
        for name, table, columns, condition in by:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.create_index(
                name,
                table,
                columns,
                postgresql_where=sa.text(condition) if condition else None,
                postgresql_concurrently=True,
            )
        for name, *_ in old:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")


def _where(condition: str) -> sa.sql.elements.TextClause | None:
    """What names values is no condition on SQLite, which sees none when it plans."""
    return sa.text(condition) if condition and " IN " not in condition else None
