"""Who gets a case: from its category and place to a department, from there to a person.

Nothing is guessed: a place that no written word names has no area, and where nobody can take a case nobody is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Protocol

from casework.packs import Category
from casework.staff.directory import Directory
from casework.staff.model import HOUSE, Member, Route, within
from casework.storage.work import Work
from casework.tickets.calendar import WorkingCalendar
from casework.tickets.model import DetailValue
from casework.tickets.states import Role

#: What an open case weighs in somebody's load, by priority. Source: product default.
WEIGHTS: Mapping[str, int] = {"P0": 8, "P1": 4, "P2": 2, "P3": 1, "P4": 1}
#: Priorities for which a duty officer is called when nobody else is there. Source: handbook, section 4.
URGENT = frozenset({"P0", "P1"})

_NEVER = datetime.min.replace(tzinfo=timezone.utc)
#: What must not go on beside a written word at its ends: ``1号`` is not in ``11号``, ``一号`` not in ``十一号``.
_LETTERS, _NUMERALS = "a-z0-9", "0-9一二三四五六七八九十百"

Chance = Callable[[int], int]


@dataclass(frozen=True)
class Placed:
    """Where a case belongs. ``route``: the line of the table that says so; ``None``: the pack does."""

    department: str
    area: str = ""
    route: Route | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "department": self.department,
            "area": self.area,
            "prefix": self.route.prefix if self.route else "",
        }


@dataclass(frozen=True)
class Choice:
    """Who gets a case, and why. ``handler``: empty when nobody can be named.

    ``reason``: ``route`` names them, ``stand_in`` for whom it names, ``fair`` among those present, ``later``: fair
    among those who will be there when doors open, ``duty`` officer, ``nobody`` who can and is there.
    """

    placed: Placed
    handler: str
    reason: str

    def as_json(self) -> dict[str, Any]:
        return {"area": self.placed.area, "reason": self.reason}


@dataclass(frozen=True)
class Candidate:
    """``load``: weight of the open cases."""

    member: Member
    load: int


# -- where it belongs -------------------------------------------------------------------------------------------


def places(category: Category | None, details: Mapping[str, DetailValue]) -> tuple[str, ...]:
    """What the person said of the place: the details that a category asks as one."""
    found = []
    for key, detail in details.items():
        field = category.field(key) if category else None
        if key == "place" or (field is not None and (field.type == "place" or "place" in field.kinds)):
            found += [detail.text, detail.display]
    return tuple(dict.fromkeys(text for text in found if text))


def area_of(said: Sequence[str], words: Mapping[str, str]) -> str:
    """The area that the written ``words`` name in what was ``said``; empty for none, and for two at once.

    A word inside a longer one that stands there too does not count: ``North Street`` says nothing of a ``Street``.
    """
    found: set[str] = set()
    for text in said:
        spans = [(m.span(), area) for word, area in words.items() for m in _stands(word).finditer(text)]
        for (start, end), area in spans:
            longer = any(s <= start and end <= e and (s, e) != (start, end) for (s, e), _ in spans)
            if not longer:
                found.add(area)
    return found.pop() if len(found) == 1 else ""


def _stands(word: str) -> re.Pattern[str]:
    """Where a word stands by itself."""

    def beside(edge: str) -> str:
        kinds = [kind for kind in (_LETTERS, _NUMERALS) if re.match(f"[{kind}]", edge, re.IGNORECASE)]
        return f"[{''.join(kinds)}]" if kinds else ""

    before, after = beside(word[0]), beside(word[-1])
    return re.compile(
        (f"(?<!{before})" if before else "") + re.escape(word) + (f"(?!{after})" if after else ""),
        re.IGNORECASE,
    )


def place(
    work: Work, category: Category | None, details: Mapping[str, DetailValue], *, default: str
) -> Placed:
    """Where a case of ``category`` belongs: by the routing table, else in ``default``."""
    table = work.staff.routes()
    if not table:
        return Placed(default)
    words = work.staff.area_words()
    area = area_of(places(category, details), words) if words else ""
    code = category.code if category else ""
    route = next((r for r in table if within(code, r.prefix) and r.area in ("", area)), None)
    return Placed(route.department, area, route) if route else Placed(default, area)


def name_of(work: Work, code: str, language: str, *, category: Category | None = None) -> str:
    """What a department is called: by the organisation, else by the pack, else as it stands in the ticket."""
    department = work.staff.department(code)
    if department is not None:
        return department.name.in_(language)
    if category is not None and category.department.key == code:
        return category.department.name.in_(language)
    return code


# -- who gets it ------------------------------------------------------------------------------------------------


class Case(Protocol):
    """What is looked at of a case, filed or made up."""

    @property
    def category(self) -> str: ...

    @property
    def language(self) -> str: ...

    @property
    def priority(self) -> str: ...


def choose(
    work: Work,
    ticket: Case,
    placed: Placed,
    *,
    calendar: WorkingCalendar,
    now: datetime,
    chance: Chance,
    barred: Collection[str] = (),
) -> Choice:
    """Choose for a case. ``barred``: who must not get it; ``chance(n)``: an index below ``n``, for ties."""
    directory = Directory(work, now=now, calendar=calendar)
    barred = frozenset(barred)
    if placed.route is not None and (named := placed.route.handler):
        stands_in = directory.stand_in(named)
        if stands_in and stands_in not in barred:
            return Choice(placed, stands_in, "route" if stands_in == named else "stand_in")
    able = [
        member
        for member in work.staff.members(role=Role.AGENT, departments_in=(placed.department, HOUSE))
        if member.can(ticket.category, ticket.language)
        and member.login not in barred
        and member.login not in directory.away
    ]
    pool, reason = [m for m in able if directory.is_present(m, placed.department)], "fair"
    if not pool and ticket.priority in URGENT:
        officer = directory.on_duty(placed.department, barred=barred)
        return Choice(placed, officer, "duty" if officer else "nobody")
    if not pool:
        pool, reason = able, "later"
    found = fair(_candidates(work, pool), chance)
    return Choice(placed, found.login if found else "", reason if found else "nobody")


def fair(candidates: Sequence[Candidate], chance: Chance) -> Member | None:
    """Who has least to do; of several the one who has been longest without a new case; of these one by chance."""

    def order(candidate: Candidate) -> tuple[int, datetime]:
        return candidate.load, candidate.member.given_at or _NEVER

    least = min(map(order, candidates), default=None)
    first = [candidate.member for candidate in candidates if order(candidate) == least]
    return first[chance(len(first)) if len(first) > 1 else 0] if first else None


def _candidates(work: Work, pool: Sequence[Member]) -> list[Candidate]:
    held = work.staff.open_cases([member.login for member in pool])
    return [Candidate(member, load(held[member.login])) for member in pool]


def load(held: Mapping[str, int]) -> int:
    """The weight of so many cases of each priority."""
    return sum(WEIGHTS.get(priority, 1) * count for priority, count in held.items())
