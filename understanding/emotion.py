"""How a person feels in one turn: label, intensity and the words that show it. Learned, plus a lexicon."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import cast

import numpy as np
import numpy.typing as npt
import yaml

from understanding.features import Token, sentence_vectors, tokenize
from understanding.fold import Folded, fold
from understanding.linear import Floats, LinearModel, Recipe, softmax
from understanding.model import Emotion, EmotionLabel

_LABEL, _INTENSITY = "emotion", "emotion_intensity"

#: Source: cross-validation on data/emotion, see bench/understanding.py.
LABEL_RECIPE = Recipe(sparse=0.7, vector=1.5, strength=5.0, balance=0.5, neighbours=1.0)
INTENSITY_RECIPE = Recipe(
    sparse=0.7, vector=1.0, strength=3.0, balance=0.3, neighbours=0.5, sharpness=24.0, axes=96
)
#: Scale of the lexicon's columns: its words were chosen with the training texts in view, so trust them less.
_LEXICON_SHARE = 0.6
#: Mean level from which a feeling counts as 2 and as 3. The mean shies away from the ends.
_CUTS = (1.5, 2.35)

#: Characters that are read for signs of feeling.
_MAX_CHARS = 2_000
_MAX_EVIDENCE = 6
#: Where the lexicon is silent: characters that are weighed, and words (Chinese: characters) of a shown run.
_WEIGHED_CHARS = 400
_LONGEST_RUN_EN, _LONGEST_RUN_ZH = 7, 12
_SHORTEST_RUN = 4

_SHOUTED = re.compile(r"\b[A-Z]{3,}\b")
_LETTERS = re.compile(r"[A-Za-z]")
_LATIN = re.compile(r"[a-z]")
_CAPITALS = re.compile(r"[A-Z]")
_STRETCHED = re.compile(r"([a-z啊呀呢吧了哈呵嘛哦呜])\1{2,}")
_EXCLAIMED = re.compile(r"[!！]+(?:[?？!！])*|[?？]{2,}|[?？][!！]+")
_QUOTED = re.compile(r"[\"“「‘'][^\"”」’']{1,8}[\"”」’']")
_NEGATION = re.compile(r"(?:不|没|没有|别|无|\bnot|n't|\bno|\bnever)\s*(?:太|很|再|是|必|\w+ly)?\s*$")
_WORD = re.compile(r"\w")
_CJK = re.compile(r"[\u3400-\u9fff]")
_PIECE = re.compile(r"\S+")
_BORDER = "(?<![a-z0-9])"


@dataclass(frozen=True)
class EmotionExample:
    """``intensity`` 0 to 3, see :class:`understanding.model.Emotion`."""

    text: str
    label: str
    intensity: int


@dataclass(frozen=True)
class _Group:
    name: str
    label: str | None
    chinese: re.Pattern[str]
    english: re.Pattern[str]
    shapes: re.Pattern[str] | None

    def places(self, text: str, *, has_chinese: bool, has_english: bool) -> list[tuple[int, int]]:
        """Where the group's words stand in a folded text, in order; what overlaps is one place."""
        wanted = (has_chinese and self.chinese, has_english and self.english, self.shapes)
        found = sorted(match.span() for pattern in wanted if pattern for match in pattern.finditer(text))
        places: list[tuple[int, int]] = []
        for start, end in found:
            if places and start < places[-1][1]:
                places[-1] = (places[-1][0], max(end, places[-1][1]))
            elif end > start:
                places.append((start, end))
        return places


@dataclass(frozen=True)
class _Lexicon:
    groups: tuple[_Group, ...]
    emoji: dict[str, frozenset[str]]
    short_forms: frozenset[str]  #: written in capitals by everybody, shouting or not
    loose_ends: frozenset[str]  #: words that a shown run of words does not end with


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    text = (files("understanding") / "data" / "emotion_lexicon.yml").read_text(encoding="utf-8")
    about = yaml.load(text, Loader=yaml.CSafeLoader)
    groups = tuple(
        _Group(
            name,
            group.get("label"),
            re.compile(_any_of(group["zh"])),
            re.compile(f"{_BORDER}(?:{_any_of(group['en'])})(?![a-z0-9])"),
            re.compile("|".join(group["patterns"])) if "patterns" in group else None,
        )
        for name, group in about["groups"].items()
    )
    return _Lexicon(
        groups,
        {label: frozenset(signs) for label, signs in about["emoji"].items()},
        short_forms=frozenset(map(str, about["short_forms"])),
        loose_ends=frozenset(map(str, about["loose_ends"])),
    )


def _any_of(entries: Sequence[str]) -> str:
    """The entries by their first character (few are tried at a place), longest first."""
    buckets: dict[str, list[str]] = {}
    for word in sorted({fold(str(entry)).text for entry in entries}, key=len, reverse=True):
        rest, ending = (word[1:-1], "[a-z]*") if word.endswith("*") else (word[1:], "")
        buckets.setdefault(word[0], []).append(re.escape(rest).replace(r"\ ", r"\s+") + ending)
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rests)})" for first, rests in buckets.items())


@dataclass(frozen=True)
class _Signs:
    """What the lexicon finds: one row of numbers, and the places of the words of each label."""

    row: Floats
    spans: dict[str, list[tuple[int, int]]]


def _signs(text: str) -> _Signs:
    lexicon = _lexicon()
    text = text[:_MAX_CHARS]
    folded = fold(text)
    has_chinese, has_english = not text.isascii(), bool(_LATIN.search(folded.text))
    spans: dict[str, list[tuple[int, int]]] = {}
    numbers: list[float] = []
    counts: dict[str, int] = {}
    for group in lexicon.groups:
        places = group.places(folded.text, has_chinese=has_chinese, has_english=has_english)
        plain = [place for place in places if not (group.label and _negated(folded.text, place[0]))]
        counts[group.name] = len(plain)
        numbers += [float(np.log1p(len(plain))), float(bool(plain)), float(len(plain) < len(places))]
        spans.setdefault(group.label or group.name, []).extend(folded.span(*place) for place in plain)
    for label, signs in lexicon.emoji.items():
        drawn = [place for place, char in enumerate(text) if char in signs]
        numbers.append(float(np.log1p(len(drawn))))
        spans.setdefault(label, []).extend((place, place + 1) for place in drawn)
    numbers += _typography(text, folded)
    bad = counts["fury"] + counts["impatience"] + counts["letdown"]
    numbers += [
        float(counts["gratitude"] + counts["irony"] > 0 and bad > 0),
        float(counts["hazard"] > 0 and counts["fury"] == 0),
        float(counts["softener"] > 0 and bad == 0),
    ]
    return _Signs(np.array(numbers, dtype=np.float32) * np.float32(_LEXICON_SHARE), spans)


def _negated(text: str, start: int) -> bool:
    return bool(_NEGATION.search(text[max(0, start - 12) : start]))


def _typography(text: str, folded: Folded) -> list[float]:
    shouted = len(_SHOUTED.findall(text))
    exclaimed = sum(len(match.group()) for match in _EXCLAIMED.finditer(text))
    return [
        float(np.log1p(shouted)),
        float(_all_capitals(text)),
        float(np.log1p(exclaimed)),
        float(exclaimed >= 3),
        float("?!" in folded.text or "??" in folded.text),
        float(bool(_STRETCHED.search(folded.text))),
        float("..." in folded.text or "。。" in folded.text),
        float(bool(_QUOTED.search(text))),
        float(text.rstrip().endswith(("~", "～"))),
        float(len(text) > 80),
        float(len(text) < 8),
    ]


def _all_capitals(text: str) -> bool:
    letters = len(_LETTERS.findall(text))
    return letters >= 8 and len(_CAPITALS.findall(text)) / letters > 0.6


class EmotionModel:
    """Two linear models over the same features: one for the label, one for the intensity."""

    def __init__(self, label: LinearModel, intensity: LinearModel) -> None:
        self._label = label
        self._intensity = intensity

    @classmethod
    def train(cls, examples: Sequence[EmotionExample], *, folds: int = 3) -> EmotionModel:
        """Raises: ValueError if there are fewer than two labels or intensities."""
        texts = [example.text for example in examples]
        labels = [example.label for example in examples]
        felt = [place for place, label in enumerate(labels) if label != "neutral"]
        if len({examples[place].intensity for place in felt}) < 2:
            felt = list(range(len(examples)))
        levels = [str(examples[place].intensity) for place in felt]
        if len(set(labels)) < 2 or len(set(levels)) < 2:
            raise ValueError("at least two labels and two intensities are needed")
        extra = lexicon_columns(texts)
        return cls(
            LinearModel.train(texts, labels, recipe=LABEL_RECIPE, extra=extra, folds=folds),
            LinearModel.train(  # without a temperature, which would move the mean of the levels
                [texts[place] for place in felt],
                levels,
                recipe=INTENSITY_RECIPE,
                extra=extra[felt],
                folds=0,
            ),
        )

    def probabilities(self, text: str) -> dict[str, float]:
        """Calibrated probability of each label."""
        chances = self._label.probabilities(text, extra=_signs(text).row)
        return dict(zip(self._label.labels, map(float, chances), strict=True))

    def predict(self, text: str) -> Emotion:
        """A blank text is neutral. Neutral always has intensity 0, every feeling at least 1."""
        if not text.strip():
            return Emotion("neutral", 0)
        signs = _signs(text)
        vector = sentence_vectors([text])[0]
        scores = self._label.scores(text, extra=signs.row, vector=vector)
        label = cast(EmotionLabel, self._label.labels[int(scores.argmax())])
        if label == "neutral":
            return Emotion(label, 0)
        levels = self._intensity.scores(text, extra=signs.row, vector=vector)
        intensity = _level(levels, self._intensity.labels)
        return Emotion(label, intensity, _evidence(text, signs, self._label, label))

    def save(self, directory: Path) -> None:
        self._label.save(directory, _LABEL)
        self._intensity.save(directory, _INTENSITY)

    @classmethod
    def load(cls, directory: Path) -> EmotionModel:
        """Raises: FileNotFoundError."""
        return cls(LinearModel.load(directory, _LABEL), LinearModel.load(directory, _INTENSITY))


def lexicon_columns(texts: Sequence[str]) -> Floats:
    """The lexicon's numbers, one row a text."""
    return np.stack([_signs(text).row for text in texts])


def _level(scores: Floats, names: Sequence[str]) -> int:
    """1 to 3 by the mean of the levels: a near miss costs less than a far one."""
    mean = float(softmax(scores) @ np.array([int(name) for name in names], dtype=np.float64))
    return 1 + sum(mean >= cut for cut in _CUTS)


def _evidence(text: str, signs: _Signs, model: LinearModel, label: str) -> tuple[str, ...]:
    """The person's own words, in their order, each once: what the lexicon knows, else what weighs most."""
    text = text[:_MAX_CHARS]
    places = [_with_degree(text, place, signs.spans) for place in sorted(signs.spans.get(label, []))]
    if label == "angry" and not _all_capitals(text):
        shouted = [match for match in _SHOUTED.finditer(text) if match.group() not in _lexicon().short_forms]
        places += [match.span() for match in shouted]
    places = places or _heaviest(text, model, label)
    said = (text[start:end].strip() for start, end in places)
    return tuple(dict.fromkeys(word for word in said if word))[:_MAX_EVIDENCE]


def _with_degree(
    text: str, place: tuple[int, int], spans: dict[str, list[tuple[int, int]]]
) -> tuple[int, int]:
    """``place`` with the "so", "very", "太" right before it."""
    for start, end in spans.get("intensifier", []):
        if start < place[0] and end <= place[0] and not text[end : place[0]].strip():
            return start, place[1]
    return place


def _heaviest(text: str, model: LinearModel, label: str) -> list[tuple[int, int]]:
    """The run of words inside one clause that speaks most for ``label``; none if nothing does."""
    folded = fold(text[:_WEIGHED_CHARS])
    tokens = tokenize(folded.text)
    inside = np.array([bool(_WORD.match(token.text)) for token in tokens])
    if not inside.any():
        return []
    by_char = np.concatenate([[0.0], np.cumsum(_weights_by_char(folded.text, tokens, model, label))])
    ends = by_char[[token.end for token in tokens]] - by_char[[token.start for token in tokens]]
    sums = np.concatenate([[0.0], np.cumsum(np.where(inside, ends, 0.0))])
    borders = np.concatenate([[0], np.cumsum(~inside)])
    longest = _LONGEST_RUN_ZH if _CJK.search(folded.text) else _LONGEST_RUN_EN
    best, run = 0.0, (-1, -1)
    for size in range(1, min(longest, len(tokens)) + 1):
        totals = np.where(borders[size:] == borders[:-size], sums[size:] - sums[:-size], -np.inf)
        place = int(totals.argmax())
        if totals[place] > best:
            best, run = float(totals[place]), (place, place + size)
    if run[0] < 0:
        return []
    first, last = _rounded_off(tokens, inside, run, longest)
    return [folded.span(tokens[first].start, tokens[last - 1].end)]


def _rounded_off(
    tokens: Sequence[Token], inside: npt.NDArray[np.bool_], run: tuple[int, int], longest: int
) -> tuple[int, int]:
    """A short clause whole; else no run of a word or two, and none that breaks off after "of" or "the"."""
    loose = _lexicon().loose_ends
    (first, last), (left, right) = run, run
    while left > 0 and inside[left - 1]:
        left -= 1
    while right < len(tokens) and inside[right]:
        right += 1
    if right - left <= longest + 2:
        return left, right
    while last < right and (last - first < _SHORTEST_RUN or tokens[last - 1].text in loose):
        last += 1
    return min(first, max(left, last - _SHORTEST_RUN)), last


def _weights_by_char(plain: str, tokens: Sequence[Token], model: LinearModel, label: str) -> Floats:
    """What each character of the folded text adds to ``label`` against the mean of all labels.

    The weight of an n-gram is shared out among its characters.
    """
    total = np.zeros(len(plain) + 1)
    column, offset = model.labels.index(label), 0
    for view in model.views:
        found = [
            (start, end, place)
            for gram, start, end in _grams(view.kind, plain, tokens)
            if end > start and (place := view.vocabulary.get(gram)) is not None
        ]
        if found:
            starts, ends, columns = np.array(found).T
            weights = model.sparse_weights[columns + offset]
            values = view.idf[columns]
            shares = (weights[:, column] - weights.mean(axis=1)) * values / np.sqrt((values**2).sum())
            shares = shares / (ends - starts)
            np.add.at(total, starts, shares)
            np.add.at(total, ends, -shares)
        offset += len(view.vocabulary)
    return np.cumsum(total)[:-1]


def _grams(kind: str, plain: str, tokens: Sequence[Token]) -> Iterator[tuple[str, int, int]]:
    """The n-grams of a view with their places, see :mod:`understanding.linear`."""
    if kind == "word":
        said = [token for token in tokens if _WORD.match(token.text)]
        yield from ((token.text, token.start, token.end) for token in said)
        yield from ((f"{a.text} {b.text}", a.start, b.end) for a, b in pairwise(said))
        return
    for piece in _PIECE.finditer(plain):
        padded, start = f" {piece.group()} ", piece.start()
        for size in (1, 2, 3, 4):
            for i in range(len(padded) - size + 1):
                yield padded[i : i + size], max(start, start + i - 1), min(start + i - 1 + size, piece.end())
