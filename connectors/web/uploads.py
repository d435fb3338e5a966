"""Reading a file that the page sends. What it is, is told by its first bytes; where it is kept is ``Files``' matter."""

from __future__ import annotations

from typing import BinaryIO

from casework.media import types
from casework.media.model import Refused

_CHUNK = 256 * 1024

#: Why a file is not taken -> the text that tells so.
ERRORS = {
    "too_large": "upload_too_large",
    "empty": "upload_empty",
    "program": "upload_refused",
    "type": "upload_unknown",
}


def read(source: BinaryIO, *, max_bytes: int) -> tuple[bytes, str]:
    """What ``source`` holds, and its type. Raises: Refused."""
    content = bytearray()
    while chunk := source.read(_CHUNK):
        content += chunk
        if len(content) > max_bytes:
            raise Refused("too_large")
    return bytes(content), types.sniff(bytes(content))
