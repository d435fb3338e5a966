"""Who looks at which conversation, and who writes in it; of this process, for some seconds, nowhere kept."""

from __future__ import annotations

import time

#: How long somebody counts as writing after the last sign of it, in seconds.
WRITES_S = 6.0


class Presence:
    """``until``: moments of the monotonic clock."""

    def __init__(self) -> None:
        self._seen: dict[int, dict[str, float]] = {}
        self._writing: dict[tuple[int, str], float] = {}

    def look(self, talk: int, name: str, *, until: float) -> None:
        self._seen.setdefault(talk, {})[name] = until

    def writes(self, talk: int, name: str) -> None:
        """They write now."""
        self._writing[talk, name] = time.monotonic() + WRITES_S

    def leave(self, talk: int, name: str) -> None:
        self._seen.get(talk, {}).pop(name, None)
        self._writing.pop((talk, name), None)
        if not self._seen.get(talk):
            self._seen.pop(talk, None)

    def others(self, talk: int, name: str, *, now: float) -> tuple[list[str], list[str]]:
        """Who else looks, and who of them writes."""
        here = sorted(who for who, until in self._seen.get(talk, {}).items() if who != name and until > now)
        return here, [who for who in here if self._writing.get((talk, who), 0.0) > now]
