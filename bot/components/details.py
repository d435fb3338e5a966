"""Adds ``details``: a list of ``{kind, value, text, start, end, confidence}`` in the order of the text."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.components.shell import Client, Shell
from understanding.details import extract_details


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class DetailsComponent(Shell):
    key = "details"
    unknown: Any = ()

    def read(self, text: str, client: Client) -> Any:
        return extract_details(text, now=client.now, timezone=client.timezone, region=client.region)
