"""Marks in words and figures, and short messages that mean what a button means."""

from __future__ import annotations

import pytest
import yaml

from tests.conftest import ROOT
from understanding.plain import MAX_CHARS, plain_meaning
from understanding.rating import parse_rating


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("还行吧给个三星", 3), ("4/5", 4), ("useless", 1), ("五分", 5), ("⭐⭐", 2), ("打两分", 2), ("畀3分啦", 3),
        ("給五顆星", 5), ("8 out of 10 from me", 4), ("10/10", 5), ("满分10分给7分", 4), ("80分", 4),
        ("half a star", 1),
        ("zero stars if I could", 1), ("make it four stars", 4), ("人很好，就是慢，四分", 4), ("不满意", 2),
        ("非常不滿意", 1), ("very dissatisfied", 1), ("not satisfied at all", 2), ("一般般", 3), ("overall 4", 4),
        ("not great, 2", 2), ("滿意", 4), ("excellent", 5),
    ],
)  # fmt: skip
def test_a_mark_is_read_in_figures_and_in_words(text: str, level: int) -> None:
    assert parse_rating(text) == level


@pytest.mark.parametrize(
    "text",
    [
        "", "谢谢", "我要评价", "电话13812345678", "TS261120-123456", "昨天下午3点又停电",
        "2 for speed, 4 for manners",         "would have been 5 but he was late, so 4", "办到哪了", "7/5",
    ],
)  # fmt: skip
def test_what_is_no_mark_or_two_is_not_guessed(text: str) -> None:
    assert parse_rating(text) is None


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("我刚才说了什么", "read_back"), ("把我说的念一遍", "read_back"), ("What did I say?", "read_back"),
        ("read it back to me please", "read_back"), ("看看你们存了我什么", "show_data"), ("導出我的資料", "show_data"),
        ("What do you have on me?", "show_data"), ("删除我的资料", "delete_data"),
        ("delete my data please", "delete_data"),
        ("forget me", "delete_data"), ("别撤了，恢复吧", "restore"), ("I changed my mind, restore it", "restore"),
    ],
)  # fmt: skip
def test_a_short_message_means_what_its_button_means(text: str, meaning: str) -> None:
    assert plain_meaning(text) == meaning


@pytest.mark.parametrize(
    "text",
    [
        "他们删了我的资料，我要投诉", "银行丢了我的数据", "我的信息被泄露了", "恢复供电", "restore my power",
        "你说了什么", "what did they say", "they deleted my data without asking", "你们会把我电话给别人吗",
        "删除我的评价", "",
        "show my data " * MAX_CHARS,
    ],
)  # fmt: skip
def test_a_story_never_means_a_button(text: str) -> None:
    assert plain_meaning(text) == ""


@pytest.mark.parametrize("name", ["plain_words", "rating_words"])
def test_words_exist_in_both_languages(name: str) -> None:
    data = yaml.safe_load((ROOT / "understanding" / "data" / f"{name}.yml").read_text(encoding="utf-8"))
    groups = {**data.get("meanings", {}), **data.get("levels", {})}
    assert groups
    for key, words in groups.items():
        assert words["zh"], key
        assert words["en"], key
