"""What an API token is, and what an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from casework.tickets.model import Actor
from casework.tickets.states import Role


class Scope(str, Enum):
    """What a token may do."""

    READ = "read"  #: lists, tickets with details masked, tasks, alarms, departments
    PERSONAL = "personal"  #: what people wrote, and files
    ACT = "act"  #: take steps with tickets, finish tasks
    FILE = "file"  #: file tickets for others
    CHAT = "chat"  #: read and take over conversations


@dataclass(frozen=True)
class Client:
    """One token. ``department``: only its tickets are seen; empty: all of them."""

    id: int
    name: str
    role: Role
    department: str
    scopes: frozenset[Scope]
    created_at: datetime
    used_at: datetime | None = None
    revoked_at: datetime | None = None

    @property
    def actor(self) -> Actor:
        return Actor(self.role, self.name)

    def may(self, *scopes: Scope) -> bool:
        return self.scopes.issuperset(scopes)


@dataclass(frozen=True)
class Answer:
    """What a request was answered. Holds nothing of what people wrote. ``body``: JSON."""

    status: int
    body: str
    headers: tuple[tuple[str, str], ...] = ()
