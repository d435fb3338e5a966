"""Which notices an event gives, to whom, and when. The words are made when a notice goes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from casework.house import House
from casework.notices.kinds import KINDS
from casework.storage.work import Work
from casework.tickets.model import Clock, Ticket, TicketEvent
from casework.tickets.states import Role, State
from casework.words.rules import any_in

#: What an action is told as.
_OF_ACTION: Mapping[str, str] = {
    "acknowledge": "accepted",
    "accept": "assigned",
    "force_assign": "assigned",
    "ask": "need_info",
    "extend_approve": "delayed",
    "resolve": "resolved",
    "resolve_no_information": "unanswered",
    "dispute": "reopened",
    "appeal": "reopened",
    "confirm": "closed",
    "close_explained": "closed",
    "close_unreached": "closed",
    "auto_close": "closed",
    "withdraw": "withdrawn",
    "restore": "restored",
    "merge": "merged",
    "unmerge": "unmerged",
    "refer": "referred",
    "reject": "rejected",
}
#: What an alarm of a clock, in percent, is told as.
_OF_ALARM: Mapping[tuple[str, int], str] = {
    ("resolution", 50): "halfway",
    ("resolution", 100): "overdue",
    ("next_update", 100): "standing",
}
#: Working days after a question at whose end the person is reminded. Source: handling model, section 2
#: (two reminders within three working days).
_REMINDERS = {"reminder": 1, "last_reminder": 2}
#: Clocks shorter than this give no word at half-time and before the end. Source: product default.
_LONG = timedelta(days=2)
#: How long before the due time a word is said. Source: product default.
BEFORE_DUE = timedelta(hours=24)
#: Shortest time between the word at half-time and the one before the end. Source: product default.
_APART = timedelta(hours=12)
#: How long after a result people are asked how it was. Source: product default, well before it stands by silence.
_SURVEY_AFTER = timedelta(hours=24)


def tells_of(action: str) -> bool:
    """Whether the person is told when staff do this."""
    return action in _OF_ACTION


def plan(work: Work, ticket: Ticket, event: TicketEvent, now: datetime, *, house: House) -> None:
    """Write down what is to be told of ``event``. A follower of ``casework.tickets.spreading``."""
    if not ticket.number:
        return
    for notice in work.notices.undelivered(ticket.id):
        if ticket.state not in KINDS[notice.kind].states or ticket.cycle != notice.cycle:
            work.notices.take_back(notice, now=now)
    for kind, due_at in _planned(work, ticket, event, now, house=house):
        for told in _people(work, ticket, event, kind):
            work.notices.plan(
                key=f"{event.id}:{told.id}:{kind}",
                ticket_id=told.id,
                about_id=ticket.id,
                event_id=event.id,
                conversation_id=told.conversation_id,
                kind=kind,
                cycle=event.cycle,
                due_at=due_at,
                created_at=now,
            )


def _planned(
    work: Work, ticket: Ticket, event: TicketEvent, now: datetime, *, house: House
) -> Iterator[tuple[str, datetime]]:
    """(kind, not before)."""
    kind, clock = _kind_of(event), None
    if event.action == "clock_alarm":
        clock = _clock(work, ticket, event)
        if kind == "halfway" and (clock is None or clock.due_at - clock.started_at < _LONG):
            return
    if kind:
        yield kind, now
    if kind == "halfway" and clock is not None and clock.due_at - BEFORE_DUE > now + _APART:
        yield "soon", clock.due_at - BEFORE_DUE
    if event.action == "ask":
        for name, days in _REMINDERS.items():
            yield name, house.calendar.due(event.at, amount=days, unit="working_days").at
    if event.action == "resolve" and not _better_not_asked(ticket, house):
        yield "survey", event.at + _SURVEY_AFTER


def _kind_of(event: TicketEvent) -> str:
    if event.action == "clock_alarm":
        return _OF_ALARM.get((str(event.data.get("clock")), int(event.data.get("level", 0))), "")
    if event.action == "reclassify":
        return "redated" if event.data.get("resolution") else ""
    if event.action == "auto_close" and event.from_state != State.RESOLVED.value:
        return ""  # a refusal that nobody contested: there is nothing new in it
    return _OF_ACTION.get(event.action, "")


def _clock(work: Work, ticket: Ticket, event: TicketEvent) -> Clock | None:
    of_round = work.clocks.of(ticket.id, cycle=event.cycle)
    return next((clock for clock in of_round if clock.kind == event.data.get("clock")), None)


def _better_not_asked(ticket: Ticket, house: House) -> bool:
    """Nobody who was in danger or mourns is asked for marks. Source: handbook, section 5."""
    grief = house.voice.rules[house.voice.language(ticket.language)].grief
    return ticket.priority == "P0" or any_in(grief, ticket.description) is not None


def _people(work: Work, ticket: Ticket, event: TicketEvent, kind: str) -> Iterator[Ticket]:
    """The ticket whose person is told, and those merged into it; each chat once. Who did it in the chat has heard it
    there."""
    chats = set()
    if not _said_in_the_chat(work, ticket, event):
        yield ticket
        chats.add(ticket.conversation_id)
    if KINDS[kind].shared:
        chats.add(ticket.conversation_id)
        for merged in work.tickets.merged_into(ticket.id):
            if merged.conversation_id not in chats:
                chats.add(merged.conversation_id)
                yield merged


def _said_in_the_chat(work: Work, ticket: Ticket, event: TicketEvent) -> bool:
    if event.actor not in (Role.COMPLAINANT.value, Role.BOT.value):
        return False
    return work.messages.answered_at(ticket.conversation_id, event.at)
