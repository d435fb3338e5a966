"""Asking a person in: the chat goes into the queue, the bot falls silent."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction

from actions.base import Say, TurnAction
from actions.heard import Heard
from actions.intake.form import Events
from actions.intake.listening import wants_a_person
from actions.intake.story import is_told
from actions.turn import Turn
from casework.conversations.handover import request_person
from casework.conversations.model import Owner


def call_person(turn: Turn, say: Say, *, quietly: bool = False) -> None:
    """Queue the chat for staff and say so. ``quietly``: what must be said was said already."""
    changed = request_person(turn.work, turn.conversation, now=turn.now)
    turn.owner_changed = changed.owner is not Owner.BOT
    say("utter_person_asked_quietly" if quietly else "utter_person_asked")


class RequestPerson(TurnAction):
    def name(self) -> str:
        return "action_request_person"

    def act(self, turn: Turn, heard: Heard, say: Say, tracker: Tracker) -> Events:
        if not heard.payload and heard.text and not wants_a_person(heard.text) and is_told(heard):
            return [FollowupAction("intake_form")]
        call_person(turn, say)
        return []
