"""A notice as a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Notice:
    """``ticket_id``: of the person who is told; ``about_id``: the case it speaks of, another one where theirs was
    merged. ``state``: waiting, posted, dropped; ``reason``: why it was dropped, or waits. ``message_id``: its message,
    once posted."""

    id: int
    ticket_id: int
    about_id: int
    event_id: int | None
    conversation_id: int
    kind: str
    cycle: int
    state: str
    reason: str
    due_at: datetime
    message_id: int | None
    created_at: datetime
