"""Lists of tickets and of what is to be done beside them: what can be asked for, and a line of each.

A list goes on from the last line that was seen (never from a count), so that what is filed meanwhile moves nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from casework.tickets.states import State

#: ``newest``: filed last; ``changed``: changed first, for those who keep up; ``due``: whose result is due first,
#: of those still owed one and not waiting for the complainant.
Order = Literal["newest", "changed", "due"]


@dataclass(frozen=True)
class Wanted:
    """Empty means all. ``due_before``: of the result, where one is still owed. ``filed_from`` to
    ``filed_to``; ``natures``: complaint, report, enquiry."""

    states: tuple[State, ...] = ()
    department: str = ""
    handler: str = ""
    categories: tuple[str, ...] = ()
    priority: str = ""
    numbers: tuple[str, ...] = ()
    natures: tuple[str, ...] = ()
    filed_from: datetime | None = None
    filed_to: datetime | None = None
    due_before: datetime | None = None
    changed_since: datetime | None = None


@dataclass(frozen=True)
class Line:
    """A ticket in a list: nothing of what people wrote. ``due_at``: of the result in this cycle."""

    id: int
    number: str
    state: State
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
    due_at: datetime | None

    def place(self, order: Order) -> tuple[datetime | None, int]:
        """Where the list goes on after this line."""
        moments = {"newest": None, "changed": self.changed_at, "due": self.due_at}
        return moments[order], self.id


@dataclass(frozen=True)
class ClockAlarm:
    """One alarm of a clock that was given. ``told``: ``(role, name)`` pairs."""

    id: int
    number: str
    department: str
    cycle: int
    kind: str
    level: int
    at: datetime
    given_at: datetime
    told: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Turn:
    """A step that brought a ticket into another state. ``state``: the one it came to; ``data``: as in its history."""

    event_id: int
    number: str
    at: datetime
    state: State
    data: Mapping[str, Any]
