"""What becomes of each kind of update."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.conversations.model import MAX_TEXT_CHARS, Event, InboundMessage, Media
from connectors.telegram.receive import BotIdentity, Press, parse_press, parse_update, take_in
from tests.connectors.telegram.fakes import RecordingInbox, RecordingReceiver
from tests.connectors.telegram.updates import (
    BOT_USER,
    GROUP,
    PERSON,
    PRIVATE,
    membership,
    message,
    press,
)

BOT = BotIdentity(id=987654321, username="tingsu_bot")


def read(update: dict[str, Any]) -> InboundMessage:
    """The message in an update that must hold one."""
    parsed = parse_update(update, bot=BOT)
    assert parsed is not None
    return parsed


class TestText:
    def test_a_private_text_becomes_a_message_with_everything_known_of_the_person(self) -> None:
        assert read(message(text="路灯坏了三天")) == InboundMessage(
            channel="telegram",
            provider_id="900000001",
            address="5000000042",
            text="路灯坏了三天",
            sent_at=datetime(2025, 10, 9, 8, 53, 20, tzinfo=timezone.utc),
            profile={
                "name": "小雨 陈",
                "language": "zh-hans",
                "chat_type": "private",
                "message_id": 7,
                "trigger": "message",
            },
        )

    def test_ids_beyond_32_bits_survive(self) -> None:
        chat = {"id": 2**52 - 1, "type": "private"}
        assert read(message(chat=chat, update_id=2**40, text="hi")).address == str(2**52 - 1)

    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ('/inform{"city":"x"}', 'inform{"city":"x"}'),
            ("/restart", "restart"),
            (" \u3000/ //affirm", "affirm"),
            ("\x00/\x08affirm", "affirm"),
            ("/进度 在哪", "进度 在哪"),
            ("/help@another_bot", "help@another_bot"),
            ("1/2 of the bill", "1/2 of the bill"),
        ],
    )
    def test_a_leading_slash_never_reaches_the_core(self, typed: str, kept: str) -> None:
        parsed = read(message(text=typed))
        assert parsed.text == kept
        assert "command" not in parsed.profile

    def test_a_caption_is_text_and_loses_its_slash_too(self) -> None:
        parsed = read(message(photo=[{"file_id": "P"}], caption="/affirm 照片"))
        assert (parsed.text, parsed.media) == ("affirm 照片", (Media(kind="photo", ref="P"),))

    def test_control_characters_and_broken_surrogates_are_taken_out(self) -> None:
        update = json.loads(
            '{"update_id": 1, "message": {"chat": {"id": 2}, "text": "a\\u0000b\\ud83d\\u001fc"}}'
        )
        parsed = parse_update(update)
        assert parsed is not None
        assert parsed.text == "ab\N{REPLACEMENT CHARACTER}c"
        parsed.text.encode()

    def test_a_text_over_the_limit_is_cut_and_marked(self) -> None:
        parsed = read(message(text="长" * (MAX_TEXT_CHARS + 1)))
        assert len(parsed.text) == MAX_TEXT_CHARS
        assert parsed.profile["truncated"] is True

    def test_words_of_a_formatted_message_are_kept(self) -> None:
        blocks = [
            {"type": "paragraph", "text": ["没有", {"type": "bold", "text": "热水"}]},
            {"type": "list", "items": [{"label": "1", "blocks": [{"type": "paragraph", "text": "三天"}]}]},
        ]
        assert read(message(rich_message={"blocks": blocks})).text == "没有热水\n三天"

    def test_a_checklist_is_read_as_lines(self) -> None:
        checklist = {"title": "Broken", "tasks": [{"id": 1, "text": "lamp"}, {"id": 2, "text": "door"}]}
        assert read(message(checklist=checklist)).text == "Broken\nlamp\ndoor"


class TestCommands:
    def test_start_is_a_first_contact(self) -> None:
        parsed = read(message(text="/start"))
        assert (parsed.event, parsed.text) == (Event.START, "")
        assert (parsed.profile["scene"], parsed.profile["trigger"]) == ("", "follow")
        assert "unknown" not in parsed.profile

    def test_the_payload_of_a_deep_link_is_the_scene(self) -> None:
        parsed = read(message(text="/start@tingsu_bot hall-3"))
        assert (parsed.event, parsed.profile["scene"], parsed.profile["trigger"]) == (
            Event.START,
            "hall-3",
            "scan",
        )

    @pytest.mark.parametrize("name", ["help", "new", "progress", "cancel", "human", "language"])
    def test_a_command_of_the_menu_arrives_as_a_neutral_word(self, name: str) -> None:
        parsed = read(message(text=f"/{name.upper()}@Tingsu_Bot"))
        assert (parsed.event, parsed.text, parsed.profile["command"]) == (Event.MESSAGE, name, name)

    def test_what_follows_a_command_is_kept(self) -> None:
        assert read(message(text="/progress 20251009-0007")).text == "progress 20251009-0007"

    def test_only_commands_of_the_settings_count(self) -> None:
        parsed = parse_update(message(text="/help"), commands=())
        assert parsed is not None
        assert (parsed.text, "command" in parsed.profile) == ("help", False)


class TestMedia:
    @pytest.mark.parametrize(
        ("content", "expected"),
        [
            (
                {"photo": [{"file_id": "small"}, {"file_id": "large", "file_size": 90_000}]},
                Media(kind="photo", ref="large", size_bytes=90_000),
            ),
            (
                {"voice": {"file_id": "V", "mime_type": "audio/ogg", "file_size": 2**33}},
                Media(kind="voice", ref="V", mime="audio/ogg", size_bytes=2**33),
            ),
            ({"video": {"file_id": "V", "file_name": "a.mp4"}}, Media(kind="video", ref="V", name="a.mp4")),
            ({"video_note": {"file_id": "N"}}, Media(kind="video", ref="N")),
            ({"audio": {"file_id": "A"}}, Media(kind="audio", ref="A")),
            (
                {"document": {"file_id": "D", "file_name": "单据.pdf", "mime_type": "application/pdf"}},
                Media(kind="file", ref="D", name="单据.pdf", mime="application/pdf"),
            ),
            ({"sticker": {"file_id": "S", "emoji": "😡"}}, Media(kind="sticker", ref="S", text="😡")),
            ({"animation": {"file_id": "G"}, "document": {"file_id": "G"}}, Media(kind="video", ref="G")),
            (
                {"location": {"latitude": 31.2, "longitude": 121}},
                Media(kind="location", latitude=31.2, longitude=121.0),
            ),
            (
                {
                    "venue": {"title": "政务大厅", "address": "1号"},
                    "location": {"latitude": -1.5, "longitude": 2.5},
                },
                Media(kind="location", latitude=-1.5, longitude=2.5, text="政务大厅, 1号"),
            ),
            (
                {"contact": {"phone_number": "+8613800000000", "first_name": "李"}},
                Media(kind="contact", phone="+8613800000000", text="李"),
            ),
        ],
    )
    def test_each_kind_is_kept_by_its_id(self, content: dict[str, Any], expected: Media) -> None:
        parsed = read(message(**content))
        assert parsed.media == (expected,)
        assert "unknown" not in parsed.profile

    def test_parts_of_an_album_share_a_key(self) -> None:
        assert read(message(photo=[{"file_id": "P"}], media_group_id="139")).group_key == "139"

    @pytest.mark.parametrize(
        "kind", ["dice", "poll", "story", "game", "paid_media", "something_of_next_year"]
    )
    def test_a_kind_we_cannot_read_still_arrives_so_that_it_can_be_answered(self, kind: str) -> None:
        content: dict[str, Any] = {kind: {"any": 1}}
        parsed = read(message(**content))
        assert (parsed.text, parsed.media, parsed.profile["unknown"]) == ("", (), kind)

    @pytest.mark.parametrize(
        "content", [{}, {"text": "/"}, {"text": " "}, {"photo": []}, {"location": {"latitude": 1}}]
    )
    def test_a_message_with_nothing_in_it_arrives_too(self, content: dict[str, Any]) -> None:
        parsed = read(message(**content))
        assert parsed.text == ""
        assert parsed.profile["unknown"]


class TestEvents:
    def test_an_edited_message_is_a_note(self) -> None:
        edited = {"update_id": 5, "edited_message": message(text="/restart 改")["message"]}
        parsed = read(edited)
        assert (parsed.event, parsed.text, parsed.profile["edited"]) == (Event.NOTE, "restart 改", True)

    @pytest.mark.parametrize(
        ("status", "extra", "event"),
        [
            ("kicked", {}, Event.UNREACHABLE),
            ("left", {}, Event.UNREACHABLE),
            ("member", {}, Event.REACHABLE),
            ("administrator", {}, Event.REACHABLE),
            ("restricted", {"is_member": True, "can_send_messages": True}, Event.REACHABLE),
            ("restricted", {"is_member": True, "can_send_messages": False}, Event.UNREACHABLE),
        ],
    )
    def test_blocking_and_coming_back(self, status: str, extra: dict[str, Any], event: Event) -> None:
        parsed = read(membership(status, **extra))
        assert (parsed.event, parsed.address) == (event, "5000000042")

    def test_a_group_that_moves_leaves_a_note_with_its_new_id(self) -> None:
        parsed = read(message(chat=GROUP, migrate_to_chat_id=-100999))
        assert (parsed.event, parsed.profile["migrated_to"]) == (Event.NOTE, "-100999")

    @pytest.mark.parametrize(
        "update",
        [
            message(chat=GROUP, new_chat_members=[BOT_USER]),
            message(chat=GROUP, pinned_message={"message_id": 1, "chat": GROUP, "date": 0}),
            message(write_access_allowed={}),
            message(text="hi", sender={**PERSON, "is_bot": True}),
            message(text="hi", chat={"id": -1005, "type": "channel"}),
            message(chat=GROUP, text="@tingsu_bot", is_automatic_forward=True, sender_chat={"id": -1009}),
            membership("member", chat={"id": -1005, "type": "channel"}),
            {"update_id": 1, "channel_post": message(text="hi")["message"]},
            {"update_id": 1, "edited_channel_post": message(text="hi")["message"]},
            {"update_id": 1, "message_reaction": {"chat": PRIVATE}},
            {"update_id": 1, "a_kind_of_next_year": {}},
            {"update_id": 1},
            {"message": message(text="hi")["message"]},
        ],
    )
    def test_what_nobody_wrote_to_the_bot_is_left_alone(self, update: dict[str, Any]) -> None:
        assert parse_update(update, bot=BOT) is None


class TestButtons:
    def test_a_press_carries_only_its_token(self) -> None:
        parsed = read(press())
        assert (parsed.text, parsed.token, parsed.address) == ("", "k3JxPq0aZ81b", "5000000042")
        assert (parsed.provider_id, parsed.profile["choice"]) == ("900000002", "是")
        assert parsed.profile["name"] == "小雨 陈"

    def test_the_press_names_what_has_to_be_answered(self) -> None:
        assert parse_press(press()) == Press("4382bfdwdsb323b2d9", 5_000_000_042, 6, "是")

    def test_a_press_on_a_message_out_of_reach_still_works(self) -> None:
        update = press(message={"chat": PRIVATE, "message_id": 6, "date": 0})
        assert read(update).token == "k3JxPq0aZ81b"
        assert parse_press(update) == Press("4382bfdwdsb323b2d9", 5_000_000_042, 6)

    def test_data_that_no_button_carried_gets_no_title(self) -> None:
        parsed = read(press(data='/inform{"a":1}'))
        assert (parsed.token, "choice" in parsed.profile) == ('/inform{"a":1}', False)

    @pytest.mark.parametrize("change", [{"message": None}, {"data": None, "game_short_name": "x"}])
    def test_a_press_that_means_nothing_is_answered_all_the_same(self, change: dict[str, Any]) -> None:
        assert parse_update(press(**change)) is None
        assert parse_press(press(**change)) is not None

    def test_other_updates_are_no_press(self) -> None:
        assert parse_press(message(text="hi")) is None


class TestGroups:
    @pytest.mark.parametrize(
        ("content", "text"),
        [
            ({"text": "@tingsu_bot 楼道没灯"}, "楼道没灯"),
            ({"text": "请 @Tingsu_Bot，看看"}, "请 看看"),
            ({"text": "@tingsu_bot楼道没灯"}, "楼道没灯"),
            ({"text": "@tingsu_bot /inform{}"}, "inform{}"),
            ({"text": "/unknown@tingsu_bot x"}, "unknown x"),
            ({"text": "又坏了", "reply_to_message": {"from": BOT_USER}}, "又坏了"),
            ({"text": "the bot!", "entities": [{"type": "text_mention", "user": BOT_USER}]}, "the bot!"),
            ({"photo": [{"file_id": "P"}], "caption": "@tingsu_bot 看"}, "看"),
            ({"text": "/help"}, "help"),
            ({"text": "@tingsu_bot /help"}, "help"),
        ],
    )
    def test_what_is_meant_for_the_bot_is_taken(self, content: dict[str, Any], text: str) -> None:
        parsed = read(message(chat=GROUP, **content))
        assert (parsed.text, parsed.address) == (text, "-1001234567890")
        assert parsed.profile["person"] == "5000000042"
        assert parsed.profile["private_url"] == "https://t.me/tingsu_bot?start=group"

    def test_a_bare_mention_can_be_answered(self) -> None:
        assert read(message(chat=GROUP, text="@tingsu_bot")).profile["unknown"] == "empty"

    @pytest.mark.parametrize(
        "content",
        [
            {"text": "昨天停电了"},
            {"text": "@tingsu_bot_two hello"},
            {"text": "/weather"},
            {"text": "/help@weather_bot"},
            {"text": "yes", "reply_to_message": {"from": PERSON}},
            {"photo": [{"file_id": "P"}]},
            {"dice": {"value": 6}},
        ],
    )
    def test_what_the_group_says_among_itself_is_not_kept(self, content: dict[str, Any]) -> None:
        assert parse_update(message(chat=GROUP, **content), bot=BOT) is None

    def test_a_topic_of_a_forum_is_part_of_the_address(self) -> None:
        update = message(chat=GROUP, text="/help", message_thread_id=12, is_topic_message=True)
        assert read(update).address == "-1001234567890:12"

    def test_a_chain_of_replies_is_no_topic(self) -> None:
        assert read(message(chat=GROUP, text="/help", message_thread_id=12)).address == "-1001234567890"

    def test_an_anonymous_administrator_is_a_person(self) -> None:
        update = message(
            chat=GROUP, text="/help", sender={"id": 1087968824, "is_bot": True}, sender_chat=GROUP
        )
        assert read(update).text == "help"

    def test_commands_work_before_the_bot_knows_its_name(self) -> None:
        parsed = parse_update(message(chat=GROUP, text="/help@tingsu_bot"), bot=BotIdentity(id=BOT.id))
        assert parsed is not None
        assert parsed.text == "help"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KNOWN = sorted(
    {
        *message(text="", caption="", entities=[])["message"],
        *press()["callback_query"],
        *membership("member")["my_chat_member"],
        *("photo", "voice", "document", "location", "venue", "contact", "rich_message", "sender_chat"),
        *("id", "type", "status", "file_id", "update_id", "reply_to_message", "message_thread_id"),
        *("inline_keyboard", "is_topic_message", "migrate_to_chat_id", "media_group_id"),
    }
)
near_messages = st.dictionaries(
    st.sampled_from(KNOWN),
    json_values
    | st.dictionaries(
        st.sampled_from(KNOWN), json_values | st.just("private") | st.just("supergroup"), max_size=4
    )
    | st.lists(st.dictionaries(st.sampled_from(KNOWN), json_values, max_size=3), max_size=3),
    max_size=10,
)


class TestGarbage:
    @given(json_values)
    def test_no_json_object_breaks_the_reading(self, value: object) -> None:
        update = value if isinstance(value, dict) else {"update_id": 1, "message": value}
        parse_update(update, bot=BOT)
        parse_press(update)

    @given(
        kind=st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member"]),
        body=near_messages,
        chat_type=st.sampled_from(["private", "supergroup", "channel", ""]) | json_values,
    )
    def test_almost_right_updates_give_storable_messages_or_none(
        self, kind: str, body: dict[str, Any], chat_type: object
    ) -> None:
        update = {"update_id": 3, kind: {"chat": {"id": 4, "type": chat_type}, **body}}
        parsed = parse_update(update, bot=BOT)
        parse_press(update)
        if parsed is not None:
            assert not parsed.text.startswith("/")
            json.dumps({"text": parsed.text, **parsed.profile}, ensure_ascii=False).encode()

    @given(st.text())
    def test_no_typed_text_keeps_a_leading_slash(self, typed: str) -> None:
        for text in (typed, f"/{typed}"):
            parsed = read(message(text=text))
            assert not parsed.text.strip().startswith("/")


class TestTakeIn:
    async def test_a_press_is_answered_after_it_was_stored(self) -> None:
        inbox, receiver = RecordingInbox(OSError("disk full")), RecordingReceiver()
        with pytest.raises(OSError, match="disk full"):
            await take_in(press(), inbox=inbox, presses=receiver, bot=BOT, commands=())
        assert receiver.presses == []
        await take_in(press(), inbox=inbox, presses=receiver, bot=BOT, commands=())
        assert len(inbox.messages) == len(receiver.presses) == 1

    async def test_an_update_that_trips_the_reading_is_dropped_with_a_trace(
        self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        said = "路灯坏了"

        def trip(*_: object, **__: object) -> None:
            raise RuntimeError(said)

        monkeypatch.setattr("connectors.telegram.receive.parse_update", trip)
        with caplog.at_level(logging.ERROR):
            await take_in(
                message(text=said),
                inbox=RecordingInbox(),
                presses=RecordingReceiver(),
                bot=BOT,
                commands=(),
            )
        assert "RuntimeError" in caplog.text
        assert said not in caplog.text
