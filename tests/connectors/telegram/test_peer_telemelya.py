"""The whole connector against a Telegram that others wrote; every request is judged by the schema."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from casework.conversations.model import Button, DeliveryError, Event, Media
from connectors.telegram.settings import ALLOWED_UPDATES
from tests.connectors.telegram.conftest import Bot
from tests.connectors.telegram.fakes import outbound, until
from tests.connectors.telegram.peers.proxy import Fault

pytestmark = pytest.mark.peer

POLLING = pytest.mark.parametrize("bot", [{"mode": "polling", "poll_timeout_s": 1}], indirect=True)


class TestComingIn:
    async def test_what_a_person_writes_arrives_through_the_registered_webhook(self, bot: Bot) -> None:
        await bot.started()
        person = bot.person()
        report = await person.does(text="路灯坏了三天，没人管 <急>")
        assert report["delivery"]["status_code"] == 200
        (kept,) = bot.inbox.messages
        assert (kept.address, kept.text) == (str(person.chat_id), "路灯坏了三天，没人管 <急>")
        assert kept.provider_id == str(report["update"]["update_id"])

    async def test_start_and_typed_intents(self, bot: Bot) -> None:
        await bot.started()
        person = bot.person()
        await person.does(command="/start hall-3")
        await person.does(text='/inform{"city":"x"}')
        first, second = bot.inbox.messages
        assert (first.event, first.profile["scene"]) == (Event.START, "hall-3")
        assert second.text == 'inform{"city":"x"}'

    async def test_a_photo_arrives_by_its_id(self, bot: Bot) -> None:
        await bot.started()
        person = bot.person()
        file_id = await person.uploads(b"\xff\xd8 picture", "street.jpg")
        await person.does(photo_file_id=file_id)
        (kept,) = bot.inbox.messages
        assert kept.media == (Media(kind="photo", ref=file_id),)

    async def test_a_push_without_the_secret_is_turned_away(self, bot: Bot) -> None:
        await bot.started()
        person = bot.person()
        async with httpx.AsyncClient() as client:  # telemelya now pushes straight to the gateway
            direct = f"{bot.telemelya}/bot{bot.settings.token}/setWebhook"
            await client.post(direct, json={"url": bot.settings.webhook_url})
        report = await person.does(text="forged")
        assert report["delivery"]["status_code"] == 403
        assert bot.inbox.messages == []

    async def test_a_pressed_button_brings_its_token_back_and_is_answered(self, bot: Bot) -> None:
        sender, person = await bot.started(), bot.person()
        await person.does(text="hi")
        await sender.send(
            outbound(
                "对吗？", address=str(person.chat_id), buttons=(Button(title="是", token="k3JxPq0aZ81b"),)
            )
        )
        (shown,) = await person.sees()
        (key,) = shown["reply_markup"]["inline_keyboard"][0]
        await person.does(callback_data=key["callback_data"], callback_message_id=shown["message_id"])
        assert bot.inbox.messages[-1].token == "k3JxPq0aZ81b"
        await until(lambda: len(bot.proxy.of("editMessageReplyMarkup")) == 1)
        (cleared,) = bot.proxy.of("editMessageReplyMarkup")
        assert cleared == {"chat_id": str(person.chat_id), "message_id": str(shown["message_id"])}
        assert len(await person.sees("answerCallbackQuery")) == 1

    @POLLING
    async def test_without_a_webhook_updates_are_fetched_and_confirmed(self, bot: Bot) -> None:
        await bot.started()
        person, poller = bot.person(), bot.poller()
        await poller.fetch_once()
        await person.does(text="路灯坏了")
        await poller.fetch_once()
        await poller.fetch_once()
        assert [kept.text for kept in bot.inbox.messages] == ["路灯坏了"]
        assert bot.proxy.of("getUpdates")[-1]["offset"] == str(int(bot.inbox.messages[0].provider_id) + 1)
        assert bot.inbox.duplicates == 0

    @POLLING
    async def test_a_second_poller_is_noticed(self, bot: Bot) -> None:
        await bot.started()
        bot.proxy.faults["getUpdates"] = [Fault(409, "Conflict: terminated by other getUpdates request")]
        await bot.poller().start()
        await until(lambda: len(bot.proxy.of("getUpdates")) == 1)
        await asyncio.sleep(0.1)
        health = await bot.sender.health()
        assert (health.ok, health.summary) == (False, "another program fetches this bot's updates")


class TestGoingOut:
    async def test_a_text_is_seen_as_it_was_written(self, bot: Bot) -> None:
        person = bot.person()
        sent = await bot.sender.send(outbound("已登记 <编号> A&B", address=str(person.chat_id)))
        (form,) = bot.proxy.of("sendMessage")
        assert form["text"] == "已登记 &lt;编号&gt; A&amp;B"
        assert len(sent.provider_ids) == 1

    async def test_a_long_text_with_emoji_goes_out_whole_and_in_order(self, bot: Bot) -> None:
        sender, person = await bot.started(), bot.person()
        await person.does(text="hi")
        text = "".join(f"第{n}句：路灯坏了😡，没人管。" for n in range(700))
        sent = await sender.send(
            outbound(text, address=str(person.chat_id), buttons=(Button(title="是", token="tok"),))
        )
        seen = await person.sees()
        assert "".join(part["text"] for part in seen) == text
        assert [str(part["message_id"]) for part in seen] == list(sent.provider_ids)
        assert [part["reply_markup"] is not None for part in seen] == [False] * (len(seen) - 1) + [True]

    @pytest.mark.parametrize(
        "media",
        [
            Media(kind="photo", ref="AgACAgQ", text="现场 <1>"),
            Media(kind="file", ref="BQACAgQ"),
            Media(kind="voice", ref="AwACAgQ"),
            Media(kind="video", ref="BAACAgQ"),
            Media(kind="audio", ref="CQACAgQ"),
            Media(kind="sticker", ref="CAACAgQ"),
            Media(kind="location", latitude=31.2, longitude=121.4),
            Media(kind="contact", phone="+8613800000000", text="李"),
        ],
    )
    async def test_every_kind_of_thing_is_a_valid_request(self, bot: Bot, media: Media) -> None:
        person = bot.person()
        sent = await bot.sender.send(
            outbound(
                "请看", address=str(person.chat_id), media=(media,), buttons=(Button(title="是", token="t"),)
            )
        )
        assert len(sent.provider_ids) == 2

    async def test_links_topics_and_quotes_are_valid_requests(self, bot: Bot) -> None:
        await bot.sender.send(
            outbound(
                "请看",
                address="-1001234567890:12",
                reply_to="900",
                profile={"message_id": 7},
                buttons=(Button(title="Map", url="https://maps.example.org/1"),),
            )
        )
        await bot.sender.typing(str(bot.person().chat_id))
        assert len(bot.proxy.of("sendChatAction")) == 1

    async def test_the_order_within_each_chat_is_kept(self, bot: Bot) -> None:
        sender, people = await bot.started(), [bot.person() for _ in range(4)]
        for person in people:
            await person.does(text="hi")
        await asyncio.gather(
            *(
                sender.send(outbound(f"第{n}条", address=str(person.chat_id)))
                for n in range(5)
                for person in people
            )
        )
        for person in people:
            assert [part["text"] for part in await person.sees()] == [f"第{n}条" for n in range(5)]


class TestRefusals:
    @pytest.mark.parametrize(
        ("fault", "code", "marks"),
        [
            (
                Fault(429, "Too Many Requests: retry after 7", {"retry_after": 7}),
                "flood",
                {"retry_after_s": 7.0},
            ),
            (
                Fault(403, "Forbidden: bot was blocked by the user"),
                "forbidden",
                {"unreachable": True, "permanent": True},
            ),
            (Fault(400, "Bad Request: chat not found"), "refused: chat not found", {"unreachable": True}),
            (Fault(401, "Unauthorized"), "token_refused", {"configuration": True}),
            (Fault(502, "Bad Gateway"), "network", {"permanent": False, "maybe_sent": False}),
        ],
    )
    async def test_each_has_its_meaning(
        self, bot: Bot, fault: Fault, code: str, marks: dict[str, Any]
    ) -> None:
        bot.proxy.faults["sendMessage"] = [fault]
        with pytest.raises(DeliveryError) as failed:
            await bot.sender.send(outbound(address=str(bot.person().chat_id)))
        assert failed.value.code == code
        assert {name: getattr(failed.value, name) for name in marks} == marks

    @pytest.mark.parametrize("bot", [{"timeout_s": 0.3}], indirect=True)
    async def test_an_answer_that_comes_too_late_may_mean_that_it_was_sent(self, bot: Bot) -> None:
        sender, person = await bot.started(), bot.person()
        await person.does(text="hi")
        bot.proxy.faults["sendMessage"] = [Fault(late_by_s=0.6)]
        with pytest.raises(DeliveryError) as failed:
            await sender.send(outbound("已登记", address=str(person.chat_id)))
        assert (failed.value.code, failed.value.maybe_sent) == ("timeout", True)
        assert [part["text"] for part in await person.sees()] == ["已登记"]

    async def test_a_retry_after_a_failure_in_the_middle_doubles_nothing(self, bot: Bot) -> None:
        sender, person = await bot.started(), bot.person()
        await person.does(text="hi")
        text = "".join(f"第{n}句。" for n in range(2500))
        message = outbound(text, address=str(person.chat_id))
        bot.proxy.faults["sendMessage"] = [Fault(), Fault(502, "Bad Gateway")]
        with pytest.raises(DeliveryError) as failed:
            await sender.send(message)
        await sender.send(message, already_sent=failed.value.sent_ids)
        assert "".join(part["text"] for part in await person.sees()) == message.text

    async def test_a_group_that_moved_gets_its_message(self, bot: Bot) -> None:
        moved = Fault(400, "Bad Request: group chat was upgraded", {"migrate_to_chat_id": -1009})
        bot.proxy.faults["sendMessage"] = [moved]
        await bot.sender.send(outbound(address="-555"))
        assert [form["chat_id"] for form in bot.proxy.of("sendMessage")] == ["-555", "-1009"]

    async def test_unreadable_markup_is_sent_plain(self, bot: Bot) -> None:
        sender, person = await bot.started(), bot.person()
        await person.does(text="hi")
        bot.proxy.faults["sendMessage"] = [
            Fault(400, "Bad Request: can't parse entities: unsupported start tag")
        ]
        await sender.send(outbound("a < b", address=str(person.chat_id)))
        assert [part["text"] for part in await person.sees()] == ["a < b"]


class TestStarting:
    async def test_it_registers_once_and_is_then_well(self, bot: Bot) -> None:
        await bot.started()
        (webhook,) = bot.proxy.of("setWebhook")
        assert webhook["url"] == bot.settings.webhook_url
        assert webhook["secret_token"] == bot.settings.secret_token
        assert all(kind in webhook["allowed_updates"] for kind in ALLOWED_UPDATES)
        assert [form.get("language_code") for form in bot.proxy.of("setMyCommands")] == [None, "zh", "en"]
        again = bot.another_sender()
        await again.start()
        await until(lambda: again.bot_identity.username == "telemelya_bot")
        assert len(bot.proxy.of("setWebhook")) == 1
        assert (await again.health()).ok

    async def test_a_refused_registration_is_tried_again(self, bot: Bot) -> None:
        bot.proxy.faults["setWebhook"] = [Fault(429, "Too Many Requests: retry after 1", {"retry_after": 1})]
        await bot.started()
        assert len(bot.proxy.of("setWebhook")) == 2
        assert (await bot.sender.health()).ok
