"""The courier: takes messages out of the outbox, in order per conversation, and hands them to their channel."""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime

from anyio.to_thread import run_sync

from app.bus import CHAT, POLL_S, SEND, Hub
from app.observing import traces
from app.observing.figures import DELIVERIES, DELIVERY_S
from app.observing.serving import Pulse
from casework.conversations import outbox
from casework.conversations.model import DeliveryError, OutboundMessage, Sent
from casework.conversations.ports import Sender
from casework.storage.work import Store

logger = logging.getLogger(__name__)

#: Messages under way at once in one process. Bounded, so that a slow provider cannot eat the machine.
CONCURRENCY = 20


class Courier:
    """Runs until cancelled. Any number may run; a lease makes each message one courier's."""

    def __init__(
        self, store: Store, hub: Hub, senders: Mapping[str, Sender], *, clock: Callable[[], datetime]
    ) -> None:
        self._store, self._hub, self._senders, self._clock = store, hub, senders, clock
        self._token = f"courier:{secrets.token_hex(4)}"
        self._under_way: set[asyncio.Task[None]] = set()
        self.pulse = Pulse()

    async def run(self) -> None:
        """Send what waits, for ever. A failing database is waited for, not died of."""
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

    async def _send_some(self) -> bool:
        room = CONCURRENCY - len(self._under_way)
        if room <= 0:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
            return True
        claimed = await run_sync(self._claim, room)
        for message, parts in claimed:
            task = asyncio.create_task(self._send(message, parts))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return bool(claimed)

    def _claim(self, limit: int) -> list[tuple[OutboundMessage, tuple[str, ...]]]:
        with self._store.writing() as work:
            return outbox.claim_to_send(
                work, channels=tuple(self._senders), now=self._clock(), token=self._token, limit=limit
            )

    async def _send(self, message: OutboundMessage, parts: tuple[str, ...]) -> None:
        result = "sent"
        trace = traces.begin("deliver", message=message.id, channel=message.channel)
        try:
            with DELIVERY_S.labels(message.channel).time():
                sent = await self._senders[message.channel].send(message, already_sent=parts)
        except DeliveryError as error:
            state = result = await run_sync(self._failed, message, error)
            logger.warning("delivery.%s: message=%s code=%s", state, message.id, error.code)
        except Exception:  # a channel's own bug must not stop the others
            logger.exception("delivery.crashed: message=%s", message.id)
            result = await run_sync(self._failed, message, DeliveryError("crashed"))
        else:
            await run_sync(self._sent, message, sent)
        DELIVERIES.labels(message.channel, result).inc()
        trace.end(result)
        await self._hub.publish(CHAT, str(message.conversation_id))
        await self._hub.publish(SEND)

    def _sent(self, message: OutboundMessage, sent: Sent) -> None:
        with self._store.writing() as work:
            outbox.record_sent(work, message, sent, token=self._token, now=self._clock())

    def _failed(self, message: OutboundMessage, error: DeliveryError) -> str:
        with self._store.writing() as work:
            return outbox.record_failure(
                work, message, error, token=self._token, now=self._clock(), jitter=random.random()
            )
