"""Fetching updates, for a developer whose machine has no address on the internet. One process a token."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable

from casework.conversations.ports import Inbox
from connectors.telegram.failures import delivery_error
from connectors.telegram.receive import take_in
from connectors.telegram.send import TelegramSender
from connectors.telegram.settings import ALLOWED_UPDATES, TelegramSettings

log = logging.getLogger(__name__)

_FIRST_WAIT_S = 1.0
_LONGEST_WAIT_S = 60.0


class Poller:
    """Long polling with the sender's client. An update is confirmed only after the inbox has stored it."""

    def __init__(
        self,
        settings: TelegramSettings,
        inbox: Inbox,
        sender: TelegramSender,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._settings = settings
        self._inbox = inbox
        self._sender = sender
        self._sleep = sleep
        self._offset: int | None = None
        self._is_webhook_removed = False
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self.run(), name="telegram-polling")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def run(self) -> None:
        """Fetch for ever; every failure is reported to health and tried again, with growing pauses."""
        wait_s = _FIRST_WAIT_S
        while True:
            try:
                await self.fetch_once()
            except Exception as exc:
                # A door. A failure to store lands here too: the offset stays, so the update comes again.
                failure = delivery_error(exc)
            else:
                self._sender.report("")
                wait_s = _FIRST_WAIT_S
                continue
            self._sender.report(failure.code)
            log.warning("telegram.polling.failed code=%s retry_in_s=%.0f", failure.code, wait_s)
            await self._sleep(max(wait_s, failure.retry_after_s or 0.0))
            wait_s = min(wait_s * 2, _LONGEST_WAIT_S)

    async def fetch_once(self) -> None:
        """Wait for updates once and store them.

        Raises: telegram.error.TelegramError, or whatever the inbox raises.
        """
        bot = self._sender.client.bot
        await self._sender.identify()  # a word in a group that comes before that would not be known as ours
        if not self._is_webhook_removed:
            # Once: if somebody sets it again, two installations share the token, and health says so.
            await bot.delete_webhook(drop_pending_updates=False)
            self._is_webhook_removed = True
        updates = await bot.get_updates(
            offset=self._offset, timeout=self._settings.poll_timeout_s, allowed_updates=ALLOWED_UPDATES
        )
        for update in updates:
            await take_in(
                json.loads(update.to_json()),
                inbox=self._inbox,
                presses=self._sender,
                bot=self._sender.bot_identity,
                commands=self._settings.allowed_commands,
            )
            self._offset = update.update_id + 1
