"""What all our actions share: the open turn, saying a response, and never failing half-way."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.heard import Heard, heard_from
from actions.turn import Turn, turn_of

Events = list[dict[str, Any]]


class Say:
    """Says responses of ``domain.yml`` in the language of the turn."""

    def __init__(self, dispatcher: CollectingDispatcher, language: str) -> None:
        self._dispatcher = dispatcher
        self.language = language

    def __call__(self, response: str, buttons: Sequence[Mapping[str, str]] = (), /, **values: Any) -> None:
        """Say ``response`` with its placeholders filled from ``values``."""
        self._dispatcher.utter_message(
            response=response, language=self.language, buttons=[dict(b) for b in buttons] or None, **values
        )


class TurnAction(Action, ABC):  # type: ignore[misc]
    """An action within a turn. Subclasses implement ``act`` and give events back.

    Abstract, so that Rasa's executor registers only classes that have a name.
    """

    @abstractmethod
    def name(self) -> str: ...

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        heard = heard_from(tracker.latest_message)
        with turn_of(tracker.sender_id, text=heard.text) as turn:
            try:
                return self.act(turn, heard, Say(dispatcher, turn.language), tracker)
            except Exception as error:
                # The turn's transaction may hold half of this action's writes: it must not be committed.
                turn.failed = error
                raise

    @abstractmethod
    def act(self, turn: Turn, heard: Heard, say: Say, tracker: Tracker) -> list[dict[str, Any]]: ...
