"""What a push means: WeChat's fields become one :class:`InboundMessage`. No cryptography, no answering.

Source of the kinds: Tencent, "接收普通消息" and "接收事件推送".
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any

from casework.conversations.model import MAX_TEXT_CHARS, Event, InboundMessage, Media
from connectors.wechat.menu import COMMAND_PREFIX, COMMANDS

CHANNEL = "wechat"

#: A custom menu's key that begins so carries a button's token; any other key is read as if it were typed.
TOKEN_KEY_PREFIX = "t:"  # noqa: S105

Fields = Mapping[str, str]


def parse_push(data: Fields) -> InboundMessage | None:
    """The message in ``data`` (top-level fields of a push); ``None`` if it names no person or no kind.

    Every kind a person can send becomes a ``MESSAGE``: what is not known stands in ``profile["unknown"]``.
    What only the platform reports becomes a ``NOTE``.
    """
    person, kind = _field(data, "FromUserName"), _field(data, "MsgType").lower()
    if not person or not kind:
        return None
    read = _event if kind == "event" else _KINDS.get(kind, _unknown)
    found = read(data)
    text, truncated = found.pop("text", ""), False
    if len(text) > MAX_TEXT_CHARS:
        text, truncated = text[:MAX_TEXT_CHARS], True
    profile = {"trigger": "message", **found.pop("profile", {})}
    if truncated:
        profile["truncated"] = True
    return InboundMessage(
        channel=CHANNEL,
        provider_id=_provider_id(data, kind),
        address=person,
        text=text,
        sent_at=_sent_at(data),
        profile=profile,
        **found,
    )


def neutral(text: str) -> str:
    """``text`` without leading slashes: a typed ``/intent{…}`` must not act as a command further on."""
    bare = text.strip()
    while bare.startswith("/"):
        bare = bare.lstrip("/").lstrip()
    return bare


def _field(data: Fields, name: str) -> str:
    return str(data.get(name, "")).strip()


def _number(data: Fields, name: str) -> float | None:
    try:
        number = float(_field(data, name))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _sent_at(data: Fields) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(_field(data, "CreateTime")), timezone.utc)
    except (ValueError, OverflowError, OSError):
        return None


def _provider_id(data: Fields, kind: str) -> str:
    """The platform's id of a message, or a digest of what names the delivery where there is none.

    An id of 0 names nothing. Source: Tencent, "关于重试的消息排重": MsgId, or FromUserName + CreateTime.
    """
    given = _field(data, "MsgId")
    if kind != "event" and given.strip("0"):
        return given
    names = ("FromUserName", "CreateTime", "Event", "EventKey", "MsgID") if kind == "event" else sorted(data)
    told = "\x00".join(f"{name}={data.get(name, '')}" for name in names)
    return f"{kind[:16]}-{hashlib.sha256(told.encode('utf-8', 'replace')).hexdigest()[:32]}"


def _text(data: Fields) -> dict[str, Any]:
    found: dict[str, Any] = {"text": neutral(_field(data, "Content"))}
    if token := _field(data, "bizmsgmenuid"):
        # A pressed menu item counts as a menu click: 3 answers within a minute, no window of 48 hours.
        found |= {"token": token, "profile": {"trigger": "menu"}}
    return found


def _voice(data: Fields) -> dict[str, Any]:
    said = neutral(_field(data, "Recognition"))  # often empty; the platform is giving it up
    form = _field(data, "Format").lower()
    mime = f"audio/{form}" if form.isalnum() else ""
    return {"text": said, "media": (Media("voice", ref=_field(data, "MediaId"), mime=mime, text=said),)}


def _image(data: Fields) -> dict[str, Any]:
    return {"media": (Media("photo", ref=_field(data, "MediaId"), url=_field(data, "PicUrl")),)}


def _video(data: Fields) -> dict[str, Any]:
    return {"media": (Media("video", ref=_field(data, "MediaId")),)}


def _location(data: Fields) -> dict[str, Any]:
    place = Media(
        "location",
        text=_field(data, "Label"),
        latitude=_number(data, "Location_X"),
        longitude=_number(data, "Location_Y"),
    )
    return {"media": (place,)}


def _link(data: Fields) -> dict[str, Any]:
    url, title = _field(data, "Url"), _field(data, "Title")
    link = Media("link", url=url, name=title, text=_field(data, "Description"))
    return {"text": neutral(url or title), "media": (link,)}


def _unknown(data: Fields) -> dict[str, Any]:
    found: dict[str, Any] = {"profile": {"unknown": _field(data, "MsgType").lower()[:64]}}
    if ref := _field(data, "MediaId"):
        found["media"] = (Media("file", ref=ref, name=_field(data, "Title")),)
    return found


_KINDS: Mapping[str, Callable[[Fields], dict[str, Any]]] = {
    "text": _text,
    "voice": _voice,
    "image": _image,
    "video": _video,
    "shortvideo": _video,
    "location": _location,
    "link": _link,
}


def _event(data: Fields) -> dict[str, Any]:
    name, key = _field(data, "Event").lower(), _field(data, "EventKey")
    if name in ("subscribe", "subscribe_scan", "scan"):
        scene = key.removeprefix("qrscene_")
        profile = {"trigger": "follow" if name == "subscribe" else "scan"}
        return {"event": Event.START, "profile": profile | ({"scene": scene} if scene else {})}
    if name == "unsubscribe":
        return {"event": Event.UNREACHABLE}
    if name == "click" and key:
        pressed = {"profile": {"trigger": "menu"}}
        if (command := key.removeprefix(COMMAND_PREFIX)) in COMMANDS and command != key:
            return {"text": command, "profile": {"trigger": "menu", "command": command}}
        if key.startswith(TOKEN_KEY_PREFIX):
            return pressed | {"token": key.removeprefix(TOKEN_KEY_PREFIX)}
        return pressed | {"text": neutral(key)}
    return {"event": Event.NOTE, "profile": {"note": name[:64], "trigger": "note"}}
