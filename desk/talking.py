"""What staff do in a conversation: take it, answer, note, pass it on, give it back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from anyio import from_thread
from starlette.responses import Response

from casework.access.rights import Right, rights_of
from casework.canned.filling import gaps
from casework.conversations import handover
from casework.conversations.handover import EngineAway, TakenBy
from casework.conversations.model import Conversation, Reply
from casework.conversations.outbox import post_staff
from casework.storage.work import Work
from desk.board import talk_in_sight
from desk.desk import Desk
from desk.outgoing import Outgoing
from desk.visits import Visit, Wrong

#: Topics of the wake-ups that a sent message needs. Source: app.bus.
SEND, CHAT = "send", "chat"
#: Longest answer, in characters; a channel may send it in parts.
MAX_ANSWER = 4000

_T = TypeVar("_T")


class Talking:
    """``POST /desk/talks/{talk}/…``"""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._outgoing = desk, Outgoing(desk)

    def claim(self, visit: Visit) -> Response:
        self._change(
            visit, lambda work, talk: handover.claim(work, talk.id, name=visit.member.login, now=visit.now)
        )
        return visit.go(_here(visit))

    def say(self, visit: Visit) -> Response:
        """An answer to the person, with a file or without words; or a note for colleagues. The first answer takes the
        conversation over."""
        text, judged = visit.form.get("text", ""), self._outgoing.taken_in(visit)
        if not text and judged is None:
            raise Wrong("empty")
        if len(text) > MAX_ANSWER:
            raise Wrong("too_long", n=MAX_ANSWER)
        if visit.form.get("to") != "colleagues" and (left := gaps(text)):
            raise Wrong("gaps", names=", ".join(visit.words.get(f"variable_{name}") for name in left))
        name = visit.member.login

        def post(work: Work, talk: Conversation) -> int:
            if visit.form.get("to") == "colleagues":
                return post_staff(work, talk, Reply(text), name=name, now=visit.now, internal=True)
            said = Reply(text, media=self._outgoing.named(work, visit, judged))
            return handover.staff_says(work, talk.id, said, name=name, now=visit.now)

        self._change(visit, post)
        return visit.go(_here(visit))

    def transfer(self, visit: Visit) -> Response:
        to = visit.form.get("to", "")

        def pass_on(work: Work, talk: Conversation) -> Conversation:
            colleague = work.staff.member(to)
            if colleague is None or Right.SPEAK not in rights_of(colleague) or to == visit.member.login:
                raise Wrong("no_colleague")
            told = Reply(self._desk.house.word("passed_on", self._language(talk)))
            return handover.transfer(work, talk.id, name=visit.member.login, to=to, told=told, now=visit.now)

        self._change(visit, pass_on)
        return visit.go("/talks", said="passed_on")

    def release(self, visit: Visit) -> Response:
        """Back to the bot. What was agreed is told to the person, and kept."""
        agreed = visit.form.get("agreed", "")

        def give_back(work: Work, talk: Conversation) -> Conversation:
            closing = self._desk.house.word("back_to_bot", self._language(talk))
            return handover.release(
                work,
                talk.id,
                closing=Reply(f"{agreed}\n{closing}" if agreed else closing),
                agreed=agreed,
                name=visit.member.login,
                now=visit.now,
            )

        self._change(visit, give_back)
        return visit.go("/talks", said="given_back")

    def _change(self, visit: Visit, change: Callable[[Work, Conversation], _T]) -> _T:
        try:
            with self._desk.store.writing() as work:
                talk = talk_in_sight(work, visit)
                done = change(work, talk)
        except TakenBy as taken:
            with self._desk.store.reading() as work:
                name = work.staff.names().get(taken.name, taken.name)
            raise Wrong("taken_by" if name else "claim_first", name=name) from taken
        except EngineAway as away:
            raise Wrong("engine_away") from away
        from_thread.run(self._desk.live.publish, SEND, "")
        from_thread.run(self._desk.live.publish, CHAT, str(talk.id))
        return done

    def _language(self, talk: Conversation) -> str:
        return talk.language or self._desk.house.languages[0]


def _here(visit: Visit) -> str:
    """The page the act was done on: the conversation alone, or beside a case."""
    number = visit.form.get("case", "")
    return f"/cases/{number}" if number.isalnum() or "-" in number else f"/talks/{visit.path('talk')}"
