"""The races of a message path, each with the actors that can have it and the sign that it took place."""

from __future__ import annotations

import math
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from casework.house import House
from casework.storage.work import Store
from tests.conftest import NOW
from tests.races import world as w
from tests.races.holds import Tally, examine


@dataclass(frozen=True)
class Race:
    """``signs``: names of `World.count` that must have happened, or the race was never run."""

    name: str
    temper: w.Temper
    signs: tuple[str, ...]
    cast: tuple[str, ...]
    messages: int = 4
    steps: int = 50
    longest_s: float = 8.0


_BOT = ("writer", "worker", "worker", "courier")

RACES = (
    Race(
        "a reply computed before the take-over lands after it",
        w.Temper(),
        ("turns", "refused", "taken from the bot"),
        (*_BOT, "staff"),
    ),
    Race(
        "staff answers while the bot owns the chat",
        w.Temper(),
        ("taken from the bot", "staff words"),
        (*_BOT, "staff", "staff"),
    ),
    Race(
        "the hand-over line is the only output of its turn",
        w.Temper(wants_person=0.5),
        ("hand-overs", "refused"),
        (*_BOT, "staff"),
    ),
    Race(
        "text and change of owner are one",
        w.Temper(wants_person=0.4, crash=0.1),
        ("hand-overs", "kills"),
        (*_BOT, "staff"),
    ),
    Race(
        "two members of staff take one chat",
        w.Temper(wants_person=0.3),
        ("taken by another", "staff words"),
        (*_BOT, "staff", "staff", "staff"),
    ),
    Race(
        "an album or three quick messages are one turn",
        w.Temper(album=0.7),
        ("turns", "repeats"),
        ("writer", "worker", "worker", "worker", "courier"),
        messages=6,
        longest_s=1.0,
    ),
    Race(
        "the provider repeats its deliveries",
        w.Temper(repeat=0.7, passive=0.5),
        ("repeats", "passive answers"),
        (*_BOT, "courier"),
        steps=70,
        longest_s=0.5,
    ),
    Race(
        "a message between the wish for a person and the change of owner",
        w.Temper(wants_person=0.5, repeat=0.3),
        ("hand-overs", "told while waiting"),
        (*_BOT, "writer", "usher"),
        steps=70,
    ),
    Race(
        "a process is killed at any point",
        w.Temper(crash=0.15, passive=0.2),
        ("kills", "repeats", "turns"),
        (*_BOT, "courier", "staff"),
        steps=80,
        longest_s=30.0,
    ),
    Race(
        "the engine fails, the provider refuses, the person blocks the bot",
        w.Temper(crash=0.05, broken=0.5, refusals=0.5),
        ("turns failed", "turns set aside", "blocked", "kills"),
        (*_BOT, "courier", "blocker", "staff"),
        steps=100,
        longest_s=30.0,
    ),
    Race(
        "the desk loses its connection and comes back",
        w.Temper(wants_person=0.3),
        ("turns", "staff words"),
        (*_BOT, "staff", "desk", "desk"),
    ),
)


@dataclass
class Outcome:
    """``worst``: seed of the first history that broke a rule, to play it again."""

    tally: Tally = field(default_factory=Tally)
    count: Counter[str] = field(default_factory=Counter)
    worst: int | None = None


def run(
    race: Race, store: Store, house: House, *, histories: int, seed: int, within_s: float = math.inf
) -> Outcome:
    """Play ``histories`` random histories of ``race``, fewer if the time is over and the race took place, and examine
    each."""
    outcome = Outcome()
    with store.writing() as work:  # an engine that is there throughout, or no chat could be given back
        work.engines.sign("one", state="ready", model="m", now=NOW + timedelta(days=1))
    deadline = time.monotonic() + within_s
    for number in range(seed, seed + histories):
        if time.monotonic() > deadline and all(outcome.count[sign] for sign in race.signs):
            break
        world = w.World(store=store, house=house, rng=random.Random(number))
        world.now = NOW
        person = w.Person(address=f"{race.name[:20]}-{number}")
        world.people[person.address] = person
        seen: list[int] = []
        w.play(
            world, _makers(race, world, person, seen), race.temper, steps=race.steps, longest_s=race.longest_s
        )
        w.settle(world, person)
        tally = examine(world, person)
        tally.kills = world.count["kills"]
        if seen and seen != sorted(set(seen)):
            tally.disorder += 1
        if not tally.is_clean and outcome.worst is None:
            outcome.worst = number
        outcome.tally += tally
        outcome.count.update(world.count)
    return outcome


def _makers(race: Race, world: w.World, person: w.Person, seen: list[int]) -> list[Callable[[], w.Actor]]:
    names = ("Li", "Wang", "Zhao")
    temper, staff = race.temper, iter(names)
    with_name: dict[str, Callable[[], Callable[[], w.Actor]]] = {
        "writer": lambda: lambda: w.writer(world, person, temper, messages=race.messages),
        "worker": lambda: lambda: w.worker(world, temper),
        "courier": lambda: lambda: w.courier(world, temper),
        "usher": lambda: lambda: w.usher(world),
        "blocker": lambda: lambda: w.blocker(world, person),
        "desk": lambda: lambda: w.desk(world, person, seen),
        "staff": lambda: _staff(world, next(staff), names),
    }
    return [with_name[role]() for role in race.cast]


def _staff(world: w.World, name: str, names: tuple[str, ...]) -> Callable[[], w.Actor]:
    return lambda: w.staff(world, name, names)
