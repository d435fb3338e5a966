"""Words that mean the same in a question about how things work: "啥时候", "几天" and "deadline" are one concept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml

from understanding.fold import fold

_FILE = Path(__file__).parent / "data" / "question_concepts.yml"


@lru_cache(maxsize=1)
def _patterns() -> Mapping[str, re.Pattern[str]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = _FILE.read_text(encoding="utf-8")
    read: Mapping[str, Mapping[str, list[str]]] = yaml.load(text, Loader=loader)  # noqa: S506 (safe, in C)
    return {
        name: re.compile("|".join([*map(_anywhere, words["zh"]), *map(_whole, words["en"])]))
        for name, words in read.items()
    }


def _anywhere(word: object) -> str:
    return re.escape(str(word).lower())


def _whole(word: object) -> str:
    """A whole English word; with a star at the end, any ending."""
    text = str(word).lower()
    end = "" if text.endswith("*") else "(?![a-z0-9])"
    return rf"(?<![a-z0-9]){re.escape(text.rstrip('*'))}{end}"


def concepts(text: str) -> tuple[str, ...]:
    """The names of what ``text`` speaks of, in the order of the file."""
    folded = fold(text).text
    return tuple(name for name, pattern in _patterns().items() if pattern.search(folded))
