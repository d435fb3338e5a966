"""Questions about how things work: answered from the knowledge base, with source and date, or honestly not.

Outside an intake the offer to file follows, in the middle of one its open question. Which entry a question means is
decided by the librarian.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from rasa_sdk import Tracker

from actions.awaited import awaited, awaits, nothing_awaited
from actions.base import Events, Say
from actions.heard import Heard
from actions.intake.asking import titled
from actions.intake.display import cut
from actions.intake.story import has_story
from actions.librarian import librarian_of
from actions.turn import Turn
from casework.house import House
from casework.knowledge import Entry
from casework.tickets.enquiries import record_question
from casework.tickets.filing import format_moment
from understanding.features import words
from understanding.question import asks

#: Confidence from which a turn is taken as a question about how things work although it was understood as something
#: else. Source: bench/knowledge.py, column "told": few complaints are that near to an entry.
ROUTE_AT = 0.8
#: Longest turn that may be taken so, in characters.
ROUTE_LENGTH = {"zh": 40, "en": 120}
#: Acts a question about how things work is often taken for. The others have a better answer of their own.
ROUTED = (
    "lodge_complaint", "report_violation", "make_suggestion", "inform", "out_of_scope", "help", "ask_why",
    "correct_detail", "dont_know", "affirm", "deny", "give_praise", "goodbye", "rate_service", "confirm_resolved",
    "request_anonymity", "abuse",
)  # fmt: skip
#: The same, where the person has no case of their own that these could be about.
ROUTED_WITHOUT_TICKET = ("supplement_details", "withdraw_complaint", "dispute_result")
#: The same, and only below this confidence: "how far is my complaint?" is about a case even where there is none here.
ROUTED_IF_UNSURE, UNSURE = ("query_progress", "urge_handling"), 0.9
#: What the intake says to a question; the answer takes its place where there is one.
UNKNOWN = "utter_question_unknown_in_intake"

#: Confidence from which a question without a telling is not searched for a complaint; words of a mere address
#: ("你好", "excuse me"), which ask nothing.
_FAIRLY_SURE, _CALL = 0.4, 3
#: A category this likely makes a telling a matter; words by which somebody who has told it asks what now.
_A_MATTER = 0.45
#: Signs that it is about oneself, and not how it works in general.
_OWN = re.compile(
    r"我|俺|咱|你们|他们|昨|今[天早晚]|前天|上周|上个?月|\b(?:i|my|we|our|you|your|they|yesterday|last)\b",
    re.IGNORECASE,
)
_WHAT_NOW = re.compile(
    r"怎么办|咋办|怎么整|咋整|\bwhat (?:should|do|can|shall) (?:i|we) do\b|\bwhat now\b|\bnow what\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[，。！？；,.!?;\n]+(?:\s|$|(?=[\u3400-\u9fff]))")

RECORD = "record"
SHOW = "knowledge"

_Line = TypeVar("_Line", bound=Any)


def today(turn_now: datetime, house: House) -> date:
    return turn_now.astimezone(ZoneInfo(house.zone)).date()


def routed(
    parsed: Mapping[str, Any], text: str, *, house: House, now: datetime, has_tickets: bool
) -> Mapping[str, Any]:
    """Parse data of a turn, with the act corrected where the turn plainly asks what an entry answers."""
    intent = parsed.get("intent") or {}
    if parsed.get("emergency") or not _may_be_routed(
        str(intent.get("name") or ""), float(intent.get("confidence") or 0.0), has_tickets=has_tickets
    ):
        return parsed
    language = _script(text)
    if len(text) > ROUTE_LENGTH[language] or not asks(text) or _tells(text, _likeliest(parsed)):
        return parsed
    found = librarian_of(house.knowledge).look_up(text, language=language, on=today(now, house))
    if found.confidence < ROUTE_AT:
        return parsed
    return {**parsed, "intent": {"name": "ask_question", "confidence": found.confidence}}


def _likeliest(parsed: Mapping[str, Any]) -> float:
    return max((float(item["confidence"]) for item in parsed.get("categories") or ()), default=0.0)


def _tells(text: str, top: float) -> bool:
    """Whether a turn that asks tells a matter of the person's own: it is taken, not answered."""
    told = top >= _A_MATTER and _OWN.search(text) is not None and has_story(text, top_category=top)
    return told and (not _all_ask(text) or _WHAT_NOW.search(text) is not None)


def _may_be_routed(act: str, confidence: float, *, has_tickets: bool) -> bool:
    if act in ROUTED or has_tickets:
        return act in ROUTED
    return act in ROUTED_WITHOUT_TICKET or (act in ROUTED_IF_UNSURE and confidence < UNSURE)


def _script(text: str) -> str:
    return "zh" if any("\u3400" <= char <= "\u9fff" for char in text) else "en"


def spoken(entry: Entry) -> dict[str, str]:
    """The values of ``utter_knowledge``."""
    return {"answer": entry.answer, "source": entry.cited, "date": entry.compared}


def with_answers(lines: Sequence[_Line], turn: Turn, heard: Heard) -> tuple[_Line, ...]:
    """Lines of the intake, with the answer in place of "I have no reliable answer" where there is one."""
    if not any(line.response == UNKNOWN for line in lines):
        return tuple(lines)
    found = librarian_of(turn.house.knowledge).look_up(
        heard.text, language=turn.language, on=today(turn.now, turn.house)
    )
    said: tuple[str, dict[str, str]] = (UNKNOWN, {})
    if found.entry is not None:
        said = ("utter_knowledge", spoken(found.entry))
    return tuple(
        replace(line, response=said[0], values=said[1]) if line.response == UNKNOWN else line
        for line in lines
    )


def pressed(turn: Turn, heard: Heard, say: Say, tracker: Tracker) -> Events | None:
    """A button of an earlier answer of ours, outside an intake; ``None`` when it is none."""
    act, _, key = heard.payload.partition(":")
    if act == SHOW:
        entry = turn.house.knowledge.entry(key, language=say.language, on=today(turn.now, turn.house))
        if entry is None:
            return None
        return _answer(turn, say, entry)
    waiting = awaited(tracker, now=turn.now)
    if act == RECORD and waiting is not None and waiting.act == RECORD:
        return _record(turn, say, waiting.message_ids)
    return None


def answer_first(turn: Turn, heard: Heard, say: Say) -> Events | None:
    """The answer to a plain question, before anybody asks whether it tells a matter; ``None`` when it may."""
    if heard.intent != "ask_question" or not asks(heard.text):
        return None
    if _tells(heard.text, heard.categories[0][1] if heard.categories else 0.0):
        return None
    if _only_asks(heard):
        return answer_outside(turn, heard, say)
    found = librarian_of(turn.house.knowledge).look_up(
        heard.text, language=say.language, on=today(turn.now, turn.house)
    )
    return _answer(turn, say, found.entry) if found.entry and found.confidence >= ROUTE_AT else None


def _only_asks(heard: Heard) -> bool:
    """Whether every clause asks, calmly and shortly: nothing is told beside it."""
    if heard.emotion[1] >= 2 or heard.emergency or len(heard.text) > ROUTE_LENGTH[_script(heard.text)]:
        return False
    return heard.confidence >= _FAIRLY_SURE and _all_ask(heard.text)


def _all_ask(text: str) -> bool:
    return all(asks(clause) for clause in _CLAUSE.split(text) if len(words(clause)) > _CALL)


def answer_outside(turn: Turn, heard: Heard, say: Say) -> Events:
    """The answer, what the question may have meant, or that it is not known and what can be done then."""
    found = librarian_of(turn.house.knowledge).look_up(
        heard.text, language=say.language, on=today(turn.now, turn.house)
    )
    if found.entry is not None:
        return _answer(turn, say, found.entry)
    ways_on = titled(turn.house, say.language, ("record_question", RECORD), ("person", "person"))
    if found.near:
        say("utter_did_you_mean", [*_choices(found.near), *ways_on])
    else:
        say("utter_question_unknown", [*ways_on, *titled(turn.house, say.language, ("complain", "new"))])
    return [awaits(RECORD, now=turn.now, message_ids=heard.message_ids)]


def _answer(turn: Turn, say: Say, entry: Entry) -> Events:
    say("utter_knowledge", **spoken(entry))
    say("utter_offer_to_file", titled(turn.house, say.language, ("complain", "new"), ("person", "person")))
    return [nothing_awaited()]


def _choices(entries: Iterable[Entry]) -> list[dict[str, str]]:
    return [{"title": cut(entry.title, 28), "payload": f"{SHOW}:{entry.key}"} for entry in entries]


def _record(turn: Turn, say: Say, message_ids: tuple[int, ...]) -> Events:
    asked = "\n".join(m.text for m in turn.work.messages.by_ids(message_ids) if m.text)
    if not asked:
        return [nothing_awaited()]
    ticket = record_question(
        turn.work,
        conversation_id=turn.conversation.id,
        complainant_id=turn.conversation.complainant_id,
        question=asked,
        language=say.language,
        calendar=turn.house.calendar,
        now=turn.now,
    )
    turn.ticket = ticket.number
    assert ticket.promise is not None
    due = format_moment(ticket.promise.resolution_at, zone=turn.house.zone, language=say.language)
    say("utter_question_recorded", number=ticket.number, department=ticket.promise.department, due=due)
    return [nothing_awaited()]
