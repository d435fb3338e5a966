"""How long something took. Value: ``{"number": "3", "unit": "hour", "minutes": 180, "approximate": false}``."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from understanding.details.context import Context
from understanding.details.numbers import EN_SMALL, parse_number
from understanding.fold import Folded
from understanding.model import Detail

MINUTES = {"minute": 1, "hour": 60, "day": 1440, "week": 10_080, "month": 43_200, "year": 525_600}
ZH_UNITS = {"分钟": "minute", "小时": "hour", "钟头": "hour", "个钟": "hour", "刻钟": "quarter", "天": "day", "晚上": "day", "晚": "day", "宿": "day",
            "夜": "day", "日": "day", "周": "week", "星期": "week", "礼拜": "week", "月": "month", "年": "year", "秒钟": "second", "秒": "second"}  # fmt: skip
EN_UNITS = {"min": "minute", "mins": "minute", "minute": "minute", "hour": "hour", "hr": "hour", "hrs": "hour", "day": "day", "night": "day",
            "week": "week", "fortnight": "fortnight", "month": "month", "year": "year", "yr": "year", "yrs": "year"}  # fmt: skip

_ZH_NUMBER = r"(?:[0-9]{1,4}(?:\.[0-9])?|[一二两三四五六七八九十百]{1,5}|[俩仨]|好?几|半)"
_ZH_UNIT = r"(?:个?半?(?:多|来)?(?:小时|钟头|星期|礼拜)|个半?多?月|(?:多|来)?(?:分钟|天|周|年|秒钟?|刻钟|晚上|宿|夜)|个钟(?!头))"
_ZH = re.compile(
    rf"(?<![第0-9一二三四五六七八九十百周月年.])(?P<number>{_ZH_NUMBER})(?P<few>几)?(?P<more>多|来)?\s?(?P<unit>{_ZH_UNIT})(?P<tail>半|多|左右|有余)?"
    r"(?!\s?(?:以?前|之前|以?后|之后|内|之内|以内|级|卡|票|龄|纪|检|报|度|次|假|一次|一检|[0-9]{1,2}[月日号]))(?P<night>[一二两三四五六七八九十]夜)?"
)
_ZH_WHOLE = re.compile(
    r"(?:大半天|老半天|半天(?!前|后)|(?:整整|一)?一?整(?:天|夜|个上午|个下午|个晚上|个星期|个月|年)|(?<![第十])一(?:上午|下午|早上|晚上|夜|宿)(?!一)|大半年|小半年|半宿|大半夜(?=[都没等]))"
)
_EN = re.compile(
    rf"(?<![a-z0-9.:/-])(?P<approx>about |around |over |more than |nearly |almost |roughly |at least |up to |approx )?(?P<number>{EN_SMALL}(?:\.[0-9])?|an?(?: whole| full| solid| good)?|half an?|a couple of|couple of|a few|several)"
    r"(?: ?(?P<more>\+|plus|odd))?(?P<half> and a half)?[ -]?(?P<unit>mins?|minutes?|hours?|hrs?|days?|nights?|weeks?|fortnights?|months?|years?|yrs?)(?![a-z])(?P<late> and a half)?"
    r"(?! (?:ago|back|later|earlier|before|old|from now)|-old|ly| away)"
)
_EN_APPROX = ("a couple of", "couple of", "a few", "several")
_EN_COUNTS = {"a couple of": 2, "couple of": 2, "a few": 3, "several": 3}
_NEXT = re.compile(r"(?:in|within|every|last|next|past|per|each|once|twice|times|first|this) $")


def find(folded: Folded, context: Context) -> Iterator[Detail]:
    """Lengths of time in order of appearance; a point in time counted from now ("3天前") is not one."""
    text = folded.text
    for match in _ZH.finditer(text):
        detail = _chinese(folded, match)
        if detail:
            yield detail
    for match in _ZH_WHOLE.finditer(text):
        said = match[0]
        unit = "year" if "年" in said else "month" if "月" in said else "week" if "星期" in said else "day"
        number = (
            Decimal("0.5")
            if "半" in said or "午" in said or "晚" in said or "早" in said or said == "一夜"
            else Decimal(1)
        )
        yield folded.detail(
            "duration", _value(number, unit, approximate=True), match.start(), match.end(), 0.8
        )
    for match in _EN.finditer(text):
        if not _NEXT.search(text, max(0, match.start() - 8), match.start()):
            yield _english(folded, match)


def _chinese(folded: Folded, match: re.Match[str]) -> Detail | None:
    said, unit_said = match["number"], match["unit"]
    core = unit_said.lstrip("多来").removeprefix("个") if unit_said != "个钟" else "个钟"
    half = Decimal("0.5") if "半" in unit_said or match["tail"] == "半" else Decimal(0)
    core = core.removeprefix("半").lstrip("多来")
    unit = ZH_UNITS.get(core)
    approximate = bool(
        match["few"]
        or match["more"]
        or "几" in said
        or "多" in unit_said
        or "来" in unit_said
        or match["tail"] in ("多", "左右", "有余")
    )
    number = Decimal("0.5") if said == "半" else Decimal(3) if "几" in said else parse_number(said)
    if (
        unit is None
        or number is None
        or (unit == "year" and number > 150)
        or (unit == "day" and core == "日")
    ):
        return None
    if unit == "quarter":
        number, unit = number * 15, "minute"
    if unit == "second":
        number, unit = number / 60, "minute"
    if (
        said in ("一", "这")
        and core == "天"
        and match["tail"] is None
        and folded.text[match.end() : match.end() + 1] in ("到", "天")
    ):
        return None
    end = match.end()
    return folded.detail(
        "duration",
        _value(number + half, unit, approximate=approximate),
        match.start(),
        end,
        0.6 if "几" in said else 1.0,
    )


def _english(folded: Folded, match: re.Match[str]) -> Detail:
    said = match["number"].strip()
    number = _EN_COUNTS.get(said)
    value = (
        Decimal(number)
        if number
        else Decimal("0.5")
        if said.startswith("half")
        else Decimal(1)
        if said.split()[0] in ("a", "an")
        else parse_number(said)
    )
    total = (value or Decimal(1)) + (Decimal("0.5") if match["half"] or match["late"] else 0)
    word = match["unit"]
    unit = EN_UNITS.get(word) or EN_UNITS.get(word.rstrip("s"), "day")
    if unit == "fortnight":
        total, unit = total * 2, "week"
    approximate = said in _EN_APPROX or bool(match["approx"] or match["more"])
    start = match.start("number")
    return folded.detail("duration", _value(total, unit, approximate=approximate), start, match.end())


def _value(number: Decimal, unit: str, *, approximate: bool) -> dict[str, object]:
    plain = f"{number:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return {
        "number": plain[:8],
        "unit": unit,
        "minutes": int(number * MINUTES[unit]),
        "approximate": approximate,
    }
