"""The learned second opinion on dangers: it asks and doubts, and never silences the word table."""

# ruff: noqa: E501 -- one example beside the other
from __future__ import annotations

from pathlib import Path

import pytest

from understanding.model import Emergency
from understanding.second_opinion import SecondOpinion

_FIRE = [
    "浓烟从楼道里冒上来了", "厨房着火了快来人", "隔壁窗户往外窜火苗", "电动车充电烧起来了", "楼下烧得噼里啪啦",
    "flames coming out of the window next door", "the kitchen is on fire", "smoke is filling the hallway",
    "the bike battery burst into flames", "our shed is burning and it is spreading",
]  # fmt: skip
_TRAPPED = [
    "电梯停在半空我们出不去", "被困在电梯里了", "孩子卡在护栏里出不来", "门锁死了老人在里面出不来", "困在地下室水涨上来了",
    "we are stuck in the lift and nobody answers", "trapped between floors", "my kid's arm is caught in the escalator",
    "the door jammed and grandad cannot get out", "locked in the basement and the water is rising",
]  # fmt: skip
_HARMLESS = [
    "快递三天没到", "窗口态度很差", "电费多收了二十块", "气得我冒烟", "火锅店的菜不新鲜", "我想查一下进度", "谢谢", "电梯太慢了等好久",
    "昨天下午三点", "不用了", "my parcel is late", "the clerk was rude", "this queue is killing me", "hello", "no thanks",
    "when do you open", "the fire drill was on Tuesday", "the lift is slow", "I was charged twice", "last Friday",
]  # fmt: skip


@pytest.fixture(scope="module")
def opinion() -> SecondOpinion:
    told = [
        *((t, "fire") for t in _FIRE),
        *((t, "trapped") for t in _TRAPPED),
        *((t, None) for t in _HARMLESS),
    ]
    return SecondOpinion.train(told, folds=0)


def test_a_danger_in_other_words_is_not_passed_over(opinion: SecondOpinion) -> None:
    found = opinion.weigh("smoke and flames are coming up the stairs in the hallway", None)
    assert found is not None
    assert (found.code, found.level) == ("fire", "P0")


def test_an_alarm_of_the_table_is_never_dropped_only_asked_about(opinion: SecondOpinion) -> None:
    alarm = Emergency("fire", "P0", "冒烟")
    doubted = opinion.weigh("快递三天没到，气得我冒烟", alarm)
    assert doubted == Emergency("fire", "P0", "冒烟", check=True)
    urgent = Emergency("media_exposure", "P1", "曝光")
    assert opinion.weigh("快递三天没到", urgent) == urgent


def test_ordinary_words_stay_ordinary(opinion: SecondOpinion) -> None:
    assert opinion.weigh("the clerk at the desk was rude", None) is None
    assert opinion.weigh("", None) is None


def test_a_saved_opinion_says_the_same(opinion: SecondOpinion, tmp_path: Path) -> None:
    opinion.save(tmp_path)
    loaded = SecondOpinion.load(tmp_path)
    for text in (*_FIRE[:3], *_HARMLESS[:3]):
        chance, code = opinion.chance(text)
        again, same = loaded.chance(text)
        assert again == pytest.approx(chance, abs=0.02)
        assert same == code or chance < 0.5


def test_without_dangers_or_with_unknown_ones_nothing_is_learned() -> None:
    with pytest.raises(ValueError, match="needed"):
        SecondOpinion.train([("hello", None), ("bye", None)])
    with pytest.raises(ValueError, match="no_such_danger"):
        SecondOpinion.train([("hello", None), ("help", "no_such_danger")])
