"""Where it was: addresses, districts, roads, buildings, rooms, halls, shops, schools, hospitals.

Value: the words as said. Nothing is completed: 鼓楼区 does not become the Gulou of any city.
"""

from __future__ import annotations

from collections.abc import Iterator

from understanding.details.context import Context
from understanding.details.place.chinese import chinese_places
from understanding.details.place.english import english_places
from understanding.fold import Folded
from understanding.model import Detail


def find(folded: Folded, context: Context) -> Iterator[Detail]:
    """Places in order of appearance, Chinese first; the parts of one address are one place."""
    if folded.chinese:
        for start, end in chinese_places(folded.text):
            yield folded.detail("place", folded.said(start, end), start, end, 0.9)
    if any("a" <= char <= "z" for char in folded.text):
        for start, end, sure in english_places(folded.text, folded.cased):
            yield folded.detail("place", folded.said(start, end), start, end, sure)
