"""What people answer to a notice, however they put it, goes to the case it is about; a new matter does not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from app.bus import Bus
from app.chat import CHANNEL, Chat
from app.turns import TurnRunner
from app.wiring import utc_now
from bot.engine import Engine
from casework.house import House
from casework.notices.posting import Notices
from casework.storage.work import Store
from casework.tickets.model import Ticket, TicketEvent
from casework.tickets.states import State
from tests.notices.conftest import Town, notices  # noqa: F401 (fixture)
from tests.way.test_conversations import Talk

pytestmark = [pytest.mark.engine]

RESULT: dict[str, dict[str, Any]] = {
    "zh": {"finding": "窗口当时无人值守", "remedy": "加派人手", "basis": "大厅值守规定"},
    "en": {"finding": "the window was empty", "remedy": "one more clerk", "basis": "the hall's rules"},
}
QUESTION = {"zh": "您当时排的是几号？", "en": "Which number did you draw?"}


@pytest.fixture
def told(
    store: Store,
    engine: Engine,
    house: House,
    notices: Notices,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[str, str], tuple[Talk, Ticket, Callable[[], list[TicketEvent]]]]:
    """Somebody whose case was just asked about (``need_info``), settled (``resolved``) or who is asked for a mark
    (``survey``): their chat, the case, its history."""
    monkeypatch.setattr("casework.notices.posting._QUIET_AFTER", timedelta())
    runner = TurnRunner(store=store, engine=engine, house=house, bus=Bus(""), clock=utc_now)
    chat = Chat(store=store, runner=runner, clock=utc_now, identity="ann")

    def begin(kind: str, language: str) -> tuple[Talk, Ticket, Callable[[], list[TicketEvent]]]:
        town = Town(store, notices, utc_now() - timedelta(days=2))
        ticket = town.signed(town.file(channel=CHANNEL, language=language, priority="P1"))
        town.tell()
        if kind == "need_info":
            town.does(ticket, "ask", question=QUESTION[language])
        else:
            town.does(ticket, "resolve", **RESULT[language])
        town.tell()
        if kind == "survey":
            town.passes(timedelta(hours=25))
        assert town.kinds(channel=CHANNEL)[-1] == kind
        with store.writing() as work:  # everything was delivered
            for message in town.told(channel=CHANNEL):
                work.sending.lease([message.id], token="t", until=town.now)
                work.sending.settle_outbound(message.id, token="t", now=town.now, state="sent")
        return Talk(chat, "ann"), ticket, partial(history, store, ticket)

    return begin


def history(store: Store, ticket: Ticket) -> list[TicketEvent]:
    with store.reading() as work:
        return work.tickets.history(ticket.id)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", "A102"), ("zh", "排的是102号，大概十点多"), ("zh", "没有"), ("zh", "记不清了，票已经扔了"),
        ("en", "A102"), ("en", "it was 102, around ten in the morning"), ("en", "none"),
        ("en", "I threw the slip away, sorry"),
    ],
)  # fmt: skip
def test_an_answer_to_a_question_of_staff_is_the_reply(
    told: Callable[..., tuple[Talk, Ticket, Callable[[], list[TicketEvent]]]], language: str, words: str
) -> None:
    person, ticket, steps = told("need_info", language)
    answer = person.say(words)
    assert steps()[-1].action == "reply"
    assert steps()[-1].data["text"] == words
    assert steps()[-1].to_state == State.IN_PROGRESS.value
    assert ticket.number in answer


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", "你好"), ("zh", "办到哪一步了？"), ("zh", "我要找人工"),
        ("zh", "另外还有一件事，我们小区昨晚停电了三个小时，没有任何通知"),
        ("en", "hello"), ("en", "how far is my case?"), ("en", "I want to talk to a person"),
        ("en", "Another matter: the power in our street was out for three hours last night without any notice"),
    ],
)  # fmt: skip
def test_what_is_no_answer_is_not_taken_for_one(
    told: Callable[..., tuple[Talk, Ticket, Callable[[], list[TicketEvent]]]], language: str, words: str
) -> None:
    person, _, steps = told("need_info", language)
    assert person.say(words)
    assert steps()[-1].action == "ask"


@pytest.mark.parametrize(
    ("language", "words", "level"),
    [
        ("zh", "5", 5), ("zh", "4分，来得挺快", 4), ("zh", "不满意，拖太久", 2), ("zh", "非常满意", 5),
        ("en", "5", 5), ("en", "4 out of 5, quite quick", 4), ("en", "very dissatisfied, it took too long", 1),
    ],
)  # fmt: skip
def test_an_answer_to_the_survey_is_the_mark(
    told: Callable[..., tuple[Talk, Ticket, Callable[[], list[TicketEvent]]]],
    language: str,
    words: str,
    level: int,
) -> None:
    person, _, steps = told("survey", language)
    person.say(words)
    rated = [step for step in steps() if step.action == "rate"]
    assert [step.data["level"] for step in rated] == [level]


@pytest.mark.parametrize(
    ("kind", "language", "words", "action"),
    [
        ("survey", "zh", "没解决，窗口还是没人", "dispute"),
        ("survey", "en", "not solved, the window is still empty", "dispute"),
        ("survey", "en", "I disagree, nobody ever came", "dispute"),
        ("resolved", "zh", "不认可，第二天去窗口照样没人", "dispute"),
        ("resolved", "en", "I disagree, the window was empty the next day as well", "dispute"),
        ("resolved", "zh", "解决了，谢谢", "confirm"),
        ("resolved", "en", "yes, it is solved, thank you", "confirm"),
    ],
)
def test_an_answer_to_a_result_confirms_or_contests_it(
    told: Callable[..., tuple[Talk, Ticket, Callable[[], list[TicketEvent]]]],
    kind: str,
    language: str,
    words: str,
    action: str,
) -> None:
    person, _, steps = told(kind, language)
    person.say(words)
    if action == "dispute" and "dispute" not in [step.action for step in steps()]:
        person.say(payload=next(b["payload"] for b in person.buttons if b["payload"].startswith("dispute")))
    assert action in [step.action for step in steps()]


def test_buttons_of_a_notice_work(
    told: Callable[..., tuple[Talk, Ticket, Callable[[], list[TicketEvent]]]],
) -> None:
    person, ticket, steps = told("survey", "zh")
    person.say(payload=f"rate:{ticket.number}:2")
    assert [step.data["level"] for step in steps() if step.action == "rate"] == [2]
