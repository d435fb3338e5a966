"""Where one complaint ends and the next begins in a text. What a piece is about is read by a model that is given."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from understanding.linear import Floats

#: Chances of the kinds of complaints in question and the cosine of the nearest known opening, one row a text.
Reader = Callable[[Sequence[str]], tuple[Floats, Floats]]

_MIN_COMPLAINT_CHARS = 6

_NUMBERED = re.compile(
    r"(?:(?<=^)|(?<=[\s。；;，,：:！!]))(?:[（(]?[1-9一二三四五][)）、.．]|[①②③④⑤])\s*(?=\D)"
)
_SENTENCE_END = re.compile(r"(?<=[。！？!?；;\n])|(?<=\.)(?=\s)")
#: Words that open a further complaint. They split a text by themselves only where a sentence begins.
_FURTHER = re.compile(
    r"^\s*(?:还有(?:就是|一件|一个)|另外|此外|再一个|再就是|顺便(?:再)?(?:投诉|反映|说)|第[二三四五]|其[二三四]|"
    r"還有(?:就是|一件|一個)|再一個|"
    r"(?:another (?:thing|complaint|problem|issue)|on top of that|second(?:ly)?\b|third(?:ly)?\b|"
    r"separately|also[, ]|and (?:also|another)|plus[, ]|besides))",
    re.IGNORECASE,
)

_MARKS = r"\s，,、；;。.\-–—!！?？"
_ENGLISH_JOINS = r"and|but|plus|also|yet|then|oh|as well as|besides"
_CHINESE_JOINS = r"还有|還有|还|還|而且|另外|并且|同时|再说|顺便|以及|加上|又"
#: Where a further complaint may begin: after a mark, before a joining word, after 了 without any mark.
_BORDER = re.compile(
    rf"(?<=[。！？!?；;\n，、,])|(?<=[.\-–—])(?=\s)|(?<=\s)(?=(?:{_ENGLISH_JOINS})\b)|(?={_CHINESE_JOINS})|"
    r"(?<=了)(?=[\u4e00-\u9fff])",
    re.IGNORECASE,
)
#: What stands before the matter itself.
_LEAD = re.compile(rf"[{_MARKS}]*(?:(?:{_ENGLISH_JOINS})\b[\s,]*)*(?:{_CHINESE_JOINS})?", re.IGNORECASE)

#: Signs at the beginning of what follows a border: a word that adds a matter; "and"; a word that tells the same matter
#: on (what came of it, whom one asked, what was said); one that points back at what was spoken of.
_ADDS = re.compile(
    rf"^[{_MARKS}]*(?:(?:and|but|then|oh)\b[\s,]*)*(?:还有|還有|另外|顺便|再说|再就是|此外|外加|加上|plus\b|also\b|besides|"
    r"on top of|another|separately|as for\b|while i'?m (?:at it|here))",
    re.IGNORECASE,
)
_AND = re.compile(rf"^[{_MARKS}]*and\b", re.IGNORECASE)
_TELLS_ON = re.compile(
    rf"^[{_MARKS}]*(?:(?:but|yet|then|so|because|when)\b|但|可是|不然|结果|所以|因为|害得|导致|搞得|弄得|一问|问|说|打电话|叫|催|"
    r"反映|投诉|报修|现在|到现在|万一|要求|请|谁|怎么|凭什么|最后|后来|然后|先|再)",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    rf"^[{_MARKS}]*(?:(?:and |but )*(?:it|it's|they|he|she|which|who|what|how|no one|nobody|nothing|still|now|always|"
    r"says?|said)\b|[他她它都就不没])",
    re.IGNORECASE,
)
#: "Too" in what follows: 也 and 还 near its beginning, "either" anywhere.
_ALSO = re.compile(r"^\W*\w{0,8}?[也还還又]|\b(?:either|too|as well|also)\b", re.IGNORECASE)
_ALSO_WITHIN = 14
_ENDED = re.compile(r"[。！？!?；;\n.]\s*$")
_COMMA = re.compile(r"[，,、]\s*$")

#: A side narrower than this says nothing (an ideograph counts two and a half letters).
_MIN_WIDTH = 10.0
#: Borders of one text that are read at most, and the letters that they may cost: each is read from both sides.
_MOST_BORDERS, _MOST_WIDTH = 8, 1000.0
#: How likely two complaints meet at a border: weights of a logistic function. Source: ``bench/doubles.py --learn``.
WEIGHTS = {
    "always": -12.9, "left_in_right": -0.35, "right_in_left": -0.36, "shared": -0.46,
    "left_in_whole": 0.24, "right_in_whole": 0.36, "left_known": 2.77, "right_known": 3.63,
    "whole_known": -2.42, "left_width": 0.39, "right_width": 1.61, "adds": 3.14, "also": 0.78,
    "and": 1.71, "tells_on": 0.48, "points_back": -1.61, "ended": 2.67, "comma": 0.75, "borders": -1.04,
    "place": 0.51, "latin": -1.08,
}  # fmt: skip
#: Chance from which a text is cut there.
CUT = 0.56


@dataclass(frozen=True)
class Border:
    """A place where the next complaint may begin; ``left`` and ``right`` of it without marks and joining words."""

    left: str
    right: str
    signs: dict[str, float]


def split_complaints(text: str) -> list[str]:
    """``text`` cut where a further complaint clearly begins; one piece when in doubt.

    Cuts at numbered points and before words such as 另外 or "another thing" that open a sentence.
    """
    starts = [match.start() for match in _NUMBERED.finditer(text)]
    if len(starts) >= 2:
        head = text[: starts[0]].strip()
        borders = [*starts, len(text)]
        pieces = [text[a:b] for a, b in pairwise(borders)]
        pieces = [_NUMBERED.sub("", piece, count=1).strip() for piece in pieces]
        return [piece for piece in ([head] if len(head) > 12 else []) + pieces if piece]
    pieces = [""]
    for sentence in _SENTENCE_END.split(text):
        if _FURTHER.match(sentence) and len(pieces[-1].strip()) >= _MIN_COMPLAINT_CHARS:
            pieces.append(sentence)
        else:
            pieces[-1] += sentence
    return [piece.strip() for piece in pieces if piece.strip()] or [text]


def likely_complaints(text: str, read: Reader) -> list[str]:
    """``text`` cut where its sides are likeliest about different things, each side again; whole if nothing is likely.

    The words that join two complaints are left out.
    """
    tried = borders(text)
    if not tried:
        return [text]
    told = np.array([list(found.values()) for found in signs(text, tried, read)])
    scores = told @ np.array([WEIGHTS[name] for name in SIGNS]) + WEIGHTS["always"]
    best = int(scores.argmax())
    if 1 / (1 + np.exp(-scores[best])) <= CUT:
        return [text]
    return [*likely_complaints(tried[best].left, read), *likely_complaints(tried[best].right, read)]


def first_read(text: str) -> list[str]:
    """What :func:`likely_complaints` reads first: ``text``, and both sides of each border."""
    return _sides(text, borders(text))


def _sides(text: str, tried: Sequence[Border]) -> list[str]:
    return [text, *(side for border in tried for side in (border.left, border.right))]


def borders(text: str) -> list[Border]:
    """The borders of ``text`` worth reading, the most marked ones first."""
    found: list[Border] = []
    last = 0
    for at in sorted({match.start() for match in _BORDER.finditer(text)} - {0, len(text)}):
        left, right = text[:at], text[at:]
        lead = _LEAD.match(right)
        core = right[lead.end() :].strip() if lead else right.strip()
        fresh = not found or re.search(r"\w", text[last:at])
        if fresh and min(_width(left.strip()), _width(core)) >= _MIN_WIDTH:
            found.append(Border(left.strip(" ,，、;；"), core, _words(left, right, len(found))))
            last = at
    return _worth_reading(found, _width(text))


def _worth_reading(found: list[Border], width: float) -> list[Border]:
    most = max(2, min(_MOST_BORDERS, int(_MOST_WIDTH / max(width, 1.0))))
    counted = float(min(len(found), _MOST_BORDERS))
    for border in found:
        border.signs["borders"] = counted
    return sorted(found, key=lambda border: -(border.signs["adds"] + border.signs["ended"]))[:most]


def _words(left: str, right: str, place: int) -> dict[str, float]:
    """What the words and marks at a border say."""
    latin = right.isascii()
    return {
        "adds": float(bool(_ADDS.search(right))),
        "also": float(bool(_ALSO.search(right if latin else right[:_ALSO_WITHIN]))),
        "and": float(bool(_AND.search(right))),
        "tells_on": float(bool(_TELLS_ON.search(right))),
        "points_back": float(bool(_POINTS_BACK.search(right))),
        "ended": float(bool(_ENDED.search(left))),
        "comma": float(bool(_COMMA.search(left))),
        "place": float(min(place, _MOST_BORDERS)),
        "latin": float(latin),
    }


def signs(text: str, tried: Sequence[Border], read: Reader) -> list[dict[str, float]]:
    """Everything that speaks for or against each border: its words, and what the two sides are about."""
    chances, known = read(_sides(text, tried))
    found = []
    for number, border in enumerate(tried):
        left, right = chances[1 + 2 * number], chances[2 + 2 * number]
        one, other = int(left.argmax()), int(right.argmax())
        about = {
            "left_in_right": _log(right[one]),
            "right_in_left": _log(left[other]),
            "shared": float(np.minimum(left, right).sum()),
            "left_in_whole": _log(chances[0, one]),
            "right_in_whole": _log(chances[0, other]),
            "left_known": float(known[1 + 2 * number]),
            "right_known": float(known[2 + 2 * number]),
            "whole_known": float(known[0]),
            "left_width": _log(_width(border.left)),
            "right_width": _log(_width(border.right)),
        }
        found.append({name: (about | border.signs)[name] for name in SIGNS})
    return found


SIGNS = (
    "left_in_right", "right_in_left", "shared", "left_in_whole", "right_in_whole", "left_known", "right_known",
    "whole_known", "left_width", "right_width", "adds", "also", "and", "tells_on", "points_back", "ended", "comma",
    "borders", "place", "latin",
)  # fmt: skip


def _log(chance: float) -> float:
    return float(np.log(chance + 1e-4))


def _width(text: str) -> float:
    return sum(2.5 if ord(char) > 0x2E80 else 1.0 for char in text)
