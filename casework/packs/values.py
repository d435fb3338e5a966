"""The values of a pack file that stand alone: texts, spans, SLA profiles, fields, choices."""

from __future__ import annotations

import re
import string as format_strings
from collections.abc import Mapping, Sequence
from typing import cast, get_args

from casework.packs import wording
from casework.packs.model import KINDS, Choice, Field, FieldType, Mark, SlaProfile, Span, Unit
from casework.packs.source import Fault, Findings, Node, items, mapping, one_of, string, strings
from casework.text import Text

#: Most buttons under one question. Source: product default.
MAX_CHOICES = 6

NO_TEXT = Text("", "")
NO_SPAN = Span(0, "days")

#: One layer of a field's definition, attribute name to node; nearer layers win attribute by attribute.
Layer = Mapping[str, Node]

_SLA_KEYS = ("first_response", "resolution", "extension", "steps", "source", "mark")
_FIELD_KEYS = ("type", "label", "ask", "why", "example", "choices", "kinds", "cues", "sensitive")
_PLACEHOLDERS = frozenset({"department", "first", "due"})
_SPAN = re.compile(r"(\d+(?:\.\d+)?) (\w+)")
_UNITS = ", ".join(get_args(Unit))
_KEY = re.compile(r"[a-z][a-z0-9_]*")


def patterns(node: Node | None, findings: Findings) -> tuple[str, ...]:
    """Regular expressions that compile, match something and have one group at most."""
    kept = []
    for item in items(node, findings=findings, what="a list of regular expressions"):
        pattern = string(item, findings=findings, what="a regular expression")
        try:
            compiled = re.compile(pattern, re.IGNORECASE)
        except re.error as error:
            cure = "Close every bracket; write \\\\ for \\ between double quotes"
            findings.add(item, "a regular expression", f"{pattern!r} ({error})", cure)
            continue
        if pattern and compiled.match("") is not None:
            cure = "Let at least one part of it be there"
            findings.add(item, "a pattern that does not match nothing", repr(pattern), cure)
        elif compiled.groups > 1:
            cure = "Write (?:…) for the groups that are not the answer"
            findings.add(item, "one group at most", f"{compiled.groups} in {pattern!r}", cure)
        elif pattern:
            kept.append(pattern)
    return tuple(kept)


class ValueReader:
    """Reads the values that stand alone: texts, spans, profiles, fields."""

    def __init__(self, findings: Findings, never_say: Mapping[str, tuple[str, ...]]) -> None:
        self.findings = findings
        self._never_say = never_say

    def text(self, node: Node | None, *, owner: Node, what: str, rule: wording.Rule) -> Text:
        """Both languages of one text, held against ``rule``."""
        if node is None:
            cure = 'Write {zh: "…", en: "…"}'
            self.findings.note(owner, Fault(f"{what} in zh and en", "none", cure, "needed_both"))
            return NO_TEXT
        entries = mapping(node, allowed=("zh", "en"), findings=self.findings, what=f"{what} in zh and en")
        if not isinstance(node.value, Mapping):
            return NO_TEXT
        said: dict[str, str] = {}
        for language in ("zh", "en"):
            entry = entries.get(language)
            if entry is None:
                cure = f'Add {language}: "…"'
                fault = Fault(f"{what} in {language}", "none", cure, f"needed_{language}")
                self.findings.note(node, fault)
                continue
            said[language] = string(entry, findings=self.findings, what=f"{what} in {language}")
            if said[language]:
                for fault in wording.faults(said[language], language, rule, self._never_say):
                    self.findings.note(entry, fault._replace(expected=f"{what}: {fault.expected}"))
        return Text(said.get("zh", ""), said.get("en", ""))

    def span(self, node: Node | None, *, owner: Node, what: str) -> Span:
        """``5 working_days``."""
        if node is None:
            expected, cure = f"{what}, such as '5 working_days'", "Write number and unit"
            self.findings.note(owner, Fault(expected, "none", cure, "span_needed", {"known": _UNITS}))
            return NO_SPAN
        match = _SPAN.fullmatch(node.value) if isinstance(node.value, str) else None
        if match is None or match.group(2) not in get_args(Unit) or float(match.group(1)) <= 0:
            expected = f"{what} as a number above 0 and one of {_UNITS}"
            values = {"found": node.value, "known": _UNITS}
            self.findings.note(node, Fault(expected, node.shown, code="span", values=values))
            return NO_SPAN
        return Span(float(match.group(1)), cast(Unit, match.group(2)))

    def profiles(self, node: Node | None) -> dict[str, SlaProfile]:
        """The SLA profiles of one file."""
        if node is None:
            return {}
        return {
            code: self._profile(code, entry)
            for code, entry in mapping(node, allowed=None, findings=self.findings).items()
        }

    def _profile(self, code: str, node: Node) -> SlaProfile:
        entries = mapping(node, allowed=_SLA_KEYS, findings=self.findings, what="an SLA profile")
        source, mark, extension = entries.get("source"), entries.get("mark"), entries.get("extension")
        if source is None:
            cure = 'Name the rule, or write "Product default, no rule behind it"'
            self.findings.note(node, Fault("the source of the figures", "none", cure, "source_needed"))
        if mark is None:
            cure = "V seen in a public page, V2 in a weak one, O general knowledge, D your own default"
            expected = f"a mark: {', '.join(get_args(Mark))}"
            self.findings.note(node, Fault(expected, "none", cure, "mark_needed"))
        marked = mark and one_of(mark, get_args(Mark), findings=self.findings, what="a mark")
        return SlaProfile(
            code=code,
            first_response=self.span(entries.get("first_response"), owner=node, what="a first response"),
            resolution=self.span(entries.get("resolution"), owner=node, what="a resolution"),
            extension=None if extension is None else self.span(extension, owner=node, what="an extension"),
            steps=self.steps(entries.get("steps"), owner=node),
            source=string(source, findings=self.findings) if source else "",
            mark=cast(Mark, marked or "D"),
        )

    def steps(self, node: Node | None, *, owner: Node) -> tuple[Text, ...]:
        """Two steps or more that together name who, by when first, and by when at last."""
        entries = items(node, findings=self.findings)
        if len(entries) < 2:
            cure = "Say who contacts the person by {first}, and what they hear by {due}"
            self.findings.add(node or owner, "at least two steps", str(len(entries)), cure)
            return ()
        steps = tuple(
            self.text(entry, owner=entry, what="a step", rule=wording.Rule(placeholders=True))
            for entry in entries
        )
        for language in ("zh", "en"):
            used = set().union(*(self._placeholders(step.in_(language), entries[0]) for step in steps))
            for name in sorted(_PLACEHOLDERS - used):
                cure = "A promise names who, by when first, and by when at last"
                expected = f"the steps to say {{{name}}} in {language}"
                code, values = f"step_lacks_{language}", {"name": f"{{{name}}}"}
                self.findings.note(entries[0], Fault(expected, "none that does", cure, code, values))
        return steps

    def _placeholders(self, text: str, node: Node) -> set[str]:
        try:
            used = {name for _, name, _, _ in format_strings.Formatter().parse(text) if name is not None}
        except ValueError as error:
            expected = "steps with closed placeholders"
            fault = Fault(expected, str(error), code="step_open", values={"text": text})
            self.findings.note(node, fault)
            return set()
        for name in sorted(used - _PLACEHOLDERS):
            allowed = ", ".join(f"{{{name}}}" for name in sorted(_PLACEHOLDERS))
            expected, found = f"only the placeholders {allowed} in steps", f"{{{name}}}"
            values = {"found": found, "known": allowed}
            self.findings.note(node, Fault(expected, found, code="unknown_variable", values=values))
        return used

    def layers(self, node: Node | None) -> dict[str, Layer]:
        """The field entries of one place, as they are merged later."""
        if node is None:
            return {}
        fields = mapping(node, allowed=None, findings=self.findings, what="fields")
        for key, entry in fields.items():
            if not _KEY.fullmatch(key):
                self.findings.add(entry, "a field name in small letters, digits and _", repr(key))
        return {
            key: mapping(entry, allowed=_FIELD_KEYS, findings=self.findings, what="a field")
            for key, entry in fields.items()
        }

    def field(self, key: str, layers: Sequence[Layer], *, owner: Node) -> Field:
        """One field out of its layers, far to near."""
        merged: dict[str, Node] = {}
        for layer in layers:
            merged.update(layer)
        home = next(iter(merged.values()), owner)
        kind_node = merged.get("type")
        if kind_node is None:
            cure = f"Write type: with one of {', '.join(get_args(FieldType))}"
            self.findings.add(home, f"a type for the field {key!r}", "none", cure)
        field_type = kind_node and one_of(
            kind_node, get_args(FieldType), findings=self.findings, what="a field type"
        )
        return Field(
            key=key,
            type=cast(FieldType, field_type or "text"),
            label=self.text(
                merged.get("label"), owner=home, what=f"a label of {key!r}", rule=wording.Rule(zh_chars=12)
            ),
            ask=self.text(
                merged.get("ask"), owner=home, what=f"a question for {key!r}", rule=wording.QUESTION
            ),
            why=self.text(merged.get("why"), owner=home, what=f"a reason for {key!r}", rule=wording.Rule()),
            example=self.text(
                merged.get("example"),
                owner=home,
                what=f"an example for {key!r}",
                rule=wording.Rule(han=False),
            ),
            choices=self._choices(key, field_type or "", merged.get("choices"), owner=home),
            kinds=self._kinds(merged.get("kinds")),
            cues=patterns(merged.get("cues"), self.findings) if "cues" in merged else (),
            sensitive=self._claim(merged.get("sensitive")),
        )

    def _claim(self, node: Node | None) -> bool:
        if node is None:
            return False
        return one_of(node, ("true", "false"), findings=self.findings, what="a claim") == "true"

    def _kinds(self, node: Node | None) -> tuple[str, ...]:
        return tuple(
            kind
            for item in items(node, findings=self.findings)
            if (kind := one_of(item, KINDS, findings=self.findings, what="a detail kind"))
        )

    def _choices(self, key: str, field_type: str, node: Node | None, *, owner: Node) -> tuple[Choice, ...]:
        wanted = field_type in ("choice", "yes_no")
        if node is None:
            if wanted:
                self.findings.add(owner, f"choices for {key!r}", "none", "Write choices: or another type")
            return ()
        if not wanted:
            cure = "Delete the choices or change the type"
            expected = "choices only for the types choice and yes_no"
            self.findings.add(node, expected, repr(field_type), cure)
        entries = mapping(node, allowed=None, findings=self.findings, what="choices")
        if not 2 <= len(entries) <= MAX_CHOICES:
            cure = "More do not fit on a phone; fewer are no choice"
            self.findings.add(node, f"2 to {MAX_CHOICES} choices", str(len(entries)), cure)
        if field_type == "yes_no" and not {"yes", "no"} <= set(entries) <= {"yes", "no", "unsure"}:
            cure = "Rename them, or write type: choice"
            found = ", ".join(entries) or "none"
            self.findings.add(node, "the choices yes, no and perhaps unsure", found, cure)
        choices = tuple(self._choice(value, entry) for value, entry in entries.items())
        owners: dict[str, str] = {}
        for choice in choices:
            for word in choice.words:
                if owners.setdefault(word, choice.value) != choice.value:
                    self.findings.add(
                        node,
                        f"{word!r} under one choice",
                        f"{owners[word]} and {choice.value}",
                        "Delete it from one of them",
                    )
        return choices

    def _choice(self, value: str, node: Node) -> Choice:
        entries = mapping(node, allowed=("zh", "en", "words"), findings=self.findings, what="a choice")
        both = {name: entry for name, entry in entries.items() if name in ("zh", "en")}
        titles = Node(node.place, both, node.key)
        title = self.text(titles, owner=node, what=f"a title of {value!r}", rule=wording.BUTTON)
        words = strings(entries.get("words"), findings=self.findings)
        if not words:
            cure = 'Write words: ["…", "…"] in both languages'
            self.findings.add(node, f"words people say for {value!r}", "none", cure)
        return Choice(value, title, tuple(word.lower() for word in words))
