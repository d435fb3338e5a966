"""What the core refuses of a change of set-up, in the language of who reads it. Texts: ``words/refusals.yml``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from casework.packs.source import Problem
from casework.text import Reason
from desk.show import day_and_time
from desk.visits import Visit


@dataclass(frozen=True)
class Line:
    """``place``: file and line, ``key``: of the entry there; empty where the page itself says it. ``name``: what the
    form calls the entry."""

    said: str
    place: str = ""
    key: str = ""
    name: str = ""


def told(visit: Visit, reason: Reason) -> str:
    """Why not, and what to do; its moments in the time of the house."""
    values = {
        key: day_and_time(value, visit) if isinstance(value, datetime) else value
        for key, value in reason.values.items()
    }
    return visit.words(f"unfit_{reason.code}", **values)


def lines(visit: Visit, problems: Iterable[Reason]) -> list[Line]:
    return [
        Line(told(visit, problem), problem.place, problem.key)
        if isinstance(problem, Problem)
        else Line(told(visit, problem))
        for problem in problems
    ]
