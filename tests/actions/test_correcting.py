"""Which field a turn corrects at the read-back, and that the rest of its value stays."""

# ruff: noqa: E501 -- one example, one line
from __future__ import annotations

import pytest

from actions.heard import Heard, HeardDetail
from actions.intake.correcting import corrected
from actions.intake.parts import CONFIRMATION, Listened, Setting
from casework.house import House
from casework.tickets.model import DetailValue, Intake
from tests.conftest import NOW
from understanding.details import extract_details

ZH = {"when": "前天上午九点", "hall": "城东政务大厅二楼", "contact": "13655557720", "want": "要求道歉"}
EN = {
    "when": "Thursday at 2 pm",
    "hall": "Mill Road civic centre",
    "contact": "13655557720",
    "want": "an apology",
}


def _hears(house: House, filled: dict[str, str], text: str, language: str) -> Listened | None:
    details = {key: DetailValue(value, value, value) for key, value in filled.items()}
    intake = Intake(category="GOV-ATT-02", pending=CONFIRMATION, details=details)
    found = tuple(
        HeardDetail(d.kind, d.value, d.text, d.start, d.end, d.confidence)
        for d in extract_details(text, now=NOW)
    )
    heard = Heard("1", text, intent="correct_detail", confidence=0.9, details=found)
    return corrected(Setting(house, NOW, language), intake, heard)


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("不是九点，是十点", "when", "前天上午十点"), ("昨天才对", "when", "昨天上午九点"), ("应该是周一下午", "when", "周一下午"), ("城西的，不是城东", "hall", "城西政务大厅二楼"), ("三楼，说错了", "hall", "城东政务大厅三楼"),
        ("最后一位是8", "contact", "13655557728"), ("136改成139", "contact", "13955557720"), ("别打那个号了，改打13800001111", "contact", "13800001111"), ("诉求改成退款", "want", "退款"),
    ],
)  # fmt: skip
def test_a_piece_is_put_right_and_the_rest_stays(house: House, text: str, key: str, value: str) -> None:
    turn = _hears(house, ZH, text, "zh")
    assert turn is not None
    assert {k: d.text for k, d in turn.intake.details.items()} == ZH | {key: value}


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("I said Thursday but it was Friday", "when", "Friday at 2 pm"), ("no, 3 pm", "when", "Thursday at 3 pm"), ("it was Park Road not Mill Road", "hall", "Park Road civic centre"),
        ("the last digit is 8", "contact", "13655557728"), ("that number is old, use 13800001111", "contact", "13800001111"),
    ],
)  # fmt: skip
def test_a_piece_is_put_right_in_english(house: House, text: str, key: str, value: str) -> None:
    turn = _hears(house, EN, text, "en")
    assert turn is not None
    assert {k: d.text for k, d in turn.intake.details.items()} == EN | {key: value}


@pytest.mark.parametrize(
    ("filled", "text", "key"),
    [
        (ZH, "电话", "contact"), (ZH, "时间改一下", "when"), (ZH, "不是前天", "when"), (ZH, "大厅不对", "hall"), (ZH, "电话少了一位，136555577201", "contact"),
        (EN, "the phone", "contact"), (EN, "change the time", "when"), (EN, "it wasn't Thursday", "when"), (EN, "not the right place", "hall"),
    ],
)  # fmt: skip
def test_what_is_wrong_without_what_is_right_is_asked_for(
    house: House, filled: dict[str, str], text: str, key: str
) -> None:
    turn = _hears(house, filled, text, "zh" if filled is ZH else "en")
    assert turn is not None
    assert turn.intake.pending == f"change:{key}"
    assert {k: d.text for k, d in turn.intake.details.items()} == {
        k: v for k, v in filled.items() if k != key
    }


@pytest.mark.parametrize(
    ("filled", "text"),
    [(ZH, "这不是道歉的事，是态度的事"), (ZH, "时间太长了等不起"), (ZH, "谢谢你们"), (EN, "it's not about the money, it's the principle"), (EN, "thanks for that")],
)  # fmt: skip
def test_a_contrast_that_corrects_nothing_changes_nothing(
    house: House, filled: dict[str, str], text: str
) -> None:
    assert _hears(house, filled, text, "zh" if filled is ZH else "en") is None


def test_the_changed_value_is_typed_again(house: House) -> None:
    turn = _hears(house, ZH, "不是九点，是十点", "zh")
    assert turn is not None
    assert turn.intake.details["when"].value["start"].startswith("2026-11-18T10:00")
    assert turn.intake.previous["when"].text == ZH["when"]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("是昨天，在城西政务大厅", {"when": "昨天上午九点", "hall": "城西政务大厅二楼"}),
        ("时间应该是十点，手机尾号5566", {"when": "前天上午十点", "contact": "13655555566"}),
        ("不是前天是大前天，不是二楼是三楼", {"when": "大前天上午九点", "hall": "城东政务大厅三楼"}),
    ],
)
def test_one_turn_puts_two_fields_right(house: House, text: str, right: dict[str, str]) -> None:
    turn = _hears(house, ZH, text, "zh")
    assert turn is not None
    assert {k: d.text for k, d in turn.intake.details.items()} == ZH | right
    assert len(turn.lines) == 2


@pytest.mark.parametrize(
    ("text", "right"),
    [
        (
            "Friday not Thursday, and my phone ends in 21",
            {"when": "Friday at 2 pm", "contact": "13655557721"},
        ),
        ("it was 3 pm, and it's Park Road", {"when": "Thursday at 3 pm", "hall": "Park Road civic centre"}),
    ],
)
def test_one_turn_puts_two_fields_right_in_english(house: House, text: str, right: dict[str, str]) -> None:
    turn = _hears(house, EN, text, "en")
    assert turn is not None
    assert {k: d.text for k, d in turn.intake.details.items()} == EN | right


@pytest.mark.parametrize(
    ("filled", "text", "language"),
    [(ZH, "时间和电话都错了", "zh"), (EN, "the date and the phone number are both wrong", "en")],
)
def test_two_fields_named_as_wrong_are_both_asked_for(
    house: House, filled: dict[str, str], text: str, language: str
) -> None:
    turn = _hears(house, filled, text, language)
    assert turn is not None
    assert set(turn.intake.details) == {"hall", "want"}
    assert turn.intake.pending == "change:when"
