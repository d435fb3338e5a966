"""From the YAML of the packs to their values, with every mistake of every file reported at once.

``packs/common.yml`` holds the fields and SLA profiles all packs share and the phrases no text may hold;
``packs/<name>/pack.yml`` holds one sector. What stands nearer to a category wins: common, pack, level 1,
level 2.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast, get_args

from casework.packs import wording
from casework.packs.examples import check_examples, codes_of
from casework.packs.model import Category, Department, Field, Nature, Pack, Packs, SlaProfile
from casework.packs.overlay import Edits, overlaid
from casework.packs.patterns import faults
from casework.packs.source import Findings, Node, Problem, items, mapping, near, one_of, read, string
from casework.packs.values import NO_SPAN, NO_TEXT, Layer, ValueReader, patterns
from casework.text import Text

#: Most questions a person is asked besides the contact. Source: product default (five questions at most).
MAX_REQUIRED = 5

_COMMON_KEYS = ("fields", "sla", "never_say")
_PACK_KEYS = ("key", "name", "greeting_examples", "departments", "sla", "fields", "categories")
_LEVEL2_KEYS = (
    "name", "department", "sla", "severity", "nature", "required", "noted", "fields", "steps",
)  # fmt: skip
_LEVEL1_KEYS = (*_LEVEL2_KEYS, "categories")
_CODE1 = re.compile(r"[A-Z]{3}-[A-Z]{3}")
_CODE2 = re.compile(r"[A-Z]{3}-[A-Z]{3}-\d{2}")


class PackError(Exception):
    """Pack files that cannot be used.

    ``problems``: every one, each as ``packs/power/pack.yml:123: fields.scope.ask: expected …, found …. Cure.``
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def check(root: Path, names: Sequence[str] | None = None) -> list[str]:
    """Every problem of the packs ``names`` below ``root``, ``None``: of every folder there.

    Besides what loading refuses: openings that are missing or too few, and cues that could run away. Takes
    a second or two for a few hundred cues. Empty: nothing to mend.
    """
    names = names_below(root) if names is None else tuple(names)
    findings = Findings()
    try:
        load(root, names, edits={}, off=())
    except PackError as error:
        problems = list(error.problems)
    else:
        problems = []
    for name in dict.fromkeys(names):
        shown, silent = f"{root.name}/{name}/pack.yml", Findings()
        node = read(root / name / "pack.yml", shown_as=shown, findings=silent)
        if node is not None and isinstance(node.value, Mapping):
            _check_cues(node, findings)
            check_examples(root, name, codes_of(node.value), findings)
    if (
        common := read(root / "common.yml", shown_as=f"{root.name}/common.yml", findings=Findings())
    ) is not None:
        _check_cues(common, findings)
    return [*problems, *findings.all()]


def names_below(root: Path) -> tuple[str, ...]:
    """The folders of ``root``, sorted; each is or ought to be a pack."""
    return tuple(sorted(path.name for path in root.iterdir() if path.is_dir() and path.name[0] not in "._"))


def _check_cues(node: Node, findings: Findings) -> None:
    """Every pattern below a key ``cues``, however deep."""
    if isinstance(node.value, Mapping):
        for name, below in node.value.items():
            for cue in below.value if name == "cues" and isinstance(below.value, tuple) else ():
                for expected, found, cure in faults(cue.value) if isinstance(cue.value, str) else ():
                    findings.add(cue, expected, found, cure)
            _check_cues(below, findings)


def load(root: Path, names: Sequence[str], *, edits: Edits, off: Collection[str]) -> Packs:
    """See :meth:`Packs.load`."""
    findings = Findings()
    common = _read_common(root, edits.get("common", {}), findings)
    packs: list[Pack] = []
    categories: dict[str, Category] = {}
    fields: dict[str, Field] = {}
    for name in dict.fromkeys(names):
        node = read(
            root / name / "pack.yml",
            shown_as=f"{root.name}/{name}/pack.yml",
            findings=findings,
            cure=_no_such_pack(root, name),
        )
        if node is None:
            continue
        reader = _PackReader(name, overlaid(node, edits.get(name, {})), common=common, findings=findings)
        pack = reader.pack()
        packs.append(pack)
        for code, category in pack.categories.items():
            if code in categories:
                found = f"{code}, also in {categories[code].pack}"
                findings.add(
                    node, "codes no other pack has", found, "Begin this pack's codes with other letters"
                )
            categories[code] = category
        if name not in off:
            for key, field in reader.fields.items():
                fields.setdefault(key, field)
    if findings.all():
        raise PackError(findings.all())
    return Packs(
        tuple(pack for pack in packs if pack.key not in off),
        never_say=common.never_say,
        _categories=categories,
        _fields=fields,
    )


def _no_such_pack(root: Path, name: str) -> str:
    known = names_below(root) if root.is_dir() else ()
    hint = near(name, known)
    return f"Create it, or run other packs: {', '.join(known) or 'there are none'}{hint}"


@dataclass(frozen=True)
class _Common:
    """What all packs share."""

    fields: Mapping[str, Layer]
    sla: Mapping[str, SlaProfile]
    never_say: Mapping[str, tuple[str, ...]]


def _read_common(root: Path, edits: Mapping[str, Any], findings: Findings) -> _Common:
    node = read(root / "common.yml", shown_as=f"{root.name}/common.yml", findings=findings)
    if node is None:
        return _Common({}, {}, {})
    top = mapping(overlaid(node, edits), allowed=_COMMON_KEYS, findings=findings)
    never_say: dict[str, tuple[str, ...]] = {}
    if (phrases := top.get("never_say")) is not None:
        for language, entry in mapping(phrases, allowed=("zh", "en"), findings=findings).items():
            never_say[language] = patterns(entry, findings)
    reader = ValueReader(findings, never_say)
    return _Common(reader.layers(top.get("fields")), reader.profiles(top.get("sla")), never_say)


@dataclass(frozen=True)
class _Level:
    """One category entry of either level, as written."""

    code: str
    node: Node
    entries: Mapping[str, Node]
    layers: Mapping[str, Layer]


class _PackReader:
    """Reads one pack, level by level. ``fields`` are its fields in their general wording."""

    def __init__(self, name: str, node: Node, *, common: _Common, findings: Findings) -> None:
        self._name, self._node, self._findings = name, node, findings
        self._top = mapping(node, allowed=_PACK_KEYS, findings=findings)
        self._values = ValueReader(findings, common.never_say)
        own = self._values.layers(self._top.get("fields"))
        self._layers = {
            key: tuple(layers[key] for layers in (common.fields, own) if key in layers)
            for key in (*common.fields, *own)
        }
        self.fields = {
            key: self._values.field(key, layers, owner=node) for key, layers in self._layers.items()
        }
        self._profiles = {**common.sla, **self._values.profiles(self._top.get("sla"))}
        self._departments = {
            key: Department(f"{name}.{key}", self._text("department's name", entry, owner=entry))
            for key, entry in self._section("departments").items()
        }

    def pack(self) -> Pack:
        """The pack; what is wrong with it is among the findings."""
        if (key := self._top.get("key")) is None or key.value != self._name:
            cure = "The key is the name of the folder"
            self._findings.add(key or self._node, f"key: {self._name}", key.shown if key else "none", cure)
        greetings = items(self._top.get("greeting_examples"), findings=self._findings)
        if not 2 <= len(greetings) <= 3:
            where = self._top.get("greeting_examples", self._node)
            cure = "They are shown to people who do not know how to begin"
            self._findings.add(where, "2 or 3 greeting_examples", str(len(greetings)), cure)
        categories: dict[str, Category] = {}
        for code, entry in self._section("categories").items():
            if not _CODE1.fullmatch(code):
                self._findings.add(entry, "a level-1 code such as GOV-ATT", repr(code))
            for category in self._below(self._level(code, entry, allowed=_LEVEL1_KEYS)):
                categories[category.code] = category
        return Pack(
            key=self._name,
            name=self._text("name", self._top.get("name"), owner=self._node),
            greeting_examples=tuple(self._text("greeting example", item, owner=item) for item in greetings),
            categories=categories,
        )

    def _section(self, name: str) -> Mapping[str, Node]:
        node = self._top.get(name)
        if node is None:
            self._findings.add(self._node, name, "none", f"Write a part {name}: at the left edge")
            return {}
        return mapping(node, allowed=None, findings=self._findings, what=name)

    def _text(self, what: str, node: Node | None, *, owner: Node) -> Text:
        return self._values.text(node, owner=owner, what=f"a {what}", rule=wording.Rule())

    def _level(self, code: str, node: Node, *, allowed: Sequence[str]) -> _Level:
        entries = mapping(node, allowed=allowed, findings=self._findings, what="a category")
        return _Level(code, node, entries, self._values.layers(entries.get("fields")))

    def _below(self, above: _Level) -> list[Category]:
        """The level-2 categories of one level-1 entry."""
        name = self._text("name", above.entries.get("name"), owner=above.node)
        node = above.entries.get("categories")
        children = mapping(node, allowed=None, findings=self._findings) if node else {}
        if not children:
            cure = f"Write at least {above.code}-01"
            self._findings.add(above.node, f"categories below {above.code}", "none", cure)
        found = []
        for code, child in children.items():
            if not _CODE2.fullmatch(code) or not code.startswith(f"{above.code}-"):
                expected = f"a code such as {above.code}-01 below {above.code}"
                self._findings.add(child, expected, repr(code))
            found.append(self._category(above, self._level(code, child, allowed=_LEVEL2_KEYS), name))
        return found

    def _category(self, above: _Level, own: _Level, parent_name: Text) -> Category:
        near = {**above.entries, **own.entries}
        severity = self._severity(near.get("severity"), own.node)
        profile = self._profile(near, own.node)
        if severity == 5 and profile.code != "P0":
            where = near.get("sla", own.node)
            cure = "Write sla: P0; severity 5 means danger now"
            self._findings.add(where, f"the profile P0 for severity 5 of {own.code}", profile.code, cure)
        required, noted = self._field_keys(above, own)
        category = Category(
            code=own.code,
            parent=above.code,
            pack=self._name,
            name=self._text("name", own.entries.get("name"), owner=own.node),
            parent_name=parent_name,
            department=self._department(near.get("department"), own.node),
            sla=profile,
            severity=severity,
            nature=self._nature(near.get("nature")),
            required=tuple(self._field(key, where, above, own) for key, where in required.items()),
            noted=tuple(self._field(key, where, above, own) for key, where in noted.items()),
        )
        self._check_kinds(category, own.node)
        return category

    def _severity(self, node: Node | None, owner: Node) -> int:
        if node is None:
            cure = "Write severity: here or at level 1"
            self._findings.add(owner, "a severity from 1 to 5", "none", cure)
            return 3
        return int(one_of(node, "12345", findings=self._findings, what="a severity") or 3)

    def _department(self, node: Node | None, owner: Node) -> Department:
        if node is None:
            self._findings.add(owner, "a department", "none", "Write department: here or at level 1")
            return Department("", NO_TEXT)
        key = one_of(
            node,
            self._departments,
            findings=self._findings,
            what="a department of this pack",
            cure="Use one of these or add it under departments",
        )
        return self._departments.get(key, Department("", NO_TEXT))

    def _profile(self, near: Mapping[str, Node], owner: Node) -> SlaProfile:
        """The SLA profile, with the steps of the category where it has its own."""
        profile = SlaProfile("", NO_SPAN, NO_SPAN, None, (), "", "D")
        node = near.get("sla")
        if node is None:
            self._findings.add(owner, "an SLA profile", "none", "Write sla: here or at level 1")
        else:
            cure = "Use one of these or add it under sla"
            code = one_of(node, self._profiles, findings=self._findings, what="an SLA profile", cure=cure)
            profile = self._profiles.get(code, profile)
        if "steps" in near:
            return replace(profile, steps=self._values.steps(near["steps"], owner=owner))
        return profile

    def _nature(self, node: Node | None) -> Nature:
        if node is None:
            return "complaint"
        text = one_of(node, get_args(Nature), findings=self._findings, what="a nature")
        return cast(Nature, text or "complaint")

    def _field_keys(self, above: _Level, own: _Level) -> tuple[dict[str, Node], dict[str, Node]]:
        """Keys of the required fields in asking order, and of the noted ones, with their places.

        Level 2 replaces level 1's required list; what either level notes is noted unless it is required.
        """
        listed = {
            level.code: {name: self._keys(level.entries.get(name)) for name in ("required", "noted")}
            for level in (above, own)
        }
        for level in (above, own):
            for key in listed[level.code]["required"]:
                if (twice := listed[level.code]["noted"].get(key)) is not None:
                    cure = "Delete it from one of the lists"
                    self._findings.add(twice, "fields either required or noted", f"{key!r} in both", cure)
        required = listed[own.code]["required"] or listed[above.code]["required"]
        where = own.entries.get("required") or above.entries.get("required") or own.node
        self._check_required(required, where)
        noted = {**listed[above.code]["noted"], **listed[own.code]["noted"]}
        return required, {key: node for key, node in noted.items() if key not in required}

    def _keys(self, node: Node | None) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for item in items(node, findings=self._findings, what="a list of fields"):
            key = string(item, findings=self._findings, what="a field")
            if key in found:
                self._findings.add(item, "each field once", f"{key!r} again", "Delete one")
            found[key] = item
        return found

    def _check_required(self, required: Mapping[str, Node], where: Node) -> None:
        if not required:
            self._findings.add(where, "required fields", "none", "Write required: [what, …, contact]")
        elif "what" in required and next(iter(required)) != "what":
            first = repr(next(iter(required)))
            self._findings.add(where, "what as the first required field", first, "Move what to the front")
        asked = [key for key in required if key != "contact"]
        if len(asked) > MAX_REQUIRED:
            expected = f"at most {MAX_REQUIRED} required fields besides contact"
            self._findings.add(where, expected, str(len(asked)), "Move the least important ones to noted")
        if "contact" in required and tuple(required)[-1] != "contact":
            last = repr(tuple(required)[-1])
            self._findings.add(where, "contact as the last required field", last, "Move contact to the end")

    def _field(self, key: str, where: Node, above: _Level, own: _Level) -> Field:
        """The field as the nearest layers word it."""
        nearer = tuple(level.layers[key] for level in (above, own) if key in level.layers)
        layers = (*self._layers.get(key, ()), *nearer)
        if not layers:
            known = sorted(self.fields)
            cure = "Use one of these or add it under fields"
            found = f"{key!r}{near(key, known)}"
            self._findings.add(where, f"a field of this pack: {', '.join(known)}", found, cure)
            return Field(key, "text", NO_TEXT, NO_TEXT, NO_TEXT, NO_TEXT)
        if not nearer:
            return self.fields[key]
        return self._values.field(key, layers, owner=where)

    def _check_kinds(self, category: Category, node: Node) -> None:
        """Two fields filled by one kind of detail would ask, or take, the same thing twice."""
        takers: dict[str, str] = {}
        for field in (*category.required, *category.noted):
            for kind in field.kinds:
                if (taker := takers.setdefault(kind, field.key)) != field.key:
                    expected = f"one field of {category.code} that takes {kind!r}"
                    cure = "Take the kind away from one of them: kinds: []"
                    self._findings.add(node, expected, f"{taker} and {field.key}", cure)
