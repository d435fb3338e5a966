"""Answers to a question of a known kind, and turns that take something back."""

# ruff: noqa: E501 -- one example, one line
from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest

from understanding.details.answer import parse_answer
from understanding.details.corrections import Correction, find_correction

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=timezone.utc)


def _answer(kind: str, text: str, **more: Any) -> Any:
    found = parse_answer(text, kind=kind, now=NOW, **more)
    return found.value if found else "nothing"


@pytest.mark.parametrize(
    ("text", "start", "grain"),
    [
        ("13:30", "2026-11-21T13:30", "minute"), ("上礼拜", "2026-11-09T00:00", "week"), ("周三", "2026-11-18T00:00", "day"), ("11.3", "2026-11-03T00:00", "day"), ("昨天吧", "2026-11-20T00:00", "day"),
        ("now", "2026-11-21T14:00", "minute"), ("刚刚", "2026-11-21T13:50", "minute"), ("三天了", "2026-11-18T00:00", "day"), ("for two weeks", "2026-11-07T00:00", "week"), ("上午", "2026-11-21T08:00", "part"),
        ("around 3ish yesterday", "2026-11-20T15:00", "hour"), ("the day before yesterday", "2026-11-19T00:00", "day"), ("今天早上7点20", "2026-11-21T07:20", "minute"), ("since March", "2026-03-01T00:00", "month"),
    ],
)  # fmt: skip
def test_a_time_that_was_asked_for(text: str, start: str, grain: str) -> None:
    value = _answer("when", text)
    assert (value["start"][:16], value["grain"]) == (start, grain)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("count", "3", {"number": 3, "unit": "", "approximate": False}), ("count", "两三个吧", {"number": 3, "unit": "", "approximate": True}), ("count", "about twenty", {"number": 20, "unit": "", "approximate": True}),
        ("count", "十来个人", {"number": 10, "unit": "people", "approximate": True}), ("count", "好几次", {"number": None, "unit": "times", "approximate": True}), ("count", "six", {"number": 6, "unit": "", "approximate": False}),
        ("amount", "三百来块", {"amount": "300.00", "currency": "CNY", "approximate": True}), ("amount", "300", {"amount": "300.00", "currency": "CNY"}), ("amount", "3.5k", {"amount": "3500.00", "currency": "CNY"}),
        ("amount", "两千多", {"amount": "2000.00", "currency": "CNY", "approximate": True}), ("amount", "£20", {"amount": "20.00", "currency": "GBP"}),
        ("phone", "0571 8888 6666", "+8657188886666"), ("phone", "13812345678", "+8613812345678"), ("phone", "138 1234 567", "1381234567"), ("reference", "20261103", {"number": "20261103", "label": ""}),
        ("reference", "ab-20391", {"number": "AB-20391", "label": ""}), ("reference", "the number is 3100982256, I think", {"number": "3100982256", "label": ""}), ("reference", "号码是3100982256吧", {"number": "3100982256", "label": ""}), ("reference", "TS261121-482913", {"number": "TS261121-482913", "label": "ticket"}), ("place", "502", "502"), ("place", "在中山路12号", "中山路12号"),
        ("place", "It's at 12 Baker Street.", "12 Baker Street"), ("name", "我叫王芳", "王芳"), ("name", "My name is Tom Lee.", "Tom Lee"), ("remedy", "退钱！", "退钱"), ("window", "3", "3"), ("window", "3号窗口", "3号窗口"),
        ("plate", "浙a12345", "浙A12345"), ("plate", "7ABC123", "7ABC123"), ("id_number", "11010519491231002x", "11010519491231002X"), ("duration", "两个小时", {"number": "2", "unit": "hour", "minutes": 120, "approximate": False}),
        ("email", "a@example.com", "a@example.com"), ("evidence", " 有照片。", "有照片"), ("staff", "是姓王的", "姓王的"),
    ],
)  # fmt: skip
def test_an_answer_is_read_as_the_kind_that_was_asked(kind: str, text: str, value: Any) -> None:
    assert _answer(kind, text) == value


@pytest.mark.parametrize(
    "text", ["没有", "无", "没有。", "none", "N/A", "no", "没有单号", "I don't have one", "冇"]
)
@pytest.mark.parametrize("kind", ["reference", "phone", "remedy", "when"])
def test_having_none_is_an_answer_too(kind: str, text: str) -> None:
    assert _answer(kind, text) is None


@pytest.mark.parametrize(
    ("kind", "text"),
    [("when", "不知道"), ("when", "问你们的人"), ("phone", "干嘛要电话"), ("amount", "好多"), ("email", "wang"), ("id_number", "不给"), ("count", "不记得了"), ("reference", "找不到了"), ("when", ""), ("place", "  "), ("name", "。")],
)  # fmt: skip
def test_what_does_not_fit_is_no_answer(kind: str, text: str) -> None:
    assert _answer(kind, text) == "nothing"


CORRECTIONS = [
    ("不是7号楼是9号楼", "7号楼", "9号楼", None), ("I said Tuesday but it was Monday", "Tuesday", "Monday", None), ("手机号最后一位是8", None, "8", "手机号"), ("时间错了，是前天", None, "前天", "时间"),
    ("change the amount to 300", None, "300", "amount"), ("改成匿名", None, "匿名", "匿名"), ("不对，是昨天下午", None, "昨天下午", None), ("it's 45 not 54", "54", "45", None), ("把地址改成人民路5号", None, "人民路5号", "地址"),
    ("写错了，应该是李明", None, "李明", None), ("是9号楼不是7号楼", "7号楼", "9号楼", None), ("sorry, I meant 3pm", None, "3pm", None), ("Actually it was Friday", None, "Friday", None), ("电话号码后四位不是1234是4321", "1234", "4321", "电话号码"),
    ("last digit is 8", None, "8", "digit"), ("the phone number is wrong, it's 07911 123456", None, "07911 123456", "phone number"), ("不是周二，是周三", "周二", "周三", None), ("not 12 Mill Lane but 21 Mill Lane", "12 Mill Lane", "21 Mill Lane", None),
    ("我说的是上午，其实是下午", "上午", "下午", None), ("更正一下，金额是320", None, "320", "金额"), ("make it 5pm", None, "5pm", None), ("唔係7號樓，係9號樓", "7號樓", "9號樓", None), ("wrong date, it was the 5th", None, "the 5th", "date"),
    ("把7号楼改成9号楼", "7号楼", "9号楼", None), ("手机尾号是8899", None, "8899", "手机"), ("名字写错了，是张敏不是张明", "张明", "张敏", "名字"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "old", "new", "hint"), CORRECTIONS)
def test_a_correction_names_what_is_right(text: str, old: str | None, new: str, hint: str | None) -> None:
    found = find_correction(text)
    assert found is not None
    assert (found.old, found.new) == (old, new)
    if hint and hint != "digit":
        assert found.hint == hint


@pytest.mark.parametrize(
    "text",
    ["这不是钱的问题，是态度问题", "我不是来吵架的，是来解决问题的", "昨天停电了", "This is not acceptable, it's a joke", "今天办不了证", "it's not about the money, it's how I was treated", "没有人接电话", "不是", "no", "是的", "不是第一次了", "我要投诉物业", "you are not listening to me", "It was late and cold"],
)  # fmt: skip
def test_complaining_is_not_correcting(text: str) -> None:
    assert find_correction(text) is None


def test_a_tail_edit_changes_the_end_and_leaves_the_rest() -> None:
    tail = find_correction("手机号最后一位是8")
    assert tail is not None
    assert tail.tail
    assert tail.apply("13812345671") == "13812345678"


def test_an_old_piece_is_replaced_inside_the_former_value() -> None:
    assert Correction("7号楼", "9号楼").apply("阳光小区7号楼502") == "阳光小区9号楼502"
    assert Correction("7号楼", "9号楼").apply("别处") == "9号楼"
