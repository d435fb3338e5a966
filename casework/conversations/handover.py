"""Who may speak next: asking for a person, taking a chat over, giving it back.

Every change of owner raises ``epoch``, so that an answer made before it can never be sent after it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from casework.conversations.model import Conversation, Owner, Reply
from casework.conversations.outbox import post_staff, post_system
from casework.storage.work import Work

#: Payload of the button by which somebody who waits leaves it as a ticket.
LEAVE = "leave_ticket"
#: The same in words; nothing else that is typed while waiting is taken for it.
_LEAVE_WORDS = re.compile(
    r"(?:那|就|先|我|还是|算了|改|給我|给我|不想等了?|不等了?|\W)*(?:留单|留單|留言|不等了|不想等了|转工单|轉工單|留成工单|"
    r"留成工單|先登记)"
    r"(?:吧|了|好了|\W)*|"
    r"(?:i'?ll |please |just |ok |let me |can i |then )*(?:leave (?:it|this) as a (?:ticket|case)|"
    r"leave a (?:ticket|message|case)|(?:i )?(?:won'?t|can'?t|don'?t want to) wait(?: any ?(?:more|longer))?)\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Waiting:
    """``position``: 1 is next."""

    position: int


def wants_to_leave_it(text: str, payload: str) -> bool:
    """Whether a message of somebody who waits says that a ticket will do."""
    return payload == LEAVE or (not payload and _LEAVE_WORDS.fullmatch(text) is not None)


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


def waiting(work: Work) -> Waiting:
    """The place of the chat that joined the queue just now, in the same transaction."""
    return Waiting(position=max(1, work.conversations.count_owned(Owner.QUEUE)))


def leave_queue(work: Work, conversation: Conversation, *, now: datetime) -> Conversation:
    """Back to the bot at the person's own wish, as long as nobody of staff has the chat."""
    if conversation.owner is not Owner.QUEUE:
        return conversation
    return _change_owner(work, conversation, Owner.BOT, "", now=now)


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
