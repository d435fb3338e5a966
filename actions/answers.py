"""Answers to what was asked outside the intake: yes and no, which one, the digits, the reason, what to add."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from rasa_sdk import Tracker

from actions.awaited import Awaited, awaited, nothing_awaited
from actions.base import Events, Say
from actions.belonging import EXPLICITLY_NEW, answer_same, plainly_elsewhere, told_in
from actions.heard import Heard
from actions.own_data import answer_forget
from actions.person import answer_person
from actions.rating import ConfirmSolved, Rate
from actions.tickets import (
    Dispute,
    QueryProgress,
    Restore,
    Supplement,
    TicketAct,
    Urge,
    Withdraw,
    gives_a_reason,
    look_up,
    say_next,
)
from actions.turn import Turn
from actions.which import pick
from casework.notices.kinds import KINDS
from casework.packs.model import AGREES
from casework.tickets import acts, survey
from casework.tickets.model import Ticket
from casework.tickets.states import Refused, State
from understanding.rating import begins_with_mark, parse_rating

ACTS: Mapping[str, Callable[[], TicketAct]] = {
    act.act_name: act
    for act in (QueryProgress, Urge, Supplement, Withdraw, Restore, Dispute, ConfirmSolved, Rate)
}
_TAIL = re.compile(r"(?<!\d)(\d{4})(?!\d)")
#: Acts that are never an answer to a question for words, however they were understood.
_ELSEWHERE = ("request_human", "query_progress", "privacy_request", "switch_language", "help", "start_over")


def answer_awaited(turn: Turn, heard: Heard, say: Say, tracker: Tracker) -> Events | None:
    """Deal with the turn as the answer to what was asked; ``None`` when it is none."""
    if heard.emergency and heard.emergency.get("level") == "P0":
        return None
    noticed = asked_by_notice(turn)
    if noticed is not None:
        events = _HANDLERS[noticed.act](turn, heard, say, noticed)
        if events is not None:
            return events
    waiting = awaited(tracker, now=turn.now)
    if waiting is None:
        return None
    if waiting.act in ACTS and not waiting.number:
        return _which(turn, heard, say, waiting)
    handler = _HANDLERS.get(waiting.act)
    return handler(turn, heard, say, waiting) if handler else None


def says_yes(heard: Heard) -> bool:
    return heard.is_act("affirm", at_least=0.4) or _YES.match(heard.text) is not None


def says_no(heard: Heard) -> bool:
    return heard.payload == "keep" or heard.is_act("deny", "cancel_intake", at_least=0.4)


_YES = re.compile(
    r"\s*(?:对|是|嗯|好|行|可以|确定|确认|没错|yes\b|yeah\b|yep\b|sure\b|right\b|ok\b)", re.IGNORECASE
)


#: Newest messages that are looked through for a notice that asks something.
_LATELY = 6


def asked_by_notice(turn: Turn) -> Awaited | None:
    """What the notices ask that were the last thing said before this turn, the newest first; no dialogue was open when
    they went out, so that nothing remembers it but they themselves."""
    before = turn.messages[0].seq if turn.messages else 0
    for message_id, direction in turn.work.messages.lately(
        turn.conversation.id, before=before, limit=_LATELY
    ):
        found = turn.work.notices.by_message(message_id) if direction == "out" else None
        if found is None:
            return None
        notice, number = found
        if KINDS[notice.kind].answer:
            return Awaited(KINDS[notice.kind].answer, number)
    return None


def _own(turn: Turn, number: str) -> Ticket | None:
    mine = turn.work.tickets.of_complainant(turn.conversation.complainant_id)
    return next((t for t in mine if t.number == number), None)


def _words_of(turn: Turn, waiting: Awaited) -> str:
    """What the person had written when the question came up."""
    return "\n".join(m.text for m in turn.work.messages.by_ids(waiting.message_ids) if m.text)


def _which(turn: Turn, heard: Heard, say: Say, waiting: Awaited) -> Events | None:
    act = ACTS[waiting.act]()
    candidates = act.candidates(act.mine(turn))
    named = acts.find_number(heard.payload) or acts.find_number(heard.text)
    pressed_another = heard.payload and not heard.payload.startswith(f"{waiting.act}:")
    if not candidates or pressed_another:
        return None
    if named:
        chosen = next((t for t in act.mine(turn) if t.number == named), None)
    elif len(heard.text) > 40 or heard.is_act("lodge_complaint", "request_human", at_least=0.6):
        return None
    else:
        chosen = pick(heard.text, candidates, turn.house)
    if chosen is None:
        return None
    earlier = _words_of(turn, waiting)
    return act.do(
        turn,
        replace(
            heard,
            text=earlier or heard.text,
            payload="" if earlier else heard.payload,
            message_ids=(*waiting.message_ids, *heard.message_ids),
        ),
        say,
        chosen,
    )


def _lookup(turn: Turn, heard: Heard, say: Say, waiting: Awaited) -> Events | None:
    named = acts.find_number(heard.text) or waiting.number
    tails = _TAIL.findall(acts.without_number(heard.text))
    if named and _own(turn, named) is None and tails:
        return look_up(turn, say, named, tails[-1])
    return None


def _withdraw(turn: Turn, heard: Heard, say: Say, waiting: Awaited) -> Events | None:
    ticket = _own(turn, waiting.number)
    if ticket is None:
        return None
    if heard.payload.startswith("restore") or says_no(heard) or _KEEP.search(heard.text):
        say("utter_kept_open", number=ticket.number)
        return [nothing_awaited()]
    if BACK.search(heard.text):  # "no, I do want it after all" is taken for a withdrawal as easily
        say("utter_kept_open", number=ticket.number)
        return [nothing_awaited()]
    agrees = says_yes(heard) or heard.is_act("withdraw_complaint", "confirm_resolved", at_least=0.4)
    if heard.payload.startswith("withdraw_yes") or (agrees and not heard.payload):
        confirmed = replace(heard, payload=f"withdraw_yes:{ticket.number}")
        return Withdraw().do(turn, confirmed, say, ticket)
    return None


BACK = re.compile(
    r"恢复|还是要(?:投诉|办|继续)|还是(?:投诉|继续)|^(?:不行|别|等等|算了[，,]?(?:别|不)撤)|反悔|改主意|接着办|"
    r"\b(?:bring it back|restore|after all|no,? wait|i do want (?:it|to)|carry on|go on with it|on second thoughts?)\b",
    re.IGNORECASE,
)
_KEEP = re.compile(r"别撤|不撤|先不|不用撤|继续办|留着|keep it|don'?t withdraw|leave it", re.IGNORECASE)


def _free_words(heard: Heard) -> bool:
    """Whether the turn can be words that were asked for."""
    return (
        bool(heard.text or heard.media) and not heard.payload and not heard.is_act(*_ELSEWHERE, at_least=0.7)
    )


def _supplement(turn: Turn, heard: Heard, say: Say, waiting: Awaited) -> Events | None:
    ticket = _own(turn, waiting.number)
    if ticket is None or (not _free_words(heard) and heard.payload != "keep"):
        return None
    if not heard.media and says_no(heard) and len(heard.text) <= 20:
        say("utter_nothing_added", number=ticket.number)
        return [nothing_awaited()]
    turn.ticket = ticket.number
    act = Supplement()
    try:
        events = act.add(turn, say, ticket, text=heard.text, message_ids=heard.message_ids)
    except Refused as refused:
        events = act.refused(turn, heard, say, ticket, refused)
    return [nothing_awaited(), *events]


def _reply(turn: Turn, heard: Heard, say: Say, waiting: Awaited) -> Events | None:
    """What staff asked for, or that there is none; a matter of its own is no answer."""
    ticket = _own(turn, waiting.number)
    if ticket is None or ticket.state is not State.WAITING_COMPLAINANT or not _free_words(heard):
        return None
    if heard.is_act(*_NO_ANSWER, at_least=0.5) or _is_another_matter(turn, heard, ticket):
        return None
    turn.ticket = ticket.number
    replied, _ = acts.supplement(
        turn.work,
        ticket,
        text=heard.text,
        message_ids=heard.message_ids,
        now=turn.now,
        calendar=turn.house.calendar,
    )
    has_none = not heard.media and len(heard.text) <= 12 and _HAS_NONE.match(heard.text) is not None
    say("utter_nothing_added" if has_none else "utter_media_added", number=ticket.number)
    say_next(acts.progress(turn.work, replied), turn, say)
    return [nothing_awaited()]


_NO_ANSWER = ("greet", "thank", "goodbye", "urge_handling", "withdraw_complaint", "bot_challenge")
_HAS_NONE = re.compile(r"\s*(?:没有|没了|没啦|没得|无|none\b|nothing\b|no\b|i don'?t have)", re.IGNORECASE)


def _is_another_matter(turn: Turn, heard: Heard, ticket: Ticket) -> bool:
    told = told_in(turn, heard)
    lodges = heard.is_act("lodge_complaint", "report_violation", at_least=0.5)
    return EXPLICITLY_NEW.search(heard.text) is not None or (lodges and plainly_elsewhere(told, ticket))


def _add(turn: Turn, heard: Heard, say: Say, waiting: Awaited) -> Events | None:
    """Whether words already said go to the ticket."""
    if heard.payload.startswith("add:") or (not heard.payload and says_yes(heard)):
        number = acts.find_number(heard.payload) or waiting.number
        ticket = _own(turn, number)
        if ticket is None:
            return None
        turn.ticket = ticket.number
        act = Supplement()
        ids = waiting.message_ids
        try:
            events = act.add(turn, say, ticket, text=_words_of(turn, waiting), message_ids=ids)
        except Refused as refused:
            events = act.refused(turn, heard, say, ticket, refused)
        return [nothing_awaited(), *events]
    if says_no(heard):
        say("utter_nothing_added", number=waiting.number)
        return [nothing_awaited()]
    return None


def _media(turn: Turn, heard: Heard, say: Say, waiting: Awaited) -> Events | None:
    """Which case a picture without words belongs to."""
    mine = acts.open_tickets(turn.work.tickets.of_complainant(turn.conversation.complainant_id))
    number = acts.find_number(heard.payload) or acts.find_number(heard.text)
    chosen = next((t for t in mine if t.number == number), None)
    if chosen is None and not heard.payload and heard.text and len(heard.text) <= 40:
        chosen = pick(heard.text, mine, turn.house)
    if chosen is None:
        return None
    turn.ticket = chosen.number
    ids, calendar = waiting.message_ids, turn.house.calendar
    acts.supplement(turn.work, chosen, text="", message_ids=ids, now=turn.now, calendar=calendar)
    say("utter_media_added", number=chosen.number)
    return [nothing_awaited()]


def _dispute(turn: Turn, heard: Heard, say: Say, waiting: Awaited) -> Events | None:
    ticket = _own(turn, waiting.number)
    if ticket is None:
        return None
    if heard.payload == "keep" or (heard.is_act("cancel_intake", "confirm_resolved", at_least=0.6)):
        say("utter_result_kept", number=ticket.number)
        return [nothing_awaited()]
    without = heard.payload.startswith("dispute_yes") or heard.is_act("dont_know", at_least=0.5)
    if not without and not _free_words(heard):
        return None
    turn.ticket = ticket.number
    act = Dispute()
    try:
        events = act.confirmed(
            turn, say, ticket, text="" if heard.payload else heard.text, message_ids=heard.message_ids
        )
    except Refused as refused:
        events = act.refused(turn, heard, say, ticket, refused)
    return [nothing_awaited(), *events]


def _solved(turn: Turn, heard: Heard, say: Say, waiting: Awaited) -> Events | None:
    """After a result was told with the question whether it is solved."""
    ticket = _own(turn, waiting.number)
    if ticket is None or heard.payload:
        return None
    if says_yes(heard) and len(heard.text) <= 12:
        return ConfirmSolved().do(turn, heard, say, ticket)
    marked = heard.is_act("rate_service", at_least=0.5) or begins_with_mark(heard.text)
    if marked and parse_rating(heard.text) is not None:
        return Rate().do(turn, heard, say, ticket)
    contests = _DISAGREES.match(heard.text) is not None or _says_not_solved(heard.text)
    if contests or heard.is_act("deny", at_least=0.3):
        return Dispute().do(turn, heard, say, ticket)
    return None


def _says_not_solved(text: str) -> bool:
    return len(text) <= 80 and (_NOT_SOLVED.match(text) or _STILL.search(text)) is not None


_STILL = re.compile(
    r"根本没|压根没|还是(?:那么|这么|没|不|老样子)|依然|一点(?:都|也)?没|没(?:清|修|退|赔|办|处理|解决|人来|见)|又(?:坏|来|停|这样)|骗人|"
    r"\b(?:never|nothing|nobody|still)\b|\w+n't\b|\bnot (?:true|done|fixed|solved|emptied|paid|refunded|yet)\b",
    re.IGNORECASE,
)
_DISAGREES = re.compile(
    r"\s*我?(?:不认可|不认同|不同意|不接受|不服|有异议)|"
    r"\s*(?:i )?(?:strongly |totally )?(?:disagree|dispute|object)\b|"
    r"\s*i (?:do not|don'?t|can'?t|cannot) (?:accept|agree)",
    re.IGNORECASE,
)
_NOT_SOLVED = re.compile(
    r"\s*(?:不|没|还没|并没|根本没|哪有|哪里|no\b|not\b|nope\b|never\b|hardly\b)", re.IGNORECASE
)


def _rate(turn: Turn, heard: Heard, say: Say, waiting: Awaited) -> Events | None:
    ticket = _own(turn, waiting.number)
    if ticket is None:
        return None
    if heard.payload.startswith("rate:") or (not heard.payload and parse_rating(heard.text) is not None):
        return Rate().do(turn, heard, say, ticket)
    if not heard.payload and _DISAGREES.match(heard.text) is not None:
        return Dispute().do(turn, heard, say, ticket)
    if says_no(heard) or heard.is_act("dont_know", at_least=0.5):
        return _left_unanswered(say)
    return None


def _rate_reason(turn: Turn, heard: Heard, say: Say, waiting: Awaited) -> Events | None:
    ticket = _own(turn, waiting.number)
    if ticket is None:
        return None
    if heard.payload == "keep" or (
        not heard.payload
        and len(heard.text) <= 10
        and heard.is_act("deny", "dont_know", "cancel_intake", "thank")
    ):
        return _left_unanswered(say)
    return _said_why(turn, heard, say, ticket)


_PARTLY = re.compile(
    r"部分|一半|一部份|有的|解决了点|好一点|(?:差不多|基本上?)(?!没)|"
    r"\b(?:part(?:ly|ially)?|half|some of it|mostly|almost|sort of)\b",
    re.IGNORECASE,
)
_NOT_NOW = re.compile(
    r"\s*(?:不用|不想|不答|不说|跳过|算了|no thanks|no thank you|skip|never ?mind)", re.IGNORECASE
)


def _survey_solved(turn: Turn, heard: Heard, say: Say, waiting: Awaited) -> Events | None:
    ticket = _own(turn, waiting.number)
    if ticket is None:
        return None
    if heard.payload.startswith("survey_solved:"):
        return Rate().do(turn, heard, say, ticket)
    if _leaves_it(heard):
        return _left_unanswered(say)
    solved = "" if heard.payload else how_solved(heard)
    if not solved:
        return _said_why(turn, heard, say, ticket)
    turn.ticket = ticket.number
    if solved != "yes" and gives_a_reason(heard.text):
        survey.give_reason(turn.work, ticket, heard.text, now=turn.now)
    return Rate().solved(turn, say, ticket, solved)


def how_solved(heard: Heard) -> str:
    """ "yes", "partly", "no" or nothing, in words or as the number of the answer."""
    text = heard.text.strip(" .。!！")
    if text in ("1", "2", "3"):
        return survey.SOLVED[int(text) - 1]
    if len(text) > 40:
        return ""
    if _PARTLY.search(text):
        return "partly"
    without = AGREES.sub("", text)
    if without != text and not _says_not_solved(without):
        return "yes"
    if _says_not_solved(text) or heard.is_act("deny", "dispute_result", at_least=0.4):
        return "no"
    return "yes" if says_yes(heard) or heard.is_act("confirm_resolved", at_least=0.4) else ""


def _survey_attitude(turn: Turn, heard: Heard, say: Say, waiting: Awaited) -> Events | None:
    ticket = _own(turn, waiting.number)
    if ticket is None:
        return None
    if heard.payload.startswith("survey_attitude:"):
        return Rate().do(turn, heard, say, ticket)
    mark = None if heard.payload else parse_rating(heard.text)
    if mark is not None:
        turn.ticket = ticket.number
        return Rate().attitude(turn, say, ticket, mark)
    if _leaves_it(heard) or says_no(heard) or heard.is_act("dont_know", at_least=0.5):
        return _left_unanswered(say)
    return _said_why(turn, heard, say, ticket)


def _said_why(turn: Turn, heard: Heard, say: Say, ticket: Ticket) -> Events | None:
    """Words that are no answer to the question, but tell what was wrong."""
    if not _free_words(heard):
        return None
    turn.ticket = ticket.number
    return Rate().explain(turn, say, ticket, heard.text)


def _left_unanswered(say: Say) -> Events:
    say("utter_not_rated")
    return [nothing_awaited()]


def _leaves_it(heard: Heard) -> bool:
    return heard.payload == "keep" or (not heard.payload and _NOT_NOW.match(heard.text) is not None)


_HANDLERS: Mapping[str, Callable[[Turn, Heard, Say, Awaited], Events | None]] = {
    "lookup": _lookup,
    "withdraw_yes": _withdraw,
    "supplement": _supplement,
    "reply": _reply,
    "add": _add,
    "media": _media,
    "dispute": _dispute,
    "solved": _solved,
    "rate": _rate,
    "rate_reason": _rate_reason,
    "survey_solved": _survey_solved,
    "survey_attitude": _survey_attitude,
    "same": answer_same,
    "forget": answer_forget,
    "person": answer_person,
}
