"""Kept files that staff send, for the tests of all channels."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

from PIL import Image

from casework.conversations.model import Media
from casework.media.model import Opened


def _png() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(made, "PNG")
    return made.getvalue()


PNG = _png()
PHOTO = Media("photo", mime="image/png", name="回执.png", size_bytes=len(PNG), sha="a" * 64)
PDF = Media("file", mime="application/pdf", name="通知书.pdf", size_bytes=8, sha="b" * 64)


@dataclass
class Shelf:
    """``casework.media.model.Files``. ``base``: where links lead, empty: nowhere."""

    base: str = "https://c.example/files/"
    kept: dict[str, bytes] = field(default_factory=lambda: {PHOTO.sha: PNG, PDF.sha: b"%PDF-1.7"})
    is_away: bool = False

    async def arrive(self, content: bytes) -> str:
        raise NotImplementedError

    async def opened(self, channel: str, address: str, sha: str) -> Opened | None:
        raise NotImplementedError

    async def content(self, sha: str) -> bytes | None:
        if self.is_away:
            raise OSError("the store is away")
        return self.kept.get(sha)

    @property
    def has_links(self) -> bool:
        return bool(self.base)

    def link(self, conversation_id: int, media: Media) -> str:
        return self.base and f"{self.base}{conversation_id}-{media.sha[:3]}"
