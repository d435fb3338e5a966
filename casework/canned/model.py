"""A canned reply, and how those of a house are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from casework.text import Text

#: What may stand in braces. What each is filled with: :mod:`casework.canned.filling`.
VARIABLES = ("number", "category", "department", "due", "state", "staff", "organisation", "hours")
#: Longest name and text, in characters. Source: product default; a chat is read on a phone.
NAME_CHARS, TEXT_CHARS = 40, 600


@dataclass(frozen=True)
class Canned:
    """``ref`` never changes. ``name``: what it is found by. ``department``: whose it is; empty: the whole house's."""

    ref: str
    name: Text
    text: Text
    department: str = ""

    def as_json(self) -> dict[str, Any]:
        data = asdict(self)
        del data["ref"]
        return data

    @classmethod
    def from_json(cls, ref: str, data: Mapping[str, Any]) -> Canned:
        """Raises: KeyError, TypeError."""
        return cls(ref, Text(**data["name"]), Text(**data["text"]), str(data.get("department", "")))


def shipped(root: Path) -> dict[str, Canned]:
    """Those of the file below ``root``, the folder ``packs``. Raises: OSError, yaml.YAMLError, KeyError, TypeError."""
    found = yaml.safe_load((root / "_common" / "replies.yml").read_text(encoding="utf-8"))
    return {ref: Canned.from_json(ref, data) for ref, data in found.items()}


def load_canned(root: Path, edits: Mapping[str, Any]) -> dict[str, Canned]:
    """The shipped ones with ``edits`` (by ref) laid over them; an empty edit: retired."""
    found = shipped(root)
    for ref, data in edits.items():
        if data:
            found[ref] = Canned.from_json(ref, data)
        else:
            found.pop(ref, None)
    return found
