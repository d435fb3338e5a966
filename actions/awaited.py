"""What an answer outside the intake belongs to: remembered in one slot, for a while."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

#: Slot that holds ``act:number:unix time:more``.
AWAITING = "awaiting"
#: After this an answer is no answer any more: a new matter must not be taken for a reason or an addition.
PATIENCE = timedelta(hours=3)


@dataclass(frozen=True)
class Awaited:
    """``act``: what was asked, ``number``: of the ticket it is about, ``more``: message ids, with commas."""

    act: str
    number: str = ""
    more: str = ""

    @property
    def message_ids(self) -> tuple[int, ...]:
        return tuple(int(part) for part in self.more.split(",") if part.isdigit())


def awaits(act: str, number: str = "", *, now: datetime, message_ids: tuple[int, ...] = ()) -> Any:
    """The event by which the next turn is known as the answer to ``act``."""
    more = ",".join(str(i) for i in message_ids)
    return SlotSet(AWAITING, f"{act}:{number}:{int(now.timestamp())}:{more}")


def nothing_awaited() -> Any:
    return SlotSet(AWAITING, None)


def awaited(tracker: Tracker, *, now: datetime) -> Awaited | None:
    """What is waited for; ``None`` for nothing, or when it was asked too long ago."""
    parts = [*str(tracker.get_slot(AWAITING) or "").split(":", 3), "", "", ""]
    act, number, asked, more = parts[:4]
    if not act or not asked.isdigit() or now.timestamp() - int(asked) > PATIENCE.total_seconds():
        return None
    return Awaited(act, number, more)
