"""Emotion on a small hand-made set, and the lexicon."""
# ruff: noqa: E501

from __future__ import annotations

from pathlib import Path

import pytest

from understanding.emotion import EmotionExample, EmotionModel, lexicon_columns

_EXAMPLES = [
    EmotionExample(text, label, intensity)
    for label, intensity, texts in [
        ("angry", 3, ["气死我了！！你们太过分了", "滚！一群骗子！！", "THIS IS AN OUTRAGE!!!", "you bloody liars, I am furious!!",
                      "他妈的到底有没有人管！！！", "ABSOLUTELY DISGUSTING, what the hell is wrong with you"]),
        ("angry", 2, ["第几次了，凭什么又让我跑一趟", "态度恶劣，欺负老百姓", "how many times must I call, this is ridiculous",
                      "I am fed up with your excuses", "太离谱了，一直推诿", "the clerk was rude and I am angry"]),
        ("anxious", 2, ["很担心，万一出事怎么办", "急死了，老人等着用药", "please hurry, I am worried sick",
                        "I'm scared someone will get hurt", "孩子一直发烧，我真的好怕", "what if it explodes, I can't sleep"]),
        ("disappointed", 1, ["有点失望，没想到会这样", "本以为你们会处理好的", "not what I expected, a bit disappointed",
                             "I thought better of you", "唉，服务大不如前", "it has really gone downhill"]),
        ("grateful", 1, ["谢谢你们，帮了大忙", "非常感谢，态度很好", "thank you, you were very helpful",
                         "much appreciated, great work", "师傅特别耐心，点赞", "so grateful for your help"]),
        ("neutral", 0, ["请问几点开门", "3号楼2单元的路灯不亮", "my account number is 40021", "the meter is in the basement",
                        "厨房有煤气味，请派人来看一下", "昨天下午三点", "there is a gas smell in the kitchen, please send someone",
                        "I would like to know the opening hours"]),
    ]
    for text in texts
]  # fmt: skip


@pytest.fixture(scope="module")
def model() -> EmotionModel:
    return EmotionModel.train(_EXAMPLES)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("你们也太欺负人了吧！！", "angry"),
        ("I'm absolutely furious with you", "angry"),
        ("我好担心，怎么办", "anxious"),
        ("thanks a lot, very kind of you", "grateful"),
        ("请问需要带什么材料", "neutral"),
    ],
)
def test_the_feeling_of_a_new_wording_is_heard(model: EmotionModel, text: str, label: str) -> None:
    assert model.predict(text).label == label


def test_calm_words_about_danger_are_not_angry(model: EmotionModel) -> None:
    assert model.predict("楼道里有股煤气味，麻烦来看看").label != "angry"
    assert model.predict("There is a gas leak on our road, please send someone").label != "angry"


def test_shouting_about_a_trifle_is_angry(model: EmotionModel) -> None:
    assert model.predict("我的快递盒子被压扁了！！！气死了！！！").label == "angry"
    assert model.predict("MY PARCEL BOX IS DENTED!!! RIDICULOUS!!!").label == "angry"


def test_swearing_and_shouting_raise_the_intensity(model: EmotionModel) -> None:
    calm, loud = (
        model.predict("凭什么让我再跑一趟"),
        model.predict("他妈的凭什么让我再跑一趟！！！气死我了！！！"),
    )
    assert loud.intensity > calm.intensity


def test_evidence_is_the_persons_own_words(model: EmotionModel) -> None:
    text = "你們太過分了！！WORST service, I am FURIOUS 😡"
    emotion = model.predict(text)
    assert emotion.label == "angry"
    assert {"太過分", "WORST", "FURIOUS", "😡"} <= set(emotion.evidence)
    assert all(word in text for word in emotion.evidence)


def test_a_negated_word_is_no_evidence(model: EmotionModel) -> None:
    assert "angry" not in model.predict("You bloody liars!! I am not angry, I am FURIOUS!!").evidence


def test_a_degree_word_belongs_to_the_evidence(model: EmotionModel) -> None:
    assert "So worried" in model.predict("So worried, I'm scared, what if she falls").evidence


def test_a_text_all_in_capitals_is_not_evidence_word_by_word(model: EmotionModel) -> None:
    evidence = model.predict("THIS IS AN OUTRAGE, YOU BLOODY LIARS!!!").evidence
    assert "OUTRAGE" in evidence
    assert "THIS" not in evidence


def test_names_that_everybody_writes_in_capitals_are_no_evidence(model: EmotionModel) -> None:
    evidence = model.predict("I am furious, the ATM ATE my card, how many times must I call").evidence
    assert "ATE" in evidence
    assert "ATM" not in evidence


def test_where_the_lexicon_is_silent_the_model_names_the_words() -> None:
    taught = [
        EmotionExample(text, label, intensity)
        for label, intensity, texts in [
            ("sad", 2, ["三楼的阳台，枣树没有再开花", "枣树没有再开花，我站了很久", "the plum tree did not bloom this year, room 4",
                        "since spring the plum tree did not bloom"]),
            ("neutral", 0, ["三楼的阳台朝南", "四号楼的阳台在修", "the balcony of room 4 faces south", "room 4, the small balcony"]),
        ]
        for text in texts
    ]  # fmt: skip
    model = EmotionModel.train(taught)
    assert model.predict("楼道那边的阳台，后来枣树没有再开花，编号四").evidence == ("后来枣树没有再开花",)
    english = "The balcony is on the left, Our plum tree did not bloom, room 9"
    assert model.predict(english).evidence == ("Our plum tree did not bloom",)


@pytest.mark.parametrize(
    "text",
    [
        "你们這樣欺負人！！０１２ ＷＨＹ ﬁne",
        "ﬃ İ 😡😡‍💨 滾！",
        "I ... can't — take “this” any longer\u200b!!\n\nReally ANGRY",
        "嗯" * 900 + "气死我了",
        "please help " * 300,
        "!!!???",
    ],
)
def test_evidence_is_always_a_piece_of_the_text(model: EmotionModel, text: str) -> None:
    emotion = model.predict(text)
    assert all(word and word in text for word in emotion.evidence)
    assert emotion == model.predict(text)


def test_a_joined_emoji_of_people_is_no_sign_of_disappointment() -> None:
    family, nobody = lexicon_columns(["my family \U0001f468\u200d\U0001f469 here", "my family here"])
    assert (family == nobody).all()


@pytest.mark.parametrize(
    "text",
    ["请按说明操作", "家里有病人", "what kind of form is it", "begin the crystal tour", "my short shirt"],
)
def test_plain_words_are_not_mistaken_for_words_of_feeling(text: str) -> None:
    found, nothing = lexicon_columns([text, "。" if not text.isascii() else "the tap over there"])
    first = 3 * 9  # columns of the groups that speak for a feeling, and of swearing
    assert (found[:first] == nothing[:first]).all()


def test_a_blank_text_is_neutral_and_neutral_has_no_intensity(model: EmotionModel) -> None:
    assert model.predict("  ").label == "neutral"
    assert model.predict("昨天下午三点").intensity == 0


def test_a_feeling_has_an_intensity_of_at_least_one() -> None:
    told_calmly = [
        EmotionExample(text, label, intensity)
        for label, intensity, texts in [
            ("disappointed", 0, ["有点失望", "I expected more", "没想到会这样", "not what I hoped for"]),
            ("neutral", 0, ["几点开门", "3号楼", "my number is 5", "yesterday"]),
            ("angry", 3, ["气死我了！！", "you liars!!"]),
        ]
        for text in texts
    ]
    emotion = EmotionModel.train(told_calmly).predict("有点失望")
    assert (emotion.label, emotion.intensity) == ("disappointed", 1)


def test_probabilities_cover_all_labels(model: EmotionModel) -> None:
    chances = model.probabilities("谢谢")
    assert set(chances) == {"angry", "anxious", "disappointed", "grateful", "neutral"}
    assert sum(chances.values()) == pytest.approx(1)


def test_english_entries_match_whole_words_only() -> None:
    sad, saddle, sail = lexicon_columns(["the sad news", "the saddle news", "the sailor news"])
    assert (saddle == sail).all()
    assert (sad != sail).any()


def test_a_saved_model_feels_as_before(model: EmotionModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    loaded = EmotionModel.load(tmp_path)
    for example in _EXAMPLES:
        assert loaded.predict(example.text) == model.predict(example.text)


def test_one_label_is_not_enough_to_learn_from() -> None:
    with pytest.raises(ValueError, match="at least two labels"):
        EmotionModel.train([EmotionExample("谢谢", "grateful", 1), EmotionExample("thanks", "grateful", 2)])
