"""Typed details of one turn: what was said, where in the text, and what it means.

One module a kind. Values, all JSON-able:

======================================  ==================================================================
kind                                    value
======================================  ==================================================================
when                                    see :mod:`understanding.details.when`
duration                                ``{"number": "3", "unit": "hour", "minutes": 180, "approximate": false}``
phone                                   E.164, an extension as ``;ext=802``; bare digits if it cannot be dialled
email, id_number, plate                 the normalised string
amount                                  ``{"amount": "120.50", "currency": "CNY"}`` (+ ``"approximate": true``)
reference                               ``{"number": "TS261121-482913", "label": "ticket"}``
count                                   ``{"number": 3, "unit": "times", "approximate": false}``
place organisation window staff name    the words as said
remedy matter                           the words as said
======================================  ==================================================================
"""

# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from understanding.details import (
    amount,
    count,
    duration,
    email,
    id_number,
    matter,
    name,
    organisation,
    phone,
    place,
    plate,
    reference,
    remedy,
    staff,
    when,
    window,
)
from understanding.details.context import Context, Extractor, context
from understanding.fold import Folded, fold
from understanding.model import Detail

#: Kinds that claim their characters; a lower rank wins, then the longer span.
_CLAIMING: tuple[tuple[int, Extractor], ...] = (
    (0, email.find),
    (1, id_number.find),
    (2, plate.find),
    (3, reference.find),
    (4, phone.find),
    (6, when.find),
    (6, amount.find),
    (7, duration.find),
    (8, count.find),
)
#: Rank of windows and of the places around them ("江南支行" in "江南支行二楼3号柜台").
_BESIDE_WINDOWS = 5
#: Kinds that may lie over others: a wish holds an amount, a clerk sits at a window.
_LYING_OVER: tuple[Extractor, ...] = (remedy.find, matter.find)
#: Names, which do not reach over a time ("昨晚物业").
_NAMES: tuple[Extractor, ...] = (organisation.find, staff.find, name.find)


#: Numbers of which one wrong sign makes another number, and words of somebody who guesses.
_NUMBERS = ("phone", "id_number", "plate", "reference")
_NOT_SURE = re.compile(
    r"(?:好像|大概|可能|也许|似乎|貌似|没看清|没記清|没记清|记不清|不确定|不太确定|印象中)[^。!?！？;；]{0,8}$"
    r"|(?<![a-z])(?:i think|maybe|perhaps|possibly|probably|something like|not sure|might be|could be"
    r"|i believe|from memory)(?![a-z])[^.!?;]{0,16}$"
)
#: "每天", "every month" alone say how often, not when.
_BARE_HABIT = re.compile(
    r"(?:每[天日月周年]|每个[月星期礼拜]+|天天|月月|年年|日日|周周)都?"
    r"|(?:every|each) (?:single )?(?:day|week|month|year|time)|daily|weekly|monthly|现在|now",
    re.IGNORECASE,
)


def extract_details(
    text: str, *, now: datetime, timezone: str = "Asia/Shanghai", region: str = "CN"
) -> tuple[Detail, ...]:
    """Everything of :mod:`understanding.details` in ``text``, in order of appearance.

    ``now``: aware; ``timezone``: of the organisation (IANA name); ``region``: ISO 3166, decides 3/11, bare phone
    numbers and the currency of 元 and $.
    """
    folded = fold(text)
    around = context(now, timezone, region)
    claimed, named = _claimed(folded, around)
    over = [detail for find in _NAMES for detail in _unlapped(find(named, around))]
    over += [detail for find in _LYING_OVER for detail in _unlapped(find(folded, around))]
    claimed = [
        detail
        for detail in claimed
        if not (
            detail.kind == "when" and (_BARE_HABIT.fullmatch(detail.text) or _is_count_of_days(detail, text))
        )
    ]
    wishes = [detail for detail in over if detail.kind == "remedy"]
    claimed = [
        detail for detail in claimed if not (_inside(detail, wishes) and _is_due(detail, text, around))
    ]
    over = _appositions(over, text)
    own = [detail for detail in over if detail.kind == "name"]
    over = [detail for detail in over if not (detail.kind == "staff" and _inside(detail, own))]
    people = [detail for detail in over if detail.kind == "staff"]
    claimed = [detail for detail in claimed if not (detail.kind == "reference" and _inside(detail, people))]
    houses = [detail for detail in claimed if detail.kind == "place" and detail.text[0].isdigit()]
    over = [detail for detail in over if not (detail.kind == "organisation" and _inside(detail, houses))]
    organisations = [detail for detail in over if detail.kind == "organisation"]
    kept = [detail for detail in claimed if not (detail.kind == "place" and _inside(detail, organisations))]
    kept = [_doubted(detail, text.lower()) for detail in kept if not _taken_back(detail, kept, text.lower())]
    return tuple(sorted(kept + over, key=lambda detail: (detail.start, -detail.end, detail.kind)))


def _doubted(detail: Detail, text: str) -> Detail:
    """``detail`` with less confidence where it is a number that the person was not sure of, or took back."""
    if _TAKES_BACK.match(text, detail.end):
        return replace(detail, confidence=min(detail.confidence, 0.4))
    if detail.kind not in _NUMBERS or not _NOT_SURE.search(text, max(0, detail.start - 24), detail.start):
        return detail
    return replace(detail, confidence=min(detail.confidence, 0.4))


#: "£220, no wait, it was more like £240": what stands before it is wrong.
_WAIT_EN = r"(?:oh |er |um |ah )?(?:no,? wait|no,? sorry|sorry,? no|i mean|or rather|make that|scratch that|correction|wait,? no)(?![a-z])"
_WAIT_ZH = r"(?:哦|啊|哎|呃|噢)?(?:不对不对|不对|不是不是|说错了?|记错了?|口误|更正)"
_TAKES_BACK = re.compile(rf"[^.。!?！？,，]{{0,2}}[,，.。…-]+ ?(?:{_WAIT_EN}|{_WAIT_ZH})(?=[,，.。 是]|$)")
_NO_WAIT = re.compile(rf"[^.。!?！？]{{0,6}}?[,，.。…-]* ?(?:{_WAIT_EN}|{_WAIT_ZH})[^.。!?！？]{{0,24}}$")


#: What makes a time the date by which something is wanted.
_BY = re.compile(r"(?<![a-z])(?:before|by|until|within|no later than) (?:the )?(?:end of )?$")
_BY_ZH = re.compile("之?前|以[前内]|之?内|以后|之后")


_AHEAD = re.compile(r"today|tonight|tomorrow|this|next|now|weekend|[今明下末底本]|后天", re.IGNORECASE)
_TOLD = re.compile(r"(?<![a-z])(?:happened|was|were|paid|bought|took|came|went|did)(?![a-z])")
_SO_MANY_DAYS = re.compile(
    "(?:都|已经|是|就是)?第[0-9一二三四五六七八九十]+(?:天|个工作日|个月|年)|(?:已经|都)[0-9一二三四五六七八九十]+天|是?第几天|算几天"
)


def _is_due(detail: Detail, text: str, around: Context) -> bool:
    """Whether a time in a wish says until when, or how often, and not when something happened."""
    if detail.kind != "when":
        return False
    today = around.now.date().isoformat()
    running = re.match("this|[本这]", detail.text.lower())
    ahead = running or (str(detail.value["start"])[:10] >= today and _AHEAD.search(detail.text))
    before = text[max(0, detail.start - 48) : detail.start].lower()
    if _TOLD.search(before):
        return False
    return bool(ahead or detail.value["recurring"] or _BY.search(before) or _BY_ZH.match(text, detail.end))


#: "the guard, a big man named Troy": one person, told twice.
_BESIDE = re.compile(r"(?:, | - )(?=(?:an?|the|who) )", re.IGNORECASE)


def _appositions(details: list[Detail], text: str) -> list[Detail]:
    """Staff told of in two ways side by side as one detail."""
    joined: list[Detail] = []
    for detail in sorted(details, key=lambda each: (each.kind, each.start)):
        last = joined[-1] if joined else None
        beside = last and last.kind == detail.kind == "staff" and _BESIDE.match(text, last.end)
        if last and beside and beside.end() == detail.start:
            said = text[last.start : detail.end]
            joined[-1] = replace(last, text=said, value=said, end=detail.end)
        else:
            joined.append(detail)
    return joined


def _is_count_of_days(detail: Detail, text: str) -> bool:
    """ "到今天还没修", "今天第九天": today as the end of a while."""
    if re.fullmatch("第[三四五六七八九十]天", detail.text):
        return text[: detail.start].endswith("今天")
    return detail.text == "今天" and bool(
        text[: detail.start].endswith("到") or _SO_MANY_DAYS.match(text, detail.end)
    )


def _taken_back(detail: Detail, others: list[Detail], text: str) -> bool:
    """Whether the person puts another value of the kind in its place at once."""
    after = [other for other in others if other.kind == detail.kind and other.start >= detail.end]
    return bool(after) and bool(_NO_WAIT.match(text[detail.end : after[0].start]))


def _claimed(folded: Folded, around: Context) -> tuple[list[Detail], Folded]:
    """The details that own their characters, and the text in which names may be looked for."""
    windows = list(window.find(folded, around))
    ranked = [(rank, detail) for rank, find in _CLAIMING for detail in find(folded, around)]
    ranked = [pair for pair in ranked if not _is_called(pair[1], folded)]
    times = [
        detail for _, detail in ranked if detail.kind == "when" and not detail.text.endswith(("号", "號"))
    ]
    named = _without(folded, times)
    places = place.find(_without(named, windows), around)
    ranked += [(_BESIDE_WINDOWS, detail) for detail in [*windows, *places]]
    ranked.sort(key=lambda pair: (pair[0], pair[1].start - pair[1].end, pair[1].start))
    free = bytearray(len(folded.original) + 1)
    kept: list[Detail] = []
    for _, detail in ranked:
        if not any(free[detail.start : detail.end]):
            free[detail.start : detail.end] = b"\x01" * (detail.end - detail.start)
            kept.append(detail)
    return kept, named


def _is_called(detail: Detail, folded: Folded) -> bool:
    """ "a lady called June": a month that is a name."""
    months = detail.kind == "when" and detail.text in ("April", "May", "June", "August")
    return months and folded.original[: detail.start].lower().endswith(("called ", "named ", "name is "))


def _without(folded: Folded, details: Iterable[Detail]) -> Folded:
    """The same text with the characters of ``details`` blotted out, so that no other kind reads into them."""
    taken = {place for detail in details for place in range(detail.start, detail.end)}
    if not taken:
        return folded
    starts = folded.starts or range(len(folded.text))
    blotted = ["\x00" if start in taken else char for char, start in zip(folded.text, starts, strict=True)]
    text = "".join(blotted)
    cased = "".join("\x00" if new == "\x00" else old for new, old in zip(text, folded.cased, strict=True))
    return replace(folded, text=text, cased=cased)


def _unlapped(details: Iterable[Detail]) -> list[Detail]:
    """Of overlapping details of one kind only the longest."""
    kept: list[Detail] = []
    for detail in sorted(details, key=lambda each: (each.start, -each.end)):
        if kept and detail.start < kept[-1].end:
            if detail.end - detail.start > kept[-1].end - kept[-1].start:
                kept[-1] = detail
        else:
            kept.append(detail)
    return kept


def _inside(detail: Detail, others: Iterable[Detail]) -> bool:
    return any(other.start <= detail.start and detail.end <= other.end for other in others)
