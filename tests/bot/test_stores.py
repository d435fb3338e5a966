"""Locks and trackers: what is kept, what is cut, and what the application sees of it."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    LoopInterrupted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.stores import (
    ConversationLockStore,
    InMemoryTrackerStates,
    Window,
    WindowTrackerStore,
    trim,
)
from tests.bot.conftest import States, project_domain

DOMAIN = project_domain()


# --- locks ------------------------------------------------------------------------------------------------


async def test_messages_of_one_conversation_are_taken_in_order_and_one_at_a_time() -> None:
    locks = ConversationLockStore()
    happened: list[str] = []

    async def message(name: str) -> None:
        async with locks.lock("c"):
            happened.append(f"{name} begins")
            await asyncio.sleep(0)
            happened.append(f"{name} ends")

    await asyncio.gather(*(message(name) for name in "abcd"))
    assert happened == [f"{name} {what}" for name in "abcd" for what in ("begins", "ends")]


async def test_waiting_needs_no_polling(monkeypatch: pytest.MonkeyPatch) -> None:
    async def polled(*_: Any) -> None:
        raise AssertionError("the lock polls")

    locks = ConversationLockStore()
    async with locks.lock("c"):
        monkeypatch.setattr(asyncio, "sleep", polled)
        waiting = asyncio.ensure_future(_hold(locks, "c"))
    await waiting


async def _hold(locks: ConversationLockStore, conversation: str) -> None:
    async with locks.lock(conversation):
        pass


async def test_two_conversations_do_not_wait_for_each_other() -> None:
    locks = ConversationLockStore()
    async with locks.lock("one"):
        await asyncio.wait_for(_hold(locks, "two"), timeout=5)


async def test_a_failed_turn_frees_its_conversation_and_nothing_is_left_behind() -> None:
    locks = ConversationLockStore()
    with pytest.raises(ValueError, match="turn"):
        async with locks.lock("c"):
            raise ValueError("turn")
    async with locks.lock("c"):
        assert not locks.is_someone_waiting("c")
    assert locks._locks == {}


# --- the tracker store ------------------------------------------------------------------------------------


def store_with(states: Any = None, **settings: Any) -> WindowTrackerStore:
    return WindowTrackerStore(DOMAIN, states=states, **settings)


def user(text: str, intent: str, **parsed: Any) -> UserUttered:
    return UserUttered(
        text, {"name": intent, "confidence": 1.0}, [], {"text": text, "intent": {"name": intent}, **parsed}
    )


def started(conversation: str = "c") -> DialogueStateTracker:
    return DialogueStateTracker.from_events(
        conversation,
        [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")],
        DOMAIN.slots,
    )


async def test_a_saved_tracker_comes_back_from_the_applications_state_alone() -> None:
    states = States()
    tracker = started()
    for event in (user("hi", "greet", details=[1]), SlotSet("place", "x"), ActiveLoop("intake_form")):
        tracker.update(event)
    await store_with(states).save(tracker)
    read = await store_with(states).retrieve("c")
    assert read is not None
    assert read.current_state() == {**tracker.current_state(), "sender_id": "c"}
    assert list(read.events) == list(tracker.events)


async def test_a_live_tracker_is_used_while_its_state_is_the_one_saved() -> None:
    states = States()
    store = store_with(states)
    tracker = started()
    await store.save(tracker)
    assert await store.retrieve("c") is tracker


async def test_after_a_rollback_the_tracker_is_read_anew() -> None:
    states = States()
    store = store_with(states)
    await store.save(started())
    before = states.kept["c"]
    tracker = await store.retrieve("c")
    assert tracker is not None
    tracker.update(SlotSet("place", "x"))
    await store.save(tracker)
    states.kept["c"] = before
    again = await store.retrieve("c")
    assert again is not None
    assert again.get_slot("place") is None


async def test_a_turn_that_fails_before_it_is_saved_leaves_no_trace() -> None:
    store = store_with(States())
    await store.save(started())
    tracker = await store.retrieve("c")
    assert tracker is not None
    tracker.update(SlotSet("place", "x"))
    again = await store.retrieve("c")
    assert again is not None
    assert again.get_slot("place") is None


async def test_a_new_conversation_is_not_saved_before_its_turn_is_done() -> None:
    states = States()
    await store_with(states).get_or_create_tracker("c")
    assert states.kept == {}


@pytest.mark.parametrize(
    "state", ["{", "[]", '{"version": 1}', '{"version": 1, "events": [{"event": "nonsense"}]}']
)
async def test_an_unreadable_state_starts_anew_and_is_logged(
    state: str, caplog: pytest.LogCaptureFixture
) -> None:
    states = States()
    states.kept["c"] = state
    assert await store_with(states).retrieve("c") is None
    assert "tracker.unreadable" in caplog.text


async def test_a_state_of_another_version_starts_anew(caplog: pytest.LogCaptureFixture) -> None:
    states = States()
    states.kept["c"] = '{"version": 99, "events": []}'
    assert await store_with(states).retrieve("c") is None
    assert "other_version" in caplog.text


async def test_a_forgotten_conversation_starts_anew() -> None:
    store = store_with(States())
    await store.save(started())
    store.forget("c")
    assert await store.retrieve("c") is None


async def test_without_the_application_states_are_kept_in_memory() -> None:
    store = store_with()
    await store.save(started())
    assert isinstance(store._states, InMemoryTrackerStates)
    assert await store.retrieve("c") is not None
    store._live.clear()
    assert await store.retrieve("c") is not None


async def test_only_so_many_trackers_are_kept_alive() -> None:
    store = store_with(States(), live=3)
    for name in "abcde":
        await store.save(started(name))
    assert list(await store.keys()) == ["c", "d", "e"]


async def test_what_filled_a_message_of_the_bot_is_not_kept() -> None:
    states = States()
    tracker = started()
    tracker.update(BotUttered("to 138", {}, {"utter_action": "utter_x", "variant": "v", "phone": "138"}))
    await store_with(states).save(tracker)
    assert json.loads(states.kept["c"])["events"][-1]["metadata"] == {
        "utter_action": "utter_x",
        "variant": "v",
    }


# --- the cut ----------------------------------------------------------------------------------------------

Turn = Callable[[random.Random], list[Event]]


def said_and_done(intent: str, *actions: str, hidden: bool = True) -> list[Event]:
    """A turn as Rasa writes it down; ``hidden`` as for one that only rules know."""
    written: list[Event] = [
        user(intent, intent, details=["long"] * 5),
        DefinePrevUserUtteredFeaturization(False),
    ]
    for action in (*actions, "action_listen"):
        written.append(ActionExecuted(action, "RulePolicy", 1.0, hide_rule_turn=hidden))
        if action != "action_listen":
            written.append(BotUttered(action, {}, {"utter_action": action}))
    return written


def form_opens(chance: random.Random) -> list[Event]:
    events = said_and_done("lodge_complaint", "intake_form")
    return [*events[:3], ActiveLoop("intake_form"), SlotSet("requested_slot", "description"), *events[3:]]


def form_goes_on(chance: random.Random) -> list[Event]:
    events = said_and_done("inform", "intake_form")
    return [events[0], SlotSet("place", str(chance.random())), *events[1:]]


def form_is_left_for_a_question(chance: random.Random) -> list[Event]:
    events = said_and_done("ask_question", "utter_faq", "intake_form")
    return [
        events[0],
        ActionExecutionRejected("intake_form"),
        *events[1:4],
        LoopInterrupted(True),
        *events[4:],
    ]


def form_closes(chance: random.Random) -> list[Event]:
    events = said_and_done("inform", "intake_form", "action_file")
    return [*events[:3], ActiveLoop(None), SlotSet("requested_slot", None), *events[3:]]


def form_is_left_for_good(chance: random.Random) -> list[Event]:
    first, *rest = said_and_done("help", "action_progress", hidden=False)
    return [first, ActionExecutionRejected("intake_form"), *rest]


OUTSIDE: list[Turn] = [
    lambda chance: said_and_done("greet", "utter_greet"),
    lambda chance: said_and_done("thank", "utter_welcome", hidden=False),
    lambda chance: said_and_done("affirm", "utter_glad", hidden=chance.random() < 0.5),
    lambda chance: [*said_and_done("inform"), SlotSet("place", chance.choice(["a", None]))],
    lambda chance: said_and_done("help", "action_progress", "utter_faq", "action_unclear", hidden=False),
    form_opens,
    form_opens,
]
INSIDE: list[Turn] = [
    form_goes_on,
    form_goes_on,
    form_goes_on,
    form_is_left_for_a_question,
    form_is_left_for_good,
    form_closes,
]
RARE: list[Turn] = [
    lambda chance: [AllSlotsReset()],
    lambda chance: [Restarted(), ActionExecuted("action_session_start"), SessionStarted()],
]


def seen(tracker: DialogueStateTracker, window: Window) -> Any:
    """States as RulePolicy and MemoizationPolicy compare them, and everything else that decides."""
    states = DOMAIN.states_for_tracker_history(tracker)
    stories = DOMAIN.states_for_tracker_history(tracker, ignore_rule_only_turns=True)
    return (
        states[-window.rule_states + 1 :],
        stories[-window.story_states + 2 :],
        tracker.current_slot_values(),
        tracker.active_loop_name,
        tracker.is_active_loop_rejected,
        tracker.is_active_loop_interrupted,
        tracker.latest_action_name,
        tracker.latest_message,
        tracker.followup_action,
    )


@pytest.mark.parametrize("seed", range(25))
def test_after_any_conversation_the_cut_tracker_looks_the_same_to_policies(
    seed: int,
) -> None:
    chance = random.Random(seed)
    window = Window(rule_states=chance.choice([5, 8]), story_states=chance.choice([5, 7]), turns=3, events=60)
    whole, cut = started(), started()
    longest = 0
    for _ in range(120):
        possible = INSIDE if whole.active_loop_name else OUTSIDE
        turn = chance.choice(RARE if chance.random() < 0.01 else possible)(chance)
        for event in turn:
            whole.update(event)
            cut.update(event)
        cut = trim(cut, domain=DOMAIN, window=window)
        longest = max(longest, len(cut.events))
        assert seen(cut, window) == seen(whole, window)
    assert longest < 150
    assert len(whole.events) > 600


def test_an_endless_form_stays_small() -> None:
    window = Window(events=60)
    tracker = started()
    chance = random.Random(1)
    for event in form_opens(chance):
        tracker.update(event)
    for _ in range(200):
        for event in form_goes_on(chance):
            tracker.update(event)
        tracker = trim(tracker, domain=DOMAIN, window=window)
    assert len(tracker.events) < 200
    assert tracker.active_loop_name == "intake_form"


def test_a_conversation_never_looks_as_if_it_had_just_begun() -> None:
    """Rules with ``conversation_start`` match the first state only; a cut must not make a first state."""
    window = Window(rule_states=6, story_states=7, turns=1, events=30)
    tracker = started()
    for _ in range(40):
        for event in said_and_done("greet", "utter_greet"):
            tracker.update(event)
        tracker = trim(tracker, domain=DOMAIN, window=window)
        if len(tracker.events) > 20:
            assert len(DOMAIN.states_for_tracker_history(tracker)) >= window.rule_states


def test_a_tracker_that_would_look_different_is_kept_whole(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from bot import stores

    tracker = started()
    for _ in range(30):
        for event in said_and_done("greet", "utter_greet"):
            tracker.update(event)
    monkeypatch.setattr(stores, "_shortened", lambda *_: [SessionStarted()])
    caplog.set_level("INFO")
    assert trim(tracker, domain=DOMAIN, window=Window()) is tracker
    assert "not_trimmed" in caplog.text


def test_what_only_the_turn_itself_needed_goes_with_the_next_turns() -> None:
    tracker = started()
    for _ in range(30):
        for event in said_and_done("greet", "utter_greet"):
            tracker.update(event)
    cut = trim(tracker, domain=DOMAIN, window=Window())
    *older, latest = [event for event in cut.events if isinstance(event, UserUttered)]
    assert latest.parse_data["details"] == ["long"] * 5
    assert older
    assert not any("details" in event.parse_data for event in older)
