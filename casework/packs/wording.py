"""Rules for the texts of a pack: length, one question, the right script, nothing we never say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from casework.packs.source import Fault

_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class Rule:
    """What one kind of text must keep to. ``0`` means no limit.

    ``han``: whether the Chinese wording must hold a Chinese character (a number can be a sample answer).
    """

    zh_chars: int = 0
    en_chars: int = 0
    en_words: int = 0
    questions: int = 0
    placeholders: bool = False
    han: bool = True


#: Source: product default; longer questions are not read by someone who is upset.
QUESTION = Rule(zh_chars=30, en_words=18, questions=1)
#: Source: product default, so that two buttons fit beside each other on a phone.
BUTTON = Rule(zh_chars=8, en_chars=20)


def faults(text: str, language: str, rule: Rule, never_say: Mapping[str, tuple[str, ...]]) -> Iterator[Fault]:
    """None when ``text`` is fine."""
    said = {"text": text}
    yield from _length_faults(text, language, rule)
    if rule.questions and len(re.findall("[?？]", text)) > rule.questions:
        cure = "Ask one thing; the other may be a field of its own"
        yield Fault("one question", f"{text!r}", cure, "two_questions", said)
    if language == "en" and not is_written_in(text, "en"):
        found = f"Chinese characters in {text!r}"
        yield Fault("English", found, "Write it in English", "not_in_en", said)
    if language == "zh" and rule.han and not is_written_in(text, "zh"):
        yield Fault("Chinese", f"{text!r}", "Write it in Chinese", "not_in_zh", said)
    if not rule.placeholders and ("{" in text or "}" in text):
        yield Fault("no placeholder", f"{text!r}", "Only steps have placeholders", "braces_here", said)
    for found in never_said(text, language, never_say):
        cure = "Say what is done, by whom and by when; never_say in common.yml lists what to avoid"
        yield Fault("nothing we never say", f"{found!r}", cure, "never_say", {"found": found})


def is_written_in(text: str, language: str) -> bool:
    """Chinese has a Chinese character, English has none."""
    return (_HAN.search(text) is not None) == (language == "zh")


def never_said(text: str, language: str, never_say: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """What is in ``text`` that no text of ours may hold."""
    for pattern in never_say.get(language, ()):
        if (match := _compiled(pattern).search(text)) is not None:
            yield match.group()


def _length_faults(text: str, language: str, rule: Rule) -> Iterator[Fault]:
    limit, length, words = rule.zh_chars if language == "zh" else rule.en_chars, len(text), len(text.split())
    if limit and length > limit:
        values = {"most": limit, "found": length}
        yield Fault(f"at most {limit} characters", str(length), "Shorten it", "text_long", values)
    if language == "en" and rule.en_words and words > rule.en_words:
        values = {"most": rule.en_words, "found": words}
        yield Fault(f"at most {rule.en_words} words", str(words), "Shorten it", "text_wordy", values)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
