"""What was said in a conversation already: how its sentences began, and whether a word of regret was among them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache

from casework.words.rules import Rules, any_in

_HAN = re.compile(r"[\u3400-\u9fff]")
_SENTENCE = re.compile(r"[。！？!?]+|(?<=\.)\s+")
#: Lists and steps are read as lists, not as sentences that begin alike.
_ITEM = re.compile(r"\s*(?:[•·*-]|\d+[.)、])")
_WORD = re.compile(r"[\w'’]+")


@dataclass(frozen=True)
class Memory:
    """``used``: how the sentences said so far began (see ``openings``)."""

    used: frozenset[str] = frozenset()
    apologised: bool = False


@lru_cache(maxsize=2048)  # a turn looks through what was said in many before it
def openings(text: str) -> tuple[str, ...]:
    """How each sentence of ``text`` begins: three Chinese characters, or two English words."""
    lines = (line for line in text.splitlines() if not _ITEM.match(line))
    pieces = (piece for line in lines for piece in _SENTENCE.split(line) if piece)
    return tuple(opening for piece in pieces if (opening := _opening(piece)))


def _opening(sentence: str) -> str:
    bare = "".join(char for char in sentence if char.isalnum() or char in " '’{}")
    if _HAN.search(bare[:6]):
        return bare.replace(" ", "")[:3]
    words = _WORD.findall(bare.lower())
    return " ".join(words[:2]) if len(words) >= 2 else ""


def remembered(texts: Iterable[str], rules: Mapping[str, Rules]) -> Memory:
    """The memory of a conversation in which ``texts`` were said to the person."""
    said = tuple(texts)
    return Memory(
        used=frozenset(opening for text in said for opening in openings(text)),
        apologised=any(any_in(rule.checks["apology"], text) for rule in rules.values() for text in said),
    )


_nothing: frozenset[str] = frozenset()
_before: ContextVar[Callable[[], frozenset[str]]] = ContextVar("tingsu_openings", default=lambda: _nothing)


@contextmanager
def remembering(used: Callable[[], frozenset[str]]) -> Iterator[None]:
    """Within, ``used_before`` gives what ``used`` gives. It is asked only where there is a choice of words."""
    token = _before.set(used)
    try:
        yield
    finally:
        _before.reset(token)


def used_before() -> frozenset[str]:
    """How the sentences of the conversation under way began, as far as ``remembering`` knows."""
    return _before.get()()
