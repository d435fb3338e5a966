"""What a complainant can do with a filed ticket: urge, add, withdraw, restore, dispute, confirm, rate, look up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from casework.staff import routing
from casework.storage.work import Work
from casework.tickets import clocks, following_up
from casework.tickets.calendar import WorkingCalendar
from casework.tickets.filing import make_promise
from casework.tickets.model import Actor, Clock, Ticket, TicketEvent
from casework.tickets.states import OPEN, Refused, Role, State
from casework.tickets.steps import Rules, check, take

#: One urge per ticket has an effect in this time. Source: handling model, section 2.
URGE_PERIOD = timedelta(hours=24)
#: Failed look-ups that one person may make in ``TRY_PERIOD``. Source: product default.
MAX_TRIES = 5
#: The same for one number, whoever tries: a guesser can open new chats, but not new tickets.
MAX_TRIES_ON_NUMBER = 20
TRY_PERIOD = timedelta(hours=1)
#: Ratings below this bring the ticket into follow-up. Source: handling model, section 2.
SATISFIED = 3

#: Who acts here.
PERSON = Actor(Role.COMPLAINANT)

_NUMBER = re.compile(r"TS\s?(\d{6})\s?[-－—–]?\s?(\d{6})", re.IGNORECASE)


def find_number(text: str) -> str | None:
    """A ticket number written in ``text``, in its canonical form; spaces and a missing dash are forgiven."""
    match = _NUMBER.search(text)
    return f"TS{match[1]}-{match[2]}" if match else None


def without_number(text: str) -> str:
    """``text`` without the ticket numbers in it."""
    return _NUMBER.sub(" ", text)


@dataclass(frozen=True)
class Progress:
    """Where a ticket stands, for the person it belongs to."""

    ticket: Ticket
    clocks: tuple[Clock, ...]
    history: tuple[TicketEvent, ...]

    @property
    def next_due(self) -> Clock | None:
        """The next promise to the person that is not met yet."""
        open_clocks = [
            clock
            for clock in self.clocks
            if clock.kind in clocks.PROMISED and not clock.over and clock.cycle == self.ticket.cycle
        ]
        return min(open_clocks, key=lambda clock: clock.due_at) if open_clocks else None

    @property
    def last_urge(self) -> TicketEvent | None:
        return next((event for event in reversed(self.history) if event.action == "urge"), None)


def progress(work: Work, ticket: Ticket) -> Progress:
    return Progress(ticket, tuple(work.clocks.of(ticket.id)), tuple(work.tickets.history(ticket.id)))


def open_tickets(tickets: Sequence[Ticket]) -> list[Ticket]:
    """Those on which work is still to be done."""
    return [ticket for ticket in tickets if ticket.state in OPEN]


def _step(
    work: Work,
    ticket: Ticket,
    action: str,
    *,
    now: datetime,
    text: str = "",
    data: dict[str, Any] | None = None,
    calendar: WorkingCalendar | None = None,
    by: Actor = PERSON,
    **values: Any,
) -> Ticket:
    """``calendar``: for the steps that start a clock or let one go on; the others look at none."""
    told = {**({"text": text} if text else {}), **(data or {})}
    calendar = calendar or WorkingCalendar()
    return take(work, ticket, action, by=by, now=now, calendar=calendar, data=told, **values)


# -- urging -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Urged:
    """``counted`` is false when the ticket was urged within the last 24 hours already. ``last_at``: the urge
    that counts, ``again_at``: from then on another one does."""

    ticket: Ticket
    counted: bool
    times: int
    last_at: datetime

    @property
    def again_at(self) -> datetime:
        return self.last_at + URGE_PERIOD


def urge(work: Work, ticket: Ticket, *, text: str, now: datetime, by: Actor = PERSON) -> Urged:
    """Record an urge: at most one effect in 24 hours; moves no due date. ``by``: staff may do it for the person.

    The second urge, and any on an overdue ticket, is marked for the supervisor. Raises: states.Refused.
    """
    check(work, ticket, "urge", by=by, now=now)
    view = progress(work, ticket)
    last = view.last_urge
    times = sum(event.action == "urge" for event in view.history)
    if last is not None and now - last.at < URGE_PERIOD:
        return Urged(ticket, counted=False, times=times, last_at=last.at)
    due = view.next_due
    overdue = due is not None and due.due_at < now
    data = {"times": times + 1, "overdue": overdue, "supervisor": overdue or times >= 1}
    changed = _step(work, ticket, "urge", now=now, text=text, data=data, by=by)
    return Urged(changed, counted=True, times=times + 1, last_at=now)


# -- adding -------------------------------------------------------------------------------------------------


def supplement(
    work: Work,
    ticket: Ticket,
    *,
    text: str,
    message_ids: Sequence[int],
    now: datetime,
    calendar: WorkingCalendar,
    data: dict[str, Any] | None = None,
) -> tuple[Ticket, int]:
    """Add words and media to an open ticket; resets no clock. Where the person was asked, it is the reply.

    ``calendar``: the organisation's, by which a clock that stood still goes on. Gives the ticket and how many
    media it holds.

    Raises: states.Refused.
    """
    check(work, ticket, "supplement", by=PERSON, now=now)
    work.tickets.attach_media(ticket.id, message_ids)
    action = "reply" if ticket.state is State.WAITING_COMPLAINANT else "supplement"
    changed = _step(work, ticket, action, now=now, text=text, data=data, calendar=calendar)
    return changed, work.tickets.count_media(ticket.id)


# -- taking back and contesting -----------------------------------------------------------------------------


def withdraw(work: Work, ticket: Ticket, *, text: str, now: datetime) -> Ticket:
    """Raises: states.Refused."""
    return _step(work, ticket, "withdraw", now=now, text=text)


def restore(work: Work, ticket: Ticket, *, now: datetime, calendar: WorkingCalendar) -> Ticket:
    """``calendar``: as for ``supplement``. Raises: states.Refused."""
    return _step(work, ticket, "restore", now=now, calendar=calendar)


def contest_action(ticket: Ticket) -> str:
    """What contesting is called in the state of ``ticket``."""
    return "appeal" if ticket.state is State.REJECTED else "dispute"


def check_dispute(work: Work, ticket: Ticket, *, now: datetime) -> None:
    """Raises: states.Refused when ``dispute`` would."""
    check(work, ticket, contest_action(ticket), by=PERSON, now=now)


def dispute(
    work: Work,
    ticket: Ticket,
    *,
    text: str,
    now: datetime,
    rules: Rules | None = None,
    by: Actor = PERSON,
) -> Ticket:
    """Contest a result (or a refusal to take the case): the next round starts in triage, with new clocks, and
    not with the handler of the last one. ``by``: staff may do it for the person. Raises: states.Refused."""
    data = {"not_again": ticket.handler} if ticket.handler else None
    values: dict[str, Any] = {"resolved_at": None, "closed_at": None, "returns": 0, "escalation": 0}
    if rules is not None and ticket.category in rules.packs:
        values["promise"] = make_promise(
            rules.packs.category(ticket.category),
            now=now,
            calendar=rules.calendar,
            language=ticket.language,
            department=routing.name_of(
                work, ticket.department, ticket.language, category=rules.category(ticket)
            ),
        )
    calendar = rules.calendar if rules else None
    changed = _step(
        work,
        ticket,
        contest_action(ticket),
        now=now,
        text=text,
        data=data,
        calendar=calendar,
        by=by,
        **values,
    )
    if rules is not None:
        clocks.start_round(work, changed, rules.profile(changed), calendar=rules.calendar, now=now)
    return changed


def confirm_solved(work: Work, ticket: Ticket, *, now: datetime) -> Ticket:
    """Raises: states.Refused."""
    return _step(work, ticket, "confirm", now=now, data={"solved": "yes"}, closed_at=now)


# -- rating -------------------------------------------------------------------------------------------------

#: States in which a round of handling is over and can be rated.
RATEABLE = frozenset({State.RESOLVED, State.FOLLOWUP, State.CLOSED})


def rating_of(work: Work, ticket: Ticket) -> TicketEvent | None:
    """The rating of the current round; ``data`` holds ``level`` (1 to 5)."""
    return work.tickets.last_event(ticket.id, "rate", cycle=ticket.cycle)


def rate(
    work: Work,
    ticket: Ticket,
    *,
    level: int,
    text: str,
    now: datetime,
    calendar: WorkingCalendar,
) -> Ticket:
    """Rate this round of handling, once. 3 to 5 closes a resolved ticket, 1 and 2 bring it into follow-up; of one
    that is closed already they make the same call.

    ``calendar``: by which the follow-up call is due.
    Raises: states.Refused, also when this round was rated before.
    """
    if not 1 <= level <= 5:
        raise ValueError(f"level {level}: expected 1 to 5")
    if ticket.state not in RATEABLE or rating_of(work, ticket) is not None:
        reason = "rated before" if ticket.state in RATEABLE else "there is no result to rate yet"
        raise Refused(state=ticket.state, action="rate", reason=reason, allowed=())
    told = {"level": level, **({"text": text} if text else {})}
    work.tickets.add_event(ticket, action="rate", actor=Role.COMPLAINANT.value, now=now, data=told)
    if level >= SATISFIED:
        resolved = ticket.state is State.RESOLVED
        return _step(work, ticket, "confirm", now=now, closed_at=now) if resolved else ticket
    if ticket.state is State.RESOLVED:
        ticket = _step(work, ticket, "follow_up", now=now, data={"level": level}, calendar=calendar)
    following_up.add_call(work, ticket, about=told, now=now, calendar=calendar)
    return ticket


# -- looking up from elsewhere --------------------------------------------------------------------------------


class TooManyTries(Exception):
    """Looking up is closed for a while. ``again_at``: from then on it is open."""

    def __init__(self, again_at: datetime) -> None:
        super().__init__(again_at.isoformat())
        self.again_at = again_at


def look_up(work: Work, number: str, tail: str, *, complainant_id: int, now: datetime) -> Ticket | None:
    """A ticket by its number and the last four digits of its contact number, from any chat.

    ``None`` for a wrong number, a wrong tail and a ticket without a contact number alike, so that nothing can
    be learned by trying. Raises: TooManyTries, for right and wrong digits alike.
    """
    since = now - TRY_PERIOD
    own = work.people.tries_of(complainant_id, since=since)
    on_it = work.people.tries_on(number, since=since)
    for tried, most in ((own, MAX_TRIES), (on_it, MAX_TRIES_ON_NUMBER)):
        if len(tried) >= most:
            raise TooManyTries(tried[-most] + TRY_PERIOD)
    ticket = by_number_and_tail(work, number, tail)
    if ticket is None:
        work.people.forget_tries(before=since)
        work.people.add_try(complainant_id, number, now=now)
    return ticket


def by_number_and_tail(work: Work, number: str, tail: str) -> Ticket | None:
    """A ticket by its number and the last four digits of its contact number; see ``look_up``."""
    ticket = work.tickets.by_number(number)
    if ticket is None or not ticket.phone_tail or ticket.phone_tail != tail:
        return None
    return ticket
