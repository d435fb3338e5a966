"""What is dealt with in passing, after which the open question is asked again."""

from __future__ import annotations

from collections.abc import Mapping

from actions.heard import Heard
from actions.intake.parts import CATEGORY, SURE, Line, Setting
from actions.intake.phrases import asks_the_house, question_in, wants_a_moment
from casework.packs import Field
from casework.tickets.model import Intake

ASIDES: Mapping[str, str] = {
    "greet": "utter_hello_again",
    "thank": "utter_welcome",
    "goodbye": "utter_kept_for_later",
    "ask_question": "utter_question_unknown_in_intake",
    "privacy_request": "utter_privacy",
    "bot_challenge": "utter_i_am_a_program",
    "help": "utter_help_in_intake",
    "abuse": "utter_heard_anger",
    "out_of_scope": "utter_out_of_scope_in_intake",
    "query_progress": "utter_not_filed_yet",
    "urge_handling": "utter_not_filed_yet",
    "switch_language": "utter_language_switched",
    "give_praise": "utter_praise",
    "rate_service": "utter_rating_later",
}
#: A wish for another language is short; a longer text that mentions one is about something else.
_MAX_SWITCH = 40


def aside(heard: Heard) -> tuple[Line, ...]:
    """Something else than an answer; empty when the turn is none."""
    if wants_a_moment(heard.text):
        return (Line("utter_take_your_time"),)
    response = ASIDES.get(heard.intent)
    if response is None or heard.confidence < SURE:
        return ()
    if heard.intent == "switch_language" and len(heard.text) > _MAX_SWITCH:
        return ()
    return (Line(response),)


def asked_besides(setting: Setting, intake: Intake, heard: Heard) -> tuple[str, tuple[Line, ...]]:
    """A turn that answers and asks: the part that may answer, and what is said to the question."""
    act, _, rest = question_in(heard.text)
    if not act:
        return "", ()
    if act == "ask_why":
        return rest, (why(setting, intake),)
    return rest, (Line(ASIDES[act]),)


def why(setting: Setting, intake: Intake) -> Line:
    """What the open question is for."""
    asked = setting.asked(intake)
    if asked is None:
        return Line("utter_why_category" if intake.pending == CATEGORY else "utter_why_confirmation")
    return Line("utter_why", {"why": asked.why.in_(setting.language)})


def is_a_wish(asked: Field, heard: Heard) -> bool:
    """Whether impatient or kind words are what the person wants done, not a question about a case."""
    if asks_the_house(heard.text):
        return False
    if not heard.is_act("query_progress", "urge_handling", "give_praise", "ask_question"):
        return False
    return asked.key == "want" or heard.any_detail("remedy") is not None
