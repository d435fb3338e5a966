"""Adds ``language``: ``{language, script, mixed, certain}``."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.components.shell import Client, Shell
from understanding.language import guess_language
from understanding.model import LanguageGuess


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class LanguageComponent(Shell):
    key = "language"
    unknown: Any = LanguageGuess("zh", "hans", certain=False)

    def read(self, text: str, client: Client) -> Any:
        return guess_language(text)
