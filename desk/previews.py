"""How edited wording would read: a question in its category, or a promise made now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from casework.editing import Proposal
from casework.packs import Category, Field, Packs
from casework.tickets.filing import make_promise
from desk.visits import Visit


@dataclass(frozen=True)
class Shown:
    """How it would read: a question with its category, or a promise made now. ``own_steps``: every category with this
    promise words it in steps of its own."""

    fields: tuple[Field, ...] = ()
    category: Category | None = None
    steps: Mapping[str, tuple[str, ...]] | None = None
    own_steps: bool = False


def preview(visit: Visit, at: str, proposal: Proposal) -> Shown:
    """How what stands at ``at`` would read."""
    packs = proposal.packs or proposal.house.packs
    parts = at.split(".")
    if parts[0] == "sla":
        of_it = [c for c in _categories(packs) if c.sla.code == parts[1]]
        plain = [c for c in of_it if not _has_own_steps(c, proposal.written)]
        reads = _promised(visit, next(iter(plain or of_it), None), proposal)
        return replace(reads, own_steps=bool(of_it) and not plain)
    if "fields" in parts:
        key = parts[parts.index("fields") + 1]
        within = [c for c in _categories(packs) if set(parts) & {c.code, c.parent}] or _categories(packs)
        for category in within:
            if (found := category.field(key)) is not None:
                return Shown((found,), category)
        return Shown()
    within = [c for c in _categories(packs) if c.code in parts]
    if not within:
        return Shown()
    promised = _promised(visit, within[0], proposal)
    return Shown(within[0].required, within[0], promised.steps)


def _has_own_steps(category: Category, written: Mapping[str, Any]) -> bool:
    level1 = f"categories.{category.parent}"
    return any(
        f"{level}.steps[1].zh" in written for level in (level1, f"{level1}.categories.{category.code}")
    )


def _promised(visit: Visit, category: Category | None, proposal: Proposal) -> Shown:
    if category is None:
        return Shown()
    steps = {
        language: make_promise(
            category,
            now=visit.now,
            calendar=proposal.house.calendar,
            language=language,
            department=category.department.name.in_(language),
        ).steps
        for language in ("zh", "en")
    }
    return Shown((), category, steps)


def _categories(packs: Packs) -> Iterable[Category]:
    return [category for pack in packs.packs for category in pack.categories.values()]
