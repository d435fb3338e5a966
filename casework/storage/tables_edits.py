"""The table of what was edited at the desk in the files of ``packs/``. Holds no word of a complainant."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table, Text

from casework.storage.fields import Id, UtcDateTime
from casework.storage.tables import metadata

#: Append-only: the newest row of a key counts, the older ones are its history.
edits = Table(
    "edits",
    metadata,
    Column("id", Id, primary_key=True),
    Column("document", String(64), nullable=False),
    Column("key", String(255), nullable=False),
    Column("value", Text),  # JSON; none: as in the file again
    Column("before", Text),  # JSON of what counted until then; none: nothing did
    Column("by", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index("ix_edits_document_key_id", "document", "key", "id"),
)
