"""What is wrong with a cue that compiles: it may run away. Only a check asks; loading does not measure.

A cue is searched in every message, so one that backtracks without end lets one person's odd message hold up
everybody else's. Two looks: repetitions without an end are refused as written, and what is left is timed on
texts made from the pattern itself, short ones first.
"""

from __future__ import annotations

import re
import sre_constants  # with Python 3.11 both move to re._constants and re._parser
import sre_parse
import time
from collections.abc import Callable, Iterator
from typing import Any

#: Longest message that is read. Source: product default.
LONGEST = 5000
#: CPU seconds one search may take. Source: the slowest of the shipped cues takes 0.008 on the longest message.
LIMIT = 0.1

# Small steps first: a search that doubles with each character is met while it still ends.
_LENGTHS = (*range(8, 41, 2), 80, 160, 320, 640, 1280, 2560, LONGEST)
_SEEDS = ("a", "1", "一", "我说", "a ", "1-", " ", "\n")
_PROBES = "a1我一-' 。.x,\n“"
#: Most ways a branch is followed when texts are made; more would only repeat themselves.
_MOST = 4


def faults(pattern: str, *, clock: Callable[[], float] = time.thread_time) -> Iterator[tuple[str, str, str]]:
    """What was expected, what was found, and the cure; none for a harmless pattern or one that is no regex."""
    try:
        parsed = sre_parse.parse(pattern, re.IGNORECASE)
    except re.error:
        return
    if _is_open_ended(parsed):
        yield (
            "repetitions with an end",
            f"*, + or {{n,}} in {pattern!r}",
            "Write {0,20} in place of * and {1,20} in place of +",
        )
    elif (slow := _slowest(pattern, parsed, clock)) is not None:
        yield (
            f"a pattern that searches any message within {LIMIT} s",
            f"{slow} for {pattern!r}",
            "Do not repeat a group that itself holds a repetition; let neighbouring parts begin differently",
        )


def _is_open_ended(node: Any) -> bool:
    return any(high is sre_constants.MAXREPEAT for _, (_, high), _ in _repeats(node, ("",)))


def _slowest(pattern: str, parsed: Any, clock: Callable[[], float]) -> str | None:
    compiled = re.compile(pattern, re.IGNORECASE)
    for start, seed in dict.fromkeys((*(("", seed) for seed in _SEEDS), *_pumps(parsed))):
        for length in _LENGTHS:
            text = start + (seed * length)[:length] + "\0"
            before = clock()
            compiled.search(text)
            spent = clock() - before
            if spent > LIMIT:
                return f"{spent:.1f} s on {length} characters of {seed!r}"
    return None


def _pumps(parsed: Any) -> Iterator[tuple[str, str]]:
    """What leads into each repetition, and what it repeats."""
    for starts, _, body in _repeats(parsed, ("",)):
        for seed in _samples(body):
            if seed:
                yield from ((start, seed) for start in starts)


def _repeats(node: Any, starts: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], tuple[int, Any], Any]]:
    """Every repetition below ``node``: texts that lead to it, its bounds, its body."""
    for op, value in node:
        if op in (sre_constants.MAX_REPEAT, sre_constants.MIN_REPEAT):
            low, high, body = value
            if high is sre_constants.MAXREPEAT or high > 1:
                yield starts, (low, high), body
            yield from _repeats(body, starts)
        elif op is sre_constants.SUBPATTERN:
            yield from _repeats(value[-1], starts)
        elif op is sre_constants.BRANCH:
            for way in value[1]:
                yield from _repeats(way, starts)
        elif op in (sre_constants.ASSERT, sre_constants.ASSERT_NOT):
            yield from _repeats(value[1], starts)
        starts = _joined(starts, _sample(op, value))


def _samples(node: Any) -> tuple[str, ...]:
    """A few texts that the sequence ``node`` matches."""
    found: tuple[str, ...] = ("",)
    for op, value in node:
        found = _joined(found, _sample(op, value))
    return found


def _sample(op: Any, value: Any) -> tuple[str, ...]:
    if op is sre_constants.LITERAL:
        return (chr(value),)
    if op is sre_constants.NOT_LITERAL:
        return (next(probe for probe in _PROBES if ord(probe) != value),)
    if op is sre_constants.ANY:
        return ("a",)
    if op is sre_constants.IN:
        return (_member(value),)
    if op is sre_constants.SUBPATTERN:
        return _samples(value[-1])
    if op is sre_constants.BRANCH:
        return tuple(sample for way in value[1] for sample in _samples(way)[:1])[:_MOST]
    if op in (sre_constants.MAX_REPEAT, sre_constants.MIN_REPEAT):
        low, _, body = value
        return tuple(sample * max(1, low) for sample in _samples(body))
    return ("",)


def _member(parts: Any) -> str:
    """One character of a set: a common one that it holds, else the first it names."""
    inside = parts[1:] if parts and parts[0][0] is sre_constants.NEGATE else parts
    negated = inside is not parts
    for probe in _PROBES:
        if any(_holds(part, probe) for part in inside) is not negated:
            return probe
    return next((chr(value) for op, value in inside if op is sre_constants.LITERAL), "")


_CLASSES = {
    sre_constants.CATEGORY_DIGIT: r"\d",
    sre_constants.CATEGORY_NOT_DIGIT: r"\D",
    sre_constants.CATEGORY_SPACE: r"\s",
    sre_constants.CATEGORY_NOT_SPACE: r"\S",
    sre_constants.CATEGORY_WORD: r"\w",
    sre_constants.CATEGORY_NOT_WORD: r"\W",
}


def _holds(part: Any, char: str) -> bool:
    op, value = part
    if op is sre_constants.LITERAL:
        return bool(ord(char) == value)
    if op is sre_constants.RANGE:
        return bool(value[0] <= ord(char) <= value[1])
    return op is sre_constants.CATEGORY and re.match(_CLASSES[value], char) is not None


def _joined(heads: tuple[str, ...], tails: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(head + tail for head in heads for tail in tails or ("",)))[:_MOST]
