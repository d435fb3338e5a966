"""Makes Rasa small and quick inside our own processes. Nothing happens until `enter()` is called.

What lives here is an import of Rasa that leaves out what our model does not use: TensorFlow, the built-in
channels, drivers of stores we do not have. It also puts the `remedies` in force, for Rasa in general and for its
trackers. Other versions of Rasa are left exactly as they are. `rasa train`, `rasa shell` and `rasa test` never
call this module.
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

from bot import remedies, tracker_remedies
from bot.models import RASA_VERSION

logger = logging.getLogger(__name__)

#: What is put in force on that version.
REMEDIES: tuple[Callable[[], None], ...] = (*remedies.REMEDIES, *tracker_remedies.REMEDIES)

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


def _apply(remedy: Callable[[], None]) -> bool:
    try:
        remedy()
    except (ImportError, AttributeError):  # Rasa is not as expected: slower, but right
        logger.exception("rasa.remedy_refused: %s", remedy.__name__)
        return False
    return True
