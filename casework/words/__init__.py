"""How Tingsu words what it says to a person: acknowledgement, a line on how it goes on, what is said after filing.

The sentences are data (``packs/_words``); this package reads and checks them, finds a fact in what somebody said,
decides which kind of person speaks, and puts the parts together. It knows no dialogue engine and no database.
"""

from __future__ import annotations

from casework.words.choosing import Moment, Spoken, acknowledge, closing
from casework.words.facts import Told, told_by
from casework.words.memory import Memory, openings, remembered, remembering, used_before
from casework.words.mirror import labelled, mirrored
from casework.words.people import Kind, Person, kind_of
from casework.words.voice import Voice, WordsError

__all__ = [
    "Kind",
    "Memory",
    "Moment",
    "Person",
    "Spoken",
    "Told",
    "Voice",
    "WordsError",
    "acknowledge",
    "closing",
    "kind_of",
    "labelled",
    "mirrored",
    "openings",
    "remembered",
    "remembering",
    "told_by",
    "used_before",
]
