"""Answers with their placeholders filled from the packs: they follow when somebody changes a time limit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from casework.knowledge.model import Entry
from casework.packs.model import Packs, Span
from casework.packs.source import Fault

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
#: What of a category can be named, as in ``{due:PWR-BIL-04}``.
OF_CATEGORY = ("first", "due", "department")


def placeholders(answer: str) -> list[str]:
    """What stands in braces, sorted."""
    return sorted(_PLACEHOLDER.findall(answer))


def filled(entry: Entry, packs: Packs, words: Mapping[str, str]) -> tuple[Entry, list[Fault]]:
    """The entry with the placeholders of its answer filled, and what could not be."""
    problems: list[Fault] = []

    def known(code: str) -> bool:
        if code in packs.codes and packs.category(code).pack == entry.pack:
            return True
        expected, values = f"a category of the pack {entry.pack}", {"found": code, "pack": entry.pack}
        problems.append(Fault(expected, repr(code), "See its pack.yml", "other_category", values))
        return False

    def fill(match: re.Match[str]) -> str:
        what, _, code = match[1].partition(":")
        if what in words and not code:
            return words[what]
        if what not in OF_CATEGORY or not code:
            expected = "{organisation}, {hours}, {first:CODE}, {due:CODE} or {department:CODE}"
            cure = "Other words in braces are not filled"
            values = {"found": match[0], "known": expected.replace(" or", ",")}
            problems.append(Fault(expected, match[0], cure, "unknown_variable", values))
            return ""
        if not known(code):
            return ""
        category = packs.category(code)
        if what == "department":
            return category.department.name.in_(entry.language)
        sla = category.sla
        return spelled(sla.first_response if what == "first" else sla.resolution, entry.language)

    for code in entry.categories:
        known(code)
    return replace(entry, answer=_PLACEHOLDER.sub(fill, entry.answer)), problems


_UNITS: Mapping[str, tuple[str, str, str]] = {
    "minutes": ("分钟", "minute", "minutes"),
    "hours": ("小时", "hour", "hours"),
    "days": ("天", "day", "days"),
    "working_days": ("个工作日", "working day", "working days"),
}


def spelled(span: Span, language: str) -> str:
    """A length of time in words: ``5个工作日``, ``45 minutes``."""
    zh, one, many = _UNITS[span.unit]
    if language == "zh":
        return f"{span.amount:g}{zh}"
    return f"{span.amount:g} {one if span.amount == 1 else many}"
