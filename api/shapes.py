"""What goes over the wire: values of requests and answers. Their checks are the ones the OpenAPI document states.

Here are those of tickets, and what all have in common; the others stand with their endpoints.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

# A `$` alone would let a line break at the end through.
Word = Annotated[str, Meta(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f]*$(?!\n)")]
Filter = Annotated[str, Meta(max_length=120, pattern=r"^[^\x00-\x1f]*$(?!\n)")]
Words = Annotated[str, Meta(min_length=1, max_length=20_000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$")]
Moment = Annotated[datetime, Meta(tz=True, description="ISO 8601 with its offset")]
StateName = Literal[
    "submitted", "triage", "assigned", "in_progress", "waiting_complainant", "resolved", "followup", "rejected",
    "closed", "withdrawn", "merged", "referred",
]  # fmt: skip
Level = Literal["P0", "P1", "P2", "P3", "P4"]
Limit = Annotated[int, Meta(ge=1, le=200, description="Lines of a page")]
Cursor = Annotated[str, Meta(max_length=200, description="`next` of the page before")]
Language = Literal["zh", "en"]


# -- tickets ------------------------------------------------------------------------------------------------------


class TicketQuery(Struct, forbid_unknown_fields=True):
    """Which tickets. Without any: all that the token sees."""

    state: list[StateName] = []
    department: Filter = ""
    handler: Filter = ""
    mine: Annotated[bool, Meta(description="Only those the token's name has")] = False
    category: Filter = ""
    priority: Level | UnsetType = UNSET
    number: Filter = ""
    due_before: (
        Annotated[Moment, Meta(description="Result still owed, its clock running, and due before this")]
        | UnsetType
    ) = UNSET
    updated_since: Annotated[Moment, Meta(description="Changed at this moment or later")] | UnsetType = UNSET
    order: Annotated[
        Literal["newest", "changed", "due"],
        Meta(
            description="newest: filed last; changed: changed first, to keep up; due: result owed soonest, without"
            " those that wait for the complainant"
        ),
    ] = "newest"
    limit: Limit = 50
    cursor: Cursor = ""


class TicketLine(Struct):
    """A ticket in a list: nothing of what people wrote. `version` is its ETag."""

    number: str
    state: StateName
    category: str
    department: str
    handler: str
    nature: str
    priority: str
    severity: int
    language: str
    anonymous: bool
    cycle: int
    version: int
    submitted_at: datetime
    changed_at: datetime
    due_at: Annotated[datetime | None, Meta(description="When the result is due")]


class TicketPage(Struct):
    """`next`: `cursor` of the page after this one; null on the last."""

    items: list[TicketLine]
    next: str | None


class Detail(Struct):
    """One detail. Without the scope `personal` its text is masked."""

    label: str
    text: str


class Clock(Struct):
    """`felt_s`: what the complainant waited; `staff_s`: working time without pauses."""

    kind: str
    cycle: int
    started_at: datetime
    due_at: datetime
    estimated: bool
    paused: bool
    met_at: datetime | None
    breached_at: datetime | None
    stopped_at: datetime | None
    felt_s: int
    staff_s: int


class Media(Struct):
    """A file that came with the complaint. `state`: none, pending, kept, refused, gone; kept ones can be fetched."""

    id: int
    kind: str
    state: str
    mime: str
    size_bytes: int


class Ticket(Struct):
    """A whole ticket. `masked`: what people wrote is left out, for want of the scope `personal`."""

    number: str
    state: StateName
    category: str
    category_name: str
    department: str
    handler: str
    nature: str
    priority: str
    severity: int
    language: str
    anonymous: bool
    cycle: int
    version: int
    submitted_at: datetime
    changed_at: datetime
    resolved_at: datetime | None
    merged_into: str | None
    masked: bool
    description: str | None
    details: dict[str, Detail]
    steps: Annotated[list[str], Meta(description="What was promised to the complainant")]
    first_contact_by: datetime | None
    resolution_by: datetime | None
    clocks: list[Clock]
    media: list[Media]
    actions: Annotated[list[str], Meta(description="What this token's role may do now")]


class Event(Struct):
    """One line of a ticket's history. `data`: without the scope `personal`, only what nobody wrote."""

    id: int
    at: datetime
    by: str
    name: str
    action: str
    from_state: str | None
    to_state: str | None
    cycle: int
    data: dict[str, Any]


class History(Struct):
    """Oldest first."""

    items: list[Event]


class Clocks(Struct):
    """Of all cycles, oldest first."""

    items: list[Clock]


class Actions(Struct):
    """`needs`: by action, what its body must hold."""

    state: StateName
    version: int
    actions: list[str]
    needs: dict[str, list[str]]


class Done(Struct):
    """The ticket after an action. Its version is the new ETag."""

    number: str
    state: StateName
    department: str
    handler: str
    priority: str
    cycle: int
    version: int
    actions: list[str]


class NewTicket(Struct, forbid_unknown_fields=True):
    """A complaint taken down for somebody who called or came."""

    category: Annotated[Word, Meta(description="A code of `GET /categories`")]
    description: Words
    language: Language = "zh"
    details: Annotated[
        dict[str, Words], Meta(description="By field key of the category, as the person said it")
    ] = {}
    anonymous: bool = False


class Filed(Struct):
    """What to tell the person: number, department, steps, dates."""

    number: str
    state: StateName
    department: str
    department_name: str
    priority: str
    steps: list[str]
    first_contact_by: datetime
    resolution_by: datetime
    version: int
