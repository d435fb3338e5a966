"""Values and ports of kept files. Where bytes lie is ``vault``, what they are ``types``, the rules ``keeping``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from casework.conversations.model import Media

#: Kinds that have bytes somewhere. Stickers, places, cards and links are words or numbers only.
FETCHED_KINDS = frozenset({"photo", "voice", "video", "audio", "file"})


class FileState(str, Enum):
    """What became of one file."""

    NONE = "none"  #: there are no bytes to fetch
    PENDING = "pending"
    KEPT = "kept"
    REFUSED = "refused"  #: too large, of a forbidden type, or infected
    GONE = "gone"  #: the provider has it no more


class Refused(Exception):
    """The file must not be kept. ``code``: ``too_large``, ``program``, ``type``, ``empty`` or ``infected``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class FetchFailed(Exception):
    """The bytes did not come. ``gone``: they never will; otherwise trying again helps."""

    def __init__(self, code: str, *, gone: bool = False, retry_after_s: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.gone = gone
        self.retry_after_s = retry_after_s


class ScannerAway(Exception):
    """The virus scanner gave no verdict; the file waits."""


class FileSource(Protocol):
    """One channel's way to the bytes behind a :class:`Media`."""

    async def fetch(self, media: Media, *, max_bytes: int) -> bytes:
        """The bytes, at most ``max_bytes``. Raises: Refused, FetchFailed."""
        ...


class Scanner(Protocol):
    """Looks for harm in a file."""

    def is_clean(self, content: bytes) -> bool:
        """Blocks; call it in a thread. Raises: ScannerAway."""
        ...


@dataclass(frozen=True)
class Opened:
    """A file's content. ``mime`` is by its first bytes, not by what anybody said of it."""

    content: bytes
    mime: str
    name: str


class Files(Protocol):
    """Kept files, for channels: those that receive and show files themselves (the web page), and those that send."""

    async def arrive(self, content: bytes) -> str:
        """Hold bytes until the background has taken them in. Gives their SHA-256. Raises: OSError."""
        ...

    async def opened(self, channel: str, address: str, sha: str) -> Opened | None:
        """The file that this very conversation has under ``sha`` (see :class:`Media`); ``None`` without one, or once
        refused."""
        ...

    async def content(self, sha: str) -> bytes | None:
        """The bytes of a file that is to be sent; ``None`` when they are lost. Raises: OSError."""
        ...

    @property
    def has_links(self) -> bool:
        """Whether :meth:`link` gives any: not without an address that the internet knows."""
        ...

    def link(self, conversation_id: int, media: Media) -> str:
        """An address under which whoever holds it opens this file for some days; empty where there are no links."""
        ...


@dataclass(frozen=True)
class Claimed:
    """One file to fetch now. ``age_s``: since the message came; ``attempts``: this one included."""

    id: int
    conversation_id: int
    message_id: int
    channel: str
    media: Media
    attempts: int
    age_s: float


@dataclass(frozen=True)
class Kept:
    """What is noted of a file that is kept. ``thumb``: name of the small picture, empty without one."""

    sha: str
    mime: str
    size_bytes: int
    thumb: str = ""


@dataclass(frozen=True)
class FileRow:
    """One file of the record, for staff and for the person who sent it."""

    id: int
    conversation_id: int
    message_id: int
    ticket_id: int | None
    media: Media
    state: FileState
    kept: Kept | None
    reason: str
    attempts: int
