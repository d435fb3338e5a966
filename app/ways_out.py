"""What the desk reaches people with: a channel's window, and a sign that somebody writes."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping

from app.channels import Channels
from casework.conversations.model import Heard
from casework.conversations.ports import Sender, Window

logger = logging.getLogger(__name__)

#: Longest wait for what a channel says of its window, in seconds: a page waits for it.
_WINDOW_S = 2.0
#: A person is shown at most so often that somebody writes, in seconds. Source: Telegram shows it for 5.
TYPING_EVERY_S = 4.0
#: Signs under way at once: of more, the new ones are left out.
_MOST_SIGNS = 50


async def window_of(channels: Channels, channel: str, heard: Heard | None) -> Window:
    """What ``channel`` lets through; it is asked by sending where it does not say."""
    ask = channels.windows.get(channel)
    if ask is None:
        return Window(is_way_out=channel in channels.senders)
    try:
        return await asyncio.wait_for(ask(heard), _WINDOW_S)
    except Exception as error:  # a door: a page must not fail for it
        logger.warning("window.unknown: channel=%s %s", channel, type(error).__name__)
        return Window(is_known=False)


class TypingSigns:
    """Best effort: a sign that cannot go out at once does not go out. ``clock``: seconds that only grow."""

    def __init__(self, senders: Mapping[str, Sender], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._senders, self._clock = senders, clock
        self._shown: dict[tuple[str, str], float] = {}
        self._under_way: set[asyncio.Task[None]] = set()

    async def show(self, channel: str, address: str) -> None:
        """Start showing it, and come back at once."""
        now = self._clock()
        self._shown = {who: at for who, at in self._shown.items() if now - at < TYPING_EVERY_S}
        sender = self._senders.get(channel)
        if sender is None or (channel, address) in self._shown or len(self._under_way) >= _MOST_SIGNS:
            return
        self._shown[channel, address] = now
        task = asyncio.create_task(sender.typing(address))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
