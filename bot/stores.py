"""Where the agent keeps locks and trackers. The application's database is reached only through
`TrackerStates`.

A tracker is working memory, not the transcript: at the end of a turn it is cut to what the policies look at,
so that a turn costs the same after one message and after a thousand.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import OrderedDict
from collections.abc import AsyncGenerator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from rasa.core.lock_store import LockStore
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    DefinePrevUserUtteredFeaturization,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
    deserialise_events,
)
from rasa.shared.core.trackers import DialogueStateTracker

logger = logging.getLogger(__name__)

#: Format of the serialised state. A state of another version is not read: the conversation starts anew.
STATE_VERSION = 1
#: What is kept of one message of the person once a newer one has come. The rest is in the transcript.
_KEPT_OF_PARSE_DATA = ("text", "intent", "entities", "message_id")
_KEPT_OF_BOT_METADATA = ("utter_action", "variant")


class TrackerStates(Protocol):
    """The application's place for serialised trackers, inside the transaction of the turn."""

    def load(self, conversation_id: str) -> str | None:
        """The state saved last for the conversation, or ``None``."""
        ...

    def save(self, conversation_id: str, state: str) -> None: ...


class InMemoryTrackerStates:
    """States of one process, gone with it. For `rasa shell` and tests."""

    def __init__(self) -> None:
        self._states: dict[str, str] = {}

    def load(self, conversation_id: str) -> str | None:
        return self._states.get(conversation_id)

    def save(self, conversation_id: str, state: str) -> None:
        self._states[conversation_id] = state


class ConversationLockStore(LockStore):  # type: ignore[misc]
    """One `asyncio.Lock` per conversation: the next message starts when the one before is done.

    Rasa's own store polls once a second. Works within one event loop; the application hands a conversation to
    one engine at a time.
    """

    def __init__(self, endpoint_config: Any = None) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._waiting: dict[str, int] = {}

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = 0, wait_time_in_seconds: float = 0
    ) -> AsyncGenerator[asyncio.Lock, None]:
        """Hold the conversation. The two times are Rasa's and have no meaning here: nothing expires."""
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        self._waiting[conversation_id] = self._waiting.get(conversation_id, 0) + 1
        try:
            async with lock:
                yield lock
        finally:
            self._waiting[conversation_id] -= 1
            if not self._waiting[conversation_id]:
                del self._waiting[conversation_id], self._locks[conversation_id]

    def is_someone_waiting(self, conversation_id: str) -> bool:
        return self._waiting.get(conversation_id, 0) > 1


@dataclass(frozen=True)
class Window:
    """How much of a conversation the policies can see. All numbers count states of the policies.

    ``rule_states``: of the longest rule, plus one so that no rule mistakes the cut for a conversation start.
    ``story_states``: that Memoization compares, plus two for the same reason. ``turns``: messages of the
    person that are kept whole in any case (wording avoids repeating itself, actions look back).
    """

    rule_states: int = 8
    story_states: int = 7
    turns: int = 4
    #: The cut is made when this many events have come together, so that not every turn pays for it.
    events: int = 110


class WindowTrackerStore(TrackerStore):  # type: ignore[misc]
    """Keeps live trackers and hands their serialised state to the application's `TrackerStates`.

    A live tracker is used again only while the application's state is the one saved by this store: after a
    rollback, or a turn in another process, the tracker is built anew from the state.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: Any = None,
        *,
        states: TrackerStates | None = None,
        window: Window | None = None,
        live: int = 500,
        **_: Any,
    ) -> None:
        super().__init__(domain, event_broker)
        self.window = window or Window()
        self._states: TrackerStates = states or InMemoryTrackerStates()
        self._live: OrderedDict[str, tuple[str, DialogueStateTracker]] = OrderedDict()
        self._max_live = live

    def bind(self, states: TrackerStates) -> None:
        """Use the application's ``states`` from now on."""
        self._states = states
        self._live.clear()

    async def create_tracker(self, sender_id: str, append_action_listen: bool = True) -> DialogueStateTracker:
        """A new tracker. Unlike Rasa's own stores, nothing is saved before the turn is done."""
        tracker = self.init_tracker(sender_id)
        if append_action_listen:
            tracker.update(ActionExecuted("action_listen"))
        return tracker

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        state = self._states.load(sender_id)
        known, tracker = self._live.pop(sender_id, ("", None))
        if not state:
            return None
        if tracker is not None and known == state:
            return tracker
        return self._read(sender_id, state)

    async def save(self, tracker: DialogueStateTracker) -> None:
        kept = trim(tracker, domain=self.domain, window=self.window)
        state = f'{{"version":{STATE_VERSION},"events":[{",".join(map(_as_json, kept.events))}]}}'
        self._states.save(tracker.sender_id, state)
        self._live[tracker.sender_id] = (state, kept)
        self._live.move_to_end(tracker.sender_id)
        while len(self._live) > self._max_live:
            self._live.popitem(last=False)

    async def keys(self) -> Iterable[str]:
        return list(self._live)

    def forget(self, conversation_id: str) -> None:
        """Start the conversation anew at its next turn."""
        self._live.pop(conversation_id, None)
        self._states.save(conversation_id, "")

    def _read(self, sender_id: str, state: str) -> DialogueStateTracker | None:
        try:
            read = json.loads(state)
            if read["version"] != STATE_VERSION:
                logger.warning("tracker.other_version: starting anew")
                return None
            events = deserialise_events(read["events"])
        except (ValueError, KeyError, TypeError):  # better to ask again than to stay silent for ever
            logger.exception("tracker.unreadable: starting anew")
            return None
        return self._replayed(sender_id, events)

    def _replayed(self, sender_id: str, events: Iterable[Event]) -> DialogueStateTracker:
        return _replay(self.init_tracker(sender_id), events)


def _replay(tracker: DialogueStateTracker, events: Iterable[Event]) -> DialogueStateTracker:
    for event in events:
        tracker.update(event)
    return tracker


def _as_json(event: Event) -> str:
    """The event as it is stored. It never changes once it is in a tracker, so that this is found once."""
    known: str | None = event.__dict__.get("_stored_as")
    if known is None:
        known = json.dumps(_as_dict(event), ensure_ascii=False, separators=(",", ":"))
        event.__dict__["_stored_as"] = known
    return known


def _as_dict(event: Event) -> dict[str, Any]:
    known: dict[str, Any] = event.as_dict()
    metadata = {
        key: value
        for key, value in known.get("metadata", {}).items()
        if key not in ("model_id", "assistant_id")
    }
    if event.type_name == "bot":  # the values that filled it are in its text and in the transcript
        metadata = {key: metadata[key] for key in _KEPT_OF_BOT_METADATA if key in metadata}
    if metadata:
        known["metadata"] = metadata
    else:
        known.pop("metadata", None)
    return known


# --- the cut ----------------------------------------------------------------------------------------------


def trim(tracker: DialogueStateTracker, *, domain: Domain, window: Window) -> DialogueStateTracker:
    """``tracker``, or, when it has grown beyond ``window``, a shorter one that is the same to the policies.

    Kept are: values of slots and the loop as they were before the cut, the last turns whole, and before those
    only the actions that stories can see. If the shorter one would look different to a policy (this is
    compared each time), the longer one is kept until a later turn.
    """
    if len(tracker.events) <= window.events:
        return tracker
    seen = _seen_by_policies(tracker, domain, window)
    shorter = _replay(tracker.init_copy(), _shortened(tracker, domain, window))
    shorter.model_id, shorter.assistant_id = tracker.model_id, tracker.assistant_id
    if _seen_by_policies(shorter, domain, window) != seen:
        logger.info("tracker.not_trimmed: %d events", len(tracker.events))
        return tracker
    return shorter


def _seen_by_policies(tracker: DialogueStateTracker, domain: Domain, window: Window) -> tuple[Any, ...]:
    """Everything that decides the next action."""
    rules = domain.states_for_tracker_history(tracker)
    stories = domain.states_for_tracker_history(tracker, ignore_rule_only_turns=True)
    loop = tracker.active_loop
    return (
        min(len(rules), window.rule_states),
        rules[-window.rule_states + 1 :],
        min(len(stories), window.story_states),
        stories[-window.story_states + 2 :],
        tracker.current_slot_values(),
        (loop.name, loop.is_interrupted, loop.rejected) if loop else None,
        tracker.latest_action,
        tracker.latest_message,
        tracker.followup_action,
        tracker.is_paused(),
    )


def _shortened(tracker: DialogueStateTracker, domain: Domain, window: Window) -> list[Event]:
    events = list(tracker.events)
    cut = _start_of_recent(events, window.turns)
    if not cut:
        return events
    before = _replay(tracker.init_copy(), events[:cut])
    recent = events[cut:]
    latest = next(event for event in reversed(recent) if isinstance(event, UserUttered))
    return [
        SessionStarted(timestamp=events[0].timestamp),
        *_folded(before.applied_events(), _actions_to_keep(before, domain, window)),
        *[
            _slim(event) if isinstance(event, UserUttered) and event is not latest else event
            for event in recent
        ],
    ]


def _start_of_recent(events: list[Event], turns: int) -> int:
    """Index of the last message but ``turns`` of the person, 0 if there are fewer."""
    messages = [index for index, event in enumerate(events) if isinstance(event, UserUttered)]
    return messages[-turns] if len(messages) > turns else 0


def _actions_to_keep(before: DialogueStateTracker, domain: Domain, window: Window) -> set[int]:
    """Ids of the actions up to the cut that rules or stories may look back to."""
    actions = [event for event in before.applied_events() if isinstance(event, ActionExecuted)]
    visible = _visible_actions(before, domain)
    stories = [event for event in actions if id(event) in visible][-window.story_states :]
    # The next run of the loop replaces the last one and what came after it: rules then look further back.
    runs = [index for index, event in enumerate(actions) if event.action_name == before.active_loop_name]
    until_run = actions[: runs[-1] + 1][-window.rule_states - 1 :] if runs else []
    return {id(event) for event in (*stories, *until_run, *actions[-window.rule_states - 1 :])}


def _visible_actions(tracker: DialogueStateTracker, domain: Domain) -> set[int]:
    """Ids of the action events that make a state for policies trained on stories.

    The same walk as `Domain.states_for_tracker_history` with ``ignore_rule_only_turns``.
    """
    visible = set()
    hidden = False
    actions = (event for event in tracker.applied_events() if isinstance(event, ActionExecuted))
    for event, (before, hide) in zip(actions, tracker.generate_all_prior_trackers(), strict=False):
        if not before.followup_action and before.latest_action_name != before.active_loop_name:
            hidden = hide
        if not hidden:
            visible.add(id(event))
    return visible


def _folded(old: list[Event], kept_actions: set[int]) -> Iterator[Event]:
    """The kept actions of ``old`` with what was said and set before each, and what holds at its end."""
    pending: dict[str, list[Event]] = {}
    for event in old:
        if isinstance(event, SlotSet):
            pending.pop(f"slot {event.key}", None)
            pending[f"slot {event.key}"] = [event]
        elif event.type_name == "reset_slots":
            pending = {key: events for key, events in pending.items() if not key.startswith("slot ")}
            pending["slot "] = [event]
        elif isinstance(event, UserUttered):
            pending["said"] = [_slim(event)]
        elif isinstance(event, DefinePrevUserUtteredFeaturization):
            pending.setdefault("said", []).append(event)
        elif isinstance(event, ActiveLoop):
            pending["loop"] = [*pending.pop("said", []), event] if event.name else [event]
        elif event.type_name in ("pause", "resume"):
            pending["paused"] = [event]
        elif id(event) in kept_actions:
            yield from (held for events in pending.values() for held in events)
            yield event
            pending = {}
    pending.pop("said", None)
    yield from (held for events in pending.values() for held in events)


def _slim(event: UserUttered) -> UserUttered:
    """The message as policies see it, without what only the turn itself needed."""
    parse_data = {key: event.parse_data[key] for key in _KEPT_OF_PARSE_DATA if key in event.parse_data}
    slim = UserUttered(
        event.text,
        event.intent,
        event.entities,
        parse_data,
        event.timestamp,
        event.input_channel,
        event.message_id,
        None,
        event.use_text_for_featurization,
    )
    slim.parse_data.pop("metadata", None)
    return slim
