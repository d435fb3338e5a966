"""The person's language, filled placeholders, no repetition, no surprises."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.wording import BilingualNLG, UnfilledPlaceholder, fill


def variant(text: str, language: str = "", **more: Any) -> dict[str, Any]:
    condition = {"condition": [{"type": "slot", "name": "language", "value": language}]} if language else {}
    return {"text": text, **condition, **more}


RESPONSES: dict[str, list[dict[str, Any]]] = {
    "utter_hi": [
        variant("你好一", "zh"),
        variant("你好二", "zh"),
        variant("你好三", "zh"),
        variant("hi", "en"),
    ],
    "utter_zh_only": [variant("只有中文", "zh")],
    "utter_filed": [variant("编号{number}，{place}", "zh"), variant("Filed {number}, {place}", "en")],
    "utter_plain": [variant("OK {number}")],
    "utter_one_bad": [variant("{nobody_has_this}", "zh"), variant("好的", "zh")],
    "utter_all_bad": [variant("{nobody_has_this}", "zh"), variant("{nor_this}", "en")],
    "utter_channel": [variant("大家", "zh"), variant("微信", "zh", channel="wechat"), variant("all", "en")],
    "utter_parts": [
        variant(
            "{number}",
            "zh",
            buttons=[{"title": "看{number}", "payload": "show:{number}"}],
            custom={"card": ["{place}", 1], "literal": "{ }"},
        )
    ],
    "utter_internal_error": [variant("出错了{reference}", "zh"), variant("Error {reference}", "en")],
}


def nlg() -> BilingualNLG:
    made = BilingualNLG(domain=Domain.empty())
    made.responses = RESPONSES
    return made


def tracker(*events: Event, conversation: str = "c", **slots: Any) -> DialogueStateTracker:
    made = DialogueStateTracker(
        conversation,
        [AnySlot(name, [], initial_value=value) for name, value in {"language": "zh", **slots}.items()],
    )
    for event in events:
        made.update(event)
    return made


async def text_of(response: str, at: DialogueStateTracker, channel: str = "web", **values: Any) -> str | None:
    said = await nlg().generate(response, at, channel, **values)
    return None if said is None else str(said["text"])


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Filed 7, here"),
        ("EN", "Filed 7, here"),
        ("en-GB", "Filed 7, here"),
        ("zh", "编号7，here"),
        (None, "编号7，here"),
        ("fr", "编号7，here"),
    ],
)
async def test_the_slot_decides_the_language(language: str | None, said: str) -> None:
    assert await text_of("utter_filed", tracker(language=language), number=7, place="here") == said


async def test_the_call_may_name_another_language() -> None:
    assert await text_of("utter_filed", tracker(), number=7, place="here", language="en") == "Filed 7, here"


async def test_what_has_no_english_is_said_in_chinese() -> None:
    assert await text_of("utter_zh_only", tracker(language="en")) == "只有中文"


async def test_slots_fill_what_the_call_leaves_open_and_the_call_wins() -> None:
    at = tracker(number="slot", place="there")
    assert await text_of("utter_filed", at, number="call") == "编号call，there"


@pytest.mark.parametrize(
    "place", ["0[", "{number}", "{place}", "{", "}", "{{number}}", "%s", "\\1", "$number", "幸福路"]
)
async def test_what_people_write_goes_in_as_it_is(place: str) -> None:
    assert await text_of("utter_filed", tracker(), number="7", place=place) == f"编号7，{place}"


@given(place=st.text(min_size=1), number=st.text(min_size=1))
def test_any_two_values_stand_where_they_belong(place: str, number: str) -> None:
    filled = fill({"text": "<{number}|{place}>"}, {"number": number, "place": place})
    assert filled == {"text": f"<{number}|{place}>"}


def test_braces_that_are_no_placeholder_stay() -> None:
    assert fill({"text": "{ } {0} {a b} {}"}, {}) == {"text": "{ } {0} {a b} {}"}


def test_a_missing_value_is_an_error() -> None:
    with pytest.raises(UnfilledPlaceholder, match="place"):
        fill({"text": "{place}"}, {"place": None})


async def test_every_part_that_people_see_is_filled() -> None:
    said = await nlg().generate("utter_parts", tracker(place="p"), "web", number="7")
    assert said is not None
    assert said["buttons"] == [{"title": "看7", "payload": "show:7"}]
    assert said["custom"] == {"card": ["p", 1], "literal": "{ }"}
    assert "condition" not in said


async def test_a_variant_that_cannot_be_filled_is_skipped_and_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    for turn in range(10):
        at = tracker(UserUttered("x", metadata={"turn": turn}))
        assert await text_of("utter_one_bad", at) == "好的"
    assert "needs nobody_has_this" in caplog.text


async def test_when_nothing_can_be_said_the_person_hears_an_apology(caplog: pytest.LogCaptureFixture) -> None:
    assert await text_of("utter_all_bad", tracker(), reference="r1") == "出错了r1"
    assert await text_of("utter_unheard_of", tracker(language="en"), reference="r1") == "Error r1"
    assert "response.missing: utter_unheard_of" in caplog.text


async def test_without_even_an_apology_nothing_is_made_up() -> None:
    assert await text_of("utter_all_bad", tracker()) is None


async def test_the_same_turn_is_always_worded_the_same() -> None:
    at = [tracker(UserUttered("x", metadata={"turn": 5})) for _ in range(5)]
    assert len({await text_of("utter_hi", one) for one in at}) == 1


async def test_people_and_turns_hear_different_variants() -> None:
    heard = {
        await text_of("utter_hi", tracker(UserUttered("x", metadata={"turn": turn}), conversation=name))
        for name in "abcdef"
        for turn in range(4)
    }
    assert heard == {"你好一", "你好二", "你好三"}


async def test_no_variant_comes_again_before_all_have_been_heard() -> None:
    at = tracker()
    heard = []
    for _ in range(6):
        at.update(UserUttered("x"))
        said = await nlg().generate("utter_hi", at, "web")
        assert said is not None
        heard.append(said["text"])
        at.update(BotUttered(said["text"], {}, {"utter_action": "utter_hi", "variant": said["variant"]}))
    assert set(heard[:3]) == set(heard[3:]) == {"你好一", "你好二", "你好三"}


async def test_a_channels_own_variant_wins_within_the_language_only() -> None:
    assert await text_of("utter_channel", tracker(), channel="wechat") == "微信"
    assert await text_of("utter_channel", tracker(), channel="web") == "大家"
    assert await text_of("utter_channel", tracker(language="en"), channel="wechat") == "all"


async def test_the_models_responses_are_not_changed_by_saying_them() -> None:
    before = repr(RESPONSES)
    said = await nlg().generate("utter_parts", tracker(place="p"), "web", number="7")
    assert said is not None
    said["buttons"].append("x")
    assert repr(RESPONSES) == before
