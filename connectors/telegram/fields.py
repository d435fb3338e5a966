"""Reading values out of somebody else's JSON: every reader takes anything and never raises."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

# Control characters have no business in a complaint; PostgreSQL refuses NUL, and a lone half of a surrogate
# pair (legal in JSON) cannot be stored as UTF-8 at all, so that Telegram would repeat the update for ever.
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def mapping(value: object) -> Mapping[str, Any]:
    """The object, or an empty one."""
    return value if isinstance(value, Mapping) else {}


def items(value: object) -> list[Any]:
    """The array, or an empty one."""
    return value if isinstance(value, list) else []


def string(value: object) -> str:
    """The string without control characters and broken surrogates, or an empty one."""
    if not isinstance(value, str):
        return ""
    return _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", _UNWANTED.sub("", value))


def integer(value: object) -> int | None:
    """A whole number that fits 64 bits (Telegram's ids need up to 52), else ``None``."""
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if -(2**63) <= value < 2**63 else None


def number(value: object) -> float | None:
    """A finite number, else ``None``."""
    if not isinstance(value, (int, float)) or isinstance(value, bool) or abs(value) > 2**63:
        return None
    return float(value) if math.isfinite(value) else None


def moment(value: object) -> datetime | None:
    """Unix seconds as an aware time in UTC; ``None`` for nothing or nonsense."""
    seconds = integer(value)
    if not seconds or not 0 < seconds < 2**33:  # the year 2242; later ones are garbage
        return None
    return datetime.fromtimestamp(seconds, tz=timezone.utc)
