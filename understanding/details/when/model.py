"""The small language between the tables of time words and the calendar.

A table row turns one expression ("上周三", "half past nine") into an :class:`Atom` with :class:`Fields`. Atoms that
stand side by side are merged into one set of fields, and :mod:`understanding.details.when.resolve` gives it a date.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

#: Keys: ``year year_offset month month_end month_offset nth day day_offset week_offset weekday weeks_more weekend
#: month_part year_part season holiday holiday_shift whole_holiday lunar lunar_month shift part clock clock_end day_end
#: point anchor anchor_week future approximate ongoing recurring``; ``anchor`` counts days from the time that was named
#: before.
Fields: TypeAlias = dict[str, Any]
Build: TypeAlias = Callable[[re.Match[str]], "Fields | None"]

#: Parts of the day: name -> (first hour, last hour); a last hour above 24 reaches into the next day.
PARTS: Mapping[str, tuple[int, int]] = {
    "dawn": (0, 6), "early": (5, 8), "breakfast": (6, 9), "morning": (6, 12), "forenoon": (8, 12), "noon": (11, 14),
    "afternoon": (12, 18), "dusk": (17, 19), "evening": (18, 24), "night": (22, 28), "midnight": (23, 27),
}  # fmt: skip
SEASONS: Mapping[str, tuple[int, int]] = {
    "spring": (3, 5),
    "summer": (6, 8),
    "autumn": (9, 11),
    "winter": (12, 14),
}


@dataclass(frozen=True)
class Row:
    """One row of a table. ``gate``: characters or words one of which the text must hold (empty: any text).

    ``weak``: counts only beside another atom or as the answer to a question.
    """

    name: str
    pattern: re.Pattern[str]
    build: Build
    gate: tuple[str, ...] = ()
    weak: bool = False


@dataclass(frozen=True)
class Atom:
    """One recognised expression at ``text[start:end]``."""

    start: int
    end: int
    fields: Fields = field(default_factory=dict)
    weak: bool = False


def row(name: str, pattern: str, build: Build, *, gate: str = "", weak: bool = False) -> Row:
    """A table row; ``gate`` is a blank-separated list."""
    return Row(name, re.compile(pattern, re.ASCII), build, tuple(gate.split()), weak)
