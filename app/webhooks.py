"""Sends events to the webhooks that an operator registered. Any number may run; a lease makes each delivery one's."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

import httpx
from anyio.to_thread import run_sync

from app.observing.figures import WEBHOOKS
from casework.clients.tokens import forget_answers
from casework.media.model import FetchFailed
from casework.storage.work import Store
from casework.webhooks import sending
from casework.webhooks.model import Delivery, Outcome

logger = logging.getLogger(__name__)

#: Deliveries under way at once in one process.
CONCURRENCY = 10
#: How often it looks, in seconds.
LOOK_S = 1.0
#: Longest time for one call, in seconds; well below the lease.
CALL_S = 20.0
#: How often answers of the API, and deliveries, that are kept no longer are swept.
_SWEEP_EVERY = timedelta(hours=1)


class Posting(Protocol):
    """``connectors.fetching.Guard``: keeps calls out of our own network."""

    async def post(self, url: str, *, content: bytes, headers: dict[str, str]) -> httpx.Response:
        """Raises: FetchFailed."""
        ...


class WebhookCourier:
    """Runs until cancelled."""

    def __init__(self, store: Store, posting: Posting, *, clock: Callable[[], datetime]) -> None:
        self._store, self._posting, self._clock = store, posting, clock
        self._swept_at: datetime | None = None

    async def run(self) -> None:
        while True:
            try:
                while await self.look():
                    pass
                await run_sync(self._sweep)
            except Exception:  # its door: the look is repeated
                logger.exception("webhooks.round_failed")
            await asyncio.sleep(LOOK_S)

    async def look(self) -> int:
        """Send what is due, a handful at once. Gives how many deliveries were tried."""
        claimed = await run_sync(self._claim)
        await asyncio.gather(*map(self._deliver, claimed))
        return len(claimed)

    def _claim(self) -> list[Delivery]:
        with self._store.writing() as work:
            return sending.claim(work, now=self._clock(), limit=CONCURRENCY)

    async def _deliver(self, delivery: Delivery) -> None:
        outcome = await self._call(delivery)
        state = await run_sync(self._record, delivery, outcome)
        WEBHOOKS.labels(state).inc()
        if state != "sent":
            level = logging.ERROR if state == "dead" else logging.WARNING
            logger.log(
                level,
                "webhook.%s: delivery=%s webhook=%s try=%s status=%s error=%s",
                state,
                delivery.id,
                delivery.webhook.id,
                delivery.attempts,
                outcome.status,
                outcome.error,
            )

    async def _call(self, delivery: Delivery) -> Outcome:
        headers = sending.headers(delivery, now=self._clock())
        try:
            response = await asyncio.wait_for(
                self._posting.post(delivery.webhook.url, content=delivery.body.encode(), headers=headers),
                CALL_S,
            )
        except FetchFailed as failure:
            return Outcome(error=failure.code)
        except asyncio.TimeoutError:
            return Outcome(error="timeout")
        wait = response.headers.get("retry-after", "")
        return Outcome(response.status_code, retry_after_s=float(wait[:6]) if wait.isdecimal() else None)

    def _record(self, delivery: Delivery, outcome: Outcome) -> str:
        with self._store.writing() as work:
            return sending.record(work, delivery, outcome, now=self._clock(), jitter=random.random())

    def _sweep(self) -> None:
        now = self._clock()
        if self._swept_at is not None and now - self._swept_at < _SWEEP_EVERY:
            return
        self._swept_at = now
        with self._store.writing() as work:
            forget_answers(work, now=now)
            sending.forget_log(work, now=now)
