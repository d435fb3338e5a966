"""What departments and people are made of. Values; the rules that use them are in the other modules of this room."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from casework.text import Reason, Text
from casework.tickets.calendar import WorkingCalendar
from casework.tickets.states import Role

#: Where a role holds that is not of one department.
HOUSE = ""
#: Roles that a member of staff can have.
STAFF_ROLES = (Role.AGENT, Role.LEAD, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.AUDITOR)
#: Of these, the ones that handle cases.
HANDLING_ROLES = (Role.AGENT, Role.LEAD, Role.SUPERVISOR)
#: The ones that can be had in one department.
DEPARTMENT_ROLES = (Role.AGENT, Role.LEAD)

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EVERY_DAY = frozenset(range(7))
_INTERVAL = re.compile(r"(\d{1,2}:\d{2})-(\d{1,2}:\d{2})$")


class HoursUnread(ValueError):
    """Hours that cannot be read; ``reason`` says how they are written."""

    def __init__(self, text: str) -> None:
        self.reason = Reason(
            "staff_hours",
            "hours: {text!r} cannot be read; write 08:30-12:00,13:30-18:00, or mon,wed,sat 22:00-06:00, "
            "or daily 00:00-00:00",
            text=text,
        )
        super().__init__(self.reason)


@dataclass(frozen=True)
class Hours:
    """When somebody works, local time. An interval that ends before it starts goes past midnight.

    ``days``: weekdays, Monday is 0; ``None``: the working days of the calendar. A weekday that is named is free on a
    public holiday, a Saturday or Sunday that is named is worked, and who names all seven works every day.
    """

    intervals: tuple[tuple[time, time], ...]
    days: frozenset[int] | None = None

    @classmethod
    def parse(cls, text: str) -> Hours:
        """``08:30-12:00,13:30-18:00`` or ``mon,wed,sat 22:00-06:00`` or ``daily 00:00-00:00``. Raises: HoursUnread."""
        *named, spans = text.lower().split() or [""]
        days = frozenset(_EVERY_DAY) if named == ["daily"] else frozenset(_weekdays(",".join(named), text))
        intervals = []
        for span in spans.split(","):
            match = _INTERVAL.match(span)
            if match is None:
                raise HoursUnread(text)
            try:
                opens, closes = (time.fromisoformat(edge.zfill(5)) for edge in match.groups())
            except ValueError as error:
                raise HoursUnread(text) from error
            intervals.append((opens, closes))
        return cls(tuple(intervals), days if named else None)

    def __str__(self) -> str:
        spans = ",".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in self.intervals)
        if self.days is None:
            return spans
        named = "daily" if self.days == _EVERY_DAY else ",".join(_WEEKDAYS[d] for d in sorted(self.days))
        return f"{named} {spans}"

    def hold(self, moment: datetime, calendar: WorkingCalendar) -> bool:
        """Whether ``moment`` (aware) is within them."""
        local = moment.astimezone(ZoneInfo(calendar.zone)).replace(tzinfo=None)
        for day in (local.date(), local.date() - timedelta(days=1)):
            if not self._worked(day, calendar):
                continue
            for opens, closes in self.intervals:
                start, end = datetime.combine(day, opens), datetime.combine(day, closes)
                if start <= local < (end if closes > opens else end + timedelta(days=1)):
                    return True
        return False

    def _worked(self, day: date, calendar: WorkingCalendar) -> bool:
        if self.days == _EVERY_DAY:
            return True
        worked = calendar.is_workday(day)[0]
        if self.days is None:
            return worked
        return day.weekday() in self.days and (worked or day.weekday() >= 5)


def _weekdays(named: str, text: str) -> list[int]:
    days = [name for name in named.split(",") if name]
    if any(name not in _WEEKDAYS for name in days):
        raise HoursUnread(text)
    return [_WEEKDAYS.index(name) for name in days]


@dataclass(frozen=True)
class Rota:
    """Who is on duty outside hours: ``order`` of logins, taking turns every day or week from ``since`` on."""

    order: tuple[str, ...]
    since: date
    every: Literal["day", "week"] = "week"

    @classmethod
    def beginning(cls, order: tuple[str, ...], every: Literal["day", "week"], today: date) -> Rota:
        """Turns that begin today, or with this week."""
        return cls(order, today - timedelta(days=today.weekday()) if every == "week" else today, every)

    def on(self, day: date, *, away: Collection[str] = ()) -> str:
        """The login of whose turn it is; the next in order for one who is ``away``. Empty when all are."""
        if not self.order:
            return ""
        turn = (day - self.since).days // (7 if self.every == "week" else 1)
        following = (self.order[(turn + step) % len(self.order)] for step in range(len(self.order)))
        return next((login for login in following if login not in away), "")


@dataclass(frozen=True)
class Department:
    """``code``: ``pack.key`` for those of the packs. ``parent``: the code of the one above it, or empty.
    ``hours``: ``None``: the house's."""

    code: str
    name: Text
    parent: str = ""
    hours: Hours | None = None
    rota: Rota | None = None
    active: bool = True


@dataclass(frozen=True)
class Member:
    """A member of staff. ``login``: what tickets and their history call them; it never changes.

    ``roles``: by department, :data:`HOUSE` for those that hold everywhere. ``skills``: prefixes of categories,
    ``languages``: of complainants; empty means all. ``language``: they read themselves. ``hours``: ``None``: the
    department's. ``given_at``: when they were chosen for a case last.
    """

    login: str
    name: str
    roles: Mapping[str, frozenset[Role]] = field(default_factory=dict)
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    email: str = ""
    language: str = "zh"
    hours: Hours | None = None
    active: bool = True
    given_at: datetime | None = None
    id: int = 0

    def has(self, role: Role, department: str = HOUSE) -> bool:
        """In ``department``, or everywhere."""
        return role in self.roles.get(department, ()) or role in self.roles.get(HOUSE, ())

    def can(self, category: str, language: str) -> bool:
        """Whether a case is within their skills. One without a category is within everybody's."""
        skilled = not category or not self.skills or any(within(category, skill) for skill in self.skills)
        return skilled and (not self.languages or language in self.languages)


def within(category: str, prefix: str) -> bool:
    """Whether ``prefix`` is the category, or a whole part of its beginning: ``PWR`` and ``PWR-OUT`` hold
    ``PWR-OUT-01``, ``PWR-O`` does not. An empty one holds everything."""
    return not prefix or category == prefix or category.startswith(f"{prefix}-")


@dataclass(frozen=True)
class Absence:
    """``start`` to before ``end``, UTC. ``stand_in``: a login, or empty. Why somebody is away is nowhere kept."""

    login: str
    start: datetime
    end: datetime
    stand_in: str = ""
    id: int = 0


@dataclass(frozen=True)
class Route:
    """Cases of categories below ``prefix`` (empty: all), in ``area`` (empty: anywhere), go to ``department``:
    to ``handler``, or, when that is empty, to whom it is fair. ``co``: departments that are asked to help."""

    prefix: str
    department: str
    area: str = ""
    handler: str = ""
    co: tuple[str, ...] = ()
    id: int = 0
