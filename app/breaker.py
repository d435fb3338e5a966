"""A circuit breaker: when a provider takes nothing from anybody, it is left alone and asked now and then."""

from __future__ import annotations

import logging
from collections.abc import Callable

logger = logging.getLogger(__name__)

#: Failures in a row, with as many different people, that mean the provider and not the message. Source: product
#: default.
TRIP = 5
#: Pauses before each try of a provider that is down, in seconds; the last one repeats.
PAUSES_S = (5.0, 10.0, 20.0, 40.0, 60.0)


class Breaker:
    """One provider's state in one process. ``clock``: seconds that only grow."""

    def __init__(self, name: str, *, clock: Callable[[], float]) -> None:
        self._name, self._clock = name, clock
        self._failed_for: set[int] = set()
        self._tries = 0
        self._next_try = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the provider counts as down."""
        return len(self._failed_for) >= TRIP

    def room(self, wanted: int) -> int:
        """How many messages may be tried now: all, one to see whether it is back, or none."""
        if not self.is_open:
            return wanted
        if self._clock() < self._next_try:
            return 0
        self._wait()  # one at a time: until this try is over, or was never made
        return 1

    def answered(self) -> None:
        """The provider took a message, or refused this one for a reason of its own."""
        if self.is_open:
            logger.warning("provider.back: %s", self._name)
        self._failed_for.clear()
        self._tries = 0

    def failed(self, conversation_id: int) -> None:
        """The provider did not answer, or is out of order."""
        was_open = self.is_open
        self._failed_for.add(conversation_id)
        if self.is_open and not was_open:
            self._wait()
            logger.error("provider.down: %s; one try in %.0f s", self._name, PAUSES_S[0])

    def _wait(self) -> None:
        self._next_try = self._clock() + PAUSES_S[min(self._tries, len(PAUSES_S) - 1)]
        self._tries += 1
