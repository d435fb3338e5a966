"""When something happened.

Value: ``{"start", "end", "grain", "said", "approximate", "ongoing", "recurring"}``. ``start`` and ``end`` are ISO 8601
with the offset of the organisation; ``end`` is exclusive and ``None`` unless the words name a range or a span that
``grain`` (``minute hour part day week month year``) does not tell. The tables of words are :mod:`.chinese` and
:mod:`.english`; :mod:`.resolve` knows the calendar.
"""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from understanding.details.context import Context
from understanding.details.when.model import Atom, Fields, Row
from understanding.details.when.resolve import Moment, resolve
from understanding.fold import Folded
from understanding.model import Detail

_HAN = re.compile("[一-鿿]|[0-9][:./-][0-9]")
_LATIN = re.compile("[a-z]|[0-9][:./-][0-9]")

#: What may stand between two expressions of one time; group ``about`` makes it approximate.
_GLUE = re.compile(
    r"\s*(?:的|那天|当天|那个|那|大|,)?\s*(?:在|就在|是|快|都快|到了?)?\s*(?P<about>大概|大约|差不多|约|好像|应该是|估计|左右|前后|将近)?(?:是|在)?(?:那个|快)?\s*"
    r"|,? ?(?:at|on|in|of|the|from|between|, ?)? ?(?P<about2>about|around|approximately|roughly|circa|approx\.?|just after|just before|maybe|like|~)? ?(?:at|the)? ?|'s | \(",
)
_ABOUT_BEFORE = re.compile(
    r"(?:大概|大约|差不多|约摸?|好像是?|应该是|估计|将近|快到|about|around|approximately|roughly|circa|approx\.?|maybe|sometime|some time|i think|probably)(?: (?:in|on|at))?\s?$"
)
_ABOUT_AFTER = re.compile(r"\s?(?:左右|前后|那会儿?|的样子|上下|来钟|许|or so|-?ish|or thereabouts)(?![a-z])")
_FROM = re.compile(
    r"(?:从|自从|自|打(?=$)|since|ever since|starting|from)(?: (?:about|around|the|early|late|at least))?\s?$"
)
_SINCE_ONLY = re.compile(r"(?:自从|since|ever since)(?: (?:about|around|the|early|late|at least))?\s?$")
_ON = re.compile(
    r"\s?(?:开始|以来|至今|到现在|到今天|到目前|起(?![来床诉火])|就一直|就开始|一直(?:到现在|没|都|在)?|(?:right )?(?:up )?(?:until|till|to) (?:now|today|this day)|onwards?)"
)
_TO = re.compile(r"\s?(?:到|至|-|~|一直到|to|until|till|and|through)\s?")
_BETWEEN = re.compile(r"between (?:the )?$")
_FUTURE = re.compile(
    r"(?:截止到?|最晚|之前要|定在|改到|改约|by|until|due(?: on)?|deadline(?: is)?|scheduled for|no later than|appointment (?:is )?(?:on|for))(?: the)?\s?$"
)
#: "12月3号就要开庭了", "the 3rd is when"
_FUTURE_AFTER = re.compile(
    r"\s?(?:就要|将要?(?!近)|即将|要(?=开|考|交|搬|走|出|上|手术|截止|到期)|开庭|到期|截止)|,? (?:will be|is (?:the|my|our) (?:deadline|hearing|appointment|operation|exam)|is when)"
)
#: "每晚吵到2点", "every night until 3"
_INTO_THE_NIGHT = re.compile(r"[晚夜][^,。]{0,6}[到至]$|night[^,.]{0,12}(?:until|till|to) $")
_DATE_KEYS = frozenset(
    [
        "year",
        "year_offset",
        "month",
        "month_offset",
        "day",
        "day_offset",
        "week_offset",
        "weekday",
        "weekend",
        "holiday",
        "season",
        "lunar",
        "shift",
        "slashed",
        "recent",
        "point",
        "month_part",
        "year_part",
        "anchor",
    ]
)
#: Sets of keys that may not meet in one time: each of them is a whole day of its own.
_RIVALS: tuple[frozenset[str], ...] = (
    frozenset(("shift", "holiday", "lunar", "slashed", "day", "point", "recent")), frozenset(("shift", "day_offset", "recent", "point", "slashed")),
    *(frozenset(("anchor", key)) for key in ("day_offset", "shift", "day", "recent", "point", "slashed", "holiday", "lunar", "weekday", "week_offset", "weekend")),
    *(frozenset(("point", key)) for key in ("part", "clock", "cycle", "week_offset", "weekday", "weekend", "year", "year_offset", "month", "month_offset", "season", "month_part", "year_part")),
    frozenset(("year", "year_offset")), frozenset(("month", "month_offset", "holiday", "lunar", "season", "slashed")), frozenset(("week_offset", "month_offset", "month_part", "day", "shift")),
frozenset(("day_offset", "month")),
    frozenset(("day_offset", "month_offset")),
    frozenset(("day_offset", "week_offset")),
    frozenset(("day_offset", "season")),
    frozenset(("day_offset", "year")),
    frozenset(("day_offset", "year_offset")),
)  # fmt: skip


def find(folded: Folded, context: Context) -> Iterator[Detail]:
    """Times in order of appearance."""
    return find_all(folded, context, weak=False)


def find_all(folded: Folded, context: Context, *, weak: bool) -> Iterator[Detail]:
    """Like :func:`find`; with ``weak`` also words that are a time only as an answer ("上午", "now")."""
    groups = list(_merged(folded.text, _atoms(folded.text)))
    named: datetime | None = None
    place = 0
    while place < len(groups):
        group = _anchored(groups[place], named)
        after = _anchored(groups[place + 1], named) if place + 1 < len(groups) else None
        detail, used = None, 1
        if group and after and _range(folded.text, group, after):
            detail, used = _ranged(folded, group, after, context), 2
        if not detail:
            used = 1
            if group and (weak or not group.weak):
                detail = _single(folded, group, context)
        if detail:
            named = _named(detail, named)
            yield detail
        place += used


def _anchored(group: Atom, named: datetime | None) -> Atom | None:
    """The group with its day counted from ``named``, the time said before it; ``None`` where it needs one."""
    fields = group.fields
    if "anchor" in fields:
        if named is None:
            return None
        day = named + timedelta(days=fields["anchor"])
        rest = {key: value for key, value in fields.items() if key != "anchor"}
        return replace(group, fields=_dated(rest, day), weak=False)
    if named is None or fields.get("recurring"):
        return group
    shift = fields.get("shift")
    if shift and shift[0] > 0 and shift[1] in ("day", "week"):
        day = named + timedelta(days=round(shift[0] * (7 if shift[1] == "week" else 1)))
        rest = {key: value for key, value in fields.items() if key not in ("shift", "future")}
        return replace(group, fields=_dated(rest, day))
    if "clock" in fields and not _DATE_KEYS & fields.keys():
        return replace(group, fields=_clock_after(fields, named))
    return group


def _dated(fields: Fields, day: datetime) -> Fields:
    return fields | {"year": day.year, "month": day.month, "day": day.day}


def _clock_after(fields: Fields, named: datetime) -> Fields:
    """An hour after ``named``: "昨晚打桩到三点" passes midnight, "下午两点去的，八点才走" is the same evening."""
    hour = fields["clock"][0]
    plain = "part" not in fields and not fields.get("clock_24") and 1 <= hour <= 11
    if plain and named.hour >= 17:
        fields = fields | {"part": "dawn" if hour <= 6 else "evening"}
    elif plain and 12 <= named.hour < 17 and hour >= 7:
        fields = fields | {"part": "evening"}
    early = fields.get("part") == "dawn" or (fields.get("clock_24") and hour < 6)
    return _dated(fields, named + timedelta(days=1) if early and named.hour >= 17 else named)


def _named(detail: Detail, before: datetime | None) -> datetime | None:
    """The time that later words may count from."""
    value = detail.value
    if value["recurring"] or value["grain"] not in ("minute", "hour", "part", "day"):
        return before
    return datetime.fromisoformat(value["start"])


@lru_cache(maxsize=1)
def _rows() -> tuple[tuple[Row, ...], tuple[Row, ...]]:
    from understanding.details.when import chinese, english

    return chinese.ROWS, english.ROWS


def _atoms(text: str) -> list[Atom]:
    chinese, english = _rows()
    tables: list[tuple[Row, ...]] = []
    if _HAN.search(text):
        tables.append(chinese)
    if _LATIN.search(text):
        tables.append(english)
    found = [atom for table in tables for row in table for atom in _matches(row, text)]
    found.sort(key=lambda atom: (atom.start, -(atom.end - atom.start), atom.weak))
    return list(_without_overlap(found))


def _matches(row: Row, text: str) -> Iterator[Atom]:
    if row.gate and not any(word in text for word in row.gate):
        return
    for match in row.pattern.finditer(text):
        fields = row.build(match)
        if fields and match.end() > match.start():
            weak = bool(fields.pop("weak", False)) or row.weak
            yield Atom(match.start(), match.end(), fields, weak)


def _without_overlap(atoms: Iterable[Atom]) -> Iterator[Atom]:
    end = -1
    for atom in atoms:
        if atom.start >= end:
            yield atom
            end = atom.end


def _merged(text: str, atoms: list[Atom]) -> Iterator[Atom]:
    current: Atom | None = None
    for atom in atoms:
        if current is None:
            current = atom
            continue
        gap = text[current.end : atom.start]
        glue = _GLUE.fullmatch(gap) if len(gap) <= 16 else None
        if glue and _fit(current.fields, atom.fields):
            about: Fields = {"approximate": True} if glue["about"] or glue["about2"] else {}
            current = Atom(
                current.start, atom.end, current.fields | atom.fields | about, current.weak and atom.weak
            )
        else:
            yield current
            current = atom
    if current:
        yield current


def _fit(first: Fields, second: Fields) -> bool:
    flags = {"approximate", "future", "ongoing", "recurring", "clock_24", "cycle"}
    if (first.keys() & second.keys()) - flags:
        return False
    if "month_part" in second and not {"month", "month_offset"} & first.keys():
        return False
    both = first.keys() | second.keys()
    return not any(
        len(rivals & both) > 1
        and rivals & first.keys()
        and rivals & second.keys()
        and not _allowed(rivals, first, second)
        for rivals in _RIVALS
    )


def _allowed(rivals: frozenset[str], first: Fields, second: Fields) -> bool:
    """ "上个月3号" and "去年春节" join two of the keys on purpose."""
    pair = (rivals & first.keys()) | (rivals & second.keys())
    return pair in (
        {"month_offset", "day"},
        {"month", "day"},
        {"month", "month_part"},
        {"month_offset", "month_part"},
    )


def _single(folded: Folded, group: Atom, context: Context) -> Detail | None:
    text, fields = folded.text, dict(group.fields)
    start, end = group.start, group.end
    before = text[max(0, start - 24) : start]
    if _FUTURE.search(before) or _FUTURE_AFTER.match(text, end):
        fields["future"] = True
    after = _ABOUT_AFTER.match(text, end)
    if after:
        end, fields["approximate"] = after.end(), True
    if _ABOUT_BEFORE.search(before):
        fields["approximate"] = True
    on = _ON.match(text, end)
    began = _FROM.search(before)
    if (
        (on and not fields.get("recurring") and (began or not on[0].strip().startswith(("一直没", "一直都"))))
        or _SINCE_ONLY.search(before)
        or (began and began[0].startswith(("从", "自")))
    ):
        fields["ongoing"] = True
    if "part" not in fields and fields.get("clock", (24,))[0] <= 5 and _INTO_THE_NIGHT.search(before):
        fields["part"] = "dawn"
    moment = resolve(fields, context)
    return _detail(folded, moment, fields, start, end) if moment else None


def _range(text: str, first: Atom, second: Atom) -> bool:
    between = text[first.end : second.start]
    if not _TO.fullmatch(between) or len(between) > 8:
        return False
    return between.strip() != "and" or bool(_BETWEEN.search(text, max(0, first.start - 14), first.start))


def _ranged(folded: Folded, first: Atom, second: Atom, context: Context) -> Detail | None:
    """ "昨天9点到11点": what the second time lacks it takes from the first."""
    if second.fields.get("point") == 0:
        moment = resolve(first.fields, context)
        return (
            _detail(folded, moment, first.fields | {"ongoing": True}, first.start, second.end)
            if moment
            else None
        )
    first_fields = dict(first.fields)
    if "clock" in second.fields and "clock" not in first_fields and "part" not in first_fields:
        return None
    shared = {
        key: value
        for key, value in first_fields.items()
        if key not in ("clock", "clock_end", "clock_24", "approximate", "recurring", "cycle", "day_end")
    }
    if _DATE_KEYS & second.fields.keys():
        shared = {
            key: value
            for key, value in shared.items()
            if key in ("year", "year_offset", "month", "month_offset", "week_offset")
            and _fit({key: value}, second.fields)
        }
    if "part" in second.fields:
        shared.pop("part", None)
    start = resolve(first_fields, context)
    until = resolve(shared | second.fields, context)
    if not start or not until:
        return None
    end = until.end or _after(until)
    if end <= start.start and "clock" in second.fields:
        end += timedelta(
            hours=12
            if not second.fields.get("part")
            and not second.fields.get("clock_24")
            and (end + timedelta(hours=12)) > start.start
            else 24
        )
    if end <= start.start:
        return None
    fields = first_fields | {
        "approximate": bool(first_fields.get("approximate") or second.fields.get("approximate"))
    }
    return _detail(
        folded,
        Moment(start.start, end, start.grain, min(start.sure, until.sure)),
        fields,
        first.start,
        second.end,
    )


def _after(moment: Moment) -> Any:
    days = {"day": 1, "week": 7, "month": 30, "year": 365}.get(moment.grain, 0)
    return moment.start + timedelta(days=days)


def _detail(folded: Folded, moment: Moment, fields: Fields, start: int, end: int) -> Detail:
    if folded.text[end - 1] == "." and folded.text[end - 3 : end] not in (".m.",):
        end -= 1
    value = {
        "start": moment.start.isoformat(),
        "end": moment.end.isoformat() if moment.end else None,
        "grain": moment.grain,
        "said": folded.said(start, end),
        "approximate": bool(fields.get("approximate")),
        "ongoing": bool(fields.get("ongoing")),
        "recurring": bool(fields.get("recurring")),
    }
    return folded.detail("when", value, start, end, moment.sure)
