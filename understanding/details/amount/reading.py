"""What a sum as written is worth, and what only looks like one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from understanding.details.amount.patterns import (
    ABOUT_ZH,
    FROM_TO_EN,
    KILO,
    NO_PENNY_BEFORE_ZH,
    NO_PENNY_EN,
    NOT_A_PENNY_ZH,
    RANGE_ZH,
    SCALES,
    SHORT,
    SMALL,
    TILL_EN,
    UNITS,
)
from understanding.details.context import Context
from understanding.details.hotlines import HOTLINES
from understanding.details.numbers import DIGITS, parse_number
from understanding.fold import Folded
from understanding.model import Detail


def is_hotline_or_year(text: str, match: re.Match[str]) -> bool:
    said = match["number"]
    if (
        len(said) == 1
        and said not in "0123456789"
        and not (match.groupdict().get("scale") or match.groupdict().get("scale2"))
    ):
        return True
    if re.fullmatch("[0-9]{7,}", said) and not (
        match.groupdict().get("scale") or match.groupdict().get("more")
    ):
        return True
    if match.re in (FROM_TO_EN, SHORT, ABOUT_ZH, KILO, TILL_EN):
        return False
    if said in HOTLINES and "." not in said:
        return match[0].startswith(("转", "要", "打"))
    return bool(
        re.fullmatch(r"20[0-3][0-9]", said) and re.match(r" (?:onwards?|until|to|when)", text[match.end() :])
    )


def sum_in(
    folded: Folded,
    match: re.Match[str],
    currency: str,
    end: int,
    *,
    start: int | None = None,
    sure: float = 1.0,
) -> Iterator[Detail]:
    groups = match.groupdict()
    number = parse_number(_written_out(match["number"]))
    if number is None:
        return
    for scale in (groups.get("scale"), groups.get("scale2")):
        number *= SCALES.get((scale or "").strip(), 1)
    unit, tail = groups.get("unit"), groups.get("tail")
    if unit in SMALL:
        number *= SMALL[unit]
    if groups.get("pence"):
        number += (parse_number(groups["pence"]) or Decimal(0)) / 100
    elif unit and tail:
        number += _tail(tail) / (10 if unit in ("毛", "角") else 1)
    pair = _PAIR.match(match["number"])
    approximate = bool(groups.get("more") or groups.get("approx") or groups.get("about") or pair)
    first = match.start() if start is None else start
    first += len(folded.text[first:end]) - len(folded.text[first:end].lstrip())
    if groups.get("approx"):
        first = _after_adverb(match, first)
    while end > first and folded.text[end - 1].isspace():
        end -= 1
    lower = RANGE_ZH.search(folded.text, max(0, first - 12), first) if unit in ("元", "块") else None
    if lower:
        first, approximate = lower.start(), True
    if lower:
        sure = 0.45
    yield folded.detail("amount", money(number, currency, approximate=approximate), first, end, sure)


#: "三四百块": three or four hundred.
_PAIR = re.compile(r"[一二两三四五六七八九][二三四五六七八九][十百千万]")


def _written_out(said: str) -> str:
    """ "1w5" as "1万5", "2点5" as "2.5"."""
    if re.fullmatch("[0-9]+,[0-9]{2}", said):
        return said.replace(",", ".")
    if "点" in said:
        whole, part = said.split("点")
        return f"{parse_number(whole) or 0}." + "".join(str(DIGITS[digit]) for digit in part)
    return said.replace("w", "万") if said[:1].isdigit() else said


def _after_adverb(match: re.Match[str], first: int) -> int:
    return min(
        place
        for name in ("sign", "number")
        if name in match.groupdict() and (place := match.start(name)) >= 0
    )


def _tail(said: str) -> Decimal:
    """What follows 块: 块五 is .5, 块零五 is .05, 块八毛五 is .85."""
    digits = [Decimal(DIGITS[char]) for char in said if char in DIGITS]
    if said[0] in "零〇":
        return digits[-1] / (10 if "毛" in said or "角" in said else 100)
    return sum((digit / 10 ** (place + 1) for place, digit in enumerate(digits)), Decimal(0))


def is_trap(text: str, match: re.Match[str]) -> bool:
    unit, before, after = (
        match["unit"],
        text[max(0, match.start() - 2) : match.start("number")],
        text[match.end() : match.end() + 1],
    )
    said = match["number"]
    if (
        said in ("一", "1", "a", "one")
        and unit
        in (
            "分钱",
            "毛",
            "角",
            "块",
            "元",
            "cent",
            "penny",
            "pence",
            "dollar",
            "pound",
            "rupee",
            "p",
        )
        and (
            NOT_A_PENNY_ZH.match(text, match.end())
            or NO_PENNY_BEFORE_ZH.search(text, max(0, match.start() - 8), match.start())
            or NO_PENNY_EN.search(text, max(0, match.start() - 40), match.start())
        )
    ):
        return True
    if said in ("百八十", "千八百"):
        return True
    if unit == "p" and (parse_number(said) or 0) > 99:
        return True
    if unit in ("cents", "cent") and re.search(
        r"my $", text[max(0, match.start() - 3) : match.start("number")]
    ):
        return True
    if unit == "刀" and (
        said in ("一", "两", "1", "2") or (not match["money"] and parse_number(said) in (1, 2, 3))
    ):
        return True
    if unit in ("块", "欧", "毛", "角", "p", "圆") and not match["money"]:
        if said in ("一", "这", "两") and after in tuple(
            "儿地起去来过走玩坐干办吃住上回写看弄做等跑头状面角板砖布肉牌冰蛋大小石玻"
        ):
            return True
        if (
            unit == "块"
            and said == "一"
            and not match["tail"]
            and not re.match(r"[,。!?;、]|$", text[match.end() :])
        ):
            return True
        if unit in ("角", "圆", "欧") and after in tuple("落度色形满圈洲式盟"):
            return True
    if unit == "块" and after in tuple("地砖布肉牌板玻蛋石冰皮"):
        return True
    if unit == "元" and after in ("店", "购", "纸", "券", "素"):
        return True
    return (unit == "元" and before.endswith("第")) or (
        unit in ("pound", "pounds") and bool(re.match(r" (?:of|in weight)", text[match.end() :]))
    )


def unit_currency(unit: str, context: Context) -> str:
    if unit in ("dollars", "dollar", "bucks", "cents", "cent"):
        return dollar(context)
    if unit in ("pence", "p"):
        return "GBP"
    return UNITS.get(unit, "") or context.currency


def dollar(context: Context) -> str:
    return (
        context.currency if context.currency in ("USD", "HKD", "TWD", "SGD", "AUD", "CAD", "NZD") else "USD"
    )


def money(number: Decimal, currency: str, *, approximate: bool) -> dict[str, Any]:
    value: dict[str, Any] = {"amount": f"{number:.2f}", "currency": currency}
    return value | {"approximate": True} if approximate else value
