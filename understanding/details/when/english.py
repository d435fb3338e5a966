"""The table of English time expressions. Patterns see folded text: lower case, straight quotes."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re

from understanding.details.numbers import EN_SMALL, parse_number, parse_whole
from understanding.details.when.model import Fields, Row, row

MONTHS = {name: value for value, names in enumerate(
    ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug", "september sept sep", "october oct", "november nov",
     "december dec"), start=1) for name in names.split()}  # fmt: skip
WEEKDAYS = {name: value for value, names in enumerate(
    ("monday mon", "tuesday tues tue", "wednesday weds wed", "thursday thurs thur thu", "friday fri", "saturday sat", "sunday sun")) for name in names.split()}  # fmt: skip
_FULL_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_DAYS = f"{_FULL_DAYS}|tues?|weds?|thurs?|thu|mon|fri"
_MONTH = "january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
_PART_WORDS = {"early morning": "early", "early hours": "dawn", "morning": "morning", "afternoon": "afternoon", "evening": "evening", "night": "evening", "lunchtime": "noon",
               "lunch time": "noon", "midday": "noon", "tonight": "evening", "teatime": "dusk", "dawn": "early", "dusk": "dusk"}  # fmt: skip
_PART = "early hours|early morning|morning|afternoon|evening|night|lunchtime|lunch time|midday|teatime"
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
_UNIT = "minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|wks?|fortnights?|months?|years?|yrs?"
_SEASONS = {"spring": "spring", "summer": "summer", "autumn": "autumn", "fall": "autumn", "winter": "winter"}
_HOLIDAYS = {"christmas day": "christmas", "christmas eve": "christmas_eve", "xmas": "christmas", "christmas": "christmas", "boxing day": "boxing_day", "new year's day": "new_year", "new years day": "new_year", "new year's eve": "new_year_eve",
             "new years eve": "new_year_eve", "new year's": "new_year", "new year": "new_year", "good friday": "good_friday", "easter sunday": "easter", "easter monday": "easter_monday", "easter": "easter", "halloween": "halloween",
             "bonfire night": "bonfire_night", "thanksgiving": "thanksgiving", "black friday": "black_friday", "chinese new year": "spring_festival", "spring festival": "spring_festival", "lunar new year": "spring_festival",
             "national day": "national_day", "mid-autumn festival": "mid_autumn", "valentine's day": "valentine", "labour day": "labour_day", "golden week": "national_day"}  # fmt: skip
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
_ORD = r"(?:3[01]|[12][0-9]|0?[1-9])(?:st|nd|rd|th)?"
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
_ORD_WORD = "|".join(_ORDINALS)
_HOUR_WORD = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_B, _E = r"(?<![a-z0-9])", r"(?![a-z0-9])"
_MERIDIEM = r"(?:a\.?m\.?|p\.?m\.?)(?![a-z0-9])"


def _number(said: str) -> int:
    return (
        int(re.sub("[a-z]", "", said))
        if said[:1].isdigit()
        else _ORDINALS.get(said) or parse_whole(said) or 0
    )


def _date(match: re.Match[str]) -> Fields:
    groups = match.groupdict()
    fields: Fields = {"month": MONTHS[match["month"]], "day": _number(match["day"])}
    return fields | ({"year": _full_year(match["year"])} if groups.get("year") else {})


def _full_year(said: str) -> int:
    return int(said) if len(said) == 4 else 2000 + int(said)


def _slashed(match: re.Match[str]) -> Fields | None:
    first, second = int(match["first"]), int(match["second"])
    if not (1 <= first <= 31 and 1 <= second <= 31 and (first <= 12 or second <= 12)):
        return None
    fields: Fields = {"slashed": (first, second)}
    return fields | ({"year": _full_year(match["year"])} if match["year"] else {})


def _weekday(match: re.Match[str]) -> Fields:
    fields: Fields = {"weekday": WEEKDAYS[match["day"]]}
    offset = match["offset"]
    if offset in ("last", "past", "previous"):
        fields["weekday_before"] = True
    elif offset:
        fields["week_offset"] = _OFFSET[offset]
        fields["future"] = offset != "this"
    if match["part"]:
        fields["part"] = _PART_WORDS[match["part"]]
    return fields


def _meridiem(hour: int, mark: str | None) -> int | None:
    if not mark:
        return hour
    if hour > 12:
        return hour if mark.startswith("p") else None
    return hour % 12 + (12 if mark.startswith("p") else 0)


def _clock(match: re.Match[str]) -> Fields | None:
    mark = match["mark"]
    said_hour = int(match["hour"]) if match["hour"].isdigit() else parse_whole(match["hour"]) or 0
    hour, minute = _meridiem(said_hour, mark), int(match["minute"] or 0)
    if hour is None or hour > 24 or minute > 59:
        return None
    return {"clock": (hour, minute, bool(match["minute"]))} | ({"clock_24": True} if mark else {})


def _spoken_clock(match: re.Match[str]) -> Fields | None:
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


def _shift(match: re.Match[str]) -> Fields | None:
    said = match["number"].strip()
    loose = {
        "a": 1,
        "an": 1,
        "one": 1,
        "a couple of": 2,
        "couple of": 2,
        "a couple": 2,
        "a few": 3,
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
        said in ("a couple of", "couple of", "a couple", "a few", "several")
        or unit in ("week", "month", "year")
        or bool(match["approx"])
    )
    return {"shift": (-number, unit)} | ({"approximate": True} if vague else {})


def _period(match: re.Match[str]) -> Fields | None:
    offset, unit = _OFFSET[match["offset"]], match["unit"]
    future: Fields = {"future": True} if offset > 0 else {}
    if unit in _SEASONS:
        return {"season": _SEASONS[unit], "season_offset": offset} | future
    if unit in MONTHS:
        return {"month": MONTHS[unit], "month_before": offset == -1} | future
    if unit == "weekend":
        return {"week_offset": offset, "weekend": True} | future
    if unit in _PART_WORDS:
        return {
            "day_offset": min(offset, 0) if unit != "night" or offset < 0 else offset,
            "part": _PART_WORDS[unit],
        } | future
    return {f"{unit}_offset": offset} | future


def _every(match: re.Match[str]) -> Fields:
    said = match["what"]
    fields: Fields = {"recurring": True}
    if said in WEEKDAYS:
        return fields | {"weekday": WEEKDAYS[said]}
    if said in _PART_WORDS:
        return fields | {"part": _PART_WORDS[said]}
    return fields | {
        "cycle": {"weekend": "week", "week": "week", "month": "month", "year": "year"}.get(said, "day")
    }


def _month_days(match: re.Match[str]) -> Fields | None:
    first, last = _number(match["first"] or match["first2"]), _number(match["day"] or match["day2"])
    fields: Fields = {"month": MONTHS[match["month"] or match["month2"]], "day": first, "day_end": last}
    return (fields | ({"year": _full_year(match["year"])} if match["year"] else {})) if first < last else None


def _following(match: re.Match[str]) -> Fields:
    """ "the next day", "that same evening": counted from a time said before."""
    which, what = match["which"], match["what"]
    if what in ("week", "month"):
        return {"anchor": 7 if what == "week" else 30, "approximate": True}
    part = _PART_WORDS.get(what)
    return {"anchor": 0 if which in ("that", "that same", "the same", "that very") else 1} | (
        {"part": part} if part else {}
    )


def _later(match: re.Match[str]) -> Fields | None:
    number = (
        {"a": 1, "an": 1, "one": 1, "a couple of": 2, "a few": 3}.get(match["number"])
        or parse_whole(match["number"])
        or 0
    )
    days = {"day": 1, "night": 1, "week": 7, "month": 30}[match["unit"].rstrip("s")]
    return {"anchor": number * days} | ({"approximate": True} if days == 30 or " " in match["number"] else {})


_WEEKDAY_BEFORE = {"week": "week_offset", "month": "month_offset", "year": "year_offset"}


def _before_last(match: re.Match[str]) -> Fields:
    unit = match["unit"]
    if unit == "weekend":
        return {"week_offset": -2, "weekend": True}
    if unit == "night":
        return {"day_offset": -2, "part": "evening"}
    return {_WEEKDAY_BEFORE[unit]: -2}


def _day_of_period(match: re.Match[str]) -> Fields:
    offset = -1 if match["offset"] in ("last", "the previous") else 1 if match["offset"] == "next" else 0
    return {"month_offset": offset, "day": _number(match["day"])} | ({"future": True} if offset > 0 else {})


def _edge_of_year(match: re.Match[str]) -> Fields:
    part = {
        "early": "early",
        "start": "early",
        "beginning": "early",
        "mid": "middle",
        "middle": "middle",
    }.get(match["edge"], "late")
    return {"year_offset": _OFFSET[match["offset"]], "year_part": part}


def _edge(match: re.Match[str]) -> Fields:
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


def _clock_range(match: re.Match[str]) -> Fields | None:
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


_VAGUE: dict[str, Fields] = {
    "recently": {"recent": 14}, "lately": {"recent": 14}, "the other day": {"recent": 4, "over": True}, "the other night": {"recent": 4, "over": True}, "the other evening": {"recent": 4, "over": True}, "the other morning": {"recent": 4, "over": True}, "the other afternoon": {"recent": 4, "over": True}, "the other week": {"recent": 14, "over": True},
    "a while ago": {"recent": 30, "over": True}, "a while back": {"recent": 30, "over": True}, "these days": {"recent": 7}, "ages ago": {"recent": 90, "over": True}, "not long ago": {"recent": 14, "over": True},
    "in recent weeks": {"recent": 21}, "the past few days": {"recent": 3}, "the last few days": {"recent": 3}, "the past few weeks": {"recent": 21}, "the last few weeks": {"recent": 21}, "over the past week": {"recent": 7}, "earlier today": {"day_offset": 0},
    "earlier this week": {"week_offset": 0}, "earlier this month": {"month_offset": 0}, "earlier this year": {"year_offset": 0}, "late last night": {"day_offset": -1, "part": "night"}, "late last week": {"week_offset": -1},
}  # fmt: skip

ROWS: tuple[Row, ...] = (
    row(
        "iso",
        r"(?<![0-9])(?P<year>20[0-9]{2})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})(?:t[0-9:]{5,8}z?)?(?![0-9])",
        lambda m: (
            {"year": int(m["year"]), "month": int(m["month"]), "day": int(m["day"])}
            if 1 <= int(m["month"]) <= 12 and 1 <= int(m["day"]) <= 31
            else None
        ),
        gate="-",
    ),
    row(
        "day month",
        rf"{_B}(?:the )?(?P<day>{_ORD}|{_ORD_WORD})(?: of)? ?(?P<month>{_MONTH})\.?(?![a-z])(?:,? (?P<year>20[0-9]{{2}})(?![0-9]))?",
        _date,
    ),
    row(
        "month day",
        rf"{_B}(?P<month>{_MONTH})\.? (?:the )?(?P<day>{_ORD}|{_ORD_WORD}){_E}(?!:|[ ]?(?:{_MERIDIEM}|people|times|days|calls|hours|weeks))(?:,? (?P<year>20[0-9]{{2}})(?![0-9]))?",
        _date,
    ),
    row(
        "month year",
        rf"{_B}(?P<month>{_MONTH})\.?,? (?:of )?(?P<year>20[0-9]{{2}})(?![0-9])",
        lambda m: {"month": MONTHS[m["month"]], "year": int(m["year"])},
    ),
    row(
        "month days",
        rf"{_B}(?:the )?(?P<first>{_ORD})(?: ?(?:-|to|and|until|till|through) ?)(?:the )?(?P<day>{_ORD})(?: of)? ?(?P<month>{_MONTH})(?![a-z])(?:,? (?P<year>20[0-9]{{2}})(?![0-9]))?|{_B}(?P<month2>{_MONTH})\.? (?P<first2>{_ORD})(?: ?(?:-|to|until|till|through) ?)(?P<day2>{_ORD}){_E}",
        _month_days,
    ),
    row(
        "ordinal days",
        rf"{_B}(?:from |between )?the (?P<first>[0-9]{{1,2}}(?:st|nd|rd|th)) ?(?:-|to|and|until|till|through) ?(?:the )?(?P<day>[0-9]{{1,2}}(?:st|nd|rd|th)){_E}(?! (?:floor|time|visit|call|street|avenue|of [jfmasond]))",
        lambda m: (
            {"day": _number(m["first"]), "day_end": _number(m["day"])}
            if 1 <= _number(m["first"]) < _number(m["day"]) <= 31
            else None
        ),
    ),
    row(
        "slashed",
        r"(?<![0-9/.:-])(?!24/7|50/50|9/11|7/11)(?P<first>[0-9]{1,2})(?P<sep>[/])(?P<second>[0-9]{1,2})(?:(?P=sep)(?P<year>(?:20)?[0-9]{2}))?(?![0-9/]|[.-][0-9]| ?(?:stars?|of|times|people|done|complete|号|楼|单元))",
        _slashed,
        gate="/",
    ),
    row(
        "dotted",
        r"(?<![0-9/.:-])(?P<first>[0-9]{1,2})(?P<sep>[.-])(?P<second>[0-9]{1,2})(?P=sep)(?P<year>(?:20)[0-9]{2})(?![0-9])",
        _slashed,
        gate=". -",
    ),
    row(
        "month",
        rf"(?<=in )(?P<month>{_MONTH})(?![a-z0-9])|(?<=since )(?P<month2>{_MONTH})(?![a-z0-9])|(?<=from )(?P<month3>{_MONTH})(?![a-z0-9])|{_B}(?P<month4>january|february|april|june|july|august|september|october|november|december)(?![a-z0-9])|(?<=until )(?P<month5>{_MONTH})(?![a-z0-9])|(?<=by )(?P<month6>march|may)(?![a-z0-9])|(?<=mid-)(?P<month7>{_MONTH})(?![a-z0-9])",
        lambda m: {"month": MONTHS[next(g for g in m.groups() if g)]},
    ),
    row(
        "edge",
        rf"{_B}(?:(?:the |at the |towards the )?(?P<edge>start|beginning|middle|end|early|late|mid|(?:first|second|third|last) (?:week|weeks|few days))(?: |-|(?= of))(?:of )?)(?=(?:last |this |the )?(?:month|{_MONTH})(?![a-z]))",
        _edge,
        gate="start beginning middle end early late mid week few",
        weak=True,
    ),
    row(
        "year alone",
        r"(?:(?<=in )|(?<=since )|(?<=from )|(?<=until ))(?P<year>20[0-9]{2})(?![0-9])",
        lambda m: {"year": int(m["year"])},
    ),
    row(
        "day of month",
        rf"{_B}(?:the )?(?P<day>{_ORD}) of (?P<offset>last|this|next|the previous) month{_E}",
        _day_of_period,
        gate="month",
    ),
    row(
        "edge of year",
        rf"{_B}(?:the )?(?P<edge>start|beginning|middle|end|early|late|mid)(?: of|-)? (?P<offset>last|this|next) year{_E}",
        _edge_of_year,
        gate="year",
    ),
    row(
        "before last",
        rf"{_B}(?:the )?(?P<unit>week|month|year|weekend|night) before last{_E}",
        _before_last,
        gate="before",
    ),
    row(
        "following",
        rf"{_B}(?:(?P<which>the next|the following|that same|that very|the same|that|next|following) (?P<what>day|morning|afternoon|evening|night|week|month)|(?P<what2>day) after(?=[,.!?]|$| (?:that|i|we|he|she|they|it|the)(?![a-z]))){_E}(?! (?:delivery|service|appointment|i die|of))",
        lambda m: (
            None
            if m["what2"] and not m.string[: m.start()].endswith("the ")
            else {"anchor": 1}
            if m["what2"]
            else None
            if m["which"] in ("next", "following") and m["what"] in ("week", "month")
            else _following(m)
        ),
        gate="next following that same after",
    ),
    row(
        "later",
        rf"{_B}(?P<number>{EN_SMALL}|an?|a couple of|a few) (?P<unit>days?|nights?|weeks?|months?) (?:later|after(?=[,.!?]|$| (?:that|i|we|he|she|they|it|the)(?![a-z]))|afterwards){_E}",
        _later,
        gate="later after",
    ),
    row(
        "gone",
        rf"{_B}(?P<day>{_FULL_DAYS}) (?:just )?gone{_E}",
        lambda m: {"weekday": WEEKDAYS[m["day"]], "weekday_before": True},
        gate="gone",
    ),
    row(
        "two days ago", rf"{_B}(?:the )?day before yesterday{_E}", lambda m: {"day_offset": -2}, gate="before"
    ),
    row(
        "in two days",
        rf"{_B}(?:the )?day after tomorrow{_E}",
        lambda m: {"day_offset": 2, "future": True},
        gate="after",
    ),
    row(
        "relative day",
        rf"{_B}(?P<day>yesterday|yest|yday|ystrday|yesturday|today|tomorrow|tmrw|tomoro|2day){_E}(?:'s)?(?: (?P<part>{_PART})(?![a-z]))?",
        lambda m: (
            {
                "day_offset": 1
                if m["day"][0:2] in ("to", "tm") and m["day"] != "today"
                else 0
                if m["day"] in ("today", "2day")
                else -1
            }
            | ({"future": True} if m["day"][0:3] in ("tom", "tmr") else {})
            | ({"part": _PART_WORDS[m["part"]]} if m["part"] else {})
        ),
        gate="yest yday ystrday today tomo tmrw 2day",
    ),
    row(
        "tonight",
        rf"{_B}(?:tonight|2nite|tonite){_E}",
        lambda m: {"day_offset": 0, "part": "evening"},
        gate="tonig tonite 2nite",
    ),
    row(
        "weekday",
        rf"{_B}(?:(?P<offset>last|past|previous|this|next|coming|following) )?(?P<day>{_DAYS}){_E}(?!-only)(?:(?: |'s )(?P<part>{_PART})(?![a-z]))?",
        _weekday,
        gate="day mon tue wed thu fri",
    ),
    row(
        "weekday plural",
        rf"{_B}(?:on )?(?P<day>{_FULL_DAYS})s{_E}",
        lambda m: {"recurring": True, "weekday": WEEKDAYS[m["day"]]},
        gate="days",
    ),
    row(
        "short weekend day",
        rf"(?<=on )(?P<day>sat|sun){_E}|(?<=last )(?P<day2>sat|sun){_E}|(?<=this )(?P<day3>sat|sun){_E}",
        lambda m: {"weekday": WEEKDAYS[next(g for g in m.groups() if g)]},
        gate="sat sun",
    ),
    row(
        "period",
        rf"{_B}(?P<offset>last|past|previous|this|next|coming)(?: calendar)? (?P<unit>week|month|year|weekend|night|evening|morning|afternoon|spring|summer|autumn|fall|winter|{_MONTH}){_E}(?! (?:or so|and a half))",
        _period,
        gate="last past previous this next coming",
    ),
    row(
        "weekend", rf"(?<=the )weekend{_E}|(?<=\bat )weekend{_E}", lambda m: {"weekend": True}, gate="weekend"
    ),
    row(
        "week ago weekday",
        rf"{_B}(?:the )?(?P<day>{_FULL_DAYS}) (?:before last|week){_E}",
        lambda m: {"weekday": WEEKDAYS[m["day"]], "week_offset": -2 if "before" in m[0] else 1},
        gate="before week",
    ),
    row(
        "ago",
        rf"{_B}(?P<approx>about |around |roughly |maybe |like |over |more than |almost |nearly |just )?(?P<number>{EN_SMALL}|a couple of|couple of|a couple|a few|several|half an?|an?)(?: (?:or so|odd))? ?(?P<unit>{_UNIT})(?P<half> and a half)?(?: or so)? (?:ago|back|earlier){_E}",
        _shift,
        gate="ago back earlier",
    ),
    row(
        "half hour ago",
        rf"{_B}(?P<n>an hour and a half|a year and a half|half an hour) ago{_E}",
        lambda m: {
            "shift": (-0.5, "hour")
            if m["n"].startswith("half")
            else (-1.5, "hour" if "hour" in m["n"] else "year"),
            "approximate": True,
        },
        gate="ago",
    ),
    row(
        "week last weekday",
        rf"{_B}(?:a |one )week (?:last|past|ago last) (?P<day>{_FULL_DAYS}){_E}",
        lambda m: {"weekday": WEEKDAYS[m["day"]], "week_offset": -1},
        gate="week",
    ),
    row(
        "week ago",
        rf"{_B}(?P<day>{_FULL_DAYS}),? a week ago{_E}",
        lambda m: {"weekday": WEEKDAYS[m["day"]], "week_offset": -1},
        gate="ago",
    ),
    row(
        "clock",
        rf"{_B}(?P<hour>2[0-4]|1[0-9]|0?[0-9])(?:[:.h](?P<minute>[0-5][0-9]))?(?:ish)? ?(?P<mark>{_MERIDIEM})",
        _clock,
        gate="am pm a.m p.m",
    ),
    row(
        "word clock",
        rf"{_B}(?P<hour>{_HOUR_WORD})(?P<minute>(?!))?(?:-?ish)? ?(?P<mark>{_MERIDIEM})",
        _clock,
        gate="am pm a.m p.m",
    ),
    row(
        "oclock",
        rf"{_B}(?P<hour>2[0-4]|1[0-9]|0?[0-9]|{_HOUR_WORD})(?P<minute>(?!))? ?o'? ?clock(?: (?P<mark>{_MERIDIEM}))?",
        _clock,
        gate="clock",
    ),
    row(
        "spoken clock",
        rf"{_B}(?P<before>half|a quarter|quarter|five|ten|twenty|twenty[- ]five|5|10|20|25) (?P<way>past|to|after) (?P<hour>1[0-2]|[1-9]|{_HOUR_WORD})(?![a-z0-9:%])(?: ?(?P<mark>{_MERIDIEM}))?(?! (?:people|times|days|hours|weeks|months|of|minutes|euro|pounds|dollars))",
        _spoken_clock,
        gate="past to after",
    ),
    row(
        "half nine",
        rf"{_B}(?:(?<=\bat )|(?<=about )|(?<=around )|(?<=since )|(?<=till )|(?<=until )|(?<=from )|(?<=\bby )|(?<=before )|(?<=after ))half (?P<hour>{_HOUR_WORD})(?![a-z])",
        lambda m: {"clock": (parse_whole(m["hour"]) or 0, 30, True)},
        gate="half",
    ),
    row(
        "digital",
        r"(?<![0-9:.])(?P<hour>2[0-4]|[01]?[0-9]):(?P<minute>[0-5][0-9])(?::[0-5][0-9])?(?![0-9:])(?P<mark>(?!))?",
        lambda m: (
            (_clock(m) or {})
            | {"clock_24": len(m["hour"]) == 2 and (m["hour"][0] == "0" or int(m["hour"]) > 12)}
        ),
        gate=":",
    ),
    row(
        "dotted clock",
        r"(?<=\bat )(?P<hour>2[0-4]|[01]?[0-9])\.(?P<minute>[0-5][0-9])(?P<mark>(?!))?(?![0-9.]|[ ]?(?:k|million|percent|%))",
        _clock,
        gate="at",
    ),
    row(
        "at hour",
        rf"(?:(?<=\bat )|(?<=\bat around )|(?<=\bat about )|(?<=\bat exactly ))(?P<hour>1[0-2]|[1-9]|{_HOUR_WORD})(?P<minute>(?!))?(?P<mark>(?!))?(?:(?P<ish>-?ish)|(?!, [a-z' ]{{2,30}}(?:street|road|lane|avenue|nagar|colony|close|drive|st|rd|ave|way|court|house)(?![a-z]))(?![0-9a-z/.,:%-]| (?:of|the|[a-z]+ (?:street|road|lane|avenue|drive|close|way)|people|times|different|per|or|stars?|pounds|dollars|days|weeks|hours|minutes|months|years|points|miles|floors?|windows?|counters?|desks?|places?|branches|shops|stores|mill|high|station|main|church|park|victoria|london))|(?=[.,](?:\s|$))(?!, [a-z' ]{{2,30}}(?:street|road|lane|avenue|nagar|colony|close|drive|st|rd|ave|way|court|house)(?![a-z])))",
        _clock,
        gate="at",
    ),
    row(
        "hour before a part",
        rf"(?:(?<=since )|(?<=from )|(?<=until )|(?<=till )|(?<=by )|(?<=around )|(?<=about ))(?P<hour>1[0-2]|[1-9]|{_HOUR_WORD})(?P<minute>(?!))?(?P<mark>(?!))?(?= (?:this (?:morning|afternoon|evening)|in the (?:morning|afternoon|evening)|yesterday|last night|today))",
        _clock,
        gate="this in yesterday last today",
    ),
    row(
        "ish",
        rf"{_B}(?P<hour>1[0-2]|[1-9]|{_HOUR_WORD})(?P<minute>(?!))?-?ish{_E}(?P<mark>(?!))?",
        lambda m: (_clock(m) or {}) | {"approximate": True},
        gate="ish",
    ),
    row(
        "noon",
        rf"{_B}(?:noon|midnight){_E}",
        lambda m: {"clock": (12 if m[0] == "noon" else 24, 0, True), "clock_24": True},
        gate="noon midnight",
    ),
    row(
        "clock range",
        rf"{_B}(?:between )?(?P<first>1[0-2]|[1-9])(?P<m1>:[0-5][0-9])?(?: ?(?P<mark1>{_MERIDIEM}))?(?: ?(?:-|to|and|until|till) ?)(?P<second>1[0-2]|[1-9])(?P<m2>:[0-5][0-9])? ?(?P<mark>{_MERIDIEM})",
        _clock_range,
        gate="am pm a.m p.m",
    ),
    row(
        "plain clock range",
        rf"(?:(?<=from )|(?<=between ))(?P<first>1[0-2]|[1-9]|{_HOUR_WORD}) (?:to|till|until|and) (?P<second>1[0-2]|[1-9]|{_HOUR_WORD}){_E}(?!:| ?(?:{_MERIDIEM})| (?:of|people|times|days|hours|weeks|months|minutes|years|pounds|quid|dollars|rupees|percent|items|{_MONTH}))(?=[,.!?]|$| (?:on|in|at|nobody|and|but|no|the|there|we|i|it|they|yesterday|today|every|last))",
        lambda m: {
            "clock": (parse_whole(m["first"]) or 0, 0, False),
            "clock_end": (parse_whole(m["second"]) or 0, 0, False),
        },
        gate="to till until and",
    ),
    row(
        "part",
        rf"{_B}(?:in the |this |the )?(?P<part>{_PART}){_E}|(?<=\bat )night{_E}",
        lambda m: {"part": _PART_WORDS[m["part"] or "night"]},
        gate="hours morning afternoon evening night lunch midday teatime",
        weak=True,
    ),
    row(
        "monthday",
        rf"(?:(?<=on )|(?<=since )|(?<=from )|(?<=until )|(?<=by )|(?<=, )|(?<=day )|(?<=of )|(?<=till )|(?<=before )|(?<=after ))the (?P<day>(?:3[01]|[12][0-9]|[1-9])(?:st|nd|rd|th)){_E}(?! (?:floor|time|of|street|avenue|day|week|visit|call|attempt|person|and (?:the )?[0-9a-z]+ (?:floor|time|visit|call)|house|window))",
        lambda m: {"day": _number(m["day"])},
        gate="the",
    ),
    row(
        "holiday",
        rf"{_B}(?<!merry )(?<!happy )(?P<holiday>{'|'.join(sorted(_HOLIDAYS, key=len, reverse=True))}){_E}(?! (?:card|tree|present|party|shopping|gift|sale))",
        lambda m: {"holiday": _HOLIDAYS[m["holiday"]]},
        gate="mas easter year's years year good halloween bonfire thanks black chinese spring lunar national mid- valentine labour golden boxing",
    ),
    row(
        "just now",
        rf"{_B}(?:just now|a moment ago|a minute ago|moments ago){_E}",
        lambda m: {"point": 5, "approximate": True},
        gate="now moment minute",
    ),
    row(
        "right now",
        rf"{_B}(?:right now|now|at the moment|currently|at present){_E}",
        lambda m: {"point": 0},
        gate="now moment currently present",
        weak=True,
    ),
    row(
        "vague",
        rf"{_B}(?:{'|'.join(sorted(_VAGUE, key=len, reverse=True))}){_E}",
        lambda m: _VAGUE[m[0]] | {"approximate": True},
        gate="recent lately other ago back these ages past last earlier late",
    ),
    row(
        "every",
        rf"{_B}(?:every(?: single)?|each) (?P<what>day|night|morning|evening|afternoon|weekend|week|month|year|weekday|{_FULL_DAYS}){_E}",
        _every,
        gate="every each",
    ),
    row(
        "nightly",
        rf"{_B}(?:nightly|daily|on weekdays|at weekends|on weekends){_E}",
        lambda m: {"recurring": True, "cycle": "week" if "weekends" in m[0] else "day"},
        gate="nightly daily week",
    ),
)
