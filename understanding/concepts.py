"""Words that mean the same in a question about how things work: "啥时候", "几天" and "deadline" are one concept."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from understanding.fold import fold

_FILE = Path(__file__).parent / "data" / "question_concepts.yml"
_WORD_START = re.compile(r"(?<![a-z0-9])[a-z0-9]")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class _Entry:
    """``concept`` is its place in the file. ``whole``: no letter or digit may follow."""

    word: str
    concept: int
    whole: bool


@dataclass(frozen=True)
class _Lexicon:
    """Entries by their first two characters: Chinese ones begin anywhere, the others at the start of a word."""

    names: tuple[str, ...]
    anywhere: Mapping[str, tuple[_Entry, ...]]
    at_words: Mapping[str, tuple[_Entry, ...]]


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = _FILE.read_text(encoding="utf-8")
    read: Mapping[str, Mapping[str, list[object]]] = yaml.load(text, Loader=loader)  # noqa: S506 (safe, in C)
    anywhere: defaultdict[str, list[_Entry]] = defaultdict(list)
    at_words: defaultdict[str, list[_Entry]] = defaultdict(list)
    for concept, words in enumerate(read.values()):
        for written in (*words["zh"], *words["en"]):
            word = fold(str(written)).text
            han = _HAN.match(word) is not None
            whole = not (han or word.endswith("*"))
            word = word.rstrip("*")
            (anywhere if han else at_words)[word[: 1 if han else 2]].append(_Entry(word, concept, whole))
    return _Lexicon(
        tuple(read), {k: tuple(v) for k, v in anywhere.items()}, {k: tuple(v) for k, v in at_words.items()}
    )


def concepts(text: str) -> tuple[str, ...]:
    """The names of what ``text`` speaks of, in the order of the file."""
    lexicon = _lexicon()
    return tuple(lexicon.names[place] for place in sorted(set(_found(fold(text).text, lexicon))))


def _found(text: str, lexicon: _Lexicon) -> Iterator[int]:
    for start, char in enumerate(text):
        for entry in lexicon.anywhere.get(char, ()):
            if text.startswith(entry.word, start):
                yield entry.concept
    for match in _WORD_START.finditer(text):
        start = match.start()
        for entry in lexicon.at_words.get(text[start : start + 2], ()):
            if text.startswith(entry.word, start) and not (
                entry.whole and _goes_on(text, start + len(entry.word))
            ):
                yield entry.concept


def _goes_on(text: str, end: int) -> bool:
    return end < len(text) and text[end].isascii() and text[end].isalnum()
