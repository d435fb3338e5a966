"""An answer as this person reads it: their script, their spelling, and the word that a program wrote it."""

from __future__ import annotations

from dataclasses import replace

from actions.turn import Turn
from casework.conversations.model import Reply
from casework.words import labelled, mirrored


def in_their_hand(reply: Reply, turn: Turn) -> Reply:
    """``reply`` in the script and spelling of the person, with the label of an AI where the law asks for it.

    The label stands below the first answer of a conversation, so that it never comes before a safety step.
    """
    sample = "\n".join(message.text for message in turn.messages)

    def mirror(text: str) -> str:
        return mirrored(
            text,
            turn.house.voice,
            language=turn.language,
            script=turn.conversation.script,
            country=turn.house.country,
            sample=sample,
        )

    text = reply.text
    if text and _is_first_answer(turn):
        text = labelled(text, turn.house.voice, language=turn.language, country=turn.house.country)
    buttons = tuple(replace(button, title=mirror(button.title)) for button in reply.buttons)
    return replace(reply, text=mirror(text), buttons=buttons)


def _is_first_answer(turn: Turn) -> bool:
    """Whether everything in the conversation so far is what is being answered."""
    return bool(turn.messages) and turn.messages[-1].seq <= len(turn.messages)
