"""Reading ``packs/_words`` strictly: every sentence, in both languages, or a list of everything that is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from casework.packs.source import Findings, Node, items, mapping, read, string
from casework.text import Text
from casework.words.checking import Stage, alike, differences, faults, style_faults
from casework.words.rules import Rules

LANGUAGES = ("zh", "en")
EMOTIONS = ("angry", "anxious", "disappointed", "sad", "sarcastic", "grateful")
_SLOT = re.compile(r"\{(\w+)\}")
#: What acknowledgements may be filled with. ``Fact`` begins an English sentence.
FACT_SLOTS = (
    "fact",
    "Fact",
    "quote",
    "topic",
    "when",
    "place",
    "organisation",
    "duration",
    "amount",
    "years",
)
_STEPS = ("apology", "count", "whole", "public", "history", "pace", "person")
_PROMISES = ("angry", "anxious", "disappointed", "sad", "influence", "loyal", "rational")
_GROUPS = (
    *(f"{emotion} {level}" for emotion in EMOTIONS for level in (1, 2, 3)), "neutral 0", "more", "danger", "grief",
)  # fmt: skip
#: Sentences of an acknowledgement. Source: handbook, section 5 (at most two before the action).
_MOST_SENTENCES = 2


class WordsError(Exception):
    """``packs/_words`` cannot be used. ``problems``: all of them, each with its place."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Pattern:
    """One sentence or two with slots. ``kind``: the kind of person it is for (``E R I L``), empty for all."""

    text: str
    group: str
    kind: str = ""

    @property
    def slots(self) -> frozenset[str]:
        """What must be known to fill it; ``Fact`` is ``fact``."""
        return frozenset(name.lower() if name == "Fact" else name for name in _SLOT.findall(self.text))


@dataclass(frozen=True)
class Book:
    """The sentences of one language by group."""

    acknowledge: Mapping[str, tuple[Pattern, ...]]
    steps: Mapping[str, tuple[Pattern, ...]]
    promises: Mapping[str, tuple[Pattern, ...]]


@dataclass(frozen=True)
class Label:
    """How people are told that they read a machine. ``required``: by country, whether the law asks for it."""

    chat: Text
    says_so: Mapping[str, re.Pattern[str]]
    required: Mapping[str, bool]


@dataclass(frozen=True)
class Voice:
    """Everything of ``packs/_words``."""

    books: Mapping[str, Book]
    rules: Mapping[str, Rules]
    label: Label

    @classmethod
    def load(cls, root: Path, *, never_say: Mapping[str, Sequence[str]]) -> Voice:
        """Read and check the folder ``root``. Raises: WordsError."""
        try:
            rules = {
                language: Rules.read(root / f"rules.{language}.yml", language=language)
                for language in LANGUAGES
            }
            label = _label(root / "label.yml")
        except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError, re.error) as error:
            raise WordsError([f"{root.name}: rules or label: {type(error).__name__}: {error}"]) from error
        findings = Findings()
        books = {
            language: _Reader(root, rules[language], tuple(never_say.get(language, ())), findings).book()
            for language in LANGUAGES
        }
        for name in ("acknowledge", "steps", "promises"):
            one, other = (getattr(books[language], name) for language in LANGUAGES)
            for group in differences(one, other):
                findings.add(f"{root.name}/{name}", f"{group!r} in both languages", "one of them")
        if findings.all():
            raise WordsError(findings.all())
        return cls(books, rules, label)

    def language(self, language: str) -> str:
        """The one of our languages for a BCP 47 tag."""
        return "zh" if language.lower().startswith("zh") else "en"


def _label(path: Path) -> Label:
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Label(
        chat=Text(**data["chat"]),
        says_so={language: re.compile(str(pattern)) for language, pattern in data["says_so"].items()},
        required={country: bool(about["required"]) for country, about in data["countries"].items()},
    )


class _Reader:
    """Reads the three files of one language."""

    def __init__(self, root: Path, rules: Rules, never_say: tuple[str, ...], findings: Findings) -> None:
        self._root, self._rules, self._never_say, self._findings = root, rules, never_say, findings

    def book(self) -> Book:
        groups = [*_GROUPS]
        return Book(
            acknowledge=self._file("acknowledge", groups, FACT_SLOTS, "before", apologies=0),
            steps=self._file("steps", _STEPS, ("n",), "before", apologies=1),
            promises=self._file(
                "promises", _PROMISES, ("department", "first", "due", "number"), "after", apologies=0
            ),
        )

    def _file(
        self, name: str, groups: Sequence[str], slots: Sequence[str], stage: Stage, *, apologies: int
    ) -> dict[str, tuple[Pattern, ...]]:
        shown = f"{self._root.name}/{name}.{self._rules.language}.yml"
        path = self._root / f"{name}.{self._rules.language}.yml"
        top = read(path, shown_as=shown, findings=self._findings)
        if top is None:
            return {}
        found: dict[str, tuple[Pattern, ...]] = {}
        placed: list[tuple[str, str]] = []
        for key, node in mapping(top, allowed=None, findings=self._findings).items():
            group, kind = _group_and_kind(key)
            if group.removesuffix(" plain") not in groups:
                self._findings.add(
                    node, f"one of the groups {', '.join(groups)}", repr(key), "Rename or delete it"
                )
            texts = [
                (item, string(item, findings=self._findings)) for item in items(node, findings=self._findings)
            ]
            for item, text in texts:
                self._check(item, text, group, slots, stage, apologies=apologies)
                placed.append((item.place, text))
            self._check_alike(shown, [(item.place, text) for item, text in texts])
            found[key] = tuple(Pattern(text, group, kind) for _, text in texts)
        self._check_once(placed)
        for group in groups:
            if not found.get(group):
                self._findings.add(shown, f"sentences for {group!r}", "none")
        return found

    def _check(
        self, item: Node, text: str, group: str, slots: Sequence[str], stage: Stage, *, apologies: int
    ) -> None:
        for fault in self._faults(text, () if group.endswith(" plain") else slots, stage, apologies):
            self._findings.add(item, "a sentence we can stand by", f"{text!r}, which {fault}")

    def _faults(self, text: str, slots: Sequence[str], stage: Stage, apologies: int) -> Iterator[str]:
        yield from faults(
            text,
            self._rules,
            stage=stage,
            never_say=self._never_say,
            slots=slots,
            questions=1 if stage == "after" else 0,
            apologies=apologies,
            sentences=_MOST_SENTENCES,
        )
        yield from style_faults(text, self._rules)

    def _check_once(self, placed: Sequence[tuple[str, str]]) -> None:
        seen: dict[str, str] = {}
        for place, text in placed:
            if text in seen:
                self._findings.add(
                    place, "each sentence once", f"the one of {seen[text]} again", "Delete one"
                )
            seen[text] = place

    def _check_alike(self, shown: str, placed: Sequence[tuple[str, str]]) -> None:
        """Of one group only: across groups, what was said before keeps openings apart."""
        for places, opening in alike(placed):
            self._findings.add(shown, "sentences that begin differently", f"{opening!r} at {places}")


def _group_and_kind(key: str) -> tuple[str, str]:
    head, _, last = key.rpartition(" ")
    return (head, last) if last in ("E", "R", "I", "L") else (key, "")
