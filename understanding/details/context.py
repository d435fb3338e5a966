"""What an extractor may know beside the text: the clock, the organisation's time zone and its region."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from understanding.fold import Folded
from understanding.model import Detail


@dataclass(frozen=True)
class Context:
    """``now`` is aware and in the organisation's zone; ``region`` is an ISO 3166 code ("CN", "HK", "GB", "US")."""

    now: datetime
    region: str = "CN"

    @property
    def month_first(self) -> bool:
        """Whether 3/11 is 11 March (United States, China) and not 3 November."""
        return self.region in ("US", "CN", "TW", "JP", "KR", "CA", "PH")

    @property
    def currency(self) -> str:
        """The currency of a bare number or of 元."""
        return _CURRENCIES.get(self.region, "CNY")


Extractor: TypeAlias = Callable[[Folded, Context], Iterable[Detail]]

_EUROPE = ("AT", "BE", "DE", "ES", "FI", "FR", "GR", "IE", "IT", "NL", "PT")
_CURRENCIES = {"CN": "CNY", "HK": "HKD", "TW": "TWD", "MO": "MOP", "SG": "SGD", "US": "USD", "GB": "GBP",
               "AU": "AUD", "CA": "CAD", "NZ": "NZD", "IN": "INR", "MY": "MYR"} | dict.fromkeys(_EUROPE, "EUR")  # fmt: skip


def context(now: datetime, zone: str, region: str) -> Context:
    """Bring ``now`` (aware; a naive one is read as UTC) to ``zone`` (IANA name; unknown names mean UTC+8)."""
    aware = now if now.tzinfo else now.replace(tzinfo=timezone.utc)
    return Context(aware.astimezone(_zone(zone)), region.upper() or "CN")


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo | timezone:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return timezone(timedelta(hours=8))
