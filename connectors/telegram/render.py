"""From an :class:`OutboundMessage` to the parts Telegram takes, one request each. Pure; the same message
always gives the same parts, so that a retry can leave out those that went out before.
"""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from unicodedata import east_asian_width
from urllib.parse import urlsplit

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from casework.conversations.model import Button, Media, OutboundMessage
from connectors.telegram.settings import MAX_BUTTONS, MAX_CALLBACK_BYTES, MAX_CAPTION_UNITS, MAX_TEXT_UNITS

log = logging.getLogger(__name__)

#: What staff send is a photo if it is one of these and no larger; all else is a document, which Telegram leaves as it
#: is. Source: Bot API, sendPhoto.
_PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp"})
_MAX_PHOTO_BYTES = 10 * 1024 * 1024

#: Kinds of file that can be sent by their id, and whether they carry a caption.
_TAKES_CAPTION = {"photo": True, "file": True, "voice": True, "video": True, "audio": True, "sticker": False}

#: Where a text may be cut, best first. Each match ends where the cut would be.
_CUTS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"[。！？；…][」』”’）)]*|[.!?;][\"')]*(?=\s)"),
    re.compile(r"\s"),
)

#: Widest row of buttons a phone shows without cutting titles, in columns of half a Chinese character, and
#: what one button needs around its title. Source: product default for a narrow phone.
_ROW_COLUMNS = 32
_BUTTON_PADDING = 4


@dataclass(frozen=True)
class Part:
    """One request: a text, or one thing with ``text`` as its caption. Text is plain, not yet escaped. ``content``: the
    bytes of a thing that Telegram does not have yet."""

    text: str = ""
    media: Media | None = None
    keyboard: InlineKeyboardMarkup | None = None
    content: bytes | None = field(default=None, repr=False)

    def as_document(self) -> Part:
        """The same, as a file that Telegram does not look into."""
        return replace(self, media=replace(self.media, kind="file") if self.media else None)


def parts_of(message: OutboundMessage) -> tuple[Part, ...]:
    """Things first, then the text, which is the caption where it fits one thing; the buttons under the last part.
    Empty when there is nothing to send."""
    words = "\n\n".join(filter(None, (message.text, *_links_in_words(message.buttons))))
    things, texts = message.media, [words]
    if len(things) == 1 and things[0].sha:
        things, texts = (replace(things[0], text=words),), []
    parts: list[Part] = []
    for media in things:
        part, leftover = _media_part(media)
        parts.extend([part] if part else [])
        texts.append(leftover)
    parts.extend(Part(text=piece) for piece in split_text("\n\n".join(filter(None, texts))))
    if parts:
        parts[-1] = replace(parts[-1], keyboard=keyboard_of(message.buttons))
    return tuple(parts)


def to_html(text: str) -> str:
    """Plain text for parse mode HTML: what people typed can never be read as a tag."""
    return html.escape(text, quote=False)


def split_text(text: str, *, limit: int = MAX_TEXT_UNITS) -> list[str]:
    """Pieces of at most ``limit`` UTF-16 units, none of them blank, cut at a paragraph, line, sentence or
    space.

    A place to cut is taken when it leaves a piece at least half full; failing all, the text is cut hard, but
    never inside a character.
    """
    pieces: list[str] = []
    rest = text.strip()
    while utf16_units(rest) > limit:
        cut = _cut_before(rest, _chars_within(rest, limit))
        pieces.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    return [piece for piece in (*pieces, rest) if piece]


def utf16_units(text: str) -> int:
    """Length as Telegram counts it: characters beyond the basic plane (most emoji) count twice."""
    return len(text) + sum(1 for character in text if character > "\uffff")


def keyboard_of(buttons: Sequence[Button]) -> InlineKeyboardMarkup | None:
    """The inline keyboard, or ``None`` without a usable button.

    Only the token travels: what a button means stays in the house. A button that Telegram would refuse is
    left out, because refusing one refuses the whole message, and the person would hear nothing.
    """
    keys = [key for button in buttons if (key := _key(button))]
    if len(keys) > MAX_BUTTONS:
        log.error("telegram.keyboard.cut buttons=%d limit=%d", len(keys), MAX_BUTTONS)
    keys, columns = keys[:MAX_BUTTONS], _columns(keys)
    rows = [keys[start : start + columns] for start in range(0, len(keys), columns)]
    return InlineKeyboardMarkup(rows) if rows else None


def _chars_within(text: str, limit: int) -> int:
    """How many characters from the start fit into ``limit`` units; at least one."""
    units = 0
    for index, character in enumerate(text):
        units += 2 if character > "\uffff" else 1
        if units > limit:
            return max(index, 1)
    return len(text)


def _cut_before(text: str, end: int) -> int:
    for pattern in _CUTS:
        cuts = [match.end() for match in pattern.finditer(text, 0, end)]
        if cuts and cuts[-1] >= end // 2:
            return cuts[-1]
    return end


def _media_part(media: Media) -> tuple[Part | None, str]:
    """The part for a thing, and what must be said in words besides."""
    if media.kind == "location" and media.latitude is not None and media.longitude is not None:
        return Part(media=media), media.text
    if media.kind == "contact" and media.phone:
        return Part(media=media), ""
    if media.sha:
        is_photo = media.mime in _PHOTOS and (media.size_bytes or 0) <= _MAX_PHOTO_BYTES
        media = replace(media, kind="photo" if is_photo else "file")
    if (media.ref or media.sha) and media.kind in _TAKES_CAPTION:
        fits = _TAKES_CAPTION[media.kind] and utf16_units(media.text) <= MAX_CAPTION_UNITS
        if fits:
            return Part(text=media.text, media=media), ""
        return Part(media=media), "" if media.kind == "sticker" else media.text
    return None, "\n".join(filter(None, (media.text or media.name, media.url)))


def _key(button: Button) -> InlineKeyboardButton | None:
    if button.url:
        shown = button.title and _opens(button.url)
        return InlineKeyboardButton(button.title, url=button.url) if shown else None
    if button.title and 0 < len(button.token.encode()) <= MAX_CALLBACK_BYTES:
        return InlineKeyboardButton(button.title, callback_data=button.token)
    log.error(
        "telegram.button.left_out has_title=%s token_bytes=%d", bool(button.title), len(button.token.encode())
    )
    return None


def _opens(url: str) -> bool:
    """Whether Telegram takes the address for a button: it refuses hosts without a dot, such as localhost."""
    try:
        address = urlsplit(url)
    except ValueError:  # brackets that are no IPv6 address
        return False
    return address.scheme in ("http", "https") and "." in (address.hostname or "")


def _links_in_words(buttons: Sequence[Button]) -> list[str]:
    return [
        f"{button.title}\n{button.url}".strip() for button in buttons if button.url and not _opens(button.url)
    ]


def _columns(keys: Sequence[InlineKeyboardButton]) -> int:
    widest = max((_width(key.text) for key in keys), default=0) + _BUTTON_PADDING
    return max(1, min(3, _ROW_COLUMNS // widest))


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
