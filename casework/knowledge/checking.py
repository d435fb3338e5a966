"""Whether an entry that was written at the desk can be said: the rules of the files, each with a reason of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from casework.house import House
from casework.knowledge.files import (
    LANGUAGES,
    MAX_CHARS,
    MAX_SENTENCES,
    MIN_QUESTIONS,
    SHARED,
    folded,
    sentences,
)
from casework.knowledge.filling import filled, placeholders
from casework.knowledge.model import Entry
from casework.knowledge.overlay import from_json
from casework.publishing import unsayable
from casework.text import Reason


def packs_of(house: House) -> tuple[str, ...]:
    """What an entry can belong to: all organisations, or a pack in use."""
    return (SHARED.lstrip("_"), *(pack.key for pack in house.packs.packs))


def problem(key: str, data: Mapping[str, Any], *, house: House, today: date) -> Reason | None:
    """The first thing that keeps the entry from being said, or none."""
    pair = from_json(key, data)
    return next(_problems(key, pair, house, today), None)


def _problems(key: str, pair: Mapping[str, Entry], house: House, today: date) -> Iterator[Reason]:
    taken = {
        folded(question): entry.title
        for entry in house.knowledge.entries
        if entry.key != key
        for question in entry.questions
    }
    for language in LANGUAGES:
        yield from _of_language(pair[language], house)
        for question in pair[language].questions:
            if title := taken.get(folded(question)):
                yield Reason("question_taken", "{question} leads to {title}", question=question, title=title)
    entry = pair["zh"]
    if placeholders(entry.answer) != placeholders(pair["en"].answer):
        yield Reason("braces_differ", "both languages need the same words in braces")
    if entry.pack not in packs_of(house):
        yield Reason("no_pack", "there is no pack {pack} in use", pack=entry.pack)
    if entry.address and (
        urlsplit(entry.address).scheme not in ("http", "https") or not urlsplit(entry.address).netloc
    ):
        yield Reason("address", "a full address begins with https://")
    if entry.valid_from > entry.valid_until:
        yield Reason("days_turned", "it ends before it begins")
    if entry.as_of > today:
        yield Reason("compared_later", "nobody has compared it on a day that is still to come")


def _of_language(entry: Entry, house: House) -> Iterator[Reason]:
    language = entry.language
    if not (entry.title and entry.answer and entry.source):
        yield Reason("needed", "title, answer and source are needed in both languages")
    if len(entry.questions) < MIN_QUESTIONS:
        yield Reason("few_questions", "at least {n} ways of asking in each language", n=MIN_QUESTIONS)
    if sentences(entry.answer) > MAX_SENTENCES or len(entry.answer) > MAX_CHARS[language]:
        yield Reason(
            "answer_long",
            "at most {n} sentences and {chars} characters",
            n=MAX_SENTENCES,
            chars=MAX_CHARS[language],
        )
    words = {"organisation": house.organisation, "hours": house.office.hours}
    for fault in filled(entry, house.packs, words)[1]:
        yield Reason(fault.code, "{found} is not filled", **fault.values)
    for text in (entry.title, entry.answer):
        if reason := unsayable(text, language, house.packs.never_say):
            yield reason
