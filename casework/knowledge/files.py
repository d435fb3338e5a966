"""From ``packs/<pack>/knowledge/<name>.{zh,en}.md`` to entries, with every mistake of every file reported at once.

A file is a front matter between two lines ``---`` and the answer below it. ``packs/_common/knowledge`` holds what
is true of every organisation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from casework.knowledge.filling import filled, placeholders
from casework.knowledge.model import Entry, Knowledge
from casework.knowledge.overlay import as_json, published
from casework.packs.loading import PackError, names_below
from casework.packs.model import Packs
from casework.packs.source import Findings, Node, mapping, parse, read, string, strings
from casework.packs.wording import Rule, faults

#: Folder of what all organisations share. Its name keeps it apart from the sectors.
SHARED = "_common"
LANGUAGES = ("zh", "en")
#: Source: product default; a chat is read on a phone, and staff are there for the rest.
MAX_SENTENCES = 3
MAX_CHARS = {"zh": 160, "en": 420}
#: Fewer ways of asking are not found again in other words. Source: measured on bench/knowledge.
MIN_QUESTIONS = 3

_REQUIRED = ("title", "questions", "source", "as_of", "valid_from", "valid_until", "pack")
_OPTIONAL = ("address", "categories", "countries")
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_SENTENCE_END = re.compile(r"[。！？!?]+|\.(?=\s|$)")
_RULE = Rule(placeholders=True)


class KnowledgeError(PackError):
    """Knowledge files that cannot be used.

    ``problems``: every one, each as ``packs/power/knowledge/meter-test.zh.md:3: source: expected …, found …. Cure.``
    """


@dataclass(frozen=True)
class _File:
    """A file as written: placeholders are not filled yet."""

    folder: str
    entry: Entry
    body: Node

    @property
    def stem(self) -> str:
        return self.entry.key.partition("/")[2]


def load_knowledge(
    root: Path,
    packs: Packs,
    *,
    organisation: str,
    country: str,
    hours: str = "",
    edits: Mapping[str, Any] = MappingProxyType({}),
) -> Knowledge:
    """What this organisation can answer: the shared entries and those of its packs, for its country.

    ``root``: the folder ``packs``. Placeholders of the answers are filled from the packs and from ``organisation``
    and ``hours`` (when staff are there, ``8:30-18:00``). ``edits``: what was published at the desk, by key; it takes
    the place of a file with the same key, and an empty one takes the entry away.

    Raises: KnowledgeError.
    """
    findings = Findings()
    folders = (SHARED, *(pack.key for pack in packs.packs))
    words = {"organisation": organisation, "hours": hours}
    found = [
        _filled(file, packs, words, findings)
        for folder in folders
        for file in _read_folder(root, folder, findings)
        if file.entry.key not in edits
    ]
    found += published(edits, packs, words, among={_pack_of(folder) for folder in folders})
    unanswered = _unanswered(root, findings)
    if problems := findings.all():
        raise KnowledgeError(problems)
    return Knowledge(tuple(e for e in found if not e.countries or country in e.countries), unanswered)


def written(root: Path, packs: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What the files of these packs and the shared ones say, placeholders and all, in the shape of an edit."""
    found: dict[str, dict[str, Entry]] = {}
    for folder in (SHARED, *packs):
        for file in _read_folder(root, folder, Findings()):
            found.setdefault(file.entry.key, {})[file.entry.language] = file.entry
    return {key: as_json(pair) for key, pair in found.items()}


def sentences(answer: str) -> int:
    """How many there are in ``answer``."""
    return len(_SENTENCE_END.findall(answer))


def check_knowledge(root: Path, packs: Sequence[str] | None = None) -> list[str]:
    """Every problem of the knowledge files below ``root``, the folder ``packs``; empty when all is well.

    ``packs``: only the shared files and those of these packs; ``None``: of all. Besides what loading refuses: a
    language that is missing, languages that differ in what must be the same, one question in two entries, words
    that no text of ours may hold.
    """
    findings = Findings()
    folders = tuple(names_below(root) if packs is None else packs)
    known = _loaded(root, folders)
    never_say = known.never_say if known else {}
    files: dict[tuple[str, str], _File] = {}
    for folder in (SHARED, *folders):
        for file in _read_folder(root, folder, findings):
            files[file.entry.key, file.entry.language] = file
            if known is not None:
                _filled(file, known, {"organisation": "", "hours": ""}, findings)
            for text in (file.entry.title, file.entry.answer):
                for fault in faults(text, file.entry.language, _RULE, never_say):
                    findings.note(file.body, fault)
    _unanswered(root, findings)
    _check_pairs(root, files, findings)
    _check_questions(files, findings)
    return list(findings.all())


def last_days(root: Path, packs: Sequence[str] | None = None) -> list[tuple[str, date]]:
    """Each file that can be read, with the last day it is shown."""
    folders = (SHARED, *(names_below(root) if packs is None else packs))
    return [
        (f"{root.name}/{folder}/knowledge/{file.stem}.{file.entry.language}.md", file.entry.valid_until)
        for folder in folders
        for file in _read_folder(root, folder, Findings())
    ]


def _unanswered(root: Path, findings: Findings) -> tuple[str, ...]:
    """What nothing answers: questions (``unanswered``) and complaints (``told``). Files may be missing."""
    found: list[str] = []
    for name in (f"{kind}.{language}.yml" for kind in ("unanswered", "told") for language in LANGUAGES):
        path = root / SHARED / name
        shown = f"{root.name}/{SHARED}/{path.name}"
        if path.is_file() and (node := read(path, shown_as=shown, findings=findings)) is not None:
            found += strings(node, findings=findings, what="a list of questions")
    return tuple(found)


def _loaded(root: Path, folders: Sequence[str]) -> Packs | None:
    """The packs, to know their codes; ``None`` when they cannot be read, which is for their own check to say."""
    try:
        return Packs.load(root, [name for name in folders if (root / name / "pack.yml").is_file()])
    except PackError:
        return None


def _read_folder(root: Path, folder: str, findings: Findings) -> Iterator[_File]:
    below = root / folder / "knowledge"
    for path in sorted(below.iterdir()) if below.is_dir() else ():
        shown = f"{root.name}/{folder}/knowledge/{path.name}"
        stem, _, language = path.name.removesuffix(".md").rpartition(".")
        if path.suffix != ".md" or language not in LANGUAGES or not _NAME.fullmatch(stem):
            cure = "Small letters, digits and dashes, then the language"
            findings.add(f"{shown}:1", "a name such as meter-test.zh.md", repr(path.name), cure)
            continue
        if (file := _read_file(path, shown, findings)) is not None:
            yield file


def _read_file(path: Path, shown: str, findings: Findings) -> _File | None:
    """``None``: not usable, and the findings say why."""
    folder = path.parent.parent.name
    stem, _, language = path.name.removesuffix(".md").rpartition(".")
    before = len(findings.all())
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        findings.add(f"{shown}:1", "a readable file in UTF-8", type(error).__name__, "Save it as UTF-8 text")
        return None
    end = next((n for n, line in enumerate(lines) if n and line.rstrip() == "---"), 0)
    if not lines or lines[0].rstrip() != "---" or not end:
        cure = "Begin the file with ---, title and the rest, and another ---"
        findings.add(f"{shown}:1", "a front matter between two lines ---", "none", cure)
        return None
    # An empty line for the first --- keeps the line numbers right.
    top = parse("\n".join(["", *lines[1:end]]), shown_as=shown, findings=findings)
    if top is None:
        return None
    head = mapping(top, allowed=(*_REQUIRED, *_OPTIONAL), findings=findings)
    for key in _REQUIRED:
        if key not in head:
            findings.add(Node(top.place, None, key), "this key", "nothing", "Add it to the front matter")
    body = Node(f"{shown}:{end + 2}", " ".join(line.strip() for line in lines[end + 1 :] if line.strip()))
    entry = _entry(head, body, f"{_pack_of(folder)}/{stem}", language, findings)
    return _File(folder, entry, body) if len(findings.all()) == before else None


def _pack_of(folder: str) -> str:
    return folder.lstrip("_")


def _entry(head: Mapping[str, Node], body: Node, key: str, language: str, findings: Findings) -> Entry:
    def text(name: str) -> str:
        return string(head[name], findings=findings) if name in head else ""

    questions = strings(head.get("questions"), findings=findings, what="a list of questions")
    if "questions" in head and len(questions) < MIN_QUESTIONS:
        cure = "Write more, as different people would ask"
        findings.add(head["questions"], f"at least {MIN_QUESTIONS} questions", str(len(questions)), cure)
    pack = text("pack")
    if pack and pack != key.partition("/")[0]:
        cure = "The key pack names the folder the file is in"
        findings.add(head["pack"], repr(key.partition("/")[0]), repr(pack), cure)
    address = text("address") if "address" in head else ""
    if address and (urlsplit(address).scheme not in ("http", "https") or not urlsplit(address).netloc):
        findings.add(head["address"], "a full address beginning with https://", repr(address))
    dates = {name: _day(head.get(name), findings) for name in ("as_of", "valid_from", "valid_until")}
    if dates["valid_from"] > dates["valid_until"]:
        findings.add(head["valid_until"], "a day after valid_from", str(dates["valid_until"]))
    _check_answer(body, language, findings)
    return Entry(
        key=key,
        language=language,
        title=text("title"),
        questions=questions,
        answer=str(body.value or ""),
        source=text("source"),
        address=address,
        pack=pack,
        categories=strings(head.get("categories"), findings=findings),
        countries=strings(head.get("countries"), findings=findings),
        **dates,
    )


def _day(node: Node | None, findings: Findings) -> date:
    if node is None:
        return date.min
    text = string(node, findings=findings, what="a day such as 2026-11-21")
    try:
        return date.fromisoformat(text)
    except ValueError:
        if text:
            findings.add(node, "a day such as 2026-11-21", repr(text), "Year, month and day with dashes")
        return date.min


def _check_answer(body: Node, language: str, findings: Findings) -> None:
    answer = str(body.value or "")
    if not answer:
        findings.add(body, "an answer below the front matter", "nothing")
        return
    if (said := sentences(answer)) > MAX_SENTENCES:
        findings.add(body, f"at most {MAX_SENTENCES} sentences", str(said), "Say the main thing")
    if len(answer) > MAX_CHARS[language]:
        findings.add(body, f"at most {MAX_CHARS[language]} characters", str(len(answer)), "Shorten it")


def _filled(file: _File, packs: Packs, words: Mapping[str, str], findings: Findings) -> Entry:
    """The entry with the placeholders of its answer filled; what cannot be filled is a problem."""
    entry, problems = filled(file.entry, packs, words)
    for fault in problems:
        findings.note(file.body, fault)
    return entry


def _check_pairs(root: Path, files: Mapping[tuple[str, str], _File], findings: Findings) -> None:
    """Both languages, and the same promise in both."""
    for (key, language), file in files.items():
        other = next(name for name in LANGUAGES if name != language)
        twin = files.get((key, other))
        if twin is None:
            if (root / file.folder / "knowledge" / f"{file.stem}.{other}.md").is_file():
                continue  # it is there and has faults of its own
            findings.add(file.body.place, f"the same entry in {other!r}", "none", f"Write {key}.{other}.md")
            continue
        if language != LANGUAGES[0]:
            continue
        for name in ("as_of", "valid_from", "valid_until", "address", "categories", "countries"):
            here, there = getattr(file.entry, name), getattr(twin.entry, name)
            if here != there:
                findings.add(twin.body.place, f"{name} as in {language!r}: {here}", str(there))
        wanted, found = (placeholders(entry.answer) for entry in (file.entry, twin.entry))
        if wanted != found:
            findings.add(
                twin.body,
                f"the placeholders of {language!r}: {', '.join(wanted)}",
                ", ".join(found) or "none",
            )


def folded(question: str) -> str:
    """A question without what makes no difference between two."""
    return question.lower().strip("？?。. ")


def _check_questions(files: Mapping[tuple[str, str], _File], findings: Findings) -> None:
    """One question leads to one answer."""
    seen: dict[tuple[str, frozenset[str]], str] = {}
    for (key, _), file in files.items():
        for question in file.entry.questions:
            name = (folded(question), frozenset(file.entry.countries))
            if seen.setdefault(name, key) != key:
                cure = "Keep it in the entry that answers it better"
                findings.add(
                    file.body.place, "each question in one entry", f"{question!r} also in {seen[name]}", cure
                )
