"""What the pages share on which something is published."""

from __future__ import annotations

from casework.editing import EditedMeanwhile
from desk.visits import Visit, Wrong


def seen(visit: Visit) -> int:
    """The last edit that the editor of the form saw."""
    found = visit.form.get("seen", "")
    return int(found) if found.isdecimal() else 0


def overtaken(visit: Visit, meanwhile: EditedMeanwhile) -> Wrong:
    """Somebody else was faster: who."""
    with visit.desk.store.reading() as work:
        who = work.staff.names().get(meanwhile.edit.by, meanwhile.edit.by)
    return Wrong("changed", who=who, what=visit.words.changed_entry)
