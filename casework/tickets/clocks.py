"""Clocks of a ticket: how one starts, pauses, moves, is met, and when its alarms are due.

A due time moves by a pause, an approved extension, a change of the SLA profile and a merge, by nothing else, and
each of these is written into the ticket's history by the step that does it. A breach stays.
Source: handling model, section 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from casework.packs.model import SlaProfile, Span
from casework.storage.work import Work
from casework.tickets.calendar import WORKING, Unit, WorkingCalendar
from casework.tickets.model import Clock, Ticket
from casework.tickets.states import State

#: Alarms, in percent of a clock's length. Source: handling model, section 3.
LEVELS = (50, 80, 100, 125, 150)
#: All pauses of one clock together. Source: product default.
PAUSE_CAP = timedelta(days=10)
#: Clocks that the person was told of.
PROMISED = frozenset({"first_contact", "resolution"})
#: Time until somebody has sorted a new ticket, and until who it was given to has signed for it, by level.
#: Source: handbook, section 4, targets (product default).
ATTENTION: dict[str, tuple[float, Unit]] = {
    "P0": (5, "minutes"),
    "P1": (30, "minutes"),
    "P2": (4, "working_hours"),
    "P3": (1, "working_days"),
    "P4": (2, "working_days"),
}
#: Longest silence towards a person whose case is being worked on. Source: product default.
NEXT_UPDATE: tuple[float, Unit] = (5, "working_days")
#: Source: handbook, section 2, a city bureau's rule: the follow-up call is made the next day.
FOLLOW_UP: tuple[float, Unit] = (1, "working_days")
#: What holds for a case without a category. Source: handbook, section 3, profile DF.
NO_PROFILE = (Span(2, "working_days"), Span(10, "working_days"))


def start(
    work: Work,
    ticket: Ticket,
    kind: str,
    span: tuple[float, Unit],
    *,
    calendar: WorkingCalendar,
    now: datetime,
) -> None:
    """Start a clock of the ticket's round. One that was stopped goes on with the due time it had; one that was
    met stays met, but for those of :data:`_ANEW`: they start anew."""
    held = work.clocks.of(ticket.id, cycle=ticket.cycle, lock=True)
    _start(work, ticket, {kind: span}, held, calendar=calendar, now=now)


def _start(
    work: Work,
    ticket: Ticket,
    spans: Mapping[str, tuple[float, Unit]],
    held: Iterable[Clock],
    *,
    calendar: WorkingCalendar,
    now: datetime,
) -> None:
    known = {clock.kind: clock for clock in held}  # of several runs the last
    runs = {kind: 1 for kind in spans if kind not in known}
    runs |= {kind: known[kind].run + 1 for kind in _ANEW & spans.keys() & known.keys() if known[kind].met_at}
    going_on = [_going_on(known[kind], calendar=calendar) for kind in spans if kind not in runs]
    work.clocks.save(*going_on)
    work.clocks.add(
        [_new(ticket, kind, spans[kind], run, calendar=calendar, now=now) for kind, run in runs.items()]
    )


def _new(
    ticket: Ticket, kind: str, span: tuple[float, Unit], run: int, *, calendar: WorkingCalendar, now: datetime
) -> Clock:
    amount, unit = span
    due = calendar.due(now, amount=amount, unit=unit)
    working = unit in WORKING
    clock = Clock(
        id=0,
        ticket_id=ticket.id,
        kind=kind,
        cycle=ticket.cycle,
        run=run,
        started_at=now,
        due_at=due.at,
        estimated=due.estimated,
        working=working,
        length_s=max(1, int(_between(now, due.at, working=working, calendar=calendar).total_seconds())),
        next_level=LEVELS[0],
    )
    return _timed(clock, calendar)


def start_round(
    work: Work, ticket: Ticket, profile: SlaProfile | None, *, calendar: WorkingCalendar, now: datetime
) -> None:
    """The clocks that run from filing, and from each reopening: sorting, first contact, result."""
    first, result = (profile.first_response, profile.resolution) if profile else NO_PROFILE
    spans: dict[str, tuple[float, Unit]] = {
        "triage": ATTENTION[ticket.priority or "P4"],
        "first_contact": (first.amount, first.unit),
        "resolution": (result.amount, result.unit),
    }
    held = work.clocks.of(ticket.id, cycle=ticket.cycle, lock=True)
    _start(work, ticket, spans, held, calendar=calendar, now=now)


# -- values -------------------------------------------------------------------------------------------------


def alarm_at(clock: Clock, level: int, calendar: WorkingCalendar) -> datetime:
    """When ``level`` percent of the clock's length are over. Counted from the due time, so that pauses and
    extensions move it alike."""
    by = timedelta(seconds=clock.length_s * (level - 100) / 100)
    return _moved(clock.due_at, by, working=clock.working, calendar=calendar)


def paused(clock: Clock, now: datetime) -> Clock:
    """Stands still from now on, as long as its pauses are not used up. An alarm that is due already is kept."""
    left = PAUSE_CAP - timedelta(seconds=clock.paused_s)
    if clock.over or clock.paused_at is not None or left <= timedelta():
        return clock
    due_already = clock.next_alarm_at is not None and clock.next_alarm_at <= now
    return replace(
        clock,
        paused_at=now,
        paused_until=now + left,
        next_alarm_at=clock.next_alarm_at if due_already else None,
    )


def resumed(clock: Clock, now: datetime, calendar: WorkingCalendar) -> Clock:
    """Goes on; the due time is later by what it stood still."""
    if clock.paused_at is None or clock.paused_until is None:
        return clock
    end = max(clock.paused_at, min(now, clock.paused_until))
    wall, working = end - clock.paused_at, calendar.worked(clock.paused_at, end)
    moved = replace(
        clock,
        due_at=_moved(
            clock.due_at, working if clock.working else wall, working=clock.working, calendar=calendar
        ),
        paused_at=None,
        paused_until=None,
        paused_s=clock.paused_s + int(wall.total_seconds()),
        paused_working_s=clock.paused_working_s + int(working.total_seconds()),
    )
    return _timed(moved, calendar)


def met(clock: Clock, now: datetime, calendar: WorkingCalendar) -> Clock:
    if clock.over:
        return clock
    return replace(_breached(resumed(clock, now, calendar), now), met_at=now, next_alarm_at=None)


def stopped(clock: Clock, now: datetime) -> Clock:
    """Ends without being met. A pause stays open: the person may come back."""
    if clock.over:
        return clock
    clock = clock if clock.paused_at is not None else _breached(clock, now)
    return replace(clock, stopped_at=now, next_alarm_at=None)


def due_moved(clock: Clock, due_at: datetime, calendar: WorkingCalendar) -> Clock:
    """With another due time, by an extension, another profile or a merge."""
    length = _between(clock.started_at, due_at, working=clock.working, calendar=calendar)
    length -= timedelta(seconds=clock.paused_working_s if clock.working else clock.paused_s)
    return _timed(replace(clock, due_at=due_at, length_s=max(1, int(length.total_seconds()))), calendar)


def profile_changed(clock: Clock, span: Span, calendar: WorkingCalendar) -> Clock:
    """Under another span: counted from the same start, with the pauses it had."""
    due = calendar.due(clock.started_at, amount=span.amount, unit=span.unit)
    working = span.unit in WORKING
    by = timedelta(seconds=clock.paused_working_s if working else clock.paused_s)
    moved = _moved(due.at, by, working=working, calendar=calendar)
    return due_moved(replace(clock, working=working, estimated=due.estimated), moved, calendar)


def after_alarm(clock: Clock, calendar: WorkingCalendar) -> Clock:
    """With the level after ``next_level`` as the next one."""
    following = next((level for level in LEVELS if level > (clock.next_level or 0)), None)
    return _timed(replace(clock, next_level=following), calendar)


def breached(clock: Clock) -> Clock:
    return replace(clock, breached_at=clock.breached_at or clock.due_at)


def _breached(clock: Clock, now: datetime) -> Clock:
    return breached(clock) if now > clock.due_at else clock


def _going_on(clock: Clock, *, calendar: WorkingCalendar) -> Clock:
    return clock if clock.met_at is not None else _timed(replace(clock, stopped_at=None), calendar)


def _timed(clock: Clock, calendar: WorkingCalendar) -> Clock:
    """With the time of its next alarm; none while it does not run."""
    if clock.over or clock.paused_at is not None or clock.next_level is None:
        return replace(clock, next_alarm_at=None)
    return replace(clock, next_alarm_at=alarm_at(clock, clock.next_level, calendar))


def _between(start: datetime, end: datetime, *, working: bool, calendar: WorkingCalendar) -> timedelta:
    return calendar.worked(start, end) if working else end - start


def _moved(moment: datetime, by: timedelta, *, working: bool, calendar: WorkingCalendar) -> datetime:
    return calendar.shift(moment, by) if working else moment + by


@dataclass(frozen=True)
class Times:
    """``felt``: what the complainant waited, by the wall clock; ``staff``: working time without pauses;
    ``paused``: by the wall clock."""

    felt: timedelta
    staff: timedelta
    paused: timedelta


def times(clock: Clock, now: datetime, calendar: WorkingCalendar) -> Times:
    """Both figures of a clock, until it ended or ``now``."""
    end = clock.met_at or clock.stopped_at or now
    still = resumed(replace(clock, stopped_at=None), end, calendar)
    worked = calendar.worked(clock.started_at, end) - timedelta(seconds=still.paused_working_s)
    return Times(end - clock.started_at, worked, timedelta(seconds=still.paused_s))


# -- what a step does to the clocks -----------------------------------------------------------------------------

#: Clocks that an action meets.
_MEETS: dict[str, frozenset[str]] = {
    "accept": frozenset({"triage"}),
    "force_assign": frozenset({"triage"}),
    "sign": frozenset({"triage", "sign"}),
    "contact": frozenset({"first_contact", "next_update"}),
    "ask": frozenset({"first_contact", "next_update"}),
    "reject": frozenset({"triage", "first_contact", "resolution"}),
    "refer": frozenset({"triage", "first_contact"}),
    "merge": frozenset({"triage"}),
    "resolve": frozenset({"triage", "sign", "first_contact", "next_update", "resolution"}),
    "resolve_no_information": frozenset({"next_update", "resolution"}),
    "close_explained": frozenset({"follow_up"}),
    "close_unreached": frozenset({"follow_up"}),
    "dispute": frozenset({"follow_up"}),
}
#: Clocks of another round of the desk: stopped when the ticket goes back.
_STOPS: dict[str, frozenset[str]] = {
    "return": frozenset({"sign", "next_update"}),
    "force_assign": frozenset({"next_update"}),
}
_ENDS = frozenset({"withdraw", "merge", "refer", "reject"})
_PAUSES = frozenset({"ask", "withdraw"})
_COMES_BACK = frozenset({"reply", "restore", "unmerge"})


#: Clocks a new start is given by an action.
_STARTS: dict[str, str] = {
    "accept": "sign",
    "force_assign": "sign",
    "sign": "next_update",
    "follow_up": "follow_up",
}
#: Clocks that start anew after they were met, and the actions after which they do while a case is worked on: from
#: each word to the person on, the next one has its time.
_ANEW = frozenset({"next_update"})
_SPOKEN = frozenset({"contact", "reply"})
_SPANS: dict[str, tuple[float, Unit]] = {"next_update": NEXT_UPDATE, "follow_up": FOLLOW_UP}


def follow_step(
    work: Work, before: Ticket, after: Ticket, action: str, *, calendar: WorkingCalendar, now: datetime
) -> dict[str, Any]:
    """Let the clocks follow a step that was just taken. Gives what of it belongs into the history."""
    noted: dict[str, Any] = {}
    held: list[Clock] = []
    changed: list[Clock] = []
    for clock in work.clocks.of(before.id, cycle=before.cycle, lock=True):
        new = _after(clock, action, now=now, calendar=calendar)
        if after.cycle > before.cycle:
            new = stopped(new, now)
        held.append(new)
        if new == clock:
            continue
        changed.append(new)
        if new.paused_at is not None and clock.paused_at is None:
            noted["paused_at"] = now.isoformat()
        if new.due_at != clock.due_at:
            noted |= {
                "clock": clock.kind,
                "due_from": clock.due_at.isoformat(),
                "due_to": new.due_at.isoformat(),
            }
    work.clocks.save(*changed)
    kind = _STARTS.get(action)
    if action in _SPOKEN and after.state is State.IN_PROGRESS:
        kind = "next_update"
    if kind is not None:
        span = _SPANS.get(kind) or ATTENTION[after.priority or "P4"]
        _start(work, after, {kind: span}, held, calendar=calendar, now=now)
    return noted


def _after(clock: Clock, action: str, *, now: datetime, calendar: WorkingCalendar) -> Clock:
    if action in _PAUSES and clock.kind == "resolution":
        clock = paused(clock, now)
    if (
        action in _COMES_BACK and clock.kind != "sign"
    ):  # that one goes on when the ticket is given to somebody
        clock = _going_on(resumed(clock, now, calendar), calendar=calendar)
    if clock.kind in _MEETS.get(action, ()):
        clock = met(clock, now, calendar)
    if action in _ENDS or clock.kind in _STOPS.get(action, ()):
        clock = stopped(clock, now)
    return clock
