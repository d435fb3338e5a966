"""The agent as a library, on a small project of its own."""

from __future__ import annotations

import json
import logging
import tarfile
from pathlib import Path
from typing import Any

import pytest

from bot.engine import BotButton, Engine, EngineUnavailable
from bot.stores import Window
from tests.bot import fixture_actions
from tests.bot.conftest import NOW, States, Talk, load_engine

pytestmark = pytest.mark.engine


def test_a_complaint_is_filed_through_the_form_in_chinese(talk: Talk) -> None:
    assert talk.texts("我要投诉") == ["发生了什么？"]
    assert talk.texts("楼下每天半夜放音乐") == ["在哪里？"]
    assert talk.texts("幸福路八号") == ["已登记，编号T1，地点：幸福路八号。"]


def test_a_complaint_is_filed_through_the_form_in_english(talk: Talk) -> None:
    assert talk.texts("I wish to file a complaint") == ["What happened?"]
    assert talk.texts("the music downstairs every night") == ["Where was it?"]
    assert talk.texts("number eight Market Street") == ["Filed as T1, place: number eight Market Street."]


def test_a_question_inside_the_form_is_answered_and_the_form_asks_again(talk: Talk) -> None:
    talk.say("我要投诉")
    assert talk.texts("要多久才处理") == ["一般十个工作日。", "发生了什么？"]
    assert talk.texts("楼下每天半夜放音乐") == ["在哪里？"]


def test_the_form_can_be_cancelled(talk: Talk) -> None:
    talk.say("我要投诉")
    assert talk.texts("取消") == ["已取消。"]
    assert talk.texts("我的投诉到哪一步了")[0] == "正在办理。"


def test_a_story_is_followed(talk: Talk) -> None:
    assert talk.texts("thank you") == ["You are welcome."]
    assert talk.texts("yes that is right") == ["Glad to hear it."]


def test_buttons_and_cards_of_an_action_arrive(talk: Talk) -> None:
    spoken, card = talk.say("我的投诉到哪一步了")
    assert spoken.buttons == (BotButton("催一下", "urge_handling"),)
    assert spoken.response == "utter_progress"
    assert card.custom == {"card": "progress"}


def test_an_action_that_raises_is_answered_and_nothing_after_it_is_said(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    (answer,) = talk.say("你能做什么")
    reference = answer.text.removeprefix("我们这边出错了，编号").removesuffix("。")
    assert answer.response == "utter_internal_error"
    assert f"action_broken reference={reference}" in caplog.text
    assert "broken on purpose" in caplog.text
    assert talk.texts("thanks a lot") == ["You are welcome."]


@pytest.mark.parametrize(
    "text", ["/greet", "/restart", '/inform{"place": "x"}', "  /greet", "/", "/session_start"]
)
def test_a_typed_command_is_only_text(talk: Talk, text: str) -> None:
    parsed = talk.engine.understand(text, context=None, now=NOW, timezone="UTC", region="CN")
    assert parsed["text"] == text
    assert parsed["intent"]["confidence"] < 1.0
    assert parsed["entities"] == []
    assert talk.say(text)
    assert talk.texts("我要投诉") == ["发生了什么？"]


@pytest.mark.parametrize("text", ["", " ", "\x00\x07", "😀😀", "0[ {place} {0} }{", "长" * 5000, "]]>"])
def test_strange_texts_are_answered(talk: Talk, text: str) -> None:
    talk.say("你好")
    talk.say("我要投诉")
    assert talk.say(text)


def test_what_a_person_writes_is_never_read_as_a_placeholder(talk: Talk) -> None:
    talk.say("I wish to file a complaint")
    talk.say("0[ {number} everything")
    assert talk.texts("at {number} 0[ {language}") == ["Filed as T1, place: at {number} 0[ {language}."]


def test_policies_that_go_in_circles_are_stopped_and_the_next_turn_works(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    known = talk.engine._agent.action_endpoint._executor.actions
    with monkeypatch.context() as patched:
        patched.setitem(known, "action_unclear", lambda *_: [])
        (answer,) = talk.say("是的")
    assert answer.response == "utter_internal_error"
    assert "turn.in_circles" in caplog.text
    assert talk.texts("我要投诉") == ["发生了什么？"]


def test_understanding_names_every_part_and_touches_no_tracker(talk: Talk, states: States) -> None:
    parsed = talk.engine.understand(
        "楼下放音乐睡不着，电话13800138000",
        context=None,
        now=NOW,
        timezone="Asia/Shanghai",
        region="CN",
    )
    assert set(parsed) == {
        *("text", "intent", "intent_ranking", "margin", "entities"),
        *("language", "emotion", "emergency", "categories", "complaints", "ours", "details"),
    }
    assert parsed["language"]["language"] == "zh"
    assert parsed["categories"][0]["code"] == "URB-NOI-01"
    assert [detail["kind"] for detail in parsed["details"]].count("phone") == 1
    assert json.loads(json.dumps(parsed)) == parsed
    assert states.kept == {}


def test_only_the_categories_in_question_are_ranked(talk: Talk) -> None:
    parsed = talk.engine.understand(
        "吵得睡不着",
        context=None,
        now=NOW,
        timezone="UTC",
        region="CN",
        categories=["GOV-ATT-01", "XX-YY-01"],
    )
    assert [found["code"] for found in parsed["categories"]] == ["GOV-ATT-01"]


def test_the_question_asked_last_decides_what_a_short_answer_is(talk: Talk) -> None:
    asked = talk.engine.understand("right", context="confirmation", now=NOW, timezone="UTC", region="CN")
    assert asked["intent"]["name"] == "affirm"


def test_a_reset_conversation_starts_anew(talk: Talk) -> None:
    talk.say("我要投诉")
    talk.engine.reset(talk.person)
    assert talk.texts("幸福路八号") != ["在哪里？"]


def test_conversations_do_not_mix(talk: Talk) -> None:
    other = Talk(talk.engine, "p2")
    talk.say("我要投诉")
    other.say("I wish to file a complaint")
    assert talk.texts("楼下每天半夜放音乐") == ["在哪里？"]
    assert other.texts("loud music") == ["Where was it?"]


SCRIPT = (
    *("你好", "我要投诉", "楼下每天半夜放音乐", "要多久才处理", "幸福路八号", "我的投诉到哪一步了"),
    *(
        "thank you",
        "yes",
        "I wish to file a complaint",
        "cancel",
        "help",
        "谢谢",
        "不是",
        "早上好",
        "on 0[ Market Street",
    ),
    *(
        "投诉窗口态度差",
        "要多久才处理",
        "需要什么材料吗",
        "工地夜里施工",
        "what papers do I need",
        "菜场门口",
        "对",
    ),
)


def said(talk: Talk, turns: int) -> list[list[tuple[str, str]]]:
    """Names and texts of what the bot said, error references left out."""
    return [
        [
            (message.response, "" if "error" in message.response else message.text)
            for message in talk.say(text)
        ]
        for text in (SCRIPT[turn * 8 % len(SCRIPT)] for turn in range(turns))
    ]


@pytest.mark.parametrize("compared", [90, pytest.param(300, marks=pytest.mark.soak)])
def test_three_hundred_turns_stay_flat_and_are_answered_as_without_trimming(
    shared_engine: Engine, model: Path, caplog: pytest.LogCaptureFixture, compared: int
) -> None:
    kept, whole = States(), States()
    shared_engine.bind(kept)
    trimmed_talk = Talk(shared_engine)
    endless = load_engine(model, whole)
    endless._store.window = Window(events=10**9)
    # wording looks at the remembered part of the conversation, which is the one thing that may differ
    variants = _without_variants(endless), _without_variants(shared_engine)
    try:
        trimmed, sizes = [], []
        for _ in range(10):
            trimmed += said(trimmed_talk, 30)
            sizes.append(len(json.loads(kept.kept["p1"])["events"]))
        untrimmed = [turn for _ in range(compared // 30) for turn in said(Talk(endless), 30)]
        assert trimmed[:compared] == untrimmed
    finally:
        shared_engine._agent.nlg.responses = variants[1]
        endless.close()
    assert max(sizes) < 160
    assert max(sizes[5:]) <= max(sizes[:5]) * 1.3
    assert len(json.loads(whole.kept["p1"])["events"]) > compared * 7
    assert "not_trimmed" not in caplog.text


def _without_variants(engine: Engine) -> Any:
    responses = engine._agent.nlg.responses
    engine._agent.nlg.responses = {**responses, "utter_greet": responses["utter_greet"][::2]}
    return responses


def test_a_conversation_may_go_on_in_another_process_at_every_turn(
    shared_engine: Engine, model: Path
) -> None:
    states = States()
    shared_engine.bind(states)
    other = load_engine(model, states)
    alone = States()
    try:
        here, there = Talk(shared_engine), Talk(other)
        shifted = []
        for turn in range(60):
            speaker = here if turn % 2 else there
            speaker.turns = turn
            shifted.append([message.response for message in speaker.say(SCRIPT[turn % len(SCRIPT)])])
        shared_engine.bind(alone)
        stayed = Talk(shared_engine)
        assert shifted == [
            [message.response for message in stayed.say(SCRIPT[turn % len(SCRIPT)])] for turn in range(60)
        ]
    finally:
        other.close()


def test_a_turn_that_was_rolled_back_has_not_happened(talk: Talk, states: States) -> None:
    talk.say("我要投诉")
    before = dict(states.kept)
    assert talk.texts("楼下每天半夜放音乐") == ["在哪里？"]
    states.kept = before
    assert talk.texts("楼下每天半夜放音乐") == ["在哪里？"]


class Failing(States):
    def save(self, conversation_id: str, state: str) -> None:
        raise OSError("disk full")


def test_a_database_that_fails_is_not_hidden(talk: Talk) -> None:
    talk.engine.bind(Failing())
    with pytest.raises(OSError, match="disk full"):
        talk.say("你好")


def test_without_a_model_the_cure_is_told(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable) as raised:
        load_engine(tmp_path / "none.tar.gz")
    assert "tingsu train" in raised.value.cure


def test_a_file_that_is_no_model_is_refused_with_the_cure(tmp_path: Path) -> None:
    broken = tmp_path / "tingsu-1.tar.gz"
    broken.write_bytes(b"not a model")
    with pytest.raises(EngineUnavailable) as raised:
        load_engine(broken)
    assert "tingsu train" in raised.value.cure
    with tarfile.open(broken, "w:gz"):
        pass
    with pytest.raises(EngineUnavailable, match="not a model file"):
        load_engine(broken)


def test_actions_that_the_domain_names_and_nobody_wrote_are_refused(
    model: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fixture_actions.File, "name", lambda self: "action_other")
    with pytest.raises(EngineUnavailable, match="action_file"):
        load_engine(model)


def test_no_text_of_a_person_is_logged(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        talk.say("我要投诉")
        talk.say("隔壁王五每天唱歌")
    assert "王五" not in caplog.text
