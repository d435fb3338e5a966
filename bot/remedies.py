"""Remedies for known waste in Rasa 3.6.21, one small function each. `bot.lean` puts them in force.

Each marks what it put in place with ``remedied``, which holds Rasa's own. Source for every remedy: docs/adr on Rasa
as a library; measured on Rasa 3.6.21.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable
from typing import Any


def look_up_event_types_in_a_dict() -> None:
    """`Event.resolve_by_type` walks all subclasses for each stored event: half the cost of a tracker."""
    from rasa.shared.core.events import Event

    stock = Event.resolve_by_type
    if getattr(stock, "remedied", False):
        return
    known: dict[str, Any] = {}

    def resolve_by_type(type_name: str, default: Any = None) -> Any:
        found = known.get(type_name)
        if found is None:
            found = stock(type_name, default)
            if found is not None and found is not default:
                known[type_name] = found
        return found

    resolve_by_type.remedied = stock  # type: ignore[attr-defined]
    Event.resolve_by_type = staticmethod(resolve_by_type)


#: Events of which the schema asks for nothing but their kind.
_BARE_EVENTS = frozenset({"followup", "active_loop", "session_started", "reset_slots"})


def _is_simple(result: Any) -> bool:
    """Whether the schema surely takes this answer of an action; ``False`` means that it must be asked."""
    if not isinstance(result, dict):
        return False
    events, responses = result.get("events"), result.get("responses")
    return (
        isinstance(events, list)
        and isinstance(responses, list)
        and all(map(_is_simple_event, events))
        and all(isinstance(response, dict) for response in responses)
    )


def _is_simple_event(event: Any) -> bool:
    if not isinstance(event, dict) or type(event.get("timestamp")) not in (int, float, type(None)):
        return False
    if not isinstance(event.get("metadata"), dict | None):
        return False
    if event.get("event") == "slot":
        return isinstance(event.get("name"), str) and "value" in event
    return event.get("event") in _BARE_EVENTS


def compile_the_action_schema_once() -> None:
    """`RemoteAction` checks a constant JSON schema on every call of an action: 20 ms of a 20 ms call.

    Compiled it still takes 2 ms, most of it to find out which of 24 kinds each event is. Slots and events
    without parts of their own, which is nearly all that actions send, are looked at directly.
    """
    from jsonschema.validators import validator_for  # type: ignore[import-untyped]
    from rasa.core.actions.action import RemoteAction

    stock = RemoteAction._validate_action_result
    if getattr(stock, "remedied", False):
        return
    schema = RemoteAction.action_response_format_spec()
    validator_class = validator_for(schema)
    validator_class.check_schema(schema)
    validator = validator_class(schema)

    def _validate_action_result(self: Any, result: dict[str, Any]) -> bool:
        if not _is_simple(result):
            validator.validate(result)
        return True

    _validate_action_result.remedied = stock  # type: ignore[attr-defined]
    RemoteAction._validate_action_result = _validate_action_result


def remember_whether_a_domain_is_empty() -> None:
    """`Domain.is_empty` builds and compares an empty domain for every message."""
    from rasa.shared.core.domain import Domain

    stock = Domain.is_empty
    if getattr(stock, "remedied", False):
        return

    def is_empty(self: Any) -> bool:
        remembered: bool | None = self.__dict__.get("_remembered_is_empty")
        if remembered is None:
            remembered = self.__dict__["_remembered_is_empty"] = stock(self)
        return remembered

    is_empty.remedied = stock  # type: ignore[attr-defined]
    Domain.is_empty = is_empty


class _NoCopies:
    """Stands in for the module `copy` where Rasa uses it for nothing but log arguments."""

    @staticmethod
    def deepcopy(value: Any) -> Any:
        return value


#: Modules whose only use of `copy` is to copy arguments of debug logs, with the number of those uses.
ONLY_LOGS_ARE_COPIED: dict[str, int] = {
    "rasa.core.processor": 6,
    "rasa.core.policies.memoization": 3,
    "rasa.core.policies.rule_policy": 1,
    "rasa.core.actions.forms": 3,
}


def copy_nothing_for_logs_nobody_reads() -> None:
    """Rasa copies states and events deeply for every debug log, also when debug logs are off."""
    for name in ONLY_LOGS_ARE_COPIED:
        importlib.import_module(name).copy = _NoCopies()  # type: ignore[attr-defined]


def log_quietly() -> None:
    """Left to itself, structlog prints every debug log, and those hold whole conversations."""
    import structlog

    structlog.configure(
        processors=[structlog.stdlib.add_log_level, structlog.stdlib.render_to_log_kwargs],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


def plan_the_graph_once() -> None:
    """Rasa cuts, converts and schedules the prediction graph anew for every prediction."""
    import rasa.core.processor
    from rasa.engine.exceptions import GraphRunError
    from rasa.engine.runner.dask import DaskGraphRunner

    if getattr(rasa.core.processor.DaskGraphRunner, "remedied", False):
        return

    class PlannedGraphRunner(DaskGraphRunner):  # type: ignore[misc]
        """Runs the nodes in an order found once for each set of targets."""

        remedied = DaskGraphRunner

        def run(
            self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None
        ) -> dict[str, Any]:
            wanted = tuple(targets or self._graph_schema.target_names)
            plans: dict[tuple[str, ...], Any] = self.__dict__.setdefault("_plans", {})
            plan = plans.get(wanted)
            if plan is None:
                plan = plans[wanted] = _plan(self._graph_schema.minimal_graph_schema(list(wanted)))
            outputs = {name: (name, value) for name, value in (inputs or {}).items()}
            try:
                for name, needs in plan:
                    node = self._instantiated_nodes[name]
                    outputs[name] = node(*[outputs.get(need, need) for need in needs])
            except RuntimeError as error:
                raise GraphRunError("Error running runner.") from error
            return {name: outputs[name][1] for name in wanted}

    rasa.core.processor.DaskGraphRunner = PlannedGraphRunner


def _plan(schema: Any) -> list[tuple[str, tuple[str, ...]]]:
    """Nodes of ``schema`` with the names of their inputs, each after the nodes it needs."""
    ordered: dict[str, tuple[str, ...]] = {}

    def visit(name: str) -> None:
        if name in ordered or name not in schema.nodes:
            return
        needs = tuple(schema.nodes[name].needs.values())
        for need in needs:
            visit(need)
        ordered[name] = needs

    for name in schema.nodes:
        visit(name)
    return list(ordered.items())


def make_default_actions_once() -> None:
    """To find one action by its name, Rasa makes all sixteen of its own anew, several times a turn."""
    from rasa.core.actions import action

    stock = action.default_actions
    if getattr(stock, "remedied", False):
        return
    made: dict[int, tuple[Any, list[Any]]] = {}

    def default_actions(action_endpoint: Any = None) -> list[Any]:
        endpoint, actions = made.get(id(action_endpoint), (None, []))
        if not actions or endpoint is not action_endpoint:
            actions = stock(action_endpoint)
            made[id(action_endpoint)] = (action_endpoint, actions)
        return list(actions)

    default_actions.remedied = stock  # type: ignore[attr-defined]
    action.default_actions = default_actions


REMEDIES: tuple[Callable[[], None], ...] = (
    look_up_event_types_in_a_dict,
    compile_the_action_schema_once,
    remember_whether_a_domain_is_empty,
    copy_nothing_for_logs_nobody_reads,
    log_quietly,
    plan_the_graph_once,
    make_default_actions_once,
)
