"""Changing the canned replies of a house: who may, and what is refused."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from casework.canned.filling import unknown
from casework.canned.model import NAME_CHARS, TEXT_CHARS, VARIABLES, Canned
from casework.editing import HouseKeeper
from casework.publishing import REPLIES, RETIRED, Unfit, publish, unsayable
from casework.staff.model import HOUSE
from casework.storage.work import Store
from casework.text import Reason
from casework.tickets.model import Actor
from casework.tickets.states import Role

#: Roles that keep the replies: of the departments they hold it in, or of all.
KEEPERS = frozenset({Role.LEAD, Role.SUPERVISOR, Role.ADMINISTRATOR})


def may_keep(by: Iterable[Actor]) -> bool:
    """``by``: somebody in each role they have where the reply belongs."""
    return any(actor.role in KEEPERS for actor in by)


def save(keeper: HouseKeeper, store: Store, canned: Canned, *, by: str, now: datetime, seen: int) -> None:
    """Raises: Unfit, casework.editing.EditedMeanwhile."""
    _check(keeper, store, canned)
    publish(keeper, store, REPLIES, canned.ref, canned.as_json(), by=by, now=now, seen=seen)


def retire(keeper: HouseKeeper, store: Store, ref: str, *, by: str, now: datetime, seen: int) -> None:
    """Nobody is offered it any more; its history stays. Raises: casework.editing.EditedMeanwhile."""
    publish(keeper, store, REPLIES, ref, RETIRED, by=by, now=now, seen=seen)


def _check(keeper: HouseKeeper, store: Store, canned: Canned) -> None:
    others = [other for other in keeper.house.replies.values() if other.ref != canned.ref]
    for language in ("zh", "en"):
        name, text = canned.name.in_(language), canned.text.in_(language)
        if not name or not text:
            raise Unfit(Reason("both_languages", "name and text are needed in Chinese and in English"))
        if len(name) > NAME_CHARS or len(text) > TEXT_CHARS:
            raise Unfit(
                Reason("long", "at most {name} and {text} characters", name=NAME_CHARS, text=TEXT_CHARS)
            )
        if any(name == other.name.in_(language) for other in others):
            raise Unfit(Reason("name_taken", "another reply is called {name}", name=name))
        if strays := unknown(text):
            known = " ".join(f"{{{name}}}" for name in VARIABLES)
            found = " ".join(strays)
            raise Unfit(
                Reason("unknown_variable", "not filled: {found}; known: {known}", found=found, known=known)
            )
        if reason := unsayable(text, language, keeper.house.packs.never_say):
            raise Unfit(reason)
    if canned.department != HOUSE:
        with store.reading() as work:
            if work.staff.department(canned.department) is None:
                raise Unfit(Reason("no_department", "there is no department {name}", name=canned.department))
