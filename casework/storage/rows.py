"""The rows that one unit of work has read: each is read once, and kept as it is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from casework.storage.prepared import Row


class Rows:
    """Rows of one table by their key, for one transaction. What changes them elsewhere must `clear` it."""

    def __init__(self) -> None:
        self._known: dict[int, dict[str, Any]] = {}
        self._locked: set[int] = set()

    def get(self, key: int, *, locked: bool) -> Row | None:
        """The row as it is; with ``locked`` only if this transaction locked it when it was read."""
        return None if locked and key not in self._locked else self._known.get(key)

    def keep(self, key: int, row: Row, *, locked: bool) -> Row:
        if locked:
            self._locked.add(key)
        self._known[key] = dict(row)
        return self._known[key]

    def change(self, key: int, values: Mapping[str, Any]) -> None:
        """``values`` were written into the row."""
        if key in self._known:
            self._known[key].update(values)

    def clear(self) -> None:
        """Rows were written past this: read them anew."""
        self._known.clear()
        self._locked.clear()
