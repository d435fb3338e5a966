"""Telling others what happened to tickets: each event goes to every follower once.

Events are written with the change itself. Here they are read again, in order for each ticket, and given to the
followers (notices to people, webhooks, …); what a follower writes and the mark on the event are one transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from casework.storage.spreading import Undone, Unspread
from casework.storage.work import Work
from casework.tickets.model import Ticket, TicketEvent

logger = logging.getLogger(__name__)

#: ``(work, ticket, event, now)``. ``ticket`` is as it is now, which may be further than ``event``. What it sends out
#: of the house it only writes down here: the transaction may be taken back.
Follower = Callable[[Work, Ticket, TicketEvent, datetime], None]

#: Waits after each failure before the last try; after that one the followers that fail are left out.
_AGAIN = (timedelta(seconds=1), timedelta(seconds=10), timedelta(seconds=60))


def spread(work: Work, now: datetime, followers: Sequence[Follower], limit: int = 50) -> int:
    """Tell the followers what is new of one ticket, the one that has waited longest, at most ``limit`` events.

    Gives how many events were looked at; 0 when there is nothing to tell. Any number of processes may run it. A
    follower that raises holds up its ticket alone, and only for a minute.
    """
    ticket_id = work.spreading.next_ticket(now)
    if ticket_id is None:
        return 0
    ticket = work.tickets.get(ticket_id)
    done = 0
    for unspread in work.spreading.of(ticket_id, limit=limit):
        done += 1
        if not _tell(work, ticket, unspread, followers, now):
            break
    return done


def _tell(
    work: Work, ticket: Ticket, unspread: Unspread, followers: Sequence[Follower], now: datetime
) -> bool:
    """``False``: a follower failed, everything is taken back and tried again later."""
    event, tries = unspread.event, unspread.tries
    if tries >= len(_AGAIN):
        work.spreading.told(event, now=now, error=_tell_each(work, ticket, event, followers, now))
        return True
    try:
        with work.spreading.part():
            for follower in followers:
                follower(work, ticket, event, now)
    except Undone as failure:
        error = type(failure.__cause__).__name__
        logger.warning("event.not_told: event=%s try=%s error=%s", event.id, tries + 1, error)
        work.spreading.failed(event, tries=tries + 1, again_at=now + _AGAIN[tries], error=error)
        return False
    work.spreading.told(event, now=now)
    return True


def _tell_each(
    work: Work, ticket: Ticket, event: TicketEvent, followers: Sequence[Follower], now: datetime
) -> str:
    """The last try: each follower by itself. Gives those that failed, with their errors."""
    failed = []
    for follower in followers:
        try:
            with work.spreading.part():
                follower(work, ticket, event, now)
        except Undone as failure:
            name = getattr(follower, "__qualname__", type(follower).__qualname__)
            failed.append(f"{name}: {type(failure.__cause__).__name__}")
            logger.error("event.set_aside: event=%s follower=%s", event.id, name, exc_info=failure.__cause__)
    return "; ".join(failed)
