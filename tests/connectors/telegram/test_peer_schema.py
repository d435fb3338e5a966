"""The Bot API, as others wrote it down, judges our updates, our lists, and first of all itself."""

from __future__ import annotations

import json
from typing import Any

import pytest

from connectors.telegram.content import _ENVELOPE, _FILES, _SERVICE
from connectors.telegram.receive import parse_update
from connectors.telegram.settings import ALLOWED_UPDATES
from tests.connectors.telegram.peers.bot_api_schema import BotApiSchema
from tests.connectors.telegram.updates import BOT_USER, GROUP, PERSON, membership, message, press

pytestmark = pytest.mark.peer

FILE = {"file_id": "F", "file_unique_id": "U"}
BIG = {**FILE, "width": 640, "height": 480}
GOOD: dict[str, str] = {"chat_id": "5000000042", "text": "&lt;您好&gt;", "parse_mode": "HTML"}


@pytest.mark.parametrize(
    ("method", "form"),
    [
        ("sendMessage", GOOD),
        ("sendMessage", {**GOOD, "text": "😡" * 2048}),
        ("sendMessage", {**GOOD, "text": "&amp;" * 4096}),
        (
            "sendMessage",
            {
                **GOOD,
                "reply_markup": json.dumps({"inline_keyboard": [[{"text": "a", "callback_data": "x" * 64}]]}),
            },
        ),
        ("setMyCommands", {"commands": json.dumps([{"command": "help", "description": "Help"}])}),
    ],
)
def test_the_judge_lets_good_requests_pass(schema: BotApiSchema, method: str, form: dict[str, str]) -> None:
    assert schema.check_request(method, form) == []


@pytest.mark.parametrize(
    ("method", "form"),
    [
        ("sendMessages", GOOD),
        ("sendMessage", {"text": "hi"}),
        ("sendMessage", {**GOOD, "text": "字" * 4097}),
        ("sendMessage", {**GOOD, "text": "😡" * 2049}),
        ("sendMessage", {**GOOD, "text": " "}),
        ("sendMessage", {**GOOD, "text": "<收费>"}),
        ("sendMessage", {**GOOD, "text": "a & b"}),
        ("sendMessage", {**GOOD, "text": "<script>x</script>"}),
        ("sendMessage", {**GOOD, "bold": "true"}),
        ("sendMessage", {**GOOD, "reply_parameters": '{"allow": true}'}),
        (
            "sendMessage",
            {
                **GOOD,
                "reply_markup": json.dumps(
                    {"inline_keyboard": [[{"text": "a", "callback_data": "字" * 22}]]}
                ),
            },
        ),
        ("sendMessage", {**GOOD, "reply_markup": json.dumps({"inline_keyboard": [{"text": "a"}]})}),
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "字" * 201}),
        ("sendPhoto", {"chat_id": "1", "photo": "F", "caption": "字" * 1025}),
        ("setMyCommands", {"commands": json.dumps([{"command": "c" * 33, "description": "Help"}])}),
        ("getUpdates", {"limit": "101"}),
        ("sendLocation", {"chat_id": "1", "latitude": "here", "longitude": "2"}),
    ],
)
def test_the_judge_stops_bad_requests(schema: BotApiSchema, method: str, form: dict[str, str]) -> None:
    assert schema.check_request(method, form) != []


@pytest.mark.parametrize(
    "update",
    [
        message(text="路灯坏了"),
        message(text="/start hall-3", entities=[{"type": "bot_command", "offset": 0, "length": 6}]),
        message(photo=[BIG, {**BIG, "file_size": 2**33}], caption="现场", media_group_id="139"),
        message(voice={**FILE, "duration": 3, "mime_type": "audio/ogg"}),
        message(video={**BIG, "duration": 3}),
        message(video_note={**FILE, "length": 240, "duration": 3}),
        message(audio={**FILE, "duration": 3}),
        message(document={**FILE, "file_name": "单据.pdf"}),
        message(animation={**BIG, "duration": 3}, document=FILE),
        message(sticker={**BIG, "type": "regular", "is_animated": False, "is_video": False, "emoji": "😡"}),
        message(location={"latitude": 31.2, "longitude": 121.4}),
        message(contact={"phone_number": "+8613800000000", "first_name": "李"}),
        message(
            venue={"location": {"latitude": 31.2, "longitude": 121.4}, "title": "政务大厅", "address": "1号"},
            location={"latitude": 31.2, "longitude": 121.4},
        ),
        message(
            rich_message={"blocks": [{"type": "paragraph", "text": ["没有", {"type": "bold", "text": "水"}]}]}
        ),
        message(checklist={"title": "Broken", "tasks": [{"id": 1, "text": "lamp"}]}),
        message(dice={"emoji": "🎲", "value": 6}),
        message(chat=GROUP, text="/help", message_thread_id=12, is_topic_message=True),
        message(chat=GROUP, text="/help", reply_to_message=message(chat=GROUP, sender=BOT_USER)["message"]),
        message(chat=GROUP, migrate_to_chat_id=-100999),
        press(),
        press(message={"chat": GROUP, "message_id": 6, "date": 0}),
        membership("kicked", until_date=0),
        membership("member"),
    ],
)
def test_the_updates_we_test_with_are_real_ones_and_are_understood(
    schema: BotApiSchema, update: dict[str, Any]
) -> None:
    assert schema.check("Update", update) == []
    assert parse_update(update) is not None


def test_the_judge_stops_updates_that_cannot_be(schema: BotApiSchema) -> None:
    assert schema.check("Update", message(text=5)) != []
    assert schema.check("Update", {"update_id": 1, "message": {"text": "hi"}}) != []
    assert schema.check("Update", {"update_id": 1, "massage": {}}) != []
    assert schema.check("Update", message(sender={**PERSON, "is_bot": "no"})) != []


def test_every_field_of_a_message_is_placed(schema: BotApiSchema) -> None:
    """A field nobody placed would be answered as an unknown kind, or a service message would be."""
    fields = schema.fields("Message")
    read = {name for name, _ in _FILES} | {"photo", "live_photo", "venue", "location", "contact"}
    read |= {"rich_message", "checklist"}
    answered_as_unknown = {
        "dice",
        "game",
        "poll",
        "story",
        "paid_media",
        "invoice",
        "giveaway",
        "giveaway_winners",
    }
    assert set(fields) - _ENVELOPE - _SERVICE - read == answered_as_unknown
    said_to_be_service = {
        name for name, described in fields.items() if described.startswith("Service message")
    }
    assert said_to_be_service <= _SERVICE
    assert not _ENVELOPE & _SERVICE


def test_the_kinds_of_update_we_ask_for_exist(schema: BotApiSchema) -> None:
    assert set(ALLOWED_UPDATES) <= set(schema.fields("Update"))
