"""The left pane of cases: ready-made views, filters, sorting, search, and the case that comes next."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from casework.access.masking import masked_text
from casework.access.model import Audit
from casework.storage.board import PAGE
from casework.storage.cases import ORDERS, Case, Order, Place, Wanted
from casework.storage.work import Work
from casework.tickets.marks import written_marks
from casework.tickets.repeats import REPEAT_WINDOW
from casework.tickets.states import OPEN, State
from desk.desk import Desk
from desk.visits import Visit
from understanding.details.phone import dialled

#: Ready-made looks at the cases, as they stand above the list.
VIEWS = ("open", "mine", "tasks", "unassigned", "overdue", "danger", "over")
#: Entries of an address that say which list it is.
FILTERS = ("department", "category", "state", "priority", "handler", "tag", "overdue", "danger")
_OF_A_LIST = ("view", "q", *FILTERS, "sort")
#: Cases are counted up to here; what is more is said to be more.
COUNTED = 500
#: Cases found by the number of a phone or an order.
_FOUND = 50
#: A case number, or the beginning of one.
_NUMBER = re.compile(r"T(?:S[\d-]*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Look:
    """The list somebody looks at. ``asked``: what of the address says so; ``searched``: by a number of a thing or
    phone, which is logged."""

    view: str
    asked: Mapping[str, str]
    wanted: Wanted
    order: Order
    after: Place | None
    searched: bool = False

    @property
    def page(self) -> str:
        """The query of this very page of the list; empty for the first one of the first view."""
        return self.address(after=str(self.after) if self.after else "")

    def address(self, *but: str, **also: str) -> str:
        """The query of this list without some entries, with others."""
        kept = {key: value for key, value in {**self.asked, **also}.items() if key not in but and value}
        return urlencode(kept)

    @property
    def chosen(self) -> list[tuple[str, str]]:
        """The filters that hold, with their values."""
        return [(name, self.asked[name]) for name in (*FILTERS, "q") if self.asked[name]]


@dataclass(frozen=True)
class Listed:
    """One page of a list. ``count``: of all pages, up to :data:`COUNTED` and one more; ``more``: the place to go on."""

    look: Look
    rows: Sequence[Case]
    count: int
    more: str


def look_of(desk: Desk, visit: Visit) -> Look:
    """The list that the address speaks of; what it cannot mean is left out."""
    asked = {name: visit.query(name) for name in _OF_A_LIST}
    view = asked["view"] if asked["view"] in VIEWS else VIEWS[0]
    usual: Order = "changed" if view == "over" else "due"
    order = next((order for order in ORDERS if order == asked["sort"]), usual)
    after = Place.parse(visit.query("after"))
    if after is not None and not _is_place(after, order):
        after = None
    return Look(view, asked, _wanted(desk, visit, view, asked), order, after)


def _is_place(place: Place, order: Order) -> bool:
    if order in ("newest", "priority"):
        return True
    try:
        return place.moment.tzinfo is not None
    except ValueError:
        return False


def _wanted(desk: Desk, visit: Visit, view: str, asked: Mapping[str, str]) -> Wanted:
    wanted = Wanted(
        states=frozenset(state for state in State if state.value == asked["state"]),
        department=asked["department"],
        categories=tuple(_within(desk, asked["category"])),
        handler=visit.member.login if asked["handler"] == "me" else asked["handler"],
        priority=asked["priority"].upper(),
        due_before=visit.now if asked["overdue"] or view == "overdue" else None,
        danger="unseen" if view == "danger" else "any" if asked["danger"] else "",
        tag=asked["tag"],
        tasks=view == "tasks",
    )
    if view == "mine":
        return replace(wanted, handler=visit.member.login)
    if view == "unassigned":
        return replace(wanted, handler="-")
    if wanted.states:
        return wanted
    if view == "tasks":  # a call is due when the case is over
        return replace(wanted, states=frozenset(State) - {State.DRAFT})
    if view == "over":
        return replace(wanted, states=frozenset(State) - OPEN - {State.DRAFT})
    if view == "danger":  # whatever became of the case
        return replace(wanted, states=frozenset(State) - {State.DRAFT})
    return wanted


def _within(desk: Desk, code: str) -> Iterator[str]:
    """All categories at or below a code: of a sector, of a kind, or one alone."""
    for pack in desk.house.packs.packs if code else ():
        for category in pack.categories.values():
            if code in (pack.key, category.parent, category.code):
                yield category.code


def list_of(work: Work, visit: Visit, look: Look) -> Listed:
    """One page of the list. A number that is sought is looked for as the number of a case, a thing or a phone."""
    look = with_search(work, visit, look)
    found = work.board.cases(
        look.wanted, scope=visit.scope, order=look.order, after=look.after, limit=PAGE + 1
    )
    count = work.board.count(look.wanted, scope=visit.scope, most=COUNTED + 1)
    more = str(found[PAGE - 1].place(look.order)) if len(found) > PAGE else ""
    return Listed(look, found[:PAGE], count, more)


def with_search(work: Work, visit: Visit, look: Look) -> Look:
    """With what is sought, as cases that can be listed."""
    sought = look.asked["q"]
    if not sought:
        return look
    number = sought.upper().replace(" ", "")
    if _NUMBER.fullmatch(number):
        return replace(look, wanted=replace(look.wanted, number=number))
    phone = dialled(re.sub(r"[\s()-]", "", sought), visit.desk.house.country)
    marks = written_marks(sought, [phone] if phone else [])
    found = work.matching.sharing(marks, since=visit.now - REPEAT_WINDOW * 4, limit=_FOUND)
    ids = tuple(dict.fromkeys(sharing.ticket_id for sharing in found))
    return replace(look, wanted=replace(look.wanted, ids=ids), searched=bool(marks))


def log_search(work: Work, visit: Visit, look: Look) -> None:
    """Who looked for whose number. It is kept masked, as it is shown."""
    work.access.log(
        Audit(visit.now, visit.member.login, "search", "ticket", "", "number", masked_text(look.asked["q"]))
    )


def next_after(work: Work, visit: Visit, look: Look, number: str) -> str:
    """The number of the case that follows one in a list and has something to be done in time; from the top where none
    follows, empty where there is no other."""
    look = with_search(work, visit, look)
    rows = work.board.cases(look.wanted, scope=visit.scope, order=look.order, after=look.after, limit=PAGE)
    at = next((place for place, row in enumerate(rows) if row.number == number), -1)
    others = [*rows[at + 1 :], *rows[: max(at, 0)]]
    return next((row.number for row in others if row.due_at is not None), "")
