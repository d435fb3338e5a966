"""How a person feels in one turn: label, intensity and the words that show it. Learned, plus a lexicon."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import cast

import numpy as np
import yaml

from understanding.features import sentence_vectors
from understanding.fold import Folded, fold
from understanding.linear import Floats, LinearModel, Recipe, softmax
from understanding.model import Emotion, EmotionLabel

_LABEL, _INTENSITY = "emotion", "emotion_intensity"

#: Source: cross-validation on data/emotion, see bench/understanding.py.
LABEL_RECIPE = Recipe(sparse=0.7, vector=1.5, strength=5.0, balance=0.5)
INTENSITY_RECIPE = Recipe(sparse=0.7, vector=1.0, strength=3.0, balance=0.3)

#: Characters that are read for signs of feeling.
_MAX_CHARS = 2_000
_MAX_EVIDENCE = 6

_SHOUTED = re.compile(r"\b[A-Z]{3,}\b")
_LETTERS = re.compile(r"[A-Za-z]")
_CAPITALS = re.compile(r"[A-Z]")
_STRETCHED = re.compile(r"([a-z啊呀呢吧了哈呵嘛哦呜])\1{2,}")
_EXCLAIMED = re.compile(r"[!！]+(?:[?？!！])*|[?？]{2,}|[?？][!！]+")
_QUOTED = re.compile(r"[\"“「‘'][^\"”」’']{1,8}[\"”」’']")
_NEGATION = re.compile(r"(?:不|没|没有|别|无|\bnot|n't|\bno|\bnever)\s*(?:太|很|再|是|必|\w+ly)?\s*$")
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
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class _Lexicon:
    groups: tuple[_Group, ...]
    emoji: dict[str, frozenset[str]]


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    text = (files("understanding") / "data" / "emotion_lexicon.yml").read_text(encoding="utf-8")
    about = yaml.load(text, Loader=yaml.CSafeLoader)
    groups = tuple(
        _Group(name, group.get("label"), _pattern(group["zh"], group["en"]))
        for name, group in about["groups"].items()
    )
    return _Lexicon(groups, {label: frozenset(signs) for label, signs in about["emoji"].items()})


def _pattern(chinese: Sequence[str], english: Sequence[str]) -> re.Pattern[str]:
    """Longest entry first; ``*`` at the end of an English entry takes any ending."""
    parts = [
        re.escape(word) if not word.isascii() else f"{_BORDER}{re.escape(word)}(?![a-z0-9])"
        for word in map(str, chinese)
    ]
    for word in map(str, english):
        body = re.escape(word.lower()).replace(r"\*", "[a-z]*").replace(r"\ ", r"\s+")
        parts.append(f"{_BORDER}{body}(?![a-z0-9])")
    return re.compile("|".join(sorted(parts, key=len, reverse=True)))


@dataclass(frozen=True)
class _Signs:
    """What the lexicon finds: one row of numbers, and the places of the words of each label."""

    row: Floats
    spans: dict[str, list[tuple[int, int]]]


def _signs(text: str) -> _Signs:
    lexicon = _lexicon()
    text = text[:_MAX_CHARS]
    folded = fold(text)
    spans: dict[str, list[tuple[int, int]]] = {}
    numbers: list[float] = []
    counts: dict[str, int] = {}
    for group in lexicon.groups:
        plain, negated = _matches(group, folded)
        counts[group.name] = len(plain)
        numbers += [float(np.log1p(len(plain))), float(bool(plain)), float(negated > 0)]
        if group.label:
            spans.setdefault(group.label, []).extend(folded.span(start, end) for start, end in plain)
    for label, signs in lexicon.emoji.items():
        places = [place for place, char in enumerate(text) if char in signs]
        numbers.append(float(np.log1p(len(places))))
        spans.setdefault(label, []).extend((place, place + 1) for place in places)
    numbers += _typography(text, folded)
    bad = counts["fury"] + counts["impatience"] + counts["letdown"]
    numbers += [
        float(counts["gratitude"] + counts["irony"] > 0 and bad > 0),
        float(counts["hazard"] > 0 and counts["fury"] == 0),
        float(counts["softener"] > 0 and bad == 0),
    ]
    return _Signs(np.array(numbers, dtype=np.float32), spans)


def _matches(group: _Group, folded: Folded) -> tuple[list[tuple[int, int]], int]:
    """Places of the group's words, and how many more stand behind a negation."""
    plain, negated = [], 0
    for match in group.pattern.finditer(folded.text):
        before = folded.text[max(0, match.start() - 12) : match.start()]
        if group.label and _NEGATION.search(before):
            negated += 1
        else:
            plain.append(match.span())
    return plain, negated


def _typography(text: str, folded: Folded) -> list[float]:
    letters = len(_LETTERS.findall(text))
    shouted = len(_SHOUTED.findall(text))
    capitals = len(_CAPITALS.findall(text)) / letters if letters >= 8 else 0.0
    exclaimed = sum(len(match.group()) for match in _EXCLAIMED.finditer(text))
    return [
        float(np.log1p(shouted)),
        float(capitals > 0.6),
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
        intensities = [str(example.intensity) for example in examples]
        if len(set(labels)) < 2 or len(set(intensities)) < 2:
            raise ValueError("at least two labels and two intensities are needed")
        extra = lexicon_columns(texts)
        return cls(
            LinearModel.train(texts, labels, recipe=LABEL_RECIPE, extra=extra, folds=folds),
            LinearModel.train(texts, intensities, recipe=INTENSITY_RECIPE, extra=extra, folds=folds),
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
        intensity = max(1, _expected_level(levels, self._intensity.labels))
        return Emotion(label, intensity, _evidence(text, signs, label))

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


def _expected_level(scores: Floats, names: Sequence[str]) -> int:
    """The mean of the levels, rounded: a near miss costs less than a far one."""
    levels = np.array([int(name) for name in names], dtype=np.float64)
    return int(np.floor(float(softmax(scores) @ levels) + 0.5))


def _evidence(text: str, signs: _Signs, label: str) -> tuple[str, ...]:
    """The person's own words, in their order, each once."""
    places = sorted(signs.spans.get(label, []))
    places += [match.span() for match in _SHOUTED.finditer(text[:_MAX_CHARS])] if label == "angry" else []
    said = (text[start:end].strip() for start, end in places)
    return tuple(dict.fromkeys(word for word in said if word))[:_MAX_EVIDENCE]
