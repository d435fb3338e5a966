"""Everything about one turn in one call: the learned models and the rules side by side."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path

from understanding.category import CategoryModel
from understanding.corpus import read_categories, read_emotions, read_intents, read_openings
from understanding.details import extract_details
from understanding.emergency import detect_emergency
from understanding.emotion import EmotionModel
from understanding.features import keep_vectors, warm_up
from understanding.intent import IntentModel
from understanding.language import guess_language
from understanding.model import Understanding

#: Categories that a parse gives back; the dialogue shows three as buttons.
TOP_CATEGORIES = 5


class Parser:
    """The models of one trained folder. Loading takes under a second, besides the encoder's own second."""

    def __init__(self, intent: IntentModel, category: CategoryModel, emotion: EmotionModel) -> None:
        self.intent = intent
        self.category = category
        self.emotion = emotion

    @classmethod
    def train(cls, data_root: Path, packs: list[Path], progress: Callable[[str, float], None]) -> Parser:
        """Learn from ``data_root`` and the ``examples.*.yml`` of each pack folder.

        ``progress`` is told what happens now and how much is done, 0 to 1.

        Raises: CorpusError for a bad file, ValueError for too little data.
        """
        progress("reading the training sentences", 0.0)
        intents, emotions, categories = (
            read_intents(data_root),
            read_emotions(data_root),
            read_categories(packs),
        )
        sentences = {code: [text for _, text in pairs] for code, pairs in categories.items()}
        progress("loading the sentence encoder", 0.05)
        warm_up()
        with keep_vectors():
            progress(f"learning dialogue acts from {len(intents)} sentences", 0.1)
            intent = IntentModel.train([*intents, *read_openings(data_root, packs)])
            progress(f"learning {len(sentences)} categories", 0.6)
            category = CategoryModel.train(sentences)
            progress(f"learning emotion from {len(emotions)} sentences", 0.85)
            emotion = EmotionModel.train([example for _, example in emotions])
        progress("trained", 1.0)
        return cls(intent, category, emotion)

    def save(self, directory: Path) -> None:
        self.intent.save(directory)
        self.category.save(directory)
        self.emotion.save(directory)

    @classmethod
    def load(cls, directory: Path) -> Parser:
        """Raises: FileNotFoundError when ``directory`` holds no trained models."""
        return cls(IntentModel.load(directory), CategoryModel.load(directory), EmotionModel.load(directory))

    def parse(
        self,
        text: str,
        *,
        context: str | None,
        now: datetime,
        timezone: str,
        region: str,
        categories: Collection[str] | None = None,
    ) -> Understanding:
        """``context``: key of the question asked last; ``categories``: codes in question (``None``: all).

        ``now`` is aware; ``timezone`` and ``region`` say how people here mean times and phone numbers.
        """
        act, ranking = self.intent.decide(text, context=context)
        return Understanding(
            language=guess_language(text),
            intent=act,
            intent_ranking=ranking,
            emotion=self.emotion.predict(text),
            emergency=detect_emergency(text),
            categories=self.category.rank(text, among=categories, top=TOP_CATEGORIES),
            details=tuple(extract_details(text, now=now, timezone=timezone, region=region)),
        )
