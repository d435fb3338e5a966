from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from casework.conversations.model import DeliveryError
from connectors.wechat.api import MAX_MEDIA_BYTES, WeChatApi
from connectors.wechat.settings import WeChatSettings
from connectors.wechat.token import MemoryTokenStore, ShelteredStore
from tests.connectors.wechat.fake_api import FakeWeChat

TEXT = {"touser": "oP", "msgtype": "text", "text": {"content": "您好 👋"}}


class Pauses:
    """Counts instead of waiting."""

    def __init__(self) -> None:
        self.waited: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.waited.append(seconds)


@contextlib.asynccontextmanager
async def opened(
    settings: WeChatSettings, store: MemoryTokenStore, pauses: Pauses | None = None
) -> AsyncIterator[WeChatApi]:
    api = WeChatApi(settings, store, pause=pauses or Pauses())
    try:
        yield api
    finally:
        await api.close()


async def test_chinese_goes_out_as_it_is(
    settings: WeChatSettings, store: MemoryTokenStore, platform: FakeWeChat
) -> None:
    async with opened(settings, store) as api:
        await api.send(TEXT)
    (call,) = platform.of("custom/send")
    assert "您好 👋".encode() in call.raw
    assert call.body == TEXT


async def test_many_first_calls_fetch_one_token(
    settings: WeChatSettings, store: MemoryTokenStore, platform: FakeWeChat
) -> None:
    async with opened(settings, store) as one, opened(settings, store) as other:
        await asyncio.gather(*(api.send(TEXT) for api in (one, other) for _ in range(8)))
    assert len(platform.of("stable_token")) == 1
    assert len(platform.sent()) == 16


async def test_a_token_is_kept_until_five_minutes_before_its_end(
    settings: WeChatSettings, platform: FakeWeChat
) -> None:
    now = 0.0
    store = MemoryTokenStore(clock=lambda: now)
    async with opened(settings, store) as api:
        await api.send(TEXT)
        now = 7200 - 301
        await api.send(TEXT)
        assert len(platform.of("stable_token")) == 1
        now = 7200 - 299
        await api.send(TEXT)
        assert len(platform.of("stable_token")) == 2


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_a_rejected_token_is_replaced_once_without_force(
    settings: WeChatSettings, store: MemoryTokenStore, platform: FakeWeChat, code: int
) -> None:
    async with opened(settings, store) as api:
        await api.send(TEXT)
        platform.revoke_token()
        platform.script["send"] = [code]
        await api.send(TEXT)
    assert [call.body["force_refresh"] for call in platform.of("stable_token")] == [False, False]
    assert len(platform.sent()) == 3


async def test_many_rejected_calls_replace_the_token_once(
    settings: WeChatSettings, store: MemoryTokenStore, platform: FakeWeChat
) -> None:
    async with opened(settings, store) as api:
        await api.send(TEXT)
        platform.revoke_token()
        await asyncio.gather(*(api.send(TEXT) for _ in range(6)))
    assert len(platform.of("stable_token")) == 2


async def test_a_token_that_is_never_accepted_ends_in_few_calls(
    settings: WeChatSettings, store: MemoryTokenStore, platform: FakeWeChat
) -> None:
    platform.script["send"] = [40001] * 1000
    async with opened(settings, store) as api:
        for _ in range(5):
            with pytest.raises(DeliveryError, match="40001"):
                await api.send(TEXT)
    assert len(platform.sent()) == 10
    forced = [call.body["force_refresh"] for call in platform.of("stable_token")]
    assert forced.count(True) == 1
    assert len(forced) <= 7


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (40003, {"permanent": True, "unreachable": True}),
        (43004, {"unreachable": True}),
        (45015, {"unreachable": True}),
        (46004, {"permanent": True, "unreachable": True}),
        (45047, {}),
        (45002, {"permanent": True}),
        (45009, {"retry_after_s": 3600.0}),
        (45011, {"retry_after_s": 60.0}),
        (48002, {"permanent": True}),
        (48004, {"permanent": True, "configuration": True}),
        (99999, {"permanent": True}),
    ],
)
async def test_error_codes_say_what_to_do(
    settings: WeChatSettings,
    store: MemoryTokenStore,
    platform: FakeWeChat,
    code: int,
    expected: dict[str, object],
) -> None:
    platform.script["send"] = [code]
    async with opened(settings, store) as api:
        with pytest.raises(DeliveryError) as raised:
            await api.send(TEXT)
    error = raised.value
    found = {
        "permanent": error.permanent,
        "unreachable": error.unreachable,
        "configuration": error.configuration,
        "retry_after_s": error.retry_after_s,
    }
    assert error.code == str(code)
    assert (
        found
        == {"permanent": False, "unreachable": False, "configuration": False, "retry_after_s": None}
        | expected
    )
    assert not error.maybe_sent
    assert len(platform.sent()) == 1


@pytest.mark.parametrize("code", [40013, 40125, 40164, 40243, 40001])
async def test_a_refused_account_is_a_matter_of_configuration(
    settings: WeChatSettings, store: MemoryTokenStore, platform: FakeWeChat, code: int
) -> None:
    platform.script["stable_token"] = [code]
    async with opened(settings, store) as api:
        with pytest.raises(DeliveryError) as raised:
            await api.send(TEXT)
    assert (raised.value.code, raised.value.configuration) == (str(code), True)
    assert len(platform.calls) == 1


async def test_a_busy_platform_is_asked_three_times(
    settings: WeChatSettings, store: MemoryTokenStore, platform: FakeWeChat
) -> None:
    pauses = Pauses()
    platform.script["send"] = [-1, -1, 0, -1, -1, -1]
    async with opened(settings, store, pauses) as api:
        await api.send(TEXT)
        assert pauses.waited == [0.5, 1.5]
        with pytest.raises(DeliveryError, match="-1") as raised:
            await api.send(TEXT)
    assert not raised.value.permanent
    assert len(platform.sent()) == 6


@pytest.mark.parametrize(
    ("status", "maybe"), [(500, False), (502, True), (504, True), (403, False), (200, True)]
)
async def test_a_gateways_error_page_may_hide_a_sent_message(
    settings: WeChatSettings, store: MemoryTokenStore, platform: FakeWeChat, status: int, maybe: bool
) -> None:
    platform.script["send"] = [100_000 + status]
    async with opened(settings, store) as api:
        with pytest.raises(DeliveryError) as raised:
            await api.send(TEXT)
    assert (raised.value.code, raised.value.maybe_sent) == (f"http-{status}", maybe)
    assert not raised.value.permanent


async def test_a_platform_that_is_not_there_certainly_took_nothing(
    settings: WeChatSettings, store: MemoryTokenStore
) -> None:
    async with opened(replace(settings, api_base="http://127.0.0.1:9"), store) as api:
        with pytest.raises(DeliveryError) as raised:
            await api.send(TEXT)
    assert not raised.value.maybe_sent
    assert raised.value.retry_after_s


async def test_a_call_cut_after_it_went_out_may_have_been_served(
    settings: WeChatSettings, store: MemoryTokenStore
) -> None:
    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        writer.close()

    await store.set(f"wechat:token:{settings.app_id}", "t", ttl_s=60)
    server = await asyncio.start_server(swallow, "127.0.0.1", 0)
    async with server:
        base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with opened(replace(settings, api_base=base), store) as api:
            with pytest.raises(DeliveryError) as raised:
                await api.send(TEXT)
    assert raised.value.maybe_sent


async def test_neither_token_nor_secret_nor_person_is_logged(
    settings: WeChatSettings, store: MemoryTokenStore, platform: FakeWeChat, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    platform.script["send"] = [0, 45015]
    async with opened(settings, store) as api:
        logging.getLogger("httpcore").setLevel(logging.INFO)
        await api.send(TEXT)
        with pytest.raises(DeliveryError):
            await api.send(TEXT)
    ours = "\n".join(record.getMessage() for record in caplog.records)
    assert "45015" in ours
    for secret in (platform.valid_token, settings.app_secret, "oP", "您好"):
        assert secret not in ours


async def test_pictures_go_up_and_files_come_down(
    settings: WeChatSettings, store: MemoryTokenStore, platform: FakeWeChat
) -> None:
    async with opened(settings, store) as api:
        ref = await api.upload_image(b"\x89PNG", name="a.png", mime="image/png")
        fetched = await api.download(ref)
        assert fetched.content == b"\x89PNG"
        platform.media["m"] = (b'{"errcode": 1}', "text/plain")
        assert (await api.download("m")).content == b'{"errcode": 1}'
        assert (await api.download("video-1")).url == f"{settings.api_base}/video/video-1"
        with pytest.raises(DeliveryError, match="40007"):
            await api.download("gone")


async def test_a_download_survives_a_rejected_token(
    settings: WeChatSettings, store: MemoryTokenStore, platform: FakeWeChat
) -> None:
    platform.media["m"] = (b"x", "image/jpeg")
    async with opened(settings, store) as api:
        await api.send(TEXT)
        platform.revoke_token()
        assert (await api.download("m")).content == b"x"
        platform.script["get"] = [40001, 40001, 40001]
        with pytest.raises(DeliveryError, match="40001"):
            await api.download("m")
    assert len(platform.of("media/get")) == 4


async def test_files_over_the_limit_are_not_taken(
    settings: WeChatSettings, store: MemoryTokenStore, platform: FakeWeChat
) -> None:
    platform.media["big"] = (b"x" * (MAX_MEDIA_BYTES + 1), "image/jpeg")
    async with opened(settings, store) as api:
        with pytest.raises(DeliveryError, match="too-large"):
            await api.download("big")
        with pytest.raises(DeliveryError, match="too-large"):
            await api.upload_image(b"x" * (MAX_MEDIA_BYTES + 1), name="a", mime="image/png")
    assert not platform.of("upload")


async def test_a_menu_is_created(
    settings: WeChatSettings, store: MemoryTokenStore, platform: FakeWeChat
) -> None:
    async with opened(settings, store) as api:
        await api.create_menu([{"type": "click", "name": "我要投诉", "key": "我要投诉"}])
    assert platform.of("menu/create")[0].body["button"][0]["name"] == "我要投诉"


class _BrokenLock(contextlib.AbstractAsyncContextManager[object]):
    async def __aenter__(self) -> object:
        raise ConnectionError

    async def __aexit__(self, *_about: object) -> None:
        raise ConnectionError


class BrokenStore(MemoryTokenStore):
    """Redis is gone."""

    async def get(self, key: str) -> str | None:
        raise ConnectionError(key)

    async def set(self, key: str, value: str, *, ttl_s: float) -> None:
        raise ConnectionError(key)

    def lock(self, key: str) -> contextlib.AbstractAsyncContextManager[object]:
        return _BrokenLock()


async def test_a_store_that_is_gone_does_not_stop_us(settings: WeChatSettings, platform: FakeWeChat) -> None:
    api = WeChatApi(settings, ShelteredStore(BrokenStore()))
    try:
        await asyncio.gather(*(api.send(TEXT) for _ in range(4)))
    finally:
        await api.close()
    assert len(platform.of("stable_token")) == 1
