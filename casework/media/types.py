"""What a file is, by its first bytes. Names and announced types are never trusted."""

from __future__ import annotations

import re

from casework.conversations.model import MediaKind
from casework.media.model import Refused

_HEAD = 4096  # bytes that are looked at

#: First bytes, offset, type. Source: the formats' own specifications.
_MAGIC: tuple[tuple[bytes, int, str], ...] = (
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"GIF87a", 0, "image/gif"),
    (b"GIF89a", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
    (b"II*\0", 0, "image/tiff"),
    (b"MM\0*", 0, "image/tiff"),
    (b"ftypheic", 4, "image/heic"),
    (b"ftypheix", 4, "image/heic"),
    (b"ftypmif1", 4, "image/heic"),
    (b"ftypM4A", 4, "audio/mp4"),
    (b"ftypqt", 4, "video/quicktime"),
    (b"ftyp", 4, "video/mp4"),
    (b"\x1aE\xdf\xa3", 0, "video/webm"),
    (b"AVI ", 8, "video/x-msvideo"),
    (b"OggS", 0, "audio/ogg"),
    (b"ID3", 0, "audio/mpeg"),
    (b"\xff\xfb", 0, "audio/mpeg"),
    (b"\xff\xf3", 0, "audio/mpeg"),
    (b"\xff\xf1", 0, "audio/aac"),
    (b"\xff\xf9", 0, "audio/aac"),
    (b"WAVE", 8, "audio/wav"),
    (b"#!AMR", 0, "audio/amr"),
    (b"#!SILK", 0, "audio/silk"),
    (b"\x02#!SILK", 0, "audio/silk"),
    (b"fLaC", 0, "audio/flac"),
    (b"%PDF-", 0, "application/pdf"),
    (b"PK\x03\x04", 0, "application/zip"),  # also .docx, .xlsx, .ofd
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, "application/x-ole-storage"),  # .doc, .xls
    (b"Rar!\x1a\x07", 0, "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", 0, "application/x-7z-compressed"),
)
_PROGRAMS = (
    b"MZ", b"\x7fELF", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa", b"\xca\xfe\xba\xbe", b"#!/", b"dex\n", b"\x00asm",
)  # fmt: skip
#: Programs inside a zip: Android packages and Java archives name these files first.
_PACKAGED = re.compile(rb"AndroidManifest\.xml|classes\.dex|META-INF/MANIFEST\.MF")

#: Types a browser may show in place; everything else is only ever saved.
SHOWN_IN_PLACE = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})

_EXTENSIONS = {
    "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp", "image/heic": "heic",
    "image/tiff": "tif",
    "audio/mp4": "m4a", "audio/ogg": "ogg", "audio/mpeg": "mp3", "audio/aac": "aac", "audio/wav": "wav",
    "audio/amr": "amr", "audio/silk": "silk", "audio/flac": "flac", "video/mp4": "mp4", "video/webm": "webm",
    "video/quicktime": "mov", "video/x-msvideo": "avi", "application/pdf": "pdf", "application/zip": "zip",
    "application/vnd.rar": "rar", "application/x-7z-compressed": "7z", "text/plain": "txt",
}  # fmt: skip


def sniff(content: bytes) -> str:
    """The type of ``content``. Raises: Refused for programs, for nothing, and for what nobody can open."""
    head = content[:_HEAD]
    if not head:
        raise Refused("empty")
    for magic, offset, mime in _MAGIC:
        if head[offset : offset + len(magic)] == magic:
            if mime == "application/zip" and _PACKAGED.search(head):
                raise Refused("program")
            return mime
    if head.startswith(_PROGRAMS):
        raise Refused("program")
    if _is_text(head):
        return "text/plain"
    raise Refused("type")


def kind_of(mime: str, *, recorded: bool) -> MediaKind:
    """The core's kind of a file; ``recorded``: spoken into the page rather than chosen from a folder."""
    family = mime.partition("/")[0]
    if recorded and (family == "audio" or mime in ("video/webm", "video/mp4")):
        return "voice"
    kinds: dict[str, MediaKind] = {"image": "photo", "audio": "audio", "video": "video"}
    return kinds.get(family, "file")


def extension_of(mime: str) -> str:
    """Ending of a file name for ``mime``, without the dot."""
    return _EXTENSIONS.get(mime, "bin")


def _is_text(head: bytes) -> bool:
    return not any(byte < 9 for byte in head) and any(_reads(head, code) for code in ("utf-8", "gb18030"))


def _reads(head: bytes, code: str) -> bool:
    try:
        head.decode(code)
    except UnicodeDecodeError as error:
        # The look may have cut the last character in two.
        return len(head) == _HEAD and error.start > _HEAD - 4
    return True
