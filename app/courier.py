"""The courier: takes messages out of the outbox, in order per conversation, and hands them to their channel.

What it had in hand when it was killed is sent again after the lease, and counted as in doubt.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import random
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from anyio.to_thread import run_sync

from app.breaker import Breaker
from app.bus import CHAT, POLL_S, SEND, Hub
from app.observing import traces
from app.observing.figures import DELIVERIES, DELIVERY_S
from app.observing.serving import Pulse
from casework.conversations import outbox
from casework.conversations.model import DeliveryError, OutboundMessage, Sent
from casework.conversations.ports import Sender
from casework.storage.database import DatabaseUnavailable
from casework.storage.work import Store

logger = logging.getLogger(__name__)

#: Messages under way at once in one process. Bounded, so that a slow provider cannot eat the machine.
CONCURRENCY = 20
#: Longest time for one message in all its parts, in seconds: well below the lease, so that no other courier sends
#: what this one still has in hand.
SEND_S = 45.0
#: Time to write down what became of a message while the database is away, in seconds.
RECORD_S = outbox.SEND_LEASE.total_seconds() - SEND_S - 5
#: Time for messages under way when the courier is asked to stop, in seconds.
STOP_S = 4.0


class Courier:
    """Runs until cancelled. Any number may run; a lease makes each message one courier's."""

    def __init__(
        self, store: Store, hub: Hub, senders: Mapping[str, Sender], *, clock: Callable[[], datetime]
    ) -> None:
        self._store, self._hub, self._senders, self._clock = store, hub, senders, clock
        self._tokens = (f"courier:{secrets.token_hex(4)}:{round_}" for round_ in itertools.count())
        self._under_way: set[asyncio.Task[None]] = set()
        self._breakers = {name: Breaker(name, clock=time.monotonic) for name in senders}
        self.pulse = Pulse()

    async def run(self) -> None:
        """Send what waits, for ever. A failing database is waited for, not died of."""
        try:
            async with self._hub.listening(SEND) as signal:
                while True:
                    signal.clear()
                    self.pulse.beat()
                    try:
                        found = await self._send_some()
                    except Exception:  # the courier's door: it must outlive whatever a round brings
                        logger.exception("courier.round_failed")
                        found = False
                        await asyncio.sleep(1)
                    if not found:
                        await self._hub.pause(signal, timeout_s=POLL_S)
        finally:
            await self._finish()

    async def _finish(self) -> None:
        """Asked to stop: what is under way may end; what does not is sent again after its lease."""
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=STOP_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _send_some(self) -> bool:
        room = CONCURRENCY - len(self._under_way)
        if room <= 0:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
            return True
        rooms: dict[int, list[str]] = {}
        for name, breaker in self._breakers.items():
            rooms.setdefault(breaker.room(room), []).append(name)
        rooms.pop(0, None)
        found = False
        for limit, channels in rooms.items():
            token = next(self._tokens)
            for message, parts in await run_sync(self._claim, channels, limit, token):
                found = True
                task = asyncio.create_task(self._send(message, parts, token))
                self._under_way.add(task)
                task.add_done_callback(self._under_way.discard)
        return found

    def _claim(
        self, channels: Sequence[str], limit: int, token: str
    ) -> list[tuple[OutboundMessage, tuple[str, ...]]]:
        with self._store.writing() as work:
            return outbox.claim_to_send(work, channels=channels, now=self._clock(), token=token, limit=limit)

    async def _send(self, message: OutboundMessage, parts: tuple[str, ...], token: str) -> None:
        result = "sent"
        trace = traces.begin("deliver", message=message.id, channel=message.channel)
        try:
            with DELIVERY_S.labels(message.channel).time():
                sent = await asyncio.wait_for(
                    self._senders[message.channel].send(message, already_sent=parts), SEND_S
                )
        except DeliveryError as error:
            result = await self._note_failure(message, error, token)
        except asyncio.TimeoutError:
            result = await self._note_failure(message, DeliveryError("timeout", maybe_sent=True), token)
        except Exception:  # a channel's own bug must not stop the others
            logger.exception("delivery.crashed: message=%s", message.id)
            result = await self._record(self._failed, message, DeliveryError("crashed"), token, False)
        else:
            self._breakers[message.channel].answered()
            await self._record(self._sent, message, sent, token)
        DELIVERIES.labels(message.channel, result).inc()
        trace.end(result)
        await self._hub.publish(CHAT, str(message.conversation_id))
        await self._hub.publish(SEND)

    async def _note_failure(self, message: OutboundMessage, error: DeliveryError, token: str) -> str:
        breaker = self._breakers[message.channel]
        if error.configuration or not (error.permanent or error.unreachable or error.retry_after_s):
            breaker.failed(message.conversation_id)
        else:
            breaker.answered()
        state = await self._record(self._failed, message, error, token, breaker.is_open)
        logger.warning("delivery.%s: message=%s code=%s", state, message.id, error.code)
        return state

    async def _record(self, write: Callable[..., str], *given: object) -> str:
        """Write down what became of a message; a database that is away is waited for, or it would be sent twice."""
        deadline = time.monotonic() + RECORD_S
        while True:
            try:
                return await run_sync(write, *given)
            except DatabaseUnavailable:
                if time.monotonic() > deadline:
                    logger.exception("delivery.not_recorded")
                    return "not_recorded"
                await asyncio.sleep(0.5)

    def _sent(self, message: OutboundMessage, sent: Sent, token: str) -> str:
        with self._store.writing() as work:
            outbox.record_sent(work, message, sent, token=token, now=self._clock())
        return "sent"

    def _failed(self, message: OutboundMessage, error: DeliveryError, token: str, outage: bool) -> str:
        with self._store.writing() as work:
            return outbox.record_failure(
                work,
                message,
                error,
                token=token,
                now=self._clock(),
                jitter=random.random(),
                outage=outage,
            )
