"""Turns: a worker takes the messages that wait in one conversation and answers them once.

claim (committed) -> understand (no transaction) -> answer (one transaction: effects, working memory, outbox).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from casework.conversations.handover import request_person
from casework.conversations.model import Conversation, LeaseLost, Reply, StoredMessage
from casework.conversations.outbox import post_bot_reply, post_system
from casework.storage.work import Work

#: How long a worker may hold a conversation. A turn takes some 20 ms; a hung one is taken over after this.
TURN_LEASE = timedelta(seconds=20)
#: Failed attempts before the messages are set aside and a person is asked. Source: product default.
MAX_ATTEMPTS = 3


@dataclass(frozen=True)
class Claim:
    """The right to answer ``messages`` of ``conversation``, until the lease runs out."""

    conversation: Conversation
    messages: tuple[StoredMessage, ...]
    token: str

    @property
    def is_poison(self) -> bool:
        """Whether workers died of these messages so often that no other should try."""
        return self.conversation.attempts > MAX_ATTEMPTS


def claim_next(work: Work, *, now: datetime, conversation_id: int | None = None) -> Claim | None:
    """Lease the conversation that waited longest (or this very one); ``None`` when nothing is ready."""
    token = secrets.token_hex(8)
    until = now + TURN_LEASE
    if conversation_id is None:
        conversation = work.conversations.claim_ready(now=now, token=token, until=until)
    else:
        conversation = work.conversations.claim(conversation_id, now=now, token=token, until=until)
    if conversation is None:
        return None
    waiting = tuple(work.messages.waiting(conversation.id))
    if not waiting:
        _release(work, conversation, ready_at=None)
        return None
    return Claim(conversation, waiting, token)


def confirm(work: Work, claim: Claim) -> Conversation:
    """Check, in the transaction that will answer, that the claim still stands.

    Raises: LeaseLost when another worker has it or a person took the chat.
    """
    current = work.conversations.get(claim.conversation.id, lock=True)
    if not work.conversations.holds_lease(current.id, claim.token):
        raise LeaseLost
    return current


def finish(
    work: Work,
    claim: Claim,
    replies: Sequence[Reply],
    *,
    understanding: Mapping[str, Any],
    now: datetime,
    owner_changed: bool = False,
) -> list[int]:
    """Answer and release. With ``owner_changed`` (hand-over in this turn) the replies go out as system lines."""
    last = claim.messages[-1]
    nothing_new = work.conversations.get(claim.conversation.id).seq == claim.conversation.seq
    if owner_changed:
        current = work.conversations.get(claim.conversation.id, lock=True)
        ids = [post_system(work, current, reply, now=now, reply_to_id=last.id) for reply in replies]
    else:
        ids = post_bot_reply(work, claim.conversation, replies, reply_to_id=last.id, now=now)
    work.messages.settle_inbound([m.id for m in claim.messages[:-1]], state="done", now=now)
    work.messages.settle_inbound([last.id], state="done", now=now, understanding=understanding)
    more = [] if nothing_new else work.messages.waiting(claim.conversation.id)
    if owner_changed:
        work.messages.settle_inbound([m.id for m in more], state="done", now=now)
        more = []
    current = work.conversations.get(claim.conversation.id)
    _release(work, current, ready_at=(current.ready_at or now) if more else None)
    return ids


def give_back(work: Work, claim: Claim, *, now: datetime) -> None:
    """The turn could not be made for no fault of its own: it waits again, and the attempt does not count."""
    current = work.conversations.get(claim.conversation.id, lock=True)
    if work.conversations.holds_lease(current.id, claim.token):
        _release(work, current, ready_at=_not_before(current, now), attempts=current.attempts - 1)


def fail(work: Work, claim: Claim, *, now: datetime, apology: Reply) -> bool:
    """A turn failed. Tried again a little later; after ``MAX_ATTEMPTS`` the messages are set aside, staff
    are asked in and the person is told. Gives whether they were set aside."""
    current = work.conversations.get(claim.conversation.id, lock=True)
    if not work.conversations.holds_lease(current.id, claim.token):
        return False
    if current.attempts < MAX_ATTEMPTS:
        again = _not_before(current, now + timedelta(seconds=current.attempts))
        _release(work, current, ready_at=again, attempts=current.attempts)
        return False
    work.messages.settle_inbound([m.id for m in claim.messages], state="aside", now=now)
    current = request_person(work, current, now=now)
    post_system(work, current, apology, now=now, reply_to_id=claim.messages[-1].id)
    return True


def _not_before(conversation: Conversation, moment: datetime) -> datetime:
    """``moment``, or when what came in meanwhile (an album, a burst) is complete."""
    return max(moment, conversation.ready_at or moment)


def _release(work: Work, conversation: Conversation, *, ready_at: datetime | None, attempts: int = 0) -> None:
    work.conversations.change(
        conversation.id, lease_token=None, lease_until=None, ready_at=ready_at, attempts=attempts
    )
