"""How a message is cut, escaped and given its buttons."""

from __future__ import annotations

import html
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.conversations.model import Button, Media
from connectors.telegram.render import keyboard_of, parts_of, split_text, to_html, utf16_units
from tests.connectors.telegram.fakes import outbound

typed = st.text(
    alphabet=st.sampled_from("a字😡 \n。.!?<&👩‍👩‍👧") | st.characters(exclude_categories=["Cs"]), max_size=300
)


class TestSplitting:
    @given(text=typed, limit=st.integers(min_value=2, max_value=40))
    def test_every_piece_fits_and_nothing_but_white_space_is_lost(self, text: str, limit: int) -> None:
        pieces = split_text(text, limit=limit)
        assert all(len(piece.encode("utf-16-le")) <= 2 * limit for piece in pieces)
        assert all(piece.strip() for piece in pieces)
        assert "".join("".join(pieces).split()) == "".join(text.split())

    @given(text=typed)
    def test_units_are_counted_as_utf_16_does(self, text: str) -> None:
        assert utf16_units(text) == len(text.encode("utf-16-le")) // 2

    def test_a_text_at_the_limit_stays_whole(self) -> None:
        assert split_text("字" * 4096) == ["字" * 4096]
        assert split_text("😡" * 2048) == ["😡" * 2048]

    def test_emoji_count_twice(self) -> None:
        assert [utf16_units(piece) for piece in split_text("😡" * 2049)] == [4096, 2]

    @pytest.mark.parametrize(
        ("text", "pieces"),
        [
            ("aaa bbb\n\nccc. ddd", ["aaa bbb", "ccc. ddd"]),
            ("aaa. bbb\nccc. ddd", ["aaa. bbb", "ccc. ddd"]),
            ("一二三四五。六七八九十", ["一二三四五。", "六七八九十"]),
            ("他说“不行。”然后呢呢呢", ["他说“不行。”", "然后呢呢呢"]),
            ("aaaa bbbb cccc", ["aaaa bbbb", "cccc"]),
            ("v1.2.3.4.5 x", ["v1.2.3.4.5", "x"]),
            ("a\n\nbbbbbbbbbbbb", ["a\n\nbbbbbbb", "bbbbb"]),
        ],
    )
    def test_the_best_place_to_cut_is_taken(self, text: str, pieces: list[str]) -> None:
        assert split_text(text, limit=10) == pieces

    def test_blank_text_gives_nothing(self) -> None:
        assert split_text(" \n\u3000 ") == []


class TestEscaping:
    @given(typed)
    def test_what_was_typed_is_what_is_shown(self, text: str) -> None:
        shown = to_html(text)
        assert "<" not in shown
        assert html.unescape(shown) == text or "&" in text

    def test_quotes_stay_as_they_are(self) -> None:
        assert to_html("""<b>"A&B"</b>'s""") == """&lt;b&gt;"A&amp;B"&lt;/b&gt;'s"""


class TestButtons:
    def test_only_the_token_travels(self) -> None:
        keyboard = keyboard_of([Button(title="市容", payload="category:GOV-ATT-01", token="k3JxPq0aZ81b")])
        assert keyboard is not None
        assert keyboard.to_dict() == {
            "inline_keyboard": [[{"text": "市容", "callback_data": "k3JxPq0aZ81b"}]]
        }

    def test_a_link_opens_a_page(self) -> None:
        keyboard = keyboard_of([Button(title="Map", url="https://maps.example.org/1")])
        assert keyboard is not None
        assert keyboard.inline_keyboard[0][0].url == "https://maps.example.org/1"

    @pytest.mark.parametrize(
        "button",
        [
            Button(title="是", payload="affirm"),
            Button(title="是", token="字" * 22),
            Button(title="", token="k3JxPq0aZ81b"),
        ],
    )
    def test_a_button_telegram_would_refuse_is_left_out_and_logged(
        self, button: Button, caplog: pytest.LogCaptureFixture
    ) -> None:
        with caplog.at_level(logging.ERROR):
            assert keyboard_of([button]) is None
        assert "left_out" in caplog.text
        assert "affirm" not in caplog.text

    def test_64_bytes_are_allowed(self) -> None:
        assert keyboard_of([Button(title="是", token="x" * 64)]) is not None

    def test_at_most_a_hundred_buttons_are_sent(self) -> None:
        keyboard = keyboard_of([Button(title=str(n), token=f"token{n}") for n in range(130)])
        assert keyboard is not None
        assert sum(len(row) for row in keyboard.inline_keyboard) == 100

    @pytest.mark.parametrize(
        ("titles", "rows"),
        [
            (["是", "否", "不知道"], [3]),
            (["Yes, send it", "No, change"], [2]),
            (["噪音和施工扰民问题投诉", "其他"], [1, 1]),
        ],
    )
    def test_short_titles_share_a_row(self, titles: list[str], rows: list[int]) -> None:
        keyboard = keyboard_of([Button(title=title, token=title) for title in titles])
        assert keyboard is not None
        assert [len(row) for row in keyboard.inline_keyboard] == rows

    @pytest.mark.parametrize(
        "url", ["http://localhost:8000/t/1", "javascript:alert(1)", "http://[", "tingsu"]
    )
    def test_a_link_telegram_refuses_on_a_button_is_written_out(self, url: str) -> None:
        (part,) = parts_of(outbound("已登记", buttons=(Button(title="查看", url=url),)))
        assert (part.text, part.keyboard) == (f"已登记\n\n查看\n{url}", None)


class TestParts:
    def test_the_keyboard_is_under_the_last_part_only(self) -> None:
        parts = parts_of(outbound("字" * 5000, buttons=(Button(title="是", token="t"),)))
        assert [part.keyboard is not None for part in parts] == [False, True]

    def test_things_come_first_and_carry_their_caption(self) -> None:
        photo = Media(kind="photo", ref="P", text="现场")
        parts = parts_of(outbound("看到了", media=(photo,), buttons=(Button(title="是", token="t"),)))
        assert [(part.text, part.media) for part in parts] == [("现场", photo), ("看到了", None)]
        assert [part.keyboard is not None for part in parts] == [False, True]

    def test_a_caption_that_is_too_long_becomes_a_text(self) -> None:
        photo = Media(kind="photo", ref="P", text="字" * 1025)
        assert [part.text for part in parts_of(outbound("", media=(photo,)))] == ["", "字" * 1025]

    def test_a_thing_that_can_only_be_linked_is_written_out(self) -> None:
        link = Media(kind="link", url="https://example.org/a", text="办事指南")
        assert [part.text for part in parts_of(outbound("请看", media=(link,)))] == [
            "请看\n\n办事指南\nhttps://example.org/a"
        ]

    def test_the_words_of_a_place_are_said_besides(self) -> None:
        place = Media(kind="location", latitude=1.0, longitude=2.0, text="政务大厅")
        assert [part.text for part in parts_of(outbound("在这里", media=(place,)))] == [
            "",
            "在这里\n\n政务大厅",
        ]

    def test_an_empty_message_has_no_parts(self) -> None:
        assert parts_of(outbound(" ")) == ()

    def test_the_same_message_always_gives_the_same_parts(self) -> None:
        message = outbound("一句话。" * 3000, media=(Media(kind="photo", ref="P"),))
        assert parts_of(message) == parts_of(message)
