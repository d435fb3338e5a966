"""The form ``intake_form`` as Rasa sees it: one validation, three questions, one end."""

from __future__ import annotations

import re
from dataclasses import replace

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.base import Events as Events  # noqa: PLC0414 -- others know it from here
from actions.base import Say, TurnAction
from actions.emergency import emergency_response, emergency_values
from actions.heard import Heard
from actions.intake.asking import next_question, say_question
from actions.intake.listening import CONFIRMATION, Line, Listener
from actions.intake.phrases import asks_the_house, wants_it_again
from actions.intake.words import with_words
from actions.own_data import beside_the_intake
from actions.person import second_word_for_a_person
from actions.questions import with_answers
from actions.turn import Turn
from casework.tickets.alarms import LEVEL, raise_alarm
from casework.tickets.model import Intake, Ticket

#: Slots that belong to one complaint; all are emptied at its end.
SLOTS = ("description", "category", "details", "pending_field", "confirmation", "outcome", "requested_slot")


#: Confidence of an act that the words themselves bear out.
_PLAINLY = 0.9


def draft_of(turn: Turn) -> Ticket:
    """The complaint that is being told, opened when there is none."""
    draft = turn.work.tickets.draft(turn.conversation.id)
    if draft is not None:
        return draft
    return turn.work.tickets.add_draft(
        conversation_id=turn.conversation.id,
        complainant_id=turn.conversation.complainant_id,
        language=turn.language,
        intake=Intake(),
        now=turn.now,
    )


def say_lines(lines: tuple[Line, ...], turn: Turn, say: Say) -> None:
    for line in lines:
        extra = (
            emergency_values(turn.house) if "emergency" in line.response or "check" in line.response else {}
        )
        say(emergency_response(line.response, turn.house), **{**extra, **line.values})


#: Responses that are said before somebody is handed over to staff.
_BEFORE_A_PERSON = re.compile("_emergency_|utter_no_category_fits")


def forget_slots() -> Events:
    return [SlotSet(name, None) for name in SLOTS]


class ValidateIntakeForm(TurnAction):
    """Listens to the turn and writes the draft. Asks nothing: the form does, by the slot that is missing."""

    def name(self) -> str:
        return "validate_intake_form"

    def act(self, turn: Turn, heard: Heard, say: Say, tracker: Tracker) -> Events:
        draft = draft_of(turn)
        intake = draft.intake or Intake()
        outcome = ""
        if heard.message_id not in turn.listened:
            turn.listened.add(heard.message_id)
            heard = _as_asked(heard, intake)
            listener = Listener(
                house=turn.house, now=turn.now, language=turn.language, since=draft.changed_at
            )
            answers = listener.answers_and_asks(intake, heard) or not listener.means_it(intake, heard)
            beside = None if answers else beside_the_intake(turn, heard, say, tracker)
            if beside is not None:
                turn.read_back = intake.pending == CONFIRMATION
                return [*beside, *self._slots(intake, "forgotten" if turn.forget else "")]
            if not answers and second_word_for_a_person(turn, heard):
                return self._slots(intake, "person")
            listened = listener.listen(intake, heard)
            # A hand-over is the only word of its turn, but for what keeps somebody safe, or why there is one.
            lines = with_words(listened, intake, listened.told or heard, turn)
            if listened.outcome == "person":
                lines = tuple(line for line in lines if _BEFORE_A_PERSON.search(line.response))
            say_lines(with_answers(lines, turn, heard), turn, say)
            turn.asked = turn.asked or any(line.response == "utter_kept_for_later" for line in lines)
            turn.read_back = _stands_above(intake, listened.intake) and not wants_it_again(heard.text)
            if listened.intake.emergency_level == LEVEL != intake.emergency_level:
                raise_alarm(turn.work, draft, code=listened.intake.emergency, now=turn.now)
            intake, outcome = listened.intake, listened.outcome
        if not outcome:
            intake, _ = next_question(intake, turn.house)
        turn.work.tickets.save_draft(draft.id, intake, language=turn.language, now=turn.now)
        return self._slots(intake, outcome)

    def _slots(self, intake: Intake, outcome: str) -> Events:
        ready = intake.pending == CONFIRMATION and not outcome
        done = bool(outcome)
        events = [
            SlotSet("description", "\n".join(intake.description)[:2000] or None),
            SlotSet(
                "category",
                intake.category if (intake.category_certain or done) and intake.description else None,
            ),
            SlotSet(
                "details",
                {key: value.display for key, value in intake.details.items()} if ready or done else None,
            ),
            SlotSet("confirmation", outcome or None),
            SlotSet("outcome", outcome or None),
            SlotSet("pending_field", intake.question or None),
        ]
        if done:
            events.append(SlotSet("requested_slot", None))
        return events


def _as_asked(heard: Heard, intake: Intake) -> Heard:
    """A question about how it goes here is one, whatever it was taken for and whatever is asked just now."""
    act = asks_the_house(heard.text) if intake.description and not heard.payload else ""
    return replace(heard, intent=act, confidence=max(heard.confidence, _PLAINLY)) if act else heard


def _stands_above(before: Intake, now: Intake) -> bool:
    """Whether the complaint is still as it was read back last."""
    same = (before.details, before.description, before.category, before.anonymous, before.declined) == (
        now.details, now.description, now.category, now.anonymous, now.declined
    )  # fmt: skip
    return before.pending == CONFIRMATION and same


class _Ask(TurnAction):
    """Asks the question that the draft says is next."""

    def act(self, turn: Turn, heard: Heard, say: Say, tracker: Tracker) -> Events:
        if turn.asked:
            return []
        draft = draft_of(turn)
        intake, question = next_question(draft.intake or Intake(), turn.house)
        if (intake, turn.language) != (draft.intake, draft.language):
            turn.work.tickets.save_draft(draft.id, intake, language=turn.language, now=turn.now)
        say_question(question, intake, turn.house, say, read_back=turn.read_back)
        return [SlotSet("pending_field", intake.question)]


class AskCategory(_Ask):
    def name(self) -> str:
        return "action_ask_intake_form_category"


class AskDetails(_Ask):
    def name(self) -> str:
        return "action_ask_intake_form_details"


class AskConfirmation(_Ask):
    def name(self) -> str:
        return "action_ask_intake_form_confirmation"
