"""Values that travel between a channel and the core. No storage, no provider vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Literal

MediaKind = Literal["photo", "voice", "video", "audio", "file", "sticker", "location", "contact", "link"]

#: Longest text that is kept for one inbound message, in characters. Source: product default, far above the
#: 5,000 characters people paste; a longer text is cut and marked with ``truncated`` in its profile.
MAX_TEXT_CHARS = 20_000


class Owner(str, Enum):
    """Who may speak next in a conversation."""

    BOT = "bot"
    QUEUE = "queue"
    STAFF = "staff"


class Author(str, Enum):
    """Who wrote a message."""

    COMPLAINANT = "complainant"
    BOT = "bot"
    STAFF = "staff"
    SYSTEM = "system"


class Event(str, Enum):
    """What happened on the channel."""

    MESSAGE = "message"
    START = "start"  #: first contact: /start, follow, page opened
    REACHABLE = "reachable"  #: the person unblocked or followed again
    UNREACHABLE = "unreachable"  #: the person blocked the bot or unfollowed; never send
    NOTE = "note"  #: kept for the record only, never a turn (menu views, periodic positions, …)


@dataclass(frozen=True)
class Media:
    """One thing sent along with, or instead of, text.

    ``ref`` is the provider's own id of the file (never a URL that holds a token); ``text`` is a voice
    recognition, a caption, a place label or a contact's name; ``size_bytes`` is ``None`` when unknown. ``sha``:
    the bytes came with the message, or go out with it, and lie under this name already; ``thumb``: a small picture
    of what goes out.
    """

    kind: MediaKind
    ref: str = ""
    mime: str = ""
    name: str = ""
    size_bytes: int | None = None
    url: str = ""
    text: str = ""
    latitude: float | None = None
    longitude: float | None = None
    phone: str = ""
    sha: str = ""
    thumb: str = ""


@dataclass(frozen=True)
class InboundMessage:
    """One delivery of a provider, parsed and verified.

    ``(channel, provider_id)`` names the delivery: the same pair a second time is the same message.
    ``address`` is where an answer goes (openid, chat id, web token) and names the conversation.
    ``token`` is the opaque token of a button that was pressed (see :class:`Button`); the core looks it up and
    trusts only tokens it issued to this very address. ``group_key`` joins the parts of an album.
    ``profile`` holds what the channel says of the person: ``name``, ``language`` (BCP 47), ``scene``,
    ``trigger`` (``message``/``menu``/``follow``/``scan``: decides provider quotas).
    """

    channel: str
    provider_id: str
    address: str
    text: str = ""
    token: str = ""
    media: tuple[Media, ...] = ()
    event: Event = Event.MESSAGE
    sent_at: datetime | None = None
    group_key: str = ""
    profile: Mapping[str, Any] = field(default_factory=dict)
    passive_until: datetime | None = None  #: the provider call stays open until then and can carry the answer


@dataclass(frozen=True)
class Received:
    """What became of an :class:`InboundMessage`."""

    message_id: int
    conversation_id: int
    duplicate: bool = False
    set_aside: bool = False  #: over the flood limit: kept, but will not become a turn


@dataclass(frozen=True)
class Button:
    """A choice offered under a message.

    ``payload`` is the core's own meaning (``affirm``, ``category:GOV-ATT-01``, …) and never leaves the house
    on Telegram or WeChat: those channels carry ``token`` (12 characters, bound to the address).
    ``url`` instead of a payload opens a page.
    """

    title: str
    payload: str = ""
    token: str = ""
    url: str = ""


@dataclass(frozen=True)
class OutboundMessage:
    """One message that is to be sent, as the courier hands it to a channel."""

    id: int
    conversation_id: int
    channel: str
    address: str
    text: str
    buttons: tuple[Button, ...] = ()
    media: tuple[Media, ...] = ()
    author: Author = Author.BOT
    language: str = "zh"
    reply_to: str = ""  #: provider id of the message this answers; empty if proactive
    profile: Mapping[str, Any] = field(default_factory=dict)  #: of the conversation (thread ids and the like)
    heard: Heard | None = None  #: ``None`` when the person never wrote


@dataclass(frozen=True)
class Heard:
    """The person's last message, for providers that allow so many messages for each: counted in the database.

    ``trigger``: see :class:`InboundMessage`. ``spent``: parts that couriers of any process have sent since; what
    went out with a provider's own call is not among them.
    """

    at: datetime
    trigger: str = ""
    spent: int = 0


@dataclass(frozen=True)
class Sent:
    """A provider's word that it took a message. ``provider_ids`` is in the order of the parts sent."""

    provider_ids: tuple[str, ...] = ()
    held_back: str = ""  #: text that did not fit the provider's quota now and must be delivered later
    is_untouched: bool = False  #: nothing of the message went out: ``held_back`` is all of it


class DeliveryError(Exception):
    """A provider did not take a message.

    ``permanent``: trying again is pointless. ``unreachable``: nothing can be sent to this person until they
    write again. ``retry_after_s``: the provider's own wish. ``maybe_sent``: a time-out after the request went
    out, so that trying again may double the message. ``sent_ids``: provider ids of the parts that did go out
    before the failure; a retry must leave them out.
    """

    def __init__(
        self,
        code: str,
        *,
        permanent: bool = False,
        unreachable: bool = False,
        configuration: bool = False,
        retry_after_s: float | None = None,
        maybe_sent: bool = False,
        sent_ids: tuple[str, ...] = (),
    ) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent
        self.unreachable = unreachable
        self.configuration = configuration
        self.retry_after_s = retry_after_s
        self.maybe_sent = maybe_sent
        self.sent_ids = sent_ids


@dataclass(frozen=True)
class Conversation:
    """One endless chat of one identity on one channel.

    ``epoch`` grows with every change of owner, ``seq`` with every message. ``ready_at``: from then on the
    waiting messages may be taken as one turn; ``None`` when there is nothing to take. ``attempts``: of the turn
    under way. ``owner_since``: ``None`` while the bot always had it. ``owner_seen_at``: last sign of the member
    of staff who has it. ``queue_told_at``: when somebody who waits was last told how the wait stands;
    ``unclaimed_at``: when they were told that nobody came in time. ``seen_at``: last sign of the person's open page,
    on channels that have one; ``typing_until``: until then that page shows that staff write.
    """

    id: int
    channel: str
    address: str
    complainant_id: int
    owner: Owner
    owner_name: str
    epoch: int
    seq: int
    language: str
    script: str
    profile: Mapping[str, Any]
    reachable: bool
    ready_at: datetime | None
    attempts: int
    created_at: datetime
    owner_since: datetime | None = None
    owner_seen_at: datetime | None = None
    queue_told_at: datetime | None = None
    unclaimed_at: datetime | None = None
    seen_at: datetime | None = None
    typing_until: datetime | None = None

    @property
    def key(self) -> str:
        """The name under which the dialogue engine knows this conversation."""
        return f"c{self.id}"


@dataclass(frozen=True)
class StoredMessage:
    """A row of the transcript."""

    id: int
    conversation_id: int
    seq: int
    direction: Literal["in", "out"]
    author: Author
    author_name: str
    text: str
    payload: str
    buttons: tuple[Button, ...]
    media: tuple[Media, ...]
    event: Event
    state: str
    profile: Mapping[str, Any]
    understanding: Mapping[str, Any]
    created_at: datetime
    group_key: str = ""
    internal: bool = False


@dataclass(frozen=True)
class Reply:
    """What someone wants to say: one message to be put into the outbox."""

    text: str
    buttons: tuple[Button, ...] = ()
    media: tuple[Media, ...] = ()  #: kept already, each under its ``sha``


class StaleReply(Exception):
    """The conversation changed hands while the answer was being made; the answer must not be sent."""


class LeaseLost(Exception):
    """Another worker took the conversation over; what this one did is thrown away."""
