"""What is wrong with the openings of a pack: ``packs/<name>/examples.{zh,en}.yml``, code to sentences.

The sentences are what the category is recognised by; loading a pack does not need them, a check does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from casework.packs.source import Findings, Node, items, mapping, near, read, string

#: Fewest different openings of a category and language. Source: product default; with fewer a category is
#: hardly ever recognised.
MIN_EXAMPLES = 15

_HAN = re.compile(r"[\u3400-\u9fff]")
_SAME = re.compile(r"[\W_]+")


def check_examples(root: Path, name: str, codes: Sequence[str], findings: Findings) -> None:
    """Both files of the pack ``name``, which has the level-2 ``codes``."""
    for language in ("zh", "en"):
        shown = f"{root.name}/{name}/examples.{language}.yml"
        node = read(
            root / name / f"examples.{language}.yml",
            shown_as=shown,
            findings=findings,
            cure=f"Create it with {MIN_EXAMPLES} openings below each category's code",
        )
        if node is not None:
            _check_file(node, shown, language, codes, findings)


def _check_file(node: Node, shown: str, language: str, codes: Sequence[str], findings: Findings) -> None:
    entries = mapping(node, allowed=None, findings=findings, what="codes with lists of openings")
    owners: dict[str, str] = {}
    for code, entry in entries.items():
        if codes and code not in codes:
            findings.add(
                entry,
                "a code of this pack",
                f"{code!r}{near(code, codes)}",
                "Correct it or delete its openings",
            )
            continue
        _check_openings(code, entry, language, owners, findings)
    for code in codes:
        if code not in entries:
            findings.add(f"{shown}:1", f"openings of {code}", "none", f"Write {MIN_EXAMPLES} or more")


def _check_openings(
    code: str, entry: Node, language: str, owners: dict[str, str], findings: Findings
) -> None:
    different = set()
    for item in items(entry, findings=findings, what="a list of openings"):
        text = string(item, findings=findings, what="an opening")
        if not text:
            continue
        if (_HAN.search(text) is not None) is not (language == "zh"):
            expected = "an opening in Chinese" if language == "zh" else "an opening in English"
            findings.add(item, expected, repr(text), "Move it to the file of its language")
        letters = _SAME.sub("", text).lower() or text
        if (owner := owners.setdefault(letters, code)) != code or letters in different:
            findings.add(
                item, "each opening once", f"{text!r} also under {owner}", "Keep the one that fits best"
            )
        different.add(letters)
    if len(different) < MIN_EXAMPLES:
        findings.add(
            entry,
            f"at least {MIN_EXAMPLES} different openings of {code}",
            str(len(different)),
            f"Write {MIN_EXAMPLES - len(different)} more, as different people would",
        )


def codes_of(top: Mapping[str, Node]) -> tuple[str, ...]:
    """The level-2 codes as a pack file writes them, whatever else is wrong with it."""
    categories = top.get("categories")
    found: list[str] = []
    for entry in _entries(categories).values():
        found += _entries(_entries(entry).get("categories"))
    return tuple(found)


def _entries(node: Node | None) -> Mapping[str, Node]:
    return node.value if node is not None and isinstance(node.value, Mapping) else {}
