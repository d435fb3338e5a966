"""Telling whether something new is about a case that is known already: same category, same thing, same words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.storage.matching import Sharing
from casework.storage.work import Work
from casework.tickets.marks import Mark
from casework.tickets.model import Actor, Link, Ticket
from casework.tickets.states import OPEN, REOPEN_WINDOW, TERMINAL, Role, State

#: How far back a complaint is a repeat. Source: handling model, section 2.
REPEAT_WINDOW = timedelta(days=90)
#: From this likeness the person is asked; from the second, staff are shown it. Source: product default.
ASK = 0.5
SHOW = 0.35
_WITH_RESULT = frozenset({State.RESOLVED, State.FOLLOWUP, State.CLOSED})
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


#: What speaks for a repeat, and how much; a likeness is 1 at most. Source: product default.
WEIGHTS: Mapping[str, float] = {
    "category": 0.5,
    "kind": 0.25,  # another category of the same kind of trouble
    "object": 0.3,
    "place": 0.3,
    "area": 0.15,
    "party": 0.15,
    "words": 0.5,  # where more than half of what is said is the same
    "again": 0.15,
}
#: Of these only the strongest counts: who names a house names its street, too.
_NAMED = ("object", "place", "area", "party")
#: Earlier tickets of other people that are compared by their words; and of the person.
_OTHERS, _OWN = 10, 20
#: Tickets that name the same, the newest; what came before them tells nothing new.
MOST_ALIKE = 100


@dataclass(frozen=True)
class Told:
    """What was told now. ``categories``: likeliest first, with probabilities; ``objects``: names of things and
    places in it."""

    text: str
    categories: Sequence[tuple[str, float]] = ()
    objects: Sequence[str] = ()


@dataclass(frozen=True)
class Likeness:
    """``value``: 0 to 1; ``reasons``: names of ``WEIGHTS`` that speak for it."""

    value: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Match:
    """``can_join``: the ticket is open and takes a supplement; ``can_contest``: it is over and can be reopened;
    ``over``: it has its result, or none will come."""

    ticket: Ticket
    likeness: float
    can_join: bool
    can_contest: bool
    reasons: tuple[str, ...] = ()

    @property
    def over(self) -> bool:
        return self.ticket.state in TERMINAL or self.ticket.state in _WITH_RESULT


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


def likeness(told: Told, ticket: Ticket, named: Collection[str] = ()) -> Likeness:
    """Category, thing or place or party, words. ``named``: kinds of marks that both have."""
    weights = dict.fromkeys(named, 0.0)
    if told.categories and told.categories[0][1] >= _CATEGORY_SURE:
        code = told.categories[0][0]
        if code == ticket.category:
            weights["category"] = WEIGHTS["category"]
        elif code.rpartition("-")[0] == ticket.category.rpartition("-")[0]:
            weights["kind"] = WEIGHTS["kind"]
    held = " ".join([ticket.description, *(detail.text for detail in ticket.details.values())]).lower()
    if any(len(name) >= 3 and name.lower() in held for name in told.objects):
        weights["object"] = 0.0
    if strongest := max((name for name in _NAMED if name in weights), key=WEIGHTS.__getitem__, default=""):
        weights[strongest] = WEIGHTS[strongest]
    if same := min(1.0, shared(told.text, ticket.description) / 0.6):
        weights["words"] = WEIGHTS["words"] * same
    if weights and _AGAIN.search(told.text):
        weights["again"] = WEIGHTS["again"]
    return Likeness(min(1.0, sum(weights.values())), tuple(weights))


def matches(
    tickets: Iterable[Ticket],
    told: Told,
    *,
    now: datetime,
    at_least: float = ASK,
    named: Mapping[int, Collection[str]] | None = None,
) -> list[Match]:
    """The cases of the last 90 days that this may be about, likeliest first. ``named``: kinds of marks that a
    ticket shares with it."""
    found = []
    for ticket in tickets:
        if now - (ticket.submitted_at or ticket.created_at) > REPEAT_WINDOW or not ticket.description:
            continue
        like = likeness(told, ticket, (named or {}).get(ticket.id, ()))
        if like.value < at_least:
            continue
        over = ticket.state in _WITH_RESULT
        within = ticket.resolved_at is None or now - ticket.resolved_at <= REOPEN_WINDOW
        joins, contests = ticket.state in OPEN and not over, over and within
        found.append(Match(ticket, like.value, joins, contests, like.reasons))
    return sorted(found, key=lambda match: (-match.likeness, -match.ticket.id))


@dataclass(frozen=True)
class Earlier:
    """What a new complaint is like. ``own``: the person's cases; ``others``: other people's of the same place,
    thing or party, for staff alone."""

    own: tuple[Match, ...] = ()
    others: tuple[Match, ...] = ()

    @property
    def input(self) -> int:
        """How it weighs in the priority, 0 to 5. Source: handbook, section 4."""
        if len(self.own) >= 3:
            return 5
        if any(match.ticket.cycle > 1 for match in self.own):
            return 4
        return (0, 2, 3)[len(self.own)]


def alike(work: Work, marks: Sequence[Mark], *, now: datetime) -> list[Sharing]:
    """The newest tickets that name the same, by keyed hashes."""
    return work.matching.sharing(marks, since=now - REPEAT_WINDOW, limit=MOST_ALIKE)


def find(work: Work, draft: Ticket, told: Told, same: Sequence[Sharing], *, now: datetime) -> Earlier:
    """What ``draft`` is like: the person's own newest cases, and those that name the ``same``."""
    named: dict[int, set[str]] = {}
    for sharing in same:
        named.setdefault(sharing.ticket_id, set()).add(sharing.mark.kind)
    own = work.tickets.of_complainant(draft.complainant_id, limit=_OWN)
    foreign = dict.fromkeys(s.ticket_id for s in same if s.complainant_id != draft.complainant_id)
    others = work.tickets.many(list(foreign)[:_OTHERS])
    return Earlier(
        tuple(matches(own, told, now=now, at_least=SHOW, named=named)),
        tuple(matches(others, told, now=now, at_least=SHOW, named=named)),
    )


def link(work: Work, ticket: Ticket, earlier: Earlier, *, now: datetime) -> None:
    """Keep with a new ticket what it is like, how much and why. One that was over makes it a repeat."""
    links = [
        Link(
            match.ticket.id,
            "follows" if match.over else "similar",
            round(match.likeness, 2),
            (*(("person",) if match in earlier.own else ()), *match.reasons),
        )
        for match in (*earlier.own, *earlier.others)
    ]
    work.matching.add_links(ticket.id, links)
    if links:
        numbers = {match.ticket.id: match.ticket.number for match in (*earlier.own, *earlier.others)}
        told = [
            {
                "number": numbers[link.earlier_id],
                "earlier_id": link.earlier_id,
                "kind": link.kind,
                "likeness": link.likeness,
                "reasons": link.reasons,
            }
            for link in links
        ]
        work.tickets.add_event(ticket, action="repeat", actor=Role.BOT.value, now=now, data={"earlier": told})


def is_repeat(links: Iterable[Link]) -> bool:
    """Whether a ticket with these links follows one that was over, and staff have not found that it does not."""
    return any(link.kind == "follows" and link.verdict != OTHER for link in links)


#: What staff make of a suspected repeat: it is about the same matter, or about another one.
SAME, OTHER = "same", "other"


def judge(work: Work, ticket: Ticket, earlier: Ticket, *, verdict: str, by: Actor, now: datetime) -> bool:
    """A member of staff has looked at a suspected repeat. ``False``: nothing says that one is like the other."""
    if verdict not in (SAME, OTHER):
        raise ValueError(f"verdict {verdict!r}: {SAME} or {OTHER}")
    if not work.matching.judge(ticket.id, earlier.id, verdict=verdict, by=by.name):
        return False
    work.tickets.add_event(
        ticket,
        action=f"repeat_{verdict}",
        actor=by.role.value,
        actor_name=by.name,
        now=now,
        data={"number": earlier.number},
    )
    return True
