"""What holds for every text: exact spans, stable normal forms, no exception, no endless search."""

from __future__ import annotations

import json
from datetime import datetime, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from understanding.details import (
    amount,
    count,
    duration,
    email,
    extract_details,
    id_number,
    matter,
    name,
    organisation,
    phone,
    place,
    plate,
    reference,
    remedy,
    staff,
    when,
    window,
)
from understanding.details.answer import parse_answer
from understanding.details.asserted import asserted
from understanding.details.context import Extractor, context
from understanding.details.corrections import corrected, find_correction
from understanding.details.numbers import parse_number
from understanding.emergency import detect_emergency
from understanding.fold import fold
from understanding.language import guess_language

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=timezone.utc)
EXTRACTORS: dict[str, Extractor] = {
    module.__name__.rsplit(".", 1)[-1]: module.find
    for module in (
        *(amount, count, duration, email, id_number, matter, name, organisation),
        *(phone, place, plate, reference, remedy, staff, when, window),
    )
}
KINDS = [*EXTRACTORS, "evidence"]

#: Pieces that the grammars know, in orders that nobody says: the likeliest way to an exception.
_PIECES = st.sampled_from(
    [
        "昨天",
        "上周三",
        "下午",
        "三点",
        "半",
        "点",
        "13:30",
        "2026年",
        "13月",
        "32号",
        "2月30日",
        "腊月",
        "三十",
        "国庆",
        "从",
        "到",
        "每天",
        "周",
        "前",
        "后",
        "多",
        "左右",
        "两",
        "百",
        "千",
        "万",
        "块",
        "五",
        "元",
        "¥",
        "£",
        "$",
        "k",
        "幺",
        "三",
        "八",
        "0571",
        "-",
        "1381234",
        "5678",
        "号",
        "楼",
        "单元",
        "室",
        "窗口",
        "工号",
        "姓",
        "王",
        "的",
        "那个",
        "我叫",
        "我是",
        "希望",
        "退款",
        "不是",
        "是",
        "改成",
        "最后一位",
        "last",
        "next",
        "Friday",
        "3/11",
        "31/31",
        "half",
        "past",
        "nine",
        "to",
        "five",
        "at",
        "9",
        "pm",
        "ago",
        "two",
        "weeks",
        "since",
        "May",
        "March",
        "order",
        "no",
        "#",
        "AB-",
        "123",
        "@",
        ".",
        "com",
        "dot",
        "I",
        "want",
        "a",
        "refund",
        "my",
        "name",
        "is",
        "change",
        "to",
        "not",
        "but",
        "wire",
        "sparks",
        "电线",
        "断",
        "着火",
        "没有",
        "if",
        "万一",
        "\u3000",
        "\u200b",
        "ｗ",
        "１",
        "½",
        "㎡",
        "İ",
        "ß",
        "𝟙",
        "ﷺ",
        ",",
        "。",
        "(",
        ")",
        "\n",
        "99999999999999999999",
        "护照",
        "身份证",
        "A123456(3)",
        "AB 12 34 56 C",
        "第二天",
        "当天",
        "三天后",
        "the next day",
        "two days later",
        "一分钱",
        "六百二",
        "1w5",
        "lakh",
        "a tenner",
        "春节前三天",
        "成个钟",
        "零十分",
        "1h20",
        "corner of",
        "church st",
        "4幢",
        "错了",
        "wrong",
        "29",
        "00:00",
        "24:00",
        "25:61",
    ]
)
_TEXTS = st.one_of(
    st.text(max_size=120),
    st.lists(_PIECES, max_size=14).map("".join),
    st.lists(_PIECES, max_size=14).map(" ".join),
)
_SLOW = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@_SLOW
@given(text=_TEXTS)
def test_every_detail_is_exactly_the_text_at_its_span(text: str) -> None:
    for detail in extract_details(text, now=NOW):
        assert 0 <= detail.start < detail.end <= len(text)
        assert text[detail.start : detail.end] == detail.text
        assert 0 <= detail.confidence <= 1
        json.dumps(detail.value)


@pytest.mark.parametrize("kind", EXTRACTORS)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=_TEXTS)
def test_every_extractor_alone_keeps_its_kind_and_its_span(kind: str, text: str) -> None:
    folded = fold(text)
    for region in ("CN", "GB"):
        for detail in EXTRACTORS[kind](folded, context(NOW, "Asia/Shanghai", region)):
            assert detail.kind == kind
            assert text[detail.start : detail.end] == detail.text


@_SLOW
@given(text=st.text(max_size=200))
def test_folding_a_folded_text_changes_nothing(text: str) -> None:
    once = fold(text)
    assert fold(once.text).text == once.text
    assert len(once.text) == len(once.cased)
    assert once.starts is None or len(once.starts) == len(once.text)


@pytest.mark.parametrize("kind", ["phone", "email", "id_number", "plate"])
@_SLOW
@given(text=_TEXTS)
def test_a_normal_form_read_again_is_itself(kind: str, text: str) -> None:
    for detail in extract_details(text, now=NOW):
        if detail.kind == kind and detail.confidence >= 0.5 and ";ext=" not in detail.value:
            again = parse_answer(detail.value, kind=kind, now=NOW)
            assert again is not None
            assert again.value == detail.value


@_SLOW
@given(text=_TEXTS)
def test_a_sum_written_out_is_the_same_sum(text: str) -> None:
    for detail in extract_details(text, now=NOW):
        if detail.kind == "amount":
            again = parse_answer(
                f"{detail.value['amount']} {detail.value['currency']}", kind="amount", now=NOW
            )
            assert again is not None
            assert (again.value["amount"], again.value["currency"]) == (
                detail.value["amount"],
                detail.value["currency"],
            )


@_SLOW
@given(text=_TEXTS)
def test_a_reference_read_again_is_the_same_number(text: str) -> None:
    for detail in extract_details(text, now=NOW):
        if detail.kind == "reference" and 4 <= len(detail.value["number"]) <= 30:
            again = parse_answer(detail.value["number"], kind="reference", now=NOW)
            assert again is not None
            assert again.value["number"] == detail.value["number"]


@_SLOW
@given(text=_TEXTS)
def test_kinds_of_words_give_the_words(text: str) -> None:
    for detail in extract_details(text, now=NOW):
        if detail.kind in ("place", "organisation", "window", "staff", "name", "remedy", "matter"):
            assert detail.value == detail.text


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=_TEXTS)
def test_an_answer_never_fails_and_stands_in_the_text(kind: str, text: str) -> None:
    found = parse_answer(text, kind=kind, now=NOW)
    assert found is None or (found.kind == kind and text[found.start : found.end] == found.text)


@_SLOW
@given(text=_TEXTS)
def test_language_correction_and_emergency_never_fail(text: str) -> None:
    guess_language(text)
    correction = find_correction(text)
    assert correction is None or correction.new.strip()
    emergency = detect_emergency(text)
    assert emergency is None or emergency.evidence in text


@_SLOW
@given(former=_TEXTS, text=_TEXTS)
def test_a_value_put_right_is_words_or_nothing(former: str, text: str) -> None:
    right = corrected(former, text)
    assert right is None or isinstance(right, str)


@_SLOW
@given(text=_TEXTS)
def test_what_a_turn_asserts_stands_in_its_words(text: str) -> None:
    words = asserted(text)
    assert words is None or (words.strip() and words in fold(text).cased)
    right = corrected("", text)
    assert right is None or isinstance(right, str)


@_SLOW
@given(digits=st.text("0123456789", min_size=11, max_size=11), last=st.sampled_from("0123456789"))
def test_the_last_digit_put_right_changes_no_other(digits: str, last: str) -> None:
    assert corrected(digits, f"最后一位是{last}") == digits[:-1] + last
    assert corrected(digits, f"the last digit is {last}") == digits[:-1] + last


@_SLOW
@given(value=st.integers(min_value=0, max_value=99_999_999))
def test_digits_and_grouped_digits_are_the_same_number(value: int) -> None:
    assert parse_number(str(value)) == parse_number(f"{value:,}") == value


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("一百二十", 120),
        ("一百二", 120),
        ("三万五", 35_000),
        ("两千零五", 2005),
        ("十二", 12),
        ("二〇二六", 2026),
        ("3万5", 35_000),
        ("一千零五十", 1050),
        ("1.2万", 12_000),
        ("twenty-one", 21),
        ("two hundred and fifty", 250),
        ("一亿", 100_000_000),
        ("壹仟贰佰", 1200),
        ("十万八千", 108_000),
    ],
)
def test_spoken_numbers(said: str, value: int) -> None:
    assert parse_number(said) == value


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "一",
        " ",
        "a",
        "号",
        "在",
        "1 ",
        "1-",
        "a ",
        "一点",
        "two ",
        "三",
        "not ",
        "不是",
        "，",
        "@",
        ".",
        "a@",
        "the ",
        "A",
        "Aa ",
        "幺",
        "楼",
        "3号",
        "的",
        "one ",
        "I want ",
        "电线",
        "着火 ",
        "1,",
        "(1",
        "$",
        "last ",
        "我要",
        "#",
        "/1",
        "\u200b",
        "é",
        "姓王",
        "My name is ",
    ],
)
def test_twenty_thousand_repeated_characters_come_to_an_end(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    extract_details(text, now=NOW)
    detect_emergency(text)
    guess_language(text)
    find_correction(text[:300])
    parse_answer(text, kind="when", now=NOW)
