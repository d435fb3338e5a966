"""What a person told, made fit to be said back to them: a clause in the second person, their very words, a noun.

Left out: questions, wishes, threats, feelings, insults, private data, dangers, and what addresses the
organisation. Better nothing than a fact that reads badly.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any

from casework.words.rules import Rules, any_in

#: Kinds of details whose words can stand in a sentence of ours.
SLOT_KINDS = ("when", "place", "organisation", "duration", "amount")
#: Kinds that say when and where, hardly what.
_SETTING = ("when", "place", "organisation", "window", "phone", "amount")
#: Kinds that are nobody's business in an echo.
_PRIVATE = ("phone", "email", "name", "id_number", "plate", "reference", "staff")
_SHORTEST = {"zh": 4, "en": 12}
_LONGEST_QUOTE = {"zh": 16, "en": 60}
_LONGEST_SLOT = {"zh": 14, "en": 32}
_CUT = re.compile(
    r"[。！？!?；;\n…~～]+|(?<!\d)[.]+(?=\s|$)|(?<=\d)[.](?=\s|$)|(?<=[^\d])[，,、：](?=.)|[，、：]|,(?=\s)|\s-+\s|—+"
)
#: Where a long English sentence has a joint; what follows may be no clause at all, so no quote begins there.
_JOINT = re.compile(r"\s+(?=(?:and|but|because|yet)\s)")
#: Between two clauses of one thought.
_SOFT = re.compile(r"[，,]\s*|\s+")
_OUTER = " \t\"'“”‘’「」『』()（）[]【】,，.。:：;；-—*#>•"
_LOUD_WORD = re.compile(
    r"\b(?:[A-Z]{6,}|ONE|TWO|THREE|FOUR|FIVE|SIX|SEVEN|EIGHT|NINE|TEN|FIRST|THIRD|HOURS?|DAYS?|WEEKS?|NOT|NO|EVERY|NEVER)\b"
)
_QUOTES = re.compile(r"[\"“”「」『』]|'.*'")
#: A space between Chinese characters stands for a comma.
_SPACED = re.compile(r"(?<=[\u3400-\u9fff]) +(?=[\u3400-\u9fff])")
_NEGLIGIBLE = re.compile(r"[^\w\u3400-\u9fff]+")
_ENGLISH_ONLY = re.compile(r"[\u3400-\u9fff]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_PREPOSITION = re.compile(
    r"(?:在|于|到|on|at|in|since|from|around|about|for|by|near)\s*(?=\S)", re.IGNORECASE
)


@dataclass(frozen=True)
class Told:
    """``slots``: what a pattern may be filled with. ``single``: the best fact of one clause, for the middle of a
    sentence. ``grave``: the fact accuses somebody, so it is said back only
    as what the person says. ``grief``: somebody has died. ``sincere``: thanks that are meant. ``ironic``: praise
    that may not be. ``felt``: feelings that the words show plainly."""

    slots: Mapping[str, str] = field(default_factory=dict)
    single: str = ""
    grave: bool = False
    grief: bool = False
    sincere: bool = False
    ironic: bool = False
    felt: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Clause:
    text: str
    start: int
    end: int
    soft: bool  #: only a comma stands between it and the next one


def told_by(text: str, rules: Rules, *, details: Sequence[tuple[str, str]] = (), script: str = "") -> Told:
    """What ``text`` offers to be said back. ``details``: kind and words of what was heard in it. ``script``:
    ``hant`` where it is in Traditional characters; what is said back is in Simplified ones (see ``mirror``)."""
    if script == "hant":
        text, details = simplified(text), [(kind, simplified(words)) for kind, words in details]
    grief = any_in(rules.grief, text) is not None
    if grief:
        return Told(grief=True)
    said = _calm(text) if rules.language == "en" else _SPACED.sub("，", text)
    slots: dict[str, str] = {}
    fact, single = _best_facts(said, rules, details)
    if fact:
        slots["fact"] = fact
    else:
        quote = _best_quote(said, rules, details)
        if quote:
            slots["quote"] = quote
    topic = _topic(said, rules)
    if topic and not fact:
        slots["topic"] = topic
        slots.pop("quote", None)  # a noun is no sentence to be quoted
    for kind, words in details:
        value = _slot(kind, words, rules)
        if value and kind not in slots and value not in slots.get("fact", ""):
            slots[kind] = value
    grave = any_in(rules.accuses, fact + single) is not None
    return Told(
        slots,
        single=single,
        grave=grave,
        sincere=any_in(rules.sincere, text) is not None,
        ironic=any_in(rules.avoid["irony"], text) is not None,
        felt=frozenset(label for label, patterns in rules.felt.items() if any_in(patterns, text)),
    )


@lru_cache(maxsize=1)
def _to_simplified() -> Any:
    from opencc import OpenCC  # its tables take 40 ms to read, for those who need them

    return OpenCC("t2s")


def simplified(text: str) -> str:
    """Traditional to Simplified characters, in which the rules are written."""
    return str(_to_simplified().convert(text))


def _calm(text: str) -> str:
    """``text`` without shouting: capitals throughout become small letters."""
    letters = [char for char in text if char.isalpha()]
    loud = len(letters) >= 8 and sum(char.isupper() for char in letters) > 0.6 * len(letters)
    text = text.lower() if loud else text.replace("’", "'")
    return _LOUD_WORD.sub(lambda match: match.group().lower(), text)


def _best_facts(text: str, rules: Rules, details: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """The best fact of up to three clauses, and the best of one. Of several clauses only those that tell the
    trouble count: the story that leads up to it, said back alone, sounds like not having listened."""
    candidates: list[tuple[float, str]] = []
    singles: list[tuple[float, str]] = []
    text = _without_questions(text)
    clauses = _clauses(text, joints=rules.language == "en")
    for first in range(len(clauses)):
        for last in range(first, min(first + 3, len(clauses))):
            if last > first and not clauses[last - 1].soft:
                break
            raw = text[clauses[first].start : clauses[last].end]
            parts = [clause.text for clause in clauses[first : last + 1]]
            found = _fact(raw, parts, rules, details)
            spliced = bool(found) and _spliced(clauses[first : last + 1], text, rules)
            if found and not spliced and (len(clauses) == 1 or any_in(rules.trouble, found)):
                if first and rules.hanging.search(found):
                    continue
                ends_well = any_in(rules.trouble, clauses[last].text) is not None
                candidates.append((_worth(found, rules) - (0.0 if ends_well else 0.4), found))
                if first == last or (rules.language == "en" and "," not in found):
                    singles.append(candidates[-1])
    return _best(candidates), _best(singles)


_WHOLE_SENTENCE = re.compile(r"[^。！？!?;；\n.]+[。！？!?;；\n.]*")


def _without_questions(text: str) -> str:
    """``text`` with blanks for sentences that ask: they are no telling, not even in their first clause."""

    def told(match: re.Match[str]) -> str:
        return " " * len(match.group()) if "?" in match.group() or "？" in match.group() else match.group()

    return _WHOLE_SENTENCE.sub(told, text)


def _spliced(clauses: list[_Clause], text: str, rules: Rules) -> bool:
    """Whether English clauses that could stand alone are joined by a mere comma."""
    if rules.language != "en":
        return False
    return any(
        "," in text[a.end : b.start] and _is_clause(b.text.strip(_OUTER), rules) for a, b in pairwise(clauses)
    )


def _best(candidates: list[tuple[float, str]]) -> str:
    return max(candidates, key=lambda pair: (pair[0], -len(pair[1])), default=(0.0, ""))[1]


def _clauses(text: str, *, joints: bool = False) -> list[_Clause]:
    found, start = [], 0
    cuts = [*_CUT.finditer(text), *(_JOINT.finditer(text) if joints else ())]
    for match in (*sorted(cuts, key=lambda cut: cut.start()), None):
        end = match.start() if match else len(text)
        piece = text[start:end]
        if piece.strip(_OUTER):
            soft = bool(match and _SOFT.fullmatch(match.group()))
            found.append(_Clause(piece, start, end, soft))
        start = match.end() if match else end
    return found


def _fact(raw: str, parts: list[str], rules: Rules, details: Sequence[tuple[str, str]]) -> str:
    """``raw`` as a clause in the second person; empty where it is not fit for that."""
    clean = cleaned(raw, rules)
    if not _SHORTEST[rules.language] <= len(clean) <= rules.limit or _QUOTES.search(clean):
        return ""
    # "and now it's November" is vague alone and tells much behind another clause.
    if any(
        _unfit(cleaned(part, rules), rules, details, skip="vague" if i else "")
        for i, part in enumerate(parts)
    ):
        return ""
    if _only_setting(clean, details) or (rules.language == "en" and _ENGLISH_ONLY.search(clean)):
        return ""
    if rules.language == "zh" and len(_HAN.findall(clean)) < 0.5 * len(clean):
        return ""
    if rules.language == "en" and (sent := _TO_ME.match(clean)):
        clean = f"I was {sent[1].lower()}{clean[sent.end() :]}"
    elif rules.bare.search(clean):
        clean = ("您" if rules.language == "zh" else "I ") + clean[:1].lower() + clean[1:]
        clean = re.sub(r"^I (been)\b", r"I've \1", clean)
    elif rules.passive and rules.passive.search(clean):
        clean = f"I was {clean[:1].lower()}{clean[1:]}"
    elif not _is_clause(clean, rules):
        return ""
    return second_person(clean, rules)


#: Done to the person by somebody named before: "sent me home" is "you were sent home".
_TO_ME = re.compile(
    r"(sent|told|charged|promised|asked|left|kept|refused|ignored|given|offered|billed|transferred) (?:me|us)\b",
    re.IGNORECASE,
)


def cleaned(clause: str, rules: Rules) -> str:
    """A clause without its opening words ("and then", "我要投诉"), its last particles and what is around it."""
    text = clause.strip(_OUTER).strip()
    for _ in range(5):
        before = text
        for pattern in rules.strip_start:
            if (match := pattern.match(text)) and match.end() < len(text):
                text = text[match.end() :].strip(_OUTER)
        if text == before:
            break
    for pattern in rules.strip_end:
        text = pattern.sub("", text).strip(_OUTER)
    return " ".join(text.split())


def _unfit(clause: str, rules: Rules, details: Sequence[tuple[str, str]], *, skip: str = "") -> bool:
    addressed_free = _without_address(clause, rules)
    if rules.plural.search(clause):
        return True
    for kind, patterns in rules.avoid.items():
        if kind != skip and any_in(patterns, addressed_free if kind == "addressed" else clause):
            return True
    return any(kind in _PRIVATE and words in clause for kind, words in details if words)


def _without_address(clause: str, rules: Rules) -> str:
    """``clause`` after the swaps that take "your" off the organisation's own things."""
    for pattern, new in rules.swap:
        if "您" not in new and "you" not in new:
            clause = pattern.sub(new, clause)
    return clause


def second_person(clause: str, rules: Rules) -> str:
    """``clause`` as we would say it to the one who said it: my bins -> your bins, 我家 -> 您家."""
    had_own_subject = clause[:2] in ("I ", "I'")
    for pattern, new in rules.swap:
        clause = pattern.sub(new, clause)
    clause = " ".join(clause.split()) if rules.language == "en" else clause.strip()
    first_word = clause.split(" ", 1)[0].lower().strip(",")
    if rules.language == "en" and (had_own_subject or first_word in rules.plain):
        clause = clause[:1].lower() + clause[1:]
    return clause.replace("您您", "您")


_NO_NAME = re.compile(
    r".*(?:ed|ing|ly)|on|in|at|by|for|from|with|without|inside|outside|under|over|if|when|as|to|of|not|very|so|too|such"
)


def _is_clause(clean: str, rules: Rules) -> bool:
    if rules.subject is None or rules.verb is None:
        return True
    first = clean.split(" ", 1)[0]
    named = first[:1].isupper() and not first.isupper() and not _NO_NAME.fullmatch(first.lower())
    begins = rules.subject.search(clean)
    behind = 0 if "'" in first else len(first)
    return bool((begins or named) and rules.verb.search(clean, behind))


def _only_setting(clause: str, details: Sequence[tuple[str, str]]) -> bool:
    """Whether a clause says when and where, and hardly what."""
    said = sum(len(words) for kind, words in details if kind in _SETTING and words in clause)
    return said >= 0.7 * len(clause)


def _worth(fact: str, rules: Rules) -> float:
    """How much a fact tells: length up to what is read at a glance, figures and times, less for mere judgement."""
    length = len(fact) / rules.limit
    concrete = sum(0.35 for pattern in rules.concrete if pattern.search(fact))
    concrete += 0.25 if any_in(rules.trouble, fact) else 0.0
    judged = 0.3 if any_in(rules.opinion, fact) else 0.0
    return min(length, 0.75) + concrete - judged - (0.15 if length > 0.85 else 0.0)


def _best_quote(text: str, rules: Rules, details: Sequence[tuple[str, str]]) -> str:
    """The person's own words, where they make no clause of ours; no feeling is quoted either."""
    longest, shortest = _LONGEST_QUOTE[rules.language], _SHORTEST[rules.language] - 1
    fit = []
    for clause in _clauses(text):
        words = cleaned(clause.text, rules)
        odd = (
            _QUOTES.search(words)
            or _unfit(words, rules, details, skip="dialect")
            or _only_setting(words, details)
        )
        own_language = bool(_HAN.search(words)) == (rules.language == "zh")
        if (
            shortest <= len(words) <= longest
            and not odd
            and own_language
            and len(_NEGLIGIBLE.sub("", words)) >= 4
            and any_in(rules.trouble, words)
        ):
            fit.append(words)
    return max(fit, key=lambda words: _worth(words, rules), default="")


def _topic(text: str, rules: Rules) -> str:
    """The noun a complaint is about ("complain about the noise"), in the second person."""
    match = rules.topic.search(text) if rules.topic else None
    if match is None:
        return ""
    topic = cleaned(match[1], rules)
    if _unfit(topic, rules, ()) or _QUOTES.search(topic) or len(topic) < 4:
        return ""
    return second_person(topic, rules)


def _slot(kind: str, words: str, rules: Rules) -> str:
    if kind not in SLOT_KINDS or not words:
        return ""
    value = (
        _PREPOSITION.sub("", words.strip(_OUTER), count=1)
        if _PREPOSITION.match(words.strip(_OUTER))
        else words
    )
    value = value.strip(_OUTER)
    own_language = bool(_HAN.search(value)) == (rules.language == "zh") or kind == "amount"
    if kind == "amount" and re.fullmatch(r"[\d.,]+", value):
        return ""  # "30" alone says nothing
    if not 2 <= len(value) <= _LONGEST_SLOT[rules.language] or not own_language:
        return ""
    if kind == "when" and any_in(rules.undated, value):
        return ""
    if any_in(rules.avoid["private"], value) or any_in(rules.avoid["addressed"], value):
        return ""
    return second_person(value, rules) if kind != "amount" else value
