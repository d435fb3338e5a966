from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any, Literal

import httpx
import pytest
from starlette.applications import Starlette

from casework.conversations.model import Button, Event, InboundMessage, OutboundMessage, Received
from connectors.wechat import webhook
from connectors.wechat.crypto import decrypt, read
from connectors.wechat.send import WeChatSender
from connectors.wechat.settings import WeChatSettings
from connectors.wechat.token import MemoryTokenStore
from tests.connectors.wechat.conftest import AES_KEY, OLD_AES_KEY, SmallCore, serving
from tests.connectors.wechat.fake_api import FakeWeChat
from tests.connectors.wechat.pushes import ACCOUNT, PERSON, Security, event_push, pushed, text_push


def answering(text: str = "已收到", buttons: tuple[Button, ...] = ()) -> Any:
    def engine(message: InboundMessage) -> OutboundMessage:
        return OutboundMessage(
            id=31,
            conversation_id=1,
            channel="wechat",
            address=message.address,
            text=text,
            buttons=buttons,
            reply_to=message.provider_id,
        )

    return engine


class Account:
    """The platform's side of one account."""

    def __init__(self, client: httpx.AsyncClient, settings: WeChatSettings) -> None:
        self.client = client
        self.settings = settings

    async def push(
        self, fields: Mapping[str, str | int], *, timeout_s: float = 5.0, **how: Any
    ) -> httpx.Response:
        query, body = pushed(fields, self.settings, **how)
        return await self.client.post(webhook.PATH, params=query, content=body, timeout=timeout_s)

    async def push_until_answered(
        self, fields: Mapping[str, str | int], *, patience_s: float
    ) -> list[httpx.Response]:
        """Push as the platform does: cut after ``patience_s``, at most three times."""
        for _attempt in range(3):
            with contextlib.suppress(httpx.ReadTimeout):
                return [await self.push(fields, timeout_s=patience_s)]
        return []


@contextlib.asynccontextmanager
async def open_account(
    settings: WeChatSettings, core: SmallCore, *, served: bool = False, sender: WeChatSender | None = None
) -> AsyncIterator[Account]:
    """The door of ``settings``, and the platform in front; ``served``: over HTTP that can be cut."""
    used = sender or WeChatSender(settings, MemoryTokenStore())
    app = Starlette(routes=webhook.routes(settings, core, core, used))
    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(used.stop)
        base = await stack.enter_async_context(serving(app)) if served else "http://tingsu.test"
        transport = None if served else httpx.ASGITransport(app)
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=base, transport=transport))
        yield Account(client, settings)


@pytest.fixture
def hurried(settings: WeChatSettings) -> WeChatSettings:
    """A third of a second for an answer within the call."""
    return replace(settings, passive_wait_s=0.3)


@pytest.fixture
async def account(settings: WeChatSettings, core: SmallCore) -> AsyncIterator[Account]:
    async with open_account(settings, core) as opened:
        yield opened


def content(response: httpx.Response) -> str:
    return read(response.text)[0]["Content"]


async def test_the_address_check_is_echoed_as_plain_text(account: Account) -> None:
    query, _ = pushed({}, account.settings)
    query["echostr"] = "<b>4375120948345356249</b>"
    good = await account.client.get(webhook.PATH, params=query)
    assert (good.status_code, good.text) == (200, "<b>4375120948345356249</b>")
    assert good.headers["content-type"].startswith("text/plain")
    bad = await account.client.get(webhook.PATH, params={**query, "nonce": "0"})
    assert bad.status_code == 403


async def test_a_wrong_signature_stores_nothing(account: Account, core: SmallCore) -> None:
    query, body = pushed(text_push(), account.settings)
    response = await account.client.post(webhook.PATH, params={**query, "signature": "0" * 40}, content=body)
    assert (response.status_code, core.messages) == (403, [])


async def test_a_body_that_is_too_large_is_cut_off(account: Account, core: SmallCore) -> None:
    query, _ = pushed({}, account.settings)
    limit = account.settings.max_body_bytes
    told = await account.client.post(webhook.PATH, params=query, content=b"x" * (limit + 1))

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(limit // 1024 + 2):
            yield b"x" * 1024

    untold = await account.client.post(webhook.PATH, params=query, content=endless())
    assert (told.status_code, untold.status_code, core.messages) == (413, 413, [])


@pytest.mark.parametrize(
    "body", [b"", b"\xff\x00", b"{", b"<xml>", b"[1]", b"success", b"<xml><MsgType/></xml>"]
)
async def test_an_authentic_body_that_makes_no_sense_is_taken_quietly(account: Account, body: bytes) -> None:
    query, _ = pushed({}, account.settings)
    response = await account.client.post(webhook.PATH, params=query, content=body)
    assert (response.status_code, response.text) == (200, "success")


@pytest.mark.parametrize(
    "body", [b'{"action":"CheckContainerPath"}', b"<xml><action>CheckContainerPath</action></xml>"]
)
async def test_the_hosting_check_is_answered_without_a_signature(account: Account, body: bytes) -> None:
    response = await account.client.post(webhook.PATH, content=body)
    assert (response.status_code, response.text) == (200, "success")


@pytest.mark.parametrize("aes_key", [AES_KEY, OLD_AES_KEY])
@pytest.mark.parametrize("form", ["xml", "json"])
@pytest.mark.parametrize("security", ["plain", "compatible", "safe"])
async def test_a_quick_answer_travels_in_the_call_in_every_mode(
    settings: WeChatSettings,
    safe_settings: WeChatSettings,
    core: SmallCore,
    security: Security,
    form: Literal["xml", "json"],
    aes_key: str,
) -> None:
    core.engine = answering("已收到 ]]> <b>&\x08 👋")
    used = settings if security == "plain" else safe_settings
    async with open_account(used, core) as account:
        response = await account.push(text_push("/楼上漏水"), security=security, form=form, aes_key=aes_key)

    assert response.status_code == 200
    assert response.headers["content-type"].split(";")[0] == (
        "text/xml" if form == "xml" else "application/json"
    )
    fields, answered_form = read(response.text)
    assert answered_form == form
    if security != "plain":
        inner = decrypt(fields["Encrypt"], aes_key=aes_key, app_id=used.app_id)
        assert inner is not None
        fields, _ = read(inner)
    assert (fields["ToUserName"], fields["FromUserName"], fields["MsgType"]) == (PERSON, ACCOUNT, "text")
    assert fields["CreateTime"].isdecimal()
    assert fields["Content"] == "已收到 ]]> <b>& 👋"
    assert [message.text for message in core.messages] == ["楼上漏水"]
    assert [message.id for message in core.sent_passively] == [31]
    assert core.returned == []


async def test_the_core_is_told_how_long_the_call_stays_open(account: Account, core: SmallCore) -> None:
    await account.push(text_push())
    await account.push(event_push("VIEW", "x"))
    message, note = core.messages
    assert message.passive_until is not None
    assert message.passive_until.tzinfo is not None
    assert (note.event, note.passive_until) == (Event.NOTE, None)


async def test_buttons_in_a_reply_are_links(account: Account, core: SmallCore) -> None:
    core.engine = answering("对吗？", (Button("是的", payload="affirm", token="tokYes"),))
    response = await account.push(text_push())
    assert content(response) == (
        '对吗？\n\n<a href="weixin://bizmsgmenu?msgmenucontent=是的&msgmenuid=tokYes">是的</a>'
    )


async def test_a_slow_answer_leaves_the_call_to_success_and_typing(
    hurried: WeChatSettings, core: SmallCore, platform: FakeWeChat
) -> None:
    core.engine, core.thinking_s = answering(), 60
    async with open_account(hurried, core) as account:
        response = await account.push(text_push())
    assert response.text == "success"
    assert [call.body["command"] for call in platform.of("typing")] == ["Typing"]
    assert core.sent_passively == []


async def test_a_slow_turn_is_one_turn_and_one_answer_carried_by_a_repeat(
    settings: WeChatSettings, core: SmallCore
) -> None:
    """The platform cuts before our own limit; the repeat joins the waiting turn."""
    core.engine, core.thinking_s = answering(), 0.7
    async with open_account(settings, core, served=True) as account:
        (response,) = await account.push_until_answered(text_push(), patience_s=0.3)
        assert content(response) == "已收到"
        await asyncio.sleep(0.1)
    assert (core.turns, len(core.messages)) == (1, 1)
    assert [message.id for message in core.sent_passively] == [31]
    assert core.returned == []


async def test_repeats_at_the_same_time_get_the_same_answer_and_it_counts_once(
    account: Account, core: SmallCore
) -> None:
    core.engine, core.thinking_s = answering(), 0.15
    responses = await asyncio.gather(*(account.push(text_push()) for _ in range(3)))
    late = await account.push(text_push())
    assert {content(response) for response in (*responses, late)} == {"已收到"}
    assert (core.turns, core.waits) == (1, 1)
    assert len(core.sent_passively) == 1


async def test_an_answer_nobody_waits_for_any_more_goes_back(
    settings: WeChatSettings, core: SmallCore
) -> None:
    core.engine, core.thinking_s = answering(), 0.6
    async with open_account(settings, core, served=True) as account:
        with pytest.raises(httpx.ReadTimeout):
            await account.push(text_push(), timeout_s=0.2)
        await asyncio.sleep(0.8)
    assert core.sent_passively == []
    assert [message.id for message in core.returned] == [31]


async def test_an_answer_that_comes_after_the_limit_goes_back(hurried: WeChatSettings) -> None:
    class Late(SmallCore):
        async def wait(
            self, received: Received, *, timeout_s: float, after: OutboundMessage | None = None
        ) -> OutboundMessage | None:
            await asyncio.sleep(timeout_s + 0.2)
            return await super().wait(received, timeout_s=5)

    core = Late(engine=answering())
    async with open_account(hurried, core) as account:
        assert (await account.push(text_push())).text == "success"
        await asyncio.sleep(0.4)
    assert [message.id for message in core.returned] == [31]


async def test_a_long_answer_begins_in_the_call_and_ends_by_the_courier(
    settings: WeChatSettings, core: SmallCore, platform: FakeWeChat
) -> None:
    text = "".join(f"第{i}句话说的是漏水的事。" for i in range(150))
    core.engine = answering(text)
    sender = WeChatSender(settings, MemoryTokenStore())
    async with open_account(settings, core, sender=sender) as account:
        response = await account.push(text_push())
        (returned,) = core.returned
        await sender.send(returned)
    rest = "".join(body["text"]["content"] for body in platform.sent())
    assert len(content(response).encode()) <= 2048
    assert content(response) + rest == text
    assert core.sent_passively == []


async def test_an_answer_without_text_goes_back(account: Account, core: SmallCore) -> None:
    core.engine = answering("")
    assert (await account.push(text_push())).text == "success"
    assert [message.id for message in core.returned] == [31]


async def test_active_mode_answers_at_once(
    settings: WeChatSettings, core: SmallCore, platform: FakeWeChat
) -> None:
    core.engine = answering()
    async with open_account(replace(settings, mode="active"), core) as account:
        assert (await account.push(text_push())).text == "success"
        await asyncio.sleep(0.1)
    assert core.messages[0].passive_until is None
    assert core.sent_passively == []
    assert len(platform.of("typing")) == 1


async def test_passive_mode_holds_two_attempts_and_answers_the_third(
    hurried: WeChatSettings, core: SmallCore
) -> None:
    core.engine, core.thinking_s = answering(), 60
    async with open_account(replace(hurried, mode="passive"), core, served=True) as account:
        for _attempt in range(2):
            with pytest.raises(httpx.ReadTimeout):
                await account.push(text_push(), timeout_s=0.8)
        third = await account.push(text_push())
    assert "回复任意文字" in content(third)
    assert "any text" in content(third)
    assert core.turns == 1


async def test_passive_mode_carries_the_answer_in_a_held_repeat(
    hurried: WeChatSettings, core: SmallCore
) -> None:
    core.engine, core.thinking_s = answering(), 0.7
    async with open_account(replace(hurried, mode="passive"), core, served=True) as account:
        (response,) = await account.push_until_answered(text_push(), patience_s=0.6)
        assert content(response) == "已收到"
        await asyncio.sleep(0.1)
    assert len(core.sent_passively) == 1


async def test_passive_mode_keeps_an_answer_that_comes_between_two_attempts(
    hurried: WeChatSettings, core: SmallCore
) -> None:
    core.engine, core.thinking_s = answering(), 1.2
    async with open_account(replace(hurried, mode="passive"), core, served=True) as account:
        with pytest.raises(httpx.ReadTimeout):
            await account.push(text_push(), timeout_s=0.5)
        await asyncio.sleep(1.2)
        assert content(await account.push(text_push())) == "已收到"
        await asyncio.sleep(0.1)
    assert (core.waits, core.returned) == (1, [])
    assert len(core.sent_passively) == 1


class TestWhatWasLeftOverWhereOnlyRepliesCarry:
    """An account that may not write: every message of the person carries what waits and its own answer."""

    @pytest.fixture
    def passive(self, settings: WeChatSettings) -> WeChatSettings:
        return replace(settings, mode="passive", passive_wait_s=1.0)

    def rest(self, text: str) -> OutboundMessage:
        return OutboundMessage(30, 1, "wechat", PERSON, text)

    async def test_it_goes_out_together_with_the_new_answer(
        self, passive: WeChatSettings, core: SmallCore
    ) -> None:
        core.left_over, core.engine, core.thinking_s = [self.rest("余下的")], answering("新的"), 0.2
        async with open_account(passive, core) as account:
            assert content(await account.push(text_push())) == "余下的\n\n新的"
        assert [message.text for message in core.sent_passively] == ["余下的", "新的"]

    async def test_several_that_were_held_as_they_are_go_out_together(
        self, passive: WeChatSettings, core: SmallCore
    ) -> None:
        core.left_over = [OutboundMessage(30 + n, 1, "wechat", PERSON, f"通知{n}") for n in (1, 2)]
        core.engine = answering("新的")
        async with open_account(passive, core) as account:
            assert content(await account.push(text_push())) == "通知1\n\n通知2\n\n新的"
        assert len(core.sent_passively) == 3

    async def test_an_answer_that_does_not_fit_waits_for_the_next_message(
        self, passive: WeChatSettings, core: SmallCore
    ) -> None:
        core.left_over, core.engine = [self.rest("余" * 600)], answering("新" * 100)
        async with open_account(passive, core) as account:
            assert content(await account.push(text_push())) == "余" * 600
        assert [message.text[0] for message in core.sent_passively] == ["余"]
        assert [message.text[0] for message in core.returned] == ["新"]

    async def test_an_answer_that_is_not_ready_keeps_nobody_waiting(
        self, passive: WeChatSettings, core: SmallCore
    ) -> None:
        core.left_over, core.engine, core.thinking_s = [self.rest("余下的")], answering("新的"), 60
        async with open_account(passive, core) as account:
            assert content(await account.push(text_push())) == "余下的"
        assert [message.text for message in core.sent_passively] == ["余下的"]

    async def test_an_account_that_may_write_does_not_wait(
        self, settings: WeChatSettings, core: SmallCore
    ) -> None:
        core.left_over, core.engine, core.thinking_s = [self.rest("余下的")], answering("新的"), 60
        async with open_account(settings, core) as account:
            assert content(await account.push(text_push())) == "余下的"
        assert core.waits == 0


async def test_a_core_with_nothing_to_say_is_asked_once(account: Account, core: SmallCore) -> None:
    assert (await account.push(text_push())).text == "success"
    assert core.waits == 1


async def test_a_message_that_becomes_no_turn_is_answered_at_once(account: Account, core: SmallCore) -> None:
    core.set_aside = True
    core.engine = answering()
    assert (await account.push(text_push())).text == "success"
    assert core.waits == 0


async def test_a_third_attempt_is_known_even_if_other_processes_had_the_first_two(
    hurried: WeChatSettings, core: SmallCore
) -> None:
    core.thinking_s = 60
    used = replace(hurried, mode="passive")
    async with open_account(used, core, served=True) as first, open_account(used, core) as second:
        with pytest.raises(httpx.ReadTimeout):
            await first.push(text_push(), timeout_s=0.6)
        third = await second.push(text_push())  # the push's own time is long ago
    assert "回复任意文字" in content(third)


async def test_a_refused_permission_makes_the_next_call_passive(
    hurried: WeChatSettings, core: SmallCore, platform: FakeWeChat
) -> None:
    core.thinking_s = 60
    platform.script["send"] = [48001]
    sender = WeChatSender(replace(hurried, mode="active"), MemoryTokenStore())
    await sender.send(answering()(InboundMessage("wechat", "1", PERSON)))
    async with open_account(replace(hurried, mode="active"), core, served=True, sender=sender) as account:
        with pytest.raises(httpx.ReadTimeout):
            await account.push(text_push(), timeout_s=0.7)
    assert core.messages[0].passive_until is not None


@pytest.mark.parametrize("event", ["unsubscribe", "VIEW", "LOCATION", "kf_create_session"])
async def test_what_asks_nothing_is_stored_and_answered_at_once(
    account: Account, core: SmallCore, platform: FakeWeChat, event: str
) -> None:
    core.engine, core.thinking_s = answering(), 0.1
    response = await account.push(event_push(event))
    assert (response.text, len(core.messages), core.sent_passively) == ("success", 1, [])
    assert platform.calls == []


async def test_following_is_greeted_in_the_call(account: Account, core: SmallCore) -> None:
    core.engine = answering("欢迎")
    assert content(await account.push(event_push("subscribe"))) == "欢迎"


async def test_a_message_that_cannot_be_stored_is_asked_for_again(account: Account, core: SmallCore) -> None:
    core.broken = RuntimeError("disk")
    assert (await account.push(text_push())).status_code == 503
    core.broken = None
    core.engine = answering()
    assert content(await account.push(text_push())) == "已收到"


async def test_any_other_failure_is_a_quiet_success_without_content_in_the_log(
    account: Account, core: SmallCore, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    core.wait_fails = ValueError("楼上漏水 oPerson-1")
    response = await account.push(text_push())
    assert (response.status_code, response.text) == (200, "success")
    core.broken = ValueError("楼上漏水 oPerson-1")
    await account.push(text_push(msg_id=2))
    logged = "\n".join(
        record.getMessage() for record in caplog.records if record.name.startswith("connectors")
    )
    assert logged.count("ValueError") == 2
    assert not re.search("漏水|oPerson", logged)


async def test_a_number_that_chooses_from_the_last_list_brings_its_token(
    settings: WeChatSettings, core: SmallCore, platform: FakeWeChat
) -> None:
    platform.script["send"] = [40200, 45166]
    sender = WeChatSender(settings, MemoryTokenStore())
    asked = answering("对吗？", (Button("是的", token="tokYes"), Button("不是", token="tokNo")))
    await sender.send(asked(InboundMessage("wechat", "1", PERSON)))
    async with open_account(settings, core, sender=sender) as account:
        await account.push(text_push("2"))
    assert (core.messages[0].text, core.messages[0].token) == ("2", "tokNo")


async def test_many_people_are_answered_side_by_side(settings: WeChatSettings, core: SmallCore) -> None:
    core.thinking_s = 0.3
    core.engine = lambda message: replace(
        answering(f"给{message.address}")(message), id=int(message.provider_id)
    )
    async with open_account(replace(settings, passive_wait_s=4.0), core) as account:
        responses = await asyncio.gather(
            *(account.push(text_push(msg_id=n, person=f"o{n}")) for n in range(1, 41))
        )
    assert [content(response) for response in responses] == [f"给o{n}" for n in range(1, 41)]
    assert len(core.sent_passively) == 40


async def test_json_replies_keep_chinese_readable(account: Account, core: SmallCore) -> None:
    core.engine = answering()
    response = await account.push(text_push(), form="json")
    assert "已收到" in response.text
    assert isinstance(json.loads(response.text)["CreateTime"], int)
