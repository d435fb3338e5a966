"""Dangers in a turn, by the learned model of :mod:`understanding.danger`: the same in the gateway and the engine.

It alarms when a danger is likely. A danger to life that is less likely is asked about: recall comes first. A wording
that is missed belongs into ``data/emergency``. A pure function.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from understanding.danger import shipped
from understanding.model import Emergency

#: The level of each danger. Source: the handbook's table of triggers.
LEVELS: Mapping[str, Literal["P0", "P1"]] = MappingProxyType(
    {
        "live_wire": "P0", "gas_leak": "P0", "fire": "P0", "medical": "P0", "food_poisoning": "P0",
        "allergy": "P0", "self_harm": "P0", "violence_threat": "P0", "trapped": "P0", "crime_privacy": "P0",
        "fraud_in_progress": "P0", "manhole": "P0", "group_event": "P1", "media_exposure": "P1",
        "data_leak": "P1", "product_hazard": "P1", "lifeline_down": "P1", "hardship": "P1",
        "discrimination": "P1", "child_health": "P1", "theft": "P1",
    }
)  # fmt: skip
#: Dangers with a check question of their own. Source: the handbook.
CHECKED = frozenset(("self_harm", "medical", "fire"))

#: Chance of any danger from which it alarms, by the one that is named: a danger to life, one of those with a check
#: question, what is urgent only.
_ALARMS, _ALARMS_CHECKED, _ALARMS_URGENT = 0.6, 0.75, 0.4
#: Chance of any danger from which it asks about one to life.
_ASKS = 0.15
#: What the likeliest one has to have of it: a little of everything is no sign of anything. Source: of three tests of
#: ours recall stays as it was but for one case, look-alikes that are asked about fall by a fifth.
_ASKS_ONE = 0.1
#: Chance of a danger to life from which it is named although what is urgent only is likelier.
_GRAVER = 0.25
#: Characters of a turn that are read, characters that are weighed at once.
_MOST_READ, _PIECE = 4000, 220
#: Clauses that are looked at for evidence, characters of it that are kept.
_MOST_CLAUSES, _MOST_EVIDENCE = 30, 60

_SENTENCE = re.compile(r"[^。！？!?;；\n.]*(?:[。！？!?;；\n.]+|$)", re.DOTALL)
_CLAUSE = re.compile(r"[^,，。！？!?;；\n.]+")


def detect_emergency(text: str) -> Emergency | None:
    """The danger that ``text`` speaks of, or ``None``. ``check``: ask first, the words leave it open."""
    text = text[:_MOST_READ]
    if not text.strip():
        return None
    chances = _chances(text)
    code, chance = _gravest(chances), sum(chances.values())
    sure = chance >= _alarms_from(code)
    unlikely = chance < _ASKS or max(chances.values()) < _ASKS_ONE
    if not sure and (unlikely or LEVELS[code] != "P0"):
        return None
    return Emergency(code, LEVELS[code], _evidence(text, code), check=not sure)


def _gravest(chances: Mapping[str, float]) -> str:
    """The likeliest danger to life if one is likely enough, else the likeliest of all."""
    likeliest = max(chances, key=lambda code: chances[code])
    to_life = max((code for code in chances if LEVELS[code] == "P0"), key=lambda code: chances[code])
    return to_life if chances[to_life] >= _GRAVER else likeliest


def _alarms_from(code: str) -> float:
    if LEVELS[code] == "P1":
        return _ALARMS_URGENT
    return _ALARMS_CHECKED if code in CHECKED else _ALARMS


def _chances(text: str) -> dict[str, float]:
    """What the model makes of the text; of a long one, of its likeliest piece."""
    found = [shipped().chances(piece) for piece in _pieces(text)]
    return max(found, key=lambda chances: sum(chances.values()))


def _pieces(text: str) -> list[str]:
    """Whole sentences that together are about as long as a turn."""
    pieces = [""]
    for sentence in _SENTENCE.findall(text) if len(text) > _PIECE else [text]:
        if pieces[-1] and len(pieces[-1]) + len(sentence) > _PIECE:
            pieces.append("")
        pieces[-1] += sentence
    return pieces


def _evidence(text: str, code: str) -> str:
    """The clause that speaks most of this danger, in the person's own characters."""
    clauses = [each.strip() for each in _CLAUSE.findall(text)[:_MOST_CLAUSES]]
    told = [each for each in clauses if each] or [text.strip()]
    clearest: str = max(told, key=lambda each: shipped().chances(each)[code])
    return clearest[:_MOST_EVIDENCE]
