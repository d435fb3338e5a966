"""Tables of complaints that are alike. Classed like all others in :data:`casework.storage.tables.PERSONAL`."""

from __future__ import annotations

from sqlalchemy import JSON, Column, Float, ForeignKey, Index, String, Table, text

from casework.storage.fields import Id, UtcDateTime
from casework.storage.tables import metadata

#: What a ticket names, as keyed hashes: found by whoever names the same, read by nobody.
ticket_keys = Table(
    "ticket_keys",
    metadata,
    Column("ticket_id", Id, ForeignKey("tickets.id"), primary_key=True),
    Column("key", String(32), primary_key=True),
    Column("kind", String(8), nullable=False),  # object place area party contact
    Column("at", UtcDateTime, nullable=False),  # when the ticket was filed
    Index("ix_ticket_keys_key_at", "key", "at"),
)

#: Earlier tickets that one is like.
ticket_links = Table(
    "ticket_links",
    metadata,
    Column("ticket_id", Id, ForeignKey("tickets.id"), primary_key=True),
    Column("earlier_id", Id, ForeignKey("tickets.id"), primary_key=True),
    Column("kind", String(8), nullable=False),  # follows: that one was over; similar
    Column("likeness", Float, nullable=False),
    Column("reasons", JSON, nullable=False),  # person category place area object party words again
    Column("verdict", String(5)),  # same | other: what staff made of it; none while nobody has looked
    Column("judged_by", String(120)),
    Index("ix_ticket_links_earlier_id", "earlier_id"),
)

_UNENDED = text("ended_at IS NULL")

#: Several people who told of one thing. The unique row decides that there is one of a key at a time.
clusters = Table(
    "clusters",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String(32), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("lead_id", Id, ForeignKey("tickets.id"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("joined_at", UtcDateTime, nullable=False),  # when the last one came to it
    Column("ended_at", UtcDateTime),
    Index("uq_clusters_key", "key", unique=True, sqlite_where=_UNENDED, postgresql_where=_UNENDED),
    Index("ix_clusters_lead_id", "lead_id"),
)

#: A ticket is in one cluster in its life; one that was taken out is not drawn into another.
cluster_members = Table(
    "cluster_members",
    metadata,
    Column("ticket_id", Id, ForeignKey("tickets.id"), primary_key=True),
    Column("cluster_id", Id, ForeignKey("clusters.id"), nullable=False),
    Column("joined_at", UtcDateTime, nullable=False),
    Column("left_at", UtcDateTime),
    Index("ix_cluster_members_cluster_id", "cluster_id"),
)
