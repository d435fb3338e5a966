"""What is said outside an intake and has no job of its own: greetings, answers that belong to an earlier
question, stories that begin without a word about complaining, things that came without words."""

from __future__ import annotations

import re

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import Say, TurnAction
from actions.heard import Heard
from actions.intake.asking import titled
from actions.intake.form import Events
from actions.intake.story import has_story, is_told
from actions.tickets import AWAITING, QueryProgress, Restore, Supplement, Withdraw, look_up
from actions.turn import Turn
from casework.tickets import acts

_TAIL = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_RESTORE = ("恢复", "恢復", "restore")


class Greet(TurnAction):
    """The first words, or a welcome back with the draft that waits."""

    def name(self) -> str:
        return "action_greet"

    def act(self, turn: Turn, heard: Heard, say: Say, tracker: Tracker) -> Events:
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


class Outside(TurnAction):
    """Decides what a turn outside the intake belongs to."""

    def name(self) -> str:
        return "action_outside"

    def act(self, turn: Turn, heard: Heard, say: Say, tracker: Tracker) -> Events:
        awaiting = str(tracker.get_slot(AWAITING) or "")
        if heard.payload == "new":
            return [SlotSet(AWAITING, None), FollowupAction("intake_form")]
        if events := self._awaited(turn, heard, say, tracker, awaiting):
            return events
        if heard.payload.startswith("restore:") or heard.text.strip().lower() in _RESTORE:
            return Restore().act(turn, heard, say, tracker)
        if not heard.text or heard.stale_button:
            return self._without_words(turn, heard, say)
        if acts.find_number(heard.text):
            return QueryProgress().act(turn, heard, say, tracker)
        if self._is_a_story(heard):
            return [SlotSet(AWAITING, None), FollowupAction("intake_form")]
        mine = acts.open_tickets(turn.work.tickets.of_complainant(turn.conversation.complainant_id))
        if heard.is_act("cancel_intake", at_least=0.5) and mine:
            return Withdraw().act(turn, heard, say, tracker)
        say(self._small_talk(heard), self._ways_on(turn, say))
        return []

    def _awaited(self, turn: Turn, heard: Heard, say: Say, tracker: Tracker, awaiting: str) -> Events:
        act, _, number = awaiting.partition(":")
        if act == "lookup":
            named = acts.find_number(heard.text) or number
            tails = _TAIL.findall(heard.text.replace(named, " ")) if named else []
            if named and tails:
                return look_up(turn, say, named, tails[-1])
        if act == "withdraw_yes":
            if heard.is_act("affirm", at_least=0.4):
                yes = Heard(heard.message_id, heard.text, payload=awaiting, message_ids=heard.message_ids)
                return Withdraw().act(turn, yes, say, tracker)
            if heard.is_act("deny", at_least=0.4) or heard.payload == "keep":
                say("utter_kept_open", number=number)
                return [SlotSet(AWAITING, None)]
        if act == "supplement" and (heard.text or heard.media) and not heard.payload:
            adding = Heard(
                heard.message_id,
                f"{number} {heard.text}",
                media=heard.media,
                message_ids=heard.message_ids,
            )
            return Supplement().act(turn, adding, say, tracker)
        return []

    def _without_words(self, turn: Turn, heard: Heard, say: Say) -> Events:
        if heard.stale_button or heard.payload:
            say("utter_button_of_earlier", self._ways_on(turn, say))
            return []
        if not heard.media:
            say("utter_unreadable", self._ways_on(turn, say))
            return []
        kinds = {str(item.get("kind")) for item in heard.media}
        mine = acts.open_tickets(turn.work.tickets.of_complainant(turn.conversation.complainant_id))
        if kinds == {"sticker"}:
            say("utter_sticker")
        elif mine:
            # Kept with the newest open ticket: nothing that was sent in is ever without a place.
            acts.supplement(turn.work, mine[0], text="", message_ids=heard.message_ids, now=turn.now)
            turn.ticket = mine[0].number
            say("utter_media_added", number=mine[0].number)
        elif "voice" in kinds:
            say("utter_voice_kept")
        else:
            say("utter_media_what_happened")
        return []

    def _is_a_story(self, heard: Heard) -> bool:
        top = heard.categories[0][1] if heard.categories else 0.0
        if heard.intent in ("lodge_complaint", "report_violation", "make_suggestion", "report_emergency"):
            return True
        if heard.emergency and heard.emergency.get("level") == "P0":
            return True
        small_talk = heard.is_act("out_of_scope", "ask_question", "abuse", "affirm", "deny", at_least=0.55)
        if small_talk:
            return is_told(heard) and heard.emotion[1] >= 1
        return has_story(heard.text, top_category=top)

    def _small_talk(self, heard: Heard) -> str:
        return {
            "out_of_scope": "utter_out_of_scope",
            "abuse": "utter_heard_anger",
            "ask_question": "utter_no_reliable_answer",
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
        if heard.emotion[0] in ("sarcastic", "angry", "disappointed") and has_story(heard.text):
            return [FollowupAction("intake_form")]
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
