"""Dangers in a turn: a learned model and a short table of certain phrases, the same in the gateway and the engine.

The model (:mod:`understanding.danger`) says how likely a turn tells of a danger; it alarms when that is likely and
asks when it may be. The phrases of :mod:`understanding.phrases` alarm even if the model finds them little likely.
Recall comes first: what is left open for a danger to life is asked about. A pure function.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from understanding.danger import shipped
from understanding.fold import fold
from understanding.model import Emergency
from understanding.phrase_context import CHECKED, QUIETING, RATHER, heard, only_told
from understanding.phrases import SHORT_TURN, Turn, table

__all__ = ["CHECKED", "detect_emergencies", "detect_emergency", "trigger_codes", "trigger_levels"]

#: Chance of any danger from which the model alarms by itself; for those of CHECKED it asks up to the second.
ALARMS, ALARMS_CHECKED = 0.5, 0.65
#: Chance from which it asks about a danger to life, and under which a phrase of the table alone is only asked about.
ASKS, DOUBTED = 0.3, 0.1
#: Chance of one danger from which it is named beside a likelier one.
_ALSO = 0.25
#: Characters of a turn that are read, clauses that are looked at for evidence, characters of it that are kept.
_MOST_READ, _MOST_CLAUSES, _MOST_EVIDENCE = 4000, 30, 60
_SENTENCE = re.compile(r"[^。！？!?;；\n.]*(?:[。！？!?;；\n.]+|$)", re.DOTALL)
_CLAUSE = re.compile(r"[^,，。！？!?;；\n.]+")
_DEVICE = re.compile(
    r"制氧机|氧气机|呼吸机|雾化机|透析机|吸痰器"
    r"|(?:oxygen|breathing) (?:machine|concentrator)|ventilator|dialysis|nebuli[sz]er|cpap"
)
_OUTAGE = re.compile(
    r"停电|断电|没电|电(?:一直|还)?没来|跳闸"
    r"|(?:power|electric\w*|lights?) (?:\w+ ){0,5}(?:off|out|gone|cut|down)|blackout|outage|no power"
)


def detect_emergency(text: str) -> Emergency | None:
    """The gravest danger that ``text`` speaks of, or ``None``. ``check``: ask first, the words leave it open."""
    return next(iter(detect_emergencies(text)), None)


def detect_emergencies(text: str) -> tuple[Emergency, ...]:
    """All dangers, one for each code, the gravest first: level, certain before unsure, by a phrase (in the order of
    the table) before by the model alone, likelier first."""
    folded = fold(text)
    if not folded.text.strip():
        return ()
    turn = Turn(folded)
    said = {hit.code: hit for trigger in table().triggers if (hit := heard(trigger, turn))}
    chances = _chances(text)
    found = _likely(text, chances)
    if only_told(turn):
        found = _questions(found)
    if "self_harm" in found and RATHER.search(folded.text):
        found["self_harm"] = replace(found["self_harm"], check=True)
    if "medical" not in found and (worry := _device_without_power(turn)):
        found["medical"] = worry
    found |= said if sum(chances.values()) >= DOUBTED else _questions(said)
    order = {code: place for place, code in enumerate(said)}
    return tuple(
        sorted(
            found.values(),
            key=lambda hit: (hit.level, hit.check, order.get(hit.code, len(order)), -chances[hit.code]),
        )
    )


def _questions(found: Mapping[str, Emergency]) -> dict[str, Emergency]:
    """Instead of an alarm a question about a danger to life, and nothing about what is only urgent."""
    return {code: replace(hit, check=True) for code, hit in found.items() if hit.level == "P0"}


def _likely(text: str, chances: Mapping[str, float]) -> dict[str, Emergency]:
    """What the model finds by itself."""
    levels = trigger_levels()
    likeliest = max(chances, key=lambda code: chances[code])
    chance = sum(chances.values())
    sure = chance >= (ALARMS_CHECKED if likeliest in CHECKED else ALARMS)
    if not sure and (chance < ASKS or levels[likeliest] != "P0"):
        return {}
    codes = [code for code in chances if code == likeliest or (sure and chances[code] >= _ALSO)]
    return {code: Emergency(code, levels[code], _evidence(text, code), check=not sure) for code in codes}


def _chances(text: str) -> dict[str, float]:
    """What the model makes of the text; of a long one, of its likeliest piece."""
    model = shipped()
    found = [model.chances(piece) for piece in _pieces(text[:_MOST_READ])]
    return max(found, key=lambda chances: sum(chances.values()))


def _pieces(text: str) -> list[str]:
    """Whole sentences that together are about as long as a turn."""
    pieces = [""]
    for sentence in _SENTENCE.findall(text) if len(text) > SHORT_TURN else [text]:
        if pieces[-1] and len(pieces[-1]) + len(sentence) > SHORT_TURN:
            pieces.append("")
        pieces[-1] += sentence
    return pieces


def _evidence(text: str, code: str) -> str:
    """The clause that speaks most of this danger, in the person's own characters."""
    model = shipped()
    clauses = [each.strip() for each in _CLAUSE.findall(text[:_MOST_READ])[:_MOST_CLAUSES]]
    told = [each for each in clauses if each] or [text.strip()]
    clearest: str = max(told, key=lambda each: model.chances(each)[code])
    return clearest[:_MOST_EVIDENCE]


def trigger_codes() -> frozenset[str]:
    """The codes of all dangers that the table knows."""
    return frozenset(trigger.code for trigger in table().triggers)


def trigger_levels() -> dict[str, Literal["P0", "P1"]]:
    """The level of each danger."""
    return {trigger.code: trigger.level for trigger in table().triggers}


def _device_without_power(turn: Turn) -> Emergency | None:
    """A device that keeps somebody alive and a power cut in one turn, however far apart: worth asking."""
    device = _DEVICE.search(turn.text) if _OUTAGE.search(turn.text) else None
    if device is None or turn.framed((*QUIETING, "nouns"), device.span()):
        return None
    return Emergency("medical", "P0", turn.folded.said(*device.span()), check=True)
