"""The doors through which channels reach the core: the inbox and the passive answers, for an event loop."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from anyio.to_thread import run_sync

from app.bus import CHAT, POLL_S, SEND, TURN, Hub
from app.observing import traces
from app.observing.figures import RECEIVED, count_received
from casework.conversations import inbox, outbox
from casework.conversations.inbox import TurnRules
from casework.conversations.model import (
    Conversation,
    InboundMessage,
    OutboundMessage,
    Owner,
    Received,
    StoredMessage,
)
from casework.storage.work import Store

#: How long a page shows that staff write. Source: as Telegram does, a little longer than the signs are apart.
TYPING = timedelta(seconds=6)
#: How often it is noted at most that a person looks.
LOOK_NOTED = timedelta(seconds=20)


class Crowd:
    """How many messages each channel brought to this process in the minute under way."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._minute = 0
        self._counts: Counter[str] = Counter()

    def joins(self, channel: str, *, now: datetime) -> bool:
        """Count one more message; gives whether the channel is over its limit."""
        minute = int(now.timestamp() // 60)
        if minute != self._minute:
            self._minute = minute
            self._counts.clear()
        self._counts[channel] += 1
        return self._counts[channel] > self._most


class StoredInbox:
    """``casework.conversations.ports.Inbox`` over the database. ``most``: messages a minute of one channel."""

    def __init__(
        self, store: Store, hub: Hub, *, rules: TurnRules, most: int, clock: Callable[[], datetime]
    ) -> None:
        self._store, self._hub, self._rules, self._clock = store, hub, rules, clock
        self._crowd = Crowd(most)

    async def receive(self, message: InboundMessage) -> Received:
        trace = traces.begin("receive", channel=message.channel)
        try:
            received = await run_sync(self._receive, message)
        except Exception:
            RECEIVED.labels(message.channel, "refused").inc()
            trace.end("refused")
            raise
        trace.end("repeated" if received.duplicate else "new")
        count_received(
            message.channel,
            [item.kind for item in message.media],
            duplicate=received.duplicate,
            aside=received.set_aside,
        )
        if not received.duplicate:
            await self._hub.publish(SEND if received.set_aside else TURN)
            await self._hub.publish(CHAT, str(received.conversation_id))
        return received

    def _receive(self, message: InboundMessage) -> Received:
        now = self._clock()
        crowded = self._crowd.joins(message.channel, now=now)
        with self._store.writing() as work:
            return inbox.receive(work, message, now=now, rules=self._rules, crowded=crowded)


class StoredPassiveReplies:
    """``casework.conversations.ports.PassiveReplies`` over the database."""

    def __init__(self, store: Store, hub: Hub, *, clock: Callable[[], datetime]) -> None:
        self._store, self._hub, self._clock = store, hub, clock
        self._taken_for: dict[int, int] = {}  # outbound id -> inbound id, while the call is open

    async def wait(
        self, received: Received, *, timeout_s: float, after: OutboundMessage | None = None
    ) -> OutboundMessage | None:
        deadline = time.monotonic() + timeout_s
        async with self._hub.listening(CHAT, str(received.conversation_id)) as signal:
            while True:
                signal.clear()
                message = await run_sync(self._take, received, after.id if after else 0)
                if message is not None:
                    self._taken_for[message.id] = received.message_id
                    return message
                left = deadline - time.monotonic()
                if left <= 0:
                    if after is None:
                        await run_sync(self._over, received)
                        await self._hub.publish(SEND)
                    return None
                await self._hub.pause(signal, timeout_s=min(left, POLL_S))

    async def sent(self, message: OutboundMessage) -> None:
        await run_sync(self._settle, message, True)
        await self._hub.publish(SEND)
        await self._hub.publish(CHAT, str(message.conversation_id))

    async def put_back(self, message: OutboundMessage) -> None:
        await run_sync(self._settle, message, False)
        await self._hub.publish(SEND)

    def _take(self, received: Received, after: int) -> OutboundMessage | None:
        with self._store.writing() as work:
            return outbox.take_passive(
                work,
                conversation_id=received.conversation_id,
                inbound_id=received.message_id,
                now=self._clock(),
                after=after,
            )

    def _over(self, received: Received) -> None:
        with self._store.writing() as work:
            outbox.passive_over(work, conversation_id=received.conversation_id)

    def _settle(self, message: OutboundMessage, went_out: bool) -> None:
        inbound_id = self._taken_for.pop(message.id, 0)
        act = outbox.passive_sent if went_out else outbox.put_back
        with self._store.writing() as work:
            act(work, message, inbound_id=inbound_id, now=self._clock())


class StoredTranscripts:
    """``casework.conversations.ports.Transcripts`` over the database."""

    def __init__(self, store: Store, hub: Hub, *, clock: Callable[[], datetime]) -> None:
        self._store, self._hub, self._clock = store, hub, clock

    async def after(self, channel: str, address: str, *, seq: int) -> tuple[StoredMessage, ...]:
        return await run_sync(self._after, channel, address, seq)

    async def changed(self, channel: str, address: str, *, timeout_s: float) -> bool:
        conversation = await run_sync(self._find, channel, address)
        topic = str(conversation.id) if conversation else ""
        async with self._hub.listening(CHAT, topic) as signal:
            newest = await run_sync(self._seq, channel, address)
            if conversation is not None and newest > conversation.seq:
                return True
            await self._hub.pause(signal, timeout_s=timeout_s)
            return signal.is_set() or not self._hub.alive

    async def look(self, channel: str, address: str) -> bool:
        conversation = await run_sync(self._find, channel, address)
        if conversation is None:
            return False
        now, seen, until = self._clock(), conversation.seen_at, conversation.typing_until
        # Moments that a clock set back has left in the future count as none.
        if conversation.owner is not Owner.BOT and not (seen and now - LOOK_NOTED <= seen <= now):
            await run_sync(self._note, conversation, "seen_at", now)
        typing = until is not None and now < until <= now + TYPING
        return typing or conversation.ready_at is not None

    async def staff_write(self, channel: str, address: str) -> None:
        conversation = await run_sync(self._find, channel, address)
        if conversation is not None:
            await run_sync(self._note, conversation, "typing_until", self._clock() + TYPING)
            await self._hub.publish(CHAT, str(conversation.id))

    def _note(self, conversation: Conversation, column: str, moment: datetime) -> None:
        with self._store.writing() as work:
            work.conversations.change(conversation.id, **{column: moment})

    def _find(self, channel: str, address: str) -> Conversation | None:
        with self._store.reading() as work:
            return work.conversations.find(channel, address)

    def _seq(self, channel: str, address: str) -> int:
        conversation = self._find(channel, address)
        return conversation.seq if conversation else 0

    def _after(self, channel: str, address: str, seq: int) -> tuple[StoredMessage, ...]:
        with self._store.reading() as work:
            conversation = work.conversations.find(channel, address)
            if conversation is None:
                return ()
            return tuple(work.messages.transcript(conversation.id, after_seq=seq, limit=200, internal=False))


async def cancel(task: asyncio.Task[None] | None) -> None:
    """End a task and wait until it has ended."""
    if task is None:
        return
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
