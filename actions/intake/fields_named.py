"""Which field of the draft a text speaks of: by its label, by a word for its kind, by what it holds.

What a turn puts right is :mod:`.correcting`.
"""

from __future__ import annotations

import re

from actions.intake.parts import CONTACT, WHAT, Setting
from actions.intake.phrases import FIELD_WORDS, KEY_WORDS
from casework.packs import Field
from casework.tickets.model import Intake

#: A longer turn tells a story; it may hold a correction but is not one that a name of a field makes.
MAX_NAMING = 40
#: A name of a field and nothing with it that says something ("the phone", "改一下电话").
NO_MORE = re.compile(
    r"我的?|那个|这个|要?改|一下|号码?|要|想|请|的|吧|了|不对|有误|[说写填打记弄搞选]?错"
    r"|\b(?:the|my|that|it'?s|its|is|about|number|no|please|fix|change|wrong|incorrect|not|right|correct)\b|\W",
    re.IGNORECASE,
)


def field_named(setting: Setting, intake: Intake, text: str) -> Field | None:
    """The field whose name a short text speaks of ("改时间", "the phone number is wrong").

    A field that holds something wins over one that was only asked.
    """
    if len(text) > MAX_NAMING:
        return None
    said = text.lower()
    touched = {*intake.details, *intake.declined, *intake.asked, CONTACT}
    named = [
        known
        for known in setting.fields(intake)
        if known.key in touched and any(name in said for name in names_of(known))
    ]
    by_label = [known for known in named if label_in(known, said)]
    ranked = sorted(by_label or named, key=lambda known: known.key not in intake.details)
    return ranked[0] if ranked else None


def names(known: Field, text: str) -> bool:
    """Whether a text speaks of this field by its label or by a word for its kind."""
    said = text.lower()
    return any(name in said for name in names_of(known))


def label_in(known: Field, said: str) -> bool:
    return known.label.zh in said or known.label.en.lower() in said


def holding(setting: Setting, intake: Intake, words: str) -> Field | None:
    """The filled field in whose value ``words`` stand."""
    for key in intake.details:
        known = setting.field(intake, key)
        if known is not None and key != WHAT and holds(intake, known, words):
            return known
    return None


def holds(intake: Intake, known: Field, words: str) -> bool:
    detail = intake.details.get(known.key)
    return bool(words) and detail is not None and words.lower() in f"{detail.text} {detail.display}".lower()


def labelled(setting: Setting, intake: Intake, text: str) -> Field | None:
    """The filled field whose whole label stands in a short text, the longest: "卡号后四位" is not any 卡号."""
    if len(text) > MAX_NAMING:
        return None
    named = [f for f in setting.fields(intake) if f.key in intake.details and label_in(f, text.lower())]
    return max(named, key=lambda known: len(known.label.in_(setting.language)), default=None)


def names_of(known: Field) -> list[str]:
    return [
        known.label.zh,
        known.label.en.lower(),
        *FIELD_WORDS.get(known.type, ()),
        *KEY_WORDS.get(known.key, ()),
    ]
