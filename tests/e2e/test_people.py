"""A handful of simulated people, and the honesty of what is said of them. All of them: ``python -m bench.person``."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.person.crowd import Who, a_world, everybody, meet
from bench.person.facts import Fact, facts_for
from bench.person.report import figures
from bench.person.talking import TEMPERS, Dialogue
from casework.house import House
from casework.storage.work import Store
from casework.text import Text
from casework.tickets.model import DetailValue
from tests.e2e.runner import RecordingEngine, load_house

#: One of each temper, in turn in both languages, of all packs.
HANDFUL = (
    Who("GOV-ATT-02", "zh", "cooperative", 0),
    Who("PWR-OUT-01", "en", "terse", 0),
    Who("URB-PRM-02", "zh", "talkative", 0),
    Who("ECM-DEL-02", "zh", "corrects late", 0),
    Who("HSP-ROM-01", "zh", "digresses", 0),
    Who("FIN-SAL-01", "en", "refuses contact", 0),
    Who("TEL-NET-01", "zh", "anonymous", 0),
    Who("GOV-LAB-01", "en", "angry", 0),
    Who("PWR-QUA-01", "en", "changes language", 0),
    Who("PWR-PRG-01", "en", "two facts at once", 0),
    Who("ECM-REF-01", "en", "puzzled once", 0),
    Who("TEL-FEE-01", "zh", "gibberish once", 0),
)


def test_the_handful_has_every_temper() -> None:
    assert {who.temper for who in HANDFUL} == set(TEMPERS)


@pytest.mark.engine
@pytest.mark.parametrize("who", HANDFUL, ids=[f"{who.temper} {who.language}" for who in HANDFUL])
def test_a_simulated_person_files_what_they_came_for(who: Who, engine: RecordingEngine, store: Store) -> None:
    dialogue = meet(who, a_world(engine, store))
    shown = "\n".join(dialogue.transcript)
    assert dialogue.filed, shown
    assert not dialogue.wrong, shown
    assert not dialogue.repeated, shown
    assert not dialogue.problems, "\n".join([*dialogue.problems, shown])


def test_there_is_a_person_for_every_category_in_both_languages() -> None:
    people = everybody()
    assert {(who.code, who.language) for who in people} == {
        (code, language) for code in load_house().packs.codes for language in ("zh", "en")
    }
    moved = everybody(seed=1)
    assert len({(who.code, who.language, who.temper) for who in (*people, *moved)}) == 2 * len(people)


@pytest.mark.parametrize(
    ("stored", "value", "text", "right"),
    [
        ("2026-11-19", {"start": "2026-11-19T15:00:00+08:00"}, "昨天下午三点", True),
        ("2026-11-18", {"start": "2026-11-19T15:00:00+08:00"}, "昨天下午三点", False),
        ("1280.00", {"amount": "1280.00", "currency": "CNY"}, "1280元", True),
        ("5203", {"number": "15203", "label": ""}, "15203", False),
        ("3", {"number": 13, "unit": "times"}, "13", False),
        ("yes", "yes", "有", True),
        ("", "三楼", "三楼", False),
        ("", "608房", "608房", True),
    ],
)
def test_a_fact_is_right_only_if_it_is_what_was_meant(
    stored: str, value: object, text: str, right: bool, house: House
) -> None:
    field = house.packs.category("GOV-ATT-01").field("want")
    assert field is not None
    fact = Fact(field, Text("608房", "room 608"), stored)
    assert fact.right(DetailValue(value, text, text)) is right


def test_a_person_knows_an_answer_to_every_question_of_every_category(house: House) -> None:
    import random

    for code in load_house().packs.codes:
        category = load_house().packs.category(code)
        facts = facts_for(category, random.Random(code))
        assert [*facts] == [field.key for field in category.required if field.key != "what"]
        assert all(fact.words.zh and fact.words.en for fact in facts.values()), code


def test_figures_count_what_went_wrong() -> None:
    good = Dialogue("A-01", "zh", "terse", outcome="filed", filed_as="A-01", turns=4, said=4)
    elsewhere = replace(good, filed_as="B-01", wrong={"when": "x -> y"}, repeated=["when"])
    lost = replace(good, outcome="gave up", filed_as="")
    told = figures([good, elsewhere, lost], seconds=1)["all"]
    assert told["filed"] == pytest.approx(1 / 3, abs=1e-4)
    assert told["filed at all"] == pytest.approx(2 / 3, abs=1e-4)
    assert told["facts right"] == pytest.approx(7 / 8)
    assert told["repeated"] == 1
    assert [good.failed, elsewhere.failed, lost.failed] == [False, True, True]
