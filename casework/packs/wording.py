"""Rules for the texts of a pack: length, one question, the right script, nothing we never say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

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


def faults(
    text: str, language: str, rule: Rule, never_say: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, str, str]]:
    """What was expected, what was found, and the cure; none when ``text`` is fine."""
    yield from _length_faults(text, language, rule)
    if rule.questions and len(re.findall("[?？]", text)) > rule.questions:
        yield "one question", f"{text!r}", "Ask one thing; the other may be a field of its own"
    if language == "en" and not is_written_in(text, "en"):
        yield "English", f"Chinese characters in {text!r}", "Write it in English"
    if language == "zh" and rule.han and not is_written_in(text, "zh"):
        yield "Chinese", f"{text!r}", "Write it in Chinese"
    if not rule.placeholders and ("{" in text or "}" in text):
        yield "no placeholder", f"{text!r}", "Only steps have placeholders"
    for found in never_said(text, language, never_say):
        cure = "Say what is done, by whom and by when; never_say in common.yml lists what to avoid"
        yield "nothing we never say", f"{found!r}", cure


def is_written_in(text: str, language: str) -> bool:
    """Chinese has a Chinese character, English has none."""
    return (_HAN.search(text) is not None) == (language == "zh")


def never_said(text: str, language: str, never_say: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """What is in ``text`` that no text of ours may hold."""
    for pattern in never_say.get(language, ()):
        if (match := _compiled(pattern).search(text)) is not None:
            yield match.group()


def _length_faults(text: str, language: str, rule: Rule) -> Iterator[tuple[str, str, str]]:
    limit = rule.zh_chars if language == "zh" else rule.en_chars
    if limit and len(text) > limit:
        yield f"at most {limit} characters", str(len(text)), "Shorten it"
    if language == "en" and rule.en_words and len(text.split()) > rule.en_words:
        yield f"at most {rule.en_words} words", str(len(text.split())), "Shorten it"


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
