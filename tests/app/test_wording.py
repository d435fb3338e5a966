"""Everything people read exists in Chinese and English, fits its placeholders, and says nothing it must not."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from actions.emergency import emergency_values
from casework.house import House
from tests.conftest import ROOT
from understanding.emergency import LEVELS

DOMAIN: dict[str, Any] = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
RESPONSES: dict[str, list[dict[str, Any]]] = DOMAIN["responses"]


def texts(name: str, language: str) -> list[str]:
    return [
        variant["text"]
        for variant in RESPONSES[name]
        if variant["condition"] == [{"type": "slot", "name": "language", "value": language}]
    ]


@pytest.mark.parametrize("name", sorted(RESPONSES))
def test_a_response_exists_in_both_languages_with_the_same_placeholders(name: str) -> None:
    zh, en = texts(name, "zh"), texts(name, "en")
    assert zh
    assert en
    assert len(zh) + len(en) == len(RESPONSES[name])
    kinds = {frozenset(re.findall(r"\{(\w+)\}", text)) for text in (*zh, *en)}
    allowed = {"n_ambulance", "n_police", "n_fire"}  # a country's wording may name one service more
    assert len({kind - allowed for kind in kinds}) == 1
    assert not any(re.search(r"[\u4e00-\u9fff]", text) for text in en)


def test_no_response_holds_a_phrase_that_makes_things_worse(house: House) -> None:
    for name in RESPONSES:
        for language in ("zh", "en"):
            for text in texts(name, language):
                for pattern in house.packs.never_say[language]:
                    assert not re.search(pattern, text, re.IGNORECASE), (name, pattern)


def test_every_response_the_code_says_exists() -> None:
    said = set()
    for path in [*(ROOT / "actions").rglob("*.py"), *(ROOT / "data" / "rules").glob("*.yml")]:
        said |= set(re.findall(r"\butter_[a-z_]+(?![a-z_{])", path.read_text(encoding="utf-8")))
    beginnings = {name for name in said if name.endswith("_")} | {"utter_message"}
    assert {name for name in said if name not in RESPONSES} <= beginnings


def test_every_emergency_has_its_steps_and_its_numbers(house: House) -> None:
    values = emergency_values(house)
    for code in (code for code, level in LEVELS.items() if level == "P0"):
        for language in ("zh", "en"):
            for text in texts(f"utter_emergency_{code}", language):
                filled = text.format(**values)
                assert re.search(r"\d{3}", filled) or "冻结" in filled, code


def test_words_of_the_house_exist_in_both_languages_and_button_titles_are_short(house: House) -> None:
    for key, text in {**house.words, **house.states}.items():
        assert text.zh, key
        assert text.en, key
    for key in ("skip", "anonymous", "person", "other", "submit", "change", "cancel"):
        assert len(house.words[key].zh) <= 8
        assert len(house.words[key].en) <= 20


def test_every_intent_has_a_rule() -> None:
    rules = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "data" / "rules").glob("*.yml"))
    for intent in DOMAIN["intents"]:
        assert f"intent: {intent}\n" in rules, intent
