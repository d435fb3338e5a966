"""The priority formula: five inputs, weights, floors. Source: handbook, section 4 (product default)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

Level = Literal["P0", "P1", "P2", "P3", "P4"]

_WEIGHTS = {"severity": 0.40, "urgency": 0.25, "vulnerability": 0.15, "repeat": 0.12, "emotion": 0.08}
_FLOORS: tuple[tuple[int, Level], ...] = ((5, "P1"), (4, "P2"))
#: Emotion weighs by its intensity on the handbook's scale of 0, 1, 3, 5.
EMOTION_SCALE = (0, 1, 3, 5)
#: Points for what lies outside the case: said in public, the same issue of three people or more in a week, a due
#: time set by a rule within a day. Source: handbook, section 4.
MODIFIERS: Mapping[str, int] = {"public": 8, "several": 8, "due_soon": 10}


@dataclass(frozen=True)
class Inputs:
    """Each 0 to 5. ``modifiers`` are added points; see ``MODIFIERS``."""

    severity: int
    urgency: int = 0
    vulnerability: int = 0
    repeat: int = 0
    emotion: int = 0
    modifiers: int = 0


@dataclass(frozen=True)
class Score:
    points: float
    level: Level


def score(inputs: Inputs, *, trigger: Level | None = None, floors: bool = True) -> Score:
    """Points (0 to 100, one decimal) and level. ``trigger``: level forced by an emergency trigger."""
    points = 100 * sum(weight * getattr(inputs, name) / 5 for name, weight in _WEIGHTS.items())
    points = round(min(100.0, points + inputs.modifiers), 1)
    level = _level(points)
    if floors:
        for severity, floor in _FLOORS:
            if inputs.severity >= severity:
                level = min(level, floor)
    return Score(points, min(level, trigger) if trigger else level)


def as_json(inputs: Inputs, rated: Score) -> dict[str, Any]:
    """What a ticket keeps of its score; ``rescored`` reads it."""
    return {"points": rated.points, "level": rated.level, "inputs": asdict(inputs)}


def rescored(kept: Mapping[str, Any], *, severity: int) -> dict[str, Any]:
    """A kept score under another severity. Words, trigger and override stay; so does the level of a trigger."""
    if not kept.get("inputs"):
        return dict(kept)
    inputs = Inputs(**{**kept["inputs"], "severity": severity})
    return {**kept, **as_json(inputs, score(inputs, trigger=kept.get("trigger_level")))}


def with_modifier(kept: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A kept score with the points of a modifier of ``MODIFIERS`` that did not hold before."""
    words = kept.get("words") or {}
    held = [held for held in words.get("modifiers", "").split(", ") if held]
    if not kept.get("inputs") or name in held:
        return dict(kept)
    inputs = Inputs(**kept["inputs"])
    inputs = replace(inputs, modifiers=inputs.modifiers + MODIFIERS[name])
    words = {**words, "modifiers": ", ".join([*held, name])}
    return {**kept, **as_json(inputs, score(inputs, trigger=kept.get("trigger_level"))), "words": words}


def level_of(kept: Mapping[str, Any]) -> str:
    """The level that holds: the one staff set, else the one the formula gives. Empty when there is no score."""
    return str((kept.get("override") or {}).get("level") or kept.get("level") or "")


def _level(points: float) -> Level:
    if points >= 65:
        return "P1"
    if points >= 45:
        return "P2"
    return "P3" if points >= 20 else "P4"
