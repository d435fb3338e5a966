"""What staff publish at the desk: canned replies and answers of the knowledge base. Each is one entry of a document,
kept with its history like every other edit, and counts in every process within a second."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from casework.access.model import Audit
from casework.editing import EditedMeanwhile, HouseKeeper, NotEdited
from casework.packs.overlay import Edit
from casework.packs.wording import is_written_in, never_said
from casework.storage.work import Store
from casework.text import Reason

REPLIES, KNOWLEDGE = "replies", "knowledge"
#: Of an entry that is no more.
RETIRED = ""


class Unfit(ValueError):
    """It cannot be published: ``reason`` says why and what to do."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def unsayable(text: str, language: str, never_say: Mapping[str, tuple[str, ...]]) -> Reason | None:
    """Why nobody should be told this, or none."""
    if not is_written_in(text, language):
        return Reason(f"not_in_{language}", "not written in {language}: {text}", language=language, text=text)
    for found in never_said(text, language, never_say):
        return Reason("never_say", "never said here: {found}", found=found)
    return None


def standing(keeper: HouseKeeper, store: Store, document: str) -> dict[str, Any]:
    """Every entry as it stands now, by key; :data:`RETIRED` for those that are no more."""
    with store.reading() as work:
        return {**keeper.written(document), **work.edits.current().get(document, {})}


def publish(
    keeper: HouseKeeper,
    store: Store,
    document: str,
    key: str,
    value: Any,
    *,
    by: str,
    now: datetime,
    seen: int,
) -> None:
    """Have ``value`` as the entry ``key``, in this process at once. ``seen``: the last edit of it that its editor saw.

    Raises: EditedMeanwhile, Unfit.
    """
    before = standing(keeper, store, document).get(key)
    if value == before:
        return
    with store.reading() as work:
        edits: dict[str, Mapping[str, Any]] = dict(work.edits.current())
    try:
        keeper.tried({**edits, document: {**edits.get(document, {}), key: value}})
    except NotEdited as error:
        for reason in keeper.new_of(error):
            raise Unfit(reason) from error
    with store.writing() as work:
        work.edits.alone()
        last = next(iter(work.edits.history(document, key=key, limit=1)), None)
        if last is not None and last.id != seen:
            raise EditedMeanwhile(last)
        work.edits.add(Edit(document, key, value, before, by, now))
        work.access.log(Audit(now, by, "retire" if value == RETIRED else "publish", document, key[:64]))
    keeper.look()
