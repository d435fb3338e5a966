"""Models that a second process learns while Rasa is busy with the first, and how a component takes them.

Training wants both cores. Rasa trains its components one after the other, so that the ones which need nothing
of Rasa's are learned beside it. A model that did not come about is learned by its component, as in a plain
``rasa train``; the component's error is then the one that is told.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

logger = logging.getLogger(__name__)

_PROJECT = Path(__file__).resolve().parents[2]


class _Ahead:
    def __init__(self, root: Path, folder: Path, names: Sequence[str]) -> None:
        self.names = frozenset(names)
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        # one thread each: two libraries that each want both cores are slower than one thread apiece
        surroundings = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        self.process = subprocess.Popen(  # noqa: S603 -- our own interpreter and module
            [sys.executable, "-m", "understanding.learning", str(root), str(folder), *names],
            cwd=_PROJECT,
            env=surroundings,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def wait(self, name: str) -> Path | None:
        """The folder of the model once it is there; ``None`` if it will not come."""
        while not (self.folder / name).is_dir():
            try:
                code = self.process.wait(timeout=0.2)
            except subprocess.TimeoutExpired:
                continue
            if code:
                logger.warning("training.ahead_failed: %s, exit %d", name, code)
            return self.folder / name if (self.folder / name).is_dir() else None
        return self.folder / name

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait()


#: The one that runs now, if any. Rasa makes the components itself, so that it cannot be handed to them.
_running: list[_Ahead] = []


@contextmanager
def learning(root: Path, folder: Path, names: Sequence[str]) -> Iterator[None]:
    """Learn the models ``names`` of `understanding.learning` beside the block; the process ends with it."""
    beside = _Ahead(root, folder, names)
    _running.append(beside)
    try:
        yield
    finally:
        _running.remove(beside)
        beside.end()


def taken(name: str) -> Path | None:
    """The folder of a model that was learned beside this training, waited for; ``None``: learn it here."""
    for beside in _running:
        if name in beside.names:
            return beside.wait(name)
    return None
