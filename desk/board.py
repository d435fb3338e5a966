"""The one screen: what waits on the left, what was said in the middle, the case on the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.responses import Response

from casework.access import sight
from casework.access.rights import Right
from casework.access.sight import OutOfSight
from casework.conversations.model import Conversation, Owner, StoredMessage
from casework.storage.board import PAGE, Case, Talk, Wanted
from casework.storage.work import Work
from casework.tickets.alarms import open_alarms
from casework.tickets.model import Ticket
from casework.tickets.states import OPEN, TERMINAL, State
from desk.card import Card, card_of
from desk.desk import Desk
from desk.visits import NotFound, Visit

#: Ready-made looks at the cases, as they stand above the list.
VIEWS = ("open", "mine", "unassigned", "overdue", "danger", "over")
#: Messages of a thread that are shown at once; earlier ones on demand.
THREAD = 100


@dataclass(frozen=True)
class Thread:
    """What was said in one conversation. ``earlier``: the seq to go back from, 0 at the beginning."""

    conversation: Conversation
    messages: Sequence[StoredMessage]
    files: Mapping[int, Sequence[object]]
    mine: bool
    earlier: int

    @property
    def last_seq(self) -> int:
        return self.messages[-1].seq if self.messages else 0

    @property
    def moods(self) -> list[Mapping[str, object]]:
        """The feelings of the person, in order, where they showed any."""
        found = (m.understanding.get("emotion") for m in self.messages if m.direction == "in")
        return [mood for mood in found if mood and mood.get("intensity")]


class Board:
    """``/desk/cases`` and ``/desk/talks``"""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def cases(self, visit: Visit) -> Response:
        with self._desk.store.reading() as work:
            return visit.page("board.html", **self._list_of_cases(work, visit), thread=None, card=None)

    def case(self, visit: Visit) -> Response:
        with self._desk.store.reading() as work:
            ticket = case_in_sight(work, visit)
            conversation = work.conversations.get(ticket.conversation_id)
            thread = thread_of(work, visit, conversation) if visit.may("talks") else None
            return visit.page(
                "board.html",
                **self._list_of_cases(work, visit),
                thread=thread,
                card=card_of(work, visit, ticket),
            )

    def printed(self, visit: Visit) -> Response:
        """One case on paper, personal data masked as on the screen."""
        with self._desk.store.reading() as work:
            return visit.page("print.html", card=card_of(work, visit, case_in_sight(work, visit)))

    def talks(self, visit: Visit) -> Response:
        with self._desk.store.reading() as work:
            return visit.page("board.html", **self._list_of_talks(work, visit), thread=None, card=None)

    def talk(self, visit: Visit) -> Response:
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
            return visit.page("_messages.html", thread=thread)

    def _card_beside(self, work: Work, visit: Visit, conversation: Conversation) -> Card | None:
        """Of the case this talk is about: the one being told, or the latest that is open."""
        told = work.board.of_conversation(conversation.id)
        ranked = sorted(told, key=lambda t: (t.state is not State.DRAFT, t.state in TERMINAL, -t.id))
        seen = [ticket for ticket in ranked if ticket.state is State.DRAFT or visit.scope.holds(ticket)]
        return card_of(work, visit, seen[0], others=seen[1:]) if seen else None

    # -- the left pane ------------------------------------------------------------------------------

    def _list_of_cases(self, work: Work, visit: Visit) -> dict[str, object]:
        view = visit.query("view") if visit.query("view") in VIEWS else "open"
        skip = visit.place("skip")
        wanted = _wanted(visit, view)
        found: list[Case] = []
        if view == "danger":
            found = [Case(t) for t in open_alarms(work) if t.number and visit.scope.holds(t)]
        else:
            found = work.board.cases(wanted, scope=visit.scope, skip=skip, limit=PAGE + 1)
        return {
            "side": "cases",
            "view": view,
            "views": VIEWS,
            "wanted": wanted,
            "rows": found[:PAGE],
            "more": skip + PAGE if len(found) > PAGE else 0,
            "departments": work.staff.departments(),
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
            "waiting": waiting,
            "mine": mine,
            "others": others,
            "alarmed": self._alarmed(work, visit),
        }

    def _alarmed(self, work: Work, visit: Visit) -> list[Ticket]:
        """People in danger whom nobody of staff has looked at: on every list, on top."""
        return [t for t in open_alarms(work, limit=20) if t.state is State.DRAFT or visit.scope.holds(t)]


def _wanted(visit: Visit, view: str) -> Wanted:
    state = visit.query("state")
    wanted = Wanted(
        states=frozenset({State(state)}) if state in {s.value for s in State} else frozenset(),
        department=visit.query("department"),
        category=visit.query("category").upper(),
        priority=visit.query("priority").upper(),
        number=visit.query("q").upper().replace(" ", ""),
    )
    if view == "mine":
        return replace(wanted, handler=visit.member.login)
    if view == "unassigned":
        return replace(wanted, handler="-")
    if view == "overdue":
        return replace(wanted, due_before=visit.now)
    if view == "over" and not wanted.states:
        return replace(wanted, states=frozenset(State) - OPEN - {State.DRAFT})
    return wanted


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
    return Thread(conversation, said, files, mine, first if first > 1 else 0)
