"""A turn that corrects two fields or more: which of its clauses speak of which field.

"是前天，在市政务大厅", "Monday not Tuesday, and £160 not £150", "wrong amount and wrong day".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from actions.heard import Heard
from actions.intake.fields_named import NO_MORE, field_named, holding, names_of
from actions.intake.parts import WHAT, Setting
from casework.packs import Field
from casework.tickets.model import Intake
from understanding.details.corrections import find_correction

#: A longer turn tells a story.
_LONGEST = 120
_CUT = re.compile(
    r"[,，。;；、!！?？\n]+|\.(?=\s|$)|(?<=[改错下处])[:：]|(?<=things)[:：]"
    r"|\s(?:and|but|also|plus)\s(?:the )?|(?<=[一-鿿])\s+(?=[一-鿿])|(?<=[一-鿿0-9])(?:和|跟|还有|以及|而且|并且|另外)",
    re.IGNORECASE,
)
#: What a clause takes back: "not £150", "不是7号楼".
_DENIED = re.compile(
    r"(?:不是|不在|而非)(?P<zh>[^,，。是]{1,16}?)(?=是|的|$)"
    r"|\b(?:not|n't|rather than|instead of) (?:the |on |at )?(?P<en>[^,.]{1,30})",
    re.IGNORECASE,
)
_WRONG = re.compile(
    r"[都也]|两处|两个地方|上面|搞|有误|\b(?:and|both|are|were|also|as well|all|two things|too|got|have|has|you|i)\b",
    re.IGNORECASE,
)
#: "前天下午四点在8号楼": a time and a place with hardly anything between them are two fields.
_WHEN_AND_WHERE = ({"when", "place"}, {"when", "organisation"})
_SIDE_BY_SIDE = 4
#: A clause without a name of its field is about the detail in it only if it says little besides.
_FEW_WORDS, _FEW_SIGNS, _MOST_OF_IT = 5, 10, 0.4


def by_field(setting: Setting, intake: Intake, heard: Heard) -> list[tuple[Field, Heard]]:
    """Two filled fields or more, each with the clauses about it as a turn of its own; empty for one field."""
    text = heard.text
    if len(text) > _LONGEST:
        return []
    spoken: dict[str, tuple[Field, list[tuple[int, int]]]] = {}
    last: Field | None = None
    for start, end in _clauses(heard):
        field = _about(setting, intake, _piece(heard, [(start, end)])) or last
        if field is not None:
            spoken.setdefault(field.key, (field, []))[1].append((start, end))
        last = field
    if len(spoken) < 2:
        return []
    return [(field, _piece(heard, spans)) for field, spans in spoken.values()]


def all_wrong(setting: Setting, intake: Intake, text: str) -> list[Field]:
    """Two filled fields or more that the turn names as wrong, without a word about what is right."""
    said = text.lower()
    if len(said) > _LONGEST / 2:
        return []
    found = []
    for known in setting.fields(intake):
        said_so = [name for name in sorted(names_of(known), key=len, reverse=True) if name in said]
        if said_so and known.key in intake.details and known.key != WHAT:
            found.append(known)
            for name in said_so:
                said = said.replace(name, " ")
    left = NO_MORE.sub("", re.sub("和|跟|与|及|、", "", _WRONG.sub("", said)))
    return found if len(found) > 1 and not left else []


def _clauses(heard: Heard) -> Iterator[tuple[int, int]]:
    cuts = [
        cut.span()
        for cut in _CUT.finditer(heard.text)
        if not any(d.start < cut.end() and cut.start() < d.end for d in heard.details)
    ]
    cuts += [
        (first.end, first.end)
        for first, second in pairwise(sorted(heard.details, key=lambda d: d.start))
        if {first.kind, second.kind} in _WHEN_AND_WHERE and 0 <= second.start - first.end <= _SIDE_BY_SIDE
    ]
    start = 0
    for first, last in sorted(cuts):
        yield start, first
        start = last
    yield start, len(heard.text)


def _piece(heard: Heard, spans: list[tuple[int, int]]) -> Heard:
    """The turn as if only ``spans`` of it had been said."""
    text, details = "", []
    for start, end in spans:
        text += ", " if text else ""
        shift = len(text) - start
        details += [
            replace(d, start=d.start + shift, end=d.end + shift)
            for d in heard.details
            if start <= d.start and d.end <= end
        ]
        text += heard.text[start:end]
    return replace(heard, text=text, details=tuple(details))


def _about(setting: Setting, intake: Intake, clause: Heard) -> Field | None:
    """The filled field that one clause speaks of."""
    if (denied := _DENIED.search(clause.text)) and (
        held := holding(setting, intake, (denied["zh"] or denied["en"] or "").strip())
    ):
        return held
    named = field_named(setting, intake, clause.text)
    if named is not None and named.key in intake.details and named.key != WHAT:
        return named
    correction = find_correction(clause.text)
    if correction is not None and correction.tail and (held := _contact(setting, intake)):
        return held
    kinds = {detail.kind for detail in clause.details}
    said = clause.text.strip()
    covered = sum(len(d.text) for d in clause.details)
    short = len(said.split()) <= _FEW_WORDS and (said.isascii() or len(said) <= _FEW_SIGNS)
    if kinds & {"phone", "email"} and (held := _contact(setting, intake)):
        return held
    if not (short or covered >= _MOST_OF_IT * len(said)):
        return None
    filled = [f for f in setting.fields(intake) if f.key in intake.details and kinds & set(f.kinds)]
    return next((f for f in filled if f.key != WHAT), None)


def _contact(setting: Setting, intake: Intake) -> Field | None:
    filled = (f for f in setting.fields(intake) if f.key in intake.details)
    return next((f for f in filled if f.type == "contact"), None)
