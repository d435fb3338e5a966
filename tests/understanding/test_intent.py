"""Dialogue acts on a small hand-made set."""

from __future__ import annotations

from pathlib import Path

import pytest

from understanding.intent import IntentExample, IntentModel, context_group, margin
from understanding.model import Language

_SAID: dict[str, dict[Language, list[str]]] = {
    "greet": {
        "zh": ["你好", "您好啊", "早上好", "在吗", "哈喽", "喂，有人在不"],
        "en": ["hello", "hi there", "good morning", "hey", "hi, anyone here?", "good evening"],
    },
    "thank": {
        "zh": ["谢谢", "多谢了", "太感谢你们了", "谢谢您的帮助", "辛苦了谢谢", "感谢感谢"],
        "en": ["thanks", "thank you so much", "cheers", "many thanks for that", "thx", "much appreciated"],
    },
    "query_progress": {
        "zh": [
            "我的投诉到哪了",
            "处理得怎么样了",
            "查一下进度",
            "我上周反映的事有结果没",
            "现在办到哪一步",
            "帮我看看单子的状态",
        ],
        "en": [
            "how far is my complaint",
            "any news on my case",
            "what is the status of my ticket",
            "check progress please",
            "has anything happened with the report i filed",
            "where are we with my complaint",
        ],
    },
    "lodge_complaint": {
        "zh": [
            "我要投诉",
            "楼下施工吵得没法睡",
            "路灯坏了半个月没人修",
            "窗口的人态度特别差",
            "小区停水三天了",
            "垃圾堆在门口没人收",
        ],
        "en": [
            "I wish to file a complaint",
            "the street light has been broken for weeks",
            "the clerk was rude to me",
            "builders make noise all night",
            "no water in our block for three days",
            "rubbish is piling up at our door",
        ],
    },
    "out_of_scope": {
        "zh": [
            "今天股票涨了吗",
            "给我讲个笑话",
            "推荐一部电影",
            "帮我写首诗",
            "世界杯谁赢了",
            "番茄炒蛋怎么做",
        ],
        "en": [
            "tell me a joke",
            "who won the match",
            "recommend a film",
            "write me a poem",
            "how do i cook pasta",
            "what is the price of gold",
        ],
    },
}
_ANSWERS: list[tuple[str, str, Language, list[str]]] = [
    ("inform", "when", "zh", ["昨天下午", "上周三", "今天早上八点", "三天前"]),
    ("inform", "when", "en", ["yesterday afternoon", "last monday", "at 8 this morning", "3 days ago"]),
    ("rate_service", "rating", "zh", ["5", "4", "三分", "2", "1"]),
    ("rate_service", "rating", "en", ["5", "four", "3", "2 stars", "1"]),
    ("inform", "people", "zh", ["5", "4个人", "三个", "2", "1"]),
    ("inform", "people", "en", ["5", "four", "3", "2 people", "1"]),
]
_IN_CONTEXT = [
    IntentExample(text, act, context, language)
    for act, context, language, texts in _ANSWERS
    for text in texts
]


_ALL = [
    IntentExample(text, act, None, language)
    for act, by_language in _SAID.items()
    for language, texts in by_language.items()
    for text in texts
] + _IN_CONTEXT


@pytest.fixture(scope="module")
def model() -> IntentModel:
    return IntentModel.train(_ALL)


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("你好呀", "greet"),
        ("thank you very much", "thank"),
        ("我的投訴現在處理到哪裡了", "query_progress"),
        ("what's happening with my complaint", "query_progress"),
        ("隔壁装修天天吵得睡不着", "lodge_complaint"),
        ("the officer at the counter shouted at me", "lodge_complaint"),
    ],
)
def test_wording_that_was_never_seen_is_understood(model: IntentModel, text: str, act: str) -> None:
    assert model.predict(text, context=None)[0].name == act


def test_the_ranking_is_complete_and_sums_to_one(model: IntentModel) -> None:
    ranking = model.predict("谢谢", context=None)
    assert {ranked.name for ranked in ranking} == {*_SAID, "inform", "rate_service"}
    assert sum(ranked.confidence for ranked in ranking) == pytest.approx(1, abs=1e-5)
    assert list(ranking) == sorted(ranking, key=lambda ranked: -ranked.confidence)


def test_the_question_asked_last_changes_the_answer(model: IntentModel) -> None:
    assert model.predict("5", context="rating")[0].name == "rate_service"
    assert model.predict("5", context="people")[0].name == "inform"


def test_keys_of_one_kind_count_as_one_question(model: IntentModel) -> None:
    assert context_group("order_no") == context_group("bill_no") == "number"
    assert context_group("a_key_of_a_new_pack") == "other_field"
    assert context_group("number") == "number"
    assert context_group(None) is None
    assert model.predict("上周五", context="since") == model.predict("上周五", context="when")


@pytest.mark.parametrize("text", ["推荐一部好看的电影", "tell me a funny joke", "", "   ", "\u200b"])
def test_chat_and_blank_turns_are_out_of_scope(model: IntentModel, text: str) -> None:
    assert model.decide(text, context=None)[0].name == "out_of_scope"


def test_an_interruption_is_heard_in_the_middle_of_a_form(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [
        "进度一直查不到",
        "网上看不到进度",
        "进度条不动",
        "查办理进度老报错",
        "进度查询页面打不开",
        "到哪一步了都不显示",
    ]
    examples = [*_ALL, *(IntentExample(text, "inform", "what", "zh") for text in answers)]

    def chances() -> dict[str, float]:
        ranking = IntentModel.train(examples).predict("查询进度", context="what")
        return {ranked.name: ranked.confidence for ranked in ranking}

    hearing = chances()
    monkeypatch.setattr("understanding.intent._INTERRUPTIONS", frozenset())
    deaf = chances()
    assert max(hearing, key=lambda act: hearing[act]) == "query_progress"
    assert hearing["query_progress"] > deaf["query_progress"] + 0.1


def test_a_turn_no_act_is_likely_for_is_out_of_scope(model: IntentModel) -> None:
    model_with_floor = IntentModel(model._linear, floor=0.999)
    decided, ranking = model_with_floor.decide("你好我要查进度谢谢", context=None)
    assert ranking[0].confidence < 0.999
    assert decided.name == "out_of_scope"
    assert decided.confidence == pytest.approx(1 - ranking[0].confidence)


def test_a_clear_turn_has_a_wider_margin_than_a_muddled_one(model: IntentModel) -> None:
    clear = margin(model.predict("谢谢您的帮助", context=None))
    assert clear > margin(model.predict("你好谢谢", context=None))


def test_a_saved_model_answers_as_before(model: IntentModel, tmp_path: Path) -> None:
    model.save(tmp_path / "new")
    loaded = IntentModel.load(tmp_path / "new")
    for text, context in [("谢谢", None), ("5", "rating"), ("qwertz", "when"), ("路灯不亮了", None)]:
        before, after = model.predict(text, context=context), loaded.predict(text, context=context)
        assert [ranked.name for ranked in after] == [ranked.name for ranked in before]
        assert [r.confidence for r in after] == pytest.approx([r.confidence for r in before], abs=1e-3)
    assert loaded.floor == model.floor


def test_an_unknown_act_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown dialogue acts: sing"):
        IntentModel.train([IntentExample("la", "sing", None, "en"), IntentExample("hi", "greet", None, "en")])


def test_a_missing_model_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        IntentModel.load(tmp_path)
