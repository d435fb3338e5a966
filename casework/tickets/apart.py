"""What becomes of merged tickets when the person of the one they are merged into takes theirs back."""

from __future__ import annotations

from datetime import datetime

from casework.house import House
from casework.storage.work import Work
from casework.tickets import handling
from casework.tickets.handling import Desk
from casework.tickets.model import Actor, Ticket, TicketEvent
from casework.tickets.states import Role
from casework.tickets.steps import Rules


def go_on_alone(work: Work, ticket: Ticket, event: TicketEvent, now: datetime, *, house: House) -> None:
    """They go on, each by itself: their people took nothing back. A follower of ``casework.tickets.spreading``."""
    if event.action != "withdraw":
        return
    desk = Desk(work, Rules(house.packs, house.calendar), Actor(Role.SYSTEM), now)
    for merged in work.tickets.merged_into(ticket.id):
        handling.act(desk, merged, "unmerge", {"reason": house.word("lead_withdrawn", merged.language)})
