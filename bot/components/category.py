"""Adds ``categories``: a list of ``{code, confidence}``, likeliest first. Trained from packs/."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import ahead
from bot.components.shell import Client, TrainedShell
from understanding.category import CategoryModel
from understanding.learning import learn_category

#: Categories that are given; the dialogue offers at most a handful as buttons.
TOP = 5


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

    def read(self, text: str, client: Client) -> Any:
        if self.model is None:
            return self.unknown
        ranked = self.model.rank(text, among=client.categories, top=TOP)
        return [{"code": found.name, "confidence": found.confidence} for found in ranked]
