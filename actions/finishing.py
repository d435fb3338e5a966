"""The end of an intake: file and give the receipt, drop the draft, ask a person in, or keep somebody safe."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.base import Events, Say, TurnAction
from actions.heard import Heard
from actions.intake.asking import Question, say_question
from actions.intake.form import forget_slots
from actions.intake.further import next_draft
from actions.intake.parts import ANOTHER
from actions.intake.words import closing_words, person_of
from actions.person import call_person
from actions.turn import Turn
from casework.tickets.alarms import drop_draft
from casework.tickets.filing import Filing, file_ticket
from casework.tickets.model import Intake, Ticket


def say_receipt(ticket: Ticket, turn: Turn, say: Say) -> None:
    """Number, department, steps and dates: read from the ticket as it was just written."""
    promise = ticket.promise
    assert promise is not None
    steps = "\n".join(f"{i}. {step}" for i, step in enumerate(promise.steps, start=1))
    if "contact" not in ticket.details:
        # There is no number to call: what would be a call is a message in this chat.
        steps = steps.replace(
            turn.house.word("contact_you", say.language), turn.house.word("write_to_you", say.language)
        )
    if promise.estimated:
        steps += "\n" + turn.house.word("estimated", say.language)
    say(
        "utter_receipt_anonymous" if ticket.anonymous else "utter_receipt",
        number=ticket.number,
        department=promise.department,
        steps=steps,
        category=turn.house.packs.label(ticket.category, say.language),
    )


class FinishIntake(TurnAction):
    """Runs once when the form is left."""

    def name(self) -> str:
        return "action_finish_intake"

    def act(self, turn: Turn, heard: Heard, say: Say, tracker: Tracker) -> Events:
        outcome = tracker.get_slot("outcome")
        draft = turn.work.tickets.draft(turn.conversation.id)
        if draft is None:
            return forget_slots()
        if outcome == "file" and draft.intake is not None:
            category = turn.house.packs.category(draft.intake.category)
            ticket = file_ticket(
                turn.work,
                draft,
                category,
                filing=Filing(
                    calendar=turn.house.calendar,
                    packs=turn.house.packs,
                    person=person_of(draft.intake, turn),
                    clusters=turn.house.clusters,
                ),
                now=turn.now,
            )
            turn.ticket = ticket.number
            say_receipt(ticket, turn, say)
            if words := closing_words(draft.intake, ticket, turn):
                say("utter_closing", words=words)
            self._offer_the_next(draft.intake, turn, say)
        elif outcome == "cancelled":
            drop_draft(turn.work, draft, now=turn.now)
            say("utter_cancelled")
        elif outcome in ("person", "safety"):
            # The draft stays: whoever takes over sees it, and the person need not tell it twice.
            call_person(turn, say, quietly=outcome == "safety")
        return forget_slots()

    def _offer_the_next(self, filed: Intake, turn: Turn, say: Say) -> None:
        """A further complaint that was told along with this one waits as a draft of its own."""
        following = next_draft(filed)
        if following is None:
            return
        turn.work.tickets.add_draft(
            conversation_id=turn.conversation.id,
            complainant_id=turn.conversation.complainant_id,
            language=turn.language,
            intake=following,
            now=turn.now,
        )
        say_question(Question(ANOTHER), following, turn.house, say)
