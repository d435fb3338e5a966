"""An engine worker's signs of life, its end when a turn hangs, and giving way to a newer model."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from casework.storage.database import DatabaseUnavailable
from casework.storage.work import Store, Work

logger = logging.getLogger(__name__)

#: How often a sign of life is given and a newer model looked for, in seconds.
PERIOD_S = 4.0
#: Longest turn, in seconds; below the lease of a turn, so that no other worker has it yet. Source: product default,
#: some five hundred times an ordinary turn.
TURN_S = 15.0
#: Exit code of a worker whose turn hung: start it again.
HUNG = 70
#: Exit code of a worker that gave way to a newer model: start it again at once.
RENEW = 75


class Life:
    """Beats in the background from ``start`` to ``stop``. ``busy_since``: monotonic seconds since which a turn has
    been under way, ``None`` between turns. ``newest``: the model a worker started now would take."""

    def __init__(
        self,
        store: Store,
        *,
        model: Path,
        busy_since: Callable[[], float | None],
        newest: Callable[[], Path | None],
        clock: Callable[[], datetime],
        end: Callable[[int], None] = os._exit,
    ) -> None:
        self._store, self._model, self._clock, self._end = store, model, clock, end
        self._busy_since, self._newest = busy_since, newest
        self._name = f"{socket.gethostname()[:50]}:{os.getpid()}"
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=self._every, args=(each, seconds), name=each.__name__, daemon=True)
            for each, seconds in ((self.watch, 0.5), (self.beat, PERIOD_S))
        ]
        self.gives_way = False

    def starting(self) -> None:
        """Loading has begun: others that would give way wait for this one."""
        self._sign("starting")

    def start(self) -> None:
        """The worker answers from here on."""
        with self._store.writing() as work:
            work.engines.renewed()
        self._sign("ready")
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopped.set()
        if not self.gives_way:
            try:
                with self._store.writing() as work:
                    work.engines.gone(self._name)
            except DatabaseUnavailable:
                logger.warning("engine.sign_left: the database is away; it expires by itself")

    def watch(self) -> None:
        """End the process when its turn hangs. A thread cannot be ended; the lease of the turn runs out, another
        worker takes it, and after as many attempts as any failing turn has it is set aside."""
        since = self._busy_since()
        if since is not None and time.monotonic() - since > TURN_S:
            logger.critical("turn.hangs: over %.0f s; this worker ends", TURN_S)
            self._end(HUNG)

    def beat(self) -> None:
        """Give a sign; give way if there is a newer model and it is this worker's turn to."""
        self._sign("renewing" if self.gives_way else "ready")
        found = self._newest()
        if self.gives_way or found is None or found.name == self._model.name:
            return
        with self._store.writing() as work:
            if work.engines.may_renew(self._name, now=self._clock()):
                self._write(work, "renewing")
                self.gives_way = True
                logger.warning("engine.gives_way: %s to %s", self._model.name, found.name)

    def _every(self, act: Callable[[], None], seconds: float) -> None:
        while not self._stopped.wait(seconds):
            try:
                act()
            except DatabaseUnavailable:
                logger.warning("engine.no_sign: the database is away")
            except Exception:  # a thread's door: the sign is given again
                logger.exception("engine.life_failed")

    def _sign(self, state: str) -> None:
        with self._store.writing() as work:
            self._write(work, state)

    def _write(self, work: Work, state: str) -> None:
        model = self._model.name.removesuffix(".tar.gz")
        work.engines.sign(self._name, state=state, model=model, now=self._clock())
