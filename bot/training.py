"""Trains the project into one model file; see :mod:`bot.models` for its name."""

from __future__ import annotations

import io
import logging
import os
import shutil
import sys
import tempfile
import threading
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any

import yaml
from threadpoolctl import threadpool_limits

from bot import lean
from bot.components import ahead
from bot.models import current_model, model_path
from understanding import features
from understanding.corpus import corpus_files, read_intents

logger = logging.getLogger(__name__)

#: Folder beside the model files for what was learned ahead of Rasa.
LEARNED = "learned"


class TrainingFailed(Exception):
    """The project cannot be trained; the message says what Rasa found wrong with it."""


def train(root: Path, out: Path, progress: Callable[[str, float], None] = lambda step, share: None) -> Path:
    """Train the project in ``root`` and return its model file in ``out``; nothing is done if it is there.

    ``progress`` is told the step and how much is done, 0 to 1. The file appears whole or not at all; models
    of earlier states of the project are removed. Use a process of its own: Rasa is left imported.

    Raises: TrainingFailed.
    """
    known = current_model(root, out)
    if known:
        progress("unchanged", 1.0)
        return known
    progress("import", 0.0)
    lean.enter(modules=("rasa.core.agent", "rasa.model_training"), lean_imports=lean.suits(_configured(root)))
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".training-") as scratch:
        trained = _run(root.resolve(), Path(scratch).resolve(), out.resolve(), progress)
        target = model_path(root, out)
        trained.replace(target)
    for old in out.glob("tingsu-*.tar.gz"):
        if old != target:
            old.unlink(missing_ok=True)
    progress("done", 1.0)
    return target


def _run(root: Path, scratch: Path, out: Path, progress: Callable[[str, float], None]) -> Path:
    import rasa.model_training

    said = _to_stdout_of_caller(progress)
    with (
        ahead.learning(root, out / LEARNED),
        _in_directory(root, scratch),
        features.keep_vectors(),
        threadpool_limits(1),
        _reporting(said),
    ):
        try:
            result = rasa.model_training.train(
                domain=str(_domain(root)),
                config=str(root / "config.yml"),
                training_files=_files_for_rasa(root, scratch),
                output=str(scratch),
                fixed_model_name="model",
                force_training=True,
            )
        except (
            Exception
        ) as error:  # the door: Rasa raises many kinds, and all mean that the project is at fault
            raise TrainingFailed(f"{type(error).__name__}: {error}") from error
    if not result.model:
        raise TrainingFailed("Rasa made no model: see its messages above.")
    return Path(result.model)


def _files_for_rasa(root: Path, scratch: Path) -> list[str]:
    """Everything under ``data`` but the corpora, which our components read themselves; two turns of each act stand
    for those. Rasa reads, merges and copies its training data several times over: 15 s CPU for 26 thousand turns.
    """
    ours = corpus_files(root / "data")
    files = [str(path) for path in sorted((root / "data").glob("**/*.yml")) if path not in ours]
    turns: defaultdict[str, list[str]] = defaultdict(list)
    for example in read_intents(root / "data"):
        if example.context is None:
            turns[example.act].append(example.text)
    if turns:
        sample = scratch / "nlu.yml"
        nlu = [
            {"intent": act, "examples": "".join(f"- {text}\n" for text in texts[:: len(texts) // 2 or 1][:2])}
            for act, texts in turns.items()
        ]
        sample.write_text(yaml.safe_dump({"nlu": nlu}, allow_unicode=True), encoding="utf-8")
        files.append(str(sample))
    return files


@contextmanager
def _in_directory(root: Path, scratch: Path) -> Iterator[None]:
    """Corpora are found from the project's root; Rasa's cache stays out of it."""
    before = Path.cwd()
    surroundings = {
        "RASA_CACHE_DIRECTORY": str(scratch / "cache"),
        "RASA_MAX_CACHE_SIZE": "0",
        "LOG_LEVEL": "WARNING",  # keeps Rasa's own progress bars away
    }
    kept = {name: os.environ.get(name) for name in surroundings}
    os.environ.update(surroundings)
    os.chdir(root)
    try:
        with redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Slot auto-fill has been removed")  # said of every domain
            yield
    finally:
        os.chdir(before)
        for name, value in kept.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        shutil.rmtree(scratch / "cache", ignore_errors=True)


@contextmanager
def _reporting(progress: Callable[[str, float], None]) -> Iterator[None]:
    """Tell ``progress`` of each component that Rasa trains."""
    from rasa.engine import graph

    stock = graph.GraphNode.__call__
    lock = threading.Lock()
    seen = [0]

    def reporting(self: Any, *inputs: Any) -> Any:
        with lock:
            seen[0] += 1
            # the number of nodes is not known here; the share nears 1 without reaching it
            progress(str(self._node_name), round(0.1 + 0.85 * (1 - 0.95 ** seen[0]), 3))
        return stock(self, *inputs)

    graph.GraphNode.__call__ = reporting
    try:
        yield
    finally:
        graph.GraphNode.__call__ = stock


def _to_stdout_of_caller(progress: Callable[[str, float], None]) -> Callable[[str, float], None]:
    """``progress`` prints where it would without the silence around Rasa."""
    stdout = sys.stdout

    def said(step: str, share: float) -> None:
        with redirect_stdout(stdout):
            progress(step, share)

    return said


def _domain(root: Path) -> Path:
    return root / "domain.yml" if (root / "domain.yml").is_file() else root / "domain"


def _configured(root: Path) -> list[str]:
    """Names of the components in config.yml."""
    config = yaml.safe_load((root / "config.yml").read_text(encoding="utf-8")) or {}
    return [str(part["name"]) for key in ("pipeline", "policies") for part in config.get(key) or []]
