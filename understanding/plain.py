"""Short messages that mean exactly what a button means ("delete my data"). Whole messages only: a longer text is
never taken for one."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import yaml

from understanding.fold import fold

_PATH = Path(__file__).resolve().parent / "data" / "plain_words.yml"
#: A longer message is a story. Source: product default.
MAX_CHARS = 60


@lru_cache(maxsize=1)
def _meanings() -> tuple[tuple[str, re.Pattern[str]], ...]:
    data = yaml.safe_load(_PATH.read_text(encoding="utf-8"))
    courtesies = {language: "|".join(words) for language, words in data["courtesies"].items()}
    beside = {
        "zh": rf"(?:{courtesies['zh']}|\W)*",
        "en": rf"(?:\b(?:{courtesies['en']})\b|\W)*",
    }
    found = []
    for meaning, languages in data["meanings"].items():
        for language, patterns in languages.items():
            around, core = beside[language], "|".join(f"(?:{pattern})" for pattern in patterns)
            found.append((meaning, re.compile(f"{around}(?:{core}){around}")))
    return tuple(found)


def plain_meaning(text: str) -> str:
    """``read_back``, ``show_data``, ``delete_data``, ``restore``, or empty when ``text`` is none of them."""
    if not text or len(text) > MAX_CHARS:
        return ""
    folded = fold(text).text
    return next((meaning for meaning, pattern in _meanings() if pattern.fullmatch(folded)), "")
