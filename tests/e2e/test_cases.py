"""The YAML conversations, one test each, and the runner's own honesty."""

from __future__ import annotations

from collections import defaultdict

import pytest

from casework.storage.work import Store
from tests.e2e.cases import Case, load_cases, run_case
from tests.e2e.runner import ALL_PACKS, Clock, RecordingEngine, World, load_house

pytestmark = [pytest.mark.engine]

CASES = load_cases()


def world_for(case: Case, engine: RecordingEngine, store: Store) -> World:
    house = load_house(case.packs or ALL_PACKS, case.country)
    return World(engine=engine, store=store, house=house, clock=Clock())


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_a_conversation_goes_as_written(case: Case, engine: RecordingEngine, store: Store) -> None:
    result = run_case(case, world_for(case, engine, store))
    assert not result.problems, "\n".join([*result.problems, *result.transcript])


def test_every_heading_is_told_in_both_languages() -> None:
    headings: defaultdict[str, set[str]] = defaultdict(set)
    for case in CASES:
        headings[case.heading].add(case.language)
    assert {heading: languages for heading, languages in headings.items() if len(languages) < 2} == {}


@pytest.mark.parametrize(
    ("expecting", "problem"),
    [
        ({"has": "Zebra"}, "'Zebra' is not in"),
        ({"lacks": "re:."}, "is in"),
        ({"said": "utter_receipt"}, "was not said"),
        ({"asks": "nothing_of_the_kind"}, "asks "),
        ({"draft": {"when": "last year"}}, "when is"),
        ({"draft": None}, "there is a draft"),
        ({"tickets": [{"category": "GOV-ATT-01"}]}, "0 tickets instead of 1"),
        ({"owner": "staff"}, "owner is 'bot'"),
        ({"messages": 2}, "1 messages instead of 2"),
    ],
)
def test_an_expectation_that_does_not_hold_is_reported(
    expecting: dict[str, object], problem: str, engine: RecordingEngine, store: Store
) -> None:
    opening = "昨天下午窗口的工作人员骂我是乡巴佬，太难听了"
    case = Case("zh", "runner", "wrong", ({"say": opening, **expecting},))
    result = run_case(case, world_for(case, engine, store))
    assert any(problem in said for said in result.problems), result.problems
