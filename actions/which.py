"""Which of several tickets somebody means, by place in a list, digits of the number, or what it is about."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.intake.display import cut
from casework.house import House
from casework.tickets.model import Ticket
from casework.tickets.repeats import pieces

_NTH = re.compile(
    r"第\s*([1-9一二三四五])\s*(?:个|件|单|条)?|(?<![\d一-九])([1-9])(?:号|\.|、)?\s*$|"
    r"\b(first|second|third|fourth|fifth)\b"
)
_PLACES = {
    "一": 1,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
}
_NEWEST = re.compile(r"最近|最新|刚才|刚刚|刚报|刚投|\b(?:latest|newest|last one|most recent|just filed)\b")
_OLDEST = re.compile(r"最早|最老|最先|\b(?:oldest|earliest)\b")
#: Pairs of characters and words that say nothing about what a case is about.
_EMPTY = frozenset(
    [
        "投诉",
        "那个",
        "这个",
        "上次",
        "之前",
        "办到",
        "哪了",
        "怎么",
        "进度",
        "单子",
        "工单",
        "一个",
        "事情",
        "我的",
        "个投",
        "的投",
        "诉办",
        "查一",
        "一下",
        "办得",
        "怎样",
        "了吗",
        "的那",
        "那件",
        "件事",
        "催一",
        "催下",
        "撤回",
        "补充",
        "case",
        "ticket",
        "complaint",
        "progress",
        "status",
        "one",
        "how",
        "far",
        "about",
    ]
)


def summary(ticket: Ticket, limit: int) -> str:
    return cut(ticket.description, limit)


def buttons_for(tickets: Sequence[Ticket], act: str) -> list[dict[str, str]]:
    """One button a ticket: what it is about, and the end of its number."""
    return [
        {"title": f"{summary(t, 20)} #{t.number[-6:]}", "payload": f"{act}:{t.number}"} for t in tickets[:5]
    ]


def pick(text: str, tickets: Sequence[Ticket], house: House) -> Ticket | None:
    """The one that ``text`` points at, ``None`` when it points at none or at several. ``tickets``: as listed."""
    said = text.lower()
    digits = [t for t in tickets if re.search(rf"(?<!\d){t.number[-6:]}(?!\d)", said)]
    if len(digits) == 1:
        return digits[0]
    by_words = _by_words(said, tickets, house)
    if by_words is not None:
        return by_words
    if len(said) <= 16 or any(pattern.search(said) for pattern in (_NEWEST, _OLDEST)):
        return _by_place(said, tickets)
    return None


def _by_place(said: str, tickets: Sequence[Ticket]) -> Ticket | None:
    if _NEWEST.search(said):
        return max(tickets, key=lambda t: t.id)
    if _OLDEST.search(said):
        return min(tickets, key=lambda t: t.id)
    match = _NTH.search(said)
    if match is None:
        return None
    named = next(group for group in match.groups() if group)
    place = _PLACES.get(named) or int(named)
    return tickets[place - 1] if place <= len(tickets) else None


def _by_words(said: str, tickets: Sequence[Ticket], house: House) -> Ticket | None:
    words = pieces(said) - _EMPTY
    scored = sorted(((len(words & pieces(_about(t, house))), t.id, t) for t in tickets), reverse=True)
    if not scored or scored[0][0] == 0 or (len(scored) > 1 and scored[1][0] == scored[0][0]):
        return None
    return scored[0][2]


def _about(ticket: Ticket, house: House) -> str:
    names = ""
    if ticket.category in house.packs:
        names = " ".join(house.packs.label(ticket.category, language) for language in ("zh", "en"))
    return " ".join(
        [ticket.description, names, *(d.text for k, d in ticket.details.items() if k != "contact")]
    )
