"""Remedies for Rasa's trackers, which replay all their events wherever a copy would do. See `bot.remedies`."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
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
                and not self._first_loop_execution_or_unhappy_path(event.action_name, applied)
            ):
                self._undo_till_previous_loop_execution(event.action_name, applied)
            else:
                applied.append(event)
        return applied

    applied_events.remedied = stock  # type: ignore[attr-defined]
    DialogueStateTracker.applied_events = applied_events


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
    tell_actions_what_was_said_only,
    copy_no_loops_for_actions,
)
