"""Ways out of the desk that lead nowhere and keep count. Files are judged and kept as in the house."""

from __future__ import annotations

import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from casework.conversations.model import Heard
from casework.conversations.ports import Window
from casework.media.model import ScannerAway
from casework.media.shelves import Folder
from casework.media.taking_in import TakingIn
from casework.media.vault import Vault
from casework.storage.fields import cipher
from desk.ways_out import WaysOut

#: Largest file, in bytes.
MOST = 1024 * 1024


class Guard:
    """A virus scanner with one sign of its own."""

    is_away = False

    def is_clean(self, content: bytes) -> bool:
        if self.is_away:
            raise ScannerAway("away")
        return b"VIRUS" not in content


@dataclass
class Ways:
    """``window``: what every channel says. ``shown``: whom it was shown that somebody writes, which ``typing`` does."""

    window: Window = field(default_factory=Window)
    shown: list[tuple[str, str]] = field(default_factory=list)
    guard: Guard = field(default_factory=Guard)
    typing: Callable[[str], Awaitable[None]] | None = None
    folder: tempfile.TemporaryDirectory[str] = field(default_factory=tempfile.TemporaryDirectory)

    @property
    def vault(self) -> Vault:
        return Vault(Folder(Path(self.folder.name)), cipher)

    @property
    def out(self) -> WaysOut:
        return WaysOut(TakingIn(self.vault, scanner=self.guard, max_bytes=MOST), self._window_of, self._show)

    async def _window_of(self, channel: str, heard: Heard | None) -> Window:
        return self.window

    async def _show(self, channel: str, address: str) -> None:
        self.shown.append((channel, address))
        if self.typing is not None:
            await self.typing(address)
