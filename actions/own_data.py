"""A person's own data: questions about it, seeing it, having it deleted, and hearing back what was said."""

from __future__ import annotations

import re
import secrets

from rasa_sdk import Tracker

from actions.awaited import Awaited, awaited, awaits, nothing_awaited
from actions.base import Events, Say
from actions.heard import Heard
from actions.intake.asking import titled
from actions.intake.phrases import asks_the_house
from actions.intake.story import is_told
from actions.tickets import QueryProgress, moment
from actions.turn import Turn
from actions.which import summary
from casework import people
from casework.tickets import acts
from casework.tickets.model import Intake, Ticket

_DELETE = re.compile(
    r"删|清除|清空|抹|注销|移除|撤回授权|忘(?:掉|记|了)|不同意收集|"
    r"\b(?:delet|eras|remov|wip|purg|forget|destroy|opt out)",
    re.IGNORECASE,
)
_SHOW = re.compile(
    r"导出|查阅|查看|看看|看一下|(?:存|保存|留|掌握)了?我(?:的)?(?:哪些|什么|啥)|有我(?:的)?(?:哪些|什么)|"
    r"\b(?:show|stored? (?:on|about)|export|download|copy of|access request|subject access|"
    r"what (?:data|details|info(?:rmation)?)|"
    r"hold (?:on|about)|"
    r"have (?:on|about) me)",
    re.IGNORECASE,
)
#: Kinds of questions, asked before "how long" and "who" would both fit a general answer.
_QUESTIONS = (
    (
        "utter_privacy_how_long",
        re.compile(
            r"多久|多长|几年|几个月|存好久|保留|保存期|期限|"
            r"\b(?:how long|retention|when do you delete|kept for)",
            re.I,
        ),
    ),
    (
        "utter_privacy_who",
        re.compile(
            r"谁|身份|知道是我|find out|know it was|给别人|给.{0,6}(?:看|听)|第三方|共享|分享|泄露|泄漏|"
            r"传出去|外传|公安|警察|"
            r"单位|对方|被投诉|卖|广告|公开|"
            r"\b(?:who|share|third part|police|sell|sold|advertis|government|employer|other users|public|online)",
            re.I,
        ),
    ),
    (
        "utter_privacy_safe",
        re.compile(r"安全|加密|黑客?|被黑|攻击|\b(?:safe|secure|security|encrypt|hack|protected)", re.I),
    ),
)


def privacy(turn: Turn, heard: Heard, say: Say, tracker: Tracker) -> Events:
    """Any request about own data."""
    act = heard.payload.partition(":")[0]
    if act == "forget_yes":
        return forget(turn, say)
    if act == "forget_no":
        say("utter_data_kept")
        return [nothing_awaited()]
    question = heard.text.rstrip().endswith(("?", "？", "吗", "呢", "么")) and not re.match(
        r"\s*(?:can|could|will|would) you|能不能|可以|可不可以|能否", heard.text, re.I
    )
    if act == "delete_data" or (not act and _DELETE.search(heard.text) and not question):
        return ask_to_forget(turn, say)
    if act == "show_data" or (not act and _SHOW.search(heard.text)):
        show(turn, say)
        return []
    name = next((name for name, pattern in _QUESTIONS if pattern.search(heard.text)), "utter_privacy")
    say(name, titled(turn.house, say.language, ("show_data", "show_data"), ("delete_data", "delete_data")))
    return []


def show(turn: Turn, say: Say) -> None:
    """What is kept of this person, in one message."""
    data = people.own_data(turn.work, turn.conversation)
    language, word = say.language, turn.house.word
    between = "、" if language == "zh" else ", "
    lines = [
        word("data_since", language).format(
            since=moment(data.held.since, turn, say), messages=data.held.messages, media=data.held.media
        )
    ]
    if name := data.held.profile.get("name"):
        lines.append(word("data_name", language).format(name=name))
    if data.contacts:
        lines.append(word("data_contacts", language).format(contacts=between.join(data.contacts)))
    for ticket in data.tickets[:10]:
        lines.append(
            word("data_ticket", language).format(
                number=ticket.number,
                summary=summary(ticket, 40),
                state=turn.house.states[ticket.state.value].in_(language),
            )
        )
    if len(data.tickets) > 10:
        lines.append(word("data_more", language).format(count=len(data.tickets) - 10))
    if data.draft is not None and data.draft.intake is not None and data.draft.intake.description:
        lines.append(word("data_draft", language).format(summary=_told(data.draft.intake)[:60]))
    shown = "\n".join(f"• {line}" for line in lines)
    say("utter_data_shown", titled(turn.house, language, ("delete_data", "delete_data")), lines=shown)


def ask_to_forget(turn: Turn, say: Say) -> Events:
    mine = turn.work.tickets.of_complainant(turn.conversation.complainant_id)
    running = [t for t in acts.open_tickets(mine) if t.state not in acts.RATEABLE]
    buttons = titled(turn.house, say.language, ("forget_yes", "forget_yes"), ("forget_no", "forget_no"))
    if running:
        numbers = ("、" if say.language == "zh" else ", ").join(t.number for t in running[:5])
        say("utter_forget_sure_open", buttons, numbers=numbers)
    else:
        say("utter_forget_sure", buttons)
    turn.asked = True
    return [awaits("forget", now=turn.now)]


def forget(turn: Turn, say: Say) -> Events:
    """Done for good: the words, names and numbers go; the chat's working memory goes with the end of the turn."""
    filed = people.erase(turn.work, turn.conversation, stand_in=secrets.token_hex(12), now=turn.now)
    turn.forget = True
    say("utter_forgotten_with_cases" if filed else "utter_forgotten")
    return [nothing_awaited()]


def answer_forget(turn: Turn, heard: Heard, say: Say, waiting: Awaited) -> Events | None:
    if heard.payload == "forget_yes" or (
        not heard.payload
        and len(heard.text) <= 20
        and (heard.is_act("affirm", at_least=0.6) or _SURE.search(heard.text))
    ):
        return forget(turn, say)
    if heard.payload in ("forget_no", "keep") or heard.is_act("deny", "cancel_intake", at_least=0.4):
        say("utter_data_kept")
        return [nothing_awaited()]
    return None


_SURE = re.compile(r"确定|确认|删吧|删除?$|\b(?:yes|sure|confirm|delete it|go ahead)\b", re.IGNORECASE)


# -- what was said ------------------------------------------------------------------------------------------


def _told(intake: Intake) -> str:
    return " ".join(" ".join(piece.split()) for piece in intake.description)


def read_back(turn: Turn, say: Say) -> Events:
    """What was written down: of the complaint that is being told, else of the newest filed one."""
    draft = turn.work.tickets.draft(turn.conversation.id)
    if draft is not None and draft.intake is not None and draft.intake.description:
        say("utter_told_so_far", lines=_draft_lines(draft, draft.intake, turn, say))
        return []
    mine = turn.work.tickets.of_complainant(turn.conversation.complainant_id)
    if not mine:
        say("utter_nothing_told", titled(turn.house, say.language, ("complain", "new")))
        return []
    ticket = mine[0]
    turn.ticket = ticket.number
    say("utter_told_filed", number=ticket.number, lines=_ticket_lines(ticket, turn, say))
    return []


def _draft_lines(draft: Ticket, intake: Intake, turn: Turn, say: Say) -> str:
    details = {key: value.display for key, value in intake.details.items() if key != "what"}
    return _lines(_told(intake), intake.category, details, turn, say)


def _ticket_lines(ticket: Ticket, turn: Turn, say: Say) -> str:
    details = {key: value.display for key, value in ticket.details.items() if key != "what"}
    added = [
        str(event.data["text"])
        for event in turn.work.tickets.history(ticket.id)
        if event.action in ("supplement", "reply") and event.data.get("text")
    ]
    lines = _lines(" ".join(ticket.description.split()), ticket.category, details, turn, say)
    return "\n".join([lines, *(f"• {turn.house.word('added', say.language)}{text}" for text in added)])


def _lines(what: str, category: str, details: dict[str, str], turn: Turn, say: Say) -> str:
    language = say.language
    colon = "：" if language == "zh" else ": "
    packs = turn.house.packs
    fields = packs.fields()
    known = packs.category(category) if category in packs else None
    lines = [f"• {fields['what'].label.in_(language)}{colon}{what[:300]}"]
    for key, shown in details.items():
        label = (known.field(key) if known else None) or fields.get(key)
        if label is not None and shown:
            lines.append(f"• {label.label.in_(language)}{colon}{shown}")
    if known is not None:
        lines.append(f"• {turn.house.word('category', language)}{colon}{packs.label(category, language)}")
    return "\n".join(lines)


#: Confidence from which words in the middle of an intake are about own data and no answer.
_SURE_OF_IT = 0.6
#: Meanings that can come in the middle of an intake and leave it as it is.
BESIDE = ("read_back", "show_data", "delete_data", "forget_yes", "forget_no")


def beside_the_intake(turn: Turn, heard: Heard, say: Say, tracker: Tracker) -> Events | None:
    """Deal with a request about own data in the middle of an intake. ``None``: it is something else.

    After a deletion the draft is gone; ``turn.forget`` says so.
    """
    waiting = awaited(tracker, now=turn.now)
    if waiting is not None and waiting.act == "forget":
        return answer_forget(turn, heard, say, waiting)
    act = heard.payload.partition(":")[0]
    if act == "read_back":
        return read_back(turn, say)
    if not act and acts.find_number(heard.text) and len(heard.text) <= 60:
        return QueryProgress().act(turn, heard, say, tracker)  # another case, in the middle of this one
    asks = (
        heard.is_act("privacy_request", at_least=_SURE_OF_IT)
        and len(heard.text) <= 60
        and (asks_the_house(heard.text) == "privacy_request" or not is_told(heard))
    )
    return privacy(turn, heard, say, tracker) if act in BESIDE or (asks and not act) else None
