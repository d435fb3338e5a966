"""What the page posts, as an inbound message. Nothing is stored here."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from casework.conversations.model import InboundMessage, Media
from connectors.web.visitor import Visitor

CHANNEL = "web"

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")
_KINDS = ("text", "token", "location")


class Unreadable(Exception):
    """The body is not what the page sends; ``code`` names the text that tells so (``error_<code>``)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def message_from_json(body: bytes, visitor: Visitor) -> InboundMessage:
    """A text, a pressed button or a place. Raises: Unreadable."""
    fields = _object(body)
    given = [kind for kind in _KINDS if kind in fields]
    if len(given) != 1:
        raise Unreadable("malformed")
    value = fields[given[0]]
    client_id = read_id(fields.get("id"))
    if given[0] == "location":
        return inbound(visitor, client_id, media=(_place(value),))
    if not isinstance(value, str):
        raise Unreadable("malformed")
    if given[0] == "token":
        if not _TOKEN.fullmatch(value):
            raise Unreadable("malformed")
        return inbound(visitor, client_id, token=value)
    if not value.strip():
        raise Unreadable("empty")
    return inbound(visitor, client_id, text=value)


def read_id(value: object) -> str:
    """The page's own id of a message: a UUID in lower case. Raises: Unreadable."""
    if isinstance(value, str) and _UUID.fullmatch(value.lower()):
        return value.lower()
    raise Unreadable("malformed")


def inbound(visitor: Visitor, client_id: str, **parts: Any) -> InboundMessage:
    """A message of this visitor; the same ``client_id`` again is the same message."""
    return InboundMessage(
        channel=CHANNEL,
        provider_id=f"{visitor.address}:{client_id}",
        address=visitor.address,
        profile={"language": visitor.language},
        **parts,
    )


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Unreadable("malformed") from None
    if not isinstance(value, dict):
        raise Unreadable("malformed")
    return value


def _no_constant(name: str) -> NoReturn:
    """JSON knows neither NaN nor Infinity."""
    raise ValueError(name)


def _place(value: object) -> Media:
    if not isinstance(value, dict):
        raise Unreadable("malformed")
    label = value.get("label", "")
    if not isinstance(label, str):
        raise Unreadable("malformed")
    return Media(
        kind="location",
        text=label[:200],
        latitude=_degrees(value.get("latitude"), 90),
        longitude=_degrees(value.get("longitude"), 180),
    )


def _degrees(value: object, limit: int) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Unreadable("malformed")
    try:
        degrees = float(value)
    except OverflowError:
        raise Unreadable("malformed") from None
    if not math.isfinite(degrees) or abs(degrees) > limit:
        raise Unreadable("malformed")
    return degrees
