"""Who may speak next: asking for a person, taking a chat over, giving it back.

Every change of owner raises ``epoch``, so that an answer made before it can never be sent after it.
"""

from __future__ import annotations

from datetime import datetime

from casework.conversations.model import Conversation, Owner, Reply
from casework.conversations.outbox import post_staff, post_system
from casework.storage.work import Work


class TakenBy(Exception):
    """Somebody else has the chat. ``name`` is who."""

    def __init__(self, name: str) -> None:
        super().__init__(f"taken by {name or 'the bot'}")
        self.name = name


def request_person(work: Work, conversation: Conversation, *, now: datetime) -> Conversation:
    """Put the chat into the queue. The hand-over line is posted by the caller in the same transaction."""
    if conversation.owner is not Owner.BOT:
        return conversation
    return _change_owner(work, conversation, Owner.QUEUE, "", now=now)


def claim(work: Work, conversation_id: int, *, name: str, now: datetime) -> Conversation:
    """Take a waiting chat. Raises: TakenBy when another member of staff was first."""
    current = work.conversations.get(conversation_id, lock=True)
    if current.owner is Owner.STAFF and current.owner_name == name:
        return current
    if current.owner is Owner.STAFF:
        raise TakenBy(current.owner_name)
    return _change_owner(work, current, Owner.STAFF, name, now=now)


def staff_says(work: Work, conversation_id: int, reply: Reply, *, name: str, now: datetime) -> int:
    """A member of staff writes: an implicit claim in the same transaction. Raises: TakenBy."""
    current = claim(work, conversation_id, name=name, now=now)
    return post_staff(work, current, reply, name=name, now=now)


def release(work: Work, conversation_id: int, *, closing: Reply | None, now: datetime) -> Conversation:
    """Give the chat back to the bot; ``closing`` is told to the person first."""
    current = work.conversations.get(conversation_id, lock=True)
    if closing is not None:
        post_system(work, current, closing, now=now)
    return _change_owner(work, current, Owner.BOT, "", now=now)


def _change_owner(
    work: Work, conversation: Conversation, owner: Owner, name: str, *, now: datetime
) -> Conversation:
    work.conversations.change(
        conversation.id,
        owner=owner.value,
        owner_name=name or None,
        epoch=conversation.epoch + 1,
        ready_at=None,
    )
    if owner is not Owner.BOT:
        waiting = [m.id for m in work.conversations.waiting(conversation.id)]
        if waiting:
            work.conversations.settle_inbound(waiting, state="done", now=now)
    return work.conversations.get(conversation.id)
