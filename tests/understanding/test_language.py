"""Language and script of a turn."""

from __future__ import annotations

import pytest

from understanding.language import guess_language, in_either_script


@pytest.mark.parametrize(
    ("text", "language", "script", "mixed"),
    [
        ("我要投诉", "zh", "hans", False),
        ("我要投訴，電梯壞咗", "zh", "hant", False),
        ("I want to complain", "en", "latn", False),
        ("订单late了 please help", "zh", "hans", True),
        ("我的APP登不上", "zh", "hans", False),
        ("refund", "en", "latn", False),
        ("my order from 淘宝 is late and nobody answers me", "en", "latn", True),
        ("check-in的时候说没有我的booking", "zh", "hans", True),
        ("好", "zh", "hans", False),
        ("唔該幫我睇下", "zh", "hant", False),
        ("hello", "en", "latn", False),
        ("thanks", "en", "latn", False),
        ("不", "zh", "hans", False),
        ("发到wang@example.com", "zh", "hans", False),
    ],
)
def test_language_script_and_mixture(text: str, language: str, script: str, mixed: bool) -> None:
    guess = guess_language(text)
    assert (guess.language, guess.script, guess.mixed, guess.certain) == (language, script, mixed, True)


@pytest.mark.parametrize("text", ["", "ok", "OK!", "123", "👍", "13812345678", "...", "?", "A", "TS261121-482913", "lol", "emm", "🙏🙏", "5", "wifi"])  # fmt: skip  # noqa: E501
def test_what_anybody_could_write_is_not_certain(text: str) -> None:
    assert not guess_language(text).certain


def test_some_words_are_written_alike_in_both_scripts() -> None:
    texts = ("可以", "明天下午", "啱", "对", "對", "这个", "這個", "13800000000")
    alike = [text for text in texts if in_either_script(text)]
    assert alike == ["可以", "明天下午", "啱", "13800000000"]
