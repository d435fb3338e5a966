"""Who there is: a person for each category and language, with a temper that rotates, and their meeting the house."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache

import yaml

from bench.person.facts import facts_for
from bench.person.talking import TEMPERS, Dialogue, Talk
from casework.storage.work import Store
from tests.e2e.runner import ALL_PACKS, NOON, ROOT, Clock, RecordingEngine, World, load_house
from understanding.details import extract_details

#: Openings a person has: one to begin with, further ones to say it in other words.
OPENINGS = 4


@dataclass(frozen=True)
class Who:
    """A person to be: everything else follows from these by chance with a seed."""

    code: str
    language: str
    temper: str
    seed: int


def everybody(*, seed: int = 0, sample: int | None = None, temper: str | None = None) -> list[Who]:
    """A person for each category and language; ``sample`` of them. Another ``seed`` moves the tempers on."""
    people = []
    for number, code in enumerate(load_house().packs.codes):
        for offset, language in enumerate(("zh", "en")):
            turn = (number + 5 * offset + seed) % len(TEMPERS)
            people.append(Who(code, language, temper or TEMPERS[turn], seed))
    return people if sample is None else random.Random(seed).sample(people, min(sample, len(people)))


def a_world(engine: RecordingEngine, store: Store) -> World:
    """A house with every pack, in which nobody was yet."""
    return World(engine=engine, store=store, house=load_house(ALL_PACKS), clock=Clock())


def meet(who: Who, world: World) -> Dialogue:
    """Let ``who`` talk in ``world``, which must be used for nothing else."""
    chance = random.Random(f"{who.seed} {who.code} {who.language}")
    category = world.house.packs.category(who.code)
    told = _openings(category.pack, who.language)[who.code]
    if who.temper == "talkative":  # whose facts must not contradict the opening
        told = [text for text in told if _is_bare(text)] or told
    openings = chance.sample(told, min(OPENINGS, len(told)))
    facts = facts_for(category, chance)
    talk = Talk(
        world, category, openings, language=who.language, temper=who.temper, facts=facts, chance=chance
    )
    return talk.run()


@lru_cache
def _openings(pack: str, language: str) -> dict[str, list[str]]:
    path = ROOT / "packs" / pack / f"examples.{language}.yml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {code: [str(text) for text in texts] for code, texts in data.items()}


def _is_bare(text: str) -> bool:
    return not extract_details(text, now=NOON)
