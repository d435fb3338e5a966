"""Runs the custom actions in this process, where Rasa would call an action server over HTTP.

What an action does is not known here. This is the door that keeps its failures from becoming silence.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

logger = logging.getLogger(__name__)

#: What is said when an action fails; its placeholder ``{reference}`` is the reference written to the log.
UTTER_INTERNAL_ERROR = "utter_internal_error"


class InProcessActions(EndpointConfig):  # type: ignore[misc]
    """An action endpoint without a network. One object an engine; the actions are found once."""

    def __init__(
        self,
        packages: Sequence[str | ModuleType] = ("actions",),
        *,
        new_reference: Callable[[], str] = lambda: secrets.token_hex(4),
    ) -> None:
        super().__init__(url="in-process:actions", enable_selective_domain=True)
        self._new_reference = new_reference
        self._executor = ActionExecutor()
        for package in packages:
            self._register(package)

    @property
    def action_names(self) -> frozenset[str]:
        return frozenset(self._executor.actions)

    def _register(self, package: str | ModuleType) -> None:
        """Find the actions of ``package``. Raises: ImportError (the SDK's own way ends the process)."""
        self._executor._import_submodules(package)
        self._executor._register_all_actions()

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Run the action that Rasa asks for in ``kwargs["json"]``. See `rasa_sdk` for the shapes.

        Raises: ClientResponseError with status 400 when the action refuses to run (Rasa predicts another
        one).
        """
        call = kwargs["json"]
        name = call.get("next_action")
        try:
            answer = await self._executor.run(_detached(call))
            # As over HTTP: values of the answer belong to nobody else, and what cannot be stored is found
            # here.
            result: dict[str, Any] = json.loads(json.dumps(answer or {"events": [], "responses": []}))
            return result
        except ActionExecutionRejection as refused:
            body = json.dumps({"action_name": refused.action_name, "error": refused.message})
            raise ClientResponseError(400, "rejected", body) from refused
        except Exception:  # the door: the person is answered whatever an action does
            reference = self._new_reference()
            logger.exception("action.failed: %s reference=%s", name, reference)
            return _failed(name, reference)


def _detached(call: dict[str, Any]) -> dict[str, Any]:
    """The call with copies of what an action may change in place."""
    tracker = dict(call["tracker"])
    for key in ("slots", "latest_message", "active_loop"):
        tracker[key] = json.loads(json.dumps(tracker.get(key)))
    return {**call, "tracker": tracker}


def _failed(name: str | None, reference: str) -> dict[str, Any]:
    """Says that something went wrong, and ends the turn so that no later action speaks of success."""
    events: list[dict[str, Any]] = [{"event": "followup", "name": "action_listen"}]
    if name == "action_session_start":
        events = [{"event": "session_started"}, {"event": "action", "name": "action_listen"}]
        return {"events": events, "responses": []}
    return {"events": events, "responses": [{"response": UTTER_INTERNAL_ERROR, "reference": reference}]}
