"""Working days and due times. Which days are worked, never who works them.

Counting starts on the next working day and ends at close of that day; minutes, hours and days run round the
clock. Source: handling model, section 3; handbook, section 2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

#: Close of a working day. Source: product default.
CLOSE_OF_DAY = time(18, 0)

Unit = Literal["minutes", "hours", "days", "working_days"]


@dataclass(frozen=True)
class Due:
    """``estimated``: the calendar had no data for a year it needed and fell back to Monday to Friday."""

    at: datetime
    estimated: bool = False


class _NoData(Exception):
    """The calendar package has no data for that year."""


@lru_cache(maxsize=4096)
def _china(day: date) -> bool:
    import chinese_calendar

    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError as error:
        raise _NoData from error


@lru_cache(maxsize=64)
def _holidays(country: str, subdivision: str | None, year: int) -> frozenset[date]:
    import holidays

    return frozenset(holidays.country_holidays(country, subdiv=subdivision, years=year))


def _elsewhere(country: str, subdivision: str | None) -> Callable[[date], bool]:
    def is_workday(day: date) -> bool:
        return day.weekday() < 5 and day not in _holidays(country, subdivision, day.year)

    return is_workday


@dataclass(frozen=True)
class WorkingCalendar:
    """Working days of one organisation. ``country``: ISO 3166 code; ``overrides`` win over everything."""

    zone: str = "Asia/Shanghai"
    country: str = "CN"
    subdivision: str | None = None
    overrides: Mapping[date, bool] = field(default_factory=dict)

    def is_workday(self, day: date) -> tuple[bool, bool]:
        """(worked?, estimated?)."""
        if day in self.overrides:
            return self.overrides[day], False
        rule = _china if self.country == "CN" else _elsewhere(self.country, self.subdivision)
        try:
            return rule(day), False
        except _NoData:
            return day.weekday() < 5, True

    def due(self, start: datetime, *, amount: float, unit: Unit) -> Due:
        """When a span that starts at ``start`` (aware) is over. The result is UTC."""
        if unit != "working_days":
            seconds = {"minutes": 60, "hours": 3600, "days": 86400}[unit] * amount
            return Due((start + timedelta(seconds=seconds)).astimezone(timezone.utc))
        day = start.astimezone(ZoneInfo(self.zone)).date()
        left, estimated = int(amount), False
        while left > 0:
            day += timedelta(days=1)
            worked, guessed = self.is_workday(day)
            estimated = estimated or guessed
            left -= worked
        close = datetime.combine(day, CLOSE_OF_DAY, tzinfo=ZoneInfo(self.zone))
        return Due(close.astimezone(timezone.utc), estimated)
