"""One plain form of a text for all rules, with the way back to the characters the person typed.

Full width becomes half width, Traditional becomes Simplified character by character, curly quotes become
straight, invisible characters go. Nothing here knows what the text means.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from understanding.model import Detail
from understanding.script import simplified_of

_PLAIN = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "–": "-",
        "—": "-",
        "−": "-",
        "‐": "-",
        "‑": "-",
        "～": "~",
        "〜": "~",
    }
    | {"•": "·", "・": "·", "\u3000": " ", "\u00a0": " ", "⁄": "/", "＇": "'", "`": "'", "´": "'"}
)

_HAN = re.compile("[一-鿿]")


@dataclass(frozen=True)
class Folded:
    """``text`` is plain and lower case, ``cased`` the same with the person's capitals; equal in length.

    ``starts[i]`` is the place in ``original`` of the character that ``text[i]`` came from.
    """

    original: str
    text: str
    cased: str
    starts: tuple[int, ...] | None = None  #: ``None``: every character stands where it stood

    @property
    def chinese(self) -> bool:
        """Whether there are Chinese signs; without them rules for Chinese need not run."""
        return _HAN.search(self.text) is not None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The place in ``original`` of ``text[start:end]``, a non-empty piece."""
        if self.starts is None:
            return start, end
        return self.starts[start], self.starts[end - 1] + 1

    def detail(self, kind: str, value: Any, start: int, end: int, confidence: float = 1.0) -> Detail:
        """A detail that covers ``text[start:end]``."""
        first, last = self.span(start, end)
        return Detail(kind, value, self.original[first:last], first, last, confidence)

    def said(self, start: int, end: int) -> str:
        """The person's own characters behind ``text[start:end]``."""
        first, last = self.span(start, end)
        return self.original[first:last]


def fold(text: str) -> Folded:
    """The plain form of ``text``. Folding a folded text changes nothing."""
    if text.isascii():
        return Folded(text, text.lower(), text)
    pieces = [_fold_char(char) for char in text]
    cased = "".join(pieces)
    lowered = _lower(cased)
    if all(len(piece) == 1 for piece in pieces):
        return Folded(text, lowered, cased)
    return Folded(text, lowered, cased, tuple(_places(pieces)))


def _places(pieces: Iterable[str]) -> Iterable[int]:
    for place, piece in enumerate(pieces):
        for _ in piece:
            yield place


def _lower(text: str) -> str:
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


@lru_cache(maxsize=16_384)
def _fold_char(char: str) -> str:
    if char.isascii():
        return char
    if unicodedata.category(char) == "Cf":
        return ""
    plain = unicodedata.normalize("NFKC", char).translate(_PLAIN)
    simplified = simplified_of()
    return "".join(simplified.get(each, each) for each in plain)
