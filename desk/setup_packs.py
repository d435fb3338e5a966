"""Packs at the desk: what each holds, which are in use, and their wording and promises with history."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from starlette.responses import Response

from casework.editing import COMMON, EditedMeanwhile, NotEdited, Proposal, back_to, edit, proposed, shown
from casework.packs import Category, Field, Pack
from casework.packs.overlay import Edit, Edits
from casework.tickets.model import Actor
from casework.tickets.states import Role
from desk.desk import Desk
from desk.previews import preview
from desk.refusals import Line, lines, told
from desk.visits import NotFound, Visit, Wrong
from desk.wording import Words

#: Entries of a promise besides its steps, in the order of the form.
_SPANS = ("first_response", "resolution", "extension", "source", "mark")
_LANGUAGES = (".zh", ".en")
_NUMBERED = re.compile(r"(\w+)\[(\d+)\]")
#: Refusals that are shown where they are not the page's own matter.
_MOST = 5


@dataclass(frozen=True)
class Entry:
    """One line of the form. ``value``: what counts, or what was just typed; ``written``: what the file says."""

    key: str
    value: str
    written: str

    @property
    def language(self) -> str:
        return self.key[-2:] if self.key.endswith(_LANGUAGES) else ""

    @property
    def part(self) -> str:
        """The last part of its key: ``ask``, ``steps[2]``, ``resolution``."""
        return (self.key[:-3] if self.language else self.key).rpartition(".")[2]

    def called(self, words: Words) -> str:
        """What the form calls it."""
        numbered = _NUMBERED.fullmatch(self.part)
        if numbered:
            return words(f"part_{numbered[1]}", n=numbered[2])
        if ".choices." in self.key:
            return words("part_choice", name=self.part)
        return words.get(f"part_{self.part}", self.part)

    def nested_below(self, at: str) -> str:
        """Where it stands below ``at``, if not right there: ``fields.scope``."""
        return self.key[len(at) + 1 :].rpartition(f"{self.part}.")[0].strip(".") if self.language else ""


class PackPages:
    """``/desk/setup/packs``"""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._keeper = desk.keeper

    def all(self, visit: Visit) -> Response:
        model = self._desk.model()
        fitting = model.name.removesuffix(".tar.gz")
        with self._desk.store.reading() as work:
            edits, seen = work.edits.current(), work.edits.last_id("house")
            engines = work.engines.all()
        return visit.page(
            "setup_packs.html",
            packs=[self._pack(name, edits) for name in self._keeper.names],
            used={pack.key for pack in visit.desk.house.packs.packs},
            edited={name: len(found) for name, found in edits.items()},
            seen=seen,
            trained=model.is_file() or any(engine.model == fitting for engine in engines),
            older=[engine for engine in engines if engine.model != fitting],
            unfit=lines(visit, self._keeper.unfit[:_MOST]),
        )

    def switch(self, visit: Visit) -> Response:
        """One pack on or off."""
        name, on = visit.form.get("pack", ""), visit.form.get("on") == "1"
        if name not in self._keeper.names:
            raise NotFound
        with self._desk.store.reading() as work:
            switched = work.edits.current().get("house", {}).get("packs", {})
        used = {pack.key for pack in visit.desk.house.packs.packs}
        if not on and used == {name}:
            raise Wrong("last_pack")
        # what is in use by the settings is written too: it is then the desk that says which
        packs = {**switched, **dict.fromkeys(sorted(used), True), name: on}
        save(visit, "house", {"packs": packs})
        return visit.go("/setup/packs", said="pack_on" if on else "pack_off")

    def one(self, visit: Visit) -> Response:
        name = self._name(visit)
        before, find = visit.query("before"), visit.query("find")
        with self._desk.store.reading() as work:
            history = work.edits.history(name, before=int(before) if before.isdigit() else 0, limit=21)
            edits = work.edits.current()
            seen = work.edits.last_id(name)
        pack = None if name == COMMON else self._pack(name, edits)
        return visit.page(
            "setup_pack.html",
            name=name,
            pack=pack,
            groups=_groups(pack) if pack else {},
            profiles=_profiles(pack) if pack else {},
            unfit=lines(visit, [problem for problem in self._keeper.unfit if f"/{name}" in problem]),
            places=_Places(self._texts(name, edits), self._texts(COMMON, edits)),
            find=find,
            found=_found(self._texts(name, edits), find) if find else [],
            parts=_parts(self._texts(name, edits)),
            gone=[key for key in edits.get(name, {}) if not _known(key, self._keeper.written(name))],
            history=history[:20],
            more=history[19].id if len(history) > 20 else 0,
            seen=seen,
            shown=shown,
        )

    def part(self, visit: Visit) -> Response:
        """The form of all that stands below one key."""
        name = self._name(visit)
        with self._desk.store.reading() as work:
            edits, seen = work.edits.current(), work.edits.last_id(name)
        entries = self._entries(name, visit.query("at"), edits.get(name, {}))
        return self._form(visit, name, visit.query("at"), entries, seen=seen)

    def change(self, visit: Visit) -> Response:
        """Save what was typed, or show how it would read. What is refused stays in the form."""
        name, at = self._name(visit), visit.form.get("at", "")
        with self._desk.store.reading() as work:
            known = self._entries(name, at, work.edits.current().get(name, {}))
        entries = [Entry(e.key, visit.form.get(e.key, e.value), e.written) for e in known]
        seen = number(visit.form.get("seen", ""))
        try:
            proposal = proposed(self._keeper, self._desk.store, name, {e.key: e.value for e in entries})
        except NotEdited as refused:
            return self._form(visit, name, at, entries, seen=seen, problems=lines(visit, refused.problems))
        if visit.form.get("preview"):
            return self._form(visit, name, at, entries, seen=seen, proposal=proposal)
        write(visit, proposal)
        return visit.go(f"/setup/packs/{name}", said="saved")

    def back(self, visit: Visit) -> Response:
        """As it was right after one edit; 0: as in the file."""
        name = self._name(visit)
        save(visit, name, back_to(self._desk.store, name, number(visit.form.get("to", ""))))
        return visit.go(f"/setup/packs/{name}", said="saved")

    def _name(self, visit: Visit) -> str:
        name = visit.path("pack")
        if name not in (COMMON, *self._keeper.names):
            raise NotFound
        return name

    def _pack(self, name: str, edits: Edits) -> Pack:
        """With its edits, or as in the file while these do not fit."""
        try:
            return self._keeper.pack(name, edits).packs[0]
        except NotEdited:
            return self._keeper.pack(name, {}).packs[0]

    def _texts(self, name: str, edits: Edits) -> Mapping[str, str]:
        return {**self._keeper.written(name), **edits.get(name, {})}

    def _entries(self, name: str, at: str, there: Mapping[str, Any]) -> list[Entry]:
        """What can be edited at ``at`` and below. Raises: NotFound."""
        written = self._keeper.written(name)
        keys = [key for key in written if at and (key == at or key.startswith((f"{at}.", f"{at}[")))]
        if _is_profile(at):
            keys = [f"{at}.{part}" for part in _SPANS] + [key for key in keys if key.endswith(_LANGUAGES)]
        keys = [key for key in keys if can_be_edited(key)]
        if not keys:
            raise NotFound
        return [Entry(key, there.get(key, written.get(key, "")), written.get(key, "")) for key in keys]

    def _form(
        self,
        visit: Visit,
        name: str,
        at: str,
        entries: list[Entry],
        *,
        seen: int,
        problems: Sequence[Line] = (),
        proposal: Proposal | None = None,
    ) -> Response:
        response = visit.page(
            "setup_text.html",
            name=name,
            at=at,
            entries=entries,
            seen=seen,
            problems=[replace(line, name=_name(visit.words, entries, line.key)) for line in problems],
            pack=None if name == COMMON else self._pack(name, {}).name,
            is_promise=_is_profile(at),
            shown=proposal and preview(visit, at, proposal),
        )
        response.status_code = 422 if problems else 200
        return response


def _name(words: Words, entries: Iterable[Entry], key: str) -> str:
    """What the form calls what stands at ``key``, or at its two languages; empty for what is not on it."""
    for entry in entries:
        if key == entry.key and entry.language:
            return f"{entry.called(words)} ({words.get(f'in_{entry.language}')})"
        if key and key in (entry.key, entry.key.removesuffix(f".{entry.language}")):
            return entry.called(words)
    return ""


def save(visit: Visit, document: str, values: Mapping[str, Any]) -> None:
    """Have ``values`` at their keys. Raises: Wrong."""
    try:
        proposal = proposed(visit.desk.keeper, visit.desk.store, document, values)
    except NotEdited as refused:
        said = " ".join(told(visit, problem) for problem in refused.problems[:_MOST])
        raise Wrong("incomplete", said=said) from refused
    write(visit, proposal)


def write(visit: Visit, proposal: Proposal) -> None:
    """The form says which edit was the last it saw. Raises: Wrong."""
    seen = number(visit.form.get("seen", ""))
    by = Actor(Role.ADMINISTRATOR, visit.member.login)
    try:
        edit(visit.desk.keeper, visit.desk.store, proposal, by=by, now=visit.now, seen=seen)
    except EditedMeanwhile as met:
        other: Edit = met.edit
        raise Wrong("changed", who=other.by, what=other.key) from met


def number(text: str) -> int:
    """Of a field; 0 for what is none."""
    return int(text) if text.isdigit() else 0


def _is_profile(at: str) -> bool:
    return at.startswith("sla.") and at.count(".") == 1


def can_be_edited(key: str) -> bool:
    return key.endswith(_LANGUAGES) or (key.startswith("sla.") and key.rpartition(".")[2] in _SPANS)


def _known(key: str, written: Mapping[str, Any]) -> bool:
    """Whether the file has it, or could: a promise may get an extension."""
    return key in written or any(k.startswith(f"{key.rpartition('.')[0]}.") for k in written)


def _groups(pack: Pack) -> dict[str, list[Category]]:
    """Level 1 -> its categories."""
    found: dict[str, list[Category]] = {}
    for category in pack.categories.values():
        found.setdefault(category.parent, []).append(category)
    return found


def _profiles(pack: Pack) -> dict[str, list[Category]]:
    """Code of a promise -> the categories that have it."""
    found: dict[str, list[Category]] = {}
    for category in pack.categories.values():
        found.setdefault(category.sla.code, []).append(category)
    return found


def _found(texts: Mapping[str, str], words: str) -> list[tuple[str, str]]:
    """(what to edit, text) of every text that holds ``words``."""
    held = [(key, text) for key, text in texts.items() if words.lower() in text.lower()]
    return [(key[:-3].rpartition(".")[0] or key[:-3], text) for key, text in held if key.endswith(_LANGUAGES)]


def _parts(texts: Mapping[str, str]) -> dict[str, list[str]]:
    """What of a document is edited by itself, by kind: fields and promises."""
    found: dict[str, dict[str, None]] = {"fields": {}, "sla": {}, "departments": {}}
    for key in filter(can_be_edited, texts):
        kind, _, rest = key.partition(".")
        if kind in found:
            found[kind][f"{kind}.{rest.partition('.')[0]}"] = None
    return {kind: list(keys) for kind, keys in found.items()}


@dataclass(frozen=True)
class _Places:
    """Where the wording of a question stands: nearest to the category first."""

    own: Mapping[str, str]
    common: Mapping[str, str]

    def of(self, category: Category, field: Field, part: str = "ask") -> tuple[str, str]:
        """(document, key)"""
        level1 = f"categories.{category.parent}."
        level2 = f"{level1}categories.{category.code}."
        for above in (level2, level1, ""):
            key = f"{above}fields.{field.key}"
            if f"{key}.{part}.zh" in self.own:
                return category.pack, key
        return COMMON, f"fields.{field.key}"
