"""Entries that were published at the desk: both languages of one in the shape of an edit."""

from __future__ import annotations

import logging
from collections.abc import Container, Iterator, Mapping
from datetime import date
from typing import Any

from casework.knowledge.filling import filled
from casework.knowledge.model import Entry
from casework.packs.model import Packs

logger = logging.getLogger(__name__)

#: Said in each language; the rest of an entry is the same in all.
SAID = ("title", "questions", "answer", "source")
DAYS = ("as_of", "valid_from", "valid_until")


def as_json(pair: Mapping[str, Entry]) -> dict[str, Any]:
    """One entry: ``{"pack": …, "zh": {"title": …}, "en": {…}}``; a language that it lacks has nothing to say."""
    one = next(iter(pair.values()))
    return {
        "pack": one.pack,
        "address": one.address,
        **{name: getattr(one, name).isoformat() for name in DAYS},
        "categories": list(one.categories),
        "countries": list(one.countries),
        **{language: _said(pair.get(language)) for language in ("zh", "en")},
    }


def _said(entry: Entry | None) -> dict[str, Any]:
    if entry is None:
        return {"title": "", "questions": [], "answer": "", "source": ""}
    return {**{name: getattr(entry, name) for name in SAID}, "questions": list(entry.questions)}


def from_json(key: str, data: Mapping[str, Any]) -> dict[str, Entry]:
    """By language, placeholders not filled. Raises: KeyError, ValueError."""
    return {
        language: Entry(
            key=key,
            language=language,
            title=said["title"],
            questions=tuple(said["questions"]),
            answer=said["answer"],
            source=said["source"],
            address=data["address"],
            pack=data["pack"],
            categories=tuple(data["categories"]),
            countries=tuple(data["countries"]),
            as_of=date.fromisoformat(data["as_of"]),
            valid_from=date.fromisoformat(data["valid_from"]),
            valid_until=date.fromisoformat(data["valid_until"]),
        )
        for language, said in ((name, data[name]) for name in ("zh", "en"))
    }


def published(
    edits: Mapping[str, Any], packs: Packs, words: Mapping[str, str], *, among: Container[str]
) -> Iterator[Entry]:
    """The entries of ``edits`` of these packs, ready to be said. One that names a category that is no more is left
    out: it must not keep the house from starting."""
    for key, data in edits.items():
        if not data or data["pack"] not in among:
            continue
        for entry in from_json(key, data).values():
            ready, problems = filled(entry, packs, words)
            if problems:
                logger.warning("knowledge.left_out: %s (%s): %s", key, entry.language, problems[0].found)
            else:
                yield ready
