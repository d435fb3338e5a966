"""The way out for the web chat. The page reads the transcript itself, so there is nothing to send."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from casework.conversations.model import Heard, OutboundMessage, Sent
from casework.conversations.ports import ChannelHealth, Transcripts, Window
from casework.text import Reason
from connectors.web.receive import CHANNEL

logger = logging.getLogger(__name__)


class WebSender:
    """``Sender`` of channel ``web``: whatever is in the transcript is delivered."""

    channel = CHANNEL

    def __init__(self, transcripts: Transcripts) -> None:
        self._transcripts = transcripts

    async def send(self, message: OutboundMessage, *, already_sent: Sequence[str] = ()) -> Sent:
        return Sent()

    async def window(self, heard: Heard | None) -> Window:
        return Window(is_page=True)

    async def typing(self, address: str) -> None:
        """The page asks the transcript whether an answer is being made."""
        try:
            await self._transcripts.staff_write(CHANNEL, address)
        except Exception as error:  # a door: the next sign comes in some seconds
            logger.debug("web.typing.not_noted: %s", type(error).__name__)

    async def start(self) -> None:
        """Nothing to open."""

    async def stop(self) -> None:
        """Nothing to close."""

    async def health(self) -> ChannelHealth:
        return ChannelHealth(ok=True, summary=Reason("web_ok", "web chat: served by this gateway"))
