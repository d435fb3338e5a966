"""Values that the language code gives back. Offsets count Python characters of the text that was passed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Language = Literal["zh", "en"]
Script = Literal["hans", "hant", "latn"]
EmotionLabel = Literal["angry", "anxious", "disappointed", "sad", "sarcastic", "grateful", "neutral"]

#: Dialogue acts. Source: the project's list of jobs; the order is the order of the documentation.
ACTS: tuple[str, ...] = (
    "greet", "goodbye", "thank", "affirm", "deny", "lodge_complaint", "make_suggestion", "give_praise",
    "report_violation", "ask_question", "query_progress", "urge_handling", "supplement_details",
    "withdraw_complaint", "dispute_result", "confirm_resolved", "rate_service", "request_human",
    "correct_detail", "inform", "dont_know", "cancel_intake", "start_over", "ask_why", "request_anonymity",
    "privacy_request", "bot_challenge", "abuse", "switch_language", "help", "out_of_scope", "report_emergency",
)  # fmt: skip


@dataclass(frozen=True)
class LanguageGuess:
    """``mixed`` is true when both languages carry content words; ``language`` is then the leading one."""

    language: Language
    script: Script
    mixed: bool = False
    certain: bool = True  #: false for "ok", digits, emoji: keep the conversation's language


@dataclass(frozen=True)
class Emotion:
    """``intensity`` 0 (none) to 3 (boiling over); ``evidence`` are the words that show it."""

    label: EmotionLabel
    intensity: int
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True)
class Emergency:
    """A trigger of the handbook's table. ``check``: unsure, ask the check question instead of alarming."""

    code: str
    level: Literal["P0", "P1"]
    evidence: str
    check: bool = False


@dataclass(frozen=True)
class Detail:
    """One thing the person said, with the place where they said it.

    ``kind``: ``when phone email reference amount id_number plate duration count place organisation window staff
    name remedy matter``. ``value`` is normalised and JSON-able (see ``understanding.details``).
    """

    kind: str
    value: Any
    text: str
    start: int
    end: int
    #: 0 to 1; below 0.5 the value is shown for confirmation instead of being taken silently
    confidence: float = 1.0


@dataclass(frozen=True)
class Ranked:
    """A label with its calibrated probability."""

    name: str
    confidence: float


@dataclass(frozen=True)
class Understanding:
    """Everything that is known of one turn from its text alone."""

    language: LanguageGuess
    intent: Ranked
    intent_ranking: tuple[Ranked, ...]
    emotion: Emotion
    emergency: Emergency | None
    categories: tuple[Ranked, ...]
    details: tuple[Detail, ...] = field(default_factory=tuple)
