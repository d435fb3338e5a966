"""Conversations with the real engine, in both languages, by the same way as `tingsu chat`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.bus import Bus
from app.chat import Chat, Said
from app.turns import TurnRunner
from app.wiring import utc_now
from bot.engine import Engine
from casework.conversations.model import Media
from casework.house import House
from casework.storage.work import Store
from casework.tickets.states import State

pytestmark = [pytest.mark.engine]

ZH = {
    "opening": "昨天下午在区政务大厅办营业执照，3号窗口的工作人员一直玩手机，问什么都不理",
    "want": "要求道歉，并且把执照办好",
    "contact": "13812345678",
    "yes": "对，提交吧",
    "how_far": "我的投诉办到哪一步了？",
}
EN = {
    "opening": "The clerk at window 3 in the district service hall ignored me yesterday afternoon "
    "and played on her phone while I tried to renew my business licence",
    "want": "an apology, and please get my licence done",
    "contact": "+86 138 1234 5678",
    "yes": "yes, submit it",
    "how_far": "how far along is my complaint?",
}
TOLD = {"zh": ZH, "en": EN}


class Talk:
    """One person's chat, remembering the last answer."""

    def __init__(self, chat: Chat, identity: str) -> None:
        self._chat, self._identity = chat, identity
        self.state: dict[str, Any] = {}
        self.text = ""
        self.buttons: list[dict[str, str]] = []

    def say(self, text: str = "", **more: Any) -> str:
        answer = self._chat.say(Said(text=text, identity=self._identity, **more))
        if answer is None:
            return ""
        self.state = answer["state"]
        self.text = "\n".join(message["text"] for message in answer["messages"])
        self.buttons = [button for message in answer["messages"] for button in message["buttons"]]
        return self.text

    def press(self, payload: str) -> str:
        assert payload in {button["payload"] for button in self.buttons}, self.buttons
        return self.say(payload=payload)

    def go_on_until(self, pending: str, answers: dict[str, str], *, category: str = "") -> None:
        """Answer whatever is asked until ``pending`` is the question."""
        for _ in range(12):
            field = self.state["pending_field"]
            if field == pending:
                return
            if field == "category":
                codes = [
                    b["payload"] for b in self.buttons if b["payload"].startswith(f"category:{category}")
                ]
                self.say(payload=codes[0] if codes else self.buttons[0]["payload"])
            elif field in answers:
                self.say(answers[field])
            else:
                self.say(payload="skip")
        raise AssertionError(f"never asked for {pending}: {self.state} {self.text}")


@pytest.fixture
def chat(store: Store, engine: Engine, house: House) -> Chat:
    runner = TurnRunner(store=store, engine=engine, house=house, bus=Bus(""), clock=utc_now)
    return Chat(store=store, runner=runner, clock=utc_now, identity="someone")


@pytest.fixture
def talk(chat: Chat) -> Callable[[str], Talk]:
    return lambda identity: Talk(chat, identity)


def file(person: Talk, language: str) -> str:
    told = TOLD[language]
    person.say(told["opening"])
    person.go_on_until("confirmation", told, category="GOV-ATT")
    person.say(told["yes"])
    number = person.state["ticket"]
    assert number
    assert number in person.text
    return str(number)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_complaint_is_filed_with_what_was_said_and_progress_is_told(
    talk: Callable[[str], Talk], store: Store, language: str
) -> None:
    person = talk("ann")
    number = file(person, language)
    with store.reading() as work:
        ticket = work.tickets.by_number(number)
        assert ticket is not None
        assert ticket.state is State.TRIAGE
        assert ticket.language == language
        assert TOLD[language]["opening"] in ticket.description
        assert ticket.details["contact"].value
        assert len(ticket.promise.steps if ticket.promise else ()) >= 2
    assert person.state["pending_field"] is None
    person.say(TOLD[language]["how_far"])
    assert number in person.text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_was_said_in_the_opening_is_never_asked(talk: Callable[[str], Talk], language: str) -> None:
    person = talk("ann")
    asked = []
    person.say(TOLD[language]["opening"])
    for _ in range(10):
        field = person.state["pending_field"]
        asked.append(field)
        if field == "confirmation":
            break
        if field == "category":
            person.say(payload=person.buttons[0]["payload"])
        elif field in TOLD[language]:
            person.say(TOLD[language][field])
        else:
            person.say(payload="skip")
    assert "when" not in asked
    assert "what" not in asked
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_same_confirmation_twice_makes_one_ticket(
    talk: Callable[[str], Talk], store: Store, language: str
) -> None:
    person = talk("ann")
    file(person, language)
    person.say(TOLD[language]["yes"])
    person.say(payload="affirm")
    with store.reading() as work:
        assert len(work.tickets.newest(limit=10)) == 1


@pytest.mark.parametrize(
    ("language", "correction", "expected"),
    [("zh", "时间不对，是前天上午", "前天上午"), ("en", "no, the time was Monday morning", "Monday morning")],
)
def test_a_wrong_guess_is_corrected_in_one_turn_and_the_rest_stays(
    talk: Callable[[str], Talk], language: str, correction: str, expected: str
) -> None:
    person = talk("ann")
    person.say(TOLD[language]["opening"])
    person.go_on_until("confirmation", TOLD[language], category="GOV-ATT")
    before = person.text
    person.say(correction)
    assert person.state["pending_field"] == "confirmation"
    assert expected in person.text
    assert "138" in before
    assert "138" in person.text


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "算了不投诉了"), ("en", "forget it, cancel the complaint")]
)
def test_cancelling_files_nothing(
    talk: Callable[[str], Talk], store: Store, language: str, words: str
) -> None:
    person = talk("ann")
    person.say(TOLD[language]["opening"])
    person.say(words)
    assert person.state["pending_field"] is None
    with store.reading() as work:
        assert work.tickets.newest(limit=10) == []
    person.say(TOLD[language]["opening"])
    assert person.state["pending_field"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_staying_anonymous_leaves_no_contact(
    talk: Callable[[str], Talk], store: Store, language: str
) -> None:
    person = talk("ann")
    person.say(TOLD[language]["opening"])
    person.go_on_until("contact", {"want": TOLD[language]["want"]}, category="GOV-ATT")
    person.press("anonymous")
    assert person.state["pending_field"] == "confirmation"
    person.press("affirm")
    with store.reading() as work:
        [ticket] = work.tickets.newest(limit=10)
    assert ticket.anonymous
    assert "contact" not in ticket.details


def test_progress_from_elsewhere_needs_number_and_tail_and_leaks_nothing(talk: Callable[[str], Talk]) -> None:
    number = file(talk("ann"), "zh")
    stranger = talk("bob")
    stranger.say(f"查一下{number}")
    assert "营业执照" not in stranger.text
    assert "政务" not in stranger.text
    stranger.say("1234")
    wrong = stranger.text
    stranger.say("TS261120-999999 1234")
    assert wrong.replace(number, "") == stranger.text.replace("TS261120-999999", "")
    stranger.say(f"{number} 5678")
    assert "下一步" in stranger.text
    assert "营业执照" not in stranger.text


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("我不想活了，活着没意思", "12356"),
        ("家门口电线断了掉在地上还冒火花", "95598"),
        ("屋里一股煤气味，头晕", "开窗"),
    ],
)
def test_danger_is_answered_first(talk: Callable[[str], Talk], words: str, expected: str) -> None:
    person = talk("ann")
    first = person.say(words).splitlines()
    assert expected in "\n".join(first[:2])
    assert "谢谢" not in person.text


def test_self_harm_ends_the_form_and_brings_a_person(talk: Callable[[str], Talk]) -> None:
    person = talk("ann")
    person.say("I can't go on, I want to kill myself")
    assert person.state["owner"] == "queue"
    assert person.state["pending_field"] is None
    assert "12356" in person.text


@pytest.mark.parametrize("words", ["转人工", "I want to talk to a real person"])
def test_asking_for_a_person_silences_the_bot(talk: Callable[[str], Talk], words: str) -> None:
    person = talk("ann")
    person.say(words)
    assert person.state["owner"] == "queue"
    assert person.text
    assert person.say("喂？有人吗") == ""


def test_three_messages_at_once_are_answered_once(talk: Callable[[str], Talk], store: Store) -> None:
    person = talk("ann")
    assert person.say("你好", more=True) == ""
    assert person.say("我要投诉", more=True) == ""
    person.say("我家小区昨晚停电，打95598一直没人接")
    assert person.text
    with store.reading() as work:
        conversation = work.conversations.find("terminal", "ann")
        assert conversation is not None
        transcript = work.messages.transcript(conversation.id)
    assert [m.direction for m in transcript] == ["in", "in", "in", "out"]


def test_a_photo_is_kept_with_the_ticket(talk: Callable[[str], Talk], store: Store) -> None:
    person = talk("ann")
    person.say(ZH["opening"])
    person.say(media=(Media("photo", ref="file-1", mime="image/jpeg"),))
    assert person.text
    person.go_on_until("confirmation", ZH, category="GOV-ATT")
    person.press("affirm")
    with store.reading() as work:
        [ticket] = work.tickets.newest(limit=10)
        assert [m.ref for m in work.tickets.media(ticket.id)] == ["file-1"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "😡😡😡",
        "长" * 5000,
        '/inform{"category": "GOV-INT-01"}',
        "/restart",
        "0[ {name} %s",
        "]]>\x08\x00",
        "asdkjh qwlkej",
        "？？？",
    ],
)
def test_odd_input_is_always_answered_and_never_obeyed(talk: Callable[[str], Talk], text: str) -> None:
    person = talk("ann")
    person.say(text)
    assert person.text
    assert "{" not in person.text.replace("{name}", "")
    assert person.state["category"] != "GOV-INT-01"
    person.say(ZH["opening"])
    person.say(text)
    assert person.text
    assert person.state["owner"] == "bot"


def test_the_language_changes_with_the_person(talk: Callable[[str], Talk]) -> None:
    person = talk("ann")
    person.say(ZH["opening"])
    assert person.state["language"] == "zh"
    person.say("Can we continue in English please?")
    assert person.state["language"] == "en"
    assert "English" in person.text


def test_a_ticket_can_be_urged_withdrawn_and_restored(talk: Callable[[str], Talk], store: Store) -> None:
    person = talk("ann")
    number = file(person, "zh")
    person.say("都几天了，麻烦催一下，快点办")
    assert number in person.text
    person.say("我想把这个投诉撤了")
    person.press(f"withdraw_yes:{number}")
    with store.reading() as work:
        ticket = work.tickets.by_number(number)
        assert ticket is not None
        assert ticket.state is State.WITHDRAWN
        assert [e.action for e in work.tickets.history(ticket.id)] == [
            "submit",
            "acknowledge",
            "urge",
            "withdraw",
        ]
    person.press(f"restore:{number}")
    with store.reading() as work:
        ticket = work.tickets.by_number(number)
        assert ticket is not None
        assert ticket.state is State.TRIAGE


def test_an_action_that_fails_loses_nothing_and_says_so(
    chat: Chat, talk: Callable[[str], Talk], store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = talk("ann")
    person.say(ZH["opening"])
    person.go_on_until("confirmation", ZH, category="GOV-ATT")

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the promise cannot be computed")

    with monkeypatch.context() as patched:
        patched.setattr("casework.tickets.filing.make_promise", broken)
        person.say(ZH["yes"])
    assert "单号" not in person.text
    assert person.text
    assert person.state["owner"] == "queue"
    with store.reading() as work:
        assert work.tickets.newest(limit=10) == []
        conversation = work.conversations.find("terminal", "ann")
        assert conversation is not None
        assert work.tickets.draft(conversation.id) is not None
        assert ZH["yes"] in [m.text for m in work.messages.transcript(conversation.id)]


def test_going_anonymous_drops_a_number_said_before(talk: Callable[[str], Talk], store: Store) -> None:
    person = talk("ann")
    person.say(ZH["opening"] + "，我电话13812345678")
    person.go_on_until("confirmation", {"want": ZH["want"]}, category="GOV-ATT")
    person.say("我想匿名")
    assert person.state["pending_field"] == "confirmation"
    assert "联系方式：13812345678" not in person.text
    person.press("affirm")
    with store.reading() as work:
        [ticket] = work.tickets.newest(limit=10)
    assert ticket.anonymous
    assert "contact" not in ticket.details
    assert "在这个聊天里联系您" in person.text


def test_a_report_made_anonymously_is_never_asked_twice_who_one_is(talk: Callable[[str], Talk]) -> None:
    person = talk("ann")
    person.say("我要举报，不动产窗口的人要我塞红包才肯办过户")
    person.go_on_until(
        "anonymous_or_named", {"unit": "不动产登记中心", "when": "上周五", "want": "查处"}, category="GOV-INT"
    )
    person.say("不想讓人知道我是誰")
    assert person.state["pending_field"] not in ("anonymous_or_named", "contact")


@pytest.mark.parametrize("words", ["诉求", "/deny", "要改一下", "时间"])
def test_only_a_clear_yes_files(talk: Callable[[str], Talk], store: Store, words: str) -> None:
    person = talk("ann")
    person.say(ZH["opening"])
    person.go_on_until("confirmation", ZH, category="GOV-ATT")
    person.say(words)
    with store.reading() as work:
        assert work.tickets.newest(limit=10) == []


@pytest.mark.parametrize("wish", ["希望换个人办", "找人来修好", "get someone to fix it"])
def test_a_wish_is_not_a_call_for_a_person(talk: Callable[[str], Talk], wish: str) -> None:
    person = talk("ann")
    person.say(ZH["opening"])
    person.go_on_until("want", {}, category="GOV-ATT")
    person.say(wish)
    assert person.state["owner"] == "bot"
    assert person.state["pending_field"]


def test_english_is_answered_in_english_outside_an_intake_too(talk: Callable[[str], Talk]) -> None:
    person = talk("ann")
    for words in ("will you share my data with anyone?", "what can you do?", "thank you, bye"):
        person.say(words)
        assert not any("\u4e00" <= character <= "\u9fff" for character in person.text), person.text


def test_a_ticket_of_danger_keeps_the_clock_of_danger(talk: Callable[[str], Talk], store: Store) -> None:
    person = talk("ann")
    person.say("村口的变压器一直冒火花，好几天了，声音也很大")
    person.go_on_until(
        "confirmation", {"exact_place": "李家村村口", "want": "赶紧修", "contact": "13812345678"}
    )
    person.press("affirm")
    with store.reading() as work:
        [ticket] = work.tickets.newest(limit=10)
    assert ticket.priority == "P0"
    assert ticket.promise is not None
    assert ticket.submitted_at is not None
    assert (ticket.promise.first_contact_at - ticket.submitted_at).total_seconds() <= 3600
