"""From merged fields to a date. The past is preferred: people complain of what has happened.

The rules: a week begins on Monday; a bare weekday is its last occurrence, today included; "last Friday" is the
last one before today; a date without a year is its last occurrence; an hour without a part of the day is one of
the waking hours (one to six are afternoon); counted-back weeks, months and years give the counted day and are
approximate.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal, TypeAlias

from understanding.details.context import Context
from understanding.details.when.festivals import LENGTHS, festival, lunar_day
from understanding.details.when.model import PARTS, SEASONS, Fields

Grain = Literal["minute", "hour", "part", "day", "week", "month", "year"]

_AFTERNOON_PARTS = ("afternoon", "dusk", "evening")
_NIGHT_PARTS = ("evening", "night", "midnight")
_MONTH_PARTS = {"early": (1, 10), "middle": (11, 20), "late": (21, 31)}
_YEAR_PARTS = {"early": (1, 2), "middle": (6, 7), "late": (11, 12), "first": (1, 6), "second": (7, 12)}


@dataclass(frozen=True)
class Moment:
    """``start`` and ``end`` (exclusive, ``None``: the grain says it) are aware."""

    start: datetime
    end: datetime | None
    grain: Grain
    sure: float = 1.0


@dataclass(frozen=True)
class _Days:
    """A span of days; ``end`` is exclusive and ``None`` where ``grain`` says it."""

    start: date
    grain: Grain
    end: date | None = None


_Rule: TypeAlias = Callable[[Fields, date, Context], "_Days | None"]


def resolve(fields: Fields, context: Context) -> Moment | None:
    """The time that ``fields`` mean, or ``None`` if there is no such day."""
    try:
        return _resolve(fields, context)
    except (ValueError, OverflowError):
        return None


def _resolve(fields: Fields, context: Context) -> Moment | None:
    now = context.now
    if "point" in fields:
        return Moment(_minute(now - timedelta(minutes=fields["point"])), None, "minute")
    if "recent" in fields and not {"clock", "part"} & fields.keys():
        start = _midnight(now.date() - timedelta(days=fields["recent"]), now)
        return Moment(start, None if fields.get("over") else now, "day", 0.5)
    if "shift" in fields and fields["shift"][1] in ("minute", "hour"):
        return _hours_ago(fields, now)
    days = _days(fields, context)
    if days is None:
        return None
    moment = _in_day(fields, days, context)
    if _far_back(fields, moment, now):
        return replace(moment, sure=0.45)
    if moment.start > now and _is_bare_weekday(fields):
        return _in_day(fields, _Days(days.start - timedelta(days=7), days.grain), context)
    return moment


def _far_back(fields: Fields, moment: Moment, now: datetime) -> bool:
    """ "12月3号" said in November: last year's, unless it is a day soon to come."""
    named = {"month", "day"} <= fields.keys() and not {"year", "year_offset"} & fields.keys()
    return named and moment.start < now - timedelta(days=320)


def _is_bare_weekday(fields: Fields) -> bool:
    """ "周六晚上" said at Saturday noon is last week's."""
    return (
        "weekday" in fields
        and not {"week_offset", "future", "recurring", "month", "day", "day_offset"} & fields.keys()
    )


def _in_day(fields: Fields, days: _Days, context: Context) -> Moment:
    now = context.now
    if "clock" in fields:
        return _at_clock(fields, days.start, context)
    if "part" in fields:
        first, last = PARTS[fields["part"]]
        day = days.start
        if not _dated(fields) and _at(day, first, now) > now and not fields.get("future"):
            day -= timedelta(days=1)
        return Moment(_at(day, first, now), _at(day, last, now), "part", 1.0 if _dated(fields) else 0.5)
    end = _midnight(days.end, now) if days.end else None
    return Moment(_midnight(days.start, now), end, days.grain)


def _hours_ago(fields: Fields, now: datetime) -> Moment:
    number, unit = fields["shift"]
    delta = timedelta(minutes=number) if unit == "minute" else timedelta(hours=number)
    return Moment(_minute(now + delta), None, "minute" if unit == "minute" or number % 1 else "hour")


def _dated(fields: Fields) -> bool:
    return bool(
        fields.keys()
        - {"clock", "clock_end", "clock_24", "part", "approximate", "ongoing", "recurring", "future", "cycle"}
    )


def _days(fields: Fields, context: Context) -> _Days | None:
    today = context.now.date()
    for keys, rule in _RULES:
        if all(key in fields for key in keys):
            return rule(fields, today, context)
    return _Days(today, "day")


def _shifted(fields: Fields, today: date, context: Context) -> _Days:
    number, unit = fields["shift"]
    if unit == "day":
        return _Days(today + timedelta(days=int(number)), "day")
    if unit == "week":
        return _Days(today + timedelta(days=round(number * 7)), "week")
    months = number * (12 if unit == "year" else 1)
    whole = int(months)
    start = _add_months(today, whole) + timedelta(days=round((months - whole) * 30))
    return _Days(start, "month" if unit == "month" or number % 1 else "year")


def _offset_day(fields: Fields, today: date, context: Context) -> _Days:
    return _Days(today + timedelta(days=fields["day_offset"]), "day")


def _recent(fields: Fields, today: date, context: Context) -> _Days:
    return _Days(today - timedelta(days=fields["recent"]), "day")


def _festival(fields: Fields, today: date, context: Context) -> _Days | None:
    year, fixed = _year(fields, today)
    day = festival(fields["holiday"], year)
    if day and day > today and not fixed and not fields.get("future"):
        day = festival(fields["holiday"], year - 1)
    if not day:
        return None
    if "holiday_shift" in fields:
        return _Days(day + timedelta(days=fields["holiday_shift"]), "day")
    length = LENGTHS.get(fields["holiday"]) if fields.get("whole_holiday") else None
    return _Days(day, "day", day + timedelta(days=length) if length else None)


def _lunar(fields: Fields, today: date, context: Context) -> _Days | None:
    year, fixed = _year(fields, today)
    month, day = fields["lunar"]
    grain: Grain = "month" if fields.get("lunar_month") else "day"
    if fixed:
        # 腊月 and 冬月 of "last year" may lie in the solar year after it
        found = lunar_day(year, month, day)
        return _Days(found, grain) if found else None
    candidates = [found for each in (year, year - 1, year - 2) if (found := lunar_day(each, month, day))]
    past = [found for found in candidates if found <= today]
    return _Days(past[0] if past else candidates[-1], grain) if candidates else None


def _month_day(fields: Fields, today: date, context: Context) -> _Days | None:
    month, day = fields["month"], fields["day"]
    year, fixed = _year(fields, today)
    day_end = fields.get("day_end")
    if not fixed and not fields.get("future"):
        while not _exists(year, month, day) or date(year, month, day) > today:
            year -= 1
            if year < today.year - 4:
                return None
    start = date(year, month, day)
    return _Days(
        start, "day", date(year, month, day_end) + timedelta(days=1) if day_end and day_end >= day else None
    )


def _slashed(fields: Fields, today: date, context: Context) -> _Days | None:
    first, second = fields["slashed"]
    month, day = (first, second) if context.month_first else (second, first)
    if month > 12:
        month, day = day, month
    return _month_day(fields | {"month": month, "day": day}, today, context)


def _month(fields: Fields, today: date, context: Context) -> _Days:
    year, fixed = _year(fields, today)
    month = fields["month"]
    if (
        not fixed
        and (month > today.month or (fields.get("month_before") and month == today.month))
        and not fields.get("future")
    ):
        year -= 1
    if "nth" in fields:
        first = date(year, month, 1)
        first = _add_months(first, 1) - timedelta(days=7) if fields["nth"] < 0 else first
        ahead = (fields["weekday"] - first.weekday()) % 7 + 7 * max(fields["nth"], 0)
        return _Days(first + timedelta(days=ahead), "day")
    if until := fields.get("month_end"):
        return _Days(
            date(year, month, 1), "month", _add_months(date(year, until, 1), 1 if until >= month else 13)
        )
    return _part_of_month(date(year, month, 1), fields)


def _offset_month(fields: Fields, today: date, context: Context) -> _Days:
    first = _add_months(today.replace(day=1), fields["month_offset"])
    if "day" in fields:
        start = first.replace(day=fields["day"])
        end = fields.get("day_end")
        return _Days(start, "day", first.replace(day=end) + timedelta(days=1) if end else None)
    return _part_of_month(first, fields)


def _part_of_month(first: date, fields: Fields) -> _Days:
    part = fields.get("month_part")
    if not part:
        return _Days(first, "month")
    start, end = _MONTH_PARTS[part]
    after = _add_months(first, 1) if part == "late" else first.replace(day=end) + timedelta(days=1)
    return _Days(first.replace(day=start), "week", after)


def _day_of_month(fields: Fields, today: date, context: Context) -> _Days | None:
    first = today.replace(day=1)
    for _ in range(4):
        if _exists(first.year, first.month, fields["day"]):
            start = first.replace(day=fields["day"])
            if start <= today or fields.get("future"):
                end = fields.get("day_end")
                return _Days(
                    start,
                    "day",
                    start.replace(day=end) + timedelta(days=1)
                    if end and _exists(start.year, start.month, end)
                    else None,
                )
        first = _add_months(first, -1)
    return None


def _weekday(fields: Fields, today: date, context: Context) -> _Days:
    weekday = fields["weekday"]
    if "week_offset" in fields:
        return _Days(_monday(today) + timedelta(days=7 * fields["week_offset"] + weekday), "day")
    back = (today.weekday() - weekday) % 7
    if fields.get("future") and not fields.get("weekday_before"):
        return _Days(today + timedelta(days=(weekday - today.weekday()) % 7), "day")
    if fields.get("weekday_before") and back == 0:
        back = 7
    back += 7 * fields.get("weeks_more", 0)
    return _Days(today - timedelta(days=back), "day")


def _weekend(fields: Fields, today: date, context: Context) -> _Days:
    offset = fields.get("week_offset", 0)
    saturday = _monday(today) + timedelta(days=7 * offset + 5)
    if "week_offset" not in fields and saturday > today:
        saturday -= timedelta(days=7)
    return _Days(saturday, "day", saturday + timedelta(days=2))


def _week(fields: Fields, today: date, context: Context) -> _Days:
    return _Days(_monday(today) + timedelta(days=7 * fields["week_offset"]), "week")


def _season(fields: Fields, today: date, context: Context) -> _Days:
    first, last = SEASONS[fields["season"]]
    year, fixed = _year(fields, today)
    offset = fields.get("season_offset")
    if offset is not None and not fixed:
        year += offset
        if offset == -1 and today.month > last:
            year += 1 if last <= 12 else 0
    elif not fixed and date(year, first, 1) > today and not fields.get("future"):
        year -= 1
    start = date(year, first, 1)
    return _Days(start, "month", _add_months(start, last - first + 1))


def _whole_year(fields: Fields, today: date, context: Context) -> _Days:
    year, _ = _year(fields, today)
    part = fields.get("year_part")
    if not part:
        return _Days(date(year, 1, 1), "year")
    first, last = _YEAR_PARTS[part]
    if "year" not in fields and "year_offset" not in fields and date(year, first, 1) > today:
        year -= 1
    return _Days(date(year, first, 1), "month", _add_months(date(year, last, 1), 1))


def _this_month_part(fields: Fields, today: date, context: Context) -> _Days:
    first = today.replace(day=1)
    if _part_of_month(first, fields).start > today:
        first = _add_months(first, -1)
    return _part_of_month(first, fields)


#: The first row whose keys are all present decides; more exact rows stand first.
_RULES: tuple[tuple[tuple[str, ...], _Rule], ...] = (
    (("shift",), _shifted),
    (("lunar",), _lunar),
    (("holiday",), _festival),
    (("slashed",), _slashed),
    (("month", "day"), _month_day),
    (("month_offset",), _offset_month),
    (("day_offset",), _offset_day),
    (("month",), _month),
    (("weekend",), _weekend),
    (("day",), _day_of_month),
    (("weekday",), _weekday),
    (("week_offset",), _week),
    (("month_part",), _this_month_part),
    (("season",), _season),
    (("recent",), _recent),
    (("year",), _whole_year),
    (("year_offset",), _whole_year),
    (("year_part",), _whole_year),
)


def _year(fields: Fields, today: date) -> tuple[int, bool]:
    """The year and whether the words fixed it."""
    if "year" in fields:
        return fields["year"], True
    if "year_offset" in fields:
        return today.year + fields["year_offset"], True
    return today.year, False


def _at_clock(fields: Fields, day: date, context: Context) -> Moment:
    now = context.now
    hour, minute, exact = fields["clock"]
    start, sure = _clock_on(day, hour, minute, fields, now)
    end = None
    if "clock_end" in fields:
        last_hour, last_minute, _ = fields["clock_end"]
        end, _ = _clock_on(start.date(), last_hour, last_minute, fields, now, fixed_day=True)
        if end <= start:
            end += timedelta(
                hours=12
                if end + timedelta(hours=12) > start and not fields.get("clock_24") and last_hour <= 12
                else 24
            )
    return Moment(start, end, "minute" if exact else "hour", sure)


def _clock_on(
    day: date, hour: int, minute: int, fields: Fields, now: datetime, *, fixed_day: bool = False
) -> tuple[datetime, float]:
    dated = _dated(fields) or fixed_day
    if "part" in fields:
        return _clock_in_part(day, fields, now, hour=hour, minute=minute, dated=dated)
    if fields.get("clock_24") or hour > 12 or hour == 0:
        moment = _at(day, hour, now, minute)
        sure = 1.0
    else:
        waking = hour + 12 if 1 <= hour <= 6 else hour
        moment, sure = _at(day, waking, now, minute), 0.7
        if not dated and moment > now and _at(day, hour, now, minute) <= now and hour <= 6:
            moment = _at(day, waking, now, minute) - timedelta(days=1)
        if (
            dated
            and moment > now
            and not fields.get("future")
            and fields.get("day_offset") == 0
            and _at(day, hour, now, minute) <= now
        ):
            moment = _at(day, hour, now, minute)
        if hour >= 7 and hour < 12 and not dated and moment > now - timedelta(minutes=1):
            moment -= timedelta(days=1)
    if not dated and moment > now and not fields.get("future") and not fields.get("recurring"):
        moment -= timedelta(days=1)
    return moment, sure


def _clock_in_part(
    day: date, fields: Fields, now: datetime, *, hour: int, minute: int, dated: bool
) -> tuple[datetime, float]:
    part = fields["part"]
    if (
        (part in _AFTERNOON_PARTS and hour < 12 and not (part == "evening" and hour <= 4))
        or (part == "noon" and hour <= 3)
        or (part in ("night", "midnight") and 6 <= hour < 12)
    ):
        hour += 12
    elif part in ("dawn", "early") and hour == 12:
        hour = 0
    elif part in _NIGHT_PARTS and hour <= 5:
        hour += 24
    elif part in _NIGHT_PARTS and hour == 12:
        hour = 24
    moment = _at(day, hour, now, minute)
    if hour >= 24 and moment > now and not fields.get("future"):
        moment -= timedelta(days=1)
    if not dated and moment > now and not fields.get("future") and not fields.get("recurring"):
        moment -= timedelta(days=1)
    return moment, 1.0


def _at(day: date, hour: int, now: datetime, minute: int = 0) -> datetime:
    day, hour = day + timedelta(days=hour // 24), hour % 24
    return datetime.combine(day, time(hour, minute), tzinfo=now.tzinfo)


def _midnight(day: date, now: datetime) -> datetime:
    return datetime.combine(day, time(0), tzinfo=now.tzinfo)


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _add_months(day: date, months: int) -> date:
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    for last in (day.day, 30, 29, 28):
        if _exists(year, month + 1, last):
            return date(year, month + 1, last)
    raise ValueError(months)
