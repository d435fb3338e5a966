"""From one outbound message to texts that WeChat shows. No sending; sizes are UTF-8 bytes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from casework.conversations.model import Button, Media, OutboundMessage
from connectors.wechat.crypto import clean

#: Longest text of one message. Source: others' trials (code 45002 above it); the page names no number.
MAX_TEXT_BYTES = 2048

#: Longest part of a text that needs several; what is left holds the hint that there is more.
MAX_PART_BYTES = 1960

#: Most items of a menu message. Source: undocumented for official accounts; WeCom's documented number.
MAX_MENU_ITEMS = 10

#: What can be uploaded as a picture. Source: Tencent, "新增临时素材".
PICTURES = frozenset({"image/jpeg", "image/png", "image/gif"})

WORDS = {
    "zh": {
        "choose": "请选择：",
        "number": "回复数字即可选择。",
        "more": "（未完，回复任意文字看余下内容）",
        "photo": "图片",
        "file": "附件",
        "days": "{name}（{days} 天内可打开）",
    },
    "en": {
        "choose": "Please choose:",
        "number": "Reply with a number to choose.",
        "more": "(To be continued: send any text to read on.)",
        "photo": "photo",
        "file": "file",
        "days": "{name} (opens for {days} days)",
    },
}

#: For a person whose language is not known yet.
STILL_WORKING = (
    "已收到，正在处理。请稍候片刻，再回复任意文字查看结果。\n"
    "Received, still working on it. Send any text in a moment to see the answer."
)


class Style(Enum):
    """How buttons are shown, best first. ``MENU`` needs a verified service account."""

    MENU = "menu"
    LINKS = "links"
    NUMBERS = "numbers"


@dataclass(frozen=True)
class Piece:
    """A part of a message that is sent as one. ``id`` stays the same whatever style is in use.

    ``buttons`` belong under ``text``; ``photo`` stands alone: a media id, or bytes that are to be uploaded.
    """

    id: str
    text: str = ""
    buttons: tuple[Button, ...] = ()
    photo: Media | None = None


def pieces(message: OutboundMessage) -> tuple[Piece, ...]:
    """The parts of ``message`` in the order of sending; none if there is nothing to show."""
    words = words_for(message.language)
    text = "\n".join(filter(None, (clean(message.text).strip(), *_media_lines(message.media, words))))
    parts: list[tuple[str, tuple[Button, ...], Media | None]] = []
    if message.buttons:
        # Links are the longest style: what fits with them fits with the others too.
        together = (
            size(with_buttons(text, message.buttons, Style.LINKS, language=message.language))
            <= MAX_TEXT_BYTES
        )
        if not together:
            parts = [(part, (), None) for part in _parts(text)]
            text = words["choose"]
        parts.append((text or words["choose"], message.buttons, None))
    else:
        parts = [(part, (), None) for part in _parts(text)]
    parts += [("", (), media) for media in message.media if is_picture(media)]
    return tuple(
        Piece(f"{message.id}-{index}", text=text, buttons=buttons, photo=photo)
        for index, (text, buttons, photo) in enumerate(parts)
    )


def is_picture(media: Media) -> bool:
    """Whether it is sent as a picture, and not told of in words."""
    return media.kind == "photo" and bool(media.ref or (media.mime in PICTURES and media.sha))


def with_buttons(text: str, buttons: Sequence[Button], style: Style, *, language: str) -> str:
    """``text`` with its choices written out; for ``MENU`` only what a menu's list cannot hold."""
    if not buttons:
        return text
    if style is Style.LINKS:
        lines = [_link(button) for button in buttons]
    else:
        lines = [_page(button) for button in buttons if button.url]
        if style is Style.NUMBERS:
            choices = choosable(buttons)
            lines += [f"{number}. {_plain(button.title)}" for number, button in enumerate(choices, start=1)]
            if choices:
                lines.append(words_for(language)["number"])
    return "\n\n".join(filter(None, (text, "\n".join(lines))))


def words_for(language: str) -> dict[str, str]:
    """The channel's own few words in ``language``, English if it is not Chinese."""
    return WORDS["zh" if language.startswith("zh") else "en"]


def choosable(buttons: Sequence[Button]) -> tuple[Button, ...]:
    """The buttons that mean an answer and do not open a page."""
    return tuple(button for button in buttons if not button.url)


def size(text: str) -> int:
    """Bytes on the wire."""
    return len(text.encode("utf-8", "replace"))


def _parts(text: str) -> list[str]:
    return split(text, MAX_TEXT_BYTES if size(text) <= MAX_TEXT_BYTES else MAX_PART_BYTES)


def split(text: str, limit: int = MAX_TEXT_BYTES) -> list[str]:
    """``text`` in parts of at most ``limit`` bytes, cut between paragraphs, sentences or words if possible.

    A character, a combining sequence and a short link stay whole. White space at a cut goes; empty parts too.
    """
    parts: list[str] = []
    units: list[str] = []
    used = 0
    for unit in _units(text, limit):
        weight = size(unit)
        if used + weight > limit:
            cut = _best_cut(units)
            parts.append("".join(units[:cut]))
            units = units[cut:]
            used = sum(map(size, units))
            if used + weight > limit:  # cutting early left too much: cut here
                parts.append("".join(units))
                units, used = [], 0
        units.append(unit)
        used += weight
    parts.append("".join(units))
    return [kept for part in parts if (kept := part.strip())]


def _media_lines(media: Sequence[Media], words: dict[str, str]) -> Iterator[str]:
    for item in media:
        if is_picture(item):
            continue
        label = _plain(item.name or item.text or words["photo" if item.kind == "photo" else "file"])
        yield _page(Button(label, url=item.url)) if item.url else f"[{label}]"


def _link(button: Button) -> str:
    if button.url:
        return _page(button)
    title = _plain(button.title)
    return f'<a href="weixin://bizmsgmenu?msgmenucontent={_in_query(title)}&msgmenuid={button.token}">{title}</a>'


def _page(button: Button) -> str:
    url = clean(button.url).replace('"', "%22").replace("<", "%3C").replace(">", "%3E")
    return f'<a href="{url}">{_plain(button.title)}</a>'


_WIDE = {ord(narrow): wide for narrow, wide in zip('<>"', "＜＞＂", strict=True)}
_WIDE_IN_QUERY = {ord(narrow): wide for narrow, wide in zip("&#%?+", "＆＃％？＋", strict=True)}


def _plain(title: str) -> str:
    """A title that cannot end the link around it: full-width forms, as WeChat knows no escapes in text."""
    return " ".join(clean(title).split()).translate(_WIDE)


def _in_query(title: str) -> str:
    return title.translate(_WIDE_IN_QUERY)


_WHOLE_LINK = re.compile(r'<a href="[^"<>]*">[^<>]*</a>')
_JOINER = "\u200d"


def _units(text: str, limit: int) -> Iterator[str]:
    """Links and combining sequences of ``text``; single characters where one is longer than ``limit``."""
    position = 0
    for match in _WHOLE_LINK.finditer(text):
        if size(match.group()) > limit:
            continue
        yield from _clusters(text[position : match.start()], limit)
        yield match.group()
        position = match.end()
    yield from _clusters(text[position:], limit)


def _clusters(text: str, limit: int) -> Iterator[str]:
    start = 0
    for index in range(1, len(text) + 1):
        if index < len(text) and _holds_on(text, start, index):
            continue
        cluster = text[start:index]
        if size(cluster) <= limit:
            yield cluster
        else:
            yield from cluster
        start = index


def _holds_on(text: str, start: int, index: int) -> bool:
    """Whether the character at ``index`` belongs to what began at ``start`` (a close reading of UAX #29)."""
    here, before = text[index], text[index - 1]
    if here == "\n":
        return before == "\r"
    if unicodedata.category(here) in ("Mn", "Mc", "Me") or _JOINER in (here, before):
        return True
    if "\U0001f3fb" <= here <= "\U0001f3ff" or "\U000e0020" <= here <= "\U000e007f":  # skin tones, flag tags
        return True
    if "\u1160" <= here <= "\u11ff":  # Hangul vowels and finals
        return "\u1100" <= before <= "\u11ff"
    if _is_regional(here) and _is_regional(before):  # flags are pairs
        return (index - start) % 2 == 1
    return False


def _is_regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


_ENDS = ("\n\n", "\n", "。！？!?；;…", "，,、 \t")


def _best_cut(units: Sequence[str]) -> int:
    """Where to cut: after the last paragraph, line, sentence or word in the second half; else at the end."""
    lowest = len(units) // 2
    for end in range(len(units), lowest, -1):
        if units[end - 1] == "\n" and end > 1 and units[end - 2] == "\n":
            return end
    for ends in _ENDS[1:]:
        for end in range(len(units), lowest, -1):
            if units[end - 1] in ends:
                return end
    return len(units)
