"""YAML with the line of every value, and the list of what is wrong with it. Knows nothing of packs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import yaml

# libyaml's parser is several times faster; where PyYAML was built without it, the pure one gives the same.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NULL = "tag:yaml.org,2002:null"


@dataclass(frozen=True)
class Node:
    """A YAML value and where it stands. Scalars stay the text that was written: ``no`` is ``"no"``."""

    place: str  #: ``packs/power/pack.yml:12``
    value: str | tuple[Node, ...] | Mapping[str, Node] | None

    @property
    def shown(self) -> str:
        """The value as a problem names it, never long."""
        if self.value is None:
            return "nothing"
        if isinstance(self.value, tuple):
            return "a list"
        if isinstance(self.value, Mapping):
            return "a mapping"
        return repr(self.value if len(self.value) <= 60 else self.value[:57] + "…")


class Findings:
    """Problems in the order they were met, each once."""

    def __init__(self) -> None:
        self._problems: dict[str, None] = {}

    def add(self, where: Node | str, expected: str, found: str) -> None:
        """One problem in the shape ``place: expected …, found …``."""
        place = where if isinstance(where, str) else where.place
        self._problems[f"{place}: expected {expected}, found {found}"] = None

    def all(self) -> tuple[str, ...]:
        """Every problem so far."""
        return tuple(self._problems)


def read(path: Path, *, shown_as: str, findings: Findings) -> Node | None:
    """The file's top value; ``None`` when it cannot be read, which is then among ``findings``."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    except FileNotFoundError:
        findings.add(f"{shown_as}:1", "this file", "none")
        return None
    except (OSError, UnicodeDecodeError) as error:
        findings.add(f"{shown_as}:1", "a readable file in UTF-8", type(error).__name__)
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        findings.add(f"{shown_as}:{line}", "well-formed YAML", error.problem or "something else")
        return None
    if root is None:
        findings.add(f"{shown_as}:1", "a mapping", "an empty file")
        return None
    return _node(root, shown_as=shown_as, findings=findings)


def _node(raw: yaml.Node, *, shown_as: str, findings: Findings) -> Node:
    place = f"{shown_as}:{raw.start_mark.line + 1}"
    if isinstance(raw, yaml.ScalarNode):
        return Node(place, None if raw.tag == _NULL else raw.value)
    if isinstance(raw, yaml.SequenceNode):
        return Node(place, tuple(_node(item, shown_as=shown_as, findings=findings) for item in raw.value))
    mapping: dict[str, Node] = {}
    for key, item in raw.value:
        key_place = f"{shown_as}:{key.start_mark.line + 1}"
        if not isinstance(key, yaml.ScalarNode):
            findings.add(key_place, "a plain key", "a compound one")
            continue
        if key.value in mapping:
            findings.add(key_place, "each key once", f"{key.value!r} again")
            continue
        mapping[key.value] = _node(item, shown_as=shown_as, findings=findings)
    return Node(place, mapping)


def mapping(
    node: Node, *, allowed: Iterable[str] | None, findings: Findings, what: str = "a mapping"
) -> Mapping[str, Node]:
    """The entries of ``node``; an unknown key is a problem. ``allowed=None`` takes any. Wrong kind: empty."""
    if not isinstance(node.value, Mapping):
        findings.add(node, what, node.shown)
        return {}
    if allowed is not None:
        known = tuple(allowed)
        for key, item in node.value.items():
            if key not in known:
                near = get_close_matches(key, known, n=1)
                hint = f" (meant {near[0]!r}?)" if near else ""
                findings.add(item, f"one of the keys {', '.join(known)}", f"{key!r}{hint}")
    return node.value


def items(node: Node | None, *, findings: Findings, what: str = "a list") -> tuple[Node, ...]:
    """The entries of a list; a missing node is an empty list, another kind a problem and empty."""
    if node is None:
        return ()
    if not isinstance(node.value, tuple):
        findings.add(node, what, node.shown)
        return ()
    return node.value


def string(node: Node, *, findings: Findings, what: str = "a text") -> str:
    """The scalar as written, stripped. Nothing, or another kind of value: a problem and ``""``."""
    if not isinstance(node.value, str) or not node.value.strip():
        findings.add(node, what, node.shown)
        return ""
    return node.value.strip()


def strings(node: Node | None, *, findings: Findings, what: str = "a list of texts") -> tuple[str, ...]:
    """A list of scalars, each once."""
    seen: dict[str, None] = {}
    for item in items(node, findings=findings, what=what):
        text = string(item, findings=findings)
        if text in seen:
            findings.add(item, "each entry once", f"{text!r} again")
        seen[text] = None
    return tuple(text for text in seen if text)


def one_of(node: Node, choices: Iterable[str], *, findings: Findings, what: str) -> str:
    """One of ``choices``, else a problem and ``""``."""
    text = string(node, findings=findings, what=what)
    known = tuple(choices)
    if text and text not in known:
        near = get_close_matches(text, known, n=1)
        hint = f" (meant {near[0]!r}?)" if near else ""
        findings.add(node, f"{what}: {', '.join(known)}", f"{text!r}{hint}")
        return ""
    return text
