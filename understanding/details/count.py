"""How many times, people, households, things. Value: ``{"number": 3, "unit": "times", "approximate": false}``.

``number`` is ``None`` for "好几次" and the like: many, but nobody said how many.
"""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterator

from understanding.details.context import Context
from understanding.details.numbers import DIGITS, EN_SMALL, parse_whole
from understanding.fold import Folded
from understanding.model import Detail

ZH_UNITS: tuple[tuple[str, str], ...] = (
    ("times", r"次|回(?![家来去复应头归答访收款馈事电信])|遍|趟|通电话|个电话|通(?=电话)"),
    (
        "people",
        r"个人|口人|人(?![民工们家行间])|名(?:业主|居民|学生|职工|顾客|乘客|家长|群众|员工|村民|旅客|老人|孩子|小孩|同事)?|位(?!数)|个(?:老人|小孩|孩子|人|业主|居民|老师|学生|同事|顾客|家长|朋友)",
    ),
    ("households", r"户(?!口|型|籍|外|主|名|头|号)|家(?:人家|住户|商户)|家(?=都|停电|停水|没电|没水)|户人家"),
    ("vehicles", r"辆车?|台车|部车"),
    ("items", r"件|台(?!湾)|份|瓶|箱|袋|本|套|部|笔|张|包|只|颗|斤|公斤"),
    ("rooms", r"间"),
    ("stars", r"颗星|星(?!期|级|座)"),
)
_UNIT = "|".join(f"(?P<u{row}>{pattern})" for row, (_, pattern) in enumerate(ZH_UNITS))
_ZH = re.compile(
    r"(?:(?<![第0-9.#月])(?=[0-9])|(?<![第零一二两三四五六七八九十百千万.月周年#])(?=[^0-9]))(?P<about>大概|大约|差不多|将近|快|近|至少|起码|不下)?"
    r"(?P<number>[0-9]{1,6}|[一二两三四五六七八九十百千万]{1,6}|[俩仨]|好几|好多|无数|几)(?:(?P<dash>[-~到至])(?P<upper>[0-9]{1,4}|[一二两三四五六七八九十百]{1,4}))?"
    rf"(?P<more>多|来|几|好几|余)?(?P<tens>[十百])?(?P<more2>多|来|几)?\s?(?:{_UNIT})(?P<tail>左右|以上)?"
)
_ZH_SPARE = re.compile(r"一(?:件|份|套|本|部|张|包|只|回|遍|人|位|名|家|间|台|趟|次|笔)")
_PAIR = re.compile(r"([一二三四五六七八九])([二三四五六七八九])")
_EN_UNITS: tuple[tuple[str, str], ...] = (
    ("times", r"times|phone calls|calls|visits|occasions|emails|e-mails|attempts|messages"),
    (
        "people",
        r"people|persons?|of us|adults|children|kids|guests|passengers|customers|residents|neighbours|neighbors|colleagues|patients|students|tenants|families of",
    ),
    ("households", r"households|homes|houses|families|flats|apartments"),
    ("vehicles", r"cars|vehicles|vans|lorries|trucks"),
    ("items", r"items|parcels|boxes|bags|bottles|pieces|copies|orders|packages|units|suitcases"),
    ("rooms", r"rooms"),
    ("stars", r"stars|star(?! [a-z])"),
)
_EN_UNIT = "|".join(f"(?P<u{row}>{pattern})" for row, (_, pattern) in enumerate(_EN_UNITS))
_EN = re.compile(
    rf"(?<![a-z0-9.:/#-])(?P<about>about |around |over |at least |nearly |almost |more than )?(?P<number>{EN_SMALL}|a dozen|a couple of|several|many|a few)(?P<more>\+| odd| or more)?(?: (?:or|to|-) (?P<upper>{EN_SMALL}))? (?:(?:different|other|separate|phone|more|old|young|whole) )?(?:{_EN_UNIT})(?![a-z])"
)
_EN_MANY = re.compile(
    r"(?<![a-z])(?:(?:hundreds|dozens|thousands|loads|scores|tons|a number|plenty) of|countless|umpteen|numerous|multiple|god knows how many) (?:phone )?(?:times|calls|emails|e-mails|visits|occasions|people)(?![a-z])"
)
_EN_TIMES = re.compile(r"(?<![a-z])(?P<word>twice|thrice)(?![a-z])")
_EN_VAGUE = ("several", "many", "a few")
_EN_SET = {"a dozen": 12, "a couple of": 2}


def find(folded: Folded, context: Context) -> Iterator[Detail]:
    """Counts in order of appearance, Chinese first."""
    text = folded.text
    for match in _ZH.finditer(text):
        yield from _chinese(folded, match)
    for match in _EN.finditer(text):
        yield _english(folded, match)
    for match in _EN_MANY.finditer(text):
        unit = "people" if match[0].endswith("people") else "times"
        yield folded.detail("count", _value(None, unit, approximate=True), match.start(), match.end(), 0.6)
    for match in _EN_TIMES.finditer(text):
        number = 2 if match["word"] == "twice" else 3
        yield folded.detail("count", _value(number, "times", approximate=False), match.start(), match.end())


def _chinese(folded: Folded, match: re.Match[str]) -> Iterator[Detail]:
    said = match["number"]
    unit = next(name for row, (name, _) in enumerate(ZH_UNITS) if match[f"u{row}"])
    if said == "一" and unit != "stars" and _ZH_SPARE.match(match[0]):
        return
    if said == "几" and not (match["tens"]):
        return
    vague = said in ("好几", "好多", "无数", "几")
    pair = _PAIR.fullmatch(said)
    number = None if vague else DIGITS[pair[2]] if pair else parse_whole(said)
    if not vague and number is None:
        return
    approximate = vague or bool(
        pair or match["about"] or match["more"] or match["more2"] or match["tail"] or match["upper"]
    )
    if match["upper"]:
        number = parse_whole(match["upper"])
    if match["tens"] and not vague and number is not None:
        number *= 10 if match["tens"] == "十" else 100
    start = match.start("number")
    yield folded.detail(
        "count",
        _value(number, unit, approximate=approximate),
        start,
        match.end(),
        0.6 if unit == "items" else 1.0,
    )


def _english(folded: Folded, match: re.Match[str]) -> Detail:
    said = match["number"]
    unit = next(name for row, (name, _) in enumerate(_EN_UNITS) if match[f"u{row}"])
    number = None if said in _EN_VAGUE else _EN_SET.get(said) or parse_whole(match["upper"] or said)
    approximate = (
        said in _EN_VAGUE or bool(match["about"] or match["more"] or match["upper"]) or said in _EN_SET
    )
    return folded.detail(
        "count", _value(number, unit, approximate=approximate), match.start("number"), match.end()
    )


def _value(number: int | None, unit: str, *, approximate: bool) -> dict[str, object]:
    return {"number": number, "unit": unit, "approximate": approximate}
