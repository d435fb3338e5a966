"""Remedies for Rasa's trackers, which replay all their events wherever a copy would do. See `bot.remedies`."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from operator import is_
from typing import Any


def collapse_events_once() -> None:
    """`applied_events` is asked for ten times a turn, each time with five type checks an event.

    Same result as Rasa's own, found by type names, and remembered until an event is added.
    """
    from rasa.shared.core.events import ActionExecuted, UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker

    stock = DialogueStateTracker.applied_events
    if getattr(stock, "remedied", False):
        return

    def applied_events(self: Any) -> list[Any]:
        events = self.events
        if not events:
            return []
        at = (len(events), id(events), id(events[-1]))
        remembered = self.__dict__.get("_remembered_applied")
        if remembered is None or remembered[0] != at:
            remembered = self.__dict__["_remembered_applied"] = (at, collapsed(self))
        return list(remembered[1])

    def collapsed(self: Any) -> list[Any]:
        loops = {event.name for event in self.events if event.type_name in _LOOPS and event.name}
        applied: list[Any] = []
        for event in self.events:
            kind = event.type_name
            if kind in ("restart", "session_started"):
                applied = []
            elif kind == "undo":
                self._undo_till_previous(ActionExecuted, applied)
            elif kind == "rewind":
                self._undo_till_previous(UserUttered, applied)
                self._undo_till_previous(ActionExecuted, applied)
            elif (
                kind == "action"
                and event.action_name in loops
                and not _is_first_run(event.action_name, applied)
            ):
                _undo_till_run(event.action_name, applied)
            else:
                applied.append(event)
        return applied

    applied_events.remedied = stock  # type: ignore[attr-defined]
    DialogueStateTracker.applied_events = applied_events


def _is_first_run(loop: str, applied: list[Any]) -> bool:
    """Whether ``loop`` did not run before ``applied`` ends, or other actions came between since the last message."""
    following = None
    for event in reversed(applied):
        kind = event.type_name
        if kind in _LOOPS and event.name is None:
            return True
        if kind == "action_execution_rejected" and event.action_name == loop:
            return True
        if kind == "user" and following not in (None, loop):
            return True
        if kind == "action":
            if event.action_name == loop:
                return False
            following = event.action_name
    return True


def _undo_till_run(loop: str, applied: list[Any]) -> None:
    """Take back actions and messages since ``loop`` ran last; what they set stays."""
    kept = []
    while applied and not (applied[-1].type_name == "action" and applied[-1].action_name == loop):
        event = applied.pop()
        if event.type_name not in ("action", "user", "user_featurization"):
            kept.append(event)
    applied.extend(reversed(kept))


#: Type names of the event that says which loop is active, and of its two old forms.
_LOOPS = frozenset({"active_loop", "form"})


def copy_slots_flat() -> None:
    """A new tracker copies every slot, which Python does the way it pickles."""
    from rasa.shared.core.slots import Slot

    def __copy__(self: Any) -> Any:
        twin = object.__new__(type(self))
        twin.__dict__.update(self.__dict__)
        return twin

    Slot.__copy__ = __copy__


def copy_trackers_without_replaying() -> None:
    """For every action, and for every question of a form, Rasa makes a tracker by replaying all events of another.

    A copy of what they led to is the same. Only a follow-up that was taken already does not come up again.
    """
    from rasa.core.actions.forms import FormAction
    from rasa.shared.core.constants import REQUESTED_SLOT
    from rasa.shared.core.events import ActionExecuted, SlotSet
    from rasa.shared.core.trackers import DialogueStateTracker

    stock, stock_form = DialogueStateTracker.copy, FormAction._temporary_tracker
    if getattr(stock, "remedied", False):
        return

    def copied(self: Any) -> Any:
        twin = object.__new__(type(self))
        twin.__dict__.update(self.__dict__)
        twin.__dict__.pop("_remembered_past", None)
        twin.events = copy.copy(self.events)
        twin.slots = copy.copy(self.slots)
        twin.slots.update({name: copy.copy(slot) for name, slot in self.slots.items()})
        twin.active_loop = copy.copy(self.active_loop)
        twin.sender_source = twin.model_id = twin.assistant_id = None
        return twin

    def _temporary_tracker(self: Any, current_tracker: Any, additional_events: list[Any], domain: Any) -> Any:
        if any(event.type_name == "restart" for event in current_tracker.events):
            return stock_form(self, current_tracker, additional_events, domain)
        twin = copied(current_tracker)
        for event in (
            SlotSet(REQUESTED_SLOT, self.get_slot_to_fill(current_tracker)),
            ActionExecuted(self.name()),
            *additional_events,
        ):
            twin.update(event)
        return twin

    copied.remedied = stock  # type: ignore[attr-defined]
    _temporary_tracker.remedied = stock_form  # type: ignore[attr-defined]
    DialogueStateTracker.copy = copied
    FormAction._temporary_tracker = _temporary_tracker


def walk_the_past_without_checks() -> None:
    """Policies are shown the tracker before each action: events that were checked when they came are not again."""
    from rasa.shared.core.trackers import DialogueStateTracker

    stock = DialogueStateTracker.generate_all_prior_trackers
    if getattr(stock, "remedied", False):
        return

    def generate_all_prior_trackers(self: Any) -> Iterator[tuple[Any, bool]]:
        tracker = self.init_copy()
        for event in self.applied_events():
            if event.type_name == "action":
                yield tracker, event.hide_rule_turn
            tracker.events.append(event)
            event.apply_to(tracker)
        yield tracker, False

    generate_all_prior_trackers.remedied = stock  # type: ignore[attr-defined]
    DialogueStateTracker.generate_all_prior_trackers = generate_all_prior_trackers


@dataclass
class _Past:
    """How far a tracker's past was walked: the events seen, where they led, and what was true before each action."""

    domain: Any
    at: Any
    seen: list[Any] = field(default_factory=list)
    steps: list[tuple[Any, ...]] = field(default_factory=list)

    def leads_to(self, applied: list[Any]) -> bool:
        """Whether ``applied`` only goes on from here, and no message is read otherwise than it was then."""
        grown = len(self.seen) <= len(applied) and all(map(is_, self.seen, applied))
        return grown and all(_read_as(step[-2]) == step[-1] for step in self.steps)

    def walk(self, applied: list[Any]) -> None:
        for event in applied[len(self.seen) :]:
            if event.type_name == "action":
                self.steps.append(self.step(event.hide_rule_turn))
            event.apply_to(self.at)
        self.seen = applied

    def step(self, hidden: bool) -> tuple[Any, ...]:
        at = self.at
        keeps_hiding = bool(at.followup_action) or at.latest_action_name == at.active_loop_name
        state = self.domain.get_active_state(at)
        return state, at.latest_action, keeps_hiding, hidden, at.latest_message, _read_as(at.latest_message)


def _read_as(message: Any) -> Any:
    """Whether policies look at the text of a message; an event after it may decide that."""
    return message and message.use_text_for_featurization


def remember_the_states_of_the_past() -> None:
    """Two policies ask for the states before every action of the tracker, for every prediction: each is found once."""
    from rasa.shared.core.domain import Domain

    stock = Domain.states_for_tracker_history
    if getattr(stock, "remedied", False):
        return

    def states_for_tracker_history(
        self: Any,
        tracker: Any,
        omit_unset_slots: bool = False,
        ignore_rule_only_turns: bool = False,
        rule_only_data: dict[str, Any] | None = None,
    ) -> list[Any]:
        if omit_unset_slots:
            return list(stock(self, tracker, omit_unset_slots, ignore_rule_only_turns, rule_only_data))
        states: list[Any] = []
        last_action, is_hidden = None, False
        for found, action, keeps_hiding, hidden, *_ in steps_of(self, tracker):
            state = {kind: dict(part) if isinstance(part, dict) else part for kind, part in found.items()}
            if ignore_rule_only_turns:
                last_action = last_action if is_hidden else action
                is_hidden = is_hidden if keeps_hiding else hidden
                if is_hidden:
                    continue
                self._remove_rule_only_features(state, rule_only_data)
                if states:
                    self._substitute_rule_only_user_input(state, states[-1])
                if last_action:
                    state["prev_action"] = last_action
            states.append(self._clean_state(state))
        return states

    def steps_of(domain: Any, tracker: Any) -> list[tuple[Any, ...]]:
        applied = tracker.applied_events()
        past = tracker.__dict__.get("_remembered_past")
        if past is None or past.domain is not domain or not past.leads_to(applied):
            past = tracker.__dict__["_remembered_past"] = _Past(domain, tracker.init_copy())
        past.walk(applied)
        return [*past.steps, past.step(False)]

    states_for_tracker_history.remedied = stock  # type: ignore[attr-defined]
    Domain.states_for_tracker_history = states_for_tracker_history


def tell_actions_what_was_said_only() -> None:
    """Every call of an action holds all events as dictionaries. Ours look at what the bot said, and no further."""
    from rasa.core.actions.action import RemoteAction
    from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

    stock = RemoteAction._action_call_format
    if getattr(stock, "remedied", False):
        return

    class SaidOnly:
        """The tracker as `RemoteAction` sees it."""

        def __init__(self, tracker: DialogueStateTracker) -> None:
            self._tracker, self.sender_id = tracker, tracker.sender_id

        def current_state(self, _verbosity: EventVerbosity) -> dict[str, Any]:
            state: dict[str, Any] = self._tracker.current_state(EventVerbosity.NONE)
            said = [event.as_dict() for event in self._tracker.events if event.type_name == "bot"]
            return {**state, "events": said}

    def _action_call_format(self: Any, tracker: Any, domain: Any) -> dict[str, Any]:
        call: dict[str, Any] = stock(self, SaidOnly(tracker), domain)
        return call

    _action_call_format.remedied = stock  # type: ignore[attr-defined]
    RemoteAction._action_call_format = _action_call_format


class _FlatFields:
    """Stands in for the module `dataclasses` where Rasa makes a dictionary of the active loop and nothing else."""

    @staticmethod
    def asdict(value: Any) -> dict[str, Any]:
        return dict(vars(value))


def copy_no_loops_for_actions() -> None:
    """The active loop holds the message it began with, all that was understood of it included. Rasa copies it
    deeply for every action; ours get copies of their own all the same (`bot.actions_in_process`)."""
    from rasa.shared.core import trackers

    trackers.dataclasses = _FlatFields()


REMEDIES: tuple[Callable[[], None], ...] = (
    collapse_events_once,
    copy_slots_flat,
    copy_trackers_without_replaying,
    walk_the_past_without_checks,
    remember_the_states_of_the_past,
    tell_actions_what_was_said_only,
    copy_no_loops_for_actions,
)
