"""Whether an answer would reach its person, in one line over the text."""

from __future__ import annotations

from dataclasses import dataclass

from anyio import from_thread

from casework.conversations.model import Conversation
from casework.conversations.reaching import Reach, State, reach
from casework.storage.work import Work
from desk.show import ago, day_and_time
from desk.visits import Visit

#: States in which what is written arrives.
_WELL = frozenset({State.FREE, State.OPEN, State.THERE})


@dataclass(frozen=True)
class Line:
    """``is_well``: what is written now arrives now."""

    text: str
    state: str
    is_well: bool


def line_of(work: Work, visit: Visit, conversation: Conversation) -> Line:
    heard = work.sending.heard(conversation.id)
    window = from_thread.run(visit.desk.ways.window, conversation.channel, heard)
    found = reach(work, conversation, window, now=visit.now)
    return Line(_said(found, visit), found.state.value, found.state in _WELL)


def _said(found: Reach, visit: Visit) -> str:
    words = visit.words
    since = ago(found.seen_at, visit) if found.seen_at is not None else ""
    key = "reach_left" if found.state is State.AWAY and since else f"reach_{found.state.value}"
    parts = [words(key, n=found.left, until=day_and_time(found.until, visit), since=since)]
    if found.announced:
        parts.append(words.reach_announced)
    if found.waiting:
        parts.append(words("reach_waiting", n=found.waiting))
    return " ".join(parts) if words.language == "en" else "".join(parts)
