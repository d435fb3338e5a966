"""Programs that read and act: API tokens, answers to requests with a key, webhooks.

Revision ID: 0014
Revises: 0013
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import casework.storage.fields

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment, key = casework.storage.fields.UtcDateTime(), casework.storage.fields.Id
    secret = casework.storage.fields.EncryptedText()
    op.create_table(
        "api_tokens",
        sa.Column("id", key, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("department", sa.String(length=64)),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("used_at", moment),
        sa.Column("revoked_at", moment),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("hash", name=op.f("uq_api_tokens_hash")),
    )
    op.create_table(
        "api_answers",
        sa.Column("token_id", key, nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("headers", sa.JSON()),
        sa.Column("body", sa.Text()),
        sa.Column("created_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["token_id"], ["api_tokens.id"], name=op.f("fk_api_answers_token_id")),
        sa.PrimaryKeyConstraint("token_id", "key", name=op.f("pk_api_answers")),
    )
    op.create_index("ix_api_answers_created_at", "api_answers", ["created_at"], unique=False)
    op.create_table(
        "webhooks",
        sa.Column("id", key, nullable=False),
        sa.Column("url", secret, nullable=False),
        sa.Column("secret", secret, nullable=False),
        sa.Column("types", sa.JSON(), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("removed_at", moment),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", key, nullable=False),
        sa.Column("webhook_id", key, nullable=False),
        sa.Column("event_id", key, nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("next_try_at", moment, nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("error", sa.String(length=60)),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("settled_at", moment),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhooks.id"], name=op.f("fk_webhook_deliveries_webhook_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
        sa.UniqueConstraint("webhook_id", "event_id", name=op.f("uq_webhook_deliveries_webhook_id_event_id")),
    )
    op.create_index(
        "ix_webhook_deliveries_state_next_try_at", "webhook_deliveries", ["state", "next_try_at"], unique=False
    )


def downgrade() -> None:
    for table in ("webhook_deliveries", "webhooks", "api_answers", "api_tokens"):
        op.drop_table(table)
