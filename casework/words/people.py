"""Which kind of person speaks: 情绪型 emotional, 理性型 rational, 影响型 influential, 忠诚型 loyal. With the reasons.

The kind decides the form of an answer, never its speed and never its outcome.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from casework.words.rules import Rules

Kind = Literal["E", "R", "I", "L"]
#: Reasons that are kept of one sort.
_REASONS = 4
#: Kinds of details that a person who argues with facts brings.
_FACTS = ("when", "amount", "reference", "count", "duration", "id_number", "window")


@dataclass(frozen=True)
class Person:
    """``reasons``: the words or facts that led to ``kind``. ``years``: how long they say they have been a customer.

    ``formal`` and ``brief``: how they write. ``earlier``: tickets of theirs before this one.
    """

    kind: Kind
    reasons: tuple[str, ...] = ()
    years: str = ""
    formal: bool = False
    brief: bool = False


def kind_of(
    text: str,
    rules: Rules,
    *,
    emotion: tuple[str, int] = ("neutral", 0),
    details: Sequence[str] = (),
    earlier: int = 0,
) -> Person:
    """Decide by what was said so far (``text``), how, and with which kinds of ``details``; ``earlier``: number of
    tickets this person has filed before.

    Speaking in public outweighs all; then long custom, then facts against feeling.
    """
    found = {name: _words(text, rules, name) for name in rules.signs}
    years = next((year for pattern in rules.signs["loyal"] if (year := _years(pattern, text))), "")
    formal = any(pattern.search(text) for pattern in rules.formal)
    brief = len(text) <= (14 if rules.language == "zh" else 45)
    facts = tuple(dict.fromkeys(kind for kind in details if kind in _FACTS))
    label, intensity = emotion
    feeling = (2 if intensity >= 2 else intensity) + min(2, len(found["emotional"]))
    reason = (
        len(facts) // 2
        + min(2, len(found["rational"]))
        + (1 if formal else 0)
        + (1 if label == "neutral" else 0)
    )
    kind: Kind
    if found["influence"]:
        kind, reasons = "I", found["influence"]
    elif found["loyal"] or earlier >= 3:
        kind, reasons = "L", found["loyal"] or (f"tickets: {earlier}",)
    elif reason > feeling:
        kind, reasons = "R", (*found["rational"], *facts) or ((label,) if label == "neutral" else ())
    else:
        kind, reasons = "E", (*found["emotional"], *((f"{label} {intensity}",) if intensity else ()))
    return Person(kind, tuple(reasons), years=years, formal=formal, brief=brief)


def _words(text: str, rules: Rules, name: str) -> tuple[str, ...]:
    # Capitals tell emotion in English, so these patterns are read as they are written.
    found = (match.group() for pattern in rules.signs[name] for match in pattern.finditer(text))
    return tuple(dict.fromkeys(found))[:_REASONS]


def _years(pattern: object, text: str) -> str:
    match = pattern.search(text)  # type: ignore[attr-defined]
    return (match.groupdict().get("years") or "") if match else ""
