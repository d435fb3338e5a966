"""What is wrong with a sentence of ours. The same check runs at start, in tests, and over the domain's responses."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Literal

from casework.words.memory import openings
from casework.words.rules import Rules, any_in

#: When a text is said: before a complaint is filed, or after the commit, when the ticket exists.
Stage = Literal["before", "after"]

_HAN = re.compile(r"[\u3400-\u9fff]")
_SLOT = re.compile(r"\{(\w*)\}")
_BRACE = re.compile(r"[{}]")
_QUESTION = re.compile(r"[?？]")
_SENTENCE_END = re.compile(r"[。？！]|[.?!](?=\s|$)")
_SENTENCE = re.compile(r"(?<=[。！？\n])|(?<=[.!?])\s+")
#: Who, and until when. The step is the verb that makes it a promise.
_WHO = frozenset(["department", "owner"])
_TIME = frozenset(["first", "due", "time", "date"])
#: Patterns of one language that may begin alike. Source: product default; more make a conversation sound canned.
MAX_ALIKE = 3
#: Longest sentence group of ours, without what fills it.
_LONGEST = {"zh": 64, "en": 34}


def faults(
    text: str,
    rules: Rules,
    *,
    stage: Stage,
    never_say: Iterable[str],
    slots: Collection[str],
    questions: int = 1,
    apologies: int = 1,
    sentences: int = 0,
) -> Iterator[str]:
    """What is wrong with ``text``, one line each. ``sentences``: at most so many; 0 for any number."""
    bare = _SLOT.sub("", text)
    if bool(_HAN.search(bare)) != (rules.language == "zh"):
        yield f"is not written in {rules.language}"
    yield from _brace_faults(text, bare, slots)
    if len(_QUESTION.findall(bare)) > questions:
        yield f"asks more than {questions} question{'' if questions == 1 else 's'}"
    regrets = sum(len(pattern.findall(bare)) for pattern in rules.checks["apology"])
    if regrets > apologies:
        yield f"apologises {regrets} times, {apologies} allowed"
    if sentences and len(_SENTENCE_END.findall(bare)) > sentences:
        yield f"has more than {sentences} sentences"
    for pattern in never_say:
        if (match := re.search(pattern, bare, re.IGNORECASE)) is not None:
            yield f"holds {match.group()!r}, which we never say"
    yield from _truth_faults(text, rules, stage)


def style_faults(text: str, rules: Rules) -> Iterator[str]:
    """What only sentences of ``packs/_words`` must keep to: plain, short, no feelings of a machine."""
    bare = _SLOT.sub("", text)
    for name, why in (("human", "claims a feeling"), ("gushing", "gushes")):
        if (match := any_in(rules.checks[name], bare)) is not None:
            yield f"{why}: {match.group()!r}"
    length = len(bare) if rules.language == "zh" else len(bare.split())
    if length > _LONGEST[rules.language]:
        yield f"is longer than {_LONGEST[rules.language]} {'characters' if rules.language == 'zh' else 'words'}"


def _brace_faults(text: str, bare: str, slots: Collection[str]) -> Iterator[str]:
    if _BRACE.search(bare):
        yield "has a brace that is no placeholder"
    for name in _SLOT.findall(text):
        if name not in slots:
            yield f"uses {{{name}}}; it may use {', '.join(sorted(slots)) or 'no placeholder'}"


def _truth_faults(text: str, rules: Rules, stage: Stage) -> Iterator[str]:
    if (match := any_in(rules.checks["fault"], text)) is not None:
        yield f"admits or denies a fault before a finding: {match.group()!r}"
    if stage == "before" and (match := any_in(rules.checks["claims"], text)) is not None:
        yield f"claims {match.group()!r}, which is not in the database yet"
    for sentence in _SENTENCE.split(text):
        match = any_in(rules.checks["promises"], sentence)
        named = set(_SLOT.findall(sentence))
        if match is not None and not (named & _WHO and named & _TIME):
            yield f"promises {match.group()!r} without who and until when"


def alike(patterns: Iterable[tuple[str, str]], *, limit: int = MAX_ALIKE) -> Iterator[tuple[str, str]]:
    """Places and openings of patterns that begin like more than ``limit`` others. ``patterns``: (place, text)."""
    seen: dict[str, list[str]] = defaultdict(list)
    for place, text in patterns:
        if not text.lstrip('"“').startswith("{"):  # what fills the slot makes each beginning its own
            for opening in openings(text)[:1]:
                seen[opening].append(place)
    for opening, places in seen.items():
        if len(places) > limit:
            yield ", ".join(places), opening


def differences(one: Mapping[str, Collection[str]], other: Mapping[str, Collection[str]]) -> Iterator[str]:
    """Groups that only one of two languages has, or has sentences in."""
    for name in sorted({*one, *other}):
        if not one.get(name) or not other.get(name):
            yield name
