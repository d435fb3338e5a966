"""Putting the parts together: one acknowledgement, at most one line after it; a closing line once it is filed.

Which sentence comes is decided by the conversation and the turn, so that a turn that is tried again says the same
words, and by what was said before, so that no sentence of a conversation begins like another.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from casework.words.facts import Told
from casework.words.memory import Memory, openings
from casework.words.people import Person
from casework.words.rules import any_in
from casework.words.voice import Book, Pattern, Voice

_SLOT = re.compile(r"\{(\w+)\}")
#: Slots that name a fact, the best first; a pattern of a later tier comes only where an earlier one has none.
_TIERS = (("fact",), ("topic", "quote"), ("when", "place", "organisation", "duration", "amount"), ())
_BRIEF = {"zh": 16, "en": 12}
#: Labels whose bearer is owed a word of regret, from intensity 2 on. Source: handbook, section 5.
_REGRET = ("angry", "anxious", "disappointed", "sad")


@dataclass(frozen=True)
class Moment:
    """What decides the words of one turn.

    ``seed`` names conversation and turn. ``emotion``: label and intensity. ``danger``: somebody's life or body is
    in danger, so nothing is echoed. ``first``: the complaint was not acknowledged before. ``added``: something was
    told beyond the opening. ``questions``: how many are left, ``None`` when nobody knows.
    """

    language: str
    seed: str
    told: Told = field(default_factory=Told)
    emotion: tuple[str, int] = ("neutral", 0)
    person: Person = field(default_factory=lambda: Person("E"))
    memory: Memory = field(default_factory=Memory)
    danger: bool = False
    first: bool = True
    added: bool = False
    questions: int | None = None


@dataclass(frozen=True)
class Spoken:
    """``parts``: names of the groups the sentences came from. ``text`` may be empty."""

    text: str = ""
    parts: tuple[str, ...] = ()


def acknowledge(voice: Voice, moment: Moment) -> Spoken:
    """What is said first in an answer. Empty when there is nothing to say that was not said before."""
    language = voice.language(moment.language)
    book = voice.books[language]
    slots = _slots(moment)
    group = _group(moment)
    said, name = _choose(book.acknowledge, _names(group, moment), slots, moment, voice)
    if not said and moment.first:
        said, name = _choose(book.acknowledge, ["neutral 0", "neutral 0 plain"], slots, moment, voice)
    if not said:
        return Spoken()
    line, line_name = _line(voice, book, moment, said) if moment.first else ("", "")
    joint = "" if language == "zh" else " "
    return Spoken(joint.join(filter(None, (said, line))), tuple(filter(None, (name, line_name))))


def closing(voice: Voice, moment: Moment, values: Mapping[str, str]) -> Spoken:
    """One line below the receipt. ``values``: department, first, due, number, as the database has them."""
    book = voice.books[voice.language(moment.language)]
    label, intensity = moment.emotion
    by_kind = {"I": "influence", "L": "loyal", "R": "rational", "E": ""}[moment.person.kind]
    by_feeling = label if intensity >= 1 and label in book.promises else ""
    by_feeling = "angry" if label == "sarcastic" else by_feeling
    # Somebody who is hurt needs the human line first; somebody who goes public needs the careful one.
    names = (by_feeling, by_kind) if label == "sad" or by_kind in ("", "rational") else (by_kind, by_feeling)
    for name in filter(None, names):
        said, _ = _choose(book.promises, [name], dict(values), moment, voice)
        if said:
            return Spoken(said, (name,))
    return Spoken()


def _slots(moment: Moment) -> dict[str, str]:
    if moment.danger or moment.told.grief:
        return {}
    years = {"years": moment.person.years} if moment.person.years else {}
    return {**moment.told.slots, **years}


def _group(moment: Moment) -> str:
    if moment.danger:
        return "danger"
    if moment.told.grief:
        return "grief"
    label, intensity = _mood(moment)
    if moment.added and intensity < 2:
        return "more"
    if label == "neutral" or intensity < 1:
        return "neutral 0"
    return f"{label} {min(intensity, 3)}"


def _mood(moment: Moment) -> tuple[str, int]:
    """The emotion to answer. Irony is answered only where there is praise that may not be meant: taken for irony
    by mistake, a plain story would be mocked. A feeling is named only where a word shows it: trouble that is told
    plainly is taken as trouble (``angry 1``)."""
    label, intensity = moment.emotion
    if label == "sarcastic" and moment.told.sincere:
        return "grateful", 1
    if label == "sarcastic" and not moment.told.ironic:
        return ("angry", 1) if intensity >= 2 else ("neutral", 0)
    if label in _REGRET and label not in moment.told.felt:
        return "angry", 1
    return label, intensity


def _names(group: str, moment: Moment) -> list[str]:
    """Names of the lists to choose from; those for the kind of person come first."""
    return [f"{group} {moment.person.kind}", group, f"{group} plain"]


def _choose(
    lists: Mapping[str, Sequence[Pattern]],
    names: Sequence[str],
    slots: Mapping[str, str],
    moment: Moment,
    voice: Voice,
) -> tuple[str, str]:
    """A filled sentence and the name of its list; two empty texts when all that fit began like earlier ones."""
    fitting = [
        (name, pattern)
        for name in names
        for pattern in lists.get(name, ())
        if pattern.slots <= set(slots) and ("fact" not in pattern.slots or _fact_for(pattern, moment))
    ]
    for tier in _TIERS:
        of_tier = [pair for pair in fitting if _tier(pair[1]) == tier]
        sound = [pair for pair in of_tier if _sounds_right(pair[1], moment, voice)]
        for candidates in _by_manner(sound, moment, voice):
            ordered = _shuffled(candidates, moment.seed)
            for name, pattern in _kind_first(ordered, moment):
                said = filled(pattern.text, {**slots, "fact": _fact_for(pattern, moment)})
                if not set(openings(said)) & moment.memory.used:
                    return said, name
    return "", ""


#: Where a fact of several clauses can stand: it ends the sentence, and begins it or stands behind a colon.
_ROOMY = re.compile(r"(?:^|[：:。.，] ?)\{[Ff]act\}(?:[。.，]|$)")


def _fact_for(pattern: Pattern, moment: Moment) -> str:
    """The fact as it fits into this sentence: a long one has a sentence to itself."""
    fact = moment.told.slots.get("fact", "")
    several = "，" in fact or "," in fact
    return fact if not several or _ROOMY.search(pattern.text) else moment.told.single


def _tier(pattern: Pattern) -> tuple[str, ...]:
    return next(tier for tier in _TIERS if not tier or pattern.slots & set(tier))


def _sounds_right(pattern: Pattern, moment: Moment, voice: Voice) -> bool:
    """A grave fact is only ever said back as the person's own account."""
    if not moment.told.grave or "fact" not in pattern.slots:
        return True
    rules = voice.rules[voice.language(moment.language)]
    return any_in(rules.attributed, pattern.text) is not None


def _by_manner(
    pairs: list[tuple[str, Pattern]], moment: Moment, voice: Voice
) -> Iterable[list[tuple[str, Pattern]]]:
    """Those that suit how the person writes, then all: short to short, formal to formal."""
    language = voice.language(moment.language)
    rules = voice.rules[language]
    suited = pairs
    if moment.person.formal:
        suited = [pair for pair in suited if not rules.colloquial.search(pair[1].text)]
    if moment.person.brief:
        suited = [pair for pair in suited if _length(pair[1].text, language) <= _BRIEF[language]]
    return (suited, pairs) if suited != pairs else (pairs,)


def _length(text: str, language: str) -> int:
    bare = _SLOT.sub("", text)
    return len(bare) if language == "zh" else len(bare.split())


def _kind_first(ordered: list[tuple[str, Pattern]], moment: Moment) -> list[tuple[str, Pattern]]:
    """The patterns made for this kind of person in every second conversation; always for a loyal one."""
    own = [pair for pair in ordered if pair[1].kind]
    if own and (moment.person.kind == "L" or _hash(moment.seed, "kind") % 2):
        return [*own, *(pair for pair in ordered if not pair[1].kind)]
    return ordered


def _line(voice: Voice, book: Book, moment: Moment, said: str) -> tuple[str, str]:
    """One more line, if this person in this mood is helped by it."""
    memory = Memory(moment.memory.used | set(openings(said)), moment.memory.apologised)
    after = Moment(moment.language, moment.seed, memory=memory)
    for name in _plan(moment):
        text, _ = _choose(book.steps, [name], {"n": str(moment.questions or 0)}, after, voice)
        if text:
            return text, name
    return "", ""


def _plan(moment: Moment) -> tuple[str, ...]:
    """Names of the lines that suit, best first. Source: handbook, section 5 (emotions, kinds of people)."""
    label, intensity = moment.emotion
    kind = moment.person.kind
    if moment.danger:
        return ()
    if moment.told.grief:
        return ("pace",)
    if label == "angry" and intensity >= 3:
        return ("person",)
    if kind == "I":
        return ("public",)
    if label in _REGRET and intensity >= 2 and kind != "R":
        return ("pace",) if moment.memory.apologised else ("apology",)
    if kind == "R" and not moment.person.brief:
        return ("whole",) if moment.questions is None else ("count",) if moment.questions >= 2 else ()
    if kind == "L":
        return ("history",)
    return ("pace",) if label in ("sad", "anxious") and intensity >= 1 and moment.questions != 0 else ()


def filled(text: str, slots: Mapping[str, str]) -> str:
    """``text`` with its slots filled; what begins an English sentence gets a capital."""

    def value(match: re.Match[str]) -> str:
        name = match[1]
        said = slots[name.lower() if name == "Fact" else name]
        begins = name == "Fact" or match.start() == 0 or text[: match.start()].endswith((". ", '. "'))
        return said[:1].upper() + said[1:] if begins and name != "quote" else said

    return _SLOT.sub(value, text)


def _shuffled(pairs: list[tuple[str, Pattern]], seed: str) -> list[tuple[str, Pattern]]:
    return sorted(pairs, key=lambda pair: _hash(seed, pair[1].text))


def _hash(*parts: str) -> int:
    return int.from_bytes(hashlib.blake2b("\0".join(parts).encode(), digest_size=8).digest(), "big")
