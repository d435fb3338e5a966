"""Putting answers into the outbox, and sending them in order."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from casework.conversations.model import (
    Author,
    Button,
    Conversation,
    DeliveryError,
    OutboundMessage,
    Owner,
    Reply,
    Sent,
    StaleReply,
    StoredMessage,
)
from casework.storage.work import Work

#: How long one attempt may hold a message. Longer than any provider call with its time-outs.
SEND_LEASE = timedelta(seconds=60)
#: Attempts before a temporary failure counts as final. Source: product default (about 35 minutes of back-off).
MAX_ATTEMPTS = 10
#: Time-outs after which a message is given up, because each may have delivered it. Source: product default: at
#: most one copy too many.
MAX_DOUBTFUL = 2
_BACK_OFF_S = (1, 2, 5, 15, 30, 60, 120, 300, 600, 900)


def new_token() -> str:
    """A button token: 12 characters, 72 bits, fits every provider's limit."""
    return secrets.token_urlsafe(9)


def post_bot_reply(
    work: Work,
    conversation: Conversation,
    replies: Sequence[Reply],
    *,
    reply_to_id: int | None,
    now: datetime,
    token: Callable[[], str] = new_token,
) -> list[int]:
    """Queue the bot's answers, if the bot still owns the chat it answered.

    ``conversation`` is the state the answer was made from: the row must still carry that epoch.
    Raises: StaleReply.
    """
    current = work.conversations.get(conversation.id, lock=True)
    if current.owner is not Owner.BOT or current.epoch != conversation.epoch:
        raise StaleReply
    return [
        _add(work, current, reply, author=Author.BOT, reply_to_id=reply_to_id, now=now, token=token)
        for reply in replies
    ]


def post_system(
    work: Work, conversation: Conversation, reply: Reply, *, now: datetime, reply_to_id: int | None = None
) -> int:
    """Queue a line of the house itself (hand-over, notice); it is sent whoever owns the chat."""
    return _add(
        work, conversation, reply, author=Author.SYSTEM, reply_to_id=reply_to_id, now=now, token=new_token
    )


def post_staff(
    work: Work, conversation: Conversation, reply: Reply, *, name: str, now: datetime, internal: bool = False
) -> int:
    """Queue what a member of staff wrote; an internal note is kept and never sent."""
    if conversation.typing_until is not None and not internal:
        work.conversations.change(conversation.id, typing_until=None)
    return _add(
        work,
        conversation,
        reply,
        author=Author.STAFF,
        name=name,
        reply_to_id=None,
        now=now,
        token=new_token,
        internal=internal,
    )


def _add(
    work: Work,
    conversation: Conversation,
    reply: Reply,
    *,
    author: Author,
    reply_to_id: int | None,
    now: datetime,
    token: Callable[[], str],
    name: str = "",
    internal: bool = False,
) -> int:
    buttons = tuple(_with_token(button, token) for button in reply.buttons)
    state = "queued" if conversation.reachable else "held"
    return work.messages.add_outbound(
        conversation,
        text=reply.text,
        buttons=buttons,
        files=reply.media,
        author=author,
        author_name=name,
        state="sent" if internal else state,
        reply_to_id=reply_to_id,
        now=now,
        internal=internal,
    )


def _with_token(button: Button, token: Callable[[], str]) -> Button:
    return button if button.url else replace(button, token=token())


def claim_to_send(
    work: Work, *, channels: Sequence[str], now: datetime, token: str, limit: int = 20
) -> list[tuple[OutboundMessage, tuple[str, ...]]]:
    """Messages to send now, at most one a conversation, with the provider ids of parts already sent."""
    ids = work.sending.claim_to_send(
        channels=channels, now=now, token=token, until=now + SEND_LEASE, limit=limit
    )
    return [(message, parts) for message, _, parts in work.sending.outbound(ids)]


def claim_these(
    work: Work, message_ids: Sequence[int], *, now: datetime, token: str
) -> list[OutboundMessage]:
    """Take these very messages, for a channel that reads its own outbox (terminal, web page)."""
    work.sending.lease(message_ids, token=token, until=now + SEND_LEASE)
    return [message for message, _, _ in work.sending.outbound(message_ids)]


def record_sent(work: Work, message: OutboundMessage, sent: Sent, *, token: str, now: datetime) -> None:
    """The provider took it. What its quota left over is kept for the next chance, joined where it can be."""
    waits = sent.is_untouched and _stands_alone(work, message)
    if sent.held_back:
        work.conversations.get(message.conversation_id, lock=True)
    state = "queued" if sent.held_back and _wrote_meanwhile(work, message) else "held"
    outcome: dict[str, Any] = {"state": "sent"}
    if waits:
        outcome = {"state": state, "attempts": 0, "lease_token": None, "next_try_at": now}
    kept = work.sending.settle_outbound(
        message.id, token=token, now=now, provider_ids=list(sent.provider_ids), error=None, **outcome
    )
    if kept and sent.held_back and not waits:
        _hold(work, message, sent.held_back, state=state, now=now)


def _hold(work: Work, message: OutboundMessage, text: str, *, state: str, now: datetime) -> None:
    """Keep what is left of a message that went out in part."""
    conversation = work.conversations.get(message.conversation_id)
    if _joined(work, conversation.id, text, author=message.author):
        return
    work.messages.add_outbound(
        conversation,
        text=text,
        buttons=(),
        author=message.author,
        author_name="",
        state=state,
        reply_to_id=None,
        now=now,
    )


def _wrote_meanwhile(work: Work, message: OutboundMessage) -> bool:
    """Whether the person wrote while the message was under way: their next chance has come already."""
    heard = work.sending.heard(message.conversation_id)
    return heard is not None and (message.heard is None or heard.at > message.heard.at)


def _stands_alone(work: Work, message: OutboundMessage | StoredMessage) -> bool:
    """Whether a message is held as it is: files are no text to be joined, and a notice may be overtaken."""
    return bool(message.media) or work.notices.by_message(message.id) is not None


def _joined(work: Work, conversation_id: int, text: str, *, author: Author) -> bool:
    """Add to what was held back last, so that it goes out as one message; ``False`` when nothing can be added to."""
    last = work.messages.last_outbound(conversation_id)
    if last is None or last.state != "held" or last.buttons or last.author is not author:
        return False
    if _stands_alone(work, last):
        return False
    work.sending.reword(last.id, "\n\n".join(filter(None, (last.text, text))))
    return True


def record_failure(
    work: Work,
    message: OutboundMessage,
    error: DeliveryError,
    *,
    token: str,
    now: datetime,
    jitter: float,
    outage: bool = False,
) -> str:
    """The provider did not take it. Gives the new state: ``queued`` (to be tried again), ``held`` or ``failed``;
    ``lost`` when the lease was lost and nothing was written.

    ``jitter``: 0 to 1, spreads retries of many messages. ``outage``: the provider takes nothing from anybody now,
    so the attempt does not count against this message.
    """
    work.conversations.get(message.conversation_id, lock=True)
    trial = work.sending.trial(message.id, token=token)
    if trial is None:
        return "lost"
    parts = tuple(dict.fromkeys((*trial.parts, *error.sent_ids)))
    # A wrong token or a provider that is down is not the message's fault: it waits instead of being given up.
    counted = trial.attempts - (1 if outage or error.configuration else 0)
    doubtful = trial.doubtful + (1 if error.maybe_sent else 0)
    blocked = error.unreachable and not work.messages.heard_since(
        message.conversation_id, trial.lease_until - SEND_LEASE
    )
    if blocked:
        state = "held"
        work.conversations.change(message.conversation_id, reachable=False)
        work.sending.hold_queued(message.conversation_id)
    elif (
        (error.permanent and not error.unreachable and not error.configuration)
        or counted >= MAX_ATTEMPTS
        or (error.maybe_sent and doubtful >= MAX_DOUBTFUL)
    ):
        state = "failed"
    else:
        state = "queued"
    wait = error.retry_after_s or _BACK_OFF_S[min(trial.attempts, len(_BACK_OFF_S)) - 1] * (1 + jitter)
    work.sending.settle_outbound(
        message.id,
        token=token,
        now=now,
        state=state,
        error=error.code[:190],
        provider_ids=list(parts),
        next_try_at=now + timedelta(seconds=wait),
        attempts=counted,
        doubtful=doubtful,
    )
    return state


def take_passive(
    work: Work, *, conversation_id: int, inbound_id: int, now: datetime, after: int = 0
) -> OutboundMessage | None:
    """The first answer, for the provider's own open call; with ``after`` the first one behind that message."""
    found = work.sending.take_passive(
        conversation_id, inbound_id=inbound_id, after=after, now=now, until=now + SEND_LEASE
    )
    if found is None:
        return None
    [(message, _, _)] = work.sending.outbound([found])
    return message


def passive_sent(work: Work, message: OutboundMessage, *, inbound_id: int, now: datetime) -> bool:
    """The provider's own call carries ``message``; the courier may send what follows. ``False``: the lease was
    lost, a courier has it."""
    kept = work.sending.settle_outbound(message.id, token=f"passive:{inbound_id}", now=now, state="sent")
    work.conversations.change(message.conversation_id, passive_until=None)
    return kept


def passive_over(work: Work, *, conversation_id: int) -> None:
    """The provider's call ended without an answer: the courier sends it."""
    work.conversations.change(conversation_id, passive_until=None)


def put_back(work: Work, message: OutboundMessage, *, inbound_id: int, now: datetime) -> None:
    """Give a passively taken message back to the courier."""
    work.sending.settle_outbound(
        message.id, token=f"passive:{inbound_id}", now=now, state="queued", lease_token=None, next_try_at=now
    )
    work.conversations.change(message.conversation_id, passive_until=None)
