"""What staff must look at: somebody in danger, and clocks that run out.

Danger: the complaint that is being told is marked P0 at once, long before it is filed. The bot goes on talking; the
mark is what a desk lists first. It outlives a complaint that is dropped: its words go, the alarm stays until
somebody of staff has looked.

Clocks: ``scan`` gives each alarm once. Any number of scanners may run; a unique row decides which one gives it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from casework.staff.directory import Directory
from casework.staff.telling import resolved
from casework.storage.work import Work
from casework.tickets import clocks
from casework.tickets.calendar import WorkingCalendar
from casework.tickets.model import Clock, Ticket
from casework.tickets.states import Role, State

RAISED, SEEN = "alarm", "alarm_seen"
LEVEL = "P0"


def raise_alarm(work: Work, draft: Ticket, *, code: str, now: datetime) -> Ticket:
    """Mark the complaint that is being told. ``code``: the danger, as ``live_wire``."""
    work.tickets.add_event(draft, action=RAISED, actor=Role.BOT.value, now=now, data={"trigger": code})
    return work.tickets.change(draft, now=now, priority=LEVEL)


def open_alarms(work: Work, *, limit: int = 100) -> list[Ticket]:
    """Complaints, filed or not, with an alarm that nobody of staff has looked at; the oldest first."""
    return work.tickets.alarmed(raised=RAISED, seen=SEEN, limit=limit)


def alarm_seen(work: Work, ticket: Ticket, *, name: str, now: datetime) -> None:
    """A member of staff has looked and sees to it."""
    work.tickets.add_event(ticket, action=SEEN, actor=Role.AGENT.value, actor_name=name, now=now)


def drop_draft(work: Work, draft: Ticket, *, now: datetime) -> None:
    """Forget a complaint that was never filed; of one with an alarm only the words."""
    if draft.priority == LEVEL:
        work.tickets.change(draft, now=now, state=State.WITHDRAWN, intake=None)
    else:
        work.tickets.drop_draft(draft.id)


# -- clocks that run out --------------------------------------------------------------------------------------------

#: Who is told at which percentage of a clock. Source: handling model, section 3.
TOLD: Mapping[int, tuple[str, ...]] = {
    50: ("owner",),
    80: ("owner", "lead"),
    100: ("owner", "lead"),
    125: ("lead", "supervisor"),
    150: ("lead", "supervisor"),
}
#: The level at which a supervision order is written. Source: handling model, section 3.
ORDER_AT = 150
#: How long a supervision order may take. Source: product default.
ORDER_WITHIN = timedelta(days=2)
#: States in which nobody has the ticket yet.
_UNASSIGNED = frozenset({State.SUBMITTED, State.TRIAGE})


@dataclass(frozen=True)
class Alarm:
    """One alarm, given just now. ``run``: of the clock; ``at``: when the level was reached; ``told``:
    ``(role, login)``, the login empty where nobody has the role."""

    ticket: Ticket
    kind: str
    level: int
    at: datetime
    told: tuple[tuple[str, str], ...]
    run: int = 1


def scan(work: Work, now: datetime, *, calendar: WorkingCalendar, limit: int = 100) -> list[Alarm]:
    """Give the alarms that are due, the longest due first, and let clocks go on whose pauses are used up.

    Looks at no more than ``limit`` clocks of each sort: call it again while it gives something. After a standstill
    every level that was passed is given, each once.
    """
    for clock in work.clocks.spent(now, limit=limit):
        _end_pause(work, clock, now=now, calendar=calendar)
    due = work.clocks.alarming(now, limit=limit)
    tickets = {ticket.id: ticket for ticket in work.tickets.many([clock.ticket_id for clock in due])}
    directory = Directory(work, now=now, calendar=calendar)
    after, passed = [], []
    for clock in due:
        ticket = tickets[clock.ticket_id]
        then, levels = _passed(clock, now=now, calendar=calendar)
        after.append(then)
        passed += [_row(ticket, clock, level, at, directory, now=now) for level, at in levels]
    given = [
        Alarm(
            tickets[row["ticket_id"]],
            row["kind"],
            row["level"],
            row["at"],
            tuple((role, login) for role, login in row["told"]),
            row["run"],
        )
        for row in work.clocks.give_alarms(passed)
    ]
    _write_down(work, given, now=now)
    work.clocks.save(*after)
    return given


def whom(ticket: Ticket, level: int) -> tuple[tuple[str, str], ...]:
    """Which roles are told of a ticket's alarm, with the owner's name and the lead's department. One that nobody
    has goes to who leads the sorting; one that a department has, but nobody in it, to the lead instead of the
    owner."""
    names = {"owner": ticket.handler, "lead": ticket.department, "supervisor": ""}
    found: dict[tuple[str, str], None] = {}
    stands_in = {"owner": "owner" if ticket.handler else "lead"}
    if ticket.state in _UNASSIGNED:
        stands_in = {"owner": "triage_lead", "lead": "triage_lead"}
    for role in TOLD[level]:
        told = stands_in.get(role, role)
        found[(told, names.get(told, ""))] = None
    return tuple(found)


def _end_pause(work: Work, clock: Clock, *, now: datetime, calendar: WorkingCalendar) -> None:
    running = clocks.resumed(clock, now, calendar)
    work.clocks.save(running)
    work.tickets.add_event(
        work.tickets.get(clock.ticket_id),
        action="pause_spent",
        actor=Role.SYSTEM.value,
        now=now,
        data={
            "clock": clock.kind,
            "due_from": clock.due_at.isoformat(),
            "due_to": running.due_at.isoformat(),
        },
    )


def _passed(
    clock: Clock, *, now: datetime, calendar: WorkingCalendar
) -> tuple[Clock, list[tuple[int, datetime]]]:
    """The clock after its alarms, and the levels it passed, each with when."""
    levels = []
    while clock.next_level is not None and clock.next_alarm_at is not None and clock.next_alarm_at <= now:
        levels.append((clock.next_level, clock.next_alarm_at))
        if clock.next_level >= 100:
            clock = clocks.breached(clock)
        clock = clocks.after_alarm(clock, calendar)
    return clock, levels


def _row(
    ticket: Ticket, clock: Clock, level: int, at: datetime, directory: Directory, *, now: datetime
) -> dict[str, Any]:
    return {
        "ticket_id": ticket.id,
        "cycle": clock.cycle,
        "kind": clock.kind,
        "run": clock.run,
        "level": level,
        "at": at,
        "given_at": now,
        "told": [list(who) for who in resolved(directory, ticket, whom(ticket, level))],
    }


def _write_down(work: Work, given: Sequence[Alarm], *, now: datetime) -> None:
    """In the histories; and a supervision order for a clock that is long over, of which one at a time is enough for
    a ticket."""
    lines = [
        (
            alarm.ticket,
            {
                "clock": alarm.kind,
                "level": alarm.level,
                "at": alarm.at.isoformat(),
                "told": [list(who) for who in alarm.told],
            },
        )
        for alarm in given
    ]
    work.tickets.add_events(lines, action="clock_alarm", actor=Role.SYSTEM.value, now=now)
    late = [alarm for alarm in given if alarm.level == ORDER_AT]
    ordered = (
        work.clocks.with_task([alarm.ticket.id for alarm in late], kind="supervision") if late else set()
    )
    for alarm in late:
        if alarm.ticket.id in ordered:
            continue
        ordered.add(alarm.ticket.id)
        work.clocks.add_task(
            ticket_id=alarm.ticket.id,
            cycle=alarm.ticket.cycle,
            kind="supervision",
            department=alarm.ticket.department or None,
            assignee=next((login for role, login in alarm.told if role == "supervisor" and login), None),
            created_at=now,
            due_at=now + ORDER_WITHIN,
            data={"clock": alarm.kind, "level": ORDER_AT},
        )
