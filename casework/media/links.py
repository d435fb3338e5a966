"""Addresses of kept files for people whose channel carries none: whoever holds one opens that file, for some days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from cryptography.fernet import InvalidToken, MultiFernet

#: Where they stand below the address of the house.
PATH = "/files/"
#: How long one is good for. Source: product default.
DAYS = 7
_PURPOSE = "linked file"


class Links:
    """``base``: the house's address as the internet sees it; empty: there are no links. A link cannot be made up or
    changed without the data key, and tells nothing about what is behind it."""

    def __init__(self, base: str, cipher: Callable[[], MultiFernet], clock: Callable[[], datetime]) -> None:
        self._base, self._cipher, self._clock = base.rstrip("/"), cipher, clock

    def __bool__(self) -> bool:
        return bool(self._base)

    def address(self, conversation_id: int, sha: str) -> str:
        """Of the file kept as ``sha`` in this conversation; empty without a base."""
        if not self._base:
            return ""
        said = f"{_PURPOSE}:{conversation_id}:{sha}".encode()
        mark = self._cipher().encrypt_at_time(said, int(self._clock().timestamp()))
        return f"{self._base}{PATH}{mark.decode().rstrip('=')}"

    def read(self, mark: str) -> tuple[int, str] | None:
        """Conversation and name of the bytes; ``None`` for what is none of ours, or is over."""
        token = mark + "=" * (-len(mark) % 4)
        try:
            said = self._cipher().decrypt_at_time(token, DAYS * 86400, int(self._clock().timestamp()))
        except InvalidToken:
            return None
        purpose, _, rest = said.decode("utf-8", "replace").partition(":")
        conversation, _, sha = rest.partition(":")
        return (int(conversation), sha) if purpose == _PURPOSE and conversation.isdecimal() else None
