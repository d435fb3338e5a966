"""Actions in this process answer as an action server would, and never with silence."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest
from rasa.utils.endpoints import ClientResponseError
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.actions_in_process import InProcessActions
from tests.bot import fixture_actions


@pytest.fixture
def actions() -> InProcessActions:
    return InProcessActions((fixture_actions,), new_reference=lambda: "ref1")


def call(name: str, **tracker: Any) -> dict[str, Any]:
    state = {
        "sender_id": "c",
        "slots": {"language": "zh", "description": "d", "place": "p"},
        "latest_message": {"text": "x"},
        "events": [],
        "paused": False,
        "followup_action": None,
        "active_loop": {},
        "latest_action_name": "action_listen",
    }
    return {"next_action": name, "sender_id": "c", "tracker": {**state, **tracker}, "version": "3.6.21"}


async def test_an_action_runs_and_its_answer_is_what_the_server_would_send(actions: InProcessActions) -> None:
    answer = await actions.request(json=call("action_file"), method="post", timeout=1, compress=False)
    assert answer["responses"][0]["response"] == "utter_filed"
    assert answer["responses"][0]["number"] == "T1"
    assert {event["name"] for event in answer["events"]} == {"filed", "description", "place"}


async def test_an_action_that_raises_is_answered_logged_and_ends_the_turn(
    actions: InProcessActions, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await actions.request(json=call("action_broken"))
    assert answer["responses"] == [{"response": "utter_internal_error", "reference": "ref1"}]
    assert answer["events"] == [{"event": "followup", "name": "action_listen"}]
    assert "action_broken reference=ref1" in caplog.text
    assert "RuntimeError: broken on purpose" in caplog.text


async def test_an_unknown_action_is_answered_too(actions: InProcessActions) -> None:
    answer = await actions.request(json=call("action_nobody_wrote"))
    assert answer["responses"][0]["response"] == "utter_internal_error"


async def test_a_session_starts_even_when_its_action_fails(actions: InProcessActions) -> None:
    answer = await actions.request(json=call("action_session_start"))
    assert [event["event"] for event in answer["events"]] == ["session_started", "action"]
    assert answer["responses"] == []


async def test_an_action_may_refuse_so_that_another_is_predicted(actions: InProcessActions) -> None:
    def refuse(dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        raise ActionExecutionRejection("action_file", "not now")

    actions._executor.actions["action_file"] = refuse
    with pytest.raises(ClientResponseError) as refused:
        await actions.request(json=call("action_file"))
    assert refused.value.status == 400
    assert json.loads(refused.value.text) == {"action_name": "action_file", "error": "not now"}


async def test_an_answer_that_cannot_be_stored_is_a_failure_of_the_action(actions: InProcessActions) -> None:
    def forgetful(dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        return [{"event": "slot", "name": "filed", "value": datetime(2026, 1, 1, tzinfo=timezone.utc)}]

    actions._executor.actions["action_file"] = forgetful
    answer = await actions.request(json=call("action_file"))
    assert answer["responses"][0]["response"] == "utter_internal_error"


async def test_an_action_cannot_change_the_tracker_in_place(actions: InProcessActions) -> None:
    def careless(dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        tracker.slots["filed"]["a"] = 2
        tracker.latest_message["text"] = "changed"
        return [{"event": "slot", "name": "filed", "value": tracker.slots["filed"]}]

    actions._executor.actions["action_file"] = careless
    given = call("action_file", slots={"filed": {"a": 1}})
    answer = await actions.request(json=given)
    assert given["tracker"]["slots"] == {"filed": {"a": 1}}
    assert given["tracker"]["latest_message"] == {"text": "x"}
    assert answer["events"][0]["value"] == {"a": 2}


async def test_actions_may_be_coroutines(actions: InProcessActions) -> None:
    async def slow(dispatcher: Any, tracker: Any, domain: Any) -> None:
        dispatcher.utter_message(text="done")

    actions._executor.actions["action_file"] = slow
    answer = await actions.request(json=call("action_file"))
    assert answer["responses"][0]["text"] == "done"
    assert answer["events"] == []


def test_a_package_that_cannot_be_imported_is_an_error_and_not_the_end_of_the_process() -> None:
    with pytest.raises(ImportError):
        InProcessActions(("tests.bot.nothing_here",))
