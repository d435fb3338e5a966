"""What a turn says before anybody answers it: its meaning and its language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from actions.intake.needed import is_figures, is_sorted
from actions.questions import routed
from bot.engine import Engine
from casework.conversations.model import Event, StoredMessage
from casework.conversations.turns import Claim
from casework.house import House
from casework.storage.work import Store
from casework.tickets.model import Intake
from understanding.language import guess_language
from understanding.plain import plain_meaning

#: A language is changed by one clear message, not by a name or a number in it.
SWITCH_SURE = 0.55
#: Meaning of a button -> the dialogue act whose rule takes it. All others are ``inform``: forms read the payload.
_ACT_OF_BUTTON: Mapping[str, str] = {
    "progress": "query_progress",
    "urge": "urge_handling",
    "supplement": "supplement_details",
    "withdraw": "withdraw_complaint",
    "withdraw_yes": "withdraw_complaint",
    "dispute": "dispute_result",
    "solved": "confirm_resolved",
    "rate": "rate_service",
    "survey_solved": "rate_service",
    "survey_attitude": "rate_service",
    "show_data": "privacy_request",
    "delete_data": "privacy_request",
    "forget_yes": "privacy_request",
    "forget_no": "privacy_request",
    "person": "request_human",
    "affirm": "affirm",
    "deny": "deny",
    "cancel": "cancel_intake",
    "keep": "deny",
    "language": "switch_language",
}
_COMMANDS: Mapping[str, str] = {
    "help": "help",
    "new": "start_over",
    "progress": "query_progress",
    "cancel": "cancel_intake",
    "human": "request_human",
    "language": "switch_language",
    "start": "greet",
}


class Hearing:
    """Understands turns. One object a worker process."""

    def __init__(self, *, store: Store, engine: Engine, house: House) -> None:
        self._store, self._engine, self._house = store, engine, house

    def understand(self, claim: Claim, now: datetime) -> dict[str, Any]:
        """Parse data of the turn. Buttons and commands have their meaning already."""
        text, payload = text_of(claim.messages), payload_of(claim.messages)
        last = claim.messages[-1]
        if payload:
            return meant(_ACT_OF_BUTTON.get(payload.partition(":")[0], "inform"), text)
        if command := _COMMANDS.get(str(last.profile.get("command", ""))):
            return meant(command, text)
        if last.event is Event.START and not text:
            return meant("greet", text)
        if not text:
            return meant("inform", text)
        with self._store.reading() as work:
            draft = work.tickets.draft(claim.conversation.id)
            has_tickets = work.tickets.has_filed(claim.conversation.complainant_id)
        if draft is None and _DIGITS.fullmatch(text):
            return meant(
                "inform", text
            )  # the end of a phone number that was asked for; no words to learn from
        meaning = plain_meaning(text)
        if meaning and (draft is None or meaning != "restore"):
            return {**meant(_ACT_OF_BUTTON.get(meaning, "inform"), text), "means": meaning}
        intake = draft.intake if draft and draft.intake else Intake()
        at: dict[str, Any] = {"now": now, "timezone": self._house.zone, "region": self._house.country}
        if is_figures(intake, text):
            return {**meant("inform", text), "details": self._engine.details(text, **at)}
        parsed = self._engine.understand(
            text,
            context=intake.pending.removeprefix("change:") or None,
            categories=self._house.packs.codes,
            is_sorted=is_sorted(intake, text),
            **at,
        )
        return dict(routed(parsed, text, house=self._house, now=now, has_tickets=has_tickets))

    def language(self, claim: Claim, parsed: Mapping[str, Any]) -> str:
        """The language to answer in: the person's, sticky; changed by a clear message or by their wish."""
        offered, known = self._house.languages, claim.conversation.language
        payload = payload_of(claim.messages)
        if payload.startswith("language:"):
            wished = payload.removeprefix("language:")
            return wished if wished in offered else (known or offered[0])
        intent = parsed.get("intent") or {}
        text = text_of(claim.messages)
        if intent.get("name") == "switch_language" and float(intent.get("confidence") or 0) >= SWITCH_SURE:
            return _wished_language(text, current=known or offered[0], offered=offered)
        if text and not payload and not text.startswith("/"):
            guess = guess_language(text)
            clear = guess.certain and guess.language in offered and not (guess.mixed and known)
            if clear and (guess.language == known or not known or _says_enough(text)):
                return guess.language
        if known in offered:
            return known
        told = str(claim.conversation.profile.get("language", ""))[:2].lower()
        return told if told in offered else offered[0]


def text_of(messages: tuple[StoredMessage, ...]) -> str:
    parts = [m.text for m in messages if m.text]
    parts += [
        item.text for m in messages for item in m.media if item.text and item.text not in parts and not m.text
    ]
    return "\n".join(parts)


def act_of(parsed: Mapping[str, Any]) -> str:
    return str((parsed.get("intent") or {}).get("name") or "")


def payload_of(messages: tuple[StoredMessage, ...]) -> str:
    return messages[-1].payload


def meant(act: str, text: str) -> dict[str, Any]:
    guess = guess_language(text) if text else None
    return {
        "text": text,
        "intent": {"name": act, "confidence": 1.0},
        "intent_ranking": [{"name": act, "confidence": 1.0}],
        "entities": [],
        "emotion": {"label": "neutral", "intensity": 0, "evidence": []},
        "emergency": None,
        "categories": [],
        "complaints": [],
        "details": [],
        "language": {"script": guess.script} if guess and guess.certain else {},
    }


_DIGITS = re.compile(r"\W*\d{4}\W*")
_CJK = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]{2,}")


def _says_enough(text: str) -> bool:
    """Whether a text is long enough to change a conversation's language: "OK submit" is not."""
    return len(_CJK.findall(text)) >= 3 or len(_LATIN.findall(text)) >= 3


_ENGLISH = ("english", "英文", "英语", "英語")
_CHINESE = ("chinese", "mandarin", "中文", "汉语", "漢語", "国语", "國語", "普通话", "普通話")


def _wished_language(text: str, *, current: str, offered: tuple[str, ...]) -> str:
    said = text.lower()
    wished = current
    if any(word in said for word in _ENGLISH):
        wished = "en"
    elif any(word in said for word in _CHINESE):
        wished = "zh"
    elif current in offered:
        wished = next((language for language in offered if language != current), current)
    return wished if wished in offered else current
