"""Sums of money. Value: ``{"amount": "120.50", "currency": "CNY"}``, with ``"approximate": true`` if said so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from understanding.details.amount.patterns import (
    BARE,
    BARE_EN,
    BARE_LATIN,
    LAKH,
    LESS_SURE,
    LETTERS,
    NAMED_ZH,
    NOTES,
    ROUGH,
    ROUGH_SIZE,
    SCALES,
    SEVERAL,
    SIGNED,
    SIGNS,
    UNITED,
)
from understanding.details.amount.reading import (
    dollar,
    is_hotline_or_year,
    is_trap,
    money,
    sum_in,
    unit_currency,
)
from understanding.details.context import Context
from understanding.details.numbers import parse_number
from understanding.fold import Folded
from understanding.model import Detail

#: What makes one range of two sums; "from 30 to 95" is a change and stays two.
_BETWEEN = re.compile(r" ?(?:-|~|到|至|or|或者?) ?")
_CHANGED = re.compile(r"(?:from|was|raised|increased|went|up|rose|changed|instead) ?(?:up )?$|从[^,。]{0,8}$")


def _is_reading(match: re.Match[str]) -> bool:
    """A long bare number, as of a meter, or an hour ("5am instead of 7")."""
    bare = match.re is BARE_EN and match["number"].isdigit()
    return bare and (len(match["number"]) > 4 or match[0].startswith("instead of"))


def find(folded: Folded, context: Context) -> Iterator[Detail]:
    """Sums in order of appearance within each way of writing; two ends of a range are one sum, its upper end."""
    found = list(_sums(folded, context))
    yield from found
    ends = sorted(
        {(detail.start, detail.end): detail for detail in found}.values(), key=lambda each: each.start
    )
    for lower, upper in pairwise(ends):
        between = folded.original[lower.end : upper.start].lower()
        before = folded.original[max(0, lower.start - 12) : lower.start].lower()
        joined = bool(_BETWEEN.fullmatch(between)) or (between == " to " and not _CHANGED.search(before))
        joined = joined or (between == " and " and before.endswith("between "))
        if joined and not _CHANGED.search(before):
            value = dict(upper.value) | {"approximate": True}
            text = folded.original[lower.start : upper.end]
            yield replace(upper, value=value, text=text, start=lower.start, confidence=0.45)


def _sums(folded: Folded, context: Context) -> Iterator[Detail]:
    text = folded.text
    for match in SIGNED.finditer(text):
        currency = (SIGNS | LETTERS).get(match["sign"], "") or dollar(context)
        yield from sum_in(folded, match, currency, match.end())
    for match in UNITED.finditer(text):
        if not is_trap(text, match):
            yield from sum_in(folded, match, unit_currency(match["unit"], context), match.end())
    for match in SEVERAL.finditer(text):
        size = Decimal({"十": 10, "百": 100, "千": 1000, "万": 10_000}[match["scale"]])
        value = (
            size * SCALES.get(match["scale2"] or "", 1) * (10_000 if match["unit"].startswith("万") else 1)
        )
        currency = unit_currency(match["unit"].removesuffix("钱").removeprefix("万"), context)
        yield folded.detail(
            "amount", money(value, currency, approximate=True), match.start(), match.end(), 0.45
        )
    yield from _colloquial(folded, context)
    for match in NAMED_ZH.finditer(text):
        yield from sum_in(folded, match, unit_currency(match["named"], context), match.end())
    for pattern in BARE if folded.chinese else BARE_LATIN:
        for match in pattern.finditer(text):
            if not is_hotline_or_year(text, match):
                at = match.start("number")
                sure = 0.45 if _is_reading(match) else LESS_SURE.get(pattern, 0.8)
                yield from sum_in(folded, match, context.currency, match.end(), start=at, sure=sure)


def _colloquial(folded: Folded, context: Context) -> Iterator[Detail]:
    """Notes, lakhs, "百八十块"."""
    for match in NOTES.finditer(folded.text):
        many = 1 if match["many"] == "a" else parse_number(match["many"]) or 1
        value = Decimal(many) * (10 if match["note"] == "tenner" else 5)
        yield folded.detail("amount", money(value, "GBP", approximate=False), match.start(), match.end())
    for match in LAKH.finditer(folded.text):
        number = Decimal("0.5") if match["number"] == "half" else parse_number(match["number"]) or Decimal(1)
        currency = context.currency if match["scale"] == "grand" else "INR"
        value = number * SCALES[match["scale"]]
        if match["rest"]:
            value += (parse_number(match["rest"]) or 0) * SCALES[match["rest_scale"]]
        yield folded.detail("amount", money(value, currency, approximate=False), match.start(), match.end())
    for match in ROUGH.finditer(folded.text):
        currency = unit_currency(match["unit"].removesuffix("钱"), context)
        value = Decimal(ROUGH_SIZE[match["number"][0]])
        yield folded.detail(
            "amount", money(value, currency, approximate=True), match.start(), match.end(), 0.8
        )
