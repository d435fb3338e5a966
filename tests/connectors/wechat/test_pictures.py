"""What staff send to a person on WeChat: uploaded once, sent once, a link where WeChat carries no file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from casework.conversations.model import Author, DeliveryError, Heard, Media, OutboundMessage, Sent
from casework.conversations.ports import Window
from connectors.wechat.render import PICTURES
from connectors.wechat.send import WeChatSender
from connectors.wechat.settings import WeChatSettings
from connectors.wechat.token import MemoryTokenStore
from tests.connectors.shelf import PDF, PHOTO, PNG, Shelf
from tests.connectors.wechat.fake_api import FakeWeChat
from tests.connectors.wechat.test_send import HEARD_AT, heard, message, texts


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
async def sender(
    settings: WeChatSettings, store: MemoryTokenStore, shelf: Shelf
) -> AsyncIterator[WeChatSender]:
    opened = WeChatSender(settings, store, files=shelf, clock=lambda: HEARD_AT)
    yield opened
    await opened.stop()


def with_files(*media: Media, text: str = "请看", number: int = 1, spent: int = 0) -> OutboundMessage:
    said = message(text, number=number, reply_to="", heard=heard(spent=spent))
    return replace(said, media=media, author=Author.STAFF)


async def test_a_picture_is_uploaded_and_follows_its_words(
    sender: WeChatSender, platform: FakeWeChat
) -> None:
    assert await sender.send(with_files(PHOTO)) == Sent(("1-0", "1-1"))
    assert [body["msgtype"] for body in platform.sent()] == ["text", "image"]
    assert platform.media[platform.sent()[1]["image"]["media_id"]] == (PNG, "image/png")
    assert platform.of("media/upload")[0].query["type"] == "image"


async def test_a_second_try_by_any_process_uploads_nothing_again(
    settings: WeChatSettings,
    sender: WeChatSender,
    platform: FakeWeChat,
    store: MemoryTokenStore,
    shelf: Shelf,
) -> None:
    platform.script["send"] = [0, 100_502]
    with pytest.raises(DeliveryError) as failed:
        await sender.send(with_files(PHOTO))
    assert failed.value.sent_ids == ("1-0",)
    colleague = WeChatSender(settings, store, files=shelf, clock=lambda: HEARD_AT)
    assert await colleague.send(with_files(PHOTO), already_sent=("1-0",)) == Sent(("1-0", "1-1"))
    await colleague.stop()
    assert len(platform.of("media/upload")) == 1
    assert [body["msgtype"] for body in platform.sent()] == ["text", "image", "image"]


async def test_an_upload_that_is_over_is_made_once_more(sender: WeChatSender, platform: FakeWeChat) -> None:
    await sender.send(with_files(PHOTO))
    platform.script["send"] = [40007]
    await sender.send(with_files(PHOTO, text="", number=2))
    assert [body["image"]["media_id"] for body in platform.sent() if body["msgtype"] == "image"] == [
        "media-1", "media-1", "media-2",
    ]  # fmt: skip


async def test_other_files_become_a_link_that_says_for_how_long(
    sender: WeChatSender, platform: FakeWeChat
) -> None:
    assert await sender.send(with_files(PDF)) == Sent(("1-0",))
    assert texts(platform) == ['请看\n<a href="https://c.example/files/1-bbb">通知书.pdf（7 天内可打开）</a>']
    assert not platform.of("media/upload")


@pytest.mark.parametrize("code", [40005, 40009, 45001])
async def test_a_picture_that_wechat_does_not_take_becomes_a_link(
    sender: WeChatSender, platform: FakeWeChat, shelf: Shelf, code: int
) -> None:
    platform.script["upload"] = [code, code]
    await sender.send(with_files(PHOTO, text=""))
    assert texts(platform) == ['<a href="https://c.example/files/1-aaa">回执.png（7 天内可打开）</a>']
    shelf.base = ""
    with pytest.raises(DeliveryError, match=str(code)) as refused:
        await sender.send(with_files(PHOTO, text="", number=2))
    assert refused.value.permanent


async def test_what_does_not_fit_the_quota_waits_in_one_piece(
    sender: WeChatSender, platform: FakeWeChat
) -> None:
    sent = await sender.send(with_files(PHOTO, spent=4))
    assert (sent.provider_ids, sent.is_untouched) == ((), True)
    assert sent.held_back
    assert platform.sent() == []


async def test_where_the_platform_counts_otherwise_the_picture_becomes_a_link_in_what_waits(
    sender: WeChatSender, platform: FakeWeChat, shelf: Shelf
) -> None:
    platform.script["send"] = [0, 45047, 0, 45047]
    sent = await sender.send(with_files(PHOTO))
    assert (sent.provider_ids, sent.is_untouched) == (("1-0",), False)
    assert "https://c.example/files/1-aaa" in sent.held_back
    shelf.base = ""
    with pytest.raises(DeliveryError, match="picture_over_quota") as lost:
        await sender.send(with_files(PHOTO, number=2))
    assert (lost.value.permanent, lost.value.sent_ids) == (True, ("2-0",))


async def test_an_account_that_may_only_reply_replies_with_a_link(
    settings: WeChatSettings, store: MemoryTokenStore, shelf: Shelf, platform: FakeWeChat
) -> None:
    sender = WeChatSender(replace(settings, mode="passive"), store, files=shelf)
    assert (await sender.send(with_files(PHOTO, text=""))).is_untouched
    part = await sender.passive_part(with_files(PHOTO, text=""))
    assert part is not None
    assert (part.is_all, "https://c.example/files/1-aaa" in part.text) == (True, True)
    assert platform.calls == []


async def test_bytes_that_are_lost_fail_for_good_and_a_store_that_is_away_is_waited_for(
    sender: WeChatSender, shelf: Shelf, platform: FakeWeChat
) -> None:
    shelf.is_away = True
    with pytest.raises(DeliveryError) as away:
        await sender.send(with_files(PHOTO, text=""))
    assert (away.value.permanent, away.value.retry_after_s) == (False, 300.0)
    shelf.is_away, shelf.kept = False, {}
    with pytest.raises(DeliveryError, match="file_lost") as lost:
        await sender.send(with_files(PHOTO, text=""))
    assert lost.value.permanent
    assert platform.sent() == []


TWO_DAYS, MINUTE = timedelta(hours=48), timedelta(minutes=1)


@pytest.mark.parametrize(
    ("last", "after", "expected"),
    [
        (None, MINUTE, Window(is_known=False)),
        (heard(), MINUTE, Window(5, HEARD_AT + TWO_DAYS)),
        (heard(spent=4), MINUTE, Window(1, HEARD_AT + TWO_DAYS)),
        (heard(spent=9), 3 * TWO_DAYS, Window(0, HEARD_AT + TWO_DAYS)),
        (heard(trigger="menu", spent=1), MINUTE / 2, Window(2, HEARD_AT + MINUTE)),
        (heard(trigger="menu", spent=1), MINUTE * 2, Window(is_known=False)),
    ],
)
async def test_staff_are_told_what_the_platform_lets_through(
    settings: WeChatSettings, shelf: Shelf, last: Heard | None, after: timedelta, expected: Window
) -> None:
    sender = WeChatSender(settings, MemoryTokenStore(), files=shelf, clock=lambda: HEARD_AT + after)
    assert await sender.window(last) == expected


async def test_without_an_address_of_its_own_the_house_sends_pictures_only(
    settings: WeChatSettings, shelf: Shelf
) -> None:
    shelf.base = ""
    window = await WeChatSender(settings, MemoryTokenStore(), files=shelf).window(heard())
    assert (window.takes("image/png"), window.takes("application/pdf")) == (True, False)
    assert window.carries == PICTURES
    replies_only = WeChatSender(replace(settings, mode="passive"), MemoryTokenStore(), files=shelf)
    window = await replies_only.window(heard())
    assert (window.in_call, window.takes("image/png")) == (True, False)
