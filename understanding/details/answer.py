"""A turn as the answer to a question of one kind: "3" is a count, "502" a room, "周三" a time."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from understanding.details import (
    amount,
    count,
    duration,
    email,
    id_number,
    phone,
    plate,
    reference,
    when,
    window,
)
from understanding.details.context import Context, context
from understanding.details.numbers import parse_number
from understanding.fold import Folded, fold
from understanding.model import Detail

#: Answers that say that there is none. "不知道" is not among them: not knowing is not lacking.
_NONE = re.compile(
    r"(?:都|也|真|是|我|这个|那个)?(?:没有|没|无|冇|木有|没有的|没有了|没了|无此项|不需要|不用了?|暂无|空|没得)(?:的|了|啊|呀|呢|哦|吧|单号|编号|订单号?|号码|电话|邮箱|工号|车牌|证据|照片|保单号?|账号|户号)?"
    r"|(?:no|none|n/?a|nope|nil|nothing|not applicable|nah|no thanks|don't have (?:one|it|any)|i don't have (?:one|it|any)|dont have (?:one|it|any)|haven't got one|there isn't (?:one|any)|there is none|no number|not any|there wasn't one|i have none)"
)
_EDGES = " \t\r\n。.!！,，、;；~～"
_LEADS: dict[str, re.Pattern[str]] = {
    "place": re.compile(r"(?:嗯+|哦|额|呃|那个|就|就是)*[,，]?(?:我家|我们?)?(?:地址|地点|位置)?(?:就?是在|就?在|住在|位于|是|:)(?=.{2})|(?:it's|it is|it was|i'm|i live|we live|address is|my address is|at|in|the address is)(?: (?:at|in|on))? (?=.)"),
    "name": re.compile(r"(?:我的?名字(?:叫|是)|我叫|我是|叫我?|本人|姓名[:是]?|名字[:是叫]?)(?=.)|(?:my (?:full )?name(?: is|'s)|i'm|i am|it's|it is|this is|call me|name ?:) ?(?=.)"),
    "organisation": re.compile(r"(?:就?是|投诉的?是|找的?是|叫)(?=..)|(?:it's|it is|it was) (?=.)"),
    "staff": re.compile(r"(?:好像)?(?:是|就是)(?=..)|(?:it's|it is|it was) (?=.)"),
}  # fmt: skip
_NUMBER = re.compile(
    r"(?P<about>大概|大约|差不多|约|得有|起码|至少|有|一共|总共|快|将近|about|around|roughly|maybe|like|at least|nearly|almost|over|more than|approx\.?)*\s*"
    r"(?P<number>[0-9][0-9,]*(?:\.[0-9]+)?|[零〇一二两三四五六七八九十百千万俩仨]{1,10}|好几|几|[a-z]+(?:[ -][a-z]+){0,4}?)\s?(?P<scale>k|万|千|百|w)?(?P<more>多|来|几|\+|余| or so|左右|ish)*\s?(?P<unit>个|个人|次|人|块钱?|元|户|次吧|times|people|of us)?(?:左右|吧|了|的样子|or so|上下)*"
)
_PAIR = re.compile("([一二两三四五六七八九])([二两三四五六七八九])")
_DOTTED_DATE = re.compile(r"(?P<month>1[0-2]|0?[1-9])[.、 ](?P<day>3[01]|[12][0-9]|0?[1-9])(?:日|号)?")
_UNITS = {
    "次": "times",
    "次吧": "times",
    "times": "times",
    "人": "people",
    "个人": "people",
    "people": "people",
    "of us": "people",
    "户": "households",
}
_LASTING = re.compile(
    r"了$|^(?:已经|有|快|都|前后|一直|持续|for|about|over|nearly|almost|it's been|its been|been)|以来|到现在|now$"
)

_Reader: TypeAlias = Callable[[Folded, Context], "Detail | None"]


def parse_answer(
    text: str, *, kind: str, now: datetime, timezone: str = "Asia/Shanghai", region: str = "CN"
) -> Detail | None:
    """The detail of ``kind`` that ``text`` gives when it was asked for.

    "没有" or "none" gives a detail with the value ``None``; a kind that is plain words takes the text itself,
    without blanks and lead-ins; ``None`` where a grammar exists and the text does not fit it.
    """
    folded = fold(text)
    start, end = _trimmed(folded.text)
    if start >= end:
        return None
    if _NONE.fullmatch(folded.text[start:end]):
        return folded.detail(kind, None, start, end)
    around = context(now, timezone, region)
    reader = _READERS.get(kind)
    return reader(folded, around) if reader else _words(folded, kind, start, end)


def _trimmed(text: str) -> tuple[int, int]:
    start, end = 0, len(text)
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    return start, end


def _words(folded: Folded, kind: str, start: int, end: int) -> Detail:
    lead = _LEADS[kind].match(folded.text, start, end) if kind in _LEADS else None
    first = lead.end() if lead and lead.end() < end else start
    return folded.detail(kind, folded.said(first, end), first, end)


def _best(details: Iterable[Detail]) -> Detail | None:
    return max(
        details, key=lambda detail: (detail.confidence >= 0.5, detail.end - detail.start), default=None
    )


def _when(folded: Folded, around: Context) -> Detail | None:
    start, end = _trimmed(folded.text)
    dotted = _DOTTED_DATE.fullmatch(folded.text, start, end)
    if dotted:
        said = f"{dotted['month']}月{dotted['day']}日"
        found = next(iter(when.find(fold(said), around)), None)
        if found:
            return folded.detail("when", found.value | {"said": folded.said(start, end)}, start, end, 0.8)
    first = _best(when.find_all(folded, around, weak=True))
    return first or _lasting(folded, around) or _hour(folded, around, start, end)


def _lasting(folded: Folded, around: Context) -> Detail | None:
    """ "三天了", "for two weeks": since when it lasts."""
    lasted = next(iter(duration.find(folded, around)), None)
    if lasted is None or not _LASTING.search(folded.text.strip(_EDGES)):
        return None
    start = around.now - timedelta(minutes=int(lasted.value["minutes"]))
    grain = lasted.value["unit"]
    if grain not in ("minute", "hour"):
        start = start.replace(hour=0, minute=0)
    value = {"start": start.replace(second=0, microsecond=0).isoformat(), "end": None, "grain": grain, "said": lasted.text,
             "approximate": True, "ongoing": True, "recurring": False}  # fmt: skip
    return replace(lasted, kind="when", value=value, confidence=0.8)


def _hour(folded: Folded, around: Context, start: int, end: int) -> Detail | None:
    """A bare "3" or "nine" is an hour, to be confirmed."""
    number = parse_number(folded.text[start:end])
    if number is None or number != int(number) or not 0 < number <= 24:
        return None
    found = next(iter(when.find(fold(f"{int(number)}点钟"), around)), None)
    return (
        folded.detail("when", found.value | {"said": folded.said(start, end)}, start, end, 0.4)
        if found
        else None
    )


def _count(folded: Folded, around: Context) -> Detail | None:
    found = _best(detail for detail in count.find(folded, around) if detail.value["unit"] != "stars")
    if found:
        return found
    start, end = _trimmed(folded.text)
    match = _NUMBER.fullmatch(folded.text, start, end)
    if not match:
        return None
    said = match["number"]
    pair = _PAIR.fullmatch(said)
    number = parse_number(pair[2] if pair else said)
    vague = said in ("好几", "几")
    if number is None and not vague:
        return None
    scaled = (
        None
        if vague or number is None
        else int(
            number
            * {"k": 1000, "w": 10_000, "万": 10_000, "千": 1000, "百": 100}.get(match["scale"] or "", 1)
        )
    )
    about = vague or bool(pair or match["about"] not in (None, "有", "一共", "总共") or match["more"])
    value = {"number": scaled, "unit": _UNITS.get(match["unit"] or "", ""), "approximate": about}
    return folded.detail("count", value, start, end)


def _amount(folded: Folded, around: Context) -> Detail | None:
    found = _best(amount.find(folded, around))
    if found:
        return found
    start, end = _trimmed(folded.text)
    match = _NUMBER.fullmatch(folded.text, start, end)
    number = parse_number(match["number"]) if match else None
    if match is None or number is None:
        return None
    scaled = number * {"k": 1000, "w": 10_000, "万": 10_000, "千": 1000, "百": 100}.get(
        match["scale"] or "", 1
    )
    value: dict[str, Any] = {"amount": f"{scaled:.2f}", "currency": around.currency}
    if match["more"] or match["about"] not in (None, "有", "一共", "总共"):
        value["approximate"] = True
    return folded.detail("amount", value, start, end, 0.9)


def _phone(folded: Folded, around: Context) -> Detail | None:
    found = _best(phone.find(folded, around))
    if found:
        return replace(found, confidence=1.0) if found.confidence == 0.45 else found
    start, end = _trimmed(folded.text)
    said = folded.text[start:end]
    digits = re.sub(r"[^0-9]", "", said)
    if re.fullmatch(r"[0-9 ()+.-]{5,22}", said) and 5 <= len(digits) <= 15:
        value = phone.dialled(digits, around.region)
        return folded.detail("phone", value or digits, start, end, 1.0 if value else 0.3)
    return None


#: A number among words that only say that it is one.
_FRAMED = re.compile(
    r"(?:(?:(?:well|oh|um+|i think|i believe|maybe|it'?s|it is|it was|the|my|is|was|number|no|order|account|case|receipt|policy|reference|booking|"
    r"last four|digits|are|ends?|ending|in|with)\b[ ,.:#]*)+|(?:嗯|那个|好像|应该|我的?|就|是|为|订单|单号?|号码?|编号|户号|账号|保单|尾号|后四位|[，,： :])+)?"
    r"(?P<number>[a-z]{0,6}-?[0-9][a-z0-9/_-]*(?: [0-9]+)*)"
    r"(?:[ ,.，]*(?:吧|没记错的话|号|i think|i believe|if i remember (?:right|rightly|correctly)|please))*"
)


def _reference(folded: Folded, around: Context) -> Detail | None:
    found = _best(reference.find(folded, around))
    start, end = _trimmed(folded.text)
    said = folded.text[start:end]
    if found and (found.end - found.start) * 2 >= len(said):
        return found
    if framed := _FRAMED.fullmatch(said):
        first, end = start + framed.start("number"), start + framed.end("number")
        number = framed["number"].replace(" ", "").upper()
        return folded.detail("reference", {"number": number, "label": ""}, first, end)
    if re.fullmatch(r"(?:是|号是|it's|its)? ?#?[a-z0-9][a-z0-9 /_.-]{2,30}", said) and any(
        char.isdigit() for char in said
    ):
        lead = re.match(r"(?:是|号是|it's|its)? ?#?", said)
        first = start + (lead.end() if lead else 0)
        number = re.sub(r"[ #]", "", folded.text[first:end]).upper()
        return folded.detail("reference", {"number": number, "label": ""}, first, end)
    return found


#: Shapes that a number of its kind may have in an answer, and how far each is believed.
_LIKE_PAPERS = (
    (re.compile(r"[a-z]{0,5}[0-9]{5,10}[a-z0-9]{0,6}(?:\([0-9a]\))?"), 0.6),
    (re.compile("[0-9]{11,20}x?"), 0.3),
)
_LIKE_PLATES = ((re.compile("(?=.*[0-9])[一-鿿]?[a-z0-9]{4,8}"), 0.6),)


def _id_number(folded: Folded, around: Context) -> Detail | None:
    return _best(id_number.find(folded, around)) or _like(folded, "id_number", _LIKE_PAPERS)


def _plate(folded: Folded, around: Context) -> Detail | None:
    return _best(plate.find(folded, around)) or _like(folded, "plate", _LIKE_PLATES)


def _like(folded: Folded, kind: str, shapes: Iterable[tuple[re.Pattern[str], float]]) -> Detail | None:
    """The whole answer as a number of ``kind``, if it has one of its shapes."""
    start, end = _trimmed(folded.text)
    said = re.sub("[ ·.-]", "", folded.text[start:end])
    sure = next((sure for pattern, sure in shapes if pattern.fullmatch(said)), None)
    return folded.detail(kind, said.upper(), start, end, sure) if sure else None


def _duration(folded: Folded, around: Context) -> Detail | None:
    return _best(duration.find(folded, around))


def _email(folded: Folded, around: Context) -> Detail | None:
    return _best(email.find(folded, around))


def _window(folded: Folded, around: Context) -> Detail | None:
    start, end = _trimmed(folded.text)
    return _best(window.find(folded, around)) or _words(folded, "window", start, end)


_READERS: dict[str, _Reader] = {
    "when": _when, "count": _count, "amount": _amount, "phone": _phone, "reference": _reference, "id_number": _id_number,
    "plate": _plate, "duration": _duration, "email": _email, "window": _window,
}  # fmt: skip
