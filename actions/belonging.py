"""The front door of an intake: does the story belong to a case the person already has? If so, the person decides."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction

from actions.awaited import Awaited, awaits, nothing_awaited
from actions.base import Events, Say
from actions.heard import Heard
from actions.intake.asking import titled
from actions.intake.form import draft_of, say_lines
from actions.intake.listening import Listener
from actions.intake.story import has_story
from actions.intake.words import with_words
from actions.tickets import Dispute, moment, say_next
from actions.turn import Turn
from actions.which import summary
from casework.tickets import acts
from casework.tickets.alarms import drop_draft
from casework.tickets.model import Intake, Ticket
from casework.tickets.repeats import OBJECTS, Match, Told, matches
from casework.tickets.states import OPEN, Refused

#: What is told so soon after filing is likely about the same matter. Source: product default.
JUST_FILED = timedelta(minutes=10)
#: Probability of another category from which it is not. Source: product default.
_SURELY = 0.5

EXPLICITLY_NEW = re.compile(
    r"另外(?:还有|再|一)|另一[件个]|还有一[件个]|别的事|新的(?:投诉|事)|再投诉一|第二件|不是(?:那|上次|之前)|"
    r"\b(?:another|a different|a new|separate|second) (?:complaint|matter|issue|problem|thing|one)\b|something else",
    re.IGNORECASE,
)
_SAME = re.compile(
    r"同一|一样的?事|就是(?:那|这|它|上次|之前)|上次那|之前那|那件|还是(?:那|上次|之前)|并(?:进去|到|在)|加(?:进去|到|上)|合并|"
    r"\b(?:same|that one|the old one|add it|join|merge|the earlier one|the first one)\b",
    re.IGNORECASE,
)
_NEW = re.compile(
    r"新的|另一|另外|别的|不同|不一样|不是(?:同|一|那)|单独|分开|重新报|"
    r"\b(?:new|different|another|separate|not the same|other)\b",
    re.IGNORECASE,
)


def intake_goes_on() -> Events:
    return [nothing_awaited(), FollowupAction("intake_form")]


def begin(turn: Turn, heard: Heard, say: Say, tracker: Tracker) -> Events:
    """Ask whether a story belongs to a case, or let the intake have it."""
    match = None if _is_plainly_new(turn, heard) else _match(turn, heard)
    if match is None:
        return intake_goes_on()
    listener = Listener(house=turn.house, now=turn.now, language=turn.language)
    listened = listener.listen(Intake(), heard)
    if listened.outcome or not listened.intake.description:
        return intake_goes_on()
    draft = draft_of(turn)
    turn.work.tickets.save_draft(draft.id, listened.intake, language=turn.language, now=turn.now)
    say_lines(with_words(listened, Intake(), heard, turn), turn, say)
    _offer(match, turn, say)
    # The policies know no action after this one: without it they would go on predicting.
    return [awaits("same", match.ticket.number, now=turn.now), FollowupAction("action_listen")]


def _is_plainly_new(turn: Turn, heard: Heard) -> bool:
    danger = heard.emergency is not None and heard.emergency.get("level") == "P0"
    waits = turn.work.tickets.draft(turn.conversation.id)
    half_told = waits is not None and waits.intake is not None and bool(waits.intake.description)
    top = heard.categories[0][1] if heard.categories else 0.0
    return bool(
        danger
        or half_told
        or heard.payload
        or heard.is_act("make_suggestion", "start_over", at_least=0.5)
        or EXPLICITLY_NEW.search(heard.text)
        or not has_story(heard.text, top_category=top)
    )


def told_in(turn: Turn, heard: Heard) -> Told:
    known = [(code, p) for code, p in heard.categories if code in turn.house.packs.codes]
    return Told(heard.text, known, [d.text for d in heard.details if d.kind in OBJECTS])


def _match(turn: Turn, heard: Heard) -> Match | None:
    mine = turn.work.tickets.of_complainant(turn.conversation.complainant_id)
    told = told_in(turn, heard)
    found = [m for m in matches(mine, told, now=turn.now) if m.can_join or m.can_contest]
    if found:
        return found[0]
    newest = next((t for t in mine if t.state in OPEN), None)
    if (
        newest is not None
        and not plainly_elsewhere(told, newest)
        and turn.now - (newest.submitted_at or newest.created_at) <= JUST_FILED
    ):
        return Match(newest, 0.0, can_join=True, can_contest=False)
    return None


def plainly_elsewhere(told: Told, ticket: Ticket) -> bool:
    """Whether what is told now is surely of another kind."""
    if not told.categories:
        return False
    code, sure = told.categories[0]
    return sure >= _SURELY and code.rpartition("-")[0] != ticket.category.rpartition("-")[0]


def _offer(match: Match, turn: Turn, say: Say) -> None:
    ticket, language = match.ticket, say.language
    join = ("join", f"join:{ticket.number}") if match.can_join else ("reopen", f"join:{ticket.number}")
    say(
        "utter_same_case" if match.can_join else "utter_same_case_over",
        titled(turn.house, language, join, ("its_new", "new_case")),
        number=ticket.number,
        filed=moment(ticket.submitted_at or ticket.created_at, turn, say),
        summary=summary(ticket, 30 if language == "zh" else 60),
        state=turn.house.states[ticket.state.value].in_(language),
    )


def answer_same(turn: Turn, heard: Heard, say: Say, waiting: Awaited) -> Events | None:
    """The answer to "is this the same case?"."""
    draft = turn.work.tickets.draft(turn.conversation.id)
    if draft is None or draft.intake is None:
        return None
    if heard.payload and heard.payload.partition(":")[0] not in ("new_case", "join", "cancel", "new"):
        return None
    said = heard.text if not heard.payload else ""
    if heard.payload in ("new_case", "new") or (said and len(said) <= 30 and _says_new(heard, said)):
        turn.listened.add(heard.message_id)  # a yes or no is not part of the story
        return intake_goes_on()
    number = acts.find_number(heard.payload) or waiting.number
    joins = heard.payload.startswith("join:") or (said and len(said) <= 30 and _says_same(heard, said))
    if joins:
        mine = turn.work.tickets.of_complainant(turn.conversation.complainant_id)
        ticket = next((t for t in mine if t.number == number), None)
        return _join(turn, heard, say, ticket, draft) if ticket is not None else intake_goes_on()
    if heard.payload == "cancel" or heard.is_act("cancel_intake", at_least=0.7):
        drop_draft(turn.work, draft, now=turn.now)
        say("utter_cancelled")
        return [nothing_awaited()]
    if heard.is_act("query_progress", "urge_handling", "request_human", "privacy_request", at_least=0.7):
        return None
    if heard.is_act("supplement_details", "dispute_result", at_least=0.5) and said:
        mine = turn.work.tickets.of_complainant(turn.conversation.complainant_id)
        ticket = next((t for t in mine if t.number == number), None)
        if ticket is not None:  # more to the same matter is an answer, too
            return _join(turn, heard, say, ticket, _with_more(draft, heard))
    return intake_goes_on()  # more of the story: it is a complaint of its own until the person says otherwise


def _with_more(draft: Ticket, heard: Heard) -> Ticket:
    intake = draft.intake or Intake()
    return replace(
        draft,
        intake=replace(
            intake,
            description=(*intake.description, heard.text),
            message_ids=(*intake.message_ids, *heard.message_ids),
        ),
    )


def _says_new(heard: Heard, said: str) -> bool:
    return _NEW.search(said) is not None or (len(said) <= 12 and heard.is_act("deny", at_least=0.5))


def _says_same(heard: Heard, said: str) -> bool:
    return _SAME.search(said) is not None or (len(said) <= 12 and heard.is_act("affirm", at_least=0.5))


def _join(turn: Turn, heard: Heard, say: Say, ticket: Ticket, draft: Ticket) -> Events:
    """Put what was told into the case that exists, instead of opening a second one."""
    intake = draft.intake or Intake()
    text = "\n".join(intake.description)
    details = {key: value.display for key, value in intake.details.items() if key != "what"}
    data: dict[str, Any] = {"repeat": True, **({"details": details} if details else {})}
    turn.ticket = ticket.number
    try:
        if ticket.state in OPEN and not Dispute().fits(ticket):
            changed, _ = acts.supplement(
                turn.work,
                ticket,
                text=text,
                message_ids=intake.message_ids,
                now=turn.now,
                calendar=turn.house.calendar,
                data=data,
            )
            say("utter_joined", number=ticket.number)
            say_next(acts.progress(turn.work, changed), turn, say)
        else:
            Dispute().confirmed(turn, say, ticket, text=text, message_ids=intake.message_ids)
    except Refused:
        turn.listened.add(heard.message_id)
        return intake_goes_on()
    turn.work.tickets.drop_draft(draft.id)
    return [nothing_awaited()]
