"""Tokens of Chinese and English alike."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from understanding.features import tokenize


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class BilingualTokenizer(Tokenizer):  # type: ignore[misc]
    """One token per Chinese character, Latin word, run of digits, and symbol."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        text = message.get(attribute)
        return [Token(text[token.start : token.end], token.start, token.end) for token in tokenize(text)]

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Left as it is: nothing here learns from tokens, and cutting all sentences takes seconds."""
        return training_data
