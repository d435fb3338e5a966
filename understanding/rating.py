"""A mark in words or figures as one of five levels: "还行吧给个三星", "4/5", "8 out of 10", "useless"."""

from __future__ import annotations

import math
import re
from functools import lru_cache
from pathlib import Path

import yaml

from understanding.fold import fold

_PATH = Path(__file__).resolve().parent / "data" / "rating_words.yml"
_DIGITS = {
    "零": 0, "一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
    "十": 10, "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10,
}  # fmt: skip
_N = (
    r"(\d{1,3}(?:\.\d)?|[一二三四五六七八九]?十[一二三四五六七八九]?|[零一二两俩三四五六七八九十]|"
    r"zero|one|two|three|four|five|six|seven|eight|nine|ten|half a)"
)
#: (pattern with the mark in group 1 and, in group 2, what it is out of)
_FIGURES = (
    re.compile(rf"(?<![\w.]){_N}\s*(?:/|out of|of|分之)\s*(5|10|100|five|ten|a hundred)(?!\w)"),
    re.compile(rf"(?:满分|总分)?(5|10|100|五|十|百)分?(?:制|满分|里|[,，]?(?=给|打|我给))[^\d]{{0,4}}?{_N}"),
    re.compile(rf"{_N}\s*-?(?:颗|粒|个)?(?:星|分|stars?\b|points?\b|marks?\b)()"),
    re.compile(
        rf"(?:打|给|評|评|rat(?:e|ing)|score|give|giving|put|mark|level|a|overall)\D{{0,12}}?{_N}(?!\w)()"
    ),
    re.compile(rf"^\W*{_N}\W*$()"),
    re.compile(rf"(?:^|[,，。.;；]\s*){_N}(?=\W*$|\s*[,，。;；])()"),
)


@lru_cache(maxsize=1)
def _words() -> tuple[tuple[int, re.Pattern[str]], ...]:
    data = yaml.safe_load(_PATH.read_text(encoding="utf-8"))
    return tuple(
        (
            int(level),
            re.compile(
                "|".join(
                    [re.escape(word) for word in words["zh"]]
                    + [rf"\b{re.escape(word)}\b" for word in words["en"]]
                )
            ),
        )
        for level, words in data["levels"].items()
    )


_MARK = re.compile(
    r"\W*(?:[1-5一二三四五两]|one|two|three|four|five)\s*-?(?:颗|个)?(?:星|分(?!钟)|stars?\b)|\W*[⭐★]",
    re.IGNORECASE,
)


def begins_with_mark(text: str) -> bool:
    """Whether a turn opens with a mark ("一星，根本没人道歉"): what follows is its reason."""
    return _MARK.match(text) is not None


def parse_rating(text: str) -> int | None:
    """1 (worst) to 5, or ``None`` when ``text`` holds no mark or several that contradict each other."""
    folded = fold(text).text
    stars = folded.count("⭐") + folded.count("★")
    if 1 <= stars <= 5:
        return stars
    figures = _in_figures(folded)
    if figures is not None:
        return figures
    return _in_words(folded)


def _in_figures(text: str) -> int | None:
    for index, pattern in enumerate(_FIGURES):
        found = {_level(match, turned=index == 1) for match in pattern.finditer(text)} - {None}
        if len(found) == 1:
            return found.pop()
        if len(found) > 1:
            return None
    return None


def _level(match: re.Match[str], *, turned: bool) -> int | None:
    said, scale = (match[2], match[1]) if turned else (match[1], match[2])
    value = 0.5 if said == "half a" else _number(said)
    most = _number(scale) if scale else None
    if most is None:
        most = 5 if value <= 5 else 10 if value <= 10 else 100
    if value > most:
        return None
    return max(1, math.floor(5 * value / most + 0.5))


def _number(word: str) -> float:
    named = {"a hundred": 100, "百": 100} | _DIGITS
    if word in named:
        return float(named[word])
    tens, ten, units = word.partition("十")
    if ten:
        return float(10 * _DIGITS.get(tens, 1) + _DIGITS.get(units, 0))
    return float(word)


def _in_words(text: str) -> int | None:
    """The level of the longest word; a shorter one within it ("satisfied" in "dissatisfied") does not count."""
    found = [(m.start(), m.end(), level) for level, pattern in _words() for m in pattern.finditer(text)]
    free = [
        (level)
        for start, end, level in found
        if not any(s <= start and end <= e and (s, e) != (start, end) for s, e, _ in found)
    ]
    if not free or max(free) - min(free) > 1:
        return None
    return min(free)
