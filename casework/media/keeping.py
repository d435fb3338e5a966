"""What becomes of a file: fetched once whoever tries, tried again while that helps, told to those who must know.

Fetching, looking into and writing the bytes is ``app.media``; nothing here touches a file.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from casework.conversations.model import Author, Reply
from casework.conversations.outbox import post_system
from casework.media.model import Claimed, FetchFailed, FileState, Kept
from casework.storage.work import Work

#: How long one fetcher may hold a file. Longer than the longest download and scan.
LEASE = timedelta(minutes=5)
#: Longest time a file is tried for. Source: Tencent keeps what people send for 3 days; Telegram longer.
GIVE_UP_AFTER = timedelta(days=3)
_BACK_OFF_S = (2, 10, 30, 120, 600, 1800, 3600)


def claim(work: Work, *, channels: Sequence[str], now: datetime, limit: int) -> list[Claimed]:
    """Files to fetch now; each belongs to the caller until the lease ends."""
    return work.media.claim(channels=channels, now=now, until=now + LEASE, limit=limit)


def record_kept(work: Work, claimed: Claimed, kept: Kept, *, now: datetime) -> bool:
    """Note that the bytes are kept. ``False``: somebody else did, or the person was forgotten meanwhile; what is
    nobody's is then deleted."""
    kept_by_us = work.media.settle(
        claimed,
        FileState.KEPT,
        now=now,
        sha=kept.sha,
        thumb_sha=kept.thumb or None,
        mime=kept.mime,
        size_bytes=kept.size_bytes,
        reason=None,
    )
    if not kept_by_us:
        work.media.note_dead(filter(None, (kept.sha, kept.thumb)))
    return kept_by_us


def record_lost(
    work: Work,
    claimed: Claimed,
    state: FileState,
    *,
    reason: str,
    told: str,
    noted: str,
    now: datetime,
) -> bool:
    """The file is refused or gone: tell the person (``told``) and leave staff a note (``noted``), once."""
    # The chat first, as everybody who writes to it does: two locks in two orders would wait for each other.
    conversation = work.conversations.get(claimed.conversation_id, lock=True)
    if not work.media.settle(claimed, state, now=now, reason=reason[:60], sha=None):
        return False
    post_system(work, conversation, Reply(told), now=now, reply_to_id=claimed.message_id)
    work.messages.add_outbound(
        conversation,
        text=noted,
        buttons=(),
        author=Author.SYSTEM,
        author_name="",
        state="sent",
        reply_to_id=claimed.message_id,
        now=now,
        internal=True,
    )
    return True


def may_try_again(claimed: Claimed, failure: FetchFailed) -> bool:
    return not failure.gone and claimed.age_s < GIVE_UP_AFTER.total_seconds()


def record_retry(work: Work, claimed: Claimed, failure: FetchFailed, *, now: datetime, jitter: float) -> None:
    """Try again a little later. ``jitter``: 0 to 1, spreads the tries of many files."""
    pause_s = _BACK_OFF_S[min(claimed.attempts, len(_BACK_OFF_S)) - 1] * (1 + jitter)
    wait = timedelta(seconds=max(pause_s, failure.retry_after_s or 0.0))
    work.media.settle(claimed, FileState.PENDING, now=now, reason=failure.code[:60], next_try_at=now + wait)
