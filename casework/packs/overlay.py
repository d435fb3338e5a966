"""What was edited at the desk, laid over the values of a file before they are read: so that both are held against the
same rules, and a mistake is named with the line that the edit stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from casework.packs.source import Node

#: Document -> key as :class:`Node` has it -> value as in JSON; an empty text: no such entry. The documents are
#: ``common``, ``house`` and the names of packs.
Edits = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Edit:
    """``value``: as in JSON; ``None``: as in the file again. ``before``: what counted until then."""

    document: str
    key: str
    value: Any
    before: Any
    by: str
    at: datetime
    id: int = 0


_PART = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def overlaid(node: Node, edits: Mapping[str, Any]) -> Node:
    """``node`` with the ``edits`` of its document. One of an entry that the file no longer has is left out."""
    for key, value in edits.items():
        parts = [name or int(number) for name, number in _PART.findall(key)]
        node = _put(node, parts, key, value) or node
    return node


def _put(node: Node, parts: list[str | int], key: str, value: Any) -> Node | None:
    """``None``: there is no place for it."""
    head, rest = parts[0], parts[1:]
    if isinstance(node.value, Mapping) and isinstance(head, str):
        entries = dict(node.value)
        if rest:
            below = _put(entries[head], rest, key, value) if head in entries else None
            if below is None:
                return None
            entries[head] = below
        elif value == "":
            entries.pop(head, None)
        else:
            entries[head] = Node(entries.get(head, node).place, str(value), key)
        return replace(node, value=entries)
    if isinstance(node.value, tuple) and isinstance(head, int) and rest and 1 <= head <= len(node.value):
        below = _put(node.value[head - 1], rest, key, value)
        return below and replace(node, value=(*node.value[: head - 1], below, *node.value[head:]))
    return None


def texts(node: Node) -> dict[str, str]:
    """Every text below ``node``, by its key, in the order of the file."""
    if isinstance(node.value, Mapping):
        return {key: text for below in node.value.values() for key, text in texts(below).items()}
    if isinstance(node.value, tuple):
        return {key: text for below in node.value for key, text in texts(below).items()}
    return {node.key: node.value} if isinstance(node.value, str) else {}
