"""The table of English time expressions. Patterns see folded text: lower case, straight quotes."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

from understanding.details.numbers import EN_SMALL, parse_whole
from understanding.details.when.english_words import (
    DAYS,
    FULL_DAYS,
    HOLIDAYS,
    HOUR_WORD,
    MERIDIEM,
    MONTH,
    MONTHS,
    NTH,
    ORD,
    ORD_WORD,
    PART,
    PART_WORDS,
    SEASON,
    UNIT,
    VAGUE,
    WEEKDAYS,
    B,
    E,
    before_last,
    beside_holiday,
    clock,
    clock_range,
    date,
    day_of_period,
    edge,
    edge_of_year,
    every,
    following,
    later,
    month_days,
    number,
    period,
    shift,
    slashed,
    spoken_clock,
    weekday,
)
from understanding.details.when.model import Row, row

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
        rf"{B}(?:the )?(?P<day>{ORD}|{ORD_WORD})(?: of)? ?(?P<month>{MONTH})\.?(?![a-z])(?:,? (?P<year>20[0-9]{{2}})(?![0-9]))?",
        date,
    ),
    row(
        "month day",
        rf"{B}(?P<month>{MONTH})\.? (?:the )?(?P<day>{ORD}|{ORD_WORD}){E}(?!:|[ ]?(?:{MERIDIEM}|people|times|days|calls|hours|weeks))(?:,? (?P<year>20[0-9]{{2}})(?![0-9]))?",
        date,
    ),
    row(
        "month year",
        rf"{B}(?P<month>{MONTH})\.?,? (?:of )?(?P<year>20[0-9]{{2}})(?![0-9])",
        lambda m: {"month": MONTHS[m["month"]], "year": int(m["year"])},
    ),
    row(
        "month days",
        rf"{B}(?:the )?(?P<first>{ORD})(?: ?(?:-|to|and|until|till|through) ?)(?:the )?(?P<day>{ORD})(?: of)? ?(?P<month>{MONTH})(?![a-z])(?:,? (?P<year>20[0-9]{{2}})(?![0-9]))?|{B}(?P<month2>{MONTH})\.? (?P<first2>{ORD})(?: ?(?:-|to|until|till|through) ?)(?P<day2>{ORD}){E}",
        month_days,
    ),
    row(
        "ordinal days",
        rf"{B}(?:from |between )?the (?P<first>[0-9]{{1,2}}(?:st|nd|rd|th)) ?(?:-|to|and|until|till|through) ?(?:the )?(?P<day>[0-9]{{1,2}}(?:st|nd|rd|th)){E}(?! (?:floor|time|visit|call|street|avenue|of [jfmasond]))",
        lambda m: (
            {"day": number(m["first"]), "day_end": number(m["day"])}
            if 1 <= number(m["first"]) < number(m["day"]) <= 31
            else None
        ),
    ),
    row(
        "slashed",
        r"(?<![0-9/.:-])(?!24/7|50/50|9/11|7/11)(?P<first>[0-9]{1,2})(?P<sep>[/])(?P<second>[0-9]{1,2})(?:(?P=sep)(?P<year>(?:20)?[0-9]{2}))?(?![0-9/]|[.-][0-9]| ?(?:stars?|of|times|people|done|complete|号|楼|单元))",
        slashed,
        gate="/",
    ),
    row(
        "dotted",
        r"(?<![0-9/.:-])(?P<first>[0-9]{1,2})(?P<sep>[.-])(?P<second>[0-9]{1,2})(?P=sep)(?P<year>(?:20)[0-9]{2})(?![0-9])",
        slashed,
        gate=". -",
    ),
    row(
        "month",
        rf"(?<=in )(?P<month>{MONTH})(?![a-z0-9])|(?<=since )(?P<month2>{MONTH})(?![a-z0-9])|(?<=from )(?P<month3>{MONTH})(?![a-z0-9])|{B}(?P<month4>january|february|april|june|july|august|september|october|november|december)(?![a-z0-9])|(?<=until )(?P<month5>{MONTH})(?![a-z0-9])|(?<=by )(?P<month6>march|may)(?![a-z0-9])|(?<=mid-)(?P<month7>{MONTH})(?![a-z0-9])",
        lambda m: {"month": MONTHS[next(g for g in m.groups() if g)]},
    ),
    row(
        "edge",
        rf"{B}(?:(?:the |at the |towards the )?(?P<edge>start|beginning|middle|end|early|late|mid|(?:first|second|third|last) (?:week|weeks|few days))(?: |-|(?= of))(?:of )?)(?=(?:last |this |the )?(?:month|{MONTH})(?![a-z]))",
        edge,
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
        rf"{B}(?:the )?(?P<day>{ORD}) of (?P<offset>last|this|next|the previous) month{E}",
        day_of_period,
        gate="month",
    ),
    row(
        "edge of year",
        rf"{B}(?:the )?(?P<edge>start|beginning|middle|end|early|late|mid)(?: of|-)? (?P<offset>last|this|next) year{E}",
        edge_of_year,
        gate="year",
    ),
    row(
        "before last",
        rf"{B}(?:the )?(?P<unit>week|month|year|weekend|night) before last{E}",
        before_last,
        gate="before",
    ),
    row(
        "following",
        rf"{B}(?:(?P<which>the next|the following|that same|that very|the same|that|next|following) (?P<what>day|morning|afternoon|evening|night|week|month)|(?P<what2>day) after(?=[,.!?]|$| (?:that|i|we|he|she|they|it|the)(?![a-z]))){E}(?! (?:delivery|service|appointment|i die|of))",
        lambda m: (
            None
            if m["what2"] and not m.string[: m.start()].endswith("the ")
            else {"anchor": 1}
            if m["what2"]
            else None
            if m["which"] in ("next", "following") and m["what"] in ("week", "month")
            else following(m)
        ),
        gate="next following that same after",
    ),
    row(
        "later",
        rf"{B}(?P<number>{EN_SMALL}|an?|a couple of|a few) (?P<unit>days?|nights?|weeks?|months?) (?:later|after(?=[,.!?]|$| (?:that|i|we|he|she|they|it|the)(?![a-z]))|afterwards){E}",
        later,
        gate="later after",
    ),
    row(
        "gone",
        rf"{B}(?P<day>{FULL_DAYS}) (?:just )?gone{E}",
        lambda m: {"weekday": WEEKDAYS[m["day"]], "weekday_before": True},
        gate="gone",
    ),
    row(
        "seven days back",
        rf"{B}(?:this day last week|a week (?:ago )?today|today week ago|(?P<before>yesterday week|a week (?:ago )?yesterday)){E}",
        lambda m: {"day_offset": -8 if m["before"] else -7},
        gate="week",
    ),
    row(
        "nth weekday",
        rf"{B}(?:the )?(?P<nth>first|second|third|fourth|last) (?P<day>{FULL_DAYS}) (?:of|in) (?P<month>{MONTH}){E}",
        lambda m: {"month": MONTHS[m["month"]], "nth": NTH[m["nth"]], "weekday": WEEKDAYS[m["day"]]},
        gate="of in",
    ),
    row(
        "since a part",
        rf"(?<=since )(?:early )?(?P<part>morning|afternoon|evening|lunchtime|midday){E}(?! of)",
        lambda m: {"part": PART_WORDS[m["part"]], "day_offset": 0},
        gate="since",
    ),
    row(
        "weekdays ago",
        rf"{B}(?P<number>a couple of|two|three|four|five|[2-5]) (?P<day>{FULL_DAYS})s? (?:ago|back){E}",
        lambda m: {
            "weekday": WEEKDAYS[m["day"]],
            "weekday_before": True,
            "weeks_more": (parse_whole(m["number"]) or 2) - 1,
        },
        gate="ago back",
    ),
    row(
        "beside a holiday",
        rf"{B}(?:the )?(?:(?P<number>{EN_SMALL}|a couple of|a) )?(?P<unit>day|night|week)s? (?P<way>before|after) (?P<holiday>{'|'.join(sorted(HOLIDAYS, key=len, reverse=True))}){E}",
        beside_holiday,
        gate="before after",
    ),
    row(
        "military clock",
        rf"{B}(?P<hour>[01][0-9]|2[0-3])(?P<minute>[0-5][0-9]) ?(?:hrs|hours|h){E}(?P<mark>(?!))?",
        lambda m: (clock(m) or {}) | {"clock_24": True},
        gate="h",
    ),
    row(
        "edge of the month",
        rf"(?<!by the )(?<!before the )(?<!until the )(?<!till the ){B}(?P<edge>start|beginning|middle|end) of the month{E}(?! (?:of|you|they))",
        edge,
        gate="month",
    ),
    row(
        "season",
        rf"(?:(?<=in )|(?<=since )|(?<=during )|(?<=over )|(?<=back in ))(?:the )?(?P<season>{SEASON}){E}(?! (?:break|term|sale|holidays?))",
        lambda m: {"season": m["season"]},
        gate="spring summer autumn winter",
    ),
    row(
        "months",
        rf"(?:(?<=between )|(?<=from ))(?P<month>{MONTH}) (?:and|to|till|until|through) (?P<last>{MONTH})(?![a-z0-9])",
        lambda m: {"month": MONTHS[m["month"]], "month_end": MONTHS[m["last"]]},
        gate="and to till until through",
    ),
    row(
        "hour after a part",
        rf"(?:(?<=night )|(?<=evening )|(?<=morning )|(?<=afternoon )|(?<=yesterday )|(?<=day ))(?:around|about|roughly|circa) (?P<hour>1[0-2]|[1-9]|{HOUR_WORD})(?P<minute>(?!))?(?P<mark>(?!))?(?=$|[,.!;?]| (?:and|but|when|the|we|i|in|they|he|she|no|it|at|by)(?![a-z]))",
        lambda m: (clock(m) or {}) | {"approximate": True},
        gate="around about roughly circa",
    ),
    row("two days ago", rf"{B}(?:the )?day before yesterday{E}", lambda m: {"day_offset": -2}, gate="before"),
    row(
        "in two days",
        rf"{B}(?:the )?day after tomorrow{E}",
        lambda m: {"day_offset": 2, "future": True},
        gate="after",
    ),
    row(
        "relative day",
        rf"{B}(?P<day>yesterday|yest|yday|ystrday|yesturday|today|tomorrow|tmrw|tomoro|2day){E}(?:'s)?(?: (?P<part>{PART})(?![a-z]))?",
        lambda m: (
            {
                "day_offset": 1
                if m["day"][0:2] in ("to", "tm") and m["day"] != "today"
                else 0
                if m["day"] in ("today", "2day")
                else -1
            }
            | ({"future": True} if m["day"][0:3] in ("tom", "tmr") else {})
            | ({"part": PART_WORDS[m["part"]]} if m["part"] else {})
        ),
        gate="yest yday ystrday today tomo tmrw 2day",
    ),
    row(
        "tonight",
        rf"{B}(?:tonight|2nite|tonite){E}",
        lambda m: {"day_offset": 0, "part": "evening"},
        gate="tonig tonite 2nite",
    ),
    row(
        "weekday",
        rf"{B}(?:(?P<offset>last|past|previous|this|next|coming|following) )?(?P<day>{DAYS}){E}(?!-only)(?:(?: |'s )(?P<part>{PART})(?![a-z]))?",
        weekday,
        gate="day mon tue wed thu fri",
    ),
    row(
        "weekday plural",
        rf"{B}(?:on )?(?P<day>{FULL_DAYS})s{E}",
        lambda m: {"recurring": True, "weekday": WEEKDAYS[m["day"]]},
        gate="days",
    ),
    row(
        "short weekend day",
        rf"(?<=on )(?P<day>sat|sun){E}|(?<=last )(?P<day2>sat|sun){E}|(?<=this )(?P<day3>sat|sun){E}",
        lambda m: {"weekday": WEEKDAYS[next(g for g in m.groups() if g)]},
        gate="sat sun",
    ),
    row(
        "period",
        rf"{B}(?P<offset>last|past|previous|this|next|coming)(?: calendar)? (?P<unit>week|wk|month|year|weekend|night|evening|morning|afternoon|spring|summer|autumn|fall|winter|{MONTH}){E}(?! (?:or so|and a half))",
        period,
        gate="last past previous this next coming",
    ),
    row("weekend", rf"(?<=the )weekend{E}|(?<=\bat )weekend{E}", lambda m: {"weekend": True}, gate="weekend"),
    row(
        "week ago weekday",
        rf"{B}(?:the )?(?P<day>{FULL_DAYS}) (?:before last|week){E}",
        lambda m: {"weekday": WEEKDAYS[m["day"]], "week_offset": -2 if "before" in m[0] else 1},
        gate="before week",
    ),
    row(
        "ago",
        rf"{B}(?P<approx>about |around |roughly |maybe |like |over |more than |almost |nearly |just )?(?P<number>{EN_SMALL}|a couple of|couple of|a couple|a few|few|several|half an?|an?)(?: (?:or so|odd))? ?(?P<unit>{UNIT})(?P<half> and a half)?(?: or so)? (?:ago|back|earlier)(?: (?:today|tomorrow)(?= *(?:$|[,.!;])))?{E}",
        shift,
        gate="ago back earlier",
    ),
    row(
        "half hour ago",
        rf"{B}(?P<n>an hour and a half|a year and a half|half an hour) ago{E}",
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
        rf"{B}(?:a |one )week (?:last|past|ago last) (?P<day>{FULL_DAYS}){E}",
        lambda m: {"weekday": WEEKDAYS[m["day"]], "week_offset": -1},
        gate="week",
    ),
    row(
        "week ago",
        rf"{B}(?P<day>{FULL_DAYS}),? a week ago{E}",
        lambda m: {"weekday": WEEKDAYS[m["day"]], "week_offset": -1},
        gate="ago",
    ),
    row(
        "clock",
        rf"{B}(?P<hour>2[0-4]|1[0-9]|0?[0-9])(?:[:.h](?P<minute>[0-5][0-9]))?(?:ish)? ?(?P<mark>{MERIDIEM})",
        clock,
        gate="am pm a.m p.m",
    ),
    row(
        "word clock",
        rf"{B}(?P<hour>{HOUR_WORD})(?P<minute>(?!))?(?:-?ish)? ?(?P<mark>{MERIDIEM})",
        clock,
        gate="am pm a.m p.m",
    ),
    row(
        "oclock",
        rf"{B}(?P<hour>2[0-4]|1[0-9]|0?[0-9]|{HOUR_WORD})(?P<minute>(?!))? ?o'? ?clock(?: (?P<mark>{MERIDIEM}))?",
        clock,
        gate="clock",
    ),
    row(
        "spoken clock",
        rf"{B}(?P<before>half|a quarter|quarter|five|ten|twenty|twenty[- ]five|5|10|20|25) (?P<way>past|to|after) (?P<hour>1[0-2]|[1-9]|{HOUR_WORD})(?![a-z0-9:%])(?: ?(?P<mark>{MERIDIEM}))?(?! (?:people|times|days|hours|weeks|months|of|minutes|euro|pounds|dollars))",
        spoken_clock,
        gate="past to after",
    ),
    row(
        "half nine",
        rf"{B}(?:(?<=\bat )|(?<=about )|(?<=around )|(?<=since )|(?<=till )|(?<=until )|(?<=from )|(?<=\bby )|(?<=before )|(?<=after ))half (?P<hour>{HOUR_WORD})(?![a-z])|{B}half (?P<early>{HOUR_WORD})(?= (?:this|yesterday|last night|in the|on (?:the|{FULL_DAYS}|{MONTH}))(?![a-z]))",
        lambda m: {"clock": (parse_whole(m["hour"] or m["early"]) or 0, 30, True)},
        gate="half",
    ),
    row(
        "digital",
        r"(?<![0-9:.])(?P<hour>2[0-4]|[01]?[0-9]):(?P<minute>[0-5][0-9])(?::[0-5][0-9])?(?![0-9:])(?P<mark>(?!))?",
        lambda m: (
            (clock(m) or {})
            | {"clock_24": len(m["hour"]) == 2 and (m["hour"][0] == "0" or int(m["hour"]) > 12)}
        ),
        gate=":",
    ),
    row(
        "dotted clock",
        r"(?:(?<=\bat )|(?<=around )|(?<=about )|(?<=until )|(?<=till )|(?<=since )|(?<=before )|(?<=after ))(?P<hour>2[0-4]|[01]?[0-9])\.(?P<minute>[0-5][0-9])(?P<mark>(?!))?(?![0-9.]|[ ]?(?:k|million|percent|%))",
        clock,
        gate="at around about until till since before after",
    ),
    row(
        "at hour",
        rf"(?:(?<=\bat )|(?<=\bat around )|(?<=\bat about )|(?<=\bat exactly ))(?P<hour>1[0-2]|[1-9]|{HOUR_WORD})(?P<minute>(?!))?(?P<mark>(?!))?(?:(?P<ish>-?ish)|(?!, [a-z' ]{{2,30}}(?:street|road|lane|avenue|nagar|colony|close|drive|st|rd|ave|way|court|house)(?![a-z]))(?![0-9a-z/.,:%-]| (?:of|the|[a-z']+ (?:street|road|lane|avenue|drive|close|way|rise|hill|walk|view|row|green|vale|mead|court|crescent|grove|place|square|terrace|mews|gardens?|house|park|parade|wharf|quay|heights|cottages?|buildings|st|rd|ave)|people|times|different|per|or|stars?|pounds|dollars|days|weeks|hours|minutes|months|years|points|miles|floors?|windows?|counters?|desks?|places?|branches|shops|stores|mill|high|station|main|church|park|victoria|london))|(?=[.,](?:\s|$))(?!, [a-z' ]{{2,30}}(?:street|road|lane|avenue|nagar|colony|close|drive|st|rd|ave|way|court|house)(?![a-z])))",
        clock,
        gate="at",
    ),
    row(
        "hour before a part",
        rf"(?:(?<=since )|(?<=from )|(?<=until )|(?<=till )|(?<=by )|(?<=around )|(?<=about )|(?<=after )|(?<=before )|(?<=gone ))(?P<hour>1[0-2]|[1-9]|{HOUR_WORD})(?P<minute>(?!))?(?P<mark>(?!))?(?= (?:this (?:morning|afternoon|evening)|in the (?:morning|afternoon|evening)|yesterday|last night|today|at night))",
        clock,
        gate="this in yesterday last today",
    ),
    row(
        "ish",
        rf"{B}(?P<hour>1[0-2]|[1-9]|{HOUR_WORD})(?P<minute>(?!))?-?ish{E}(?P<mark>(?!))?",
        lambda m: (clock(m) or {}) | {"approximate": True},
        gate="ish",
    ),
    row(
        "noon",
        rf"{B}(?:noon|midnight){E}",
        lambda m: {"clock": (12 if m[0] == "noon" else 24, 0, True), "clock_24": True},
        gate="noon midnight",
    ),
    row(
        "clock range",
        rf"{B}(?:between )?(?P<first>1[0-2]|[1-9])(?P<m1>[:.][0-5][0-9])?(?: ?(?P<mark1>{MERIDIEM}))?(?: ?(?:-|to|and|until|till) ?)(?P<second>1[0-2]|[1-9])(?P<m2>[:.][0-5][0-9])? ?(?P<mark>{MERIDIEM})",
        clock_range,
        gate="am pm a.m p.m",
    ),
    row(
        "plain clock range",
        rf"(?:(?<=from )|(?<=between ))(?P<first>1[0-2]|[1-9]|{HOUR_WORD}) (?:to|till|until|and) (?P<second>1[0-2]|[1-9]|{HOUR_WORD}){E}(?!:|\.[0-9]| ?(?:{MERIDIEM})| (?:of|people|times|days|hours|weeks|months|minutes|years|pounds|quid|dollars|rupees|percent|items|{MONTH}))(?=[,.!?]|$| (?:on|in|at|nobody|and|but|no|the|there|we|i|it|they|yesterday|today|every|last))",
        lambda m: {
            "clock": (parse_whole(m["first"]) or 0, 0, False),
            "clock_end": (parse_whole(m["second"]) or 0, 0, False),
        },
        gate="to till until and",
    ),
    row(
        "part",
        rf"{B}(?:in the |this |the )?(?P<part>{PART}){E}|(?<=\bat )night{E}",
        lambda m: {"part": PART_WORDS[m["part"] or "night"]},
        gate="hours morning afternoon evening night lunch midday teatime",
        weak=True,
    ),
    row(
        "monthday",
        rf"(?:(?<=on )|(?<=since )|(?<=from )|(?<=until )|(?<=by )|(?<=, )|(?<=day )|(?<=of )|(?<=till )|(?<=before )|(?<=after )|(?<=to )|(?<=for ))the (?P<day>(?:3[01]|[12][0-9]|[1-9])(?:st|nd|rd|th)){E}(?! (?:floor|time|of|street|avenue|day|week|visit|call|attempt|person|and (?:the )?[0-9a-z]+ (?:floor|time|visit|call)|house|window))",
        lambda m: {"day": number(m["day"])},
        gate="the",
    ),
    row(
        "holiday",
        rf"{B}(?<!merry )(?<!happy )(?P<holiday>{'|'.join(sorted(HOLIDAYS, key=len, reverse=True))}){E}(?! (?:card|tree|present|party|shopping|gift|sale))",
        lambda m: {"holiday": HOLIDAYS[m["holiday"]]},
        gate="mas easter year's years year good halloween bonfire thanks black chinese spring lunar national mid- valentine labo golden boxing diwali deepavali dussehra eid bakrid rama ramz memorial july canada australia patrick paddy pancake shrove mother father",
    ),
    row(
        "just now",
        rf"{B}(?:just now|a moment ago|a minute ago|moments ago){E}",
        lambda m: {"point": 5, "approximate": True},
        gate="now moment minute",
    ),
    row(
        "right now",
        rf"{B}(?:right now|now|at the moment|currently|at present){E}",
        lambda m: {"point": 0},
        gate="now moment currently present",
        weak=True,
    ),
    row(
        "vague",
        rf"{B}(?:{'|'.join(sorted(VAGUE, key=len, reverse=True))}){E}",
        lambda m: VAGUE[m[0]] | {"approximate": True},
        gate="recent lately other ago back these ages past last earlier late",
    ),
    row(
        "every",
        rf"{B}(?:every(?: single)?|each) (?P<what>day|night|morning|evening|afternoon|weekend|week|month|year|weekday|{FULL_DAYS}){E}",
        every,
        gate="every each",
    ),
    row(
        "nightly",
        rf"{B}(?:nightly|daily|on weekdays|at weekends|on weekends){E}",
        lambda m: {"recurring": True, "cycle": "week" if "weekends" in m[0] else "day"},
        gate="nightly daily week",
    ),
)
