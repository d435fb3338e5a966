"""Rasa without its ballast does the same as Rasa."""

from __future__ import annotations

import ast
import gc
import importlib
import inspect
import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import ValidationError  # type: ignore[import-untyped]
from rasa.core.actions.action import RemoteAction
from rasa.shared.core import events as rasa_events
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from bot import lean, remedies

ROOT = Path(__file__).parents[2]


def run_python(code: str) -> dict[str, Any]:
    """What ``code`` prints last, read as JSON, from a process of its own."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    read: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return read


@pytest.mark.engine
def test_a_lean_process_holds_no_tensorflow_and_leaves_other_packages_whole() -> None:
    found = run_python(
        "import json, sys\n"
        "from bot import lean\n"
        "entered = lean.enter(modules=('rasa.core.agent', 'rasa.model_training'))\n"
        "loaded = {name.split('.')[0] for name in sys.modules}\n"
        "import boto3, questionary\n"
        "print(json.dumps({'lean': entered.lean_imports, 'remedies': entered.remedies,\n"
        "    'ballast': sorted(loaded & {'tensorflow', 'sklearn', 'skops', 'boto3', 'pymongo'}),\n"
        "    'whole': [hasattr(boto3, 'client'), hasattr(questionary, 'text')]}))"
    )
    assert found["lean"]
    assert found["ballast"] == []
    assert found["whole"] == [True, True]
    assert found["remedies"] == [remedy.__name__ for remedy in lean.REMEDIES]


def test_importing_the_module_does_nothing() -> None:
    found = run_python(
        "import json, sys\nbefore = list(sys.meta_path)\nimport bot, bot.lean, bot.engine, bot.training\n"
        "print(json.dumps({'same': before == sys.meta_path, 'rasa': 'rasa' in sys.modules}))"
    )
    assert found == {"same": True, "rasa": False}


def test_another_version_of_rasa_is_left_stock(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(lean, "RASA_VERSION", "3.6.99")
    entered = lean.enter(modules=())
    assert (entered.lean_imports, entered.remedies) == (False, ())
    assert "version_unknown" in caplog.text


def test_a_remedy_that_does_not_fit_is_left_out_and_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def does_not_fit() -> None:
        raise AttributeError("gone")

    monkeypatch.setattr(lean, "REMEDIES", (does_not_fit, remedies.log_quietly))
    assert lean.enter(modules=()).remedies == ("log_quietly",)
    assert "does_not_fit" in caplog.text


@pytest.mark.parametrize(
    ("components", "fits"),
    [
        (["bot.components.intent.IntentComponent", "RulePolicy", "MemoizationPolicy"], True),
        (["rasa.core.policies.rule_policy.RulePolicy"], True),
        (["bot.components.intent.IntentComponent", "TEDPolicy"], False),
        (["DIETClassifier"], False),
        (["rasa.nlu.classifiers.diet_classifier.DIETClassifier"], False),
    ],
)
def test_neural_components_need_the_whole_rasa(components: list[str], fits: bool) -> None:
    assert lean.suits(components) is fits


def test_what_is_left_out_says_so_when_it_is_used() -> None:
    left_out = importlib.import_module("rasa.core.policies.ted_policy")
    with pytest.raises(RuntimeError, match="left out of this process"):
        left_out.TEDPolicy({})


def test_event_types_are_found_as_by_rasa_itself() -> None:
    stock = Event.resolve_by_type.remedied
    for kind in all_subclasses(Event):
        assert Event.resolve_by_type(kind.type_name) is stock(kind.type_name)
    assert Event.resolve_by_type("unheard of", SlotSet) is SlotSet
    assert Event.resolve_by_type("topic") is None
    with pytest.raises(ValueError, match="unheard of"):
        Event.resolve_by_type("unheard of")


@pytest.mark.parametrize(
    "answer",
    [
        {"events": [], "responses": []},
        {"events": [{"event": "slot", "name": "x", "value": {"y": 1}, "timestamp": None}], "responses": [{}]},
        {"events": "none"},
        {"events": [{"event": "slot", "name": 5}], "responses": []},
        {"responses": ["text"]},
        [],
        {"events": [{"event": "slot", "name": "a", "value": 1, "timestamp": None}], "responses": [{}]},
        {"events": [{"event": "slot", "name": "a"}], "responses": []},
        {"events": [{"event": "slot", "name": 1, "value": 1}], "responses": []},
        {"events": [{"event": "slot", "name": "a", "value": 1, "timestamp": "now"}], "responses": []},
        {"events": [{"event": "slot", "name": "a", "value": 1, "timestamp": True}], "responses": []},
        {"events": [{"event": "followup", "metadata": []}], "responses": []},
        {"events": [{"event": "followup", "name": "b"}], "responses": ["said"]},
        {"events": ["slot"], "responses": []},
    ],
)
def test_answers_of_actions_are_judged_as_by_rasa_itself(answer: Any) -> None:
    def verdict(check: Any) -> bool:
        try:
            return bool(check(RemoteAction("a", None), answer))
        except ValidationError:
            return False

    ours = RemoteAction._validate_action_result
    assert verdict(ours) == verdict(ours.remedied)


def test_both_kinds_of_answers_occur_in_the_test_above() -> None:
    with pytest.raises(ValidationError):
        RemoteAction("a", None)._validate_action_result({"events": "none"})
    assert RemoteAction("a", None)._validate_action_result({"events": [], "responses": []})


def test_an_empty_domain_is_empty_and_another_is_not() -> None:
    full = Domain.from_yaml('version: "3.1"\nintents: [greet]\n')
    for _ in range(2):
        assert Domain.empty().is_empty()
        assert not full.is_empty()


def test_the_active_loop_is_told_as_by_rasa_itself() -> None:
    import dataclasses

    from rasa.shared.core import trackers

    loop = trackers.TrackerActiveLoop(
        "intake_form", False, False, {"text": "x", "intent": {"name": "inform"}}
    )
    tracker = DialogueStateTracker("someone", [])
    tracker.active_loop = loop
    assert tracker.current_state()["active_loop"] == dataclasses.asdict(loop)
    used = [
        ast.unparse(node)
        for node in ast.walk(ast.parse(inspect.getsource(trackers)))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "dataclasses"
    ]
    assert sorted(used) == ["dataclasses.asdict", "dataclasses.dataclass"]


@pytest.mark.parametrize(("name", "count"), remedies.ONLY_LOGS_ARE_COPIED.items())
def test_copies_are_made_for_debug_logs_alone(name: str, count: int) -> None:
    tree = ast.parse(inspect.getsource(importlib.import_module(name)))
    of_logs = [
        inner
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "structlogger.debug"
        for inner in ast.walk(call)
        if _is_copy(inner)
    ]
    assert len(of_logs) == count
    assert len([node for node in ast.walk(tree) if _is_copy(node)]) == count
    assert all(
        ast.unparse(node).startswith("copy.deepcopy") for node in ast.walk(tree) if _mentions_copy(node)
    )


def _is_copy(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and ast.unparse(node.func).startswith("copy.")


def _mentions_copy(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "copy"


def random_events(chance: random.Random, length: int) -> list[Event]:
    made: list[Event] = [
        ActionExecuted("action_session_start"),
        SessionStarted(),
        ActionExecuted("action_listen"),
    ]
    usual: list[Callable[[], Event]] = [
        lambda: UserUttered("t", {"name": chance.choice("ab")}),
        lambda: UserUttered("t", {"name": chance.choice("ab")}),
        lambda: ActionExecuted("action_listen"),
        lambda: ActionExecuted("action_listen"),
        lambda: ActionExecuted(chance.choice(["utter_x", "form", "form", "loop"])),
        lambda: ActiveLoop(chance.choice(["form", "loop", None])),
        lambda: ActionExecutionRejected("form"),
        lambda: BotUttered("x"),
        lambda: SlotSet("s", chance.choice([None, 1, 2])),
    ]
    rare: list[Callable[[], Event]] = [Restarted, SessionStarted, ActionReverted, UserUtteranceReverted]
    return made + [chance.choice(rare if chance.random() < 0.02 else usual)() for _ in range(length)]


@pytest.mark.parametrize("seed", range(40))
def test_events_are_collapsed_as_by_rasa_itself(seed: int) -> None:
    tracker = DialogueStateTracker("x", [])
    stock = DialogueStateTracker.applied_events.remedied
    for event in random_events(random.Random(seed), 60):
        tracker.update(event)
        assert list(map(id, tracker.applied_events())) == list(map(id, stock(tracker)))


def state_of(tracker: DialogueStateTracker) -> dict[str, Any]:
    """All that a tracker is, besides what was remembered to save work."""
    held = {key: value for key, value in vars(tracker).items() if not key.startswith("_remembered")}
    slots = {name: (slot.value, slot.has_been_set) for name, slot in tracker.slots.items()}
    return {**held, "events": list(map(id, tracker.events)), "slots": slots}


def some_slots() -> list[Any]:
    from rasa.shared.core.slots import AnySlot, TextSlot

    return [AnySlot("s", mappings=[{}]), TextSlot("requested_slot", mappings=[{}], initial_value="x")]


@pytest.mark.parametrize("seed", range(40))
def test_trackers_are_copied_as_by_rasa_itself(seed: int) -> None:
    tracker = DialogueStateTracker("x", some_slots(), sender_source="file")
    tracker.model_id = "m"
    for event in random_events(random.Random(seed), 60):
        tracker.update(event)
        assert state_of(tracker.copy()) == state_of(DialogueStateTracker.copy.remedied(tracker))


def test_a_copy_of_a_tracker_goes_its_own_way() -> None:
    tracker = DialogueStateTracker.from_events("x", [ActiveLoop("form"), SlotSet("s", 1)], some_slots())
    before = state_of(tracker)
    twin = tracker.copy()
    for event in (SlotSet("s", 2), ActionExecutionRejected("form"), UserUttered("t"), ActionExecuted("a")):
        twin.update(event)
    assert twin.slots["s"].value == 2
    assert twin.active_loop.rejected
    assert (state_of(tracker), tracker.active_loop.rejected) == (before, False)


@pytest.mark.parametrize("seed", range(20))
def test_the_past_is_walked_as_by_rasa_itself(seed: int) -> None:
    tracker = DialogueStateTracker.from_events("x", random_events(random.Random(seed), 80), some_slots())
    walks = (tracker.generate_all_prior_trackers, DialogueStateTracker.generate_all_prior_trackers.remedied)
    ours, stock = (
        [(state_of(at), hide) for at, hide in walk(*rest)]
        for walk, rest in zip(walks, ((), (tracker,)), strict=True)
    )
    assert ours == stock


@pytest.mark.parametrize("ignore_rule_only_turns", [False, True])
@pytest.mark.parametrize("seed", range(60))
def test_the_states_of_the_past_are_those_that_rasa_finds(seed: int, ignore_rule_only_turns: bool) -> None:
    chance = random.Random(seed)
    with lean.quietly():
        domain = Domain.from_yaml(
            'version: "3.1"\nintents: [a, b]\nforms: {form: {required_slots: []}, loop: {required_slots: []}}\n'
            "slots: {s: {type: any, mappings: [{type: custom}]}, t: {type: text, mappings: [{type: custom}]}}\n"
            "actions: [utter_x]\nresponses: {utter_x: [{text: x}]}\n"
        )
    only = {"rule_only_slots": ["t"], "rule_only_loops": ["loop"]}
    tracker = DialogueStateTracker("x", domain.slots)
    for event in random_events(chance, 60):
        if isinstance(event, ActionExecuted):
            event.hide_rule_turn = chance.random() < 0.4
        tracker.update(event)
        if isinstance(event, UserUttered) and chance.random() < 0.8:  # as Rasa does it: with the first action
            tracker.update(DefinePrevUserUtteredFeaturization(chance.random() < 0.5))
        if chance.random() < 0.3:
            tracker.update(SlotSet("t", chance.choice(["u", None])))
        if chance.random() < 0.6:
            ours, stock = (
                find(domain, tracker, False, ignore_rule_only_turns, only)
                for find in (
                    Domain.states_for_tracker_history,
                    Domain.states_for_tracker_history.remedied,
                )
            )
            assert ours == stock
            for state in ours:  # whoever asks may change what was given
                state.get("slots", {}).clear()


@pytest.mark.parametrize("seed", range(20))
def test_forms_ask_of_the_tracker_that_rasa_would_make(seed: int) -> None:
    from rasa.core.actions.forms import FormAction

    form, domain = FormAction("form", None), Domain.empty()
    domain.slots = some_slots()
    tracker = DialogueStateTracker.from_events("x", random_events(random.Random(seed), 60), domain.slots)
    said = [SlotSet("s", 5), BotUttered("y")]
    ours, stock = (
        state_of(make(form, tracker, said, domain))
        for make in (FormAction._temporary_tracker, FormAction._temporary_tracker.remedied)
    )
    new = slice(None, -4)  # two events are made anew each time
    assert ours.pop("events")[new] == stock.pop("events")[new]
    assert ours == stock


def test_actions_are_told_what_rasa_tells_but_of_events_what_was_said() -> None:
    tracker = DialogueStateTracker.from_events("x", random_events(random.Random(1), 60), some_slots())
    call = RemoteAction._action_call_format
    ours = call(RemoteAction("a", None), tracker, Domain.empty())
    stock = call.remedied(RemoteAction("a", None), tracker, Domain.empty())
    said = [event for event in stock["tracker"]["events"] if event["event"] == "bot"]
    assert said
    assert ours == {**stock, "tracker": {**stock["tracker"], "events": said}}


def test_an_action_of_rasa_is_found_by_its_name_and_calls_its_own_endpoint() -> None:
    from rasa.core.actions import action
    from rasa.utils.endpoints import EndpointConfig

    first, second = EndpointConfig("http://one"), EndpointConfig("http://two")
    for endpoint in (first, second, first, None):
        found = action.default_actions(endpoint)
        stock = action.default_actions.remedied(endpoint)
        assert [(type(a), a.name()) for a in found] == [(type(a), a.name()) for a in stock]
        extracting = next(a for a in found if a.name() == "action_extract_slots")
        assert extracting._action_endpoint is endpoint


def test_a_caller_may_change_the_list_it_was_given() -> None:
    tracker = DialogueStateTracker.from_events("x", [UserUttered("a"), ActionExecuted("b")])
    tracker.applied_events().clear()
    assert len(tracker.applied_events()) == 2


@pytest.mark.engine
def test_the_planned_graph_gives_what_the_scheduled_one_gives(shared_engine: Any) -> None:
    from rasa.core.channels.channel import UserMessage

    processor = shared_engine._agent.processor
    runner = processor.graph_runner
    metadata = processor.model_metadata
    tracker = DialogueStateTracker.from_events(
        "x", [ActionExecuted("action_listen"), UserUttered("hi", {"name": "greet"})], processor.domain.slots
    )
    inputs = {"__message__": [UserMessage("你好")], "__tracker__": tracker}
    for target in (metadata.nlu_target, metadata.core_target):
        planned = runner.run(inputs, [target])
        scheduled = type(runner).remedied.run(runner, inputs, [target])
        assert planned.keys() == scheduled.keys() == {target}
        if target == metadata.core_target:
            assert planned[target].probabilities == scheduled[target].probabilities
        else:
            assert [m.as_dict() for m in planned[target]] == [m.as_dict() for m in scheduled[target]]


def test_loaded_things_are_out_of_the_collectors_sight() -> None:
    try:
        lean.settle()
        assert gc.get_freeze_count() > 100_000
    finally:
        gc.unfreeze()


def test_all_events_of_rasa_are_known_to_the_cut() -> None:
    """A new kind of event would have to be thought about in `bot.stores`."""
    kinds = {kind.type_name for kind in all_subclasses(Event) if kind.__module__ == rasa_events.__name__} - {
        Event.type_name
    }
    assert kinds == {
        *(
            "user",
            "user_featurization",
            "entities",
            "bot",
            "slot",
            "restart",
            "rewind",
            "reset_slots",
            "reminder",
        ),
        *(
            "cancel_reminder",
            "undo",
            "export",
            "followup",
            "pause",
            "resume",
            "action",
            "agent",
            "active_loop",
        ),
        *("form", "loop_interrupted", "form_validation", "action_execution_rejected", "session_started"),
    }
