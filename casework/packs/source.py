"""YAML with the line of every value, and the list of what is wrong with it. Knows nothing of packs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import yaml

from casework.text import Reason

# libyaml's parser is several times faster; where PyYAML was built without it, the pure one gives the same.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NULL = "tag:yaml.org,2002:null"


@dataclass(frozen=True)
class Node:
    """A YAML value and where it stands. Scalars stay the text that was written: ``no`` is ``"no"``."""

    place: str  #: ``packs/power/pack.yml:12``
    value: str | tuple[Node, ...] | Mapping[str, Node] | None
    key: str = ""  #: ``fields.scope.choices[2]``; empty for the whole file

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


#: Of what only an editor of files can get wrong: said in the words of the files' own check.
IN_FILE = "file"


class Fault(NamedTuple):
    """What was expected, what was found, and the cure, which is for what does not follow from the first. ``code`` with
    ``values`` says the same in the language of who reads it at a desk."""

    expected: str
    found: str
    cure: str = ""
    code: str = IN_FILE
    values: Mapping[str, object] = MappingProxyType({})


class Problem(Reason):
    """A fault and where it is: ``place: key: expected …, found …. Cure.``"""

    place: str
    key: str

    def __new__(cls, where: Node | str, fault: Fault) -> Problem:
        place, key = (where, "") if isinstance(where, str) else (where.place, where.key)
        said = f"expected {fault.expected}, found {fault.found}" + (f". {fault.cure}." if fault.cure else "")
        words = ": ".join(part for part in (place, key, said) if part)
        made = super().__new__(cls, fault.code, "{words}", words=words)
        made.values = {"said": said, **fault.values}
        made.place, made.key = place, key
        return made


class Findings:
    """Problems in the order they were met, each once."""

    def __init__(self) -> None:
        self._problems: dict[Problem, None] = {}

    def add(self, where: Node | str, expected: str, found: str, cure: str = "") -> None:
        """One problem that only an editor of files can make."""
        self.note(where, Fault(expected, found, cure))

    def note(self, where: Node | str, fault: Fault) -> None:
        """One problem."""
        self._problems[Problem(where, fault)] = None

    def all(self) -> tuple[Problem, ...]:
        """Every problem so far."""
        return tuple(self._problems)


def read(path: Path, *, shown_as: str, findings: Findings, cure: str = "") -> Node | None:
    """The file's top value; ``None`` when it cannot be read, which is then among ``findings``.

    ``cure``: what to do where there is no such file.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        findings.add(f"{shown_as}:1", "this file", "none", cure)
        return None
    except (OSError, UnicodeDecodeError) as error:
        findings.add(
            f"{shown_as}:1", "a readable file in UTF-8", type(error).__name__, "Save it as UTF-8 text"
        )
        return None
    return parse(text, shown_as=shown_as, findings=findings)


def parse(text: str, *, shown_as: str, findings: Findings) -> Node | None:
    """The top value of YAML that was read already; ``None`` as with ``read``."""
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        cure = "Look at this line and those above for a missing quote, bracket, colon or space"
        findings.add(f"{shown_as}:{line}", "well-formed YAML", error.problem or "something else", cure)
        return None
    if root is None:
        findings.add(f"{shown_as}:1", "a mapping", "an empty file")
        return None
    return _node(root, "", shown_as=shown_as, findings=findings)


def _node(raw: yaml.Node, key: str, *, shown_as: str, findings: Findings) -> Node:
    place = f"{shown_as}:{raw.start_mark.line + 1}"
    if isinstance(raw, yaml.ScalarNode):
        return Node(place, None if raw.tag == _NULL else raw.value, key)
    if isinstance(raw, yaml.SequenceNode):
        found = (
            _node(item, f"{key}[{number}]", shown_as=shown_as, findings=findings)
            for number, item in enumerate(raw.value, start=1)
        )
        return Node(place, tuple(found), key)
    mapping: dict[str, Node] = {}
    for name, item in raw.value:
        name_place = f"{shown_as}:{name.start_mark.line + 1}"
        if not isinstance(name, yaml.ScalarNode):
            findings.add(name_place, "a plain key", "a compound one", "Put the text in quotes")
            continue
        below = f"{key}.{name.value}" if key else name.value
        if name.value in mapping:
            cure = "Delete one of them or give it another name"
            findings.add(Node(name_place, None, below), "each key once", f"{name.value!r} again", cure)
            continue
        mapping[name.value] = _node(item, below, shown_as=shown_as, findings=findings)
    return Node(place, mapping, key)


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
                found = f"{key!r}{near(key, known)}"
                findings.add(item, f"one of the keys {', '.join(known)}", found, "Rename or delete it")
    return node.value


def near(said: str, known: Iterable[str]) -> str:
    """The closest of ``known`` as a hint behind what was found; empty when none is close."""
    matches = get_close_matches(said, tuple(known), n=1)
    return f" (meant {matches[0]!r}?)" if matches else ""


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
        findings.note(node, Fault(what, node.shown, code="needed_text"))
        return ""
    return node.value.strip()


def strings(node: Node | None, *, findings: Findings, what: str = "a list of texts") -> tuple[str, ...]:
    """A list of scalars, each once."""
    seen: dict[str, None] = {}
    for item in items(node, findings=findings, what=what):
        text = string(item, findings=findings)
        if text in seen:
            findings.add(item, "each entry once", f"{text!r} again", "Delete one")
        seen[text] = None
    return tuple(text for text in seen if text)


def one_of(node: Node, choices: Iterable[str], *, findings: Findings, what: str, cure: str = "") -> str:
    """One of ``choices``, else a problem and ``""``."""
    text = string(node, findings=findings, what=what)
    known = tuple(choices)
    if text and text not in known:
        listed = ", ".join(known)
        values = {"found": text, "known": listed}
        findings.note(
            node, Fault(f"{what}: {listed}", f"{text!r}{near(text, known)}", cure, "one_of", values)
        )
        return ""
    return text
