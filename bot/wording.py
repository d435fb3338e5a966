"""Chooses and fills the wording of a response in the person's language. All wording is in the domain's
responses.

A response is a list of variants; a variant belongs to a language by its condition on the slot `language`, to
both without one.
"""

from __future__ import annotations

import copy
import hashlib
import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.actions_in_process import UTTER_INTERNAL_ERROR
from casework.words import openings, used_before

logger = logging.getLogger(__name__)

DEFAULT_LANGUAGE = "zh"
#: ``{name}`` with a plain name; anything else in braces is text.
_PLACEHOLDER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
#: Parts of a variant that people read or that travel with it.
_FILLED_PARTS = ("text", "image", "custom", "buttons", "attachment", "quick_replies", "elements")


class UnfilledPlaceholder(Exception):
    """A variant asks for a value that neither the call nor the slots have."""


class BilingualNLG(TemplatedNaturalLanguageGenerator):  # type: ignore[misc]
    """Picks a variant in the language of the slot `language` (or of the argument ``language``) and fills it.

    The same conversation at the same turn always gets the same variant; one that was used in the remembered
    part of the conversation, or begins like something said in it, comes again only when all have been.
    """

    def __init__(self, endpoint_config: Any = None, domain: Any = None) -> None:
        super().__init__(domain.responses if domain else {})

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """The filled response, or ``None`` if neither it nor an apology can be said."""
        slots = tracker.current_slot_values()
        told = (tracker.latest_message.metadata or {}) if tracker.latest_message else {}
        language = _language(kwargs.get("language") or told.get("language") or slots.get("language"))
        values = {**{name: value for name, value in slots.items() if value is not None}, **kwargs}
        for action in dict.fromkeys((utter_action, UTTER_INTERNAL_ERROR)):
            said = self._first_that_can_be_said(action, tracker, output_channel, language, values)
            if said is not None:
                return said
        return None

    def _first_that_can_be_said(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        language: str,
        values: Mapping[str, Any],
    ) -> dict[str, Any] | None:
        if utter_action not in self.responses:
            logger.error("response.missing: %s", utter_action)
            return None
        for wanted in dict.fromkeys((language, DEFAULT_LANGUAGE)):
            variants = self._variants(utter_action, output_channel, wanted, values)
            for name, variant in _in_order(variants, utter_action, tracker):
                try:
                    return {**fill(variant, values), "variant": name}
                except UnfilledPlaceholder as missing:
                    logger.error("response.unfilled: %s (%s) needs %s", utter_action, name, missing)
        return None

    def _variants(
        self, utter_action: str, output_channel: str, language: str, values: Mapping[str, Any]
    ) -> list[tuple[str, dict[str, Any]]]:
        """Variants that fit, with their names. Those of the channel win over those of every channel."""
        fitting = [
            (f"{utter_action}/{variant.get('id') or index}", variant)
            for index, variant in enumerate(self.responses[utter_action])
            if variant.get("channel") in (None, output_channel)
            and _holds(variant.get("condition") or [], {**values, "language": language})
        ]
        own_language = [pair for pair in fitting if _names_language(pair[1])] or fitting
        return [pair for pair in own_language if pair[1].get("channel")] or own_language


def fill(variant: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """``variant`` with each ``{name}`` replaced by its value. Values are never read for placeholders.

    Raises: UnfilledPlaceholder.
    """
    return {
        key: _fill(part, values) if key in _FILLED_PARTS else copy.deepcopy(part)
        for key, part in variant.items()
        if key not in ("condition", "channel", "id")
    }


def _fill(part: Any, values: Mapping[str, Any]) -> Any:
    if isinstance(part, str):
        return _PLACEHOLDER.sub(lambda match: _value(match.group(1), values), part)
    if isinstance(part, Mapping):
        return {key: _fill(value, values) for key, value in part.items()}
    if isinstance(part, Sequence):
        return [_fill(value, values) for value in part]
    return part


def _value(name: str, values: Mapping[str, Any]) -> str:
    if values.get(name) is None:
        raise UnfilledPlaceholder(name)
    return str(values[name])


def _language(value: Any) -> str:
    return "en" if str(value or "").lower().startswith("en") else DEFAULT_LANGUAGE


def _names_language(variant: Mapping[str, Any]) -> bool:
    return any(condition.get("name") == "language" for condition in variant.get("condition") or [])


def _holds(conditions: Sequence[Mapping[str, Any]], values: Mapping[str, Any]) -> bool:
    return all(_same(values.get(condition["name"]), condition["value"]) for condition in conditions)


def _same(value: Any, wanted: Any) -> bool:
    if isinstance(value, str) and isinstance(wanted, str):
        return value.casefold() == wanted.casefold()
    return bool(value == wanted)


def _in_order(
    variants: list[tuple[str, dict[str, Any]]], utter_action: str, tracker: DialogueStateTracker
) -> list[tuple[str, dict[str, Any]]]:
    """``variants`` starting at one chosen by conversation and turn; those not used lately come first."""
    if not variants:
        return []
    said = [event for event in tracker.events if isinstance(event, BotUttered)]
    used = [event.metadata.get("variant") for event in said if event.metadata]
    start = _hash(tracker.sender_id, utter_action, _turn(tracker)) % len(variants)
    turned = variants[start:] + variants[:start]
    if len(turned) == 1:
        return turned
    begun = {opening for event in said for opening in openings(event.text or "")} | used_before()

    def heard_alike(pair: tuple[str, dict[str, Any]]) -> int:
        return len(begun.intersection(openings(str(pair[1].get("text") or ""))))

    return sorted(turned, key=lambda pair: (used.count(pair[0]), heard_alike(pair)))


def _turn(tracker: DialogueStateTracker) -> str:
    """Names the turn: what the person's message is called by the application, else how many there were."""
    latest = tracker.latest_message
    named = (latest.metadata or {}).get("turn") if latest else None
    return str(named or sum(isinstance(event, UserUttered) for event in tracker.events))


def _hash(*parts: str) -> int:
    return int.from_bytes(hashlib.blake2b("\0".join(parts).encode(), digest_size=8).digest(), "big")
