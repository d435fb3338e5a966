"""The words of notices: ``packs/_words/notices.zh.yml`` and ``notices.en.yml``, and an organisation's own over them.

A notice is a list of parts. A part is said if everything it names is known; of several forms of a part the first that
can be said is. The first part has a form that needs nothing but the number, so that no notice is empty or has a gap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from casework.notices.kinds import KINDS
from casework.packs.source import Findings, Node, items, mapping, read, string
from casework.words import Voice, WordsError
from casework.words.checking import faults

#: The forms of one part, the fullest first.
Part = tuple[str, ...]
_SLOT = re.compile(r"\{(\w+)\}")
_SLOTS = tuple(sorted({name for kind in KINDS.values() for name in kind.all_slots}))


@dataclass(frozen=True)
class NoticeWords:
    """Parts of each kind by language; a kind without parts is not sent. ``examples``: something for every slot."""

    languages: Mapping[str, Mapping[str, tuple[Part, ...]]]
    examples: Mapping[str, Mapping[str, str]]

    def speaks_of(self, kind: str, language: str) -> bool:
        return bool(self._parts(kind, language))

    def fill(self, kind: str, language: str, values: Mapping[str, str]) -> str:
        """The notice with what is known; ``values`` hold no empty ones."""
        said = (_first(part, values) for part in self._parts(kind, language))
        return ("" if _is_chinese(language) else " ").join(filter(None, said))

    def _parts(self, kind: str, language: str) -> tuple[Part, ...]:
        return self.languages["zh" if _is_chinese(language) else "en"].get(kind, ())


def _is_chinese(language: str) -> bool:
    return language.lower().startswith("zh")


def _first(part: Part, values: Mapping[str, str]) -> str:
    return next((form.format(**values) for form in part if values.keys() >= set(_SLOT.findall(form))), "")


def load_notices(
    folder: Path, *, own: Path, voice: Voice, never_say: Mapping[str, Sequence[str]]
) -> NoticeWords:
    """Read and check the words in ``folder``, and those below ``own``, which replace them kind by kind.

    A kind with ``[]`` in ``own`` is not sent in that language. Raises: WordsError.
    """
    findings = Findings()
    languages, examples = {}, {}
    for language in voice.rules:
        reader = _Reader(language, voice, tuple(never_say.get(language, ())), findings)
        name = f"notices.{language}.yml"
        found = reader.read(folder / name, complete=True)
        if (own / name).is_file():
            found |= reader.read(own / name, complete=False)
        languages[language], examples[language] = found, reader.example
    if findings.all():
        raise WordsError(findings.all())
    return NoticeWords(languages, examples)


class _Reader:
    def __init__(self, language: str, voice: Voice, never_say: tuple[str, ...], findings: Findings) -> None:
        self._rules, self._never_say, self._findings = voice.rules[language], never_say, findings
        self.example: dict[str, str] = {}

    def read(self, path: Path, *, complete: bool) -> dict[str, tuple[Part, ...]]:
        top = read(path, shown_as=path.name, findings=self._findings)
        if top is None:
            return {}
        found: dict[str, tuple[Part, ...]] = {}
        entries = mapping(top, allowed=(*KINDS, "example"), findings=self._findings)
        if complete and "example" in entries:
            known = mapping(entries["example"], allowed=_SLOTS, findings=self._findings)
            self.example = {name: string(node, findings=self._findings) for name, node in known.items()}
        for kind, node in entries.items():
            if kind in KINDS:
                found[kind] = tuple(self._part(part, kind) for part in items(node, findings=self._findings))
                self._check_first(node, found[kind], complete=complete)
        for kind in KINDS if complete else ():
            if kind not in found:
                self._findings.add(path.name, f"words for {kind}", "none")
        return found

    def _part(self, node: Node, kind: str) -> Part:
        forms = node.value if isinstance(node.value, tuple) else (node,)
        texts = tuple(string(form, findings=self._findings) for form in forms)
        for text in texts:
            for fault in self._faults(text, kind):
                self._findings.add(node, "a sentence we can stand by", f"{text!r}, which {fault}")
        return texts

    def _faults(self, text: str, kind: str) -> Iterator[str]:
        yield from faults(
            text,
            self._rules,
            stage="after",
            never_say=self._never_say,
            slots=KINDS[kind].all_slots,
            sentences=3,
        )

    def _check_first(self, node: Node, parts: tuple[Part, ...], *, complete: bool) -> None:
        if not parts and not complete:
            return
        if not parts or not set(_SLOT.findall(parts[0][-1])) <= {"number"}:
            self._findings.add(node, "a first part whose last form names {number} at most", "none")
