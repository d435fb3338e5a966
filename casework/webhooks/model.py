"""What a webhook is, and what becomes of each event that is sent to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

#: ``dead``: given up after the last try; ``replay`` sends it again.
DeliveryState = Literal["waiting", "sent", "dead"]


@dataclass(frozen=True)
class Webhook:
    """``types``: events it is told of; empty: all. ``secret``: as the receiver has it, ``whsec_…``."""

    id: int
    url: str
    secret: str
    types: tuple[str, ...]
    created_at: datetime


@dataclass(frozen=True)
class Delivery:
    """One event for one webhook. ``attempts``: this one included, once it is claimed. ``status``: of HTTP."""

    id: int
    webhook: Webhook
    event_id: int
    type: str
    body: str
    state: DeliveryState
    attempts: int
    next_try_at: datetime
    status: int | None
    error: str
    created_at: datetime
    settled_at: datetime | None

    @property
    def key(self) -> str:
        """The same in every try, so that a receiver can tell a repetition."""
        return f"evt_{self.event_id}"


@dataclass(frozen=True)
class Outcome:
    """What a receiver said. ``status``: ``None`` when it said nothing; ``error``: a code, never an address.
    ``gone``: it wants no more of this."""

    status: int | None = None
    error: str = ""
    retry_after_s: float | None = None

    @property
    def taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        return self.status == 410
