"""Answering in the person's own script and spelling, and saying that a program answers where the law asks for it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Literal

from casework.words.rules import Rules
from casework.words.voice import Voice

#: OpenCC's table for the Traditional characters of a country.
_TABLES = {"TW": "s2tw", "HK": "s2hk"}


def mirrored(
    text: str, voice: Voice, *, language: str, script: str = "", country: str = "", sample: str = ""
) -> str:
    """``text`` (our own words) as this person writes: ``script`` ``hant`` gives Traditional characters; British or
    American spelling follows ``sample``, what they wrote, else the ``country`` of the organisation."""
    if voice.language(language) == "zh":
        return traditional(text, country) if script == "hant" else text
    return _spelt(text, voice.rules["en"], _variety(voice.rules["en"], sample, country))


def traditional(text: str, country: str = "") -> str:
    """Simplified to Traditional characters, as written in ``country``."""
    return str(_converter(_TABLES.get(country, "s2t")).convert(text))


@lru_cache(maxsize=3)
def _converter(table: str) -> Any:
    from opencc import OpenCC  # its tables take 40 ms to read, for those who need them

    return OpenCC(table)


def _variety(rules: Rules, sample: str, country: str) -> Literal["british", "american"]:
    british = len(rules.british.findall(sample)) if rules.british else 0
    american = len(rules.american.findall(sample)) if rules.american else 0
    if british == american:
        return "american" if country == "US" else "british"
    return "british" if british > american else "american"


def _spelt(text: str, rules: Rules, variety: Literal["british", "american"]) -> str:
    for one, other in rules.spelling:
        old, new = (one, other) if variety == "american" else (other, one)
        if variety == "british" and old in ("check", "program", "meter", "license"):
            continue  # words of their own in British English
        text = re.sub(rf"(?<![A-Za-z]){old}(?=(?:s|d|ed|r)?(?![A-Za-z]))", new, text)
        text = re.sub(rf"(?<![A-Za-z]){old.title()}(?=(?:s|d|ed|r)?(?![A-Za-z]))", new.title(), text)
    return text


def labelled(text: str, voice: Voice, *, language: str, country: str) -> str:
    """The first answer of a conversation with the word that a program wrote it, where the law of ``country`` asks
    for it; left alone if it says so itself. An unknown country gets the label."""
    ours = voice.language(language)
    if not voice.label.required.get(country, True) or voice.label.says_so[ours].search(text):
        return text
    label = voice.label.chat.in_(ours)
    return f"{text}\n{label}" if text else text
