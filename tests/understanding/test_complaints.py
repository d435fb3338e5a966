"""Cutting a text for any reader of its pieces."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from understanding.complaints import borders, likely_complaints
from understanding.linear import Floats

_PIECES = st.lists(
    st.sampled_from(
        [
            "路灯坏了没人修",
            "，",
            ", ",
            " and ",
            "还有",
            "。",
            "the lift is broken",
            "也",
            ". ",
            "\n",
            "垃圾没收",
            " ",
        ]
    ),
    max_size=12,
).map("".join)


def all_differ(texts: Sequence[str]) -> tuple[Floats, Floats]:
    """Every piece is surely about something else and reads like a known opening; the whole is about all of it."""
    chances = np.eye(len(texts))
    chances[0] = 1 / len(texts)
    return chances, np.array([0.0, *[1.0] * (len(texts) - 1)])


def all_alike(texts: Sequence[str]) -> tuple[Floats, Floats]:
    return np.tile([1.0, 0.0], (len(texts), 1)), np.full(len(texts), 0.5)


@settings(deadline=None)
@given(st.one_of(_PIECES, st.text(max_size=80)))
def test_pieces_stand_in_the_text_in_their_order_and_none_is_blank(text: str) -> None:
    at, pieces = 0, likely_complaints(text, all_differ)
    for piece in pieces:
        at = text.index(piece, at) + len(piece)
    assert len(pieces) == 1 or all(piece.strip() for piece in pieces)


def test_three_matters_of_one_sentence_come_apart_without_their_joining_words() -> None:
    text = "垃圾没人来收，路灯全都不亮，还有车子到处乱停"
    assert likely_complaints(text, all_differ) == ["垃圾没人来收", "路灯全都不亮", "车子到处乱停"]
    assert likely_complaints(text, all_alike) == [text]


def test_the_borders_of_a_long_story_are_few_and_the_marked_ones_first() -> None:
    story = "他们说明天就来修好的，" * 30
    assert len(borders(story)) <= 3
    assert borders(f"{story}另外路灯也全都不亮了")[0].right == "路灯也全都不亮了"
