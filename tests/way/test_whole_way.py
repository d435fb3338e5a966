"""One complaint travels the whole way: in Chinese on WeChat, in English on Telegram, and on the web page.

Nothing is replaced but the provider: WeChat by the fake that independent programs check, Telegram by telemelya
behind the proxy that holds every request against the Bot API's schema.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import httpx
import pytest

from app.settings import Settings
from bot.engine import Engine
from casework.house import House
from casework.storage.work import Store
from casework.tickets.model import Ticket
from casework.tickets.states import State
from tests.connectors.telegram.peers.bot_api_schema import BotApiSchema
from tests.connectors.telegram.peers.proxy import Proxy, served
from tests.connectors.telegram.peers.telemelya import Person
from tests.connectors.wechat.fake_api import FakeWeChat
from tests.connectors.wechat.pushes import Security, pushed, text_push
from tests.way.conftest import house_running, until

pytestmark = [pytest.mark.engine]

NUMBER = re.compile(r"TS\d{6}-\d{6}")


def only_ticket(store: Store) -> Ticket:
    with store.reading() as work:
        [ticket] = work.tickets.newest(limit=10)
    return ticket


class WeChatPerson:
    """Somebody on WeChat: pushes through the platform's door, reads passive answers and sent messages."""

    def __init__(self, url: str, settings: Settings, platform: FakeWeChat, client: httpx.AsyncClient) -> None:
        from connectors.wechat.settings import WeChatSettings

        self._door = f"{url}/webhooks/wechat"
        self._platform, self._client = platform, client
        self._settings = WeChatSettings(
            app_id=settings.wechat_app_id,
            app_secret=settings.wechat_app_secret,
            token=settings.wechat_token,
            aes_key=settings.wechat_aes_key,
            api_base=settings.wechat_api_base,
        )
        self._msg_id = 9000
        self._read_before: dict[int, int] = {}

    async def push(self, text: str, *, msg_id: int | None = None) -> str:
        """The answer: passive and decrypted, or, where that came too late for WeChat, the message sent after it."""
        from connectors.wechat.crypto import decrypt, read

        self._msg_id += 1
        pushed_as = msg_id or self._msg_id
        before = self._read_before.setdefault(pushed_as, len(self._platform.read()))
        security: Security = "safe" if self._settings.aes_key else "plain"
        query, body = pushed(text_push(text, msg_id=pushed_as), self._settings, security=security)
        answer = await self._client.post(self._door, params=query, content=body)
        assert answer.status_code == 200
        if answer.text in ("success", ""):

            async def sent_after() -> str | None:
                return "\n".join(self._platform.read()[before:]) or None

            return await until(sent_after)
        fields, _ = read(answer.text)
        if "Encrypt" in fields:
            plain = decrypt(fields["Encrypt"], aes_key=self._settings.aes_key, app_id=self._settings.app_id)
            assert plain is not None
            fields, _ = read(plain)
        return fields["Content"]


@pytest.fixture
def wechat_settings(settings: Settings, served_platforms: Any, platform: FakeWeChat) -> Settings:
    from tests.connectors.wechat.conftest import AES_KEY, TOKEN
    from tests.connectors.wechat.fake_api import APP_ID, APP_SECRET

    return replace(
        settings,
        wechat_app_id=APP_ID,
        wechat_app_secret=APP_SECRET,
        wechat_token=TOKEN,
        wechat_aes_key=AES_KEY,
        wechat_api_base=served_platforms[0],
    )


async def test_a_complaint_in_chinese_on_wechat(
    wechat_settings: Settings, platform: FakeWeChat, engine: Engine, house: House, client: httpx.AsyncClient
) -> None:
    async with house_running(wechat_settings, engine, house) as running:
        person = WeChatPerson(running.url, wechat_settings, platform, client)
        opening = "昨天下午我家停电了，一点通知都没有，冰箱里的东西全坏了，气死人"
        first = await person.push(opening)
        assert "停电" in first
        answers = {"地址": "幸福小区3号楼", "大概": "昨天下午", "希望": "给个说法", "怎么联系": "13812345678"}
        said = first
        for _ in range(8):
            if "提交" in said:
                break
            said = await person.push(_answer_to(said, answers))
        assert "提交" in said, said
        receipt = await person.push("没错，提交")
        number = NUMBER.search(receipt)
        assert number, receipt
        ticket = only_ticket(running.store)
        assert ticket.number == number[0]
        assert ticket.state is State.TRIAGE
        assert ticket.language == "zh"
        assert opening in ticket.description
        progress = await person.push("办到哪了？")
        assert ticket.number in progress
        assert "下一步" in progress


def _answer_to(question: str, answers: dict[str, str]) -> str:
    last = question.strip().splitlines()[-1]
    for cue, answer in answers.items():
        if cue in question:
            return answer
    return "跳过" if last else "是"


async def test_a_repeated_push_joins_the_same_turn(
    wechat_settings: Settings, platform: FakeWeChat, engine: Engine, house: House, client: httpx.AsyncClient
) -> None:
    async with house_running(wechat_settings, engine, house) as running:
        person = WeChatPerson(running.url, wechat_settings, platform, client)
        answers = {await person.push("你好", msg_id=77) for _ in range(3)}
        assert len(answers) == 1
        with running.store.reading() as work:
            conversation = work.conversations.find("wechat", "oPerson-1")
            assert conversation is not None
            assert len(work.messages.transcript(conversation.id)) == 2


@pytest.mark.peer
async def test_a_complaint_in_english_on_telegram(
    settings: Settings,
    telemelya: str,
    schema: BotApiSchema,
    engine: Engine,
    house: House,
) -> None:
    proxy = Proxy(telemelya=telemelya, schema=schema)
    async with served(proxy.app) as proxy.url:
        telegram = replace(
            settings,
            telegram_token="4242:peer-token-of-the-whole-way",
            telegram_mode="polling",
            telegram_api_base=proxy.url,
        )
        person = Person(telemelya, token=telegram.telegram_token, chat_id=7_000_000_042)
        async with house_running(telegram, engine, house) as running:
            await until(lambda: _polled(proxy))
            bot = TelegramTalk(person)
            said = await bot.ask(
                "My electricity bill jumped from 60 to 240 dollars in October and nobody can explain it"
            )
            for _ in range(8):
                if "submit" in said.lower():
                    break
                said = await bot.ask(_english_answer(said))
            assert "submit" in said.lower(), said
            receipt = await bot.ask("yes, that's right")
            number = NUMBER.search(receipt)
            assert number, receipt
            ticket = only_ticket(running.store)
            assert (ticket.number, ticket.language, ticket.state) == (number[0], "en", State.TRIAGE)
            progress = await bot.ask("how far is it?")
            assert ticket.number in progress
        await person.close()
        await proxy.close()
    assert proxy.violations == []


async def _polled(proxy: Proxy) -> bool | None:
    return True if proxy.of("getUpdates") else None


def _english_answer(question: str) -> str:
    cues = {
        "account": "account 5503912",
        "when": "October",
        "month": "October",
        "put this right": "check the meter and refund me",
        "reach you": "+1 415 555 2671",
        "usual": "about 60 dollars",
    }
    return next((answer for cue, answer in cues.items() if cue in question.lower()), "skip")


class TelegramTalk:
    """Somebody on Telegram, by turns: writes, and waits for the bot's next message."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._seen = 0

    async def ask(self, text: str) -> str:
        await self._person.does(text=text)

        async def look() -> str | None:
            seen = await self._person.sees()
            if len(seen) <= self._seen:
                return None
            self._seen = len(seen)
            return json.dumps(seen[-1], ensure_ascii=False)

        return await until(look)
