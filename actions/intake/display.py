"""How values are shown in a read-back: the person's own words first, what we made of them where it helps."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from casework.house import House
from casework.packs import Field
from casework.tickets.filing import format_moment
from casework.words.rules import any_in

#: Longest stretch of the person's words in a read-back. Longer ones are cut with an ellipsis.
MAX_SHOWN = 160


def shown(field: Field, value: Any, text: str, *, language: str, zone: str) -> str:
    """A value for the read-back."""
    if field.choices:
        choice = next((choice for choice in field.choices if choice.value == value), None)
        if choice is not None:
            return choice.title.in_(language)
    if isinstance(value, Mapping) and "grain" in value:
        return _when(value, text, language=language, zone=zone)
    if isinstance(value, Mapping) and "amount" in value:
        return f"{text} ({value.get('currency', '')} {value['amount']})" if not _has_digits(text) else text
    if isinstance(value, Mapping) and "number" in value and field.type == "reference":
        return str(value["number"])
    if (
        field.type == "contact"
        and isinstance(value, str)
        and sum(c.isdigit() for c in text) < 7
        and "@" not in text
    ):
        return value
    return cut(text or str(value))


def _when(value: Mapping[str, Any], text: str, *, language: str, zone: str) -> str:
    start = value.get("start")
    if not start or value.get("recurring") or value.get("grain") in ("month", "year", "season", "week"):
        return text
    local = datetime.fromisoformat(start).astimezone(ZoneInfo(zone))
    if value.get("grain") in ("minute", "hour"):
        resolved = format_moment(local, zone=zone, language=language)
    elif language == "zh":
        resolved = f"{local.month}月{local.day}日"
    else:
        resolved = f"{local.day} {local:%b}"
    return (
        text
        if resolved in text
        else (f"{text}（{resolved}）" if language == "zh" else f"{text} ({resolved})")
    )


def _has_digits(text: str) -> bool:
    return any(c.isdigit() for c in text)


def cut(text: str, limit: int = MAX_SHOWN) -> str:
    """At most ``limit`` characters on one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"


_CLAUSES = re.compile(
    r"[，。！!？?；;：:\n…~～、]+|(?<!\d)[,.]+|[,.]+(?!\d)|\s-\s|\s(?:and|but|because|so)\s"
)
#: A reminder of what was told is read at a glance (Chinese characters, other signs).
_GIST = {"zh": 22, "en": 60}


def gist(text: str, house: House, *, language: str) -> str:
    """The clause of ``text`` that tells most and is still short, in the person's words; never empty for a text."""
    limit, rules = _GIST.get(language, 60), house.voice.rules[language]
    clauses = [_JOINING.sub("", clause.strip(" \"'“”‘’()（）")) for clause in _CLAUSES.split(text)]
    fit = [clause for clause in clauses if clause and len(clause) <= limit]
    troubles = [clause for clause in fit if any_in(rules.trouble, clause)]
    return max(troubles or fit, key=len, default="") or cut(text, limit)


#: What joins a clause to the one before it.
_JOINING = re.compile(
    r"^(?:而且|并且|还有|另外|然后|同时|再加上)[，, ]*|^(?:and|but|also|plus|then)\b[, ]*", re.IGNORECASE
)
