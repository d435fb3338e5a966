"""Who may speak next: asking for a person, taking a chat over, passing it on, giving it back.

Every change of owner raises ``epoch`` and ends the lease of the turn under way, so that an answer made before it
can never be sent after it. What those who wait are told lives in ``waiting``.
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
    """Somebody else has the chat. ``name`` is who; empty while nobody of staff has it."""

    def __init__(self, name: str) -> None:
        super().__init__(f"taken by {name or 'nobody of staff'}")
        self.name = name


class EngineAway(Exception):
    """No engine answers now: a chat given back to the bot would meet silence."""


def request_person(work: Work, conversation: Conversation, *, now: datetime) -> Conversation:
    """Put the chat into the queue. The hand-over line is posted by the caller in the same transaction."""
    if conversation.owner is not Owner.BOT:
        return conversation
    return _change_owner(work, conversation, Owner.QUEUE, "", now=now)


def waiting(work: Work) -> Waiting:
    """The place of the chat that joined the queue just now, in the same transaction."""
    return Waiting(position=max(1, work.conversations.count_owned(Owner.QUEUE)))


def claim_next(work: Work, *, name: str, now: datetime) -> Conversation | None:
    """Take the chat that has waited longest and that nobody else takes just now; ``None`` when none waits."""
    for waiting_chat in work.conversations.owned_by(Owner.QUEUE):
        current = work.conversations.get(waiting_chat.id, lock=True)
        if current.owner is Owner.QUEUE:
            return _change_owner(work, current, Owner.STAFF, name, now=now)
    return None


def leave_queue(work: Work, conversation: Conversation, *, now: datetime) -> Conversation:
    """Back to the bot at the person's own wish, as long as nobody of staff has the chat."""
    if conversation.owner is not Owner.QUEUE:
        return conversation
    return _change_owner(work, conversation, Owner.BOT, "", now=now)


def claim(work: Work, conversation_id: int, *, name: str, now: datetime) -> Conversation:
    """Take a waiting chat. Raises: TakenBy when another member of staff was first."""
    current = work.conversations.get(conversation_id, lock=True)
    if current.owner is Owner.STAFF and current.owner_name != name:
        raise TakenBy(current.owner_name)
    if current.owner is Owner.STAFF:
        work.conversations.change(current.id, owner_seen_at=now)
        return current
    return _change_owner(work, current, Owner.STAFF, name, now=now)


def transfer(
    work: Work, conversation_id: int, *, name: str, to: str, told: Reply, now: datetime
) -> Conversation:
    """Pass a chat that ``name`` has on to ``to``; the person is told. Raises: TakenBy when ``name`` has it not."""
    current = work.conversations.get(conversation_id, lock=True)
    if current.owner is not Owner.STAFF or current.owner_name != name:
        raise TakenBy(current.owner_name)
    changed = _change_owner(work, current, Owner.STAFF, to, now=now)
    post_system(work, changed, told, now=now)
    return changed


def seen(work: Work, *, name: str, now: datetime) -> None:
    """A sign that this member of staff is there, for all chats they have."""
    work.conversations.staff_seen(name, now=now)


def staff_says(work: Work, conversation_id: int, reply: Reply, *, name: str, now: datetime) -> int:
    """A member of staff writes: an implicit claim in the same transaction. Raises: TakenBy."""
    current = claim(work, conversation_id, name=name, now=now)
    return post_staff(work, current, reply, name=name, now=now)


def release(
    work: Work, conversation_id: int, *, closing: Reply, agreed: str = "", name: str = "", now: datetime
) -> Conversation:
    """Give the chat back to the bot, which starts afresh. ``closing`` is told to the person; ``agreed`` is kept in
    the transcript as a note. A chat that the bot has already stays as it is.

    Raises: EngineAway; TakenBy when ``name`` is given and another member of staff has the chat.
    """
    current = work.conversations.get(conversation_id, lock=True)
    if current.owner is Owner.BOT:
        return current
    if name and current.owner is Owner.STAFF and current.owner_name != name:
        raise TakenBy(current.owner_name)
    if not work.engines.ready(now=now):
        raise EngineAway
    if agreed:
        post_staff(work, current, Reply(agreed), name=name or current.owner_name, now=now, internal=True)
    post_system(work, current, closing, now=now)
    work.trackers.drop(current.key)
    return _change_owner(work, current, Owner.BOT, "", now=now)


def back_to_queue(work: Work, conversation: Conversation, *, now: datetime) -> Conversation:
    """The member of staff is gone: somebody else may take the chat. The caller tells the person."""
    return _change_owner(work, conversation, Owner.QUEUE, "", now=now)


def _change_owner(
    work: Work, conversation: Conversation, owner: Owner, name: str, *, now: datetime
) -> Conversation:
    work.conversations.change(
        conversation.id,
        owner=owner.value,
        owner_name=name or None,
        owner_since=now,
        owner_seen_at=now if owner is Owner.STAFF else None,
        queue_told_at=None,
        unclaimed_at=None,
        epoch=conversation.epoch + 1,
        ready_at=None,
        lease_token=None,
        lease_until=None,
        attempts=0,
    )
    if owner is not Owner.BOT:
        unanswered = [m.id for m in work.messages.waiting(conversation.id)]
        if unanswered:
            work.messages.settle_inbound(unanswered, state="done", now=now)
    return work.conversations.get(conversation.id)
