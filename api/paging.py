"""Cursors: where a list goes on. Opaque to clients, and never a count of lines."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime

import msgspec

from api.problems import Refusal

Place = tuple["datetime | None", int]


def cursor_of(order: str, place: Place) -> str:
    """``place``: what the list is ordered by at its last line, and that line's id."""
    return base64.urlsafe_b64encode(msgspec.json.encode((order, *place))).decode().rstrip("=")


def place_of(cursor: str, order: str) -> Place | None:
    """``None`` for the beginning. Raises: Refusal."""
    if not cursor:
        return None
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        made_for, moment, key = msgspec.json.decode(raw, type=tuple[str, datetime | None, int])
    except (binascii.Error, msgspec.MsgspecError, ValueError):
        raise Refusal("wrong-values", "cursor: take it from `next` of the page before") from None
    if made_for != order or (moment is not None and moment.tzinfo is None) or not 0 <= key < 2**63:
        raise Refusal("wrong-values", "cursor: it belongs to another list or order; begin without one")
    return moment, key
