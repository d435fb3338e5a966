"""What a ticket is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from casework.tickets.states import Facts, Role, State


@dataclass(frozen=True)
class DetailValue:
    """One detail of a complaint, as the person gave it.

    ``value``: normalised (JSON-able; ``None`` when the person said there is none), ``text``: their words,
    ``display``: for the read-back, in their language, ``source``: the sentence it came from,
    ``message_id``: the message it came from.
    """

    value: Any
    text: str
    display: str
    source: str = ""
    message_id: int | None = None


@dataclass(frozen=True)
class Intake:
    """A complaint that is being told: the working memory of the dialogue, kept with the draft.

    ``description`` holds what was told, a piece a turn.
    ``pending`` is the question asked last (a field key, ``category``, ``confirmation``), ``failures`` how many
    answers to it were not understood, ``unanswered`` how many turns went by without one, ``declined`` the fields
    the person skipped or refused, ``offered`` the categories shown as buttons, ``emotions`` one
    ``[label, intensity]`` a turn.
    """

    description: tuple[str, ...] = ()
    category: str = ""
    category_certain: bool = False
    offered: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()  # categories that were offered and refused
    ranking: tuple[
        tuple[str, float], ...
    ] = ()  # likeliest categories by all that was told, with probabilities
    details: Mapping[str, DetailValue] = field(default_factory=dict)
    declined: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    pending: str = ""
    failures: int = 0
    unanswered: int = 0
    anonymous: bool = False
    emergency: str = ""
    emergency_level: str = ""
    emotions: tuple[tuple[str, int], ...] = ()
    message_ids: tuple[int, ...] = ()
    #: further complaints heard in passing, kept for afterwards: ``text categories details emotion message_ids``
    also: tuple[Mapping[str, Any], ...] = ()
    previous: Mapping[str, DetailValue] = field(default_factory=dict)  # values before their last change
    checked: tuple[str, ...] = ()  # dangers that were asked about
    refused_contact: bool = False  # would rather not say how to be reached; asked in another way once
    acknowledged: bool = False
    #: everything heard that may fill a field, as ``[kind, value, text, sentence, message id]``
    pool: tuple[tuple[Any, ...], ...] = ()

    @property
    def question(self) -> str:
        """The open question as other programs see it: a field key, ``category``, ``confirmation``, ``check`` …"""
        act, _, key = self.pending.partition(":")
        return (key or "confirmation") if act == "change" else act

    def as_json(self) -> dict[str, Any]:
        """Shares what it holds with this value: for writing, not for changing."""
        kept = {name: {key: dict(vars(v)) for key, v in getattr(self, name).items()} for name in _DETAILS}
        return {**vars(self), **kept}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Intake:
        """Unknown keys (from another version) are ignored."""
        known = {f.name for f in fields(cls)}
        apart = {*_DETAILS, "pool"}
        values = {key: _tuples(value) for key, value in data.items() if key in known - apart}
        pool = tuple(tuple(item) for item in data.get("pool") or ())
        details, previous = (
            {key: DetailValue(**value) for key, value in (data.get(name) or {}).items()} for name in _DETAILS
        )
        return cls(**values, details=details, previous=previous, pool=pool)


#: Fields of an intake that hold details.
_DETAILS = ("details", "previous")


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value


@dataclass(frozen=True)
class Promise:
    """What the receipt says: who, by when, in which steps. ``steps`` are finished sentences."""

    department: str
    first_contact_at: datetime
    resolution_at: datetime
    steps: tuple[str, ...]
    estimated: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "department": self.department,
            "first_contact_at": self.first_contact_at.isoformat(),
            "resolution_at": self.resolution_at.isoformat(),
            "steps": list(self.steps),
            "estimated": self.estimated,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Promise:
        return cls(
            department=data["department"],
            first_contact_at=datetime.fromisoformat(data["first_contact_at"]),
            resolution_at=datetime.fromisoformat(data["resolution_at"]),
            steps=tuple(data["steps"]),
            estimated=bool(data["estimated"]),
        )


@dataclass(frozen=True)
class Ticket:
    """One complaint. ``number`` is empty while it is a draft. Times are UTC."""

    id: int
    number: str
    conversation_id: int
    complainant_id: int
    state: State
    pack: str
    category: str
    department: str
    nature: str
    language: str
    anonymous: bool
    severity: int
    priority: str
    score: Mapping[str, Any]
    description: str
    details: Mapping[str, DetailValue]
    promise: Promise | None
    intake: Intake | None
    cycle: int
    version: int
    returns: int
    created_at: datetime
    changed_at: datetime
    submitted_at: datetime | None
    resolved_at: datetime | None
    handler: str = ""
    escalation: int = 0
    merged_into: int | None = None
    wake_at: datetime | None = None

    def facts(self, *, now: datetime, appealed: bool = False) -> Facts:
        """What the state machine's guards look at. ``appealed``: the history holds an appeal."""
        return Facts(
            now=now,
            returns=self.returns,
            resolved_at=self.resolved_at,
            changed_at=self.changed_at,
            appealed=appealed,
            handler=self.handler,
            escalation=self.escalation,
        )

    @property
    def phone_tail(self) -> str:
        """The last four digits of the contact number; empty when there is none."""
        contact = self.details.get("contact")
        value = contact.value if contact else None
        number = value.get("number", "") if isinstance(value, Mapping) else str(value or "")
        digits = "".join(c for c in number if c.isdigit())
        return digits[-4:] if len(digits) >= 7 else ""


@dataclass(frozen=True)
class Clock:
    """One promise in time. ``kind``: triage, sign, first_contact, next_update, resolution, follow_up. ``run``: the
    how-manieth of its kind in this cycle; only next_update has more than one.

    ``working``: counts while doors are open, not round the clock. ``length_s``: from start to due in that measure,
    pauses apart. ``paused_until``: when the pauses of this clock are used up. ``paused_s``: by the wall clock.
    ``stopped_at``: ended without being met. ``next_level``: the next alarm, in percent of the length.
    """

    id: int
    ticket_id: int
    kind: str
    cycle: int
    started_at: datetime
    due_at: datetime
    estimated: bool
    working: bool
    length_s: int
    paused_at: datetime | None = None
    paused_until: datetime | None = None
    paused_s: int = 0
    paused_working_s: int = 0
    met_at: datetime | None = None
    breached_at: datetime | None = None
    stopped_at: datetime | None = None
    next_level: int | None = None
    next_alarm_at: datetime | None = None
    run: int = 1

    @property
    def over(self) -> bool:
        return self.met_at is not None or self.stopped_at is not None


@dataclass(frozen=True)
class Task:
    """A piece of work beside a ticket. ``kind``: follow_up, supervision, co_handling, extension; ``state``: open,
    done, dropped. ``data``: what is wanted and what came of it."""

    id: int
    ticket_id: int
    cycle: int
    kind: str
    state: str
    department: str
    assignee: str
    created_by: str
    created_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    ended_by: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Actor:
    """Who acts. ``name``: of a member of staff; empty for everybody else."""

    role: Role
    name: str = ""


@dataclass(frozen=True)
class TicketEvent:
    """One line of a ticket's history."""

    at: datetime
    actor: str
    actor_name: str
    action: str
    from_state: str
    to_state: str
    cycle: int
    data: Mapping[str, Any]
    id: int = 0


@dataclass(frozen=True)
class Link:
    """An earlier ticket that one is like. ``kind``: ``follows`` when that one was over, else ``similar``;
    ``likeness``: 0 to 1; ``reasons``: of person, category, place, area, object, party, words, again; ``verdict``:
    ``same`` or ``other`` when staff have looked, ``judged_by`` whom."""

    earlier_id: int
    kind: str
    likeness: float
    reasons: tuple[str, ...]
    verdict: str = ""
    judged_by: str = ""


@dataclass(frozen=True)
class Cluster:
    """Several people who told of one thing. ``kind``: object, place, area or party; ``lead_id``: the ticket that
    stands for all; ``joined_at``: when the last one came to it."""

    id: int
    kind: str
    lead_id: int
    created_at: datetime
    joined_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True)
class Member:
    """A ticket of a cluster."""

    ticket_id: int
    cluster_id: int
    joined_at: datetime
