"""What a turn is taken for, without the models: the words and what was understood of them are given."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.heard import Heard, HeardDetail, heard_from
from actions.intake.asking import next_question
from actions.intake.filling import read_answer
from actions.intake.listening import Listened, Listener, wants_a_person, weighed
from actions.intake.story import has_story
from casework.house import House
from casework.tickets.model import Intake
from tests.conftest import NOW

UNSURE = (
    ("GOV-PRC-01", 0.3),
    ("GOV-PRC-02", 0.25),
    ("GOV-WAI-01", 0.2),
    ("GOV-ATT-01", 0.1),
    ("GOV-WAI-02", 0.05),
)


def said(text: str, intent: str = "lodge_complaint", **more: object) -> Heard:
    heard = Heard(message_id="1", text=text, intent=intent, confidence=0.9, message_ids=(1,))
    return replace(heard, **more)  # type: ignore[arg-type]


class Person:
    """Feeds turns and lets the next question be chosen after each."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.intake = Intake()

    def hears(self, heard: Heard) -> Listened:
        listened = Listener(house=self._house, now=NOW, language="zh").listen(self.intake, heard)
        self.intake = listened.intake
        if not listened.outcome:
            self.intake, _ = next_question(self.intake, self._house)
        return listened


@pytest.fixture
def person(house: House) -> Person:
    return Person(house)


def test_an_unsure_category_is_offered_and_never_offered_again_once_refused(person: Person) -> None:
    person.hears(said("办个证来来回回折腾了好多趟", categories=UNSURE))
    first = person.intake.offered
    assert person.intake.pending == "category"
    assert first == ("GOV-PRC-01", "GOV-PRC-02", "GOV-WAI-01")
    person.hears(replace(said(""), payload="category:other"))
    assert not set(person.intake.offered) & set(first)
    assert person.hears(replace(said(""), payload="category:other")).outcome == "person"


def test_what_is_told_later_counts_together_with_what_was_told_first() -> None:
    both = weighed([("A", 0.5), ("B", 0.4)], [("B", 0.6), ("C", 0.3)])
    assert both[0][0] == "B"
    assert sum(p for _, p in both) == pytest.approx(1)


def test_a_bare_phone_number_is_kept_and_the_story_is_asked(person: Person) -> None:
    phone = HeardDetail("phone", "+8613812349999", "13812349999", 4, 15)
    person.hears(
        said("我电话13812349999，先记上", "inform", details=(phone,), categories=(("PWR-SVC-02", 0.9),))
    )
    assert person.intake.pending == "what"
    assert person.intake.pool[0][0] == "phone"


def test_a_story_fills_what_it_says_and_the_rest_is_asked_one_by_one(person: Person) -> None:
    when = HeardDetail("when", {"start": "2026-11-19T00:00:00+08:00", "grain": "day"}, "昨天", 0, 2)
    person.hears(
        said("昨天窗口的人骂我是乡巴佬，难听死了", details=(when,), categories=(("GOV-ATT-02", 0.9),))
    )
    assert person.intake.details["when"].text == "昨天"
    assert person.intake.pending == "hall"
    person.hears(said("区政务中心二楼", "inform"))
    assert person.intake.details["hall"].text == "区政务中心二楼"
    person.hears(said("不知道", "dont_know"))
    assert "want" in person.intake.declined
    assert person.intake.pending == "contact"


def test_a_question_not_understood_three_times_is_left_out(person: Person) -> None:
    person.hears(said("窗口的人骂我是乡巴佬，难听死了", categories=(("GOV-ATT-02", 0.9),)))
    person.hears(said("区政务中心二楼", "inform"))
    assert person.intake.pending == "when"
    for _ in range(3):
        person.hears(said("嘎嘎嘎", "out_of_scope", confidence=0.3))
    assert "when" in person.intake.declined
    assert person.intake.pending == "want"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("转人工", True),
        ("我要跟真人说话", True),
        ("let me talk to a human", True),
        ("找人来通下水道", False),
        ("get someone to fix it", False),
        ("希望换个人办", False),
    ],
)
def test_words_that_ask_for_a_person(text: str, wanted: bool) -> None:
    assert wants_a_person(text) is wanted


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("我要投诉", False),
        ("你好，我想投诉一下", False),
        ("I want to make a complaint please", False),
        ("楼下装修吵得没法睡", True),
        ("my bill doubled this month", True),
    ],
)
def test_a_wish_to_complain_is_not_yet_a_story(text: str, told: bool) -> None:
    assert has_story(text) is told


def test_irony_without_a_word_that_shows_it_is_not_believed() -> None:
    shown = {"emotion": {"label": "sarcastic", "intensity": 2, "evidence": ["真是太好了"]}}
    guessed = {"emotion": {"label": "sarcastic", "intensity": 2, "evidence": []}}
    assert heard_from(shown).emotion == ("sarcastic", 2)
    assert heard_from(guessed).emotion == ("neutral", 0)


def test_a_number_of_another_question_is_none_of_the_choices(house: House) -> None:
    scope = house.packs.fields()["scope"]

    def answer(text: str, *details: HeardDetail) -> object:
        heard = said(text, "inform", details=details)
        return read_answer(scope, heard, house=house, now=NOW, language="zh")

    number = HeardDetail("reference", "3302118876", "3302118876", 2, 12)
    assert answer("户号3302118876", number) is None
    assert answer("三楼以下都黑着") is not None
    assert answer("整栋楼都停了，户号3302118876", number) is not None
