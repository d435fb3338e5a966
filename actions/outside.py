"""What is said outside an intake and has no job of its own: greetings, answers that belong to an earlier
question, stories that begin without a word about complaining, things that came without words."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction

from actions.after_filing import answered_or_pressed, place_media
from actions.awaited import nothing_awaited
from actions.base import Events, Say, TurnAction
from actions.heard import Heard
from actions.intake.asking import titled
from actions.intake.display import gist
from actions.intake.further import waiting_fact
from actions.intake.parts import ANOTHER
from actions.intake.phrases import declines_all, gives_up, means_it
from actions.intake.story import has_story, is_told
from actions.person import FAILURES, call_person, failed_before, offer_person, second_word_for_a_person
from actions.questions import answer_first, answer_outside, pressed
from actions.tickets import QueryProgress, Withdraw
from actions.turn import Turn
from casework.tickets import acts
from casework.tickets.alarms import drop_draft

#: A category this likely tells a matter in two words ("欠薪", "lift broken"), whatever act they were taken for.
_PLAINLY_A_MATTER = 0.8
#: "I don't know" and nothing more.
_SHORT = 20


class Greet(TurnAction):
    """The first words, or a welcome back with the draft that waits."""

    def name(self) -> str:
        return "action_greet"

    def act(self, turn: Turn, heard: Heard, say: Say, tracker: Tracker) -> Events:
        draft = turn.work.tickets.draft(turn.conversation.id)
        if draft is not None and draft.intake is not None and (draft.intake.description or draft.intake.also):
            told = draft.intake.description[0] if draft.intake.description else ""
            fact = (gist(told, turn.house, language=say.language) if told else "") or waiting_fact(
                draft.intake, turn.house, say.language
            )
            buttons = titled(turn.house, say.language, ("continue", "continue"), ("drop", "drop"))
            say("utter_draft_waits", buttons, fact=fact)
            return []
        tickets = turn.work.tickets.of_complainant(turn.conversation.complainant_id, limit=1)
        pairs = [("complain", "new"), ("progress", "progress")] if tickets else [("complain", "new")]
        examples = [
            text.in_(say.language) for pack in turn.house.packs.packs for text in pack.greeting_examples[:1]
        ]
        mark = "“{}”" if say.language == "zh" else '"{}"'
        say(
            "utter_greet_known" if tickets else "utter_greet",
            titled(turn.house, say.language, *pairs, ("person", "person")),
            organisation=turn.house.organisation,
            examples=("、" if say.language == "zh" else ", ").join(mark.format(e) for e in examples),
        )
        return []


def _with_waiting_draft(turn: Turn, heard: Heard, say: Say) -> Events | None:
    """A turn that goes on with a half-told complaint, or drops it; ``None`` when it does neither."""
    draft = turn.work.tickets.draft(turn.conversation.id)
    if draft is None or draft.intake is None or not (draft.intake.description or draft.intake.also):
        return None
    offered = draft.intake.pending == ANOTHER
    if heard.payload == "drop" or (offered and not heard.payload and _declines(heard)):
        drop_draft(turn.work, draft, now=turn.now)
        say("utter_another_dropped" if offered else "utter_cancelled")
        return [nothing_awaited()]
    goes_on = heard.is_act("affirm", at_least=0.5) or (
        not offered and heard.is_act("inform", "dont_know", "correct_detail", at_least=0.5)
    )
    if heard.payload == "continue" or (goes_on and not heard.payload):
        return [nothing_awaited(), FollowupAction("intake_form")]
    return None


def _declines(heard: Heard) -> bool:
    return heard.is_act("deny", "cancel_intake", "dont_know", at_least=0.4) or gives_up(heard)


class Outside(TurnAction):
    """Decides what a turn outside the intake belongs to."""

    def name(self) -> str:
        return "action_outside"

    def act(self, turn: Turn, heard: Heard, say: Say, tracker: Tracker) -> Events:
        if heard.payload == "new":
            return [nothing_awaited(), FollowupAction("intake_form")]
        if (events := pressed(turn, heard, say, tracker)) is not None:
            return events
        events = answered_or_pressed(turn, heard, say, tracker)
        if events is not None:
            return events
        if (events := _with_waiting_draft(turn, heard, say)) is not None:
            return events
        if not heard.text or heard.stale_button:
            return self._without_words(turn, heard, say)
        if acts.find_number(heard.text):
            return QueryProgress().act(turn, heard, say, tracker)
        if (events := answer_first(turn, heard, say)) is not None:
            return events
        if self._is_a_story(heard) or self._introduces(heard):
            return [nothing_awaited(), FollowupAction("action_begin_intake")]
        mine = acts.open_tickets(turn.work.tickets.of_complainant(turn.conversation.complainant_id))
        if heard.is_act("cancel_intake", at_least=0.5) and mine:
            return Withdraw().act(turn, heard, say, tracker)
        if second_word_for_a_person(turn, heard):
            call_person(turn, say)
            return []
        if heard.intent == "ask_question":
            return answer_outside(turn, heard, say)
        response = self._small_talk(heard)
        if response in ("utter_unclear", "utter_out_of_scope") and failed_before(tracker) + 1 >= FAILURES:
            return offer_person(turn, say)
        say(response, self._ways_on(turn, say))
        return []

    def _without_words(self, turn: Turn, heard: Heard, say: Say) -> Events:
        if heard.stale_button or heard.payload:
            say("utter_button_of_earlier", self._ways_on(turn, say))
            return []
        if not heard.media:
            say("utter_unreadable", self._ways_on(turn, say))
            return []
        kinds = {str(item.get("kind")) for item in heard.media}
        if kinds == {"sticker"}:
            say("utter_sticker")
        elif (placed := place_media(turn, heard, say)) is not None:
            return placed
        elif "voice" in kinds:
            say("utter_voice_kept")
        else:
            say("utter_media_what_happened")
        return []

    def _introduces(self, heard: Heard) -> bool:
        """Whether somebody begins with how to be reached ("note my number first")."""
        begins = heard.is_act("inform", "correct_detail", "supplement_details", at_least=0.5)
        return begins and heard.any_detail("phone", "email") is not None

    def _is_a_story(self, heard: Heard) -> bool:
        top = heard.categories[0][1] if heard.categories else 0.0
        if heard.intent in ("lodge_complaint", "report_violation", "make_suggestion", "report_emergency"):
            return True
        if heard.emergency and heard.emergency.get("level") == "P0":
            return True
        if gives_up(heard) or (heard.is_act("dont_know", at_least=0.55) and len(heard.text) <= _SHORT):
            return False
        small_talk = heard.is_act("out_of_scope", "ask_question", "abuse", "affirm", "deny", at_least=0.55)
        if small_talk:
            stirred = heard.emotion[1] >= 1
            if heard.intent == "ask_question" and means_it(heard) and not stirred:
                return False
            return is_told(heard) and (has_story(heard.text) if stirred else top >= _PLAINLY_A_MATTER)
        return has_story(heard.text, top_category=top)

    def _small_talk(self, heard: Heard) -> str:
        if declines_all(heard.text):
            return "utter_fine"
        return {
            "out_of_scope": "utter_out_of_scope",
            "abuse": "utter_heard_anger",
            "affirm": "utter_what_can_i_do",
            "deny": "utter_what_can_i_do",
            "cancel_intake": "utter_nothing_open",
            "ask_why": "utter_what_can_i_do",
            "request_anonymity": "utter_anonymity_possible",
        }.get(heard.intent, "utter_unclear")

    def _ways_on(self, turn: Turn, say: Say) -> list[dict[str, str]]:
        return titled(
            turn.house, say.language, ("complain", "new"), ("progress", "progress"), ("person", "person")
        )


class Praise(TurnAction):
    """Kind words are passed on; "wonderful service, they hung up three times" is a complaint."""

    def name(self) -> str:
        return "action_praise"

    def act(self, turn: Turn, heard: Heard, say: Say, tracker: Tracker) -> Events:
        events = answered_or_pressed(turn, heard, say, tracker)
        if events is not None:
            return events
        bitter = heard.emotion[0] in ("sarcastic", "angry", "disappointed") and has_story(heard.text)
        if bitter or (is_told(heard) and not means_it(heard)):
            return [FollowupAction("action_begin_intake")]
        say("utter_praise")
        return []


class Unclear(Outside):
    """What the policies fall back to."""

    def name(self) -> str:
        return "action_unclear"

    def act(self, turn: Turn, heard: Heard, say: Say, tracker: Tracker) -> Events:
        events = super().act(turn, heard, say, tracker)
        # Without a next action the fallback would be predicted again and again.
        goes_on = any(event.get("event") == "followup" for event in events)
        return events if goes_on else [*events, FollowupAction("action_listen")]
