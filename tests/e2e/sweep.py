"""Files a complaint in every category of every pack, answering each question with the pack's own example."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from casework.packs import Category
from casework.storage.work import Store
from tests.e2e.cases import Case, Result, run_case
from tests.e2e.coverage import Coverage
from tests.e2e.runner import ALL_PACKS, ROOT, Clock, RecordingEngine, World, load_house


def every_category(languages: tuple[str, ...] = ("zh", "en")) -> Iterator[Case]:
    """A case a category and language: an opening of the pack's examples, then the examples as answers."""
    house = load_house(ALL_PACKS)
    openings = {(pack, language): _openings(pack, language) for pack in ALL_PACKS for language in languages}
    for code in house.packs.codes:
        category = house.packs.category(code)
        for language in languages:
            told = openings[category.pack, language].get(code)
            if told:
                yield _case(category, language, told)


def _case(category: Category, language: str, opening: str) -> Case:
    answers = {field.key: field.example.in_(language) for field in category.required}
    answers |= {"contact": "13812345678", "what": opening}
    return Case(
        language=language,
        heading="every category",
        name=category.code,
        turns=(
            {"say": opening},
            {"payload": f"category:{category.code}"},
            {"answer": {**answers, "until": "confirmation", "category": category.code}},
            {"press": "affirm", "tickets": [{"category": category.code}]},
        ),
    )


def _openings(pack: str, language: str) -> dict[str, str]:
    path = ROOT / "packs" / pack / f"examples.{language}.yml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {code: str(sentences[0]) for code, sentences in data.items()}


def sweep(engine: RecordingEngine, store: Store, coverage: Coverage) -> Iterator[Result]:
    """Run them all."""
    for case in every_category():
        world = World(engine=engine, store=store, house=load_house(ALL_PACKS), clock=Clock())
        yield run_case(case, world)
        coverage.add_questions(world.transcript, world.house)
