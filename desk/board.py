"""The one screen: what waits on the left, what was said in the middle, the case on the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from starlette.responses import Response

from casework.access import sight
from casework.access.rights import Right
from casework.access.sight import OutOfSight
from casework.conversations.model import Conversation, Owner, StoredMessage
from casework.storage.board import Talk
from casework.storage.cases import ORDERS
from casework.storage.work import Work
from casework.tickets.alarms import open_alarms
from casework.tickets.model import Ticket
from casework.tickets.states import TERMINAL, State
from desk.card import Card, Tried, card_of, form_on
from desk.colleagues import colleagues
from desk.desk import Desk
from desk.lists import VIEWS, Listed, list_of, log_search, look_of
from desk.reaching import Line, line_of
from desk.visits import NotFound, Visit, Wrong

#: Messages of a thread that are shown at once; earlier ones on demand.
THREAD = 100


@dataclass(frozen=True)
class Thread:
    """What was said in one conversation. ``earlier``: the seq to go back from, 0 at the beginning. ``line``: for who
    may answer, whether that would arrive."""

    conversation: Conversation
    messages: Sequence[StoredMessage]
    files: Mapping[int, Sequence[object]]
    mine: bool
    earlier: int
    line: Line | None = None

    @property
    def last_seq(self) -> int:
        return self.messages[-1].seq if self.messages else 0

    @property
    def moods(self) -> list[Mapping[str, object]]:
        """The feelings of the person, in order, where they showed any."""
        found = (m.understanding.get("emotion") for m in self.messages if m.direction == "in")
        return [mood for mood in found if mood and mood.get("intensity")]


@dataclass(frozen=True)
class Result:
    """What became of one case of a batch: ``said`` in the words of who reads it."""

    number: str
    given: bool
    said: str


class Board:
    """``/desk/cases`` and ``/desk/talks``"""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def cases(self, visit: Visit) -> Response:
        return self.listed(visit)

    def filters(self, visit: Visit) -> Response:
        """What a list can be narrowed by: for script the form alone."""
        if visit.part in ("", "list"):
            return self.listed(visit, opened="filters")
        with self._desk.store.reading() as work:
            return visit.page("_filters.html", **self._choices(work), at=look_of(self._desk, visit))

    def giving(self, visit: Visit) -> Response:
        """Whom chosen cases can be given to: for script the form alone. Reloading what became of a batch gives the
        list: nothing is done twice."""
        if visit.part in ("", "list"):
            return self.listed(visit, opened="giving")
        with self._desk.store.reading() as work:
            who = colleagues(work, visit, visit.scope.departments)
        return visit.page("_giving.html", colleagues=who, at=look_of(self._desk, visit))

    def listed(self, visit: Visit, *, results: Sequence[Result] = (), opened: str = "") -> Response:
        """The list alone. ``results``: what became of a batch, on top of it. ``opened``: ``filters`` or ``giving``."""
        with self._desk.store.reading() as work:
            shown = self._list_of_cases(work, visit)
            if opened == "filters":
                shown |= {"opened": opened, **self._choices(work)}
            if opened == "giving":
                shown |= {"opened": opened, "colleagues": colleagues(work, visit, visit.scope.departments)}
        self._log(visit, shown)
        if visit.part == "list":
            return visit.page("_list.html", **shown, results=(), thread=None, card=None)
        return visit.page("board.html", **shown, results=results, thread=None, card=None)

    def _choices(self, work: Work) -> dict[str, object]:
        return {"departments": work.staff.departments(), "names": work.staff.names(), "orders": ORDERS}

    def _log(self, visit: Visit, shown: Mapping[str, object]) -> None:
        """A search for somebody's number is logged, wherever its list is shown; it is not renewed by itself."""
        look = cast(Listed, shown["listed"]).look
        if not look.searched:
            return
        if visit.part == "list":
            raise NotFound
        with self._desk.store.writing() as work:
            log_search(work, visit, look)

    def case(self, visit: Visit) -> Response:
        return self.listed(visit) if visit.part == "list" else self._case(visit)

    def step(self, visit: Visit) -> Response:
        """A case with the form of one step; for script that form alone, for the version that is on the screen."""
        action = visit.path("action")
        if visit.part in ("", "list"):
            return self.listed(visit) if visit.part else self._case(visit, opened=action)
        with self._desk.store.reading() as work:
            ticket = case_in_sight(work, visit)
            form = form_on(work, visit, ticket, action)
        if form is None:
            raise Wrong("step_over")
        page, seen = look_of(self._desk, visit).page, visit.place("seen") or ticket.version
        return visit.page("_card_form.html", t=ticket, form=form, seen=seen, kept=f"?{page}" if page else "")

    def again(
        self, visit: Visit, form: str, wrong: Wrong, typed: Mapping[str, str] | None = None
    ) -> Response:
        """The case with a form that was refused, and what was typed in it: in the form, where it is not given."""
        said = visit.words(f"problem_{wrong.key}", **wrong.values)
        page = self._case(visit, tried=Tried(form, said, visit.form if typed is None else typed))
        page.status_code = 422
        return page

    def _case(self, visit: Visit, *, opened: str = "", tried: Tried | None = None) -> Response:
        with self._desk.store.reading() as work:
            ticket = case_in_sight(work, visit)
            conversation = work.conversations.get(ticket.conversation_id)
            thread = thread_of(work, visit, conversation) if visit.may("talks") else None
            shown, card = (
                self._list_of_cases(work, visit),
                card_of(work, visit, ticket, opened=opened, tried=tried),
            )
            if opened and card.form is None:  # an address that was kept, or somebody was faster
                card = replace(card, tried=Tried(f"act-{opened}", visit.words.problem_step_over, {}))
        self._log(visit, shown)
        return visit.page("board.html", **shown, thread=thread, card=card)

    def printed(self, visit: Visit) -> Response:
        """One case on paper, personal data masked as on the screen."""
        with self._desk.store.reading() as work:
            ticket = case_in_sight(work, visit)
            return visit.page("print.html", card=card_of(work, visit, ticket), names=work.staff.names())

    def talks(self, visit: Visit) -> Response:
        page = "_list.html" if visit.part == "list" else "board.html"
        with self._desk.store.reading() as work:
            return visit.page(page, **self._list_of_talks(work, visit), thread=None, card=None)

    def talk(self, visit: Visit) -> Response:
        if visit.part == "list":
            return self.talks(visit)
        with self._desk.store.reading() as work:
            conversation = talk_in_sight(work, visit)
            card = self._card_beside(work, visit, conversation)
            return visit.page(
                "board.html",
                **self._list_of_talks(work, visit),
                thread=thread_of(work, visit, conversation),
                card=card,
            )

    def more_of_thread(self, visit: Visit) -> Response:
        """Messages after a seq, or the ones before one: put in by script."""
        after, before = visit.place("after"), visit.place("before")
        with self._desk.store.reading() as work:
            conversation = talk_in_sight(work, visit)
            thread = thread_of(work, visit, conversation, after=after, before=before)
            return visit.page("_messages.html", thread=thread, names=work.staff.names())

    def _card_beside(self, work: Work, visit: Visit, conversation: Conversation) -> Card | None:
        """Of the case this talk is about: the one being told, or the latest that is open."""
        told = work.board.of_conversation(conversation.id)
        ranked = sorted(told, key=lambda t: (t.state is not State.DRAFT, t.state in TERMINAL, -t.id))
        seen = [ticket for ticket in ranked if ticket.state is State.DRAFT or visit.scope.holds(ticket)]
        return card_of(work, visit, seen[0]) if seen else None

    # -- the left pane ------------------------------------------------------------------------------

    def _list_of_cases(self, work: Work, visit: Visit) -> dict[str, object]:
        return {
            "side": "cases",
            "listed": list_of(work, visit, look_of(self._desk, visit)),
            "views": VIEWS,
            "opened": "",
            "departments": work.staff.departments(),
            "names": work.staff.names(),
            "alarmed": self._alarmed(work, visit),
        }

    def _list_of_talks(self, work: Work, visit: Visit) -> dict[str, object]:
        waiting = work.board.talks(owner=Owner.QUEUE)
        mine = work.board.talks(owner=Owner.STAFF, name=visit.member.login)
        others: list[Talk] = []
        if Right.BATCH in visit.rights or Right.AUDIT in visit.rights:  # leads see who has whom
            others = [
                talk
                for talk in work.board.talks(owner=Owner.STAFF)
                if talk.conversation.owner_name != visit.member.login
            ]
        return {
            "side": "talks",
            "names": work.staff.names(),
            "waiting": waiting,
            "mine": mine,
            "others": others,
            "alarmed": self._alarmed(work, visit),
        }

    def _alarmed(self, work: Work, visit: Visit) -> list[Ticket]:
        """People in danger whom nobody of staff has looked at: on every list, on top."""
        return [t for t in open_alarms(work, limit=20) if t.state is State.DRAFT or visit.scope.holds(t)]


def case_in_sight(work: Work, visit: Visit) -> Ticket:
    """The case of the address, if it is this visitor's to see. Raises: NotFound."""
    try:
        return sight.case_seen(work, visit.scope, visit.path("number").upper())
    except OutOfSight as error:
        raise NotFound from error


def talk_in_sight(work: Work, visit: Visit) -> Conversation:
    """The conversation of the address. Raises: NotFound."""
    return talk_seen(work, visit, visit.number("talk"))


def talk_seen(work: Work, visit: Visit, talk: int) -> Conversation:
    """A conversation, if it is this visitor's to see. Raises: NotFound."""
    try:
        return sight.talk_seen(work, visit.scope, talk)
    except OutOfSight as error:
        raise NotFound from error


def thread_of(
    work: Work, visit: Visit, conversation: Conversation, *, after: int = 0, before: int = 0
) -> Thread:
    """The latest messages, those after a seq, or those before one."""
    said = work.board.thread(conversation.id, after=after, before=before, limit=THREAD)
    files: dict[int, list[object]] = {}
    for row in work.media.of_messages([message.id for message in said]):
        files.setdefault(row.message_id, []).append(row)
    mine = conversation.owner is Owner.STAFF and conversation.owner_name == visit.member.login
    first = said[0].seq if said and not after else 0
    line = line_of(work, visit, conversation) if visit.may("speak") and not (after or before) else None
    return Thread(conversation, said, files, mine, first if first > 1 else 0, line)
