"""Complaints that are alike: what they name, links between them, clusters.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import casework.storage.fields

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = casework.storage.fields.UtcDateTime()
    key = casework.storage.fields.Id
    op.create_table(
        "ticket_keys",
        sa.Column("ticket_id", key, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_keys_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", "key", name=op.f("pk_ticket_keys")),
    )
    op.create_index("ix_ticket_keys_key_at", "ticket_keys", ["key", "at"], unique=False)
    op.create_table(
        "ticket_links",
        sa.Column("ticket_id", key, nullable=False),
        sa.Column("earlier_id", key, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("likeness", sa.Float(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_links_ticket_id")),
        sa.ForeignKeyConstraint(["earlier_id"], ["tickets.id"], name=op.f("fk_ticket_links_earlier_id")),
        sa.PrimaryKeyConstraint("ticket_id", "earlier_id", name=op.f("pk_ticket_links")),
    )
    op.create_index("ix_ticket_links_earlier_id", "ticket_links", ["earlier_id"], unique=False)
    op.create_table(
        "clusters",
        sa.Column("id", key, nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("lead_id", key, nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("joined_at", moment, nullable=False),
        sa.Column("ended_at", moment),
        sa.ForeignKeyConstraint(["lead_id"], ["tickets.id"], name=op.f("fk_clusters_lead_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clusters")),
    )
    unended = sa.text("ended_at IS NULL")
    op.create_index(
        "uq_clusters_key", "clusters", ["key"], unique=True, sqlite_where=unended, postgresql_where=unended
    )
    op.create_index("ix_clusters_lead_id", "clusters", ["lead_id"], unique=False)
    op.create_table(
        "cluster_members",
        sa.Column("ticket_id", key, nullable=False),
        sa.Column("cluster_id", key, nullable=False),
        sa.Column("joined_at", moment, nullable=False),
        sa.Column("left_at", moment),
        sa.ForeignKeyConstraint(["ticket_id"], ["tickets.id"], name=op.f("fk_cluster_members_ticket_id")),
        sa.ForeignKeyConstraint(["cluster_id"], ["clusters.id"], name=op.f("fk_cluster_members_cluster_id")),
        sa.PrimaryKeyConstraint("ticket_id", name=op.f("pk_cluster_members")),
    )
    op.create_index("ix_cluster_members_cluster_id", "cluster_members", ["cluster_id"], unique=False)


def downgrade() -> None:
    for table in ("cluster_members", "clusters", "ticket_links", "ticket_keys"):
        op.drop_table(table)
