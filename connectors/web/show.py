"""How a stored message looks to the page: JSON without internals, and the stream of server-sent events."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timezone
from typing import Any

from casework.conversations.model import Button, Media, StoredMessage
from casework.conversations.ports import Transcripts
from connectors.web.receive import CHANNEL

#: A comment goes out when nothing else did for this long, so that proxies keep the stream.
#: Source: HTML standard, "Server-sent events", authoring notes ("every 15 seconds or so").
HEARTBEAT_S = 15.0
#: Longest wait before the transcript is looked at again without a wake-up, in seconds.
LOOK_S = 2.0
LOOK_ANSWERING_S = 0.5
#: A stream ends after this long and the browser opens the next one, so that no connection lives for days.
LIFE_S = 900.0

UPLOAD_PATH = "/web/uploads/"


def reference(address: str, message_id: int) -> str:
    """A name for a message that tells the page nothing about anybody else's (a counter would)."""
    return hashlib.sha256(f"{address}:{message_id}".encode()).hexdigest()[:16]


def shown(message: StoredMessage, address: str) -> dict[str, Any]:
    """What the page gets to know of a message; ``at`` is ISO 8601 in UTC."""
    return {
        "seq": message.seq,
        "ref": reference(address, message.id),
        "author": message.author.value,
        "name": message.author_name if message.author.value == "staff" else "",
        "text": message.text,
        "buttons": [_button(button) for button in message.buttons],
        "media": [_media(item) for item in message.media],
        "at": message.created_at.astimezone(timezone.utc).isoformat(timespec="seconds"),
    }


def _button(button: Button) -> dict[str, str]:
    return {"title": button.title, "token": button.token, "url": _web_address(button.url)}


def _media(item: Media) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "mime": item.mime,
        "name": item.name,
        "size": item.size_bytes,
        "url": UPLOAD_PATH + item.sha if item.sha else _web_address(item.url),
        "text": item.text,
        "latitude": item.latitude,
        "longitude": item.longitude,
    }


def _web_address(url: str) -> str:
    """``url`` if a click on it can only open a page (no ``javascript:``), else nothing."""
    return url if url.startswith(("https://", "http://", "/")) else ""


async def events(
    transcripts: Transcripts, address: str, *, seq: int, is_over: Callable[[], Awaitable[bool]]
) -> AsyncIterator[str]:
    """Server-sent events of one conversation from after ``seq`` on, until ``is_over``."""
    began = spoken = time.monotonic()
    was_answering = False
    yield "retry: 2000\n\n"
    while not await is_over() and time.monotonic() - began < LIFE_S:
        for message in await transcripts.after(CHANNEL, address, seq=seq):
            seq, spoken = message.seq, time.monotonic()
            yield f"id: {seq}\ndata: {_line(shown(message, address))}\n\n"
        answering = await transcripts.look(CHANNEL, address)
        if answering != was_answering:
            was_answering, spoken = answering, time.monotonic()
            yield f"event: typing\ndata: {_line({'on': answering})}\n\n"
        if time.monotonic() - spoken >= HEARTBEAT_S:
            spoken = time.monotonic()
            yield ": still here\n\n"
        await transcripts.changed(CHANNEL, address, timeout_s=LOOK_ANSWERING_S if answering else LOOK_S)


def _line(value: dict[str, Any]) -> str:
    """One line of JSON: a line break would end the event."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
