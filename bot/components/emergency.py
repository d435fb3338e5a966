"""Adds ``emergency``: ``{code, level, evidence, check}``, or leaves it out. Nothing is trained here: the model comes
with ``understanding``, and the gateway uses the same."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.components.shell import Client, Shell
from understanding.emergency import detect_emergency


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class EmergencyComponent(Shell):
    key = "emergency"

    def read(self, text: str, client: Client) -> Any:
        return detect_emergency(text)
