"""What was said to the person before this turn, so that nothing is said twice in the same words. No Rasa here."""

from __future__ import annotations

from actions.turn import Turn
from casework.words import Memory, remembered

#: Newest messages to the person whose beginnings are not used again.
_REMEMBERED = 60


def memory_of(turn: Turn) -> Memory:
    """How the sentences began that were said before in this conversation, by whomever, and whether a word of regret was
    among them. Looked up once a turn."""
    if turn.memory is None:
        said = turn.work.messages.said(turn.conversation.id, limit=_REMEMBERED)
        turn.memory = remembered(said, turn.house.voice.rules)
    return turn.memory
