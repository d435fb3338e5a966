"""What goes over the wire: values of requests and answers. Their checks are the ones the OpenAPI document states."""

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


# -- beside tickets -------------------------------------------------------------------------------------------------


class TaskQuery(Struct, forbid_unknown_fields=True):
    """Which tasks, the oldest first."""

    state: Literal["open", "done", "dropped"] = "open"
    kind: Annotated[Filter, Meta(description="Such as follow_up, supervision, co_handling, extension")] = ""
    department: Filter = ""
    assignee: Filter = ""
    mine: bool = False
    limit: Limit = 50
    cursor: Cursor = ""


class Task(Struct):
    """A piece of work beside a ticket. `data`: only with the scope `personal`."""

    id: int
    ticket: str
    kind: str
    state: str
    department: str
    assignee: str
    created_by: str
    created_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    ended_by: str
    data: dict[str, Any] | None


class TaskPage(Struct):
    """`next`: `cursor` of the page after this one; null on the last."""

    items: list[Task]
    next: str | None


class Result(Struct, forbid_unknown_fields=True):
    """What was done or found."""

    result: Words


class Finished(Struct):
    """`finished`: false when it was ended before."""

    id: int
    finished: bool


class PageQuery(Struct, forbid_unknown_fields=True):
    """Where a list goes on."""

    limit: Limit = 50
    cursor: Cursor = ""


class Danger(Struct):
    """Somebody in danger, filed or still telling. `ticket`: null while there is no number yet."""

    id: int
    ticket: str | None
    conversation: int
    at: datetime


class DangerPage(Struct):
    """Nobody of staff has looked at these. `next`: `cursor` of the page after this one."""

    items: list[Danger]
    next: str | None


class ClockAlarm(Struct):
    """A clock that runs out. `level`: percent of its length."""

    id: int
    ticket: str
    department: str
    kind: str
    cycle: int
    level: int
    at: datetime
    told: list[tuple[str, str]]


class ClockAlarmPage(Struct):
    """The last one given first. `next`: `cursor` of the page after this one."""

    items: list[ClockAlarm]
    next: str | None


class Seen(Struct):
    """An alarm that somebody has looked at."""

    id: int


# -- conversations ----------------------------------------------------------------------------------------------------


class ChatQuery(Struct, forbid_unknown_fields=True):
    """Which conversations, the longest wait first."""

    owner: Annotated[
        Literal["queue", "staff"], Meta(description="queue: waits for a person; staff: is with one")
    ] = "queue"
    limit: Limit = 50
    cursor: Cursor = ""


class Chat(Struct):
    """A conversation. `owner`: bot, queue, staff."""

    id: int
    channel: str
    owner: str
    owner_name: str
    owner_since: datetime | None
    language: str
    reachable: bool
    last_seq: int


class ChatPage(Struct):
    """`next`: `cursor` of the page after this one; null on the last."""

    items: list[Chat]
    next: str | None


class TranscriptQuery(Struct, forbid_unknown_fields=True):
    """`after`: `seq` of the last message that is known."""

    after: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0
    limit: Limit = 100


class Message(Struct):
    """One message. `author`: complainant, bot, staff, system. `internal`: a note that is never sent."""

    id: int
    seq: int
    at: datetime
    author: str
    author_name: str
    text: str
    media: list[str]
    state: str
    internal: bool


class Transcript(Struct):
    """Messages in order, from after `after` on."""

    conversation: Chat
    items: list[Message]


class Say(Struct, forbid_unknown_fields=True):
    """What to tell the person. Saying something takes the conversation."""

    text: Words


class Said(Struct):
    """The message in the outbox."""

    id: int


class Closing(Struct, forbid_unknown_fields=True):
    """What was agreed: told to the person first, and kept."""

    agreed: Annotated[str, Meta(max_length=2000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]*$")] = ""


class Colleague(Struct, forbid_unknown_fields=True):
    """Who carries on."""

    to: Word


# -- the house --------------------------------------------------------------------------------------------------------


class Field(Struct):
    """What a category wants to know."""

    key: str
    label: str
    required: bool
    personal: bool


class Category(Struct):
    """A kind of complaint, and who handles it by default."""

    code: str
    name: str
    department: str
    nature: str
    severity: int
    fields: list[Field]


class Categories(Struct):
    """In the order of the packs."""

    items: list[Category]


class Department(Struct):
    """`code`: what tickets call it; `parent`: of the one above it, or empty."""

    code: str
    name: str
    parent: str


class Departments(Struct):
    """All of the house."""

    items: list[Department]


class StaffQuery(Struct, forbid_unknown_fields=True):
    """Which members, by login."""

    department: Filter = ""
    limit: Limit = 100
    cursor: Filter = ""


class Member(Struct):
    """A member of staff. `login`: what tickets call them; `roles`: by department, an empty one is the whole house."""

    login: str
    name: str
    roles: dict[str, list[str]]
    skills: Annotated[list[str], Meta(description="Beginnings of categories; empty: all")]
    languages: list[str]


class StaffPage(Struct):
    """`next`: `cursor` of the page after this one; null on the last."""

    items: list[Member]
    next: str | None


class Self(Struct):
    """Who the token acts as."""

    name: str
    role: str
    department: str
    scopes: list[str]


class LanguageQuery(Struct, forbid_unknown_fields=True):
    """Language of names."""

    language: Language = "zh"
