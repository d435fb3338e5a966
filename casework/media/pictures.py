"""Pictures: taking out where they were taken, and making small ones.

Nothing of the picture itself changes: position and other descriptions are cut out of the file, the pixels are
not encoded anew. Moment, camera and orientation stay, because a photo is evidence.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator

from PIL import Image, ImageOps

_EXIF = b"Exif\0\0"
_GPS_POINTER = 0x8825  # Source: Exif 3.0, 4.6.3: pointer to the GPS IFD
_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}  # Source: TIFF 6.0

#: Pictures with more points are not opened: a file of a few kilobytes can unfold to gigabytes. JPEG is counted as
#: it is read, at an eighth of its size.
_MAX_POINTS = 25_000_000
_THUMB = (320, 320)
_THUMBED = {"image/jpeg": "JPEG", "image/png": "PNG", "image/gif": "GIF", "image/webp": "WEBP"}


def without_position(content: bytes, mime: str) -> bytes:
    """The same picture without the place it was taken at. What cannot be read as its type comes back as it is."""
    clean = {"image/jpeg": _jpeg, "image/png": _png, "image/webp": _webp, "image/heic": _heic}.get(mime)
    if clean is None:
        return content
    try:
        return clean(content)
    except (struct.error, IndexError, ValueError):
        return content


def thumbnail(content: bytes, mime: str) -> bytes | None:
    """A JPEG of at most 320 points a side; ``None`` for what is no picture or cannot be opened."""
    if mime not in _THUMBED:
        return None
    try:
        with Image.open(io.BytesIO(content), formats=[_THUMBED[mime]]) as picture:
            picture.draft("RGB", _THUMB)
            if picture.width * picture.height > _MAX_POINTS:
                return None
            picture.thumbnail(_THUMB)  # before anything that copies it
            made = io.BytesIO()
            ImageOps.exif_transpose(picture).convert("RGB").save(made, "JPEG", quality=80)
            return made.getvalue()
    except Exception:  # a door: a broken picture makes the library raise nearly anything
        return None


def _jpeg(content: bytes) -> bytes:
    """Segments without position, other descriptions (XMP, IPTC) and whatever follows the picture's end."""
    kept = [content[:2]]
    position = 2
    while position < len(content):
        if content[position] != 0xFF:
            raise ValueError("no marker where one must be")
        marker = content[position + 1]
        if marker == 0xFF:  # padding
            position += 1
            continue
        if marker == 0xD9:
            kept.append(content[position : position + 2])
            break
        (length,) = struct.unpack(">H", content[position + 2 : position + 4])
        end = position + 2 + length
        if marker == 0xDA:
            end = _end_of_scan(content, end)
        segment = content[position:end]
        if marker == 0xE1 and segment[4:10] == _EXIF:
            kept.append(segment[:10] + _without_gps(segment[10:]))
        elif marker not in (0xE1, 0xED, 0xFE) and not (marker == 0xE2 and segment[4:8] == b"MPF\0"):
            kept.append(segment)
        position = end
    return b"".join(kept)


def _end_of_scan(content: bytes, position: int) -> int:
    while (position := content.index(b"\xff", position)) >= 0:
        following = content[position + 1]
        if following != 0 and not 0xD0 <= following <= 0xD7:
            return position
        position += 2
    raise ValueError("a scan without an end")


def _png(content: bytes) -> bytes:
    kept = [content[:8]]
    position = 8
    while position < len(content):
        (length,) = struct.unpack(">I", content[position : position + 4])
        kind = content[position + 4 : position + 8]
        chunk = content[position : position + 12 + length]
        if kind == b"eXIf":
            body = kind + _without_gps(chunk[8:-4])
            chunk = chunk[:4] + body + struct.pack(">I", zlib.crc32(body))
        if kind not in (b"tEXt", b"zTXt", b"iTXt"):
            kept.append(chunk)
        position += 12 + length
        if kind == b"IEND":
            break
    return b"".join(kept)


def _webp(content: bytes) -> bytes:
    kept: list[bytes] = []
    position = 12
    while position + 8 <= len(content):
        kind = content[position : position + 4]
        (length,) = struct.unpack("<I", content[position + 4 : position + 8])
        end = position + 8 + length + length % 2
        chunk = content[position:end]
        if kind == b"EXIF":
            start = 8 + (6 if chunk[8:14] == _EXIF else 0)
            chunk = chunk[:start] + _without_gps(chunk[start:])
        if kind == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~0x04]) + chunk[9:]  # "there is XMP"
        if kind != b"XMP ":
            kept.append(chunk)
        position = end
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _heic(content: bytes) -> bytes:
    """The Exif item lies somewhere in the file's data; it is found by its own first bytes."""
    at = content.find(_EXIF)
    if at < 0:
        return content
    start = at + len(_EXIF)
    return content[:start] + _without_gps(content[start:])


def _without_gps(tiff: bytes) -> bytes:
    """As many bytes as before, with an empty GPS directory."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return bytes(len(tiff))
    data = bytearray(tiff)
    for entry in _entries(tiff, order, struct.unpack(order + "I", tiff[4:8])[0]):
        (tag,) = struct.unpack(order + "H", tiff[entry : entry + 2])
        if tag != _GPS_POINTER:
            continue
        (directory,) = struct.unpack(order + "I", tiff[entry + 8 : entry + 12])
        for own in _entries(tiff, order, directory):
            _, kind, count, value = struct.unpack(order + "HHII", tiff[own : own + 12])
            size = _TYPE_BYTES.get(kind, 1) * count
            if size > 4 and value + size <= len(data):
                data[value : value + size] = bytes(size)
            data[own : own + 12] = bytes(12)
        data[directory : directory + 2] = b"\0\0"
    return bytes(data)


def _entries(tiff: bytes, order: str, directory: int) -> Iterator[int]:
    if directory + 2 > len(tiff):
        return
    (count,) = struct.unpack(order + "H", tiff[directory : directory + 2])
    for number in range(count):
        entry = directory + 2 + 12 * number
        if entry + 12 > len(tiff):
            return
        yield entry
