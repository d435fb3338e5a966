"""Custom actions of the fixture project."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher


class Unclear(Action):  # type: ignore[misc]
    def name(self) -> str:
        return "action_unclear"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Any]:
        dispatcher.utter_message(response="utter_unclear")
        return [FollowupAction("action_listen")]


class ReadLanguage(Action):  # type: ignore[misc]
    def name(self) -> str:
        return "action_read_language"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Any]:
        said = tracker.latest_message.get("language") or {}
        known = tracker.get_slot("language")
        return [SlotSet("language", said["language"])] if said.get("certain") or not known else []


class File(Action):  # type: ignore[misc]
    def name(self) -> str:
        return "action_file"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Any]:
        dispatcher.utter_message(response="utter_filed", number="T1")
        filed = {"description": tracker.get_slot("description"), "place": tracker.get_slot("place")}
        return [SlotSet("filed", filed), SlotSet("description", None), SlotSet("place", None)]


class Progress(Action):  # type: ignore[misc]
    def name(self) -> str:
        return "action_progress"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Any]:
        dispatcher.utter_message(response="utter_progress")
        dispatcher.utter_message(json_message={"card": "progress"})
        return []


class Broken(Action):  # type: ignore[misc]
    def name(self) -> str:
        return "action_broken"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Any]:
        dispatcher.utter_message(text="half an answer")
        raise RuntimeError("broken on purpose")
