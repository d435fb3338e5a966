"""What the person wants done. Value: the clause as said."""

from __future__ import annotations

import re
from collections.abc import Iterator

from understanding.details.clauses import clauses
from understanding.details.context import Context
from understanding.details.of_us import asks_of_us
from understanding.details.remedy.chinese import chinese_wish, without_please
from understanding.details.remedy.english import english_wish
from understanding.details.remedy.spoken import standard
from understanding.fold import Folded
from understanding.model import Detail

_LONGEST = 160
#: A longer clause of Chinese is a text without punctuation: only its wish is asked of somebody.
_LONG_CLAUSE = 30
_LETTERS = re.compile("[a-z]{2}")
_TELLS = re.compile(r"不(?!要|再|许)|没(?!收)|到(?!位|账)|^[让叫]")
#: "一周内给我结果", "你们必须赔": until when and from whom belong to the wish.
_DUE = re.compile(
    r"(?:请|那|就)?(?:你们|贵[司方院行])?(?:今天|今晚|今明两天|明天|后天|[本这]周|[本这个]+月|(?:[本这个]*(?:周末|月底|年底|月|周|年)|[0-9一二两三四五六七八九十]{1,3}个?(?:天|日|周|星期|礼拜|小时|工作日|月)|国庆|元旦|春节|过?年)(?:之内|以内|内|之前|以前|前))?(?:之前|以前|前)?(?:你们)?"
)
_CLOSED = re.compile(r"\s*(?:$|[。!?;\n]|,(?:谢|拜托|不然|否则|要不))")


def find(folded: Folded, context: Context) -> Iterator[Detail]:
    """Wishes in order of appearance; a wish that others refused or promised is not one."""
    wishes: list[Detail] = []
    listed = -1  #: where the clause before a wish ends
    for first, end in reversed(list(clauses(folded.text))):
        start = without_please(folded.text, first, end)
        clause = folded.text[start:end]
        # an order before a wish is the first of two
        closes = _CLOSED.match(folded.text, end) is not None or (listed == end and not _TELLS.search(clause))
        wish = None if len(clause) > _LONGEST else _wish(folded, clause, closes=closes)
        if wish:
            offset, sure = wish
            offset = 0 if _DUE.fullmatch(clause, 0, offset) else offset
            wishes.append(
                folded.detail("remedy", folded.said(start + offset, end), start + offset, end, sure)
            )
        listed = first - 1 if wish else -1
    yield from reversed(wishes)


def _wish(folded: Folded, clause: str, *, closes: bool) -> tuple[int, float] | None:
    clause = standard(clause) if folded.chinese else clause
    run_on = folded.chinese and len(clause) > _LONG_CLAUSE and not _LETTERS.search(clause)
    of_us = asks_of_us(clause)
    if of_us and not run_on:
        return None
    wish = chinese_wish(clause, closes=closes) if folded.chinese else None
    if wish and of_us and asks_of_us(clause[wish[0] :]):
        return None
    return wish or (english_wish(clause) if _LETTERS.search(clause) else None)
