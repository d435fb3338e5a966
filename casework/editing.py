"""Editing at the desk what stands in the files of ``packs/``: who may, what is refused, and how every process has it.

The files stay as they are. An edit is a row of the database that names a document, a key in it and what stands there
now; all edits together are laid over the files and read by the same rules as those.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from casework.access.model import Audit
from casework.canned import shipped
from casework.house import House, HouseError
from casework.knowledge import written
from casework.packs import PackError, Packs
from casework.packs.loading import names_below
from casework.packs.overlay import Edit, Edits, texts
from casework.packs.source import IN_FILE, Findings, read
from casework.staff.organising import NotAllowed, seed_departments
from casework.text import Reason
from casework.tickets.model import Actor
from casework.tickets.states import Role

if TYPE_CHECKING:
    from casework.storage.work import Store

logger = logging.getLogger(__name__)

#: The document of what all packs share.
COMMON = "common"
#: Entries of ``house.yml`` that can be edited; the wording of packs by every text of ``pack.yml`` and ``common.yml``.
HOUSE_KEYS = ("working_hours", "weekly_hours", "office_hours", "quiet_hours", "working_days", "packs")


class NotEdited(ValueError):
    """What cannot stand there: ``problems``, each with place, what was expected and the cure."""

    def __init__(self, *problems: Reason) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class EditedMeanwhile(Exception):
    """Somebody else changed the same since it was opened: ``edit``."""

    def __init__(self, edit: Edit) -> None:
        super().__init__(edit.by)
        self.edit = edit


class HouseKeeper:
    """The house of one process, with what was edited. ``root``: the folder of the packs. ``load``: makes the house of
    the files and of edits. ``unfit``: why the edits do not count, where they no longer fit the files."""

    def __init__(self, store: Store, root: Path, load: Callable[[Edits], House]) -> None:
        self._store, self._root, self._load = store, root, load
        self.unfit: tuple[Reason, ...] = ()
        self._packs: dict[str, tuple[str, Packs]] = {}
        self._texts: dict[str, Mapping[str, str]] = {}  # of files, as they were when first asked for
        self.house = load({})
        self._count = 0
        self.look()

    def look(self) -> None:
        """Take up what was edited since the last look; costs one small question when nothing was. A document
        whose edits no longer fit its file is as that; if that does not help, what counted until now goes on."""
        with self._store.reading() as work:
            count = work.edits.count()
            if count == self._count:
                return
            edits = work.edits.current()
        try:
            self.house.become(self.tried(edits))
            self.unfit = ()
        except NotEdited as error:
            logger.error(
                "house.edits_unfit: %d problems; see the set-up pages of the desk", len(error.problems)
            )
            self.unfit = error.problems
            fitting = {
                document: values
                for document, values in edits.items()
                if not any(f"/{document}" in problem.partition(":")[0] for problem in error.problems)
            }
            with suppress(NotEdited):
                self.house.become(self.tried(fitting))
        self._count = count

    def tried(self, edits: Edits) -> House:
        """The house as it would be. Raises: NotEdited."""
        try:
            return self._load(edits)
        except PackError as error:
            raise NotEdited(*error.problems) from error
        except HouseError as error:
            raise NotEdited(_reason(error)) from error

    def new_of(self, error: NotEdited) -> tuple[Reason, ...]:
        """Without what was wrong before: that must not keep anybody from mending one by one, or from other work."""
        return tuple(problem for problem in error.problems if problem not in self.unfit)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The packs there are, in use or not."""
        return tuple(name for name in names_below(self._root) if (self._root / name / "pack.yml").is_file())

    def pack(self, name: str, edits: Edits) -> Packs:
        """One pack by itself, in use or not. Raises: NotEdited."""
        key = json.dumps([edits.get(COMMON), edits.get(name)], sort_keys=True)
        known = self._packs.get(name)
        if known is None or known[0] != key:
            try:
                known = self._packs[name] = key, Packs.load(self._root, [name], edits=edits)
            except PackError as error:
                raise NotEdited(*error.problems) from error
        return known[1]

    def written(self, document: str) -> Mapping[str, Any]:
        """What the file of ``document`` itself says: key -> value. Empty for none."""
        if document == "house":
            data = yaml.safe_load((self._root / "house.yml").read_text(encoding="utf-8"))
            return {key: data.get(key) or {} for key in HOUSE_KEYS}
        if document == "replies":
            return {ref: canned.as_json() for ref, canned in shipped(self._root).items()}
        if document == "knowledge":
            return written(self._root, [pack.key for pack in self.house.packs.packs])
        if document not in self._texts:
            path = self._root / ("common.yml" if document == COMMON else f"{document}/pack.yml")
            node = read(path, shown_as=path.name, findings=Findings())
            self._texts[document] = texts(node) if node else {}
        return self._texts[document]


def _reason(error: HouseError) -> Reason:
    """That of the rule which ``house.yml`` broke."""
    cause = error.__cause__ or error
    first = cause.args[0] if cause.args else ""
    return first if isinstance(first, Reason) else Reason(IN_FILE, "{said}", said=str(cause))


@dataclass(frozen=True)
class Proposal:
    """``changed``: what would be written, ``None`` for as in the file again. ``standing``: what counts now at those
    keys. ``written``: what the file says. ``house`` and, of a pack, ``packs``: as they would be."""

    document: str
    changed: Mapping[str, Any]
    standing: Mapping[str, Any]
    written: Mapping[str, Any]
    house: House
    packs: Packs | None


def proposed(keeper: HouseKeeper, store: Store, document: str, values: Mapping[str, Any]) -> Proposal:
    """What would come of ``values`` at their keys; ``None``: as in the file again. Raises: NotEdited."""
    written = keeper.written(document)
    with store.reading() as work:
        edits = work.edits.current()
    there = edits.get(document, {})
    wanted = {key: None if value == written.get(key) else value for key, value in values.items()}
    changed = {key: value for key, value in wanted.items() if value != there.get(key)}
    then = {key: value for key, value in {**there, **changed}.items() if value is not None}
    edits = {**edits, document: then}
    standing = {key: there.get(key, written.get(key)) for key in changed}
    try:
        house = keeper.tried(edits)
        packs = keeper.pack(document, edits) if document in keeper.names else None
    except NotEdited as error:
        if new := keeper.new_of(error):
            raise NotEdited(*new) from error
        house, packs = keeper.house, None
    return Proposal(document, changed, standing, written, house, packs)


def edit(
    keeper: HouseKeeper,
    store: Store,
    proposal: Proposal,
    *,
    by: Actor,
    now: datetime,
    seen: int,
) -> int:
    """Write what was proposed, and have it in this process. Gives how many entries were changed. ``seen``: the last
    edit of the document that its editor saw.

    Raises: NotAllowed, EditedMeanwhile.
    """
    if by.role is not Role.ADMINISTRATOR:
        raise NotAllowed("not for this role: set-up is changed by admin")
    document = proposal.document
    with store.writing() as work:
        work.edits.alone()
        for line in work.edits.history(document):
            if line.id > seen and line.key in proposal.changed:
                raise EditedMeanwhile(line)
        seed_departments(work, proposal.house.packs)
        for key, value in proposal.changed.items():
            before = proposal.standing[key]
            work.edits.add(Edit(document, key, value, before, by.name, now))
            told = f"{key}: {shown(before)} → {shown(proposal.written.get(key) if value is None else value)}"
            work.access.log(Audit(now, by.name, "edit", "setup", document, reason=told))
    keeper.look()
    return len(proposal.changed)


def shown(value: Any) -> str:
    """A value as the history and the audit log name it."""
    if value in (None, "", {}, []):
        return "–"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {shown(below)}" for key, below in value.items())
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def back_to(store: Store, document: str, edit_id: int) -> dict[str, Any]:
    """What to have at which keys, so that ``document`` is as it was right after the edit ``edit_id``; 0: as in the
    file."""
    with store.reading() as work:
        now, then = work.edits.current(), work.edits.current(until=edit_id)
    keys = now.get(document, {}).keys() | then.get(document, {}).keys()
    return {key: then.get(document, {}).get(key) for key in sorted(keys)}
