"""Words of English time expressions and what they mean; the patterns that use them are :mod:`.english`."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re

from understanding.details.numbers import parse_number, parse_whole
from understanding.details.when.model import Fields

MONTHS = {name: value for value, names in enumerate(
    ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug", "september sept sep", "october oct", "november nov",
     "december dec"), start=1) for name in names.split()}  # fmt: skip
WEEKDAYS = {name: value for value, names in enumerate(
    ("monday mon", "tuesday tues tue", "wednesday weds wed", "thursday thurs thur thu", "friday fri", "saturday sat", "sunday sun")) for name in names.split()}  # fmt: skip
FULL_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
DAYS = f"{FULL_DAYS}|tues?|weds?|thurs?|thu|mon|fri"
MONTH = "january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
PART_WORDS = {"early morning": "early", "early hours": "dawn", "morning": "morning", "afternoon": "afternoon", "evening": "evening", "night": "evening", "lunchtime": "noon",
               "lunch time": "noon", "midday": "noon", "tonight": "evening", "teatime": "dusk", "dawn": "early", "dusk": "dusk"}  # fmt: skip
PART = "early hours|early morning|morning|afternoon|evening|night|lunchtime|lunch time|midday|teatime"
SEASON = "spring|summer|autumn|winter"
_UNITS = {
    "minute": "minute",
    "min": "minute",
    "hour": "hour",
    "hr": "hour",
    "day": "day",
    "night": "day",
    "week": "week",
    "fortnight": "fortnight",
    "wk": "week",
    "month": "month",
    "year": "year",
    "yr": "year",
}
UNIT = "minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|wks?|fortnights?|months?|years?|yrs?"
_SEASONS = {"spring": "spring", "summer": "summer", "autumn": "autumn", "fall": "autumn", "winter": "winter"}
HOLIDAYS = {"christmas day": "christmas", "christmas eve": "christmas_eve", "xmas": "christmas", "christmas": "christmas", "boxing day": "boxing_day", "new year's day": "new_year", "new years day": "new_year", "new year's eve": "new_year_eve",
             "new years eve": "new_year_eve", "new year's": "new_year", "new year": "new_year", "good friday": "good_friday", "easter sunday": "easter", "easter monday": "easter_monday", "easter": "easter", "halloween": "halloween",
             "bonfire night": "bonfire_night", "thanksgiving": "thanksgiving", "black friday": "black_friday", "chinese new year": "spring_festival", "spring festival": "spring_festival", "lunar new year": "spring_festival",
             "national day": "national_day", "mid-autumn festival": "mid_autumn", "valentine's day": "valentine", "labour day": "labour_day", "golden week": "national_day",
             "diwali": "diwali", "deepavali": "diwali", "dussehra": "dussehra", "eid al-adha": "eid_al_adha", "bakrid": "eid_al_adha", "eid al-fitr": "eid", "eid": "eid", "ramadan": "ramadan", "ramzan": "ramadan",
             "labor day": "labor_day", "memorial day": "memorial_day", "fourth of july": "independence_us", "canada day": "canada_day", "australia day": "australia_day", "st patrick's day": "st_patrick", "st patricks day": "st_patrick", "paddy's day": "st_patrick",
             "pancake day": "pancake_day", "shrove tuesday": "pancake_day", "mother's day": "mothers_day", "mothers day": "mothers_day", "father's day": "fathers_day", "fathers day": "fathers_day"}  # fmt: skip
_OFFSET = {
    "last": -1,
    "past": -1,
    "previous": -1,
    "this": 0,
    "the current": 0,
    "next": 1,
    "coming": 1,
    "following": 1,
}
ORD = r"(?:3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?"
_ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
    "eleventh": 11,
    "twelfth": 12,
    "fifteenth": 15,
    "twentieth": 20,
    "thirtieth": 30,
}
ORD_WORD = "|".join(_ORDINALS)
#: Of the same weekdays of a month, from 0; the last is -1.
NTH = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}
HOUR_WORD = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
B, E = r"(?<![a-z0-9])", r"(?![a-z0-9])"
MERIDIEM = r"(?:a\.?m\.?|p\.?m\.?)(?![a-z0-9])"


def number(said: str) -> int:
    return (
        int(re.sub("[a-z]", "", said))
        if said[:1].isdigit()
        else _ORDINALS.get(said) or parse_whole(said) or 0
    )


def date(match: re.Match[str]) -> Fields:
    groups = match.groupdict()
    fields: Fields = {"month": MONTHS[match["month"]], "day": number(match["day"])}
    return fields | ({"year": _full_year(match["year"])} if groups.get("year") else {})


def _full_year(said: str) -> int:
    return int(said) if len(said) == 4 else 2000 + int(said)


def slashed(match: re.Match[str]) -> Fields | None:
    first, second = int(match["first"]), int(match["second"])
    if not (1 <= first <= 31 and 1 <= second <= 31 and (first <= 12 or second <= 12)):
        return None
    fields: Fields = {"slashed": (first, second)}
    return fields | ({"year": _full_year(match["year"])} if match["year"] else {})


def weekday(match: re.Match[str]) -> Fields:
    fields: Fields = {"weekday": WEEKDAYS[match["day"]]}
    offset = match["offset"]
    if offset in ("last", "past", "previous"):
        fields["weekday_before"] = True
    elif offset:
        fields["week_offset"] = _OFFSET[offset]
        fields["future"] = offset != "this"
    if match["part"]:
        fields["part"] = PART_WORDS[match["part"]]
    return fields


def _meridiem(hour: int, mark: str | None) -> int | None:
    if not mark:
        return hour
    if hour > 12:
        return hour if mark.startswith("p") else None
    return hour % 12 + (12 if mark.startswith("p") else 0)


def clock(match: re.Match[str]) -> Fields | None:
    mark = match["mark"]
    said_hour = int(match["hour"]) if match["hour"].isdigit() else parse_whole(match["hour"]) or 0
    hour, minute = _meridiem(said_hour, mark), int(match["minute"] or 0)
    if hour is None or hour > 24 or minute > 59:
        return None
    return {"clock": (hour, minute, bool(match["minute"]))} | ({"clock_24": True} if mark else {})


def spoken_clock(match: re.Match[str]) -> Fields | None:
    hour = parse_whole(match["hour"]) or 0
    before = (
        {"half": 30, "quarter": 15, "a quarter": 15}.get(match["before"]) or parse_whole(match["before"]) or 0
    )
    minute = before
    if match["way"] == "to":
        hour, minute = (hour - 1) % 12 or 12, 60 - before
    fixed = _meridiem(hour, match["mark"])
    if fixed is None or not 0 <= minute < 60:
        return None
    return {"clock": (fixed, minute, True)} | ({"clock_24": True} if match["mark"] else {})


def shift(match: re.Match[str]) -> Fields | None:
    said = match["number"].strip()
    loose = {
        "a": 1,
        "an": 1,
        "one": 1,
        "a couple of": 2,
        "couple of": 2,
        "a couple": 2,
        "a few": 3,
        "few": 3,
        "several": 4,
        "half a": 0.5,
        "half an": 0.5,
        "about a": 1,
        "about an": 1,
    }
    number = loose.get(said) or float(parse_number(said) or 0)
    word = match["unit"]
    unit = _UNITS.get(word) or _UNITS[word.rstrip("s")]
    if match["half"]:
        number += 0.5
    if not 0 < number <= 2000:
        return None
    if unit == "fortnight":
        number, unit = number * 2, "week"
    vague = (
        said in ("a couple of", "couple of", "a couple", "a few", "few", "several")
        or unit in ("week", "month", "year")
        or bool(match["approx"])
    )
    return {"shift": (-number, unit)} | ({"approximate": True} if vague else {})


def period(match: re.Match[str]) -> Fields | None:
    offset, unit = _OFFSET[match["offset"]], match["unit"]
    future: Fields = {"future": True} if offset > 0 else {}
    if unit in _SEASONS:
        return {"season": _SEASONS[unit], "season_offset": offset} | future
    if unit in MONTHS:
        return {"month": MONTHS[unit], "month_before": offset == -1} | future
    if unit == "weekend":
        return {"week_offset": offset, "weekend": True} | future
    if unit in PART_WORDS:
        return {
            "day_offset": min(offset, 0) if unit != "night" or offset < 0 else offset,
            "part": PART_WORDS[unit],
        } | future
    return {f"{unit.replace('wk', 'week')}_offset": offset} | future


def every(match: re.Match[str]) -> Fields:
    said = match["what"]
    fields: Fields = {"recurring": True}
    if said in WEEKDAYS:
        return fields | {"weekday": WEEKDAYS[said]}
    if said in PART_WORDS:
        return fields | {"part": PART_WORDS[said]}
    return fields | {
        "cycle": {"weekend": "week", "week": "week", "month": "month", "year": "year"}.get(said, "day")
    }


def month_days(match: re.Match[str]) -> Fields | None:
    first, last = number(match["first"] or match["first2"]), number(match["day"] or match["day2"])
    fields: Fields = {"month": MONTHS[match["month"] or match["month2"]], "day": first, "day_end": last}
    return (fields | ({"year": _full_year(match["year"])} if match["year"] else {})) if first < last else None


def following(match: re.Match[str]) -> Fields:
    """ "the next day", "that same evening": counted from a time said before."""
    which, what = match["which"], match["what"]
    if what in ("week", "month"):
        return {"anchor": 7 if what == "week" else 30, "approximate": True}
    part = PART_WORDS.get(what)
    return {"anchor": 0 if which in ("that", "that same", "the same", "that very") else 1} | (
        {"part": part} if part else {}
    )


def later(match: re.Match[str]) -> Fields | None:
    number = (
        {"a": 1, "an": 1, "one": 1, "a couple of": 2, "a few": 3}.get(match["number"])
        or parse_whole(match["number"])
        or 0
    )
    days = {"day": 1, "night": 1, "week": 7, "month": 30}[match["unit"].rstrip("s")]
    return {"anchor": number * days} | ({"approximate": True} if days == 30 or " " in match["number"] else {})


def beside_holiday(match: re.Match[str]) -> Fields | None:
    """ "the day before Halloween", "two weeks after Easter"."""
    said = match["number"] or "a"
    many = {"a": 1, "a couple of": 2}.get(said) or parse_whole(said) or 0
    days = many * (7 if match["unit"] == "week" else 1)
    shift = -days if match["way"] == "before" else days
    return {"holiday": HOLIDAYS[match["holiday"]], "holiday_shift": shift} if 0 < days <= 200 else None


_WEEKDAY_BEFORE = {"week": "week_offset", "month": "month_offset", "year": "year_offset"}


def before_last(match: re.Match[str]) -> Fields:
    unit = match["unit"]
    if unit == "weekend":
        return {"week_offset": -2, "weekend": True}
    if unit == "night":
        return {"day_offset": -2, "part": "evening"}
    return {_WEEKDAY_BEFORE[unit]: -2}


def day_of_period(match: re.Match[str]) -> Fields:
    offset = -1 if match["offset"] in ("last", "the previous") else 1 if match["offset"] == "next" else 0
    return {"month_offset": offset, "day": number(match["day"])} | ({"future": True} if offset > 0 else {})


def edge_of_year(match: re.Match[str]) -> Fields:
    part = {
        "early": "early",
        "start": "early",
        "beginning": "early",
        "mid": "middle",
        "middle": "middle",
    }.get(match["edge"], "late")
    return {"year_offset": _OFFSET[match["offset"]], "year_part": part}


def edge(match: re.Match[str]) -> Fields:
    name = {
        "early": "early",
        "start": "early",
        "beginning": "early",
        "mid": "middle",
        "middle": "middle",
        "late": "late",
        "end": "late",
    }.get(match["edge"]) or {"first": "early", "last": "late"}.get(match["edge"].split()[0], "middle")
    return {"month_part": name}


def clock_range(match: re.Match[str]) -> Fields | None:
    mark = match["mark"]
    second = _meridiem(int(match["second"]), mark)
    first = _meridiem(int(match["first"]), match["mark1"] or mark)
    if first is None or second is None:
        return None
    if first > second and not match["mark1"]:
        first -= 12
    minutes = [int((match[name] or ":0")[1:]) for name in ("m1", "m2")]
    exact = bool(match["m1"] or match["m2"])
    return {
        "clock": (first % 24, minutes[0], exact),
        "clock_end": (second, minutes[1], exact),
        "clock_24": True,
    }


VAGUE: dict[str, Fields] = {
    "recently": {"recent": 14}, "lately": {"recent": 14}, "the other day": {"recent": 4, "over": True}, "the other night": {"recent": 4, "over": True}, "the other evening": {"recent": 4, "over": True}, "the other morning": {"recent": 4, "over": True}, "the other afternoon": {"recent": 4, "over": True}, "the other week": {"recent": 14, "over": True},
    "a while ago": {"recent": 30, "over": True}, "a while back": {"recent": 30, "over": True}, "these days": {"recent": 7}, "ages ago": {"recent": 90, "over": True}, "not long ago": {"recent": 14, "over": True},
    "in recent weeks": {"recent": 21}, "the past few days": {"recent": 3}, "the last few days": {"recent": 3}, "the past few weeks": {"recent": 21}, "the last few weeks": {"recent": 21}, "over the past week": {"recent": 7}, "earlier today": {"day_offset": 0},
    "earlier this week": {"week_offset": 0}, "earlier this month": {"month_offset": 0}, "earlier this year": {"year_offset": 0}, "late last night": {"day_offset": -1, "part": "night"}, "late last week": {"week_offset": -1},
}  # fmt: skip
