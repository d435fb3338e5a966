"""How many questions a complaint costs, and when a question is given up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.intake.asking import MAX_QUESTIONS, MAX_UNANSWERED, missing, next_question
from casework.house import House
from casework.tickets.model import DetailValue, Intake

ANSWER = DetailValue("v", "v", "v")


def asked_in_a_row(intake: Intake, house: House) -> list[str]:
    """Every question until the read-back, each answered."""
    for _ in range(20):
        intake, question = next_question(intake, house)
        if question.key == "confirmation":
            return [key for key in intake.asked if key != "confirmation"]
        if question.key == "category":
            intake = replace(intake, category="GOV-PRC-02", category_certain=True)
            continue
        if question.key == "what":
            intake = replace(intake, description=("told",))
        intake = replace(intake, details={**intake.details, question.key: ANSWER})
    raise AssertionError(f"still asking after 20 questions: {intake.asked}")


@pytest.fixture
def told() -> Intake:
    return Intake(
        description=("told",), category="GOV-PRC-02", category_certain=True, details={"what": ANSWER}
    )


def test_a_category_may_ask_five_questions(told: Intake, house: House) -> None:
    assert asked_in_a_row(told, house) == ["matter", "hall_or_site", "times_visited", "want", "contact"]


def test_who_was_asked_for_the_category_is_asked_for_one_thing_less(told: Intake, house: House) -> None:
    unsure = replace(told, category="", category_certain=False, offered=("GOV-PRC-02", "GOV-PRC-01"))
    assert asked_in_a_row(unsure, house) == ["category", "matter", "hall_or_site", "want", "contact"]


def test_who_began_with_nothing_is_asked_for_two_things_less(house: House) -> None:
    empty = Intake(offered=("GOV-PRC-02",))
    assert asked_in_a_row(empty, house) == ["what", "category", "matter", "want", "contact"]


@pytest.mark.parametrize("code", ["GOV-PRC-02", "GOV-INT-01"])
def test_the_contact_is_never_what_is_left_out(code: str, house: House) -> None:
    category = house.packs.category(code)
    intake = Intake(
        description=("told",), category=code, category_certain=True, details={"what": ANSWER},
        asked=("what", "category"),
    )  # fmt: skip
    assert missing(intake, category)[-1].key == "contact"
    assert len(missing(intake, category)) == MAX_QUESTIONS - 2


@pytest.mark.parametrize(("turns", "left_out"), [(MAX_UNANSWERED - 1, False), (MAX_UNANSWERED, True)])
def test_a_question_that_nobody_answers_is_not_asked_for_ever(
    turns: int, left_out: bool, told: Intake, house: House
) -> None:
    waiting = replace(told, pending="matter", asked=("matter",), unanswered=turns)
    intake, question = next_question(waiting, house)
    assert (question.key != "matter") is left_out
    assert ("matter" in intake.declined) is left_out
