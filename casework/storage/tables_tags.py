"""Tags of tickets. Classed like all others in :data:`casework.storage.tables.PERSONAL`."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, Table

from casework.storage.fields import Id, UtcDateTime
from casework.storage.tables import metadata

#: What staff marked a ticket with, of the house's own list: never free words.
ticket_tags = Table(
    "ticket_tags",
    metadata,
    Column("ticket_id", Id, ForeignKey("tickets.id"), primary_key=True),
    Column("tag", String(24), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_ticket_tags_tag_ticket_id", "tag", "ticket_id"),
)
