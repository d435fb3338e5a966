"""What the bot would answer, what it leaves alone, and which turns are taken for questions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from actions.librarian import ANSWER_AT, librarian_of
from actions.questions import ROUTE_AT, routed, spoken
from casework.house import House
from casework.knowledge import Entry, Knowledge
from tests.conftest import NOW

TODAY = date(2026, 11, 20)


def meant(act: str, confidence: float = 0.8, **more: Any) -> dict[str, Any]:
    return {"intent": {"name": act, "confidence": confidence}, "emergency": None, **more}


@pytest.mark.parametrize(
    ("language", "question", "key"),
    [
        ("zh", "投诉要收钱吗", "common/free"),
        ("zh", "我想问一下，电表怎么校验？", "power/meter-test"),
        ("zh", "计划停电要提前几天通知", "power/planned-notice"),
        ("en", "is there a fee for complaining", "common/free"),
        ("en", "How long does a meter test take?", "power/meter-test"),
        ("en", "does 12345 work at night", "government/hotline-hours"),
    ],
)
def test_a_question_gets_its_entry_in_the_persons_language(
    house: House, language: str, question: str, key: str
) -> None:
    found = librarian_of(house.knowledge).look_up(question, language=language, on=TODAY)
    assert found.entry is not None
    assert (found.entry.key, found.entry.language) == (key, language)
    assert found.confidence >= ANSWER_AT


@pytest.mark.parametrize(
    "question", ["帮我写一首诗", "信用卡年费怎么免", "what colour is the sky", "do you sell tea"]
)
def test_what_no_entry_answers_is_left_alone(house: House, question: str) -> None:
    assert librarian_of(house.knowledge).look_up(question, language="en", on=TODAY).entry is None


def test_an_expired_entry_is_neither_the_answer_nor_offered(house: House) -> None:
    late = date(2028, 1, 1)
    found = librarian_of(house.knowledge).look_up("投诉要收钱吗", language="zh", on=late)
    assert found.entry is None
    assert found.near == ()


def test_the_question_is_found_inside_a_longer_turn(house: House) -> None:
    found = librarian_of(house.knowledge).look_up(
        "好的，电话是13812345678。对了，投诉要收费吗？", language="zh", on=TODAY
    )
    assert found.entry is not None
    assert found.entry.key == "common/free"


def test_a_knowledge_base_has_one_librarian(house: House) -> None:
    assert librarian_of(house.knowledge) is librarian_of(house.knowledge)


def test_an_organisation_without_entries_knows_nothing() -> None:
    assert librarian_of(Knowledge()).look_up("is it free?", language="en", on=TODAY).entry is None


def test_the_answer_names_source_and_date() -> None:
    entry = Entry(
        "power/x",
        "en",
        "T",
        ("q",),
        "Within 5 days.",
        "Order 3",
        "https://example.org/3",
        TODAY,
        TODAY,
        TODAY,
        "power",
    )
    assert spoken(entry) == {
        "answer": "Within 5 days.", "source": "Order 3 https://example.org/3", "date": "20 Nov 2026",
    }  # fmt: skip
    assert spoken(replace(entry, language="zh"))["date"] == "2026年11月20日"


@pytest.mark.parametrize("text", ["投诉要收费吗", "does it cost anything to complain?"])
def test_a_plain_question_taken_for_a_complaint_becomes_a_question(house: House, text: str) -> None:
    parsed = routed(meant("lodge_complaint"), text, house=house, now=NOW, has_tickets=False)
    assert parsed["intent"]["name"] == "ask_question"
    assert parsed["intent"]["confidence"] >= ROUTE_AT


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("我要投诉你们乱收费", meant("lodge_complaint")),  # no question
        ("小区停电三天了，你们到底管不管？", meant("lodge_complaint")),
        (
            "我家电表转得太快了，怎么办？",
            meant("lodge_complaint", categories=[{"code": "PWR-BIL-04", "confidence": 0.9}]),
        ),
        (
            "my meter runs too fast, what should I do?",
            meant("lodge_complaint", categories=[{"code": "PWR-BIL-04", "confidence": 0.9}]),
        ),
        ("投诉要收费吗", meant("request_human")),  # has an answer of its own
        ("投诉要收费吗", meant("lodge_complaint", emergency={"code": "fire", "level": "P0"})),
        ("我的投诉办到哪一步了？", meant("query_progress", 0.99)),
    ],
)
def test_other_turns_keep_their_act(house: House, text: str, parsed: dict[str, Any]) -> None:
    assert routed(parsed, text, house=house, now=NOW, has_tickets=False) == parsed


def test_with_a_case_of_their_own_people_mean_that_case(house: House) -> None:
    text = "对结果不满意怎么办"
    act = meant("dispute_result", 0.9)
    assert routed(act, text, house=house, now=NOW, has_tickets=True) == act
    assert routed(act, text, house=house, now=NOW, has_tickets=False)["intent"]["name"] == "ask_question"
