"""The words of the page: the same set in both languages, with the same places to fill in."""

from __future__ import annotations

import re
from pathlib import Path

import connectors.web
from connectors.web.texts import LANGUAGE_NAMES, LANGUAGE_SIGNS, TEXTS

ROOM = Path(connectors.web.__file__).parent


def test_both_languages_have_the_same_texts() -> None:
    assert set(TEXTS["zh"]) == set(TEXTS["en"])
    assert set(TEXTS) == set(LANGUAGE_NAMES) == set(LANGUAGE_SIGNS)


def test_both_languages_have_the_same_places_to_fill_in() -> None:
    for name in TEXTS["zh"]:
        places = [sorted(re.findall(r"\{\w*\}", TEXTS[language][name])) for language in ("zh", "en")]
        assert places[0] == places[1], name


def test_each_language_is_written_in_itself() -> None:
    names_of_signs = {"ai_mark", "html_lang"}
    for name, text in TEXTS["zh"].items():
        assert name in names_of_signs or re.search(r"[\u4e00-\u9fff]", text), name
    for name, text in TEXTS["en"].items():
        assert not re.search(r"[\u4e00-\u9fff]", text), name


def test_every_word_the_script_asks_for_exists_and_none_is_left_over() -> None:
    script = (ROOM / "static/chat.js").read_text(encoding="utf-8")
    asked = set(re.findall(r"\bwords\.(\w+)", script))
    asked |= {"sending", "sent", "failed", "retry", "discard"}  # looked up by a message's state
    assert asked == {name.removeprefix("script_") for name in TEXTS["en"] if name.startswith("script_")} - {
        "typing"
    }


def test_every_word_of_the_template_exists() -> None:
    template = (ROOM / "templates/page.html").read_text(encoding="utf-8")
    assert set(re.findall(r"words\.(\w+)", template)) <= set(TEXTS["en"])


def test_no_han_character_hides_in_script_style_or_template() -> None:
    for path in (*ROOM.glob("static/*"), *ROOM.glob("templates/*")):
        assert not re.search(r"[\u4e00-\u9fff]", path.read_text(encoding="utf-8")), path.name


def test_script_and_style_stay_small() -> None:
    assert (ROOM / "static/chat.js").stat().st_size < 20_000
    assert (ROOM / "static/chat.css").stat().st_size < 12_000
