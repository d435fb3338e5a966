"""Clauses of a text, for the kinds whose value is a clause as said."""

from __future__ import annotations

import re
from collections.abc import Iterator

_CLAUSE = re.compile(r"(?:[^,。!?;、\n.:]|(?<=[0-9])[.:,](?=[0-9])|\.(?=[a-z]))+")


def clauses(text: str) -> Iterator[tuple[int, int]]:
    """Spans between punctuation, without the blanks at their ends; empty ones are left out."""
    for match in _CLAUSE.finditer(text):
        start, end = match.span()
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if end > start:
            yield start, end
