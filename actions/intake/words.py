"""From what is known of a turn to the words that suit it. The words themselves are in ``packs/_words``."""

from __future__ import annotations

from dataclasses import replace

from actions.heard import Heard
from actions.intake.asking import missing
from actions.intake.listening import ACKNOWLEDGE, Line, Listened
from actions.memory import memory_of
from actions.turn import Turn
from casework.tickets.filing import format_moment
from casework.tickets.model import Intake, Ticket
from casework.words import Moment, Person, acknowledge, closing, kind_of, told_by
from casework.words.rules import any_in

#: Feelings that are answered again when they come up in the middle of an intake, from this intensity on.
_STIRRED = ("angry", "anxious", "disappointed", "sad", "sarcastic")
_STIRRED_FROM = 2
_BOILING = 3
#: Shortest text that can be more than an answer, in characters.
_MORE_THAN_AN_ANSWER = 8


def with_words(listened: Listened, before: Intake, heard: Heard, turn: Turn) -> tuple[Line, ...]:
    """The lines of a turn with the acknowledgement worded, or added where somebody says more, or is upset again."""
    lines = listened.lines
    if any(line.response == ACKNOWLEDGE for line in lines):
        words = _acknowledgement(listened.intake, heard, turn, first=True)
        spoken = (Line(ACKNOWLEDGE, {"words": words}),) if words else ()
        return tuple(part for line in lines for part in (spoken if line.response == ACKNOWLEDGE else (line,)))
    if lines or listened.outcome or not before.acknowledged or not _says_more(listened.intake, before, heard):
        return lines
    words = _acknowledgement(listened.intake, heard, turn, first=False, added=_grew(listened.intake, before))
    return (Line(ACKNOWLEDGE, {"words": words}),) if words else ()


def _says_more(intake: Intake, before: Intake, heard: Heard) -> bool:
    if heard.payload or len(heard.text) < _MORE_THAN_AN_ANSWER or intake.emergency_level == "P0":
        return False
    label, intensity = heard.emotion
    return _grew(intake, before) or (label in _STIRRED and intensity >= _STIRRED_FROM)


def _grew(intake: Intake, before: Intake) -> bool:
    return bool(before.description) and len(intake.description) > len(before.description)


def _acknowledgement(intake: Intake, heard: Heard, turn: Turn, *, first: bool, added: bool = False) -> str:
    voice, language = turn.house.voice, turn.language
    script = turn.conversation.script if language == "zh" else ""
    details = [(detail.kind, detail.text) for detail in heard.details]
    told = told_by(heard.text, voice.rules[language], details=details, script=script)
    if heard.emergency and heard.emergency.get("check"):
        # Nothing is echoed while it is open whether somebody is safe.
        told = replace(told, slots={}, single="")
    danger = _in_danger(intake, heard)
    if not first:
        # Of what comes later only trouble is said back: an answer need not be.
        told = replace(told, slots={key: value for key, value in told.slots.items() if key == "fact"})
    if not first and not told.slots and heard.emotion[1] < _BOILING:
        return ""
    moment = Moment(
        language=language,
        seed=f"{turn.conversation.key} {heard.message_id}",
        told=told,
        emotion=heard.emotion,
        person=person_of(intake, turn),
        memory=memory_of(turn),
        danger=danger,
        first=first,
        added=added,
        questions=_questions_left(intake, turn),
    )
    return acknowledge(voice, moment).text


def _in_danger(intake: Intake, heard: Heard) -> bool:
    found = heard.emergency or {}
    return intake.emergency_level == "P0" or (found.get("level") == "P0" and not found.get("check"))


def person_of(intake: Intake, turn: Turn) -> Person:
    """Which kind of person speaks, by all that was told."""
    mine = turn.work.tickets.of_complainant(turn.conversation.complainant_id, limit=4)
    return kind_of(
        "\n".join(intake.description),
        turn.house.voice.rules[turn.language],
        emotion=_strongest(intake),
        details=[str(item[0]) for item in intake.pool],
        earlier=len(mine),
    )


def _strongest(intake: Intake) -> tuple[str, int]:
    """The strongest feeling of the intake, the latest of equals."""
    return max(reversed(intake.emotions), key=lambda emotion: emotion[1], default=("neutral", 0))


def _shown(intake: Intake, turn: Turn) -> tuple[str, int]:
    """The strongest feeling, if words of the person show it."""
    label, intensity = _strongest(intake)
    patterns = turn.house.voice.rules[turn.language].felt.get(label, ())
    return (label, intensity) if any_in(patterns, "\n".join(intake.description)) else ("neutral", 0)


def _questions_left(intake: Intake, turn: Turn) -> int | None:
    if not (intake.category and intake.category_certain):
        return None
    return len(missing(intake, turn.house.packs.category(intake.category)))


def closing_words(intake: Intake, ticket: Ticket, turn: Turn) -> str:
    """One line below the receipt, of the ticket as it was just written; empty when the receipt says it all."""
    promise, house, language = ticket.promise, turn.house, turn.language
    if promise is None or intake.emergency_level == "P0":
        return ""
    moment = Moment(
        language=language,
        seed=f"{turn.conversation.key} {ticket.number}",
        emotion=_shown(intake, turn),
        person=person_of(intake, turn),
        memory=memory_of(turn),
    )
    values = {
        "department": promise.department,
        "number": ticket.number,
        "first": format_moment(promise.first_contact_at, zone=house.zone, language=language),
        "due": format_moment(promise.resolution_at, zone=house.zone, language=language),
    }
    words = closing(house.voice, moment, values).text
    if "contact" not in ticket.details:
        words = words.replace(house.word("contact_you", language), house.word("write_to_you", language))
    return words
