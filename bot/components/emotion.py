"""Adds ``emotion``: ``{label, intensity, evidence}``. Trained from data/emotion."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import ahead
from bot.components.shell import Client, TrainedShell
from understanding.emotion import EmotionModel
from understanding.learning import learn_emotion
from understanding.model import Emotion


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class EmotionComponent(TrainedShell):
    key = "emotion"
    unknown: Any = Emotion("neutral", 0)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"root": ".", "corpora": ["data/emotion/**/*.yml"]}

    def train(self, training_data: TrainingData) -> Resource:
        learned = ahead.taken("emotion")
        self.model = self.read_model(learned) if learned else learn_emotion(Path(self.config["root"]))
        return self.persist()

    @classmethod
    def read_model(cls, directory: Path) -> Any:
        return EmotionModel.load(directory)

    def read(self, text: str, client: Client) -> Any:
        return self.unknown if self.model is None else self.model.predict(text)
