"""More ways in which English people tell their own name: ahead of everything, by title, signed, without capitals.

The common ones ("my name is", "this is … here") are in :mod:`.name`.
"""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from collections.abc import Iterator

from understanding.details.name_words import name_words
from understanding.details.people import TITLE, is_name

_CAP = r"[A-ZÀ-ÖØ-Þ][\w'’-]+"
_TWO = rf"{TITLE}?{_CAP}(?: (?:[A-Z]\.? )?{_CAP}){{1,3}}"
_ANY = r"[A-Za-zÀ-ÿ][\w'’-]+"
_GREETING = r"(?:(?:[Hh]i|[Hh]ello|[Hh]ey|[Gg]ood (?:morning|afternoon|evening|day)|[Dd]ear (?:sir|all|team))[,.! ]+)?"
#: "James Mwangi, ID number 234. I sent …", "Doris. Eighty-four years old."
_AHEAD = re.compile(
    rf"^\W*{_GREETING}(?P<name>{_TWO})(?=(?:, | - )(?!(?:who|the|your|my|an?|he|she|you|they|please)(?![a-z]))\S|\. \S)|^\W*{_GREETING}(?P<one>{_CAP})(?=\. [A-Z])"
)
#: "I, Peter Musonda, wish to complain", "I Peter Musonda of 12 Lumumba Road"
_I_SO_AND_SO = re.compile(
    rf"(?:^|[.!?] )I,? (?P<name>{_TWO})(?=,| (?:of|from|wish|want|would|hereby|am|have|do)(?![a-z]))"
)
#: "complaint from Ruth Achieng", "my details: …", "Resident: …", "by name Emmanuel", "full name: …"
_LABELLED = re.compile(
    rf"(?i:(?<![a-z])(?:(?:complaint|message|letter|report|feedback)(?: is)? (?:from|by)|^from|my details(?: are)?|(?:am|is) by name|resident|claimant|homeowner|reporter|^name|name of (?:the )?(?:customer|complainant|tenant|guest|patient))):? (?P<name>{_TWO}|(?<=name ){_CAP})(?![\w'’-])"
)
#: "Gary Hobson from Larch Way."
_FROM = re.compile(rf"^\W*{_GREETING}(?P<name>{_TWO}) from (?:the )?[A-Z0-9][\w' ]{{2,30}}(?=[.,]|$)")
#: "Mr. Dubois from apartment 7: …", "Marguerite Osei, I take care of my mother"
_TENANT = re.compile(
    rf"^\W*{_GREETING}(?P<name>{TITLE}{_CAP}|{_TWO})(?= (?:from|in|at) (?:[Aa]partment|[Ff]lat|[Rr]oom|[Uu]nit|[Nn]umber|[Nn]o\.?|[Hh]ouse|[Pp]lot|[Ss]uite) [0-9A-Z]|, I (?:am|live|take|own|rent|work|bought|moved|teach|already)(?![a-z]))"
)
_IS_MINE = re.compile(
    rf"(?:^|[.,!] )(?P<name>{_CAP}(?: {_CAP}){{0,2}}) is my (?:first|last|full|given|family|real) name"
)
#: "Pritchard. P R I T C H A R D"
_SPELLED = re.compile(rf"(?P<name>{_CAP}(?: {_CAP})?)[.,]? (?:[A-Z][ .-]{{1,2}}){{3,}}[A-Z](?![\w'])")
#: "… against dealer. - Ramesh Kulkarni", "xx Debbie"
_UNDERNEATH = re.compile(
    rf"(?:[.!?]\s+[-–—~]+\s*|(?<![a-z])xx+\s+|(?i:regards|thanks|cheers),? )(?P<name>{_CAP}(?: {_CAP}){{0,2}})(?: \([^)]*\))?\W*$"
)

_LOW = r"[a-z][a-z'’-]{1,14}"
#: "my name lucia", "the names gary hobson": first a well-known given name.
_LOW_NAME = re.compile(
    rf"(?<![a-z])(?:my name|(?:my|me|the) name'?s|^names|my names are) (?P<name>{_LOW}(?: (?!and |from |i |im |i'm |ive |here|phone|at |in |my |with |by |the |but |number |staying |live ){_LOW})?)(?![a-z'’-])"
)
_LOW_TITLED = re.compile(
    rf"(?<![a-z])(?:i'm|i am|im|this is|it's|its) (?P<mine>(?:mr|mrs|ms|miss|dr)\.? {_LOW})(?= (?:here|from|again|speaking|calling|at|in|and|i)(?![a-z])|\s*[,.!]|$)"
    rf"|^(?:(?:hi|hello|morning)[,. ]+)?(?P<here>(?:mr|mrs|ms|miss|dr)\.? {_LOW})(?= (?:here|again|speaking|calling)(?![a-z])|\s*[,.!]|$)"
)
_LOW_LABELLED = re.compile(
    rf"(?<![a-z])(?:full name|name|under the name(?: of)?|in the name of|(?:booked|listed) under(?: the name)?) ?[:-]? ?(?P<name>{_LOW}(?: {_LOW}){{0,3}})(?=\s*(?:[,.;!]|$))"
)
#: "ruth from 19 here"
_LOW_HERE = re.compile(
    rf"^\W*(?:(?:hi|hello|hey|morning|good (?:morning|afternoon|evening)|it's|its|this is)[,! ]+)*(?P<name>{_LOW}) from (?:(?:number|flat|room|unit|the|no\.?) ?)?[a-z0-9]{{1,12}} (?:here|again|speaking)(?![a-z])"
)
_LOW_SIGNED = re.compile(
    rf"(?:thanks|thank you|cheers|regards|sincerely|best)[,.]?\s+(?P<name>(?:[a-z]\. )?{_LOW}(?: {_LOW})?)\W*$"
)


def capitalised(cased: str) -> Iterator[tuple[int, int, float]]:
    """Spans and confidence of names told by their capitals."""
    given = name_words().given_en
    for pattern in (_AHEAD, _FROM):
        for match in pattern.finditer(cased):
            first = re.sub(TITLE, "", match[match.lastgroup or 0]).split()[0].lower()
            if first in given and is_name(match[match.lastgroup or 0]):
                yield *match.span(match.lastgroup or 0), 0.7
    for pattern in (_I_SO_AND_SO, _LABELLED, _TENANT, _IS_MINE, _UNDERNEATH, _SPELLED):
        for match in pattern.finditer(cased):
            if is_name(match["name"], this=True):
                yield *match.span("name"), 0.8


def uncased(text: str) -> Iterator[tuple[int, int, float]]:
    """The same for names in small letters; ``text``: folded."""
    words = name_words()
    for match in _LOW_NAME.finditer(text):
        parts = match["name"].split()
        if parts[0] in words.given_en:
            end = match.end("name") if words.not_en.isdisjoint(parts) else match.start("name") + len(parts[0])
            yield match.start("name"), end, 0.8
    for match in _LOW_HERE.finditer(text):
        if match["name"] in words.given_en:
            yield *match.span("name"), 0.8
    for match in _LOW_TITLED.finditer(text):
        kind = match.lastgroup or ""
        if match[kind].split()[-1] not in words.not_en:
            yield *match.span(kind), 0.8
    for match in _LOW_LABELLED.finditer(text):
        if words.not_en.isdisjoint(match["name"].split()) and len(match["name"]) > 2:
            yield *match.span("name"), 0.7
    for match in _LOW_SIGNED.finditer(text):
        parts = match["name"].split()
        if words.not_en.isdisjoint(parts) and (parts[0] in words.given_en or parts[0].endswith(".")):
            yield *match.span("name"), 0.7
