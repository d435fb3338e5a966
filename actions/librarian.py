"""The knowledge base and the search put together: what the bot would answer to a question. Says nothing itself."""

from __future__ import annotations

import re
import weakref
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from casework.knowledge import Entry, Knowledge
from understanding.features import words
from understanding.retrieval import Match, Retriever

#: Confidence from which an entry is the answer, and from which it is offered as one of a few. Source:
#: bench/knowledge.py; chosen so that fewer than one in twenty questions without an answer gets one.
ANSWER_AT = 0.35
OFFER_AT = 0.1
#: Entries offered when none is sure enough.
OFFERS = 3
#: Pieces of a turn that are looked up one by one; the rest of a long story is no question.
MAX_PIECES = 6

_PIECE = re.compile(r"[^。！？!?;；\n]+[。！？!?;；]*")


@dataclass(frozen=True)
class Found:
    """``entry``: the answer, or ``None``. ``near``: what the question may have meant where there is none.
    ``ranked``: the likeliest entries, best first, sure or not."""

    entry: Entry | None
    near: tuple[Entry, ...] = ()
    confidence: float = 0.0
    ranked: tuple[Match, ...] = ()


class Librarian:
    """Finds entries of one knowledge base. Made once a process: see ``librarian_of``."""

    def __init__(self, knowledge: Knowledge, *, cache: Path | None = None) -> None:
        self._knowledge = knowledge
        self._retriever = _retriever(tuple(knowledge.ways_to_ask().items()), knowledge.unanswered, cache)

    def look_up(self, text: str, *, language: str, on: date) -> Found:
        """What is known about the question in ``text``, in this language, of what holds on that day."""
        keys = self._knowledge.keys(language=language, on=on)
        best: list[Match] = []
        for piece in _pieces(text):
            found = self._retriever.search(piece, among=keys, limit=OFFERS)
            if found and (not best or found[0].confidence > best[0].confidence):
                best = found
        if not best:
            return Found(None)
        if best[0].confidence >= ANSWER_AT:
            answer = self.entry(best[0].key, language=language, on=on)
            return Found(answer, (), best[0].confidence, tuple(best))
        near = [self.entry(m.key, language=language, on=on) for m in best if m.confidence >= OFFER_AT]
        offered = tuple(entry for entry in near if entry is not None)
        return Found(None, offered, best[0].confidence, tuple(best))

    def entry(self, key: str, *, language: str, on: date) -> Entry | None:
        return self._knowledge.entry(key, language=language, on=on)


@lru_cache(maxsize=2)
def _retriever(
    ways: tuple[tuple[str, tuple[str, ...]], ...], unanswered: tuple[str, ...], cache: Path | None
) -> Retriever:
    """Made anew only where the ways of asking changed; another answer to them costs nothing."""
    return Retriever(dict(ways), unanswered=unanswered, cache=cache)


def _pieces(text: str) -> list[str]:
    """The whole text and, where there are several sentences, each that asks something, or else each."""
    whole = text.strip()
    pieces = [piece.strip() for piece in _PIECE.findall(whole) if len(words(piece)) >= 3]
    asking = [piece for piece in pieces if re.search(r"[?？]|[吗呢么]\W*$", piece)]
    if len(pieces) <= 1:
        return [whole]
    return [whole, *(asking or pieces)][:MAX_PIECES]


_librarians: weakref.WeakKeyDictionary[Knowledge, Librarian] = weakref.WeakKeyDictionary()


def librarian_of(knowledge: Knowledge, *, cache: Path | None = None) -> Librarian:
    """The one librarian of this knowledge base, made at the first call: a second or less with ``cache`` filled.

    ``cache``: file for sentence vectors; counts only for the first call.
    """
    if knowledge not in _librarians:
        _librarians[knowledge] = Librarian(knowledge, cache=cache)
    return _librarians[knowledge]
