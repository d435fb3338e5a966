"""Values as staff read them: moments in the time of the house, times left, how long ago. Template filters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

from markupsafe import Markup

from casework.access.masking import masked_text
from casework.packs import Packs

if TYPE_CHECKING:
    from desk.forms import Choice
    from desk.visits import Visit

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def local(moment: datetime, visit: Visit) -> datetime:
    """``moment`` in the time zone of the house."""
    return moment.astimezone(ZoneInfo(visit.desk.house.calendar.zone))


def day_and_time(moment: datetime | None, visit: Visit) -> str:
    """``11-20 14:05``, with the year where it is another one; empty for none."""
    if moment is None:
        return ""
    here, today = local(moment, visit), local(visit.now, visit)
    return f"{here:%m-%d %H:%M}" if here.year == today.year else f"{here:%Y-%m-%d %H:%M}"


def time_of(moment: datetime, visit: Visit) -> str:
    """``14:05``"""
    return f"{local(moment, visit):%H:%M}"


def day_of(moment: datetime, visit: Visit) -> str:
    """Today, yesterday, or the date."""
    days = (local(visit.now, visit).date() - local(moment, visit).date()).days
    if days in (0, 1):
        return visit.words(("today", "yesterday")[days])
    return f"{local(moment, visit):%Y-%m-%d}"


def length(span: timedelta, visit: Visit) -> str:
    """The largest unit that says enough: ``3 min``, ``5 h``, ``2 d``."""
    seconds = max(0, int(span.total_seconds()))
    if seconds < _MINUTE:
        return visit.words("under_a_minute")
    for name, size in (("days", _DAY), ("hours", _HOUR), ("minutes", _MINUTE)):
        if seconds >= size * (2 if name == "days" else 1):
            return visit.words(name, n=seconds // size)
    return ""


def ago(moment: datetime, visit: Visit) -> str:
    return length(visit.now - moment, visit)


def left(moment: datetime, visit: Visit) -> Markup:
    """How long until ``moment``, or how far past it, with a colour that is not the only sign of it."""
    over = moment <= visit.now
    span = length(abs(visit.now - moment), visit)
    near = not over and moment - visit.now < timedelta(hours=4)
    kind = "over" if over else "near" if near else "ample"
    text = visit.words("time_over" if over else "time_left", span=span)
    stamp = local(moment, visit).isoformat(timespec="minutes")
    return Markup('<time class="left {}" datetime="{}">{}</time>').format(kind, stamp, text)


def without(query: str, name: str) -> str:
    """A query string without one of its entries."""
    return urlencode([(key, value) for key, value in parse_qsl(query) if key != name])


def category_name(packs: Packs, code: str, language: str) -> str:
    """What a sector, a kind of trouble or one category is called; the code itself where nothing has it."""
    for pack in packs.packs:
        if pack.key == code:
            return pack.name.in_(language)
        for category in pack.categories.values():
            if category.parent == code:
                return category.parent_name.in_(language)
            if category.code == code:
                return category.name.in_(language)
    return code


def in_groups(choices: Iterable[Choice]) -> list[tuple[str, list[Choice]]]:
    """Choices under the names of their groups, in the order they come."""
    return [(name, list(own)) for name, own in groupby(choices, key=lambda choice: choice.group)]


FILTERS: Mapping[str, Callable[..., Any]] = {
    "when": day_and_time,
    "clock": time_of,
    "day": day_of,
    "ago": ago,
    "left": left,
    "span": length,
    "mask": masked_text,
    "without": without,
    "category": category_name,
    "in_groups": in_groups,
    "moment": datetime.fromisoformat,
}
