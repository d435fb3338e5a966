from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.conversations.model import MAX_TEXT_CHARS, Event, InboundMessage, Media
from connectors.wechat.receive import neutral, parse_push
from tests.connectors.wechat.conftest import patient
from tests.connectors.wechat.pushes import PERSON, event_push, text_push


def parsed(fields: dict[str, str | int]) -> InboundMessage:
    message = parse_push({name: str(value) for name, value in fields.items()})
    assert message is not None
    return message


def of_kind(kind: str, **more: str | int) -> InboundMessage:
    fields = text_push() | {"MsgType": kind} | more
    del fields["Content"]
    return parsed(fields)


def test_a_text_is_taken_as_it_was_typed() -> None:
    message = parsed(text_push("  楼上漏水，三天了  "))
    assert message == InboundMessage(
        channel="wechat",
        provider_id="7001",
        address=PERSON,
        text="楼上漏水，三天了",
        sent_at=datetime(2023, 11, 14, 22, 13, 20, tzinfo=timezone.utc),
        profile={"trigger": "message"},
    )


def test_a_pressed_choice_brings_its_token_and_counts_as_a_menu_click() -> None:
    message = parsed(text_push("是的") | {"bizmsgmenuid": "tok-123"})
    assert (message.text, message.token, message.profile["trigger"]) == ("是的", "tok-123", "menu")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ('/inform{"a":"b"}', 'inform{"a":"b"}'),
        (" / //x", "x"),
        ("/", ""),
        ("1/2", "1/2"),
        ("/::) 好", "::) 好"),
    ],
)
def test_a_leading_slash_is_no_command(typed: str, read: str) -> None:
    assert parsed(text_push(typed)).text == read


@patient
@given(st.text(max_size=60))
def test_no_text_begins_with_a_slash(text: str) -> None:
    assert not neutral(text).startswith("/")
    assert not neutral(text)[:1].isspace()


def test_a_recognised_voice_is_text_and_media() -> None:
    message = of_kind("voice", MediaId="m1", Format="amr", Recognition="路灯坏了")
    assert message.text == "路灯坏了"
    assert message.media == (Media("voice", ref="m1", mime="audio/amr", text="路灯坏了"),)


def test_an_unrecognised_voice_is_media_alone() -> None:
    message = of_kind("voice", MediaId="m1", Format="amr", Recognition="")
    assert message.text == ""
    assert message.media == (Media("voice", ref="m1", mime="audio/amr"),)


def test_pictures_videos_and_places_are_kept() -> None:
    photo = of_kind("image", MediaId="m2", PicUrl="http://mmbiz.qpic.cn/x")
    assert photo.media == (Media("photo", ref="m2", url="http://mmbiz.qpic.cn/x"),)
    assert of_kind("video", MediaId="m3").media == (Media("video", ref="m3"),)
    assert of_kind("shortvideo", MediaId="m4").media == (Media("video", ref="m4"),)
    place = of_kind("location", Location_X="31.2", Location_Y="121.5", Scale="16", Label="人民路 1 号")
    assert place.media == (Media("location", text="人民路 1 号", latitude=31.2, longitude=121.5),)


@pytest.mark.parametrize("odd", ["", "north", "nan", "inf", "1e999"])
def test_an_odd_position_has_no_numbers(odd: str) -> None:
    (place,) = of_kind("location", Location_X=odd, Location_Y="1").media
    assert (place.latitude, place.longitude) == (None, 1.0)


def test_a_link_is_text_and_media() -> None:
    message = of_kind("link", Title="通知", Description="停电", Url="https://example.org/a")
    assert message.text == "https://example.org/a"
    assert message.media == (Media("link", url="https://example.org/a", name="通知", text="停电"),)


def test_following_starts_a_conversation() -> None:
    message = parsed(event_push("subscribe"))
    assert (message.event, message.profile) == (Event.START, {"trigger": "follow"})
    scanned = parsed(event_push("subscribe", "qrscene_hall-7", Ticket="t"))
    assert (scanned.event, scanned.profile) == (Event.START, {"trigger": "follow", "scene": "hall-7"})
    known = parsed(event_push("SCAN", "hall-7", Ticket="t"))
    assert (known.event, known.profile) == (Event.START, {"trigger": "scan", "scene": "hall-7"})


def test_unfollowing_makes_a_person_unreachable() -> None:
    assert parsed(event_push("unsubscribe")).event is Event.UNREACHABLE


def test_a_menu_click_is_read_as_text_or_token() -> None:
    typed = parsed(event_push("CLICK", "/我要投诉"))
    assert (typed.event, typed.text, typed.token) == (Event.MESSAGE, "我要投诉", "")
    token = parsed(event_push("CLICK", "t:abcdefghijkl"))
    assert (token.text, token.token, token.profile) == ("", "abcdefghijkl", {"trigger": "menu"})


@pytest.mark.parametrize(
    "event",
    [
        "VIEW",
        "LOCATION",
        "TEMPLATESENDJOBFINISH",
        "MASSSENDJOBFINISH",
        "kf_create_session",
        "never_heard_of",
        "",
    ],
)
def test_what_only_the_platform_reports_is_a_note(event: str) -> None:
    message = parsed(event_push(event, "key", Latitude="1", Longitude="2"))
    assert (message.event, message.text, message.media) == (Event.NOTE, "", ())


def test_an_unknown_kind_from_a_person_is_still_a_message() -> None:
    message = of_kind("hologram", MediaId="m9", Title="a.holo")
    assert message.event is Event.MESSAGE
    assert message.profile["unknown"] == "hologram"
    assert message.media == (Media("file", ref="m9", name="a.holo"),)


def test_an_event_is_the_same_event_when_it_is_repeated() -> None:
    first, again = parsed(event_push("CLICK", "a")), parsed(event_push("CLICK", "a"))
    assert first.provider_id == again.provider_id
    others = [
        parsed(event_push("CLICK", "b")),
        parsed(event_push("CLICK", "a", person="oOther")),
        parsed(event_push("CLICK", "a") | {"CreateTime": 1_700_000_001}),
        parsed(event_push("subscribe")),
    ]
    assert len({first.provider_id, *(other.provider_id for other in others)}) == 5


@pytest.mark.parametrize("no_id", [{"MsgId": 0}, {"MsgId": ""}, {"MsgId": "000"}])
def test_an_id_of_nothing_never_makes_two_messages_one(no_id: dict[str, Any]) -> None:
    one, two = parsed(text_push("一") | no_id), parsed(text_push("二") | no_id)
    assert one.provider_id != two.provider_id
    assert one.provider_id == parsed(text_push("一") | no_id).provider_id


def test_an_endless_text_is_cut_and_marked() -> None:
    message = parsed(text_push("水" * (MAX_TEXT_CHARS + 5)))
    assert len(message.text) == MAX_TEXT_CHARS
    assert message.profile["truncated"] is True


def test_what_names_nobody_is_nothing() -> None:
    assert parse_push({}) is None
    assert parse_push({"MsgType": "text", "Content": "x"}) is None
    assert parse_push({"FromUserName": "x"}) is None


NAMES = st.sampled_from(
    [
        "MsgType",
        "Event",
        "EventKey",
        "Content",
        "CreateTime",
        "MsgId",
        "MediaId",
        "Format",
        "Location_X",
        "Url",
    ]
)
KINDS = st.sampled_from(["text", "voice", "location", "link", "event", "image", "subscribe", "CLICK"])


@patient
@given(st.dictionaries(NAMES, st.text(max_size=40) | KINDS))
def test_no_fields_raise(data: dict[str, str]) -> None:
    message = parse_push({"FromUserName": PERSON, "MsgType": "text", **data})
    assert message is None or message.provider_id
