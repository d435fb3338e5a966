from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.conversations.model import Button, Media, OutboundMessage
from connectors.wechat.render import MAX_TEXT_BYTES, Style, pieces, size, split, with_buttons
from tests.connectors.wechat.conftest import patient

YES, NO = Button("是的", payload="affirm", token="tokYes"), Button("不是", payload="deny", token="tokNo")


def message(text: str = "请确认。", **more: object) -> OutboundMessage:
    plain = OutboundMessage(id=5, conversation_id=1, channel="wechat", address="oP", text=text)
    return replace(plain, **more)  # type: ignore[arg-type]


@patient
@given(st.text(max_size=600), st.integers(min_value=8, max_value=200))
def test_no_part_is_too_long_and_nothing_is_lost(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert all(0 < size(part) <= limit for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@pytest.mark.parametrize(
    "whole",
    [
        "e\u0301",
        "👨‍👩‍👧‍👦",
        "👍🏽",
        "🇨🇳",
        "❤️",
        "कि",
        "\u1112\u1161\u11ab",
        "🏴\U000e0067\U000e0062\U000e007f",
    ],
)
def test_what_reads_as_one_character_stays_whole(whole: str) -> None:
    limit = size(whole) * 4 - 1
    for part in split(whole * 20, limit):
        assert part.replace(whole, "") == ""


def test_a_heap_of_marks_is_cut_between_code_points() -> None:
    parts = split("a" + "\u0301" * 500, 100)
    assert all(size(part) <= 100 for part in parts)
    assert sum(part.count("\u0301") for part in parts) == 500


def test_a_cut_falls_between_paragraphs_then_sentences_then_words() -> None:
    assert split("甲" * 20 + "\n\n" + "乙" * 20, 100) == ["甲" * 20, "乙" * 20]
    assert split("甲" * 20 + "。" + "乙" * 20, 100) == ["甲" * 20 + "。", "乙" * 20]
    assert split("one two three four", 9) == ["one two", "three", "four"]


def test_a_link_is_not_cut() -> None:
    link = '<a href="https://example.org/x">看这里</a>'
    assert link in split("水" * 30 + link, 100)[1]


def test_buttons_become_links_that_bring_their_token_back() -> None:
    assert with_buttons("请确认。", (YES, NO), Style.LINKS, language="zh") == (
        "请确认。\n\n"
        '<a href="weixin://bizmsgmenu?msgmenucontent=是的&msgmenuid=tokYes">是的</a>\n'
        '<a href="weixin://bizmsgmenu?msgmenucontent=不是&msgmenuid=tokNo">不是</a>'
    )


def test_buttons_become_a_numbered_list() -> None:
    page = Button("Our page", url="https://example.org/?a=1")
    assert with_buttons("Right?", (page, YES, NO), Style.NUMBERS, language="en") == (
        'Right?\n\n<a href="https://example.org/?a=1">Our page</a>\n1. 是的\n2. 不是\n'
        "Reply with a number to choose."
    )


@patient
@given(st.text(max_size=40))
def test_no_title_breaks_out_of_its_link(title: str) -> None:
    text = with_buttons("", (Button(title, token="t"),), Style.LINKS, language="zh")
    assert text.count("<") == 2
    assert text.count(">") == 2
    assert text.count('"') == 2
    address = text.split('"')[1]
    assert address.count("&") == 1
    assert address.endswith("&msgmenuid=t")


def test_buttons_stand_under_the_text_or_alone_if_it_is_long() -> None:
    (together,) = pieces(message(buttons=(YES, NO)))
    assert (together.text, together.buttons) == ("请确认。", (YES, NO))
    *texts, choice = pieces(message("水。" * 700, buttons=(YES, NO)))
    assert "".join(part.text for part in texts) == "水。" * 700
    assert all(size(part.text) <= MAX_TEXT_BYTES and not part.buttons for part in texts)
    assert (choice.text, choice.buttons) == ("请选择：", (YES, NO))
    assert [part.id for part in (*texts, choice)] == ["5-0", "5-1", "5-2", "5-3"][: len(texts) + 1]


@patient
@given(st.text(alphabet="水火 ab\n。", max_size=3000), st.integers(min_value=0, max_value=9))
def test_every_piece_fits_in_every_style(text: str, count: int) -> None:
    buttons = tuple(Button(f"选择第{i}项", token=f"token{i:07}") for i in range(count))
    for piece in pieces(message(text, buttons=buttons)):
        for style in Style:
            assert size(with_buttons(piece.text, piece.buttons, style, language="zh")) <= MAX_TEXT_BYTES


def test_pictures_we_hold_are_sent_and_others_named() -> None:
    media = (
        Media("photo", ref="m1"),
        Media("file", name="回执.pdf", url="https://example.org/r"),
        Media("voice", ref="v"),
    )
    text, photo = pieces(message("给您", media=media))
    assert text.text == '给您\n<a href="https://example.org/r">回执.pdf</a>\n[附件]'
    assert (photo.photo, photo.text) == (media[0], "")


def test_nothing_to_show_is_no_piece() -> None:
    assert pieces(message(" \x08 ")) == ()


def test_control_characters_do_not_go_out() -> None:
    (piece,) = pieces(message("好\x08的\x00"))
    assert piece.text == "好的"
    assert not any(unicodedata.category(c) == "Cc" for c in piece.text)
