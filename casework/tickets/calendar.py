"""Working days, working hours and due times. When is worked, never who works.

Working days are counted from the next one and end at its close; working hours run while doors are open; minutes,
hours and days run round the clock. Source: handling model, section 3; handbook, section 2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from casework.text import Reason

#: When a working day is worked, local time. Source: product default.
HOURS: tuple[tuple[time, time], ...] = ((time(8, 30), time(12, 0)), (time(13, 30), time(18, 0)))
#: Days a search through the calendar goes before it gives up: a table of overrides may close every day.
_REACH = 3660

Unit = Literal["minutes", "hours", "days", "working_hours", "working_days"]
#: Units that count only while doors are open.
WORKING: frozenset[str] = frozenset({"working_hours", "working_days"})


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


@lru_cache(maxsize=4096)
def _china_holiday(day: date) -> str:
    import chinese_calendar

    try:
        off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:
        return ""
    return str(name or "") if off else ""


@lru_cache(maxsize=64)
def _holidays(country: str, subdivision: str | None, year: int) -> Mapping[date, str]:
    import holidays

    return dict(holidays.country_holidays(country, subdiv=subdivision, years=year))


def _elsewhere(country: str, subdivision: str | None) -> Callable[[date], bool]:
    def is_workday(day: date) -> bool:
        return day.weekday() < 5 and day not in _holidays(country, subdivision, day.year)

    return is_workday


class CalendarError(ValueError):
    """The calendar cannot be used; the message says why."""


@dataclass(frozen=True)
class WorkingCalendar:
    """Working time of one organisation. ``country``: ISO 3166 code; ``overrides`` win over everything;
    ``hours``: one or more intervals of a working day, in order; ``weekly``: by weekday, Monday is 0, where it has
    others. None on a Monday to Friday: not worked. Some on a weekend: worked, but on public holidays.

    Raises: CalendarError."""

    zone: str = "Asia/Shanghai"
    country: str = "CN"
    subdivision: str | None = None
    overrides: Mapping[date, bool] = field(default_factory=dict)
    hours: tuple[tuple[time, time], ...] = HOURS
    weekly: Mapping[int, tuple[tuple[time, time], ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for intervals in (self.hours, *self.weekly.values()):
            edges = [edge for interval in intervals for edge in interval]
            if any(later <= sooner for sooner, later in pairwise(edges)):
                words = "working hours: write intervals in order, as 08:30-12:00, 13:30-18:00"
                raise CalendarError(Reason("hours_order", words))
        if not self.hours:
            words = "working hours: write at least one interval, such as 08:30-18:00"
            raise CalendarError(Reason("hours_needed", words))

    def is_workday(self, day: date) -> tuple[bool, bool]:
        """(worked?, estimated?)."""
        if day in self.overrides:
            return self.overrides[day], False
        rule = _china if self.country == "CN" else _elsewhere(self.country, self.subdivision)
        try:
            worked, estimated = rule(day), False
        except _NoData:
            worked, estimated = day.weekday() < 5, True
        if day.weekday() not in self.weekly:
            return worked, estimated
        if day.weekday() < 5:
            return worked and bool(self.weekly[day.weekday()]), estimated
        return worked or (bool(self.weekly[day.weekday()]) and not self.holiday(day)), estimated

    def holiday(self, day: date) -> str:
        """The name of a public holiday; empty for every other day, weekends too."""
        if self.country == "CN":
            return _china_holiday(day)
        return _holidays(self.country, self.subdivision, day.year).get(day, "")

    def is_made_up(self, day: date) -> bool:
        """Whether a weekend is worked for a public holiday."""
        try:
            return self.country == "CN" and day.weekday() >= 5 and _china(day)
        except _NoData:
            return False

    def hours_of(self, day: date) -> tuple[tuple[time, time], ...]:
        """The intervals of ``day``, if it is worked."""
        return self.weekly.get(day.weekday()) or self.hours

    def due(self, start: datetime, *, amount: float, unit: Unit) -> Due:
        """When a span that starts at ``start`` (aware) is over. The result is UTC."""
        if unit == "working_hours":
            return Due(self.shift(start, timedelta(hours=amount)))
        if unit != "working_days":
            seconds = {"minutes": 60, "hours": 3600, "days": 86400}[unit] * amount
            return Due((start + timedelta(seconds=seconds)).astimezone(timezone.utc))
        day = self._local(start)
        left, estimated = int(amount), False
        while left > 0:
            day += timedelta(days=1)
            worked, guessed = self.is_workday(day)
            estimated = estimated or guessed
            left -= worked
        close = datetime.combine(day, self.hours_of(day)[-1][1], tzinfo=ZoneInfo(self.zone))
        return Due(close.astimezone(timezone.utc), estimated)

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """Working time between two aware moments; zero when ``end`` is not after ``start``."""
        total, day = timedelta(), self._local(start)
        while day <= self._local(end):
            for opens, closes in self._intervals(day):
                total += max(timedelta(), min(closes, end) - max(opens, start))
            day += timedelta(days=1)
        return total

    def shift(self, start: datetime, by: timedelta) -> datetime:
        """The moment, in UTC, with ``by`` of working time between it and ``start``; before it when negative.

        Raises: CalendarError when no day of the next ten years is worked.
        """
        back, left = by < timedelta(), abs(by)
        if not left:
            return start.astimezone(timezone.utc)
        for offset in range(_REACH):
            day = self._local(start) + timedelta(days=-offset if back else offset)
            intervals = self._intervals(day)
            for opens, closes in reversed(intervals) if back else intervals:
                first, last = (opens, min(closes, start)) if back else (max(opens, start), closes)
                if last - first >= left:
                    return last - left if back else first + left
                left -= max(timedelta(), last - first)
        raise CalendarError("no working day within ten years: look at the table of overrides")

    def _local(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def _intervals(self, day: date) -> list[tuple[datetime, datetime]]:
        """What of ``day`` is worked, in UTC."""
        if not self.is_workday(day)[0]:
            return []
        zone = ZoneInfo(self.zone)
        return [
            (
                datetime.combine(day, opens, tzinfo=zone).astimezone(timezone.utc),
                datetime.combine(day, closes, tzinfo=zone).astimezone(timezone.utc),
            )
            for opens, closes in self.hours_of(day)
        ]
