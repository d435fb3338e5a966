"""The values of a sector pack. Reading and checking the files is in ``loading``."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from casework.packs.overlay import Edits
from casework.text import Text

FieldType = Literal[
    "when", "place", "text", "contact", "amount", "count", "duration", "reference", "choice", "yes_no",
    "person",
]  # fmt: skip
Unit = Literal["minutes", "hours", "days", "working_days"]
Mark = Literal["V", "V2", "O", "D"]
Nature = Literal["complaint", "report"]

#: Detail kinds of the language code that may fill a field.
KINDS: tuple[str, ...] = (
    "when", "phone", "email", "reference", "amount", "id_number", "plate", "duration", "count", "place",
    "organisation", "window", "staff", "name", "remedy", "matter",
)  # fmt: skip


class UnknownCategory(KeyError):
    """No loaded pack has a category of this code."""


@dataclass(frozen=True)
class Choice:
    """One button. ``words`` are what people say for it, in both languages, lower case."""

    value: str
    title: Text
    words: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """A stretch of free text that fills a field; offsets count Python characters of that text."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


@dataclass(frozen=True)
class Field:
    """One thing a category wants to know.

    ``label`` is the noun of the read-back, ``ask`` the one question, ``why`` the reason in one sentence,
    ``example`` a sample answer. ``kinds`` are the detail kinds that fill it out of free text; ``cues`` are
    patterns for what has no detail kind. ``choices`` is empty but for the types ``choice`` and ``yes_no``,
    whose values are then ``yes``, ``no`` and sometimes ``unsure``. ``sensitive``: personal data.
    """

    key: str
    type: FieldType
    label: Text
    ask: Text
    why: Text
    example: Text
    choices: tuple[Choice, ...] = ()
    kinds: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    sensitive: bool = False

    def cued(self, text: str) -> Found | None:
        """The earliest cue in ``text``: its group 1, or the whole match where the cue has no group."""
        found: Found | None = None
        for cue in self.cues:
            match = _compiled(cue).search(text)
            if match is None:
                continue
            group = 1 if match.re.groups and match.group(1) is not None else 0
            if found is None or match.start(group) < found.start:
                found = Found(match.group(group).strip(), match.start(group), match.end(group))
        return found

    def choice_for(self, text: str) -> Choice | None:
        """The choice meant by ``text``: its exact title, value or word, else the longest word inside it.

        A word that is denied ("没人受伤", "no ventilator") does not count; a denied ``yes`` means ``no``.
        """
        said = text.strip().strip("。！？.!?,，~～ ").lower().replace("’", "'")
        told = AGREES.sub("", said)
        best: tuple[int, Choice] | None = None
        denied = False
        for choice in self.choices:
            titles = (choice.title.zh.lower(), choice.title.en.lower())
            if said in (choice.value, *titles, *choice.words):
                return choice
            reach = _WIDE if choice.value == "yes" else _NARROW
            for word in (*titles, *choice.words):
                holds = _stands(told, word, reach)
                denied = denied or (holds is False and choice.value == "yes")
                if holds and (best is None or len(word) > best[0]):
                    best = (len(word), choice)
        if best is None and denied:
            return next((choice for choice in self.choices if choice.value == "no"), None)
        return best[1] if best else None


#: A yes that is written like a no.
AGREES = re.compile("[没沒][错錯]|[没沒][问問][题題]|不[错錯假]")
#: A denial right before a word, and one earlier in the same clause. "没电" is news, not a denial.
_NARROW = re.compile(r"(?:没有?|未|无|不)$|\b(?:no|not|never|without|\w+n't)(?: an?| any| the)? $")
_WIDE = re.compile(
    r"(?:没(?![电水气热])|未|无|不)[^，。！？,.!?]{0,6}$"
    r"|\b(?:no|not|none|nobody|no-one|never|without|\w+n't)\b[^,.!?]{0,30}$"
)


def _stands(said: str, word: str, denial: re.Pattern[str]) -> bool | None:
    """Whether ``word`` stands in ``said``; ``False``: only where it is denied, ``None``: not at all.

    A word in Latin letters stands only between word boundaries.
    """
    pattern = rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])" if word.isascii() else re.escape(word)
    found: bool | None = None
    for match in _compiled(pattern).finditer(said):
        if denial.search(said[: match.start()]) is None:
            return True
        found = False
    return found


@dataclass(frozen=True)
class Span:
    """A length of time; ``working_days`` follow the organisation's calendar, the rest the clock."""

    amount: float
    unit: Unit


@dataclass(frozen=True)
class SlaProfile:
    """What is promised. ``steps`` use ``{department}``, ``{first}`` and ``{due}`` and nothing else.

    ``mark`` says how sure the figures are: ``V`` seen in a public page, ``V2`` seen in a weak one, ``O``
    general knowledge, ``D`` product default.
    """

    code: str
    first_response: Span
    resolution: Span
    extension: Span | None
    steps: tuple[Text, ...]
    source: str
    mark: Mark


@dataclass(frozen=True)
class Department:
    """Who handles a category by default. ``key``: ``pack.key``, so that two packs may each have a ``quality``."""

    key: str
    name: Text


@dataclass(frozen=True)
class Category:
    """A level-2 category.

    ``severity``: 1 (idea) to 5 (life or money in danger now). ``required`` is in asking order, at most five
    besides ``contact``, which comes last; ``noted`` is kept if said and never asked. ``sla.steps`` are
    already those of this category. No two fields take the same kind of detail.
    """

    code: str
    parent: str
    pack: str
    name: Text
    parent_name: Text
    department: Department
    sla: SlaProfile
    severity: int
    nature: Nature
    required: tuple[Field, ...]
    noted: tuple[Field, ...]

    def field(self, key: str) -> Field | None:
        """The required or noted field ``key`` as this category words it."""
        return next((field for field in (*self.required, *self.noted) if field.key == key), None)


@dataclass(frozen=True)
class Pack:
    """One sector. ``categories``: level-2 code to category, in the order of the file."""

    key: str
    name: Text
    greeting_examples: tuple[Text, ...]
    categories: Mapping[str, Category]


@dataclass(frozen=True)
class Packs:
    """``packs``: those in use; :meth:`category` also knows what was filed in one that was switched off.
    ``never_say``: patterns per language that no text of ours may hold."""

    packs: tuple[Pack, ...]
    never_say: Mapping[str, tuple[str, ...]]
    _categories: Mapping[str, Category]
    _fields: Mapping[str, Field]

    @classmethod
    def load(
        cls,
        root: Path,
        names: Sequence[str],
        *,
        edits: Edits = MappingProxyType({}),
        off: Collection[str] = (),
    ) -> Packs:
        """Read ``names`` below ``root``, the folder of ``common.yml``, with ``edits`` laid over them. Those of ``off``
        are read so that what is open in them goes on.

        Raises: PackError, with every problem of every file.
        """
        from casework.packs.loading import load  # the loader builds these values, so it imports this module

        return load(root, names, edits=edits, off=off)

    def __contains__(self, code: object) -> bool:
        """Whether :meth:`category` knows it."""
        return code in self._categories

    def category(self, code: str) -> Category:
        """Raises: UnknownCategory."""
        try:
            return self._categories[code]
        except KeyError:
            raise UnknownCategory(code) from None

    @property
    def codes(self) -> tuple[str, ...]:
        """Every level-2 code of the packs in use, pack by pack, in file order."""
        return tuple(code for pack in self.packs for code in pack.categories)

    def fields(self) -> Mapping[str, Field]:
        """Every field key in use, each in its pack's general wording (the first pack wins)."""
        return self._fields

    def label(self, code: str, language: str) -> str:
        """``窗口服务态度 · 冷漠推诿``. Raises: UnknownCategory."""
        category = self.category(code)
        return f"{category.parent_name.in_(language)} · {category.name.in_(language)}"
