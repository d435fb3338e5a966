"""The knowledge files: what is read, what is hidden, what a mistake is called."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from casework.house import House
from casework.knowledge import (
    Knowledge,
    KnowledgeError,
    check_knowledge,
    last_days,
    load_knowledge,
    written,
)
from casework.packs import Packs
from tests.conftest import ROOT

PACKS = ROOT / "packs"
SECTORS = ("government", "power", "ecommerce", "hospitality", "finance", "telecom", "urban")
TODAY = date(2026, 11, 20)

GOOD = """---
title: How a meter test works
questions:
  - how do I get my meter tested
  - how long does a meter test take
  - can somebody check my meter
source: Ten service commitments
as_of: 2026-11-01
valid_from: 2026-01-01
valid_until: 2026-12-31
pack: power
categories: [PWR-BIL-04]
---
Ask here; {department:PWR-BIL-04} answers within {due:PWR-BIL-04}.
"""
GOOD_ZH = GOOD.replace(
    "Ask here; {department:PWR-BIL-04} answers within {due:PWR-BIL-04}.",
    "在这里说就行，{department:PWR-BIL-04}在{due:PWR-BIL-04}内答复。",
).replace("How a meter test works", "怎么校表")


def packs_with(tmp_path: Path, **files: str) -> Path:
    """A folder of packs with only the power pack and these knowledge files, named with _ for - and ."""
    root = tmp_path / "packs"
    (root / "power" / "knowledge").mkdir(parents=True)
    for name in ("common.yml", "power/pack.yml"):
        (root / name).write_text((PACKS / name).read_text(encoding="utf-8"), encoding="utf-8")
    for name, text in files.items():
        file = root / "power" / "knowledge" / (name.replace("__", ".").replace("_", "-") + ".md")
        file.write_text(text, encoding="utf-8")
    return root


def load(root: Path, *, country: str = "CN", packs: tuple[str, ...] = ("power",)) -> Knowledge:
    return load_knowledge(root, Packs.load(root, packs), organisation="Test town", country=country)


def test_the_files_of_the_project_have_no_fault() -> None:
    assert check_knowledge(PACKS, SECTORS) == []


@pytest.mark.parametrize("pack", SECTORS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_pack_answers_at_least_eight_questions_of_its_own(pack: str, language: str) -> None:
    keys = load(PACKS, packs=(pack,)).keys(language=language, on=TODAY)
    assert sum(key.startswith(f"{pack}/") for key in keys) >= 8


def test_only_the_packs_and_the_country_of_the_organisation_are_known() -> None:
    in_china, in_britain = load(PACKS), load(PACKS, country="GB")
    assert {key.partition("/")[0] for key in in_china.keys(language="en", on=TODAY)} == {"common", "power"}
    assert in_china.entry("power/regulator", language="zh", on=TODAY) is not None
    assert in_china.entry("power/uk-ombudsman", language="en", on=TODAY) is None
    assert in_britain.entry("power/regulator", language="zh", on=TODAY) is None
    assert in_britain.entry("power/uk-ombudsman", language="en", on=TODAY) is not None


def test_a_promise_in_an_answer_is_the_one_of_the_pack(tmp_path: Path) -> None:
    knowledge = load(packs_with(tmp_path, meter_test__en=GOOD, meter_test__zh=GOOD_ZH))
    english = knowledge.entry("power/meter-test", language="en", on=TODAY)
    chinese = knowledge.entry("power/meter-test", language="zh", on=TODAY)
    assert english is not None
    assert chinese is not None
    assert english.answer == "Ask here; Billing and metering answers within 5 working days."
    assert chinese.answer == "在这里说就行，营销部电费班/计量班在5个工作日内答复。"


@pytest.mark.parametrize(
    ("day", "known"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_an_entry_is_hidden_before_its_first_and_after_its_last_day(
    tmp_path: Path, day: date, known: bool
) -> None:
    knowledge = load(packs_with(tmp_path, meter_test__en=GOOD, meter_test__zh=GOOD_ZH))
    assert (knowledge.entry("power/meter-test", language="en", on=day) is not None) is known
    assert ("power/meter-test" in knowledge.keys(language="en", on=day)) is known


@pytest.mark.parametrize(
    ("wrong", "right", "said"),
    [
        (
            "source: Ten service commitments\n",
            "",
            "meter-test.en.md:2: source: expected this key, found nothing",
        ),
        (
            "valid_from: 2026-01-01",
            "valid_from: 1 January",
            "meter-test.en.md:9: valid_from: expected a day such as",
        ),
        ("valid_from: 2026-01-01", "valid_from: 2027-01-01", "valid_until: expected a day after valid_from"),
        ("pack: power", "pack: finance", "pack: expected 'power', found 'finance'"),
        ("as_of:", "asof:", "found 'asof' (meant 'as_of'?)"),
        ("PWR-BIL-04]", "PWR-BIL-99]", "expected a category of the pack power, found 'PWR-BIL-99'"),
        (
            "{due:PWR-BIL-04}",
            "{when}",
            "expected {organisation}, {hours}, {first:CODE}, {due:CODE} or {department:CODE}",
        ),
        ("{due:PWR-BIL-04}.", "{due:PWR-BIL-04}. One. Two. Three.", "expected at most 3 sentences, found 4"),
        ("  - how do I get my meter tested\n", "", "questions: expected at least 3 questions, found 2"),
        ("---\ntitle", "title", "expected a front matter between two lines ---"),
        ("pack: power", "pack: power\naddress: our page", "address: expected a full address"),
    ],
)
def test_a_mistake_is_named_with_file_and_cure_and_stops_the_start(
    tmp_path: Path, wrong: str, right: str, said: str
) -> None:
    assert wrong in GOOD
    root = packs_with(tmp_path, meter_test__en=GOOD.replace(wrong, right, 1), meter_test__zh=GOOD_ZH)
    problems = check_knowledge(root)
    assert any(said in problem for problem in problems), problems
    with pytest.raises(KnowledgeError, match=r"packs/power/knowledge/meter-test\.en\.md:\d+"):
        load(root)


def test_the_check_wants_both_languages_the_same_promise_and_one_home_for_a_question(tmp_path: Path) -> None:
    other = GOOD.replace("5", "5").replace("{due:PWR-BIL-04}", "a week").replace("PWR-BIL-04]", "PWR-BIL-03]")
    root = packs_with(tmp_path, meter_test__en=GOOD, meter_test__zh=GOOD_ZH, bill__en=other)
    problems = "\n".join(check_knowledge(root))
    assert "bill.en.md" in problems
    assert "Write power/bill.zh.md" in problems
    assert "'how do I get my meter tested' also in power/bill" in problems
    root = packs_with(tmp_path / "more", meter_test__en=other, meter_test__zh=GOOD_ZH)
    problems = "\n".join(check_knowledge(root))
    assert "expected categories as in 'zh': ('PWR-BIL-04',), found ('PWR-BIL-03',)" in problems
    assert "expected the placeholders of 'zh'" in problems


def test_words_that_no_text_of_ours_may_hold_are_found(tmp_path: Path) -> None:
    rude = GOOD.replace("Ask here;", "Please calm down and ask here;")
    root = packs_with(tmp_path, meter_test__en=rude, meter_test__zh=GOOD_ZH)
    assert any("calm down" in problem for problem in check_knowledge(root))


def test_a_file_name_that_tells_no_language_is_refused(tmp_path: Path) -> None:
    root = packs_with(tmp_path, meter_test__en=GOOD, meter_test__zh=GOOD_ZH, notes=GOOD)
    assert any("notes.md:1: expected a name such as meter-test.zh.md" in p for p in check_knowledge(root))


def test_the_house_of_an_organisation_brings_its_knowledge(house: House) -> None:
    keys = house.knowledge.keys(language="zh", on=TODAY)
    assert {"common/free", "government/not-accepted", "power/meter-test"} <= keys
    assert not any(key.startswith("finance/") for key in keys)
    hours = house.knowledge.entry("common/hours", language="en", on=TODAY)
    assert hours is not None
    assert house.office.hours in hours.answer


def test_each_file_is_named_with_its_last_day(tmp_path: Path) -> None:
    root = packs_with(tmp_path, meter_test__en=GOOD, meter_test__zh=GOOD_ZH)
    assert last_days(root, ["power"]) == [
        ("packs/power/knowledge/meter-test.en.md", date(2026, 12, 31)),
        ("packs/power/knowledge/meter-test.zh.md", date(2026, 12, 31)),
    ]


def _with(root: Path, edits: dict[str, Any]) -> Knowledge:
    return load_knowledge(
        root, Packs.load(root, ("power",)), organisation="Test town", country="CN", edits=edits
    )


def test_what_was_published_takes_the_place_of_the_file(tmp_path: Path) -> None:
    root = packs_with(tmp_path, meter_test__en=GOOD, meter_test__zh=GOOD_ZH)
    data = written(root, ["power"])["power/meter-test"]
    assert data["en"]["answer"] == "Ask here; {department:PWR-BIL-04} answers within {due:PWR-BIL-04}."
    data["en"]["answer"] = "Bring the meter number; it takes {due:PWR-BIL-04}."
    found = _with(root, {"power/meter-test": data, "power/own": {**data, "valid_until": "2026-06-30"}})
    entry = found.entry("power/meter-test", language="en", on=TODAY)
    assert entry is not None
    assert entry.answer.startswith("Bring the meter number; it takes ")
    assert "{" not in entry.answer
    assert found.keys(language="zh", on=TODAY) == {"power/meter-test"}
    assert found.entry("power/own", language="en", on=date(2026, 6, 30)) is not None


def test_an_entry_goes_out_and_comes_back_to_where_it_was(tmp_path: Path) -> None:
    root = packs_with(tmp_path, meter_test__en=GOOD, meter_test__zh=GOOD_ZH)
    assert _with(root, {"power/meter-test": ""}).entries == ()
    as_it_was = _with(root, written(root, ["power"]))
    assert set(as_it_was.entries) == set(load(root).entries)


def test_a_published_entry_that_fits_no_more_is_left_out_and_stops_nothing(tmp_path: Path) -> None:
    root = packs_with(tmp_path, meter_test__en=GOOD, meter_test__zh=GOOD_ZH)
    data = written(root, ["power"])["power/meter-test"]
    gone = {**data, "categories": ["PWR-OLD-01"]}
    elsewhere = {**data, "pack": "telecom"}
    found = _with(root, {"power/gone": gone, "telecom/elsewhere": elsewhere})
    assert found.keys(language="en", on=TODAY) == {"power/meter-test"}
