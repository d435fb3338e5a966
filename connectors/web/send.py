"""The way out for the web chat. The page reads the transcript itself, so there is nothing to send."""

from __future__ import annotations

from collections.abc import Sequence

from casework.conversations.model import OutboundMessage, Sent
from casework.conversations.ports import ChannelHealth


class WebSender:
    """``Sender`` of channel ``web``: whatever is in the transcript is delivered."""

    channel = "web"

    async def send(self, message: OutboundMessage, *, already_sent: Sequence[str] = ()) -> Sent:
        return Sent()

    async def typing(self, address: str) -> None:
        """Nothing to do: the page asks the transcript whether an answer is being made."""

    async def start(self) -> None:
        """Nothing to open."""

    async def stop(self) -> None:
        """Nothing to close."""

    async def health(self) -> ChannelHealth:
        return ChannelHealth(ok=True, summary="web chat: served by this gateway")
