"""What staff send to a person on Telegram: a photo or a document, with the words as its caption."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from casework.conversations.model import Button, DeliveryError, Media, Sent
from connectors.fetching import Guard
from connectors.telegram.files import TelegramFiles
from tests.connectors.shelf import PDF, PHOTO, PNG, Shelf
from tests.connectors.telegram.conftest import Bot
from tests.connectors.telegram.fakes import BotApi, SentFile, outbound, refusal, sender_for
from tests.connectors.telegram.peers.proxy import Fault

YES = Button("好的", payload="affirm", token="tokYes")
BIG = replace(PHOTO, size_bytes=11 * 1024 * 1024)


@pytest.fixture
def api() -> BotApi:
    return BotApi()


async def test_the_words_go_with_the_photo_as_its_caption(api: BotApi) -> None:
    sent = await sender_for(api, files=Shelf()).send(outbound("请看 <回执>", media=(PHOTO,), buttons=(YES,)))
    assert sent == Sent(("101",))
    (call,) = api.of("sendPhoto")
    assert call["photo"] == SentFile("回执.png", "image/png", PNG)
    assert call["caption"] == "请看 &lt;回执&gt;"
    assert call["reply_markup"]["inline_keyboard"][0][0]["callback_data"] == "tokYes"


async def test_words_that_are_too_long_for_a_caption_follow_the_photo(api: BotApi) -> None:
    await sender_for(api, files=Shelf()).send(outbound("好" * 1025, media=(PHOTO,)))
    assert [name for name, _ in api.calls] == ["sendPhoto", "sendMessage"]
    assert "caption" not in api.of("sendPhoto")[0]
    assert api.of("sendMessage")[0]["text"] == "好" * 1025


@pytest.mark.parametrize(
    "media", [PDF, BIG, replace(PHOTO, mime="image/heic"), replace(PHOTO, mime="image/gif")]
)
async def test_what_is_no_photo_for_telegram_goes_as_a_document(api: BotApi, media: Media) -> None:
    await sender_for(api, files=Shelf()).send(outbound("", media=(media,)))
    (call,) = api.of("sendDocument")
    assert call["document"].name == media.name


@pytest.mark.parametrize("reason", ["PHOTO_INVALID_DIMENSIONS", "IMAGE_PROCESS_FAILED"])
async def test_a_photo_that_telegram_cannot_show_goes_as_a_document(api: BotApi, reason: str) -> None:
    api.script["sendPhoto"] = [refusal(400, f"Bad Request: {reason}")]
    assert await sender_for(api, files=Shelf()).send(outbound("看", media=(PHOTO,))) == Sent(("101",))
    assert [name for name, _ in api.calls] == ["sendPhoto", "sendDocument"]
    assert api.of("sendDocument")[0]["caption"] == "看"


async def test_another_refusal_is_not_tried_again_as_a_document(api: BotApi) -> None:
    api.script["sendPhoto"] = [refusal(400, "Bad Request: chat not found")]
    with pytest.raises(DeliveryError, match="chat not found"):
        await sender_for(api, files=Shelf()).send(outbound("看", media=(PHOTO,)))
    assert [name for name, _ in api.calls] == ["sendPhoto"]


async def test_a_second_try_sends_the_photo_no_second_time(api: BotApi) -> None:
    api.script["sendMessage"] = [refusal(502, "Bad Gateway")]
    sender, said = sender_for(api, files=Shelf()), outbound("好" * 1025, media=(PHOTO,))
    with pytest.raises(DeliveryError) as failed:
        await sender.send(said)
    assert failed.value.sent_ids == ("101",)
    assert await sender.send(said, already_sent=failed.value.sent_ids) == Sent(("101", "102"))
    assert len(api.of("sendPhoto")) == 1


async def test_an_upload_whose_answer_is_lost_may_have_arrived(api: BotApi) -> None:
    api.script["sendPhoto"] = [httpx.ReadTimeout("late")]
    with pytest.raises(DeliveryError) as failed:
        await sender_for(api, files=Shelf()).send(outbound("看", media=(PHOTO,)))
    assert failed.value.maybe_sent


async def test_bytes_that_are_lost_fail_for_good_and_a_store_that_is_away_is_waited_for(api: BotApi) -> None:
    shelf = Shelf(is_away=True)
    sender = sender_for(api, files=shelf)
    with pytest.raises(DeliveryError) as away:
        await sender.send(outbound("看", media=(PHOTO,)))
    assert (away.value.permanent, away.value.retry_after_s) == (False, 300.0)
    shelf.is_away, shelf.kept = False, {}
    with pytest.raises(DeliveryError, match="file_lost") as lost:
        await sender.send(outbound("看", media=(PHOTO,)))
    assert lost.value.permanent
    assert api.calls == []


@pytest.mark.peer
class TestAgainstTheBotApi:
    """Every request is held against Telegram's own description of it, and photos against telemelya."""

    async def test_a_photo_is_seen_in_the_chat_byte_for_byte(self, bot: Bot) -> None:
        sender, person = await bot.started(), bot.person()
        await person.does(text="hi")
        await sender.send(outbound("回执", address=str(person.chat_id), media=(PHOTO,)))
        (seen,) = await person.sees("sendPhoto")
        assert seen["caption"] == "回执"
        files = TelegramFiles(bot.settings, sender, Guard(trusted=(bot.settings.api_base,)))
        assert await files.fetch(Media("photo", ref=seen["file_id"]), max_bytes=10_000) == PNG

    async def test_a_document_is_a_valid_request(self, bot: Bot) -> None:
        sender, person = await bot.started(), bot.person()
        await sender.send(outbound("通知", address=str(person.chat_id), media=(PDF,)))
        assert bot.proxy.of("sendDocument")[0]["caption"] == "通知"
        assert bot.proxy.files[0].content == b"%PDF-1.7"

    async def test_a_photo_that_is_refused_goes_out_as_a_document(self, bot: Bot) -> None:
        sender, person = await bot.started(), bot.person()
        bot.proxy.faults["sendPhoto"] = [Fault(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")]
        await sender.send(outbound("回执", address=str(person.chat_id), media=(PHOTO,)))
        assert len(bot.proxy.of("sendDocument")) == 1
