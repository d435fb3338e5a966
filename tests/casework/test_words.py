"""How Tingsu words things: the sentences themselves, facts that are said back, kinds of people, what is refused."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.house import House
from casework.words import (
    Memory,
    Moment,
    Person,
    Told,
    Voice,
    WordsError,
    acknowledge,
    closing,
    kind_of,
    labelled,
    mirrored,
    openings,
    remembered,
    told_by,
)
from casework.words.checking import faults
from casework.words.voice import EMOTIONS
from tests.conftest import ROOT

WORDS = ROOT / "packs" / "_words"
NEVER_SAY = yaml.safe_load((ROOT / "packs" / "common.yml").read_text(encoding="utf-8"))["never_say"]
FACT = {"zh": "窗口的人把您的材料退了回来", "en": "the clerk sent your papers back"}
#: Responses of the domain that are said when a ticket is in the database, besides those that name its number.
AFTER = re.compile(
    r"utter_(?:receipt|closing|progress|urged|goodbye|rat|kept_open|own_data|data|forget|joined)"
)


@pytest.fixture(scope="module")
def voice() -> Voice:
    return Voice.load(WORDS, never_say=NEVER_SAY)


def moment(language: str, **more: object) -> Moment:
    base = Moment(language, "c1 7", told=Told({"fact": FACT[language]}, single=FACT[language], ironic=True))
    return Moment(**{**vars(base), **more})


# -- the sentences ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_there_are_hundreds_of_ways_to_acknowledge(voice: Voice, language: str) -> None:
    patterns = {p.text for patterns in voice.books[language].acknowledge.values() for p in patterns}
    assert len(patterns) >= 300
    for emotion in EMOTIONS:
        for level in (1, 2, 3):
            assert voice.books[language].acknowledge[f"{emotion} {level}"]
            assert voice.books[language].acknowledge[f"{emotion} {level} plain"]


def test_most_acknowledgements_name_a_fact(voice: Voice) -> None:
    for book in voice.books.values():
        patterns = [p for name, of in book.acknowledge.items() if name not in ("danger", "grief") for p in of]
        assert sum(bool(p.slots) for p in patterns) >= 0.85 * len(patterns)


BAD = [
    ("acknowledge", "angry 1", "zh", "{fact}，我们会处理的。", "never say"),
    ("acknowledge", "angry 1", "zh", "{fact}，已经登记了。", "not in the database"),
    ("acknowledge", "angry 1", "zh", "{fact}，一定给您答复。", "without who"),
    ("acknowledge", "angry 1", "zh", "{fact}，很抱歉。", "apologises"),
    ("acknowledge", "angry 1", "zh", "{fact}，对吗？", "question"),
    ("acknowledge", "angry 1", "zh", "{fcat}，记着了。", "{fcat}"),
    ("acknowledge", "angry 1", "zh", "{fact，记着了。", "brace"),
    ("acknowledge", "angry 1", "zh", "{fact}！记着了。", "gushes"),
    ("acknowledge", "angry 1", "zh", "{fact}，我也很难过。", "feeling"),
    ("acknowledge", "angry 1", "zh", "{fact}，这是我们的错。", "fault"),
    ("acknowledge", "angry 1", "zh", "{fact}. I have it.", "written in zh"),
    ("acknowledge", "angry 1", "en", "{Fact}. We will look into it.", "without who"),
    ("acknowledge", "angry 1", "en", "{Fact}. It has been forwarded.", "not in the database"),
    ("acknowledge", "angry 1", "en", "{Fact}. I called the office.", "not in the database"),
    ("acknowledge", "angry 1", "en", "{Fact}. I know how you feel.", "never say"),
    ("acknowledge", "angry 1", "en", "{Fact}. Sorry about that.", "apologises"),
    ("acknowledge", "angry 1", "en", "{Fact}. One. Two. Three.", "sentences"),
    ("promises", "angry", "en", "{department} will call you.", "without who"),
    ("promises", "angry", "en", "Somebody will call you by {first}.", "without who"),
    ("promises", "angry", "zh", "{first}前会联系您。", "without who"),
    ("steps", "apology", "en", "Sorry, and sorry again.", "apologises"),
]


@pytest.mark.parametrize(("file", "group", "language", "sentence", "why"), BAD)
def test_a_sentence_we_cannot_stand_by_is_refused_at_start(
    tmp_path: Path, file: str, group: str, language: str, sentence: str, why: str
) -> None:
    root = tmp_path / "_words"
    shutil.copytree(WORDS, root)
    path = root / f"{file}.{language}.yml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    data[group].append(sentence)
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    with pytest.raises(WordsError, match=re.escape(why)) as refused:
        Voice.load(root, never_say=NEVER_SAY)
    assert f"{file}.{language}.yml" in str(refused.value)


def test_a_promise_with_who_step_and_time_is_fine(voice: Voice) -> None:
    for text, language in (
        ("{department} will call you by {first}.", "en"),
        ("{department}会在{first}前联系您。", "zh"),
    ):
        slots = ("department", "first")
        assert not list(
            faults(text, voice.rules[language], stage="after", never_say=NEVER_SAY[language], slots=slots)
        )


def test_a_group_in_one_language_only_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "_words"
    shutil.copytree(WORDS, root)
    data = yaml.safe_load((root / "steps.zh.yml").read_text(encoding="utf-8"))
    del data["pace"]
    (root / "steps.zh.yml").write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    with pytest.raises(WordsError, match="'pace' in both languages"):
        Voice.load(root, never_say=NEVER_SAY)


def test_too_many_sentences_that_begin_alike_are_refused(tmp_path: Path) -> None:
    root = tmp_path / "_words"
    shutil.copytree(WORDS, root)
    data = yaml.safe_load((root / "acknowledge.en.yml").read_text(encoding="utf-8"))
    data["more"] += [f"Every bit {word} too: {{fact}}." for word in ("counts", "helps", "goes in", "stays")]
    (root / "acknowledge.en.yml").write_text(yaml.safe_dump(data), encoding="utf-8")
    with pytest.raises(WordsError, match="'every bit'"):
        Voice.load(root, never_say=NEVER_SAY)


def test_the_domain_claims_nothing_before_the_commit_and_asks_one_question(voice: Voice) -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    for name, variants in domain["responses"].items():
        for variant in variants:
            text = str(variant.get("text") or "")
            language = variant["condition"][0]["value"]
            rules = voice.rules[language]
            if name.startswith(("utter_emergency", "utter_check")) or AFTER.match(name) or "{number}" in text:
                continue
            assert len(rules.checks["apology"][0].findall(text)) <= 1, name
            assert not any(pattern.search(text) for pattern in rules.checks["fault"]), name
            if not re.search("没|不|尚|还|isn't|nothing|not |no |once |before ", text):
                found = [m.group() for p in rules.checks["claims"] for m in p.finditer(text)]
                assert not [
                    f for f in found if f not in ("单号", "工单", "case number", "the case", "your case")
                ], (
                    name,
                    text,
                )


# -- facts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "fact"),
    [
        ("en", "my bins were not emptied", "your bins were not emptied"),
        (
            "en",
            "Honestly I was told to wait and I am still waiting",
            "you were told to wait and you are still waiting",
        ),
        ("en", "Waited two hours at the desk", "you waited two hours at the desk"),
        ("en", "told to come back tomorrow", "you were told to come back tomorrow"),
        ("en", "your clerk ignored us", "the clerk ignored you"),
        ("en", "MY HEATING HAS BEEN OFF SINCE MONDAY", "your heating has been off since monday"),
        ("en", "they took 3,000 in cash from me", "they took 3,000 in cash from you"),
        ("zh", "我家的垃圾三天没人收了", "您家的垃圾三天没人收"),
        ("zh", "你们窗口的人把我的材料扔地上", "窗口的人把您的材料扔地上"),
        ("zh", "我妈排了两个小时的队", "您母亲排了两个小时的队"),
        ("zh", "我要投诉3号窗口一直玩手机", "3号窗口一直玩手机"),
        ("zh", "等了一上午没人理", "您等了一上午没人理"),
        ("zh", "太寒心了，昨天修好的灯今天又不亮了啊", "昨天修好的灯今天又不亮"),
    ],
)
def test_a_fact_is_turned_to_the_person(voice: Voice, language: str, text: str, fact: str) -> None:
    assert told_by(text, voice.rules[language]).slots["fact"].rstrip("了") == fact


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "那个傻逼窗口员"),
        ("zh", "凭什么不给我办"),
        ("zh", "我要曝光你们"),
        ("zh", "我快气死了"),
        ("zh", "必须给我退钱"),
        ("zh", "我叫王小明，电话13812345678"),
        ("zh", "她在大厅里晕倒流血了"),
        ("zh", "你们效率真高"),
        ("en", "that idiot at desk 5"),
        ("en", "why does nobody answer the phone?"),
        ("en", "I'll post this on Facebook tonight"),
        ("en", "I am so angry about this"),
        ("en", "please refund me"),
        ("en", "my name is Ann Smith, 555-123-4567"),
        ("en", "she collapsed and there was blood"),
        ("en", "you are useless"),
        ("en", "I live at 12 Mill Lane, flat 3"),
    ],
)
def test_what_is_not_fit_to_be_said_back_is_left_out(voice: Voice, language: str, text: str) -> None:
    told = told_by(text, voice.rules[language])
    assert not {"fact", "quote", "topic"} & set(told.slots), told.slots


def test_a_name_or_number_heard_as_a_detail_is_never_said_back(voice: Voice) -> None:
    told = told_by("窗口的李强把我赶出来了", voice.rules["zh"], details=[("staff", "李强")])
    assert "李强" not in str(told.slots)


def test_a_clause_that_is_only_a_time_and_a_place_is_no_fact(voice: Voice) -> None:
    details = [("when", "上周三下午"), ("organisation", "市民中心")]
    told = told_by("上周三下午在市民中心，窗口的人把我的材料扔地上", voice.rules["zh"], details=details)
    assert told.single == "窗口的人把您的材料扔地上"


@pytest.mark.parametrize(
    ("language", "text", "when", "said"),
    [
        ("en", "furious, every evening!", "every evening", ""),
        ("en", "furious about weekdays!", "weekdays", ""),
        ("en", "furious about last Friday!", "last Friday", "last Friday"),
        ("zh", "天天晚上，真是气死我了", "天天晚上", ""),
        ("zh", "上周五，真是气死我了", "上周五", "上周五"),
    ],
)
def test_only_a_time_that_has_come_is_where_something_began(
    voice: Voice, language: str, text: str, when: str, said: str
) -> None:
    told = told_by(text, voice.rules[language], details=[("when", when)])
    assert told.slots.get("when", "") == said


def test_somebodys_death_is_not_said_back(voice: Voice) -> None:
    for language, text in (
        ("zh", "我爸上个月去世了，销户跑了三趟"),
        ("en", "my mother passed away and you still bill her"),
    ):
        told = told_by(text, voice.rules[language])
        assert told.grief
        assert not told.slots
        said = acknowledge(voice, Moment(language, "x", told=told, emotion=("sad", 2)))
        assert said.parts[0] == "grief"


def test_traditional_characters_are_read_and_answered_in_kind(voice: Voice) -> None:
    told = told_by("我媽排隊排了兩個鐘頭", voice.rules["zh"], script="hant")
    said = acknowledge(voice, Moment("zh", "x", told=told, emotion=("angry", 1)))
    assert "您母親排隊排了兩個鐘頭" in mirrored(said.text, voice, language="zh", script="hant", country="TW")


@settings(deadline=None)
@given(text=st.text(max_size=300))
def test_no_text_is_too_odd(text: str) -> None:
    voice = _voice()
    for language in ("zh", "en"):
        told = told_by(text, voice.rules[language])
        assert all(value.strip() for value in told.slots.values())


def _voice(cache: list[Voice] = []) -> Voice:  # noqa: B006 (loaded once for all examples)
    if not cache:
        cache.append(Voice.load(WORDS, never_say=NEVER_SAY))
    return cache[0]


# -- choosing ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("emotion", [*EMOTIONS, "neutral"])
def test_whatever_the_mood_the_answer_names_the_fact_once_and_asks_nothing(
    voice: Voice, language: str, emotion: str
) -> None:
    for level in (1, 2, 3):
        for turn in range(12):
            felt = (emotion, 0 if emotion == "neutral" else level)
            said = acknowledge(voice, moment(language, emotion=felt, seed=f"c {turn}", questions=3)).text
            assert said.lower().count(FACT[language]) == 1
            assert not re.search("[?？{}]", said)
            assert len(voice.rules[language].checks["apology"][0].findall(said)) <= 1
            assert not any(re.search(pattern, said, re.IGNORECASE) for pattern in NEVER_SAY[language])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_turn_tried_again_says_the_same_and_others_say_other_words(voice: Voice, language: str) -> None:
    said = [
        acknowledge(voice, moment(language, seed=f"c{i // 2} 7", emotion=("angry", 2))).text
        for i in range(40)
    ]
    assert said[::2] == said[1::2]
    assert len(set(said)) >= 10


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_sentence_begins_like_an_earlier_one(voice: Voice, language: str) -> None:
    heard: list[str] = []
    for turn in range(15):
        memory = remembered(heard, voice.rules)
        said = acknowledge(
            voice, moment(language, seed=f"c {turn}", emotion=("angry", 2), memory=memory, person=Person("R"))
        ).text
        began = [opening for opening in openings(said) if opening not in openings(FACT[language] + "。")]
        assert not {o for o in began if FACT[language][:3] not in o} & memory.used
        heard.append(said)


def test_a_word_of_regret_comes_once_in_a_conversation(voice: Voice) -> None:
    first = acknowledge(voice, moment("en", emotion=("angry", 2)))
    assert "apology" in first.parts
    memory = remembered([first.text], voice.rules)
    assert memory.apologised
    again = acknowledge(voice, moment("en", emotion=("angry", 2), memory=memory))
    assert "apology" not in again.parts


def test_the_same_facts_get_four_plans(voice: Voice) -> None:
    plans = {
        kind: acknowledge(voice, moment("zh", person=Person(kind), questions=3, emotion=("angry", 1))).parts[
            1:
        ]
        for kind in ("E", "R", "I", "L")
    }
    assert plans == {"E": (), "R": ("count",), "I": ("public",), "L": ("history",)}


def test_a_story_taken_for_irony_by_mistake_is_not_mocked(voice: Voice) -> None:
    for language, text in (
        ("zh", "谢谢上次帮我，热水好了，不过电梯还是三天两头停"),
        ("en", "Thanks for the refund. One thing though, the invoice still shows the old amount."),
        ("zh", "物业三天没收垃圾"),
        ("en", "they promised six weeks and now it's November"),
    ):
        told = told_by(text, voice.rules[language])
        for turn in range(8):
            said = acknowledge(voice, Moment(language, str(turn), told=told, emotion=("sarcastic", 2)))
            assert not said.parts[0].startswith("sarcastic")


def test_in_danger_nothing_is_echoed_nor_apologised_for(voice: Voice) -> None:
    for language in ("zh", "en"):
        said = acknowledge(voice, moment(language, danger=True, emotion=("angry", 3)))
        assert said.parts == ("danger",)
        assert FACT[language] not in said.text.lower()


def test_an_accusation_is_said_back_as_the_persons_words_only(voice: Voice) -> None:
    for turn in range(30):
        told = told_by("窗口的人收了红包才给办", voice.rules["zh"])
        assert told.grave
        said = acknowledge(voice, Moment("zh", f"c {turn}", told=told, emotion=("angry", 2))).text
        assert "收了红包" not in said or re.search("您(?:说|讲|反映)|照您|按您|原话|话", said)


def test_short_is_answered_short_and_formal_without_contractions(voice: Voice) -> None:
    for turn in range(20):
        brief = acknowledge(voice, moment("en", seed=f"c {turn}", person=Person("E", brief=True)))
        assert len(brief.text.split()) <= 12 + len(FACT["en"].split())
        formal = acknowledge(
            voice, moment("en", seed=f"c {turn}", person=Person("R", formal=True), first=False)
        )
        assert not re.search(r"\w'(?:s|re|ve|ll|d|m|t)\b", formal.text)


def test_below_the_receipt_a_promise_names_who_and_when(voice: Voice) -> None:
    values = {
        "department": "Hall operations",
        "first": "Mon 23 Nov, 18:00",
        "due": "Fri 27 Nov",
        "number": "TS1",
    }
    for emotion in EMOTIONS:
        for turn in range(6):
            said = closing(voice, moment("en", emotion=(emotion, 2), seed=str(turn)), values).text
            assert "{" not in said
    assert closing(voice, moment("en", person=Person("E")), values).text == ""


# -- people -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "emotion", "details", "kind", "reason"),
    [
        ("zh", "凭什么让我等一上午！！气死了", ("angry", 3), [], "E", "凭什么"),
        (
            "zh",
            "10月账单612元，9月188元，请书面说明计费依据",
            ("neutral", 0),
            ["when", "amount"],
            "R",
            "依据",
        ),
        ("zh", "不解决我今晚就发抖音", ("angry", 2), [], "I", "抖音"),
        ("zh", "在你们这交了十八年电费", ("disappointed", 1), [], "L", "交了十八年"),
        ("en", "I can't take this any more!! What should I do!!", ("anxious", 3), [], "E", "!!"),
        ("en", "Under clause 4 the invoice total is wrong", ("neutral", 0), ["amount"], "R", "clause"),
        ("en", "My followers on TikTok will hear of it", ("angry", 1), [], "I", "TikTok"),
        (
            "en",
            "We have been coming for twelve years as a regular guest",
            ("sad", 1),
            [],
            "L",
            "for twelve years",
        ),
    ],
)
def test_the_kind_of_person_comes_with_its_reasons(
    voice: Voice,
    language: str,
    text: str,
    emotion: tuple[str, int],
    details: list[str],
    kind: str,
    reason: str,
) -> None:
    person = kind_of(text, voice.rules[language], emotion=emotion, details=details)
    assert person.kind == kind
    assert any(reason in said for said in person.reasons), person.reasons


def test_somebody_with_earlier_cases_is_known(voice: Voice) -> None:
    person = kind_of("路灯不亮", voice.rules["zh"], earlier=3)
    assert person.kind == "L"
    assert person.reasons == ("tickets: 3",)


def test_years_are_taken_as_they_were_said(voice: Voice) -> None:
    assert kind_of("我用了二十多年", voice.rules["zh"]).years == "二十多年"
    assert kind_of("customers for twelve years", voice.rules["en"]).years == "twelve years"


# -- mirror -----------------------------------------------------------------------------------------------


def test_spelling_follows_the_person_then_the_country(voice: Voice) -> None:
    def said(country: str, sample: str = "") -> str:
        return mirrored(
            "I apologise. The centre is grey.", voice, language="en", country=country, sample=sample
        )

    assert said("GB") == "I apologise. The centre is grey."
    assert said("US") == "I apologize. The center is gray."
    assert said("GB", "the color of my apartment") == "I apologize. The center is gray."
    assert said("US", "the council and its colour") == "I apologise. The centre is grey."


def test_the_first_answer_says_it_is_a_program_where_the_law_asks(voice: Voice) -> None:
    assert labelled("收到。", voice, language="zh", country="CN").endswith("（以上由AI程序自动回复）")
    assert labelled("我是AI助手。", voice, language="zh", country="CN") == "我是AI助手。"
    assert labelled("Hello.", voice, language="en", country="GB") == "Hello."


def test_how_a_sentence_begins() -> None:
    assert openings("“您家停电”，记下了。往下说。") == ("您家停", "往下说")
    assert openings("I hear you: go on. Then stop.") == ("i hear", "then stop")
    assert openings("• 时间：昨天\n1. 第一步") == ()


def test_the_house_has_its_voice(house: House) -> None:
    assert house.voice.books["zh"].acknowledge
    assert Memory().used == frozenset()


@pytest.mark.parametrize(
    ("language", "text", "fact"),
    [
        (
            "zh",
            "上周一我在市政大厅交了材料，说好三个工作日办好，到今天都没消息",
            "说好三个工作日办好，到今天都没消息",
        ),
        ("zh", "买的鞋到手就开胶 客服一直不回", "买的鞋到手就开胶，客服一直不回"),
        (
            "en",
            "The desk told me a form is missing and sent me home twice",
            "the desk told you a form is missing and sent you home twice",
        ),
    ],
)
def test_of_a_story_the_trouble_is_said_back(voice: Voice, language: str, text: str, fact: str) -> None:
    assert told_by(text, voice.rules[language]).slots["fact"] == fact


def test_what_follows_a_question_is_said_back_without_it(voice: Voice) -> None:
    told = told_by("How do I send this back? There's no option in my account", voice.rules["en"])
    assert told.slots["fact"] == "there's no option in your account"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh", "把房费退我一半不过分吧"),
        ("zh", "上个月我家就用了一盏灯，咋收了三百多块钱"),
        ("en", "and if I'm not happy with it, who do I go to?"),
        ("en", "half the room rate back seems fair"),
        ("en", "my phone it is broken since 5 days"),
    ],
)
def test_a_wish_a_question_or_broken_words_are_not_said_back(voice: Voice, language: str, text: str) -> None:
    told = told_by(text, voice.rules[language])
    assert not {"fact", "quote"} & set(told.slots)


def test_a_feeling_is_named_only_where_a_word_shows_it(voice: Voice) -> None:
    for text, feels in (("三天没人来修", False), ("三天没人来修，气死我了", True)):
        said = {
            acknowledge(
                voice,
                Moment("zh", f"c {n}", told=told_by(text, voice.rules["zh"]), emotion=("angry", 2)),
            ).text
            for n in range(30)
        }
        assert any(re.search("生气|火|气", words.split("。")[0]) for words in said) is feels, said
