"""Which dialogue act a turn is, given what the bot asked last. Learned; no rules about single acts here."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from understanding.features import words
from understanding.fold import fold
from understanding.linear import (
    CALIBRATED_ON,
    Columns,
    Floats,
    LinearModel,
    Recipe,
    as_targets,
    held_out_scores,
    softmax,
)
from understanding.model import ACTS, Language, Ranked

_NAME = "intent"
_OUT_OF_SCOPE = "out_of_scope"

#: Question keys by the kind of answer they ask for. Keys that are not here count as ``other_field``.
# fmt: off
_GROUPS: dict[str, tuple[str, ...]] = {
    "when": (
        "when", "date", "time", "since", "start_time", "month", "period", "event_date", "decision_date",
        "return_date", "apply_date", "dates", "end_date", "time_now", "time_of_day", "deadline",
        "missed_since", "meal_time", "time_pattern", "appointment",
    ),
    "where": (
        "where", "place", "address", "exact_place", "hall", "site", "hall_or_site", "estate", "room",
        "building", "building_unit", "village", "facility", "venue", "unit", "branch_or_channel",
        "site_or_phone", "room_or_table", "school_or_hospital", "window",
    ),
    "who": (
        "window_or_staff", "staff", "person", "seller", "employer", "contractor", "engineer", "lender",
        "merchant", "sender",
    ),
    "number": (
        "order_no", "account", "account_or_address", "earlier_no", "number_tail", "account_no",
        "application_no", "bill_no", "claim_no", "queue_no", "booking_no", "policy_no", "loan_no",
        "card_tail", "account_tail", "number_or_account", "tracking", "reference", "amount", "times",
        "times_visited", "price_paid", "price_seen", "usual_amount", "meter_reading", "fee", "people",
        "size", "households", "age", "loss",
    ),
    "yes_no": (
        "still_live", "in_house_now", "still_happening", "injury", "vulnerable_person", "police_called",
        "notice_given", "consent", "accident", "treated", "repeat", "medical_device", "address_ok",
        "keep_item", "code_shared", "neighbours", "people_near", "agreement",
    ),
    "offer": ("person_offer", "resume"),
    "contact": ("contact", "phone", "name", "email"),
    "evidence": (
        "evidence", "photo", "proof", "receipt", "record", "sample", "contract_or_proof", "papers_given",
    ),
    "what": (
        "what", "description", "words", "words_or_act", "matter", "symptom", "symptoms", "what_was_said",
        "what_changed",
    ),
    "want": ("want", "remedy"),
    "category": ("category", "another_complaint"),
    "confirmation": ("confirmation", "confirm"),
    "anonymous": ("anonymous", "anonymous_or_named"),
    "rating": ("rating", "score"),
    "other_field": (),
}
# fmt: on
_GROUP_OF = {key: group for group, keys in _GROUPS.items() for key in keys}
_GROUP_NAMES = tuple(_GROUPS)

#: Columns a context group has besides itself: very short, short, with digits, a question.
_TRAITS = 5
_QUESTION = re.compile(r"[?？]\s*$|[吗嗎呢么麼]\s*[?？]?\s*$")
_CONTEXT_WEIGHT = 0.7

#: Source: cross-validation on data/nlu, see bench/understanding.py.
RECIPE = Recipe(
    sparse=1.0, vector=1.0, strength=10.0, balance=0.5, neighbours=0.6, sharpness=20.0, min_count=4, axes=64
)

#: Acts that may interrupt any question. Every second of their examples is learned once more, lightly, under
#: some question: without that a "get me a person" in the middle of a form looks like an answer (accuracy of
#: such turns .62 without, .76 with, at the cost of one point on plain answers).
# fmt: off
_INTERRUPTIONS = frozenset({
    "greet", "goodbye", "thank", "ask_question", "query_progress", "urge_handling", "supplement_details",
    "withdraw_complaint", "request_human", "cancel_intake", "start_over", "ask_why", "request_anonymity",
    "privacy_request", "bot_challenge", "abuse", "switch_language", "help",
})
# fmt: on
_INTERRUPTION_WEIGHT = 0.15


@dataclass(frozen=True)
class IntentExample:
    """``context`` is the key of the question that the text answers, ``None`` if nothing was asked."""

    text: str
    act: str
    context: str | None
    language: Language


def context_group(context: str | None) -> str | None:
    """The kind of question behind a key (``order_no`` is a ``number``); a group's own name is kept."""
    if context is None or context in _GROUPS:
        return context
    return _GROUP_OF.get(context, "other_field")


def margin(ranking: Sequence[Ranked]) -> float:
    """How far the best is ahead of the second, 0 to 1."""
    return ranking[0].confidence - ranking[1].confidence if len(ranking) > 1 else 1.0


class IntentModel:
    """Ranks dialogue acts. ``floor`` is the confidence under which a turn counts as out of scope."""

    def __init__(self, linear: LinearModel, floor: float) -> None:
        self._linear = linear
        self.floor = floor

    @classmethod
    def train(cls, examples: Sequence[IntentExample], *, folds: int = 3) -> IntentModel:
        """Learn from ``examples``; seconds for a few thousand.

        Raises: ValueError for an unknown act or fewer than two acts.
        """
        unknown = {example.act for example in examples} - set(ACTS)
        if unknown:
            raise ValueError(f"unknown dialogue acts: {', '.join(sorted(unknown))}")
        if len({example.act for example in examples}) < 2:
            raise ValueError("at least two dialogue acts are needed")
        learned = [*examples, *_interruptions(examples)]
        texts = [example.text for example in learned]
        labels = [example.act for example in learned]
        extra = np.stack([_context_row(example.text, example.context) for example in learned])
        copied = len(learned) - len(examples)
        weights = np.repeat([1.0, _INTERRUPTION_WEIGHT], [len(examples), copied])
        names, targets = as_targets(labels)
        columns = Columns.of(texts, recipe=RECIPE, extra=extra)
        every = np.arange(len(learned))
        linear = LinearModel.fit(columns, every, targets, names, recipe=RECIPE, weights=weights)
        floor = 0.0
        if folds > 1:
            rows, scores = held_out_scores(
                columns, targets, names, recipe=RECIPE, weights=weights, folds=folds, limit=CALIBRATED_ON
            )
            original = rows < len(examples)
            rows, scores = rows[original], scores[original]
            linear.calibrate(scores, targets[rows])
            floor = _best_floor(softmax(scores / linear.temperature), names, [labels[i] for i in rows])
        return cls(linear, floor)

    def predict(self, text: str, *, context: str | None = None) -> tuple[Ranked, ...]:
        """All acts with calibrated probabilities, best first."""
        chances = self._linear.probabilities(text, extra=_context_row(text, context))
        order = np.argsort(-chances, kind="stable")
        return tuple(Ranked(self._linear.labels[i], float(chances[i])) for i in order)

    def decide(self, text: str, *, context: str | None = None) -> tuple[Ranked, tuple[Ranked, ...]]:
        """The act to go by, and the whole ranking.

        The act is ``out_of_scope`` when no act is likely enough; its confidence is then what speaks against
        the best act. A small :func:`margin` means that a check question is better than a guess.
        """
        ranking = self.predict(text, context=context)
        best = ranking[0]
        if not fold(text).text.strip() or best.confidence < self.floor:
            return Ranked(_OUT_OF_SCOPE, 1.0 - best.confidence), ranking
        return best, ranking

    def save(self, directory: Path) -> None:
        self._linear.save(directory, _NAME)
        about = {"floor": self.floor}
        (directory / f"{_NAME}.decision.json").write_text(json.dumps(about), encoding="utf-8")

    @classmethod
    def load(cls, directory: Path) -> IntentModel:
        """Raises: FileNotFoundError."""
        about = json.loads((directory / f"{_NAME}.decision.json").read_text(encoding="utf-8"))
        return cls(LinearModel.load(directory, _NAME), float(about["floor"]))


def _context_row(text: str, context: str | None) -> Floats:
    """One-hot of the question's group, alone and crossed with what the answer looks like."""
    row = np.zeros((len(_GROUP_NAMES) + 1) * _TRAITS, dtype=np.float32)
    group = context_group(context)
    start = (0 if group is None else 1 + _GROUP_NAMES.index(group)) * _TRAITS
    tokens = words(text[:200])
    row[start : start + _TRAITS] = (
        1.0,
        len(tokens) <= 2,
        3 <= len(tokens) <= 8,
        any(token[0] == "0" for token in tokens),
        bool(_QUESTION.search(text[-8:])),
    )
    return row * np.float32(_CONTEXT_WEIGHT)


def _interruptions(examples: Sequence[IntentExample]) -> list[IntentExample]:
    """Copies of every second interrupting example, dealt out over the questions that occur."""
    asked = [example.context for example in examples if example.context is not None]
    plain = [e for e in examples if e.context is None and e.act in _INTERRUPTIONS][::2]
    if not asked:
        return []
    # a step that is prime to most lengths, so that neighbours get different questions
    return [replace(e, context=asked[number * 31 % len(asked)]) for number, e in enumerate(plain)]


def _best_floor(chances: Floats, names: Sequence[str], labels: Sequence[str]) -> float:
    """The floor with the fewest held-out mistakes, counting turns that are out of scope."""
    if _OUT_OF_SCOPE not in names:
        return 0.1
    best, guessed = chances.max(axis=1), np.asarray(names)[chances.argmax(axis=1)]
    truth = np.asarray(labels)

    def mistakes(floor: float) -> int:
        return int((np.where(best < floor, _OUT_OF_SCOPE, guessed) != truth).sum())

    return min((step / 100 for step in range(5, 40)), key=mistakes)
