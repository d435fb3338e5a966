"""Real conversations with the real engine: what is acknowledged, in whose manner, and never twice alike."""

from __future__ import annotations

import re

import pytest

from app.bus import Bus
from app.chat import Chat, Said
from app.turns import TurnRunner
from app.wiring import utc_now
from bot.engine import Engine
from casework.house import House
from casework.storage.work import Store
from casework.words import openings

pytestmark = [pytest.mark.engine]

OPENINGS = {
    "zh": [
        ("门口的路灯坏了十天还没修", "路灯坏了十天"),
        ("昨天在政务大厅排了两个多小时队，到窗口人家说下班了，凭什么啊！！", "排了两个多小时队"),
        ("我家在这儿交了十八年电费，这次抄表抄错了还不肯改，太让人寒心了", "抄表抄错了还不肯改"),
        ("本人10月电费账单为612元，9月为188元，请书面说明抄表依据", "612元"),
        ("3号窗口那个傻逼，材料看都不看就给我扔出来了", "材料看都不看就给您扔出来"),
    ],
    "en": [
        ("The street light outside my house has been off for ten days", "outside your house has been off"),
        (
            "I queued for two hours and the clerk closed the window in my face!!",
            "closed the window in your face",
        ),
        (
            "They read my meter wrong and refuse to correct it, after eighteen years as a customer",
            "your meter wrong",
        ),
        (
            "My bill for October was 487 dollars against 112 in September, please give the basis",
            "487 dollars",
        ),
        (
            "that idiot at desk 5 was rude, my papers were thrown on the floor",
            "your papers were thrown on the floor",
        ),
    ],
}


@pytest.fixture
def chat(store: Store, engine: Engine, house: House) -> Chat:
    runner = TurnRunner(store=store, engine=engine, house=house, bus=Bus(""), clock=utc_now)
    return Chat(store=store, runner=runner, clock=utc_now, identity="someone")


def said_to(chat: Chat, identity: str, *lines: str) -> list[str]:
    """What the bot says to each line. A line beginning with # is a pressed button."""
    answers = []
    for line in lines:
        said = Said(payload=line[1:]) if line.startswith("#") else Said(text=line)
        answer = chat.say(Said(**{**vars(said), "identity": identity}))
        assert answer is not None
        answers.append("\n".join(message["text"] for message in answer["messages"]))
    return answers


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_first_answer_names_a_fact_asks_once_and_says_what_it_is(
    chat: Chat, house: House, language: str
) -> None:
    for number, (text, fact) in enumerate(OPENINGS[language]):
        [answer] = said_to(chat, f"{language}{number}", text)
        assert fact.lower() in answer.lower()
        assert len(re.findall("[?？]", answer)) == 1
        assert "AI" in answer
        assert "傻逼" not in answer
        assert "idiot" not in answer
        for pattern in house.packs.never_say[language]:
            assert not re.search(pattern, answer, re.IGNORECASE), (pattern, answer)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_sentence_of_a_conversation_begins_like_another(chat: Chat, language: str) -> None:
    more = {
        "zh": "而且上个月也白跑过一次，没人管",
        "en": "and last month the same clerk sent me away at noon",
    }
    lines = [OPENINGS[language][1][0], "#skip", more[language], "#skip", "#skip"]
    said = [
        line for answer in said_to(chat, "someone", *lines) for line in answer.partition("• ")[0].splitlines()
    ]
    # A question that got no answer is put again; what is said besides questions never begins alike.
    began = [opening for line in said if not re.search("[?？]", line) for opening in openings(line)]
    assert began
    assert sorted(set(began)) == sorted(began)


def test_traditional_characters_are_answered_in_kind(chat: Chat) -> None:
    [answer] = said_to(chat, "hant", "我家樓下的工地每天晚上打樁打到半夜，小孩都睡不著")
    assert "樓下的工地每天晚上打樁打到半夜" in answer
    assert not re.search("[们这时说样吗关记写]", answer)


def test_the_label_stands_below_the_first_answer_only(chat: Chat) -> None:
    first, second = said_to(chat, "label", OPENINGS["zh"][0][0], "#skip")
    assert first.endswith("（以上由AI程序自动回复）")
    assert "AI" not in second
