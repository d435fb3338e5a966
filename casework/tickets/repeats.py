"""Telling whether something new is about a case the same person has already: same category, same thing, same words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from casework.storage.work import Work
from casework.tickets.model import Ticket
from casework.tickets.states import OPEN, REOPEN_WINDOW, Role, State

#: How far back a complaint is a repeat. Source: handling model, section 2.
REPEAT_WINDOW = timedelta(days=90)
#: From this likeness the person is asked; from the second, staff are shown it. Source: product default.
ASK = 0.5
SHOW = 0.35
#: A likeliest category below this says nothing about what the words are about.
_CATEGORY_SURE = 0.4
#: Kinds of details that name a thing or a place: the same one in two complaints is hardly chance.
OBJECTS = ("reference", "place", "organisation", "plate")

#: Words by which people say themselves that it happened before.
_AGAIN = re.compile(
    r"又|还是|仍然?|依旧|依然|再次|还没|照样|老样子|上次|之前|反复|屡次|"
    r"\b(?:again|still|yet another|once more|same|keeps?)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z][a-z'-]{2,}|\d{2,}")
#: What is said about saying it, which every complaint has.
_SAYING_ZH = re.compile(
    r"我?(?:要|想|来)?(?:投诉|投訴|举报|反映|反应|说)(?:一下|一个)?|我想|我要|你们|麻烦|请问|怎么|还是|今天|昨天"
)
_HAN = re.compile(r"[\u3400-\u9fff]+")
_COMMON = frozenset(
    [
        "the",
        "and",
        "was",
        "were",
        "for",
        "with",
        "that",
        "this",
        "not",
        "you",
        "your",
        "they",
        "them",
        "have",
        "has",
        "had",
        "are",
        "but",
        "our",
        "out",
        "from",
        "when",
        "then",
        "there",
        "been",
        "what",
        "which",
        "about",
        "would",
        "could",
        "after",
        "before",
        "still",
        "again",
        "just",
        "because",
        "all",
        "any",
        "its",
        "his",
        "her",
        "she",
        "him",
        "got",
        "get",
        "want",
        "complaint",
        "complain",
        "please",
    ]
)


@dataclass(frozen=True)
class Told:
    """What was told now. ``categories``: likeliest first, with probabilities; ``objects``: names of things and
    places in it."""

    text: str
    categories: Sequence[tuple[str, float]] = ()
    objects: Sequence[str] = ()


@dataclass(frozen=True)
class Match:
    """``can_join``: the ticket is open and takes a supplement; ``can_contest``: it is over and can be reopened."""

    ticket: Ticket
    likeness: float
    can_join: bool
    can_contest: bool


def pieces(text: str) -> frozenset[str]:
    """What two texts can have in common: pairs of Chinese characters, English words, longer numbers."""
    lower = text.lower()
    found = {word for word in _WORD.findall(lower) if word not in _COMMON}
    for run in _HAN.findall(_SAYING_ZH.sub(" ", lower)):
        found |= {run[i : i + 2] for i in range(len(run) - 1)}
    return frozenset(found)


def shared(one: str, other: str) -> float:
    """Share of the shorter text's pieces that the other one has, 0 to 1; 0 when either says next to nothing."""
    first, second = pieces(one), pieces(other)
    least = min(len(first), len(second))
    return len(first & second) / least if least >= 3 else 0.0


def likeness(told: Told, ticket: Ticket) -> float:
    """0 to 1: category, thing or place, words. Source of the weights: product default."""
    value = 0.0
    if told.categories and told.categories[0][1] >= _CATEGORY_SURE:
        code = told.categories[0][0]
        if code == ticket.category:
            value += 0.5
        elif code.rpartition("-")[0] == ticket.category.rpartition("-")[0]:
            value += 0.25
    held = " ".join([ticket.description, *(detail.text for detail in ticket.details.values())]).lower()
    if any(len(name) >= 3 and name.lower() in held for name in told.objects):
        value += 0.3
    value += 0.5 * min(1.0, shared(told.text, ticket.description) / 0.6)
    if value > 0 and _AGAIN.search(told.text):
        value += 0.15
    return min(1.0, value)


def matches(tickets: Iterable[Ticket], told: Told, *, now: datetime, at_least: float = ASK) -> list[Match]:
    """The person's cases of the last 90 days that this may be about, likeliest first."""
    found = []
    for ticket in tickets:
        if now - (ticket.submitted_at or ticket.created_at) > REPEAT_WINDOW or not ticket.description:
            continue
        value = likeness(told, ticket)
        if value < at_least:
            continue
        over = ticket.state in (State.RESOLVED, State.FOLLOWUP, State.CLOSED)
        within = ticket.resolved_at is None or now - ticket.resolved_at <= REOPEN_WINDOW
        found.append(Match(ticket, value, ticket.state in OPEN and not over, over and within))
    return sorted(found, key=lambda match: (-match.likeness, -match.ticket.id))


def repeat_input(earlier: Sequence[Match], *, reopened: bool = False) -> int:
    """How a repeat weighs in the priority, 0 to 5. Source: handbook, section 4."""
    if len(earlier) >= 3:
        return 5
    if reopened:
        return 4
    return {0: 0, 1: 2, 2: 3}[len(earlier)]


def link(work: Work, ticket: Ticket, earlier: Sequence[Match], *, now: datetime) -> None:
    """Note on a new ticket which of the person's cases it seems to follow, for staff."""
    if earlier:
        data: dict[str, Any] = {
            "follows": [match.ticket.number for match in earlier],
            "likeness": [round(match.likeness, 2) for match in earlier],
        }
        work.tickets.add_event(ticket, action="repeat", actor=Role.BOT.value, now=now, data=data)
