"""Makes Rasa small and quick inside our own processes. Nothing happens until `enter()` is called.

Two things live here: an import of Rasa that leaves out what our model does not use (TensorFlow, the built-in
channels, drivers of stores we do not have), and remedies for known waste in Rasa 3.6.21, one small function
each. Other versions of Rasa are left exactly as they are. `rasa train`, `rasa shell` and `rasa test` never
call this module.

Source for every remedy: docs/adr on Rasa as a library; measured on Rasa 3.6.21.
"""

from __future__ import annotations

import gc
import importlib
import importlib.abc
import importlib.machinery
import logging
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from types import ModuleType
from typing import Any

logger = logging.getLogger(__name__)

RASA_VERSION = "3.6.21"

#: Components of Rasa itself that work without TensorFlow and are offered by name in config.yml.
LEAN_COMPONENTS: dict[str, str] = {
    "MemoizationPolicy": "rasa.core.policies.memoization",
    "AugmentedMemoizationPolicy": "rasa.core.policies.memoization",
    "RulePolicy": "rasa.core.policies.rule_policy",
}
#: Components that Rasa adds to every pipeline by itself; they need no TensorFlow either.
_ALWAYS_THERE = frozenset({"RegexMessageHandler", "DefaultPolicyPredictionEnsemble"})
_CHANNELS = [
    *("socketio", "botframework", "callback", "console", "facebook", "mattermost", "rasa_chat", "rest"),
    *("rocketchat", "slack", "telegram", "twilio", "twilio_voice", "webexteams", "hangouts"),
]
#: Modules of Rasa that only neural components and channels need. They stay left out for the whole process.
_LEFT_OUT = frozenset(
    [
        f"rasa.utils.tensorflow.{name}"
        for name in ("callback", "data_generator", "model_data", "model_data_utils")
    ]
    + [f"rasa.core.channels.{name}" for name in _CHANNELS]
    + [
        "rasa.core.policies.ted_policy",
        "rasa.core.policies.unexpected_intent_policy",
        "rasa.nlu.classifiers.diet_classifier",
        "rasa.nlu.extractors.crf_entity_extractor",
        "rasa.nlu.selectors.response_selector",
        "rasa.utils.plotting",
    ]
)
#: Packages of others that Rasa imports only to offer stores and prompts we do not use. Left out while Rasa is
#: imported and available again to everybody afterwards.
_LEFT_OUT_MEANWHILE = frozenset(
    [
        *("boto3", "boto3.dynamodb", "boto3.dynamodb.conditions", "pymongo", "pymongo.collection"),
        *("questionary", "prompt_toolkit", "prompt_toolkit.styles"),
    ]
)
_DEFAULT_COMPONENTS = "rasa.engine.recipes.default_components"


@dataclass(frozen=True)
class Entered:
    """What `enter()` did. ``remedies`` names those in force; empty on another version of Rasa."""

    lean_imports: bool
    remedies: tuple[str, ...]
    import_s: float


def enter(*, modules: Sequence[str] = ("rasa.core.agent",), lean_imports: bool = True) -> Entered:
    """Import Rasa (``modules``) and put the remedies in force. Call once, before anything imports Rasa.

    With ``lean_imports=False``, or if Rasa has been imported already, Rasa is imported whole. On a version
    other than `RASA_VERSION` everything is left stock.
    """
    began = time.perf_counter()
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")  # Rasa's SQL store speaks SQLAlchemy 1.4
    known = rasa_is_known()
    lean = lean_imports and known and (_is_in_force() or "rasa.core" not in sys.modules)
    if not known:
        logger.warning("rasa.version_unknown: only %s is made lean; running Rasa as it is", RASA_VERSION)
    elif lean_imports and not lean:
        logger.info("rasa.imported_already: too late for lean imports")
    with quietly(), _without_ballast() if lean else nullcontext():
        for name in modules:
            importlib.import_module(name)
        remedies = tuple(remedy.__name__ for remedy in REMEDIES if known and _apply(remedy))
    return Entered(lean, remedies, time.perf_counter() - began)


def settle() -> None:
    """Call once after the model is loaded.

    Takes everything loaded so far out of the garbage collector's sight: a full collection then takes 0.1 ms
    instead of 220 ms. Does linear algebra in one thread: for single sentences a second one only waits, at the
    cost of 10 to 30 % of a turn's CPU time.
    """
    from threadpoolctl import threadpool_limits

    threadpool_limits(1)
    gc.collect()
    gc.freeze()


def rasa_is_known() -> bool:
    """Is the installed Rasa the one version that this module was written for?"""
    try:
        return version("rasa") == RASA_VERSION
    except PackageNotFoundError:
        return False


def suits(components: Iterable[str]) -> bool:
    """Can a pipeline of these components (names as in config.yml, or module paths) run with lean imports?"""
    return all(
        name in LEAN_COMPONENTS
        or name.rpartition(".")[2] in LEAN_COMPONENTS.keys() | _ALWAYS_THERE
        or ("." in name and not name.startswith("rasa."))
        for name in components
    )


# --- imports ----------------------------------------------------------------------------------------------


def _is_in_force() -> bool:
    return any(isinstance(finder, _Omitter) for finder in sys.meta_path)


@contextmanager
def quietly() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _without_ballast() -> Iterator[None]:
    meanwhile = _Omitter(_LEFT_OUT_MEANWHILE - set(sys.modules))
    if not _is_in_force():
        sys.meta_path.insert(0, _Omitter(_LEFT_OUT))
    sys.meta_path.insert(0, meanwhile)
    try:
        yield
    finally:
        sys.meta_path.remove(meanwhile)
        for name in meanwhile.names:
            sys.modules.pop(name, None)


class _Omitter(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Answers imports of ``names`` with a module of placeholders."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = frozenset(names)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname in self.names or (fullname == _DEFAULT_COMPONENTS and self.names >= _LEFT_OUT):
            return importlib.machinery.ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        if module.__name__ == _DEFAULT_COMPONENTS:
            module.DEFAULT_COMPONENTS = [  # type: ignore[attr-defined]
                getattr(importlib.import_module(path), name) for name, path in LEAN_COMPONENTS.items()
            ]
        else:
            module.__getattr__ = _placeholders_of(module)  # type: ignore[method-assign]


def _placeholders_of(module: ModuleType) -> Callable[[str], type]:
    def placeholder(name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)

        def refuse(self: object, *_: object, **__: object) -> None:
            raise RuntimeError(f"{module.__name__}.{name} is left out of this process (see bot.lean)")

        members = {"__init__": refuse, "__module__": module.__name__, "name": classmethod(lambda cls: name)}
        made = type(name, (), members)
        setattr(module, name, made)
        return made

    return placeholder


# --- remedies: each marks what it put in place with `remedied`, which holds Rasa's own ------------------


def _apply(remedy: Callable[[], None]) -> bool:
    try:
        remedy()
    except (ImportError, AttributeError):  # Rasa is not as expected: slower, but right
        logger.exception("rasa.remedy_refused: %s", remedy.__name__)
        return False
    return True


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


def log_quietly() -> None:
    """Left to itself, structlog prints every debug log, and those hold whole conversations."""
    import structlog

    structlog.configure(
        processors=[structlog.stdlib.add_log_level, structlog.stdlib.render_to_log_kwargs],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
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


REMEDIES: tuple[Callable[[], None], ...] = (
    look_up_event_types_in_a_dict,
    compile_the_action_schema_once,
    copy_no_loops_for_actions,
    remember_whether_a_domain_is_empty,
    copy_nothing_for_logs_nobody_reads,
    log_quietly,
    plan_the_graph_once,
    collapse_events_once,
)
