"""Whether what is written now reaches its person: told before it is sent. What a provider allows is its channel's to
say (``ports.Window``); what is known of the person and of what waits is in the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from casework.conversations.model import Conversation, Owner
from casework.conversations.ports import Window
from casework.storage.work import Work

#: Without a sign of the open page for this long, its person counts as gone. Source: signs come every 20 s.
GONE_AFTER = timedelta(seconds=60)


class State(str, Enum):
    """What becomes of a message that is written now."""

    FREE = "free"  #: it goes out
    OPEN = "open"  #: it goes out, as one of a few
    ASKED = "asked"  #: the provider decides
    SPENT = "spent"  #: it waits for the person's next word: the quota is used up
    OVER = "over"  #: it waits for the person's next word: the window is closed
    IN_CALL = "in_call"  #: it waits for the person's next word: there is no other way
    NOWHERE = "nowhere"  #: it reaches nobody
    UNREACHABLE = "unreachable"  #: it waits until the person comes back
    THERE = "there"  #: the person has the page open
    AWAY = "away"  #: it is there when the person opens the page again


@dataclass(frozen=True)
class Reach:
    """``left`` and ``until``: of ``OPEN``; ``until`` of ``OVER``: when it ended. ``announced``: the person is told that
    something waits. ``waiting``: messages that are held already. ``seen_at``: when the person last had the page
    open."""

    state: State
    left: int = 0
    until: datetime | None = None
    announced: bool = False
    waiting: int = 0
    seen_at: datetime | None = None


def reach(work: Work, conversation: Conversation, window: Window, *, now: datetime) -> Reach:
    """What becomes of a message to this person that is written now. ``window``: of the channel."""
    if not window.is_way_out:
        return Reach(State.NOWHERE)
    queued, held = work.sending.pending(conversation.id)
    if not conversation.reachable:
        return Reach(State.UNREACHABLE, waiting=held)
    if window.is_page and conversation.owner is not Owner.BOT:  # looks are noted only while it is with people
        seen = conversation.seen_at
        is_there = seen is not None and now - seen < GONE_AFTER
        return Reach(State.THERE if is_there else State.AWAY, seen_at=seen)
    if window.in_call:
        return Reach(State.IN_CALL, waiting=held)
    if window.until is not None and window.until <= now:
        return Reach(State.OVER, until=window.until, announced=window.announces, waiting=held)
    if not window.is_known:
        return Reach(State.ASKED, waiting=held)
    if window.left is None:
        return Reach(State.FREE, waiting=held)
    left = max(0, window.left - queued)
    return Reach(State.OPEN if left else State.SPENT, left=left, until=window.until, waiting=held)


def may_show_typing(work: Work, conversation: Conversation, *, name: str) -> bool:
    """Whether the person is to see that ``name`` writes: whoever has the chat alone, and not while the provider is
    unwell."""
    has_it = conversation.owner is Owner.STAFF and conversation.owner_name == name
    return has_it and conversation.reachable and not work.sending.is_in_trouble(conversation.channel)
