"""An inbox and a transcript in memory, and a bot that follows a small script. For tests of the page only."""

from __future__ import annotations

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timezone

from casework.conversations.model import (
    Author,
    Button,
    Event,
    InboundMessage,
    Media,
    Received,
    StoredMessage,
)
from casework.media.model import Opened

Answers = Callable[[InboundMessage, str], Sequence[tuple[str, tuple[Button, ...]]]]


def silent(message: InboundMessage, text: str) -> Sequence[tuple[str, tuple[Button, ...]]]:
    """A bot that says nothing."""
    return ()


@dataclass
class MemoryCore:
    """``Inbox`` and ``Transcripts`` at once. ``held``: answers wait until :meth:`release`."""

    answers: Answers = silent
    held: bool = False
    received: list[InboundMessage] = field(default_factory=list)
    fails: bool = False
    written_to: set[str] = field(default_factory=set)
    _known: dict[tuple[str, str], Received] = field(default_factory=dict)
    _messages: dict[str, list[StoredMessage]] = field(default_factory=lambda: defaultdict(list))
    _titles: dict[tuple[str, str], str] = field(default_factory=dict)
    _waiting: dict[str, list[tuple[InboundMessage, str]]] = field(default_factory=lambda: defaultdict(list))
    _woken: asyncio.Event = field(default_factory=asyncio.Event)
    _next_id: int = 1

    async def receive(self, message: InboundMessage) -> Received:
        if self.fails:
            raise RuntimeError("the store is away")
        key = (message.channel, message.provider_id)
        if key in self._known:
            first = self._known[key]
            return Received(first.message_id, first.conversation_id, duplicate=True)
        self.received.append(message)
        text = message.text.strip() or self._titles.get((message.address, message.token), "")
        stored = self.add(message.address, text, author=Author.COMPLAINANT, media=message.media)
        self._known[key] = Received(stored.id, stored.conversation_id)
        self._waiting[message.address].append((message, text))
        asyncio.get_running_loop().call_later(0.01, self._answer, message.address)
        return self._known[key]

    def _answer(self, address: str) -> None:
        if not self.held:
            self.release(address)

    def release(self, address: str) -> None:
        """Let the bot answer what waits."""
        for message, text in self._waiting.pop(address, []):
            for answer, buttons in self.answers(message, text):
                self.add(address, answer, buttons=buttons)
        self._wake()

    def add(
        self,
        address: str,
        text: str,
        *,
        author: Author = Author.BOT,
        name: str = "",
        buttons: tuple[Button, ...] = (),
        media: tuple[Media, ...] = (),
    ) -> StoredMessage:
        """Put one message into the transcript of ``address``."""
        messages = self._messages[address]
        message = StoredMessage(
            id=self._next_id,
            conversation_id=1 + list(self._messages).index(address),
            seq=len(messages) + 1,
            direction="in" if author is Author.COMPLAINANT else "out",
            author=author,
            author_name=name,
            text=text,
            payload="",
            buttons=buttons,
            media=media,
            event=Event.MESSAGE,
            state="done",
            profile={},
            understanding={},
            created_at=datetime.now(timezone.utc),
        )
        self._next_id += 1
        for button in buttons:
            self._titles[(address, button.token)] = button.title
        messages.append(message)
        self._wake()
        return message

    @property
    def addresses(self) -> list[str]:
        """All conversations, in the order in which they began."""
        return list(self._messages)

    async def after(self, channel: str, address: str, *, seq: int) -> tuple[StoredMessage, ...]:
        assert channel == "web"
        found = self._messages.get(address, [])
        return tuple(message for message in found if message.seq > seq)[-200:]

    async def changed(self, channel: str, address: str, *, timeout_s: float) -> bool:
        try:
            await asyncio.wait_for(self._woken.wait(), min(timeout_s, 0.2))
        except asyncio.TimeoutError:
            return False
        return True

    async def look(self, channel: str, address: str) -> bool:
        return bool(self._waiting.get(address)) or address in self.written_to

    async def staff_write(self, channel: str, address: str) -> None:
        self.written_to.add(address)
        self._wake()

    def _wake(self) -> None:
        self._woken.set()
        self._woken = asyncio.Event()


@dataclass
class MemoryFiles:
    """``Files`` in memory, true to the port: a conversation's files are its own. ``fails``: the disk is full."""

    core: MemoryCore
    kept: dict[str, bytes] = field(default_factory=dict)
    fails: bool = False

    async def arrive(self, content: bytes) -> str:
        if self.fails:
            raise OSError(28, "No space left on device")
        sha = hashlib.sha256(content).hexdigest()
        self.kept[sha] = content
        return sha

    async def opened(self, channel: str, address: str, sha: str) -> Opened | None:
        said = await self.core.after(channel, address, seq=0)
        item = next((item for message in said for item in message.media if item.sha == sha), None)
        return Opened(self.kept[item.sha], item.mime, item.name) if item else None

    async def content(self, sha: str) -> bytes | None:
        return self.kept.get(sha)

    has_links = False

    def link(self, conversation_id: int, media: Media) -> str:
        return ""
