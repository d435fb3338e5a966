"""What staff put into an answer: canned replies filled in for the case, and answers of the knowledge base."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from starlette.responses import Response

from casework.access import sight
from casework.access.sight import OutOfSight
from casework.canned import Canned
from casework.canned.filling import filled, gaps, values_for
from casework.conversations.model import Conversation
from casework.knowledge import Entry
from casework.staff.model import HOUSE
from casework.storage.work import Work
from casework.tickets.model import Ticket
from desk.board import talk_in_sight
from desk.desk import Desk
from desk.visits import PART, NotFound, Visit

#: Answers shown at once.
ANSWERS = 8


@dataclass(frozen=True)
class Insert:
    """One thing to choose. ``text``: what is put in. ``about``: a word beside the name. ``missing``: variables that
    have no value here."""

    name: str
    text: str
    about: str = ""
    missing: Sequence[str] = ()


class Inserting:
    """``GET /desk/talks/{talk}/replies`` and ``…/answers``: a list for script, a page without it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def replies(self, visit: Visit) -> Response:
        """Canned replies in the language of the person."""
        with self._desk.store.reading() as work:
            talk = talk_in_sight(work, visit)
            ticket = _case(work, visit, talk)
            language = self._language(talk)
            values = values_for(
                work, self._desk.house, ticket, staff=visit.member.name, language=language, now=visit.now
            )
            names = {d.code: d.name.in_(visit.member.language) for d in work.staff.departments(active=None)}
        found = []
        for canned in usable(self._desk.house.replies.values(), visit, ticket):
            text = filled(canned.text.in_(language), values)
            name = canned.name.in_(visit.member.language)
            found.append(Insert(name, text, names.get(canned.department, ""), gaps(text)))
        return self._list(visit, talk, "replies", found)

    def answers(self, visit: Visit) -> Response:
        """Answers to a question, or to what the person asked last, in their language."""
        with self._desk.store.reading() as work:
            talk = talk_in_sight(work, visit)
            asked = visit.query("q") or _last_words(work, talk)
        language = self._language(talk)
        entries = self._near(asked, language, self._today(visit)) if asked else []
        found = [Insert(entry.title, cited(self._desk, entry), entry.source) for entry in entries[:ANSWERS]]
        return self._list(visit, talk, "answers", found)

    def _near(self, asked: str, language: str, today: date) -> list[Entry]:
        """What the bot would answer first, then what holds the words."""
        looked = self._desk.look_up(asked, language, today)
        best = [looked.entry] if looked.entry else list(looked.near)
        held = (e for e in self._desk.house.knowledge.entries if e.language == language and e.holds_on(today))
        return list(dict.fromkeys([*best, *(entry for entry in held if holds(entry, asked))]))

    def _list(self, visit: Visit, talk: Conversation, kind: str, found: Sequence[Insert]) -> Response:
        template = "_inserts.html" if PART in visit.request.headers else "inserts.html"
        return visit.page(template, talk=talk, kind=kind, inserts=found, case=visit.query("case"))

    def _language(self, talk: Conversation) -> str:
        return talk.language or self._desk.house.languages[0]

    def _today(self, visit: Visit) -> date:
        return visit.now.astimezone(ZoneInfo(self._desk.house.zone)).date()


def usable(replies: Iterable[Canned], visit: Visit, ticket: Ticket | None) -> list[Canned]:
    """Those of the departments of the writer and of the case first, then the whole house's."""
    own = {*visit.member.roles, ticket.department if ticket else ""} - {HOUSE}
    return sorted(
        (reply for reply in replies if not reply.department or reply.department in own),
        key=lambda reply: not reply.department,
    )


def cited(desk: Desk, entry: Entry) -> str:
    """An answer with its source, as the bot says it."""
    return desk.words[entry.language](
        "answer_cited", answer=entry.answer, source=entry.cited, day=entry.compared
    )


def _case(work: Work, visit: Visit, talk: Conversation) -> Ticket | None:
    """The case beside the conversation. Raises: NotFound: it is of another one, or out of sight."""
    if not (number := visit.query("case")):
        return None
    try:
        ticket = sight.case_seen(work, visit.scope, number.upper())
    except OutOfSight as error:
        raise NotFound from error
    if ticket.conversation_id != talk.id:
        raise NotFound
    return ticket


def _last_words(work: Work, talk: Conversation) -> str:
    said = (m for m in reversed(work.board.thread(talk.id, limit=20)) if m.direction == "in" and m.text)
    return next((message.text for message in said), "")


def holds(entry: Entry, asked: str) -> bool:
    """Whether each word of ``asked`` is somewhere in the entry."""
    everything = " ".join((entry.title, *entry.questions, entry.answer)).lower()
    return all(word in everything for word in asked.lower().split())
