"""Words that stand where a name could stand and are none, from ``data/name_words.yml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

_PATH = Path(__file__).resolve().parent.parent / "data" / "name_words.yml"


@dataclass(frozen=True)
class NameWords:
    """``not_zh``: beginnings; ``ends_zh``: single signs; the rest whole words, in small letters."""

    not_zh: tuple[str, ...]
    words_zh: frozenset[str]
    ends_zh: str
    not_en: frozenset[str]
    given_en: frozenset[str]

    def is_word(self, said: str) -> bool:
        """Whether Chinese ``said`` is a word of the language that only looks like a name."""
        return (
            said.startswith(self.not_zh)
            or said in self.words_zh
            or (len(said) > 2 and said[:2] in self.words_zh)
        )


@lru_cache(maxsize=1)
def name_words() -> NameWords:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    data = yaml.load(_PATH.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 (safe, in C)
    return NameWords(
        not_zh=tuple(data["not_zh"]),
        words_zh=frozenset(data["words_zh"]),
        ends_zh=data["ends_zh"],
        not_en=frozenset(data["not_en"]),
        given_en=frozenset(data["given_en"]),
    )
