"""Adds ``categories``: a list of ``{code, confidence}``, likeliest first, ``complaints`` when the text holds several:
each ``{text, start, end, categories}``, and ``ours``: how likely it is about what the organisation takes at all.
Trained from packs/."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import ahead
from bot.components.shell import Client, TrainedShell, plain
from understanding.category import CategoryModel
from understanding.complaints import first_read
from understanding.features import sentence_vectors
from understanding.learning import learn_category
from understanding.model import Ranked

#: Categories that are given; the dialogue offers at most a handful as buttons.
TOP = 5
#: Acts of plain answers: while the category is known already they say nothing about it.
_ANSWERS = frozenset({"inform", "affirm", "deny", "dont_know", "correct_detail"})
#: A shorter text holds no two complaints.
_SHORTEST = 14


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CategoryComponent(TrainedShell):
    key = "categories"
    unknown: Any = ()

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"root": ".", "corpora": ["packs/*/examples.*.yml"]}

    def train(self, training_data: TrainingData) -> Resource:
        learned = ahead.taken("category")
        self.model = self.read_model(learned) if learned else learn_category(Path(self.config["root"]))
        return self.persist()

    @classmethod
    def read_model(cls, directory: Path) -> Any:
        return CategoryModel.load(directory)

    def process(self, messages: list[Message]) -> list[Message]:
        told = [message for message in messages if not _is_an_answer(message)]
        for message in messages:
            self.put(message, self.unknown)
        super().process(told)
        return messages

    def read(self, text: str, client: Client) -> Any:
        if self.model is None:
            return self.unknown
        told = self.model.hear(text, among=client.categories, top=TOP, several=len(text) >= _SHORTEST)
        several = [
            {
                "text": text[one.start : one.end],
                "start": one.start,
                "end": one.end,
                "categories": _listed(one.ranking),
            }
            for one in told.complaints
        ]
        return {"categories": _listed(told.ranking), "complaints": several, "ours": round(told.ours, 4)}

    def put(self, message: Message, found: Any) -> None:
        if not isinstance(found, dict):
            found = {"categories": found, "complaints": [], "ours": 1.0}
        for key, value in found.items():
            message.set(key, plain(value), add_to_output=True)


def read_ahead(text: str, client: Client) -> None:
    """For the components before this one: where a category will be looked for in any case, the vectors of the text and
    of its pieces are found together, which costs two thirds of one after the other."""
    if not client.is_sorted and len(text) >= _SHORTEST:
        sentence_vectors(first_read(text))


def _listed(ranking: Sequence[Ranked]) -> list[dict[str, Any]]:
    return [{"code": found.name, "confidence": found.confidence} for found in ranking]


def _is_an_answer(message: Message) -> bool:
    act = (message.get("intent") or {}).get("name")
    return act in _ANSWERS and Client.of(message).is_sorted
