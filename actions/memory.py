"""What was said to the person before this turn, so that nothing is said twice in the same words. No Rasa here."""

from __future__ import annotations

from actions.turn import Turn
from casework.words import Memory, remembered

#: Newest messages to the person whose beginnings are not used again.
_REMEMBERED = 60


def said_before(turn: Turn) -> tuple[str, ...]:
    """What was said to the person in this conversation before this turn, by whomever."""
    if turn.said is None:
        turn.said = turn.work.messages.said(turn.conversation.id, limit=_REMEMBERED)
    return turn.said


def memory_of(turn: Turn) -> Memory:
    """How the sentences said before began, and whether a word of regret was among them."""
    return remembered(said_before(turn), turn.house.voice.rules)
