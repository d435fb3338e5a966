"""Sets ``intent`` and ``intent_ranking`` and adds ``margin`` (lead of the first intent over the second, 0 to
1).

Trained from data/nlu with the answers to questions in data/nlu/context, which are read together with the question
they answer, and from whatever else Rasa was given.
"""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import ahead
from bot.components.category import read_ahead
from bot.components.shell import Client, TrainedShell, plain, text_of
from understanding.corpus import read_intents, read_openings
from understanding.intent import IntentExample, IntentModel, margin
from understanding.language import guess_language
from understanding.learning import pack_folders

#: Intents that are given with their confidence; the rest is noise in the tracker.
RANKED = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentComponent(TrainedShell, IntentClassifier):  # type: ignore[misc]
    key = "intent"
    unknown: Any = MappingProxyType(
        {"intent": {"name": None, "confidence": 0.0}, "intent_ranking": [], "margin": 0.0}
    )

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "root": ".",
            "corpora": ["data/nlu/context/**/*.yml", "data/nlu/openings.yml", "packs/*/examples.*.yml"],
        }

    def train(self, training_data: TrainingData) -> Resource:
        root = Path(self.config["root"])
        told = [_example(message) for message in training_data.intent_examples if message.get(TEXT)]
        known = read_intents(root / "data")
        usual = {(example.text, example.act) for example in known if example.context is None}
        # Rasa keeps one of several acts of a text, and may have sentences from elsewhere
        further = [example for example in told if (example.text, example.act) not in usual]
        learned = None if further else ahead.taken("intent")
        if learned:
            self.model = self.read_model(learned)
        else:
            openings = read_openings(root / "data", pack_folders(root))
            self.model = IntentModel.train([*known, *further, *openings])
        return self.persist()

    @classmethod
    def read_model(cls, directory: Path) -> Any:
        return IntentModel.load(directory)

    def read(self, text: str, client: Client) -> Any:
        read_ahead(text, client)
        decided, ranking = self.model.decide(text, context=client.context)
        ranked = [{"name": found.name, "confidence": float(found.confidence)} for found in ranking[:RANKED]]
        return {
            "intent": {"name": decided.name, "confidence": float(decided.confidence)},
            "intent_ranking": ranked,
            "margin": float(margin(ranking)),
        }

    def put(self, message: Message, found: Any) -> None:
        for key, value in found.items():
            message.set(key, plain(value), add_to_output=True)


def _example(message: Message) -> IntentExample:
    text = text_of(message)
    return IntentExample(
        text=text, act=message.get(INTENT), context=None, language=guess_language(text).language
    )
