"""Sums of money. Value: ``{"amount": "120.50", "currency": "CNY"}``, with ``"approximate": true`` if said so."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from understanding.details.context import Context
from understanding.details.numbers import DIGITS, EN_WORD, parse_number
from understanding.fold import Folded
from understanding.model import Detail

_SIGNS = {"¥": "CNY", "£": "GBP", "€": "EUR", "us$": "USD", "hk$": "HKD", "nt$": "TWD", "s$": "SGD", "a$": "AUD", "au$": "AUD", "c$": "CAD",
          "ca$": "CAD", "rmb": "CNY", "cny": "CNY", "usd": "USD", "hkd": "HKD", "gbp": "GBP", "eur": "EUR", "twd": "TWD", "sgd": "SGD",
          "mop": "MOP", "₹": "INR", "rs.": "INR", "rs": "INR", "inr": "INR", "aud": "AUD", "cad": "CAD"}  # fmt: skip
_UNITS = {"元": "", "块": "", "圆": "", "蚊": "HKD", "人民币": "CNY", "rmb": "CNY", "yuan": "CNY", "kuai": "CNY", "cny": "CNY", "元人民币": "CNY",
          "美元": "USD", "美金": "USD", "刀": "USD", "dollars": "", "dollar": "", "bucks": "", "usd": "USD", "us dollars": "USD",
          "hong kong dollars": "HKD", "港币": "HKD", "港元": "HKD", "港纸": "HKD", "hkd": "HKD", "台币": "TWD", "新台币": "TWD",
          "英镑": "GBP", "镑": "GBP", "pounds": "GBP", "pound": "GBP", "quid": "GBP", "gbp": "GBP", "sterling": "GBP",
          "欧元": "EUR", "欧": "EUR", "euros": "EUR", "euro": "EUR", "eur": "EUR", "rupees": "INR", "日元": "JPY", "澳元": "AUD",
          "ringgit": "MYR", "加元": "CAD", "新币": "SGD", "葡币": "MOP"}  # fmt: skip
_SMALL = {
    "毛": Decimal("0.1"),
    "角": Decimal("0.1"),
    "分钱": Decimal("0.01"),
    "pence": Decimal("0.01"),
    "p": Decimal("0.01"),
    "cents": Decimal("0.01"),
    "cent": Decimal("0.01"),
}
_SCALES = {
    "k": 1000,
    "万": 10_000,
    "w": 10_000,
    "千": 1000,
    "百": 100,
    "m": 1_000_000,
    "grand": 1000,
    "thousand": 1000,
    "million": 1_000_000,
    "hundred": 100,
    "亿": 100_000_000,
}

_DIGITS = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,4})?|[0-9]{1,12}(?:\.[0-9]{1,4})?"
_ZH_NUMBER = r"[一二两三四五六七八九十百千万亿零〇壹贰叁肆伍陆柒捌玖拾佰仟俩仨]{1,16}"
_EN_NUMBER = rf"(?:a |{EN_WORD} )?(?:couple of |few )?(?:hundred|thousand|grand|million)(?: (?:and )?{EN_WORD})?|{EN_WORD}|a couple of hundred"
_APPROX_BEFORE = r"(?P<approx>大概|大约|差不多|将近|约|近|快|起码|至少|about|around|roughly|nearly|almost|approx\.?|approximately|some|over|more than|at least|up to)?\s?"
_SIGN = "|".join(re.escape(sign) for sign in sorted(_SIGNS, key=len, reverse=True))
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_SCALE = r"k|万|w|千|百|m|grand|thousand|million|亿"
_MORE = r"(?P<more>多|来|余|几|出头|好几|\+| odd)?"

_SIGNED = re.compile(
    rf"{_APPROX_BEFORE}(?:(?P<sign>(?<![a-z])(?:{_SIGN})|\$)\s?)(?P<number>{_DIGITS})\s?(?P<scale>(?:{_SCALE})(?![a-z]))?(?![0-9])(?P<more>多|来|余|\+| odd)?(?P<tail>元|块钱?)?"
)
_UNITED = re.compile(
    rf"{_APPROX_BEFORE}(?<![a-z0-9.])(?P<number>{_DIGITS}|(?<![第一-鿿]){_ZH_NUMBER}|(?<=[一-鿿]){_ZH_NUMBER}|(?<![a-z])(?:{_EN_NUMBER}))\s?(?P<scale>(?:{_SCALE})(?![a-z]))?"
    rf"{_MORE}(?P<scale2>[百千万亿])?\s?(?P<unit>(?:{_UNIT})(?![a-z])|毛|角|分钱|pence(?![a-z])|cents?(?![a-z])|(?<=[0-9])p(?![a-z]))(?P<money>钱)?"
    r"(?P<tail>[零〇]?[0-9一二三四五六七八九](?:[毛角](?:[0-9一二三四五六七八九]分?)?|(?![0-9一二三四五六七八九十百千万年月日号点天个人次小分层楼米平])|[0-9](?![0-9年月日号]))钱?)?"
)
_SEVERAL = re.compile(
    r"(?P<lead>好?几)(?P<scale>[十百千万])(?:多|来)?(?P<scale2>[百千万])?(?P<unit>元|块钱?|万元|美元|美金|刀|港币|镑)"
)
#: "花了两千多": a number without a unit, where money is the only reading.
_CUE = r"(?:花了?|收了?(?:我们?|你们?)?(?:家)?|交了?|扣了?(?:我们?)?|付了?|赔了?(?:我们?|偿)?|退了?(?:我们?|还|款)?|补偿|罚了?(?:我们?)?|坑了?我?|骗了?我?|转了|充了?|押金|定金|费用|价格|工资|合计|总共|一共|损失了?|要价|多收了?(?:我们?)?|多扣了?(?:我们?)?|欠我?们?)"
_BARE_ZH = re.compile(
    rf"{_CUE}(?:是|为|了|大概|差不多|将近|快|有|要|都|一共|总共|:|,| ){{0,3}}(?P<number>{_DIGITS}|{_ZH_NUMBER})(?P<scale>[万千wk])?(?P<more>多|来|几|出头)?(?P<scale2>[百千万])?(?![0-9a-z个次天年月日号点人小分遍回趟口户家辆台件秒层楼倍%％岁米平公斤条张单笔周晚礼星期顿把斤块只间套份门名位元样直通步杯碗])"
)
_BARE_EN = re.compile(
    rf"(?<![a-z])(?:charged|paid|pay|cost(?:s|ing)?|refund(?:ed)?|owe[sd]?|worth|deducted|spent|fined|compensation of|deposit of|fee of|bill of|bill was|bill is|took|lost)(?: (?:me|us|of|back|out|about|around|over|nearly|almost|a|the|for)){{0,3}} (?P<number>{_DIGITS})(?P<scale>k)?(?P<more>\+)?(?![0-9a-z%:/-]|[.][0-9]| ?(?:times|hours?|days?|weeks?|months?|years?|minutes?|people|stars?|per ?cent|calls?|visits?|nights?|items?|am|pm|of|th|st))"
)
_BARE_APPROX = ("more", "approx")


def find(folded: Folded, context: Context) -> Iterator[Detail]:
    """Sums in order of appearance within each way of writing."""
    text = folded.text
    for match in _SIGNED.finditer(text):
        currency = _SIGNS.get(match["sign"], "") or _dollar(context)
        yield from _sum(folded, match, currency, match.end())
    for match in _UNITED.finditer(text):
        if not _is_trap(text, match):
            yield from _sum(folded, match, _unit_currency(match["unit"], context), match.end())
    for match in _SEVERAL.finditer(text):
        size = Decimal({"十": 10, "百": 100, "千": 1000, "万": 10_000}[match["scale"]])
        value = (
            size * _SCALES.get(match["scale2"] or "", 1) * (10_000 if match["unit"].startswith("万") else 1)
        )
        currency = _unit_currency(match["unit"].removesuffix("钱").removeprefix("万"), context)
        yield folded.detail(
            "amount", _value(value, currency, approximate=True), match.start(), match.end(), 0.6
        )
    for pattern in (_BARE_ZH, _BARE_EN):
        for match in pattern.finditer(text):
            yield from _sum(
                folded, match, context.currency, match.end(), start=match.start("number"), sure=0.8
            )


def _sum(
    folded: Folded,
    match: re.Match[str],
    currency: str,
    end: int,
    *,
    start: int | None = None,
    sure: float = 1.0,
) -> Iterator[Detail]:
    groups = match.groupdict()
    number = parse_number(match["number"])
    if number is None:
        return
    for scale in (groups.get("scale"), groups.get("scale2")):
        number *= _SCALES.get(scale or "", 1)
    unit, tail = groups.get("unit"), groups.get("tail")
    if unit in _SMALL:
        number *= _SMALL[unit]
    if unit and tail:
        number += _tail(tail)
    approximate = bool(groups.get("more") or groups.get("approx"))
    first = match.start() if start is None else start
    first += len(folded.text[first:end]) - len(folded.text[first:end].lstrip())
    if groups.get("approx"):
        first = _after_adverb(match, first)
    while end > first and folded.text[end - 1] == " ":
        end -= 1
    yield folded.detail("amount", _value(number, currency, approximate=approximate), first, end, sure)


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


def _is_trap(text: str, match: re.Match[str]) -> bool:
    unit, before, after = (
        match["unit"],
        text[max(0, match.start() - 2) : match.start("number")],
        text[match.end() : match.end() + 1],
    )
    said = match["number"]
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


def _unit_currency(unit: str, context: Context) -> str:
    if unit in ("dollars", "dollar", "bucks", "cents", "cent"):
        return _dollar(context)
    if unit in ("pence", "p"):
        return "GBP"
    return _UNITS.get(unit, "") or context.currency


def _dollar(context: Context) -> str:
    return (
        context.currency if context.currency in ("USD", "HKD", "TWD", "SGD", "AUD", "CAD", "NZD") else "USD"
    )


def _value(number: Decimal, currency: str, *, approximate: bool) -> dict[str, Any]:
    value: dict[str, Any] = {"amount": f"{number:.2f}", "currency": currency}
    return value | {"approximate": True} if approximate else value
