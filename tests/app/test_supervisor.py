"""What `tingsu up` does when one of its parts ends. The parts here are small programs."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app import supervisor
from app.life import HUNG, RENEW
from app.supervisor import Part

#: Ends with the codes given, one a start; lives from then on.
PROGRAM = """
import sys, time
from pathlib import Path
starts = Path(sys.argv[1])
number = len(starts.read_text()) if starts.exists() else 0
starts.write_text("x" * (number + 1))
codes = [int(code) for code in sys.argv[2:]]
if number < len(codes):
    sys.exit(codes[number])
print("ready", flush=True)
time.sleep(600)
"""
LONG_S = 60.0


class Watched:
    """A part under the eye of the supervisor."""

    def __init__(self, folder: Path, *codes: int) -> None:
        self._starts = folder / "starts"
        command = [sys.executable, "-c", PROGRAM, str(self._starts), *map(str, codes)]
        self.part = Part("engine", command, {})
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=supervisor._watch, args=([self.part], self._stopping))

    def __enter__(self) -> Watched:
        self.part.start()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()
        self.part.stop()

    @property
    def starts(self) -> int:
        return len(self._starts.read_text()) if self._starts.exists() else 0


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the pause before a dead part is started again."""
    return lambda seconds: monkeypatch.setattr(supervisor, "_RESTART_S", (seconds,))


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONG_S
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_part_that_gives_way_is_started_again_without_a_pause(
    tmp_path: Path, pauses: Callable[[float], None]
) -> None:
    pauses(100 * LONG_S)  # so that only a start without one is seen
    with Watched(tmp_path, RENEW, RENEW) as watched:
        _until(watched.part.ready.is_set)
        assert (watched.starts, watched.part.deaths) == (3, 0)


def test_a_part_that_dies_or_hangs_is_started_again_after_a_pause(
    tmp_path: Path, pauses: Callable[[float], None]
) -> None:
    pauses(0.01)
    with Watched(tmp_path, 1, HUNG) as watched:
        _until(watched.part.ready.is_set)
        assert (watched.starts, watched.part.deaths) == (3, 2)
        assert watched.part.process is not None
        watched.part.process.kill()
        _until(lambda: watched.starts == 4)


def test_a_part_that_is_asked_to_stop_is_not_started_again(
    tmp_path: Path, pauses: Callable[[float], None]
) -> None:
    pauses(100 * LONG_S)
    with Watched(tmp_path, 1) as watched:
        _until(lambda: watched.part.deaths == 1)
    assert watched.starts == 1
