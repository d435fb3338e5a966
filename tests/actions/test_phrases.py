"""Phrases that do something else than answer, and what they must not be taken for."""

from __future__ import annotations

import pytest

from actions.heard import Heard
from actions.intake.phrases import (
    as_before,
    gives_up,
    is_noise,
    means_it,
    only_wrong,
    plain,
    pointed_at,
    question_in,
    refuses_number,
    wants_a_moment,
    wants_it_again,
    without_outcry,
)


@pytest.mark.parametrize(
    ("text", "stops"),
    [
        ("算了", True),
        ("算了算了，不投诉了", True),
        ("不对，时间是前天……算了，不投诉了", True),
        ("forget it", True),
        ("no, it was Monday... oh, just forget the whole thing", True),
        ("算了，周二吧", False),
        ("写的是入住前一天可免费取消", False),
        ("把线撤了，装个充电桩", False),
        ("他们让我算了，我不服", False),
        ("they told me to forget it and hung up", False),
        ("the lift stopped between two floors", False),
    ],
)
def test_giving_up_is_heard_from_the_words_alone(text: str, stops: bool) -> None:
    assert gives_up(Heard("1", text, intent="inform", confidence=0.9)) is stops


@pytest.mark.parametrize(
    ("text", "waits"),
    [
        ("稍等一下，我查查", True),
        ("等等", True),
        ("hang on, let me check", True),
        ("one moment please", True),
        ("等了三个小时", False),
        ("I waited a moment and then she shouted", False),
    ],
)
def test_asking_for_a_moment(text: str, waits: bool) -> None:
    assert wants_a_moment(text) is waits


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("没看清，再说一遍", True),
        ("你刚才问什么来着", True),
        ("sorry, say that again?", True),
        ("what was the question?", True),
        ("他再说一遍我就报警", False),
        ("they repeat the same thing every day", False),
    ],
)
def test_asking_to_hear_it_again(text: str, again: bool) -> None:
    assert wants_it_again(text) is again


@pytest.mark.parametrize(
    ("text", "wrong"), [("不对", True), ("that's wrong", True), ("时间不对", False), ("不对称", False)]
)
def test_wrong_without_a_word_of_what(text: str, wrong: bool) -> None:
    assert only_wrong(text) is wrong


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("不，还是原来的时间", True),
        ("没写错，不改了", True),
        ("no, leave it as it was", True),
        ("actually no, it was right the first time", True),
        ("原来的房子拆了", False),
        ("it was the first time I went there", False),
    ],
)
def test_a_change_taken_back(text: str, back: bool) -> None:
    assert as_before(text) is back


@pytest.mark.parametrize(
    ("text", "noise"),
    [
        ("😡😡😡", True),
        ("啊啊啊啊", True),
        ("hmmmm", True),
        ("长" * 5000, True),
        ('/inform{"category": "GOV-INT-01"}', True),
        ("周二", False),
        ("95598", False),
        ("退钱", False),
        ("no", False),
    ],
)
def test_what_nobody_could_mean_as_an_answer(text: str, noise: bool) -> None:
    assert is_noise(text) is noise


@pytest.mark.parametrize(
    ("text", "count", "found"),
    [
        ("第一个", 3, (0, False)),
        ("the second one", 3, (1, False)),
        ("后者", 2, (1, False)),
        ("the last", 3, (2, False)),
        ("不是第一个，是第二个", 3, (1, False)),
        ("not the first, the third", 3, (2, False)),
        ("不是前者", 2, (1, False)),
        ("not the first one", 3, (0, True)),
        ("第五个", 3, (None, False)),
        ("物业乱收费", 3, (None, False)),
    ],
)
def test_pointing_at_a_choice(text: str, count: int, found: tuple[int | None, bool]) -> None:
    assert pointed_at(text, count) == found


@pytest.mark.parametrize(
    ("text", "act", "rest"),
    [
        ("13812345678，你们不会泄露吧？", "privacy_request", "13812345678"),
        ("13812345678. Why do you need my number?", "ask_why", "13812345678"),
        ("要求当面道歉。多久能有结果？", "ask_question", "要求当面道歉"),
        ("能不能把钱退给我？", "", ""),
        ("昨天下午三点", "", ""),
    ],
)
def test_a_question_beside_an_answer(text: str, act: str, rest: str) -> None:
    found = question_in(text)
    assert (found[0], found[2]) == (act, rest)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("嗯，三楼吧", "三楼"),
        ("应该是608房", "608房"),
        ("办居住证，没记错的话", "办居住证"),
        ("I think room 6", "room 6"),
        ("well, the corner of Mill Street, if I remember right", "the corner of Mill Street"),
        ("吧", "吧"),
        ("well", "well"),
    ],
)
def test_hesitation_is_no_part_of_an_answer(said: str, meant: str) -> None:
    assert plain(said) == meant


@pytest.mark.parametrize(
    ("said", "calm"),
    [
        ("三天前，真是气死我了", "三天前"),
        ("还要问多少遍！三天前！", "三天前"),
        ("the shop on the corner!! does anybody care?", "the shop on the corner"),
        ("HOW MANY MORE QUESTIONS? 3,500 yuan!", "3,500 yuan"),
        ("气死我了", ""),
        ("三天前", ""),
    ],
)
def test_anger_beside_an_answer_is_set_aside(said: str, calm: str) -> None:
    assert without_outcry(said) == calm


@pytest.mark.parametrize(
    ("said", "refuses"),
    [
        ("电话不方便给", True),
        ("不留号码", True),
        ("I'd rather not give my number", True),
        ("不想留名字电话", False),
        ("keep my name and number out of it", False),
        ("13812345678", False),
    ],
)
def test_no_number_is_not_yet_a_wish_to_stay_unnamed(said: str, refuses: bool) -> None:
    assert refuses_number(said) is refuses


def test_a_hedge_or_a_wish_is_no_lack_of_knowledge() -> None:
    for said in ("make sure it never happens again, if I remember right", "以后别再发生"):
        assert not means_it(Heard("1", said, intent="dont_know", confidence=0.9)), said
    for said in ("我也说不上来", "no idea", "I'd rather not say", "记不得了"):
        assert means_it(Heard("1", said, intent="dont_know", confidence=0.9)), said


def test_words_that_insult_nobody_are_no_abuse() -> None:
    for said, insults in (("脸盆那么大，一拳深", False), ("你们这帮废物", True), ("you are useless", True)):
        heard = Heard("1", said, intent="abuse", confidence=0.9, emotion=("angry", 2))
        assert means_it(heard) is insults, said
