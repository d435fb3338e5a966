"""What the person wants done. Value: the clause as said."""

from __future__ import annotations

import re
from collections.abc import Iterator

from understanding.details.clauses import clauses
from understanding.details.context import Context
from understanding.details.of_us import asks_of_us
from understanding.details.remedy.chinese import chinese_wish, without_please
from understanding.details.remedy.english import english_wish
from understanding.fold import Folded
from understanding.model import Detail

_LONGEST = 160
_LETTERS = re.compile("[a-z]{2}")
_CLOSED = re.compile(r"\s*(?:$|[。!?;\n]|,(?:谢|拜托|不然|否则|要不))")


def find(folded: Folded, context: Context) -> Iterator[Detail]:
    """Wishes in order of appearance; a wish that others refused or promised is not one."""
    text = folded.text
    for first, end in clauses(text):
        start = without_please(text, first, end)
        clause = text[start:end]
        if len(clause) > _LONGEST or asks_of_us(clause):
            continue
        closes = _CLOSED.match(text, end) is not None
        wish = chinese_wish(clause, closes=closes) if folded.chinese else None
        wish = wish or (english_wish(clause) if _LETTERS.search(clause) else None)
        if wish:
            offset, sure = wish
            yield folded.detail("remedy", folded.said(start + offset, end), start + offset, end, sure)
