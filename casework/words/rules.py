"""The rules of one language (``rules.zh.yml``, ``rules.en.yml``) as compiled patterns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

Patterns = tuple[re.Pattern[str], ...]


@dataclass(frozen=True)
class Rules:
    """See the files for what each entry is for. ``limit``: characters of a fact that is said back.

    ``avoid``: kinds of clauses that are not said back. ``swap``: replacements in order. ``signs``: what the kinds
    of people sound like, by ``influence loyal rational emotional``. ``felt``: words that show a feeling
    plainly. ``hanging``: what refers to something said before it. ``checks``: what our own sentences must not
    hold, by ``apology claims promises human gushing fault``. ``spelling``: pairs of British and American forms.
    ``undated``: times that are no point in the past ("every evening", "tomorrow"): nothing goes on since then.
    ``plain``: words that have a capital only at the beginning of a sentence.
    """

    language: str
    limit: int
    avoid: Mapping[str, Patterns]
    strip_start: Patterns
    strip_end: Patterns
    swap: tuple[tuple[re.Pattern[str], str], ...]
    bare: re.Pattern[str]
    passive: re.Pattern[str] | None
    hanging: re.Pattern[str]
    plural: re.Pattern[str]
    subject: re.Pattern[str] | None
    verb: re.Pattern[str] | None
    topic: re.Pattern[str] | None
    accuses: Patterns
    attributed: Patterns
    concrete: Patterns
    opinion: Patterns
    trouble: Patterns
    felt: Mapping[str, Patterns]
    sincere: Patterns
    grief: Patterns
    undated: Patterns
    formal: Patterns
    colloquial: re.Pattern[str]
    signs: Mapping[str, Patterns]
    checks: Mapping[str, Patterns]
    spelling: tuple[tuple[str, str], ...] = ()
    british: re.Pattern[str] | None = None
    american: re.Pattern[str] | None = None
    plain: frozenset[str] = frozenset()

    @classmethod
    def read(cls, path: Path, *, language: str) -> Rules:
        """Raises: OSError, yaml.YAMLError, KeyError, TypeError, re.error."""
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        optional = {
            name: _one(data[name]) for name in ("subject", "verb", "topic", "passive") if name in data
        }
        spelling = {name: _one(data[name]) for name in ("british", "american") if name in data}
        return cls(
            language=language,
            limit=int(data["limit"]),
            avoid={name: _many(patterns) for name, patterns in data["avoid"].items()},
            strip_start=_at_start(data["strip_start"]),
            strip_end=_many(data["strip_end"]),
            swap=tuple((_one(pattern), str(new)) for pattern, new in data["swap"]),
            bare=_one(data["bare"]),
            passive=optional.get("passive"),
            plural=_one(data["plural"]),
            subject=optional.get("subject"),
            verb=optional.get("verb"),
            topic=optional.get("topic"),
            accuses=_many(data["accuses"]),
            attributed=_many(data["attributed"]),
            concrete=_many(data["concrete"]),
            opinion=_many(data["opinion"]),
            trouble=_many(data["trouble"]),
            felt={label: _many(patterns) for label, patterns in data["felt"].items()},
            hanging=_one(data["hanging"]),
            sincere=_many(data["sincere"]),
            grief=_many(data["grief"]),
            undated=_many(data["undated"]),
            formal=_many(data["formal"]),
            colloquial=_one(data["colloquial"]),
            signs={name: _many(patterns) for name, patterns in data["people"].items()},
            checks={name: _many(data[name]) for name in CHECKS},
            spelling=tuple((str(a), str(b)) for a, b in data.get("spelling", ())),
            british=spelling.get("british"),
            american=spelling.get("american"),
            plain=frozenset(data.get("plain", ())),
        )


CHECKS = ("apology", "claims", "promises", "human", "gushing", "fault")


def _one(pattern: Any) -> re.Pattern[str]:
    return re.compile(str(pattern), re.IGNORECASE)


def _many(patterns: Sequence[str]) -> Patterns:
    return tuple(_one(pattern) for pattern in patterns)


def _at_start(patterns: Sequence[str]) -> Patterns:
    return tuple(_one(f"(?:{pattern})") for pattern in patterns)


def any_in(patterns: Patterns, text: str) -> re.Match[str] | None:
    """The first match of the first pattern that is in ``text``."""
    return next((found for pattern in patterns if (found := pattern.search(text))), None)
