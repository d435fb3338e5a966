"""Putting notices into the outbox when their time has come, and dropping those that were overtaken."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.conversations.model import Button, Conversation, Owner, Reply
from casework.conversations.outbox import post_system
from casework.house import House
from casework.notices.kinds import KINDS
from casework.notices.model import Notice
from casework.notices.planning import BEFORE_DUE
from casework.notices.values import values_of
from casework.notices.wording import NoticeWords
from casework.storage.people import ERASED
from casework.storage.spreading import Undone
from casework.storage.work import Work
from casework.tickets import acts
from casework.tickets.model import Ticket, TicketEvent
from casework.words import mirrored

logger = logging.getLogger(__name__)

#: Levels whose notices go out by night, too. Source: product default.
_BY_NIGHT = frozenset({"P0", "P1"})
#: How long a patient notice waits for a chat in which somebody is talking, and after which silence one is quiet.
#: Source: product default.
_LATER, _QUIET_AFTER = timedelta(minutes=30), timedelta(minutes=10)
#: Words on how it stands are spared who heard from us within this time. Source: product default.
_HEARD_LATELY = timedelta(hours=24)

#: When a notice is tried again that could not be made. Source: product default.
_AFTER_FAILURE = timedelta(minutes=10)


@dataclass(frozen=True)
class Notices:
    """What is needed to word and time notices."""

    house: House
    words: NoticeWords


@dataclass(frozen=True)
class _Case:
    """One notice with all it is about."""

    notice: Notice
    ticket: Ticket
    about: Ticket
    event: TicketEvent | None
    conversation: Conversation


def post_due(work: Work, now: datetime, *, notices: Notices, limit: int = 20) -> int:
    """Deal with what is due in one conversation, the one that has waited longest. Gives how many notices; 0 when
    nothing is due. Any number of processes may run it."""
    chat = work.notices.next_chat(now)
    if chat is None:
        return 0
    conversation = work.conversations.get(chat, lock=True)
    due = work.notices.due(chat, now, limit=limit)
    for notice in due:
        ticket = work.tickets.get(notice.ticket_id)
        about = ticket if notice.about_id == ticket.id else work.tickets.get(notice.about_id)
        event = work.tickets.event(notice.event_id) if notice.event_id is not None else None
        try:
            with work.spreading.part():
                _deal(work, _Case(notice, ticket, about, event, conversation), now, notices=notices)
        except Undone as failure:  # it must not hold up what others are told
            work.notices.change(notice, due_at=now + _AFTER_FAILURE, reason="failed")
            logger.error("notice.failed: notice=%s", notice.id, exc_info=failure.__cause__)
    return len(due)


def _deal(work: Work, case: _Case, now: datetime, *, notices: Notices) -> None:
    if reason := _why_not(work, case, now, notices=notices):
        work.notices.change(case.notice, state="dropped", reason=reason, settled_at=now)
    elif waiting := _wait(work, case, now, notices=notices):
        work.notices.change(case.notice, due_at=waiting[0], reason=waiting[1])
    else:
        reply = worded(work, case.notice.kind, case, notices=notices)
        for older in work.notices.undelivered(case.about.id):
            if (older.kind, older.ticket_id) == (case.notice.kind, case.ticket.id):
                work.notices.take_back(older, now=now)
        message_id = post_system(work, case.conversation, reply, now=now)
        work.notices.change(case.notice, state="posted", reason=None, message_id=message_id, settled_at=now)


def _why_not(work: Work, case: _Case, now: datetime, *, notices: Notices) -> str:
    """Why it is not sent at all; empty when nothing speaks against it."""
    notice, about, kind = case.notice, case.about, KINDS[case.notice.kind]
    if case.conversation.channel == ERASED or case.ticket.conversation_id != case.conversation.id:
        return "erased"
    if not notices.words.speaks_of(notice.kind, _language(case, notices.house)):
        return "not wanted"
    belongs = about.id in (case.ticket.id, case.ticket.merged_into)
    if about.state not in kind.states or about.cycle != notice.cycle or not belongs:
        return "overtaken"
    if notice.kind == "survey" and acts.rating_of(work, about) is not None:
        return "rated"
    if any(
        other.kind == notice.kind and other.id > notice.id and other.due_at <= now
        for other in work.notices.of_ticket(notice.ticket_id)
        if other.state == "waiting"
    ):
        return "overtaken"
    if notice.kind in ("halfway", "standing") and _heard_lately(work, case, now):
        return "heard lately"
    return ""


def _heard_lately(work: Work, case: _Case, now: datetime) -> bool:
    last = work.messages.last_outbound(case.conversation.id)
    return last is not None and now - last.created_at < _HEARD_LATELY


def _wait(work: Work, case: _Case, now: datetime, *, notices: Notices) -> tuple[datetime, str] | None:
    """(until when, why) it waits; ``None`` when it can go out."""
    if case.notice.kind == "soon":
        clock = next(
            (c for c in work.clocks.of(case.about.id, cycle=case.about.cycle) if c.kind == "resolution"), None
        )
        if clock is not None and clock.due_at - BEFORE_DUE > now:
            return clock.due_at - BEFORE_DUE, "due later"
    opens = notices.house.quiet.end(now, notices.house.zone)
    if opens is not None and case.about.priority not in _BY_NIGHT and not _cannot_wait(case, opens):
        return opens, "quiet hours"
    if KINDS[case.notice.kind].patient and _is_talking(work, case.conversation, now):
        return now + _LATER, "chat goes on"
    return None


def _cannot_wait(case: _Case, opens: datetime) -> bool:
    """A delay is told before the day that was promised."""
    due = (case.event.data if case.event is not None else {}).get("due_from")
    return case.notice.kind == "delayed" and bool(due) and datetime.fromisoformat(str(due)) <= opens


def _is_talking(work: Work, conversation: Conversation, now: datetime) -> bool:
    """Whether a person has the chat, or the complainant is in the middle of something."""
    if conversation.owner is not Owner.BOT:
        return True
    last = work.messages.nth_last_inbound(conversation.id, 1)
    return last is not None and now - last.created_at < _QUIET_AFTER


def worded(work: Work, kind: str, case: _Case, *, notices: Notices) -> Reply:
    """The notice in the language and script of the person."""
    house, language = notices.house, _language(case, notices.house)
    values = values_of(work, case.ticket, case.about, case.event, house=house, language=language)
    text = notices.words.fill(kind, language, values)
    if _names_an_estimate(work, case, text, values):
        text += house.word("estimated", language)

    def mirror(said: str) -> str:
        script = case.conversation.script
        return mirrored(said, house.voice, language=language, script=script, country=house.country)

    buttons = _buttons(kind, case, house, language, mirror=mirror)
    can_object = "until" in values
    return Reply(
        mirror(text), tuple(b for b in buttons if can_object or not b.payload.startswith("dispute:"))
    )


def _names_an_estimate(work: Work, case: _Case, text: str, values: dict[str, str]) -> bool:
    if "due" not in values or values["due"] not in text:
        return False
    clocks = work.clocks.of(case.about.id, cycle=case.about.cycle)
    return any(clock.estimated for clock in clocks if clock.kind == "resolution")


def _buttons(
    kind: str, case: _Case, house: House, language: str, *, mirror: Callable[[str], str]
) -> Iterator[Button]:
    """What can be pressed; nothing for somebody whose case was merged: the acts are for the case that is worked on."""
    if case.ticket.id != case.about.id:
        return
    for title, act in KINDS[kind].buttons:
        name, _, more = act.partition(":")
        payload = ":".join(filter(None, (name, case.ticket.number, more)))
        yield Button(mirror(house.word(title, language)), payload)


def _language(case: _Case, house: House) -> str:
    known = case.conversation.language or case.ticket.language
    return known if known in house.languages else house.languages[0]
