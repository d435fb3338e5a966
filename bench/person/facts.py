"""What a simulated person knows: one fact for each question of a category, and whether it was stored right."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from casework.packs import Category, Field
from casework.text import Text
from casework.tickets.model import DetailValue

#: Questions for the end of a number; a whole one would not be given.
_TAILS = ("last four", "ending")


@lru_cache
def values() -> Mapping[str, Any]:
    """``values.yml``: what people answer and how they word it."""
    data: Mapping[str, Any] = yaml.safe_load(
        Path(__file__).with_name("values.yml").read_text(encoding="utf-8")
    )
    return data


@dataclass(frozen=True)
class Fact:
    """One thing a person knows. ``stored``: what must be kept of it (a day, a figure, a number, the end of an
    e-mail address); empty: the words themselves."""

    field: Field
    words: Text
    stored: str = ""

    def right(self, detail: DetailValue | None) -> bool:
        """Whether ``detail`` is this fact, in either language."""
        if detail is None:
            return False
        if not self.stored:
            said = _flat(f"{detail.text} {detail.value}")
            return any(_flat(words) in said for words in (self.words.zh, self.words.en))
        core = _core(detail.value)
        if self.stored.startswith("@"):
            return core.endswith(self.stored)
        return core == self.stored or core.startswith(f"{self.stored}T")


def _core(value: Any) -> str:
    """The part of a stored value that a fact is compared with."""
    if isinstance(value, Mapping):
        found = next((value[key] for key in ("start", "amount", "number") if key in value), value)
        return str(found)
    return str(value)


def _flat(text: str) -> str:
    return "".join(text.split()).lower().strip("。.!！")


def facts_for(category: Category, chance: random.Random) -> dict[str, Fact]:
    """A fact for each question of ``category`` but the story itself, in asking order."""
    return {field.key: _fact(field, chance) for field in category.required if field.key != "what"}


def another(fact: Fact, chance: random.Random) -> Fact | None:
    """A fact to be mistaken with; ``None`` where there is no other value."""
    others = [other for other in _pool(fact.field) if other.words != fact.words]
    return chance.choice(others) if others else None


def _fact(field: Field, chance: random.Random) -> Fact:
    if field.choices:
        return _chosen(field, chance)
    own = [] if field.type in _TYPED else [Fact(field, field.example)]
    return chance.choice([*_pool(field), *own])


_TYPED = ("when", "amount", "count", "reference", "contact")


def _pool(field: Field) -> list[Fact]:
    if field.type in _TYPED:
        kind = "tail" if any(part in field.ask.en for part in _TAILS) else field.type
        rows = values()["types"][kind]
        return [Fact(field, Text(row["zh"], row["en"]), str(row["is"])) for row in rows]
    return [Fact(field, Text(str(zh), str(en))) for zh, en in values()["keys"].get(field.key, ())]


def _chosen(field: Field, chance: random.Random) -> Fact:
    """A choice in its title or, where it is a plain yes or no, in the words people have for that."""
    choice = chance.choice(field.choices)
    wordings: list[Sequence[str]] = [(choice.title.zh, choice.title.en)]
    if field.type == "yes_no" and choice.value in ("yes", "no"):
        wordings += values()["types"][choice.value]
    zh, en = chance.choice(wordings)
    return Fact(field, Text(zh, en), choice.value)
