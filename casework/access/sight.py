"""What a member of staff gets to see: cases and conversations, asked for by whatever address. Every way in asks here.

What is out of sight looks like what is not there.
"""

from __future__ import annotations

from casework.access.rights import Scope, scope_of
from casework.conversations.model import Conversation, Owner
from casework.staff.model import Member
from casework.storage.work import Work
from casework.tickets.alarms import open_alarms
from casework.tickets.model import Ticket


class OutOfSight(Exception):
    """There is no such thing, or not for this member of staff."""


def scope_in(work: Work, member: Member) -> Scope:
    """Which cases a member sees, with the departments as they stand now."""
    return scope_of(member, work.staff.departments(active=None))


def case_seen(work: Work, scope: Scope, number: str) -> Ticket:
    """A filed case; also one of another department in which this one has something to do. Raises: OutOfSight."""
    ticket = work.tickets.by_number(number)
    if ticket is None or not (scope.holds(ticket) or _helps(work, scope, ticket)):
        raise OutOfSight
    return ticket


def _helps(work: Work, scope: Scope, ticket: Ticket) -> bool:
    return any(scope.has_task(task) for task in work.clocks.tasks(ticket.id, state="open"))


def talk_seen(work: Work, scope: Scope, talk: int) -> Conversation:
    """A conversation that waits, is with this member, is about a case they see, or about somebody in danger.

    Raises: OutOfSight.
    """
    conversation = work.listing.chat(talk)
    if conversation is None:
        raise OutOfSight
    if scope.departments is None or conversation.owner is Owner.QUEUE:
        return conversation
    if conversation.owner is Owner.STAFF and conversation.owner_name == scope.login:
        return conversation
    told = work.board.of_conversation(conversation.id)
    alarmed = {ticket.id for ticket in open_alarms(work)}
    if any(scope.holds(ticket) or ticket.id in alarmed for ticket in told):
        return conversation
    raise OutOfSight
