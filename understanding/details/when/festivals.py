"""Dates of festivals by name, solar and lunar. Only dates: what they mean for a deadline is not decided here."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

_FIXED: dict[str, tuple[int, int]] = {
    "new_year": (1, 1), "valentine": (2, 14), "womens_day": (3, 8), "labour_day": (5, 1), "childrens_day": (6, 1), "shopping_618": (6, 18), "teachers_day": (9, 10),
    "national_day": (10, 1), "halloween": (10, 31), "bonfire_night": (11, 5), "singles_day": (11, 11), "double_twelve": (12, 12), "christmas_eve": (12, 24), "christmas": (12, 25),
    "st_patrick": (3, 17), "independence_us": (7, 4), "canada_day": (7, 1), "australia_day": (1, 26), "boxing_day": (12, 26), "new_year_eve": (12, 31),
}  # fmt: skip
_LUNAR: dict[str, tuple[int, int]] = {
    "spring_festival": (1, 1),
    "lantern": (1, 15),
    "dragon_boat": (5, 5),
    "qixi": (7, 7),
    "mid_autumn": (8, 15),
    "double_ninth": (9, 9),
}
#: Length of the public holiday in days, for "国庆期间". Source: the usual length of the week-long holidays.
LENGTHS = {"national_day": 7, "spring_festival": 7, "labour_day": 3}


def festival(name: str, year: int) -> date | None:
    """The day in the solar ``year``; ``None`` outside the years that the lunar tables know (1900 to 2100)."""
    if name in _FIXED:
        return date(year, *_FIXED[name])
    if name in _LUNAR:
        return lunar_day(year, *_LUNAR[name])
    if name == "new_year_eve_lunar":
        first = lunar_day(year, 1, 1)
        return first - timedelta(days=1) if first else None
    if name == "qingming":
        return date(year, 4, 4 if year % 4 in (0, 1) else 5)
    return _MOVING[name](year) if name in _MOVING else None


@lru_cache(maxsize=512)
def lunar_day(year: int, month: int, day: int) -> date | None:
    """The solar day of a day of the lunar ``year``; a 30th that a short month lacks becomes its 29th."""
    from lunardate import LunarDate

    for last in (day, min(day, 29)):
        try:
            return LunarDate(year, month, last).to_solar_date()  # type: ignore[no-any-return]
        except (ValueError, IndexError, OverflowError):
            continue
    return None


def _before(day: date | None, *, days: int) -> date | None:
    return day - timedelta(days=days) if day else None


def _easter(year: int) -> date:
    """Source: the anonymous Gregorian computus (Meeus)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def _nth(year: int, month: int, weekday: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))


@lru_cache(maxsize=64)
def _proclaimed(year: int) -> dict[str, date]:
    """Festivals of the Hindu and the Muslim calendar by their name, with the day India keeps them."""
    import holidays

    days = holidays.country_holidays("IN", years=year).items()
    return {name.removesuffix(" (estimated)"): day for day, names in days for name in names.split("; ")}


_MOVING: dict[str, Callable[[int], date | None]] = {
    "diwali": lambda year: _proclaimed(year).get("Diwali"),
    "dussehra": lambda year: _proclaimed(year).get("Dussehra"),
    "eid": lambda year: _proclaimed(year).get("Eid al-Fitr"),
    "eid_al_adha": lambda year: _proclaimed(year).get("Eid al-Adha"),
    "ramadan": lambda year: _before(_proclaimed(year).get("Eid al-Fitr"), days=30),
    "labor_day": lambda year: _nth(year, 9, 0, 1),
    "memorial_day": lambda year: _nth(year, 6, 0, 1) - timedelta(days=7),
    "pancake_day": lambda year: _easter(year) - timedelta(days=47),
    "easter": _easter,
    "good_friday": lambda year: _easter(year) - timedelta(days=2),
    "easter_monday": lambda year: _easter(year) + timedelta(days=1),
    "mothers_day": lambda year: _nth(year, 5, 6, 2),
    "fathers_day": lambda year: _nth(year, 6, 6, 3),
    "thanksgiving": lambda year: _nth(year, 11, 3, 4),
    "black_friday": lambda year: _nth(year, 11, 3, 4) + timedelta(days=1),
}
