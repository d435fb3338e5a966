"""What somebody says about a case of theirs that runs without naming any act: more to it, a doubt, anger."""

from __future__ import annotations

import re

from actions.awaited import nothing_awaited
from actions.base import Events, Say
from actions.belonging import EXPLICITLY_NEW, JUST_FILED, plainly_elsewhere, told_in
from actions.heard import Heard
from actions.intake.asking import titled
from actions.tickets import Supplement, say_next
from actions.turn import Turn
from casework.tickets import acts
from casework.tickets.model import Ticket
from casework.tickets.states import OPEN, Refused
from understanding.question import asks

#: Longest remark, in characters; more is a story.
_REMARK = 120
#: A category this likely is a matter of its own.
_A_MATTER = 0.8
#: How people go on with what they have just told.
_GOES_ON = re.compile(
    r"(?:这|那|上面|刚才)(?:个|张|些|份|里)?(?:是|就是|都是|有)|对了|哦对|忘了说|补充|再(?:说|补)一句|另外说一下|还有[，,]|"
    r"(?:oh,? )?(?:and )?also\b|and another thing\b|plus\b|by the way\b|btw\b|forgot to (?:say|mention)|i forgot\b|"
    r"(?:this|that|it)(?: is|'s) (?:a|the|my|an|from) |here(?:'s| is| are)\b|these are\b",
    re.IGNORECASE,
)
#: What is sent along to show it.
_EVIDENCE = re.compile(
    r"截图|照片|图片|视频|录音|凭证|小票|发票|短信|聊天记录|"
    r"screen ?shot|photo|picture|video|recording|receipt|invoice|text message",
    re.IGNORECASE,
)
#: Longest outburst, and longest doubt, in characters: more may be a matter of its own.
_OUTBURST, _DOUBT = 20, 70
#: Words about what will come of it.
_OUTCOME = re.compile(
    r"处理完|处理好|又是|(?:一句)?(?:抱歉|对不起)|准话|准信|结果|答复|回复我|解决|落实|管用|有用|算数|不了了之|糊弄|敷衍|真的?会|你们会|再来问|靠谱|"
    r"\bsorry\b|\b(?:firm|real|straight|proper) answer|\bend (?:up )?(?:with|in)|\bhappen|\bsolve|\bfix|"
    r"\banswer|\bresult|\boutcome|\btake (?:me|it|this) seriously|\bignored?\b|\bmean it\b",
    re.IGNORECASE,
)


def about_the_case(turn: Turn, heard: Heard, say: Say) -> Events | None:
    """Deal with a remark about the newest running case; ``None`` when it is something else."""
    if heard.payload or not heard.text or heard.emergency or len(heard.text) > _REMARK:
        return None
    ticket = _newest(turn)
    if ticket is None or turn.work.tickets.draft(turn.conversation.id) is not None:
        return None
    top = heard.categories[0][1] if heard.categories else 0.0
    if EXPLICITLY_NEW.search(heard.text):
        return None
    question = asks(heard.text)
    just_filed = turn.now - (ticket.submitted_at or ticket.created_at) <= JUST_FILED
    if just_filed and not question and _goes_on(turn, heard, ticket):
        return _added(turn, heard, say, ticket)
    if heard.is_act("abuse") and (top < _A_MATTER or len(heard.text) <= _OUTBURST):
        return _where_it_stands(turn, say, ticket, "utter_heard_anger_filed")
    if question and len(heard.text) <= _DOUBT and _OUTCOME.search(heard.text) and heard.is_act(*_DOUBTS):
        return _where_it_stands(turn, say, ticket, "utter_dates_stand")
    return None


def _goes_on(turn: Turn, heard: Heard, ticket: Ticket) -> bool:
    text = heard.text.strip()
    if _GOES_ON.match(text) is None:
        return False
    return _EVIDENCE.search(text) is not None or not plainly_elsewhere(told_in(turn, heard), ticket)


#: Acts that a doubt is taken for.
_DOUBTS = (
    "ask_question", "lodge_complaint", "report_emergency", "inform", "out_of_scope", "deny", "dont_know", "abuse",
    "dispute_result",
)  # fmt: skip


def _newest(turn: Turn) -> Ticket | None:
    mine = turn.work.tickets.of_complainant(turn.conversation.complainant_id)
    return next((t for t in mine if t.state in OPEN and t.state not in acts.RATEABLE), None)


def _added(turn: Turn, heard: Heard, say: Say, ticket: Ticket) -> Events | None:
    turn.ticket = ticket.number
    try:
        events = Supplement().add(turn, say, ticket, text=heard.text, message_ids=heard.message_ids)
    except Refused:
        return None
    return [nothing_awaited(), *events]


def _where_it_stands(turn: Turn, say: Say, ticket: Ticket, words: str) -> Events:
    turn.ticket = ticket.number
    say(words, titled(turn.house, say.language, ("person", "person")), number=ticket.number)
    say_next(acts.progress(turn.work, ticket), turn, say)
    return [nothing_awaited()]
