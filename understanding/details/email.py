"""E-mail addresses, written or read out ("wang at gmail dot com"). Value: the address, domain in lower case."""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterator

from understanding.details.context import Context
from understanding.fold import Folded
from understanding.model import Detail

_WRITTEN = re.compile(
    r"(?<![a-z0-9._%+-])([a-z0-9][a-z0-9._%+-]{0,63})\s?@\s?((?:[a-z0-9][a-z0-9-]{0,62}\.){1,4}[a-z]{2,12})(?![a-z0-9@])",
    re.ASCII | re.IGNORECASE,
)
_SPOKEN = re.compile(
    r"(?<![a-z0-9._%+-])([a-z0-9][a-z0-9._-]{0,40}) ?(?:\(at\)|\[at\]| at |艾特) ?([a-z0-9-]{1,30}(?: ?(?:\(dot\)| dot |点) ?[a-z]{2,12}){0,2} ?(?:\(dot\)| dot |点) ?(?:com|cn|net|org|uk|hk|tw|edu|gov|io|me|info|co|us|au|in|eu))(?![a-z0-9])",
    re.ASCII | re.IGNORECASE,
)
_DOT = re.compile(r" ?(?:\(dot\)| dot |点) ?", re.IGNORECASE)


def find(folded: Folded, context: Context) -> Iterator[Detail]:
    """Addresses in order of appearance."""
    if "@" in folded.text:
        for match in _WRITTEN.finditer(folded.cased):
            name, domain = match[1], match[2].lower()
            if ".." not in name:
                yield folded.detail("email", f"{name}@{domain}", match.start(), match.end())
    if "dot" in folded.text or "艾特" in folded.text or "(at)" in folded.text:
        for match in _SPOKEN.finditer(folded.cased):
            domain = _DOT.sub(".", match[2].lower())
            yield folded.detail("email", f"{match[1]}@{domain}", match.start(), match.end(), 0.8)
