"""The audit log's line of a change of set-up: what was before, what is now."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import fields
from enum import Enum
from typing import Any, TypeVar

from casework.access.model import Audit
from casework.staff.model import HoursUnread
from casework.staff.organising import StaffError
from casework.storage.work import Work
from casework.tickets.model import Actor
from casework.tickets.states import Role
from desk.refusals import told
from desk.visits import Visit, Wrong

_T = TypeVar("_T")


def acting(visit: Visit) -> Actor:
    """Who changes the house."""
    return Actor(Role.ADMINISTRATOR, visit.member.login)


def allowed(visit: Visit, write: Callable[[], _T]) -> _T:
    """What the core refuses, in the words of who reads it. Raises: Wrong."""
    try:
        return write()
    except (StaffError, HoursUnread) as error:
        raise Wrong("incomplete", said=told(visit, error.reason)) from error


def log_change(work: Work, visit: Visit, kind: str, ref: str, *, before: Any, after: Any) -> None:
    """Two values of one dataclass, ``None`` for nothing; only what differs is written, and nothing if nothing does."""
    if told := changed(before, after):
        work.access.log(Audit(visit.now, visit.member.login, "edit", kind, ref[:64], reason=told))


def changed(before: Any, after: Any) -> str:
    """``hours: 09:00-17:00 → –; parent: – → urban.roads``"""
    either = before if after is None else after
    names = [field.name for field in fields(either) if field.name != "id"]
    pairs = ((name, getattr(before, name, None), getattr(after, name, None)) for name in names)
    return "; ".join(f"{name}: {_told(old)} → {_told(new)}" for name, old, new in pairs if old != new)


def _told(value: Any) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Mapping):
        return " ".join(f"{_told(below)}@{key}" for key, below in value.items()) or "–"
    if isinstance(value, Collection) and not isinstance(value, str):
        return ",".join(sorted(_told(item) for item in value)) or "–"
    return "–" if value in (None, "") else str(value)
