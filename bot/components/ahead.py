"""Models that are learned beside Rasa's training, on both cores, and kept for the next one.

Rasa trains its components one after the other and anew each time. The language models need nothing of Rasa, so
that processes of our own learn them side by side, and a training after a change of the dialogue alone takes them
from the last one. A model that did not come about is learned by its component, as in a plain ``rasa train``;
the component's error is then the one that is told.
"""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from understanding.learning import digest

logger = logging.getLogger(__name__)

_PROJECT = Path(__file__).resolve().parents[2]

#: What each process learns, in this order; they take about as long.
SHARES = (("intent", "emotion"), ("category",))


class _Ahead:
    def __init__(self, root: Path, kept: Path, shares: Sequence[Sequence[str]]) -> None:
        kept.mkdir(parents=True, exist_ok=True)
        self.folders = {name: kept / f"{name}-{digest(root, name)}" for share in shares for name in share}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        # one thread each: two libraries that each want both cores are slower than one thread apiece
        surroundings = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        for share in shares:
            missing = [name for name in share if not self.folders[name].is_dir()]
            if not missing:
                continue
            process = subprocess.Popen(  # noqa: S603 -- our own interpreter and module
                [sys.executable, "-m", "understanding.learning", str(root)]
                + [f"{name}={self.folders[name]}" for name in missing],
                cwd=_PROJECT,
                env=surroundings,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            self._processes.update(dict.fromkeys(missing, process))
        self._kept = kept

    def wait(self, name: str) -> Path | None:
        """The folder of the model once it is there; ``None`` if it will not come."""
        folder, process = self.folders[name], self._processes.get(name)
        while not folder.is_dir() and process is not None:
            try:
                code = process.wait(timeout=0.2)
            except subprocess.TimeoutExpired:
                continue
            if code:
                logger.warning("training.ahead_failed: %s, exit %d", name, code)
            break
        return folder if folder.is_dir() else None

    def end(self) -> None:
        for process in set(self._processes.values()):
            if process.poll() is None:
                process.terminate()
            process.wait()

    def forget_others(self) -> None:
        """Drop the models of earlier states of the project."""
        for folder in self._kept.iterdir():
            if folder not in self.folders.values():
                shutil.rmtree(folder, ignore_errors=True)


#: The one that runs now, if any. Rasa makes the components itself, so that it cannot be handed to them.
_running: list[_Ahead] = []


@contextmanager
def learning(root: Path, kept: Path) -> Iterator[None]:
    """Learn what is not yet in ``kept`` beside the block; the processes end with it."""
    beside = _Ahead(root, kept, SHARES)
    _running.append(beside)
    try:
        yield
        beside.forget_others()
    finally:
        _running.remove(beside)
        beside.end()


def taken(name: str) -> Path | None:
    """The folder of a model that is learned beside this training, waited for; ``None``: learn it here."""
    return _running[-1].wait(name) if _running else None
