"""The values of the knowledge base. Reading and checking the files is in ``files``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Entry:
    """One answer in one language.

    ``key`` (``power/meter-test``) is the same in both languages. ``questions``: ways people ask it. ``answer``: at
    most three sentences, ready to be said. ``source`` names the rule or the service, ``address`` is its page or
    empty, ``as_of`` the day somebody last compared the answer with it. Shown from ``valid_from`` up to and
    including ``valid_until``. ``categories``: level-2 codes it belongs to; ``countries``: ISO 3166 codes of the
    places it holds for. Either may be empty: no category in particular, every country.
    """

    key: str
    language: str
    title: str
    questions: tuple[str, ...]
    answer: str
    source: str
    address: str
    as_of: date
    valid_from: date
    valid_until: date
    pack: str
    categories: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day <= self.valid_until

    @property
    def compared(self) -> str:
        """``as_of`` as it is said: ``2026年11月21日``, ``21 Nov 2026``."""
        day = self.as_of
        if self.language == "zh":
            return f"{day.year}年{day.month}月{day.day}日"
        return f"{day.day} {day:%b %Y}"

    @property
    def cited(self) -> str:
        """``source`` with its page."""
        return f"{self.source} {self.address}".strip()


class Knowledge:
    """The entries of one organisation. Never changed after it is made, so it may serve as a key."""

    def __init__(self, entries: tuple[Entry, ...] = (), unanswered: tuple[str, ...] = ()) -> None:
        """``unanswered``: questions and complaints that no entry answers, to tell them apart."""
        self.entries = entries
        self.unanswered = unanswered
        self._by_name = {(entry.key, entry.language): entry for entry in entries}

    def entry(self, key: str, *, language: str, on: date) -> Entry | None:
        """The entry in this language; ``None`` when there is none or it does not hold on that day."""
        found = self._by_name.get((key, language))
        return found if found is not None and found.holds_on(on) else None

    def keys(self, *, language: str, on: date) -> frozenset[str]:
        """What may be answered in this language on that day."""
        return frozenset(e.key for e in self.entries if e.language == language and e.holds_on(on))

    def ways_to_ask(self) -> Mapping[str, tuple[str, ...]]:
        """Key -> title and questions in every language: what is searched."""
        found: dict[str, tuple[str, ...]] = {}
        for entry in self.entries:
            found[entry.key] = (*found.get(entry.key, ()), entry.title, *entry.questions)
        return {key: tuple(dict.fromkeys(ways)) for key, ways in found.items()}
