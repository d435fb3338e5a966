"""A learned second opinion on dangers, where sentence vectors are at hand.

The word table of :mod:`understanding.emergency` is quick and needs no model; it misses wordings nobody thought of
and now and then takes a figure of speech at its word. The model alone never silences the table: it turns an alarm
into a check question, asks one where the table was silent, and alarms by itself only when it is very sure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from understanding.emergency import trigger_levels
from understanding.linear import LinearModel, Recipe
from understanding.model import Emergency

_NAME = "emergency"
_NONE = "none"

#: Source: cross-validation on data/emergency, 2026-11: found .91 by the table alone, .96 by both; false alarms
#: .025 and .020, checks .010 and .060 of look-alikes written to be mistaken, .015 of ordinary turns.
RECIPE = Recipe(
    sparse=0.7, vector=1.5, strength=10.0, balance=0.3, neighbours=0.8, sharpness=18.0, iterations=40
)
#: Chance of danger below which an alarm of the table becomes a question.
DOUBTED = 0.2
#: Chance from which the model asks, and from which it alarms, where the table is silent.
ASKS = 0.8
ALARMS = 0.95

_MAX_EVIDENCE = 60


class SecondOpinion:
    """Knows how likely a text tells of a danger, and which."""

    def __init__(self, linear: LinearModel) -> None:
        self._linear = linear

    @classmethod
    def train(cls, examples: Sequence[tuple[str, str | None]], *, folds: int = 3) -> SecondOpinion:
        """``examples``: texts with the code of their danger, ``None`` for harmless ones.

        Raises: ValueError unless there are both, or for an unknown code.
        """
        labels = [code or _NONE for _, code in examples]
        unknown = set(labels) - {_NONE, *trigger_levels()}
        if unknown:
            raise ValueError(f"unknown dangers: {', '.join(sorted(unknown))}")
        if _NONE not in labels or len(set(labels)) < 2:
            raise ValueError("dangers and harmless texts are needed")
        return cls(LinearModel.train([text for text, _ in examples], labels, recipe=RECIPE, folds=folds))

    def chance(self, text: str) -> tuple[float, str]:
        """How likely ``text`` tells of a danger, 0 to 1, and the likeliest danger."""
        chances = dict(zip(self._linear.labels, self._linear.probabilities(text), strict=True))
        harmless = chances.pop(_NONE)
        return 1.0 - float(harmless), max(chances, key=lambda code: chances[code])

    def weigh(self, text: str, found: Emergency | None) -> Emergency | None:
        """What to go by: ``found`` is what the table says of ``text``."""
        if not text.strip():
            return found
        chance, code = self.chance(text)
        if found is not None:
            doubted = chance < DOUBTED and found.level == "P0"
            return replace(found, check=True) if doubted else found
        level = trigger_levels()[code]
        if chance >= ALARMS:
            return Emergency(code, level, text.strip()[:_MAX_EVIDENCE])
        # a question is for danger to life; what is only urgent can wait until it is sure
        if chance >= ASKS and level == "P0":
            return Emergency(code, level, text.strip()[:_MAX_EVIDENCE], check=True)
        return None

    def save(self, directory: Path) -> None:
        self._linear.save(directory, _NAME)

    @classmethod
    def load(cls, directory: Path) -> SecondOpinion:
        """Raises: FileNotFoundError."""
        return cls(LinearModel.load(directory, _NAME))
