"""Sets ``intent`` and ``intent_ranking`` and adds ``margin`` (lead of the first intent over the second, 0 to
1).

Trained from Rasa's own training data and from the answers to questions in data/nlu/context, which are read
together with the question they answer.
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
        # Rasa keeps one of several acts of a text; a sentence that it has from elsewhere was not learned ahead
        usual = {(example.text, example.act) for example in known if example.context is None}
        learned = ahead.taken("intent") if {(e.text, e.act) for e in told} <= usual else None
        if learned:
            self.model = self.read_model(learned)
        else:
            answers = [example for example in known if example.context]
            openings = read_openings(root / "data", pack_folders(root))
            self.model = IntentModel.train([*told, *answers, *openings])
        return self.persist()

    @classmethod
    def read_model(cls, directory: Path) -> Any:
        return IntentModel.load(directory)

    def read(self, text: str, client: Client) -> Any:
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
