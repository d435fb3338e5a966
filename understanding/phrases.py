"""The certain phrases of ``data/triggers.yml``: how they are written, and where their words stand in a turn.

Elements stand side by side, ``a|b`` are alternatives, ``<group>`` a named list of them, ``..`` a gap within the
sentence, and a Latin word that ends in ``*`` stands for all words that begin so. A blank within an element is written
``_``; a phrase that begins with ``=`` is one element and may hold blanks. One pass over the text finds all words of
the table, so that the time grows with the length of the text and not with the size of the table. What the words mean
where they stand is judged in :mod:`understanding.phrase_context`.
"""
# ruff: noqa: E501 -- a row of a word table stays one line

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from understanding.fold import Folded, fold

#: The widest gap within a pattern, in characters.
_GAP = {"zh": 10, "en": 36}
#: Places of one pattern that are looked at; who repeats a word more often says nothing new.
_MOST_MATCHES = 40

Span = tuple[int, int]
#: The words of a phrase after the first, whether the last is a stem, and the lists that it stands in.
_Rest = tuple[tuple[str, ...], bool, list[int]]


@dataclass(frozen=True)
class Pattern:
    """``steps``: numbers of word lists; ``gaps[i]``: may other words stand before step ``i``?

    ``whole``: the turn is nothing but one of these.
    """

    language: str
    steps: tuple[int, ...]
    gaps: tuple[bool, ...] = ()
    check: bool = False
    whole: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Trigger:
    """One row of the table. ``tense``: ``now`` is over when it is past, ``state`` lasts until repaired,
    ``any`` matters whenever it was. ``conditional``: an "if" does not take it back (threats)."""

    code: str
    level: Literal["P0", "P1"]
    tense: Literal["now", "state", "any"]
    conditional: bool
    patterns: tuple[Pattern, ...] = field(repr=False)


class Lexicon:
    """All words of the table, each with the numbers of the lists that it stands in."""

    def __init__(self) -> None:
        self._lists: dict[frozenset[str], int] = {}
        self._pairs: dict[str, list[tuple[str, list[int]]]] = {}
        self._chars: dict[str, list[int]] = {}
        self._words: dict[str, list[list[int]]] = {}
        self._stemmed: dict[str, list[_Rest]] = {}
        self._phrases: dict[tuple[str, str], list[_Rest]] = {}
        self._stems: dict[str, list[int]] = {}
        self._stem_lengths: list[int] = []
        self._known: dict[str, list[int]] = {}
        self._compounds: dict[str, list[str]] = {}

    def keep_whole(self, words: Iterable[str]) -> None:
        """Words whose single characters are no words of their own: ``手机`` is no ``手``."""
        for word in words:
            self._compounds.setdefault(word[:2], []).append(word)

    def number(self, words: Iterable[str]) -> int:
        """The number of this list of words; new words are learnt."""
        key = frozenset(words)
        if key not in self._lists:
            self._lists[key] = len(self._lists)
            for word in key:
                self._learn(word, self._lists[key])
        return self._lists[key]

    def _learn(self, word: str, number: int) -> None:
        if word in self._known:
            self._known[word].append(number)
            return
        numbers = self._known[word] = [number]
        tokens = [forms for forms, _, _ in _tokens(word)] if word.isascii() else []
        if not tokens:
            self._learn_characters(word, numbers)
            return
        stem = word.endswith("*")
        if stem and len(tokens) == 1:
            self._stems[tokens[0][0]] = numbers
            self._stem_lengths = sorted({len(each) for each in self._stems})
        else:
            first, rest = tokens[0][0], tuple(forms[0] for forms in tokens[1:])
            if not rest:
                self._words.setdefault(first, []).append(numbers)
            elif stem and len(rest) == 1:
                self._stemmed.setdefault(first, []).append((rest, True, numbers))
            else:
                pair = first, _OWNER if rest[0] in _OWNERS else rest[0]
                self._phrases.setdefault(pair, []).append((rest, stem, numbers))

    def _learn_characters(self, word: str, numbers: list[int]) -> None:
        if len(word) == 1:
            self._chars[word] = numbers
        elif word:
            self._pairs.setdefault(word[:2], []).append((word, numbers))

    def find(self, text: str) -> dict[int, list[Span]]:
        """Number of a list -> where its words stand, in order of their beginning."""
        found: defaultdict[int, list[Span]] = defaultdict(list)
        if not text.isascii():
            self._find_characters(text, found)
        self._find_phrases(text, found)
        for places in found.values():
            places.sort()
        return found

    def _find_characters(self, text: str, found: defaultdict[int, list[Span]]) -> None:
        pairs, chars, compounds = self._pairs, self._chars, self._compounds
        whole = 0  # up to here a compound reaches
        for start, char in enumerate(text):
            pair = text[start : start + 2]
            if pair in compounds:
                ends = [start + len(word) for word in compounds[pair] if text.startswith(word, start)]
                whole = max(whole, *ends) if ends else whole
            if start >= whole and char in chars:
                for number in chars[char]:
                    found[number].append((start, start + 1))
            if pair in pairs:
                for word, numbers in pairs[pair]:
                    if text.startswith(word, start):
                        span = (start, start + len(word))
                        for number in numbers:
                            found[number].append(span)

    def _find_phrases(self, text: str, found: defaultdict[int, list[Span]]) -> None:
        tokens = list(_tokens(text))
        for place, (forms, start, end) in enumerate(tokens):
            for form in forms:
                for length in self._stem_lengths:
                    if length > len(form):
                        break
                    for number in self._stems.get(form[:length], ()):
                        found[number].append((start, end))
                for numbers in self._words.get(form, ()):
                    for number in numbers:
                        found[number].append((start, end))
                if place + 1 < len(tokens):
                    for rest, stem, numbers in self._phrases_from(form, tokens[place + 1][0]):
                        last = _follows(text, tokens, place, rest, stem)
                        if last:
                            for number in numbers:
                                found[number].append((start, last))

    def _phrases_from(self, first: str, following: tuple[str, ...]) -> Iterator[_Rest]:
        """The phrases that begin with this word and may go on with the next one."""
        yield from self._stemmed.get(first, ())
        for form in following:
            yield from self._phrases.get((first, _OWNER if form in _OWNERS else form), ())
            if form.endswith("s"):
                yield from self._phrases.get((first, form[:-1]), ())


_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|[0-9]+")
_OWN = re.compile(r"'(?:s|ll|re|ve|d|m)$")
_DO_NOT = frozenset(("don't", "doesn't", "didn't", "doesnt", "didnt"))
#: Written in a hurry without the apostrophe; "ill", "were", "its" and "id" are words of their own.
_HURRIED = {
    word.replace("'", ""): word
    for word in (
        "i'm", "i've", "he's", "she's", "that's", "there's", "what's", "who's",
        "it's", "you're", "they're", "we've", "you've", "they've", "you'll", "they'll",
    )
}  # fmt: skip
_BETWEEN = re.compile(r"[ /&_.-]{1,3}")


def _tokens(text: str) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Latin words and numbers: the forms a word is known by ("he'll": also ``he``), start, end."""
    for match in _TOKEN.finditer(text):
        word = match[0]
        word = _HURRIED.get(word, word)
        if word in _DO_NOT:
            yield (word.replace("'", ""), "dont"), match.start(), match.end()
            continue
        if "'" not in word:
            yield (word,), match.start(), match.end()
            continue
        bare = _OWN.sub("", word)
        yield (word, bare) if bare != word else (word.replace("'", ""),), match.start(), match.end()


def _follows(
    text: str,
    tokens: Sequence[tuple[tuple[str, ...], int, int]],
    place: int,
    rest: tuple[str, ...],
    stem: bool,
) -> int:
    """Where the phrase ends whose first word stands at ``place``; 0: it does not go on like that."""
    if place + len(rest) >= len(tokens):
        return 0
    for step, word in enumerate(rest, start=1):
        forms, start, _ = tokens[place + step]
        if not any(_same(word, form) for form in forms) and not (
            stem and step == len(rest) and forms[0].startswith(word)
        ):
            return 0
        if not _BETWEEN.fullmatch(text, tokens[place + step - 1][2], start):
            return 0
    return tokens[place + len(rest)][2]


#: Within a phrase one owner stands for all: "slit my wrists" is also said of him and her.
_OWNER = "my"
_OWNERS = frozenset((_OWNER, "his", "her", "their", "our"))


def _same(word: str, form: str) -> bool:
    """Is this the word of the phrase, but for whose it is and whether there is more than one?"""
    if word == form:
        return True
    if word in _OWNERS:
        return form in _OWNERS
    return len(word) > 3 and word + "s" == form


@dataclass(frozen=True)
class Table:
    lexicon: Lexicon = field(repr=False)
    figures: tuple[Pattern, ...]
    triggers: tuple[Trigger, ...]
    frames: Mapping[str, int]


#: "It has not been fixed": what undoes a word of the frame ``solved``.
UNDONE = re.compile(
    r"(?:没有?|未|不|还没)[^,。!?;]{0,3}$|(?:(?<![a-z])not|n't|never|nobody|no one|nothing|until|unless|want|needs?|please)(?: \w+){0,3} ?$"
)
#: A turn up to this length is one situation: what frames it may stand anywhere in it.
SHORT_TURN = 220
_SENTENCE_MARKS = {"zh": frozenset("。!?;\n"), "en": frozenset(".!?;\n")}
_GLUE = frozenset(" ,-")


class Turn:
    """One text with the places of all known words; figures of speech are left out."""

    def __init__(self, folded: Folded) -> None:
        known = table()
        self.folded = folded
        self.text = folded.text
        self.bare = folded.text.strip(" \t\n!?.,。~")
        self._frames = known.frames
        self._all = known.lexicon.find(self.text)
        self._there = frozenset(self._all)
        self._free: dict[int, list[Span]] = {}
        self._figures = Spans(())
        figures = [span for pattern in known.figures for span, _ in self.matches(pattern)]
        if figures:
            self._free.clear()
            self._figures = Spans(figures)
        self._frame_spans: dict[str, Spans] = {}

    def _places(self, number: int) -> list[Span]:
        """Where words of this list stand outside of figures of speech."""
        if number not in self._free:
            places = self._all.get(number, [])
            if self._figures:
                places = [place for place in places if not self._figures.touch(place)]
            self._free[number] = places
        return self._free[number]

    def matches(self, pattern: Pattern, *, across: bool = False) -> Iterator[tuple[Span, list[str]]]:
        """Where the pattern stands, with the words in its gaps."""
        if pattern.whole:
            if self.bare in pattern.whole:
                yield (0, len(self.text)), []
        elif self._there.issuperset(pattern.steps) and all(map(self._places, pattern.steps)):
            yield from self._in_order(pattern, across)

    def _in_order(self, pattern: Pattern, across: bool) -> Iterator[tuple[Span, list[str]]]:
        last_start = -1
        for start, end in self._places(pattern.steps[0])[:_MOST_MATCHES]:
            if start == last_start and len(pattern.steps) > 1:
                continue
            rest = self._rest(pattern, 1, end, across)
            if rest is not None:
                last_start = start
                yield (start, rest[0]), rest[1]

    def _rest(self, pattern: Pattern, step: int, end: int, across: bool) -> tuple[int, list[str]] | None:
        if step == len(pattern.steps):
            return end, []
        places = self._places(pattern.steps[step])
        furthest = end + (
            _GAP[pattern.language] if pattern.gaps[step] else 0 if pattern.language == "zh" else 3
        )
        for place in range(bisect_left(places, (end, 0)), len(places)):
            start, stop = places[place]
            if start > furthest:
                return None
            between = self.text[end:start]
            if pattern.gaps[step]:
                if not across and not _SENTENCE_MARKS[pattern.language].isdisjoint(between):
                    return None
            elif not _GLUE.issuperset(between):
                return None
            rest = self._rest(pattern, step + 1, stop, across)
            if rest is not None:
                return rest[0], [between, *rest[1]]
        return None

    def over(self, span: Span) -> bool:
        """Is it told as done with, and nothing said of its coming back?"""
        return self.framed(("solved",), span) and not self.framed(("cries", "relapse"), span)

    def framed(self, names: Iterable[str], span: Span, *, before: int | None = None) -> bool:
        """Does a word of one of these frames stand around the span? In a short turn: anywhere."""
        if len(self.text) <= SHORT_TURN:
            start, end = 0, len(self.text)
        else:
            start, end = span[0] - 60, span[1] + 60
        return any(self._frame(name).within(start, end if before is None else before) for name in names)

    def _frame(self, name: str) -> Spans:
        if name not in self._frame_spans:
            spans = self._all.get(self._frames[name], [])
            if name == "solved":
                spans = [
                    span for span in spans if not UNDONE.search(self.text, max(0, span[0] - 24), span[0])
                ]
            self._frame_spans[name] = Spans(spans)
        return self._frame_spans[name]


class Spans:
    """Places in order, asked by where they stand."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans: list[Span] = []
        for start, end in sorted(spans):
            if self._spans and start <= self._spans[-1][1]:
                self._spans[-1] = (self._spans[-1][0], max(end, self._spans[-1][1]))
            else:
                self._spans.append((start, end))

    def __bool__(self) -> bool:
        return bool(self._spans)

    def touch(self, span: Span) -> bool:
        """Does the span lie over one of them, and is not a longer expression around it ("呼吸困难" and "困难")?"""
        place = bisect_left(self._spans, (span[1], 0))
        if place == 0 or self._spans[place - 1][1] <= span[0]:
            return False
        start, end = self._spans[place - 1]
        return not (span[0] <= start and end <= span[1] and (start, end) != span)

    def within(self, start: int, end: int) -> bool:
        place = bisect_left(self._spans, (start, 0))
        return place < len(self._spans) and self._spans[place][1] <= end


@lru_cache(maxsize=1)
def table() -> Table:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = files("understanding").joinpath("data").joinpath("triggers.yml").read_text(encoding="utf-8")
    reader = Reader(yaml.load(text, Loader=loader))  # noqa: S506 -- a safe loader, in C where there is one
    return Table(reader.lexicon, tuple(reader.figures()), tuple(reader.triggers()), reader.frames())


class Reader:
    """From the rows of the table to patterns of numbered word lists."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._raw = raw
        self._groups = {name: tuple(str(words).split("|")) for name, words in raw["groups"].items()}
        self.lexicon = Lexicon()
        self.lexicon.keep_whole(str(raw["compounds"]).split("|"))

    def figures(self) -> Iterator[Pattern]:
        for language in ("zh", "en"):
            for entry in self._raw["figures"][language]:
                yield self._pattern(entry, language)

    def frames(self) -> dict[str, int]:
        return {name: self._number(str(words)) for name, words in self._raw["frames"].items()}

    def triggers(self) -> Iterator[Trigger]:
        for raw in self._raw["triggers"]:
            patterns = [
                self._pattern(entry, language) for language in ("zh", "en") for entry in raw.get(language, ())
            ]
            patterns.sort(key=lambda pattern: pattern.check)
            yield Trigger(
                raw["code"],
                raw["level"],
                raw.get("tense", "any"),
                bool(raw.get("conditional")),
                tuple(patterns),
            )

    def _pattern(self, raw: Any, language: str) -> Pattern:
        entry = raw if isinstance(raw, dict) else {"say": raw}
        check = bool(entry.get("check"))
        if "whole" in entry:
            return Pattern(language, (), check=check, whole=frozenset(str(entry["whole"]).split("|")))
        said = str(entry["say"])
        if said.startswith("= "):
            return Pattern(language, (self._number(said[2:].replace(" ", "_")),), (False,), check)
        steps_in_order: list[int] = []
        gaps: list[bool] = []
        gap = False
        for element in said.split():
            if element == "..":
                gap = True
            else:
                steps_in_order.append(self._number(element))
                gaps.append(gap)
                gap = False
        return Pattern(language, tuple(steps_in_order), tuple(gaps), check)

    def _number(self, element: str) -> int:
        words = (fold(word.replace("_", " ")).text.strip() for word in self._words(element))
        return self.lexicon.number(word for word in words if word)

    def _words(self, element: str) -> Iterator[str]:
        for part in filter(None, element.split("|")):
            if part.startswith("<"):
                for word in self._groups[part[1:-1]]:
                    yield from self._words(word)
            else:
                yield part
