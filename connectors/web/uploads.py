"""Files that people send: what they are and where they are kept. Never run, never shown as a page."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from casework.conversations.model import MediaKind

_SHA = re.compile(r"[0-9a-f]{64}")
_HEAD = 4096  # bytes that are looked at to tell the type
_CHUNK = 256 * 1024

#: First bytes, offset, type. Source: the formats' own specifications.
_MAGIC: tuple[tuple[bytes, int, str], ...] = (
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"GIF87a", 0, "image/gif"),
    (b"GIF89a", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
    (b"ftypheic", 4, "image/heic"),
    (b"ftypheix", 4, "image/heic"),
    (b"ftypmif1", 4, "image/heic"),
    (b"ftypM4A", 4, "audio/mp4"),
    (b"ftypqt", 4, "video/quicktime"),
    (b"ftyp", 4, "video/mp4"),
    (b"\x1aE\xdf\xa3", 0, "video/webm"),
    (b"OggS", 0, "audio/ogg"),
    (b"ID3", 0, "audio/mpeg"),
    (b"\xff\xfb", 0, "audio/mpeg"),
    (b"\xff\xf3", 0, "audio/mpeg"),
    (b"WAVE", 8, "audio/wav"),
    (b"#!AMR", 0, "audio/amr"),
    (b"fLaC", 0, "audio/flac"),
    (b"%PDF-", 0, "application/pdf"),
    (b"PK\x03\x04", 0, "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, "application/x-ole-storage"),
)
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa", b"\xca\xfe\xba\xbe", b"#!/")
#: Types a browser may show in place; everything else is only ever saved.
SHOWN_IN_PLACE = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})


class Refused(Exception):
    """The file is not kept; ``code`` names the text that tells so (``error_<code>``)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Kept:
    """A file that is stored under its own SHA-256."""

    sha: str
    mime: str
    size_bytes: int


def sniff(head: bytes) -> str:
    """The type by the first bytes, whatever its name says. Raises: Refused for programs."""
    for magic, offset, mime in _MAGIC:
        if head[offset : offset + len(magic)] == magic:
            return mime
    if head.startswith(_PROGRAMS):
        raise Refused("upload_refused")
    return "text/plain" if _is_text(head) else "application/octet-stream"


def kind_of(mime: str, *, recorded: bool) -> MediaKind:
    """The core's kind of a file; ``recorded``: spoken into the page rather than chosen from a folder."""
    family = mime.partition("/")[0]
    if recorded and (family == "audio" or mime in ("video/webm", "video/mp4")):
        return "voice"
    kinds: dict[str, MediaKind] = {"image": "photo", "audio": "audio", "video": "video"}
    return kinds.get(family, "file")


def keep(source: BinaryIO, directory: Path, *, max_bytes: int) -> Kept:
    """Store what ``source`` holds. The same content twice is one file. Raises: Refused, OSError."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size, head = hashlib.sha256(), 0, b""
    handle, name = tempfile.mkstemp(dir=directory, prefix="arriving-")
    try:
        with os.fdopen(handle, "wb") as file:
            while chunk := source.read(_CHUNK):
                size += len(chunk)
                if size > max_bytes:
                    raise Refused("upload_too_large")
                head = head or chunk[:_HEAD]
                digest.update(chunk)
                file.write(chunk)
            if not size:
                raise Refused("upload_empty")
            mime = sniff(head)
            file.flush()
            os.fsync(file.fileno())
        target = directory / digest.hexdigest()[:2] / digest.hexdigest()
        target.parent.mkdir(exist_ok=True, mode=0o700)
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)
    return Kept(digest.hexdigest(), mime, size)


def find(sha: str, directory: Path) -> Path | None:
    """Where a file is; ``None`` when there is none or ``sha`` is not a name we give."""
    if not _SHA.fullmatch(sha):
        return None
    path = directory / sha[:2] / sha
    return path if path.is_file() else None


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # The look may have cut the last character in two.
        return len(head) == _HEAD and error.start > _HEAD - 4
    return True
