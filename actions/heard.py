"""What the person said in this turn, as a value: a typed view of what the language components found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class HeardDetail:
    """See ``understanding.model.Detail``."""

    kind: str
    value: Any
    text: str
    start: int = 0
    end: int = 0
    confidence: float = 1.0


@dataclass(frozen=True)
class Heard:
    """One turn. ``text`` may be several messages, joined by line breaks; ``payload`` is a pressed button.

    ``complaints``: two or more that were told at once, each with ``text start end categories``; empty
    for one, ``None`` when nobody looked.
    """

    message_id: str
    text: str
    payload: str = ""
    intent: str = ""
    confidence: float = 0.0
    ranking: tuple[tuple[str, float], ...] = ()
    emotion: tuple[str, int] = ("neutral", 0)
    emergency: Mapping[str, Any] | None = None
    categories: tuple[tuple[str, float], ...] = ()
    ours: float = 1.0
    details: tuple[HeardDetail, ...] = ()
    complaints: tuple[Mapping[str, Any], ...] | None = None
    media: tuple[Mapping[str, Any], ...] = ()
    message_ids: tuple[int, ...] = ()
    unknown: str = ""
    stale_button: bool = False
    event: str = "message"

    def is_act(self, *acts: str, at_least: float = 0.0) -> bool:
        """Whether the turn is one of these dialogue acts."""
        return self.intent in acts and self.confidence >= at_least

    def any_detail(self, *kinds: str) -> HeardDetail | None:
        return next((detail for detail in self.details if detail.kind in kinds), None)


def heard_from(message: Mapping[str, Any]) -> Heard:
    """From Rasa's latest message (parse data and metadata)."""
    meta: Mapping[str, Any] = message.get("metadata") or {}
    intent = message.get("intent") or {}
    emotion = message.get("emotion") or {}
    if emotion.get("label") == "sarcastic" and not emotion.get("evidence"):
        emotion = {}  # irony without a word that shows it is a guess, and a wrong one hurts a victim
    return Heard(
        message_id=str(message.get("message_id") or meta.get("turn") or ""),
        text=str(message.get("text") or ""),
        payload=str(meta.get("payload") or ""),
        intent=str(intent.get("name") or ""),
        confidence=float(intent.get("confidence") or 0.0),
        ranking=tuple(
            (str(item["name"]), float(item["confidence"])) for item in message.get("intent_ranking") or []
        ),
        emotion=(str(emotion.get("label") or "neutral"), int(emotion.get("intensity") or 0)),
        emergency=message.get("emergency") or None,
        categories=tuple(
            (str(item.get("code") or item.get("name")), float(item["confidence"]))
            for item in message.get("categories") or []
        ),
        ours=float(message.get("ours", 1.0)),
        details=tuple(
            HeardDetail(
                kind=str(item["kind"]),
                value=item["value"],
                text=str(item["text"]),
                start=int(item.get("start", 0)),
                end=int(item.get("end", 0)),
                confidence=float(item.get("confidence", 1.0)),
            )
            for item in message.get("details") or []
        ),
        complaints=tuple(message["complaints"] or ()) if "complaints" in message else None,
        media=tuple(meta.get("media") or ()),
        message_ids=tuple(int(i) for i in meta.get("message_ids") or ()),
        unknown=str(meta.get("unknown") or ""),
        stale_button=bool(meta.get("stale_button")),
        event=str(meta.get("event") or "message"),
    )
