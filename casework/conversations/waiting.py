"""What people are told who wait for a person: that nobody was free in time, where they stand, that staff left.

Looked for now and then by any number of processes; the row decides, so that each thing is said once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.conversations.handover import LEAVE, back_to_queue
from casework.conversations.model import Button, Conversation, Owner, Reply, StoredMessage
from casework.conversations.outbox import post_system
from casework.house import House
from casework.storage.work import Work
from casework.tickets.filing import format_moment

#: Lines that say where somebody stands who asks again; never the same one twice running.
_AGAIN = ("waiting_still", "waiting_noted")


@dataclass(frozen=True)
class Patience:
    """``promise``: open time within which somebody should have taken the chat. ``grace``: a member of staff who gave
    no sign for so long, while the person waits for an answer, is gone. ``again``: shortest time between two lines to
    somebody who waits. Source: product defaults."""

    promise: timedelta = timedelta(minutes=10)
    grace: timedelta = timedelta(minutes=15)
    again: timedelta = timedelta(seconds=60)


def look_after(
    work: Work,
    conversation_id: int,
    *,
    house: House,
    now: datetime,
    patience: Patience,
    is_danger: Callable[[str], bool] = lambda text: False,
) -> bool:
    """Tell one person who waits, or whose member of staff is gone, what there is to tell. Gives whether there was.

    ``is_danger``: whether a text speaks of somebody in danger; who waits for a person must not wait for that.
    """
    conversation = work.conversations.get(conversation_id, lock=True)
    if conversation.owner is Owner.BOT:
        return False
    unanswered = _unanswered(work, conversation)
    if conversation.owner is Owner.STAFF:
        return _staff_gone(work, conversation, unanswered, house=house, now=now, patience=patience)
    if any(is_danger(message.text) for message in unanswered):
        _say(work, conversation, "danger_engine_away", house=house, now=now)
        return True
    return _asked_again(
        work, conversation, unanswered, house=house, now=now, patience=patience
    ) or _nobody_came(work, conversation, house=house, now=now, patience=patience)


def _nobody_came(
    work: Work, conversation: Conversation, *, house: House, now: datetime, patience: Patience
) -> bool:
    """The promised time is over: say so once, and offer to leave it as a ticket."""
    if conversation.owner_since is None or conversation.unclaimed_at is not None:
        return False
    if not house.office.is_open(now, house.calendar):
        return False
    if now < _from_opening(conversation.owner_since, house) + patience.promise:
        return False
    work.conversations.change(conversation.id, unclaimed_at=now)
    _say(work, conversation, "waiting_nobody", house=house, now=now)
    return True


def _from_opening(since: datetime, house: House) -> datetime:
    """The moment from which a wait counts: nobody can come before the doors open."""
    if house.office.is_open(since, house.calendar):
        return since
    return house.office.next_opening(since, house.calendar)


def _asked_again(
    work: Work,
    conversation: Conversation,
    unanswered: Sequence[StoredMessage],
    *,
    house: House,
    now: datetime,
    patience: Patience,
) -> bool:
    """Somebody who waits wrote again: say where they stand, not too often and never twice in the same words."""
    if not unanswered:
        return False
    since = conversation.queue_told_at or conversation.owner_since or now
    if now - since < patience.again:
        return False
    said = _last_words(work, conversation)
    keys = ("waiting_closed",) if not house.office.is_open(now, house.calendar) else _AGAIN
    fitting = [key for key in keys if _wording(work, conversation, key, house=house, now=now) != said]
    if not fitting:
        return False
    _say(work, conversation, fitting[0], house=house, now=now, reply_to_id=unanswered[-1].id)
    return True


def _staff_gone(
    work: Work,
    conversation: Conversation,
    unanswered: Sequence[StoredMessage],
    *,
    house: House,
    now: datetime,
    patience: Patience,
) -> bool:
    if not unanswered or not house.office.is_open(now, house.calendar):
        return False
    since = max(conversation.owner_seen_at or now, unanswered[0].created_at)
    if now - _from_opening(since, house) < patience.grace:
        return False
    changed = back_to_queue(work, conversation, now=now)
    _say(work, changed, "staff_gone", house=house, now=now)
    return True


def _unanswered(work: Work, conversation: Conversation) -> Sequence[StoredMessage]:
    """The person's words after the last thing that was said to them."""
    last = work.messages.last_outbound(conversation.id)
    after = last.seq if last else 0
    found = work.messages.transcript(conversation.id, after_seq=after, limit=20, internal=False)
    return [message for message in found if message.direction == "in" and message.state != "note"]


def _last_words(work: Work, conversation: Conversation) -> str:
    last = work.messages.last_outbound(conversation.id)
    return last.text if last else ""


def _say(
    work: Work,
    conversation: Conversation,
    key: str,
    *,
    house: House,
    now: datetime,
    reply_to_id: int | None = None,
) -> None:
    language = conversation.language or house.languages[0]
    buttons = (Button(house.word("leave_ticket", language), LEAVE),)
    text = _wording(work, conversation, key, house=house, now=now)
    post_system(work, conversation, Reply(text, buttons), now=now, reply_to_id=reply_to_id)
    work.conversations.change(conversation.id, queue_told_at=now)


def _wording(work: Work, conversation: Conversation, key: str, *, house: House, now: datetime) -> str:
    language = conversation.language or house.languages[0]
    opens = house.office.next_opening(now, house.calendar)
    waited = now - (conversation.owner_since or now)
    return house.word(key, language).format(
        **house.numbers,
        position=work.conversations.place_in_queue(conversation),
        minutes=max(1, int(waited.total_seconds() // 60)),
        opens=format_moment(opens, zone=house.zone, language=language),
    )
