"""What channels may ask of the core, and what the core asks of channels."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from casework.conversations.model import (
    Heard,
    InboundMessage,
    OutboundMessage,
    Received,
    Sent,
    StoredMessage,
)


@dataclass(frozen=True)
class ChannelHealth:
    """A channel's state for `tingsu doctor` and the health page; ``cure`` is empty when ``ok``. A text that is a
    ``Reason`` is said in the language of who reads it."""

    ok: bool
    summary: str
    cure: str = ""


class Inbox(Protocol):
    """The only door for inbound messages. Safe to call from an event loop; returns in milliseconds."""

    async def receive(self, message: InboundMessage) -> Received:
        """Store ``message`` durably (committed when this returns) and wake an engine.

        A delivery seen before gives ``duplicate=True`` and the ids of the first one.
        """
        ...


class PassiveReplies(Protocol):
    """For providers whose own call can carry the answer (WeChat)."""

    async def wait(
        self, received: Received, *, timeout_s: float, after: OutboundMessage | None = None
    ) -> OutboundMessage | None:
        """Wait for the first queued answer to the message and take it out of the courier's hands.

        With ``after``: for the one behind that, which was taken already; it stays taken. ``None`` when there is none
        within ``timeout_s``. A repeated delivery of the same provider message is
        given the same answer again (the first call cannot have reached the person).
        """
        ...

    async def sent(self, message: OutboundMessage) -> None:
        """Record that ``message`` went out with the provider's own call."""
        ...

    async def put_back(self, message: OutboundMessage) -> None:
        """Give ``message`` back to the courier (rendering failed, call was cut)."""
        ...


@dataclass(frozen=True)
class Window:
    """What a provider lets through to one person.

    ``left``: messages, ``None``: as many as one likes. ``until``: when that ends, ``None``: it does not.
    ``is_known``: ``False`` where only the provider knows, and is asked by sending. ``in_call``: messages travel only in
    the person's own next call. ``announces``: beyond the window the person is told that something waits. ``is_page``:
    the channel shows the conversation itself, on a page that is open or not. ``is_way_out``: ``False`` where people
    came in another way and nothing can be sent. ``carries``: types of files, ``None``: any.
    """

    left: int | None = None
    until: datetime | None = None
    is_known: bool = True
    in_call: bool = False
    announces: bool = False
    is_page: bool = False
    is_way_out: bool = True
    carries: frozenset[str] | None = None

    def takes(self, mime: str) -> bool:
        """Whether a file of this type can be sent."""
        return self.carries is None or mime in self.carries


#: One channel's word on the person who was heard last so and so.
WindowOf = Callable[[Heard | None], Awaitable[Window]]


class Sender(Protocol):
    """One channel's way out. One object a process, safe for concurrent use."""

    channel: str

    async def send(self, message: OutboundMessage, *, already_sent: Sequence[str] = ()) -> Sent:
        """Render, split and send. ``already_sent``: provider ids of parts a former attempt delivered.

        Raises: DeliveryError.
        """
        ...

    async def typing(self, address: str) -> None:
        """Show that an answer is being written. Never raises."""
        ...

    async def start(self) -> None:
        """Open clients; register webhooks in the background. A provider that is down does not stop it."""
        ...

    async def stop(self) -> None: ...

    async def health(self) -> ChannelHealth:
        """Ask the provider for its own view (webhook state, last error). Bounded in time; never raises."""
        ...


class Transcripts(Protocol):
    """For channels that show the conversation themselves (the web page)."""

    async def after(self, channel: str, address: str, *, seq: int) -> tuple[StoredMessage, ...]:
        """Messages of this conversation that the person may see, in order, with a ``seq`` above ``seq``.

        Empty when there is no such conversation. At most 200, the newest.
        """
        ...

    async def changed(self, channel: str, address: str, *, timeout_s: float) -> bool:
        """Wait until something may have happened in the conversation; ``False`` after ``timeout_s``."""
        ...

    async def look(self, channel: str, address: str) -> bool:
        """The person has the conversation before them, which is noted while it is with people. Gives whether an answer
        is being made: messages wait for the bot, or staff write (for a typing sign)."""
        ...

    async def staff_write(self, channel: str, address: str) -> None:
        """Staff write an answer just now: ``look`` says so for some seconds."""
        ...
