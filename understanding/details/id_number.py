"""Numbers of Chinese identity cards. Value: 18 characters, X in upper case.

Source: GB 11643-1999, check character by ISO 7064 MOD 11-2. A number that fails the check is given only behind
the word for the card, with a confidence below one half.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from understanding.details.context import Context
from understanding.fold import Folded
from understanding.model import Detail

_NUMBER = re.compile(
    r"(?<![0-9a-z])([1-9][0-9]{5}[ -]?(?:18|19|20)[0-9]{2}[ -]?[0-9]{4}[ -]?[0-9]{3}[0-9x])(?![0-9a-z])"
)
_CUED = re.compile(
    r"(?:身份证|证件号|id card|id number|identity card)[^0-9。!?]{0,10}([0-9]{14,18}x?)(?![0-9a-z])"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def find(folded: Folded, context: Context) -> Iterator[Detail]:
    """Card numbers in order of appearance."""
    for match in _NUMBER.finditer(folded.text):
        number = re.sub("[ -]", "", match[1]).upper()
        if is_id_number(number):
            yield folded.detail("id_number", number, match.start(1), match.end(1))
    for match in _CUED.finditer(folded.text):
        if not is_id_number(match[1].upper()):
            yield folded.detail("id_number", match[1].upper(), match.start(1), match.end(1), 0.3)


def is_id_number(number: str) -> bool:
    """Whether the date of birth exists and the check character is right."""
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", number):
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return _CHECKS[sum(w * int(d) for w, d in zip(_WEIGHTS, number, strict=False)) % 11] == number[17]
