"""What of a turn is looked at before it is listened to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.intake.needed import is_figures, is_sorted
from casework.tickets.model import Intake

TOLD = Intake(description=("路灯坏了十天",), category="GOV-ENV-01", category_certain=True, pending="contact")


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("13800138000", True),
        ("138 0013-8000。", True),
        ("2026/11/20", True),
        ("110", False),
        ("862元", False),
        ("13800138000 谢谢", False),
        ("call 13800138000", False),
        ("", False),
    ],
)
def test_only_figures_alone_are_an_answer_of_figures(text: str, figures: bool) -> None:
    assert is_figures(TOLD, text) is figures


@pytest.mark.parametrize(
    "pending", ["", "what", "category", "confirmation", "change", "change:contact", "another"]
)
def test_figures_answer_nothing_while_no_field_is_asked(pending: str) -> None:
    assert not is_figures(replace(TOLD, pending=pending), "13800138000")


@pytest.mark.parametrize(
    ("intake", "text", "known"),
    [
        (TOLD, "就在幸福路", True),
        (TOLD, "昨天晚上", True),
        (replace(TOLD, category_certain=False), "就在幸福路", False),
        (replace(TOLD, description=()), "就在幸福路", False),
        (replace(TOLD, pending="another"), "好的", False),
        (TOLD, "我还要投诉物业乱收费", False),
        (TOLD, "I also want to report a broken lift", False),
        (TOLD, "这要多久才能修好？", False),
    ],
)
def test_what_may_be_another_matter_is_looked_at_as_one(intake: Intake, text: str, known: bool) -> None:
    assert is_sorted(intake, text) is known
