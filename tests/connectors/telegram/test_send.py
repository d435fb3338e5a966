"""What goes out, what happens when Telegram refuses, and that the token stays inside."""

from __future__ import annotations

import asyncio
import logging
import traceback
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
import pytest

from casework.conversations.model import Button, DeliveryError, Media, Sent
from connectors.telegram.receive import Press
from connectors.telegram.send import TelegramSender, target_of
from connectors.telegram.settings import ALLOWED_UPDATES
from tests.connectors.telegram.fakes import (
    TOKEN,
    Answer,
    BotApi,
    Sleeper,
    ok,
    outbound,
    refusal,
    sender_for,
    settings,
    until,
)

GROUP = "-1001234567890"


async def failure_of(sender: TelegramSender, **message: Any) -> DeliveryError:
    with pytest.raises(DeliveryError) as failed:
        await sender.send(outbound(**message))
    return failed.value


class TestSending:
    async def test_a_text_goes_out_escaped_and_without_preview(self) -> None:
        api = BotApi()
        sent = await sender_for(api).send(
            outbound("<收费> 3 & 4", buttons=(Button(title="是", token="tok"),))
        )
        assert sent == Sent(("101",))
        assert api.calls == [
            (
                "sendMessage",
                {
                    "chat_id": 5_000_000_042,
                    "text": "&lt;收费&gt; 3 &amp; 4",
                    "parse_mode": "HTML",
                    "link_preview_options": {"is_disabled": True},
                    "reply_markup": {"inline_keyboard": [[{"text": "是", "callback_data": "tok"}]]},
                },
            )
        ]

    async def test_parts_delivered_before_are_left_out(self) -> None:
        api = BotApi()
        sent = await sender_for(api).send(outbound("字" * 4096 + "尾"), already_sent=("55",))
        assert sent == Sent(("55", "101"))
        assert [call["text"] for call in api.of("sendMessage")] == ["尾"]

    async def test_a_failure_names_the_parts_that_went_out(self) -> None:
        api = BotApi()
        api.script["sendMessage"] = [ok({"message_id": 7, "date": 1, "chat": {"id": 1, "type": "private"}})]
        api.script["sendMessage"].append(refusal(502, "Bad Gateway"))
        sender, message = sender_for(api), outbound("字" * 9000)
        with pytest.raises(DeliveryError) as failed:
            await sender.send(message)
        assert failed.value.sent_ids == ("7",)
        # Whether the courier replaces or appends what it noted before, the retry starts at the right part.
        noted = ("7", *failed.value.sent_ids)
        assert len((await sender.send(message, already_sent=noted)).provider_ids) == 3
        assert [len(call["text"]) for call in api.of("sendMessage")] == [4096, 4096, 4096, 808]

    async def test_markup_telegram_cannot_read_is_sent_again_as_plain_text(self) -> None:
        api = BotApi()
        api.script["sendMessage"] = [refusal(400, "Bad Request: can't parse entities: Unsupported start tag")]
        await sender_for(api).send(outbound("a < b"))
        assert [(call["text"], call.get("parse_mode")) for call in api.of("sendMessage")] == [
            ("a &lt; b", "HTML"),
            ("a < b", None),
        ]

    async def test_nothing_to_say_sends_nothing(self) -> None:
        api = BotApi()
        assert await sender_for(api).send(outbound(" ")) == Sent()
        assert api.calls == []

    async def test_buttons_without_words_are_a_failure_and_no_silence(self) -> None:
        failure = await failure_of(sender_for(BotApi()), text="", buttons=(Button(title="是", token="t"),))
        assert (failure.code, failure.permanent) == ("buttons_without_text", True)

    @pytest.mark.parametrize("address", ["", "openid-of-another-channel", "1:2:3", "1:x"])
    async def test_an_address_of_another_channel_is_refused(self, address: str) -> None:
        failure = await failure_of(sender_for(BotApi()), address=address)
        assert (failure.code, failure.permanent) == ("bad_address", True)

    @pytest.mark.parametrize(
        ("media", "method", "expected"),
        [
            (Media(kind="photo", ref="F", text="a<b"), "sendPhoto", {"photo": "F", "caption": "a&lt;b"}),
            (Media(kind="file", ref="F"), "sendDocument", {"document": "F"}),
            (Media(kind="voice", ref="F"), "sendVoice", {"voice": "F"}),
            (Media(kind="video", ref="F"), "sendVideo", {"video": "F"}),
            (Media(kind="audio", ref="F"), "sendAudio", {"audio": "F"}),
            (Media(kind="sticker", ref="F", text="😡"), "sendSticker", {"sticker": "F"}),
            (
                Media(kind="location", latitude=1.5, longitude=-2.5),
                "sendLocation",
                {"latitude": 1.5, "longitude": -2.5},
            ),
            (
                Media(kind="contact", phone="+8613800000000", text="李"),
                "sendContact",
                {"phone_number": "+8613800000000", "first_name": "李"},
            ),
        ],
    )
    async def test_each_kind_of_thing_has_its_method(
        self, media: Media, method: str, expected: dict[str, Any]
    ) -> None:
        api = BotApi()
        await sender_for(api).send(outbound("", media=(media,)))
        (call,) = api.of(method)
        called = {key: str(value) for key, value in call.items()}
        assert {key: called.get(key) for key in expected} == {
            key: str(value) for key, value in expected.items()
        }

    async def test_messages_of_one_chat_keep_their_order_while_other_chats_go_on(self) -> None:
        api, gate = BotApi(), asyncio.Event()

        async def hold_first(_: str, parameters: dict[str, Any]) -> None:
            if parameters["text"] == "first":
                await gate.wait()

        api.before_answer = hold_first
        sender = sender_for(api)
        first = asyncio.create_task(sender.send(outbound("first")))
        await asyncio.sleep(0)
        second = asyncio.create_task(sender.send(outbound("second")))
        await sender.send(outbound("elsewhere", address="77"))
        gate.set()
        await asyncio.gather(first, second)
        assert [call["text"] for call in api.of("sendMessage")] == ["elsewhere", "first", "second"]

    async def test_a_burst_to_one_chat_is_slowed_down(self) -> None:
        api = BotApi()
        sender = sender_for(api, chat_burst=2)
        sending = asyncio.gather(*(sender.send(outbound(str(n))) for n in range(3)))
        await until(lambda: len(api.calls) == 2)
        for _ in range(50):
            await asyncio.sleep(0)
        assert len(api.calls) == 2
        sending.cancel()


class TestGroups:
    async def test_an_answer_shows_what_it_answers_even_if_that_is_deleted(self) -> None:
        api = BotApi()
        await sender_for(api).send(
            outbound("字" * 5000, address=f"{GROUP}:12", reply_to="900", profile={"message_id": 7})
        )
        first, second = api.of("sendMessage")
        assert (first["chat_id"], first["message_thread_id"]) == (int(GROUP), 12)
        assert first["reply_parameters"] == {"message_id": 7, "allow_sending_without_reply": True}
        assert "reply_parameters" not in second

    @pytest.mark.parametrize(
        "message",
        [
            {"address": "5000000042", "reply_to": "900", "profile": {"message_id": 7}},
            {"address": GROUP, "profile": {"message_id": 7}},
            {"address": GROUP, "reply_to": "900"},
        ],
    )
    async def test_private_and_proactive_messages_quote_nothing(self, message: dict[str, Any]) -> None:
        api = BotApi()
        await sender_for(api).send(outbound(**message))
        assert "reply_parameters" not in api.of("sendMessage")[0]

    async def test_a_group_that_moved_is_written_to_at_its_new_id_from_then_on(self) -> None:
        api = BotApi()
        moved = refusal(400, "Bad Request: group chat was upgraded", migrate_to_chat_id=-100777)
        api.script["sendMessage"] = [moved]
        sender = sender_for(api)
        for _ in range(2):
            await sender.send(outbound(address="-555"))
        assert [call["chat_id"] for call in api.of("sendMessage")] == [-555, -100777, -100777]

    async def test_a_group_that_moves_for_ever_is_given_up(self) -> None:
        api = BotApi()
        api.script["sendMessage"] = [refusal(400, "upgraded", migrate_to_chat_id=-n) for n in (2, 3, 4)]
        failure = await failure_of(sender_for(api), address="-1")
        assert (failure.code, failure.permanent) == ("migrated:-3", True)


class TestRefusals:
    @pytest.mark.parametrize(
        ("answer", "code", "marks"),
        [
            (refusal(429, "Too Many Requests", retry_after=17), "flood", {"retry_after_s": 17.0}),
            (
                refusal(403, "Forbidden: bot was blocked by the user"),
                "forbidden",
                {"permanent": True, "unreachable": True},
            ),
            (
                refusal(400, "Bad Request: chat not found"),
                "refused: chat not found",
                {"permanent": True, "unreachable": True},
            ),
            (
                refusal(400, "Bad Request: wrong file identifier: someone's words"),
                "refused: wrong file identifier",
                {"permanent": True},
            ),
            (refusal(401, "Unauthorized"), "token_refused", {"configuration": True}),
            (refusal(404, "Not Found"), "token_refused", {"configuration": True}),
            (refusal(502, "Bad Gateway"), "network", {}),
            (httpx.Response(502, text="<html>"), "network", {}),
            (httpx.Response(200, text="<html>"), "unreadable_answer", {"maybe_sent": True}),
            (ok({"nonsense": True}), "broken_answer", {"maybe_sent": True}),
            (httpx.ReadTimeout("slow"), "timeout", {"maybe_sent": True}),
            (httpx.ConnectTimeout("slow"), "timeout", {}),
            (httpx.PoolTimeout("busy"), "timeout", {}),
            (httpx.ReadError("cut"), "network", {"maybe_sent": True}),
            (httpx.RemoteProtocolError("cut"), "network", {"maybe_sent": True}),
            (httpx.ConnectError("refused"), "network", {}),
        ],
    )
    async def test_each_refusal_says_what_may_be_done(
        self, answer: Answer, code: str, marks: dict[str, Any]
    ) -> None:
        api = BotApi()
        api.script["sendMessage"] = [answer]
        failure = await failure_of(sender_for(api))
        nothing = {"permanent": False, "unreachable": False, "configuration": False, "maybe_sent": False}
        expected = {**nothing, "retry_after_s": None, **marks}
        assert failure.code == code
        assert {name: getattr(failure, name) for name in expected} == expected
        assert len(api.calls) == 1

    async def test_a_limit_is_not_shouted_into_the_log(self, caplog: pytest.LogCaptureFixture) -> None:
        api = BotApi()
        api.script["sendMessage"] = [refusal(429, "Too Many Requests", retry_after=17)]
        with caplog.at_level(logging.WARNING):
            await failure_of(sender_for(api))
        assert caplog.records == []


class TestSecrecy:
    async def test_no_failure_and_no_log_holds_the_token(self, caplog: pytest.LogCaptureFixture) -> None:
        api, sleeper = BotApi(), Sleeper(limit=3)
        page = httpx.Response(502, text=f"<html>cannot reach /bot{TOKEN}/sendMessage")
        answers = [refusal(401, f"token {TOKEN} rejected"), refusal(404, "Not Found"), page]
        answers += [httpx.Response(200, text=f"/bot{TOKEN}"), refusal(400, f"Bad Request: {TOKEN}")]
        errors = [httpx.ConnectError(f"https://api.telegram.org/bot{TOKEN}")]
        api.script["sendMessage"] = [*answers, *errors]
        api.script["getMe"] = [*answers, *errors]
        with caplog.at_level(logging.DEBUG):
            sender = sender_for(api, sleep=sleeper)
            await sender.start()
            await until(lambda: len(sleeper.pauses) == 3)
            for _ in range(6):
                failure = await failure_of(sender)
                shown = "".join(traceback.format_exception(failure))
                assert TOKEN not in f"{shown} {failure!r} {failure.__context__!r} {failure.__cause__!r}"
            assert TOKEN not in repr(await sender.health())
            await sender.stop()
        assert "telegram.registration.failed" in caplog.text
        assert TOKEN not in caplog.text

    async def test_the_libraries_would_have_told(self, caplog: pytest.LogCaptureFixture) -> None:
        """Guards the test above: without the quiet loggers, the token is in the log."""
        api = BotApi()
        sender = sender_for(api)
        kept = logging.getLogger("httpx").level
        logging.getLogger("httpx").setLevel(logging.INFO)
        try:
            with caplog.at_level(logging.INFO):
                await sender.send(outbound())
        finally:
            logging.getLogger("httpx").setLevel(kept)
        assert TOKEN in caplog.text

    def test_no_token_is_in_what_the_sender_shows_of_itself(self) -> None:
        assert TOKEN not in repr(sender_for(BotApi()))


class TestPresses:
    async def test_a_press_is_answered_and_its_keyboard_taken_away(self) -> None:
        api = BotApi()
        sender = sender_for(api)
        sender.pressed(Press("query-1", 42, 6, "是"))
        await until(lambda: len(api.calls) == 2)
        assert api.calls == [
            ("answerCallbackQuery", {"callback_query_id": "query-1", "text": "是"}),
            ("editMessageReplyMarkup", {"chat_id": 42, "message_id": 6}),
        ]
        await sender.stop()

    async def test_a_press_out_of_reach_is_answered(self) -> None:
        api = BotApi()
        sender = sender_for(api)
        sender.pressed(Press("query-1", title="字" * 300))
        await until(lambda: len(api.calls) == 1)
        assert len(api.calls[0][1]["text"]) == 200
        await sender.stop()

    async def test_refusals_of_such_answers_disturb_nobody(self, caplog: pytest.LogCaptureFixture) -> None:
        api = BotApi()
        api.script["answerCallbackQuery"] = [refusal(400, "Bad Request: query is too old")]
        api.script["editMessageReplyMarkup"] = [refusal(400, "Bad Request: message is not modified")]
        sender = sender_for(api)
        with caplog.at_level(logging.WARNING):
            sender.pressed(Press("query-1", 42, 6))
            await until(lambda: len(api.calls) == 2)
            await sender.stop()
        assert caplog.records == []


class TestTyping:
    async def test_it_is_shown_in_private_and_in_the_topic(self) -> None:
        api = BotApi()
        await sender_for(api).typing("42:3")
        assert api.calls == [("sendChatAction", {"chat_id": 42, "action": "typing", "message_thread_id": 3})]

    async def test_groups_are_spared(self) -> None:
        api = BotApi()
        await sender_for(api).typing(GROUP)
        assert api.calls == []

    @pytest.mark.parametrize(
        "answer", [refusal(403, "blocked"), httpx.ReadTimeout("slow"), refusal(429, "x", retry_after=3)]
    )
    async def test_it_never_raises(self, answer: Answer) -> None:
        api = BotApi()
        api.script["sendChatAction"] = [answer]
        sender = sender_for(api)
        await sender.typing("42")
        await sender.typing("no address")


class TestStart:
    async def test_webhook_and_menu_are_registered_in_the_background(self) -> None:
        api = BotApi()
        sender = sender_for(api)
        await sender.start()
        assert api.calls == []
        await until(lambda: len(api.of("setMyCommands")) == 3)
        (webhook,) = api.of("setWebhook")
        assert webhook == {
            "url": settings().webhook_url,
            "allowed_updates": list(ALLOWED_UPDATES),
            "secret_token": settings().secret_token,
            "drop_pending_updates": False,
        }
        assert [call.get("language_code") for call in api.of("setMyCommands")] == [None, "zh", "en"]
        await until(lambda: sender.bot_identity.username == "tingsu_bot")
        await sender.stop()

    async def test_a_webhook_that_is_right_is_left_alone(self) -> None:
        api = BotApi()
        api.webhook.update(url=settings().webhook_url, allowed_updates=list(reversed(ALLOWED_UPDATES)))
        sender = sender_for(api)
        await sender.start()
        await until(lambda: len(api.of("setMyCommands")) == 3)
        assert api.of("setWebhook") == []
        await sender.stop()

    @pytest.mark.parametrize(
        "change", [{"secret_token": "a-new-secret"}, {"public_url": "https://moved.example.org"}]
    )
    async def test_a_new_secret_or_address_is_registered(self, change: dict[str, Any]) -> None:
        api = BotApi()
        api.webhook.update(url=settings().webhook_url, allowed_updates=list(ALLOWED_UPDATES))
        sender = sender_for(api, **change)
        await sender.start()
        await until(lambda: len(api.of("setWebhook")) == 1)
        await sender.stop()

    async def test_failures_are_tried_again_with_growing_pauses_and_telegrams_own_wish(self) -> None:
        api, sleeper = BotApi(), Sleeper()
        api.script["getMe"] = [httpx.ConnectError("down"), refusal(502, "Bad Gateway"), refusal(401, "no")]
        api.script["setWebhook"] = [refusal(429, "Too Many Requests", retry_after=33)]
        sender = sender_for(api, sleep=sleeper)
        await sender.start()
        await until(lambda: len(api.of("setMyCommands")) == 3)
        assert sleeper.pauses == [1.0, 2.0, 4.0, 33.0]
        assert api.webhook["url"] == settings().webhook_url
        await sender.stop()

    @pytest.mark.parametrize("change", [{"mode": "polling"}, {"public_url": ""}])
    async def test_without_a_webhook_only_the_menu_is_registered(self, change: dict[str, Any]) -> None:
        api = BotApi()
        sender = sender_for(api, **change)
        await sender.start()
        await until(lambda: len(api.of("setMyCommands")) == 3)
        assert api.of("setWebhook") == []
        await sender.stop()

    async def test_it_can_be_stopped_while_telegram_is_down_and_started_again(self) -> None:
        api = BotApi()
        api.script["getMe"] = [httpx.ConnectError("down")] * 3
        sender = sender_for(api, sleep=Sleeper(limit=1))
        await sender.start()
        await until(lambda: len(api.of("getMe")) == 1)
        await sender.stop()
        api.script["getMe"] = []
        await sender.start()
        await until(lambda: sender.bot_identity.username == "tingsu_bot")
        await sender.stop()


class TestHealth:
    NOW = datetime(2025, 10, 9, 12, tzinfo=timezone.utc)

    def sender(self, api: BotApi, **changes: Any) -> TelegramSender:
        sender = sender_for(api, **changes)
        sender._clock = lambda: self.NOW
        return sender

    async def test_a_registered_webhook_is_well(self) -> None:
        api = BotApi()
        api.webhook.update(url=settings().webhook_url, pending_update_count=3)
        health = await self.sender(api).health()
        assert (health.ok, health.summary, health.cure) == (True, "webhook; 3 updates waiting", "")

    @pytest.mark.parametrize(
        ("said", "cure"),
        [
            ("SSL error {certificate verify failed}", "certificate"),
            ("Wrong response from the webhook: 403 Forbidden", "403"),
            ("Wrong response from the webhook: 404 Not Found", "reverse proxy"),
            ("Connection timed out", "port"),
            ("something new", "log"),
        ],
    )
    async def test_telegrams_trouble_with_our_door_is_told_with_a_cure(self, said: str, cure: str) -> None:
        api = BotApi()
        when = int((self.NOW - timedelta(minutes=2)).timestamp())
        api.webhook.update(url=settings().webhook_url, last_error_date=when, last_error_message=said)
        health = await self.sender(api).health()
        assert not health.ok
        assert said in health.summary
        assert cure in health.cure

    async def test_an_error_of_yesterday_is_forgotten(self) -> None:
        api = BotApi()
        when = int((self.NOW - timedelta(days=1)).timestamp())
        api.webhook.update(url=settings().webhook_url, last_error_date=when, last_error_message="timed out")
        assert (await self.sender(api).health()).ok

    @pytest.mark.parametrize(
        ("webhook", "changes", "cure"),
        [
            ("", {"public_url": ""}, "public URL"),
            ("https://elsewhere.example.org", {}, "another installation"),
            ("https://elsewhere.example.org", {"mode": "polling"}, "token"),
        ],
    )
    async def test_a_wrong_registration_is_told(
        self, webhook: str, changes: dict[str, Any], cure: str
    ) -> None:
        api = BotApi()
        api.webhook.update(url=webhook)
        health = await self.sender(api, **changes).health()
        assert not health.ok
        assert cure in health.cure

    @pytest.mark.parametrize(
        ("answer", "cure"),
        [
            (refusal(401, "Unauthorized"), "BotFather"),
            (httpx.ConnectError("refused"), "network"),
            (httpx.ReadTimeout("slow"), "network"),
            (ok("nonsense"), "log"),
        ],
    )
    async def test_telegram_out_of_reach_is_told_and_nothing_is_raised(
        self, answer: Answer, cure: str
    ) -> None:
        api = BotApi()
        api.script["getWebhookInfo"] = [answer]
        health = await self.sender(api).health()
        assert not health.ok
        assert cure in health.cure

    async def test_it_is_bounded_in_time(self) -> None:
        api = BotApi()

        async def hang(*_: object) -> None:
            await asyncio.Event().wait()

        api.before_answer = hang
        assert not (await self.sender(api, timeout_s=0.05).health()).ok


def test_an_address_names_chat_and_topic() -> None:
    assert (target_of("-100:12").chat_id, target_of("-100:12").thread_id) == (-100, 12)
    assert target_of("-100:12").is_group
    assert not target_of("42").is_group
