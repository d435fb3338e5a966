"""How many requests a client may make in a minute. Counted in each process by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from api.problems import Refusal


class Limiter:
    """``most``: requests a minute of one client. ``clock``: seconds."""

    def __init__(self, most: int, *, clock: Callable[[], float]) -> None:
        self._most, self._clock = most, clock
        self._minute = 0
        self._counts: Counter[str] = Counter()

    def count(self, who: str) -> None:
        """Raises: Refusal (``too-many``)."""
        minute, second = divmod(int(self._clock()), 60)
        if minute != self._minute:
            self._minute = minute
            self._counts.clear()
        self._counts[who] += 1
        if self._counts[who] > self._most:
            raise Refusal(
                "too-many",
                f"more than {self._most} in this minute",
                headers={"Retry-After": str(60 - second)},
            )
