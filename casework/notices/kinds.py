"""The kinds of notices: while which states each is true, who gets it, what an answer to it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from casework.tickets.states import UNDER_WAY, State

#: What any notice may name. ``state`` is the case's, ``due`` the day of the answer.
_ALWAYS = ("number", "organisation", "summary", "department", "state", "first", "due", "cycle")
_WORKED_ON = frozenset({State.ASSIGNED, State.IN_PROGRESS, State.WAITING_COMPLAINANT})
_RESULT = frozenset({State.RESOLVED, State.FOLLOWUP, State.CLOSED})
_WAITING = frozenset({State.WAITING_COMPLAINANT})


@dataclass(frozen=True)
class Kind:
    """``states``: of the case, while the notice is true; in others it is overtaken. ``slots``: what its words may name
    beside what all may. ``shared``: also for those whose cases were merged into this one. ``patient``: waits for a
    moment when the chat is quiet. ``answer``: what words after it are taken as (``reply``, ``rate``, ``solved``).
    ``buttons``: (title in ``house.yml``, act)."""

    states: frozenset[State]
    slots: tuple[str, ...] = ()
    shared: bool = False
    patient: bool = False
    answer: str = ""
    buttons: tuple[tuple[str, str], ...] = ()

    @property
    def all_slots(self) -> frozenset[str]:
        return frozenset((*_ALWAYS, *self.slots))


_RATES = tuple((f"rate_{level}", f"rate:{level}") for level in (5, 4, 3, 2, 1))
_ASKED = ("question", "why", "date")

KINDS: Mapping[str, Kind] = {
    "accepted": Kind(UNDER_WAY),
    "assigned": Kind(_WORKED_ON, shared=True),
    "need_info": Kind(_WAITING, _ASKED, answer="reply"),
    "reminder": Kind(_WAITING, _ASKED, patient=True, answer="reply"),
    "last_reminder": Kind(_WAITING, _ASKED, patient=True, answer="reply"),
    "delayed": Kind(
        UNDER_WAY, ("was_due", "reason", "done", "todo"), shared=True, buttons=(("urge", "urge"),)
    ),
    "redated": Kind(UNDER_WAY, ("was_due", "reason"), shared=True),
    "halfway": Kind(UNDER_WAY - _WAITING, shared=True, patient=True),
    "soon": Kind(UNDER_WAY - _WAITING, shared=True, patient=True),
    "standing": Kind(frozenset({State.IN_PROGRESS}), shared=True, patient=True),
    "overdue": Kind(UNDER_WAY - _WAITING, ("was_due",), shared=True, buttons=(("urge", "urge"),)),
    "resolved": Kind(
        _RESULT,
        ("finding", "remedy", "remedy_date", "basis", "until", "outside"),
        shared=True,
        answer="solved",
        buttons=(("solved", "solved"), ("dispute", "dispute")),
    ),
    "unanswered": Kind(_RESULT, ("until",), buttons=(("dispute", "dispute"),)),
    "survey": Kind(frozenset({State.RESOLVED}), ("until",), patient=True, answer="rate", buttons=_RATES),
    "reopened": Kind(UNDER_WAY, shared=True),
    "restored": Kind(UNDER_WAY),
    "closed": Kind(frozenset({State.CLOSED}), ("closed", "until"), shared=True),
    "withdrawn": Kind(
        frozenset({State.WITHDRAWN}), ("withdrawn", "restorable"), buttons=(("restore", "restore"),)
    ),
    "merged": Kind(frozenset({State.MERGED})),
    "unmerged": Kind(UNDER_WAY, ("reason",)),
    "referred": Kind(frozenset({State.REFERRED}), ("to", "reason"), shared=True),
    "rejected": Kind(
        frozenset({State.REJECTED, State.CLOSED}),
        ("reason", "basis", "outside", "until"),
        shared=True,
        buttons=(("dispute", "dispute"),),
    ),
}
