"""E-mail addresses, written or read out ("wang at gmail dot com"). Value: the address, domain in lower case."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterator

from understanding.details.context import Context
from understanding.fold import Folded
from understanding.model import Detail

_WRITTEN = re.compile(
    r"(?<![a-z0-9._%+-])([a-z0-9][a-z0-9._%+-]{0,63})\s?@\s?((?:[a-z0-9][a-z0-9-]{0,62}[.。]){1,4}[a-z]{2,12})(?![a-z0-9@])",
    re.ASCII | re.IGNORECASE,
)
_TOP = r"(?:com|cn|net|org|uk|hk|tw|sg|edu|gov|io|me|info|co|us|au|ca|in|eu|de|fr|jp)"
_DOT = r"(?: ?(?:\(dot\)|\[dot\]| dot |点) ?|\.)"
_SPOKEN = re.compile(
    rf"(?<![a-z0-9._%+-])([a-z0-9][a-z0-9._-]{{0,40}}(?:(?: dot | underscore | under score | dash | hyphen |点|下划线|横杠)[a-z0-9][a-z0-9._-]{{0,30}}){{0,3}})"
    rf" ?(?:\(at\)|\[at\]| at |艾特|小老鼠|圈a) ?([a-z0-9-]{{1,30}}(?:{_DOT}[a-z0-9-]{{2,30}}){{0,2}}?{_DOT}{_TOP}(?:{_DOT}{_TOP})?)(?![a-z0-9])",
    re.ASCII | re.IGNORECASE,
)
_SPOKEN_DOT = re.compile(r" ?(?:\(dot\)|\[dot\]| dot |点) ?", re.IGNORECASE)
_SIGNS = (
    (_SPOKEN_DOT, "."),
    (re.compile(r" (?:underscore|under score) |下划线", re.IGNORECASE), "_"),
    (re.compile(r" (?:dash|hyphen) |横杠", re.IGNORECASE), "-"),
)
_SPOKEN_AT = ("艾特", "(at)", "[at]", "小老鼠", "圈a")


def find(folded: Folded, context: Context) -> Iterator[Detail]:
    """Addresses in order of appearance."""
    text = folded.text
    if "@" in text:
        for match in _WRITTEN.finditer(folded.cased):
            name, domain = match[1], match[2].lower().replace("。", ".")
            if ".." not in name:
                yield folded.detail("email", f"{name}@{domain}", match.start(), match.end())
    if (" at " in text and (" dot " in text or "点" in text)) or any(sign in text for sign in _SPOKEN_AT):
        for match in _SPOKEN.finditer(folded.cased):
            name, domain = match[1], _SPOKEN_DOT.sub(".", match[2].lower())
            for sign, written in _SIGNS:
                name = sign.sub(written, name)
            if "." in match[2] and " at " in match[0].lower():
                continue  # "meet me at example.com": a place on the web, not a mailbox
            yield folded.detail("email", f"{name}@{domain}", match.start(), match.end(), 0.8)
