"""Tables of departments and people. Classed like all others in :data:`casework.storage.tables.PERSONAL`."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, String, Table, UniqueConstraint, text

from casework.storage.fields import EncryptedText, Id, UtcDateTime
from casework.storage.tables import metadata

staff = Table(
    "staff",
    metadata,
    Column("id", Id, primary_key=True),
    Column("login", String(64), nullable=False, unique=True),
    Column("name", String(120), nullable=False),  # shown to colleagues
    Column("skills", JSON, nullable=False),  # prefixes of categories; empty: all
    Column("languages", JSON, nullable=False),  # of complainants; empty: all
    Column("email", EncryptedText),
    Column("language", String(8), nullable=False),
    Column("hours", String(120)),  # none: the department's
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("given_at", UtcDateTime),  # when they were chosen for a case last
    Column("created_at", UtcDateTime, nullable=False),
)

#: Who is what, and where; an empty department is the whole house.
staff_roles = Table(
    "staff_roles",
    metadata,
    Column("staff_id", Id, ForeignKey("staff.id"), primary_key=True),
    Column("department", String(64), primary_key=True),
    Column("role", String(12), primary_key=True),
    Index("ix_staff_roles_department_role", "department", "role"),
)

departments = Table(
    "departments",
    metadata,
    Column("code", String(64), primary_key=True),
    Column("name_zh", String(120), nullable=False),
    Column("name_en", String(120), nullable=False),
    Column("parent", String(64)),
    Column("hours", String(120)),  # none: the house's
    Column("rota", JSON),  # duty officers: order of logins, since, every
    Column("active", Boolean, nullable=False, server_default=text("true")),
)

absences = Table(
    "absences",
    metadata,
    Column("id", Id, primary_key=True),
    Column("staff_id", Id, ForeignKey("staff.id"), nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("stand_in", String(64)),
    Index("ix_absences_staff_id_ends_at", "staff_id", "ends_at"),
    Index("ix_absences_ends_at", "ends_at"),
)

routes = Table(
    "routes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("prefix", String(24), nullable=False),  # of categories; empty: all
    Column("area", String(64), nullable=False),  # empty: anywhere
    Column("department", String(64), nullable=False),
    Column("handler", String(64)),  # none: whom it is fair
    Column("co", JSON, nullable=False),  # departments that are asked to help
    UniqueConstraint("prefix", "area"),
)

#: Words of places, as people write them, and the area each stands for.
area_words = Table(
    "area_words",
    metadata,
    Column("word", String(120), primary_key=True),
    Column("area", String(64), nullable=False),
)
