"""What a complainant thinks of a round of handling beside its mark: is it solved, how were they treated, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.storage.work import Work
from casework.tickets import following_up
from casework.tickets.acts import RATEABLE, SATISFIED
from casework.tickets.calendar import WorkingCalendar
from casework.tickets.model import Ticket
from casework.tickets.states import Refused, Role

#: Whether a matter is solved, in the complainant's own eyes.
SOLVED = ("yes", "partly", "no")


@dataclass(frozen=True)
class Survey:
    """One round of handling. ``level``: how it went, ``attitude``: how people treated them, each 1 (worst) to 5.
    ``None`` and the empty text: not said, which is never counted as content."""

    level: int | None
    solved: str
    attitude: int | None
    reasons: Sequence[str]

    @property
    def is_low(self) -> bool:
        """Whether any of it asks for somebody to look again."""
        marks = [mark for mark in (self.level, self.attitude) if mark is not None]
        return self.solved == "no" or any(mark < SATISFIED for mark in marks)


def survey_of(work: Work, ticket: Ticket) -> Survey:
    """All that was said of the present round; of two answers to one question the later counts."""
    level: int | None = None
    solved, attitude, reasons = "", None, []
    for event in work.tickets.history(ticket.id):
        if event.cycle != ticket.cycle or event.actor != Role.COMPLAINANT.value:
            continue
        solved = event.data.get("solved", solved)
        attitude = event.data.get("attitude", attitude)
        if event.action == "rate":
            level = event.data["level"]
        if event.action in ("rate", "rate_reason") and event.data.get("text"):
            reasons.append(event.data["text"])
    return Survey(level, solved, attitude, reasons)


def say_solved(work: Work, ticket: Ticket, solved: str, *, now: datetime, calendar: WorkingCalendar) -> None:
    """Whether it is solved, one of :data:`SOLVED`. Raises: states.Refused."""
    if solved not in SOLVED:
        raise ValueError(f"solved {solved!r}: one of {', '.join(SOLVED)}")
    _answer(work, ticket, {"solved": solved}, low=solved == "no", now=now, calendar=calendar)


def mark_attitude(work: Work, ticket: Ticket, mark: int, *, now: datetime, calendar: WorkingCalendar) -> None:
    """How people treated them, 1 (worst) to 5. Raises: states.Refused."""
    if not 1 <= mark <= 5:
        raise ValueError(f"mark {mark}: expected 1 to 5")
    _answer(work, ticket, {"attitude": mark}, low=mark < SATISFIED, now=now, calendar=calendar)


def give_reason(work: Work, ticket: Ticket, text: str, *, now: datetime) -> None:
    """Why, in the complainant's words."""
    work.tickets.add_event(
        ticket, action="rate_reason", actor=Role.COMPLAINANT.value, now=now, data={"text": text}
    )


def _answer(
    work: Work,
    ticket: Ticket,
    said: dict[str, object],
    *,
    low: bool,
    now: datetime,
    calendar: WorkingCalendar,
) -> None:
    """Kept; an answer that is not good is called about, like a low mark."""
    if ticket.state not in RATEABLE:
        raise Refused(state=ticket.state, action="rate", reason="there is no result to rate yet", allowed=())
    work.tickets.add_event(ticket, action="survey", actor=Role.COMPLAINANT.value, now=now, data=said)
    if low:
        following_up.add_call(work, ticket, about=said, now=now, calendar=calendar)
