"""Departments, people, absences and the routing table; departments of packs are called by their pack too.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import casework.storage.fields

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = casework.storage.fields.UtcDateTime()
    key = casework.storage.fields.Id
    op.create_table(
        "staff",
        sa.Column("id", key, nullable=False),
        sa.Column("login", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("email", casework.storage.fields.EncryptedText()),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("hours", sa.String(length=120)),
        sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.text("true")),
        sa.Column("given_at", moment),
        sa.Column("created_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("login", name=op.f("uq_staff_login")),
    )
    op.create_table(
        "staff_roles",
        sa.Column("staff_id", key, nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_roles_staff_id")),
        sa.PrimaryKeyConstraint("staff_id", "department", "role", name=op.f("pk_staff_roles")),
    )
    op.create_index("ix_staff_roles_department_role", "staff_roles", ["department", "role"], unique=False)
    op.create_table(
        "departments",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name_zh", sa.String(length=120), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("parent", sa.String(length=64)),
        sa.Column("hours", sa.String(length=120)),
        sa.Column("rota", sa.JSON()),
        sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.text("true")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_departments")),
    )
    op.create_table(
        "absences",
        sa.Column("id", key, nullable=False),
        sa.Column("staff_id", key, nullable=False),
        sa.Column("starts_at", moment, nullable=False),
        sa.Column("ends_at", moment, nullable=False),
        sa.Column("stand_in", sa.String(length=64)),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_absences_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index("ix_absences_staff_id_ends_at", "absences", ["staff_id", "ends_at"], unique=False)
    op.create_index("ix_absences_ends_at", "absences", ["ends_at"], unique=False)
    op.create_table(
        "routes",
        sa.Column("id", key, nullable=False),
        sa.Column("prefix", sa.String(length=24), nullable=False),
        sa.Column("area", sa.String(length=64), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("handler", sa.String(length=64)),
        sa.Column("co", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routes")),
        sa.UniqueConstraint("prefix", "area", name=op.f("uq_routes_prefix_area")),
    )
    op.create_table(
        "area_words",
        sa.Column("word", sa.String(length=120), nullable=False),
        sa.Column("area", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_area_words")),
    )
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.create_index("ix_tickets_handler_state_priority", ["handler", "state", "priority"], unique=False)
    op.execute(
        "UPDATE tickets SET department = pack || '.' || department "
        "WHERE pack IS NOT NULL AND category IS NOT NULL AND department NOT LIKE '%.%'"
    )
    op.execute(
        "UPDATE tasks SET department = (SELECT t.department FROM tickets t WHERE t.id = tasks.ticket_id) "
        "WHERE kind IN ('follow_up', 'supervision') AND department IS NOT NULL"
    )


def downgrade() -> None:
    op.execute(
        "UPDATE tickets SET department = substr(department, length(pack) + 2) "
        "WHERE department LIKE pack || '.%'"
    )
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.drop_index("ix_tickets_handler_state_priority")
    for table in ("area_words", "routes", "absences", "departments", "staff_roles", "staff"):
        op.drop_table(table)
