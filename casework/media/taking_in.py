"""Taking a file in, whoever sends it: judged by its bytes, looked into for harm, cleaned of its position, kept."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from casework.media.model import Kept, Refused, Scanner
from casework.media.pictures import thumbnail, without_position
from casework.media.types import sniff
from casework.media.vault import Vault, name_of

#: An opened picture takes up to 150 MB.
_one_picture = threading.Lock()


@dataclass(frozen=True)
class Judged:
    """A file as it will be kept, with its small picture."""

    content: bytes
    thumb: bytes | None
    mime: str

    @property
    def kept(self) -> Kept:
        return Kept(
            name_of(self.content),
            self.mime,
            len(self.content),
            name_of(self.thumb) if self.thumb is not None else "",
        )


class TakingIn:
    """The one way onto the shelf. Blocks; call it in a thread."""

    def __init__(self, vault: Vault, *, scanner: Scanner | None, max_bytes: int) -> None:
        self._vault, self._scanner, self.max_bytes = vault, scanner, max_bytes

    def judge(self, content: bytes) -> Judged:
        """Raises: Refused, ScannerAway."""
        if len(content) > self.max_bytes:
            raise Refused("too_large")
        mime = sniff(content)
        if self._scanner is not None and not self._scanner.is_clean(content):
            raise Refused("infected")
        with _one_picture:
            return Judged(without_position(content, mime), thumbnail(content, mime), mime)

    def put(self, judged: Judged) -> None:
        """Keep the bytes; once more, it is only a look.

        Call it before the transaction that names them, because it may take long, and again inside, after
        ``work.media.alone_with_bytes()``: they may have been deleted meanwhile as nobody's. Raises: OSError.
        """
        self._vault.put(judged.content)
        if judged.thumb is not None:
            self._vault.put(judged.thumb)
