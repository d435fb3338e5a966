"""Whether a matter is solved, as people answer it."""

from __future__ import annotations

import pytest

from actions.answers import how_solved
from actions.heard import Heard


@pytest.mark.parametrize(
    ("said", "solved"),
    [
        ("没错", "yes"), ("没问题了，谢谢", "yes"), ("不错，都弄好了", "yes"), ("1", "yes"), ("yes it is", "yes"),
        ("没错，可是还是没修好", "no"), ("没有", "no"), ("还没人来", "no"), ("3", "no"), ("not really", "no"),
        ("解决了一半", "partly"), ("2", "partly"), ("sort of", "partly"),
        ("昨天来了两个师傅", ""),
    ],
)  # fmt: skip
def test_solved_is_heard_in_words_and_a_yes_that_is_written_like_a_no_is_a_yes(
    said: str, solved: str
) -> None:
    assert how_solved(Heard("1", said, intent="inform", confidence=0.3)) == solved
