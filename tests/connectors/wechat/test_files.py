"""Getting what people sent from WeChat."""

from __future__ import annotations

from collections.abc import Sequence

import httpx
import pytest

from casework.conversations.model import Media
from casework.media.model import FetchFailed, Refused
from connectors.fetching import Guard
from connectors.wechat.files import WeChatFiles
from connectors.wechat.send import WeChatSender
from connectors.wechat.settings import WeChatSettings
from tests.connectors.wechat.fake_api import FakeWeChat

MB = 1024 * 1024


@pytest.fixture
def files(sender: WeChatSender, settings: WeChatSettings) -> WeChatFiles:
    return WeChatFiles(sender, Guard(trusted=(settings.api_base,)))


async def test_a_photo_comes_by_its_id_and_a_film_by_the_address_behind_it(
    files: WeChatFiles, platform: FakeWeChat
) -> None:
    platform.media["m"] = (b"\xff\xd8\xff", "image/jpeg")
    assert await files.fetch(Media("photo", ref="m"), max_bytes=MB) == b"\xff\xd8\xff"
    assert await files.fetch(Media("video", ref="video-1"), max_bytes=MB) == b"moving pictures"


async def test_an_address_inside_our_own_network_is_not_called(files: WeChatFiles) -> None:
    for media in (Media("video", ref="elsewhere-1"), Media("photo", url="http://127.0.0.1:6379/x")):
        with pytest.raises(FetchFailed) as failed:
            await files.fetch(media, max_bytes=MB)
        assert (failed.value.code, failed.value.gone) == ("address", True)


async def test_what_the_platform_has_no_more_is_gone_and_a_busy_one_is_asked_again(
    files: WeChatFiles, platform: FakeWeChat
) -> None:
    for code, gone in ((40007, True), (-1, False), (45009, False)):
        platform.script["get"] = [code]
        with pytest.raises(FetchFailed) as failed:
            await files.fetch(Media("voice", ref="m"), max_bytes=MB)
        assert (failed.value.code, failed.value.gone) == (str(code), gone)


async def test_too_much_is_refused(files: WeChatFiles, platform: FakeWeChat) -> None:
    platform.media["m"] = (b"x" * (MB + 1), "image/jpeg")
    for media in (Media("photo", ref="m"), Media("photo", ref="m", url="http://example.org/m")):
        with pytest.raises(Refused, match="too_large"):
            await files.fetch(media, max_bytes=MB)


async def test_a_picture_whose_id_is_over_still_comes_by_its_address(sender: WeChatSender) -> None:
    async def resolve(_host: str, _port: int) -> Sequence[str]:
        return ["93.184.216.34"]

    served = httpx.MockTransport(
        lambda request: httpx.Response(200, content=request.headers["host"].encode())
    )
    files = WeChatFiles(sender, Guard(resolve=resolve, transport=served))
    picture = Media("photo", ref="over", url="http://mmbiz.example.org/p")
    assert await files.fetch(picture, max_bytes=MB) == b"mmbiz.example.org"
