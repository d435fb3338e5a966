"""Personal data as staff see it before they say why they want to see it."""

from __future__ import annotations

import re

_EMAIL = re.compile(r"[\w.+-]+@(?=[\w-]+\.)")
#: Long runs of digits, perhaps spaced or dashed: phones, identity and account numbers. An amount has a comma or point,
#: a case number letters before it.
_DIGITS = re.compile(r"(?<![A-Za-z\d.,-])\+?\d(?:[\s-]?\d){6,}[xX]?(?![\d.,]?\d)")
_HIDDEN = "•"


def masked_text(text: str) -> str:
    """``text`` with phone, identity and account numbers but for their last four digits, and the names of e-mail
    addresses hidden. Everything else stays: without what happened nobody can work on it."""
    text = _DIGITS.sub(lambda match: _tail(match.group()), text)
    return _EMAIL.sub(lambda match: f"{match.group()[0]}{_HIDDEN * 3}@", text)


def masked_value(text: str) -> str:
    """One sensitive value: its first character, and the last four digits of a number."""
    shown = masked_text(text)
    if shown != text:
        return shown
    return f"{text[:1]}{_HIDDEN * 3}" if text else ""


def _tail(number: str) -> str:
    digits = [char for char in number if char.isalnum()]
    return f"{_HIDDEN * 4}{''.join(digits[-4:])}"
