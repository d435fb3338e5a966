"""Adds ``emergency``: ``{code, level, evidence, check}``, or leaves it out. The second opinion is trained from
data/emergency; without it the word table speaks alone, as in the gateway."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import ahead
from bot.components.shell import Client, TrainedShell
from understanding.emergency import detect_emergency
from understanding.learning import learn_emergency
from understanding.second_opinion import SecondOpinion


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class EmergencyComponent(TrainedShell):
    key = "emergency"

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "root": ".",
            "corpora": ["data/emergency/*.yml", "data/nlu/**/*.yml", "packs/*/examples.*.yml"],
        }

    def train(self, training_data: TrainingData) -> Resource:
        learned = ahead.taken("emergency")
        self.model = self.read_model(learned) if learned else learn_emergency(Path(self.config["root"]))
        return self.persist()

    @classmethod
    def read_model(cls, directory: Path) -> Any:
        return SecondOpinion.load(directory)

    def read(self, text: str, client: Client) -> Any:
        found = detect_emergency(text)
        return found if self.model is None else self.model.weigh(text, found)
