"""Telegram through the whole house, against telemelya behind the judging proxy: files, groups, and a bad day."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest

from app.bus import SEND, Bus
from app.files import vault_of
from app.gateway import Parts, application
from app.settings import Settings
from bot.engine import Engine
from casework.conversations.handover import staff_says
from casework.conversations.model import Conversation, Reply
from casework.house import House
from casework.media.model import FileState
from casework.storage.work import Store
from tests.casework.media.test_pictures import photo
from tests.connectors.telegram.peers.bot_api_schema import BotApiSchema
from tests.connectors.telegram.peers.proxy import Fault, Proxy, served
from tests.connectors.telegram.peers.telemelya import Person
from tests.connectors.telegram.updates import GROUP, membership, message
from tests.way.conftest import house_running, until

pytestmark = [pytest.mark.peer]

_numbers = itertools.count(1)


@dataclass
class Line:
    """A gateway whose Telegram is the proxy; ``store`` once it runs."""

    settings: Settings
    proxy: Proxy
    person: Person

    @asynccontextmanager
    async def gateway(self) -> AsyncIterator[Store]:
        app = application(self.settings)
        parts: Parts = app.state.parts
        async with app.router.lifespan_context(app):
            await self.polled()
            yield parts.store

    async def polled(self) -> None:
        async def look() -> bool | None:
            return True if self.proxy.of("getUpdates") else None

        await until(look)

    async def brings(self, update: dict[str, Any]) -> None:
        """An update that telemelya cannot make, on the way it would take."""
        async with httpx.AsyncClient() as client:
            await client.post(f"{self.proxy.url}/push/{self.settings.telegram_token}", json=update)


@pytest.fixture
async def line(settings: Settings, telemelya: str, schema: BotApiSchema) -> AsyncIterator[Line]:
    proxy, number = Proxy(telemelya=telemelya, schema=schema), next(_numbers)
    async with served(proxy.app) as proxy.url:
        telegram = replace(
            settings,
            telegram_token=f"77{number}:peer-token-of-a-bad-day",
            telegram_mode="polling",
            telegram_api_base=proxy.url,
        )
        person = Person(telemelya, token=telegram.telegram_token, chat_id=7_700_000_000 + number)
        yield Line(telegram, proxy, person)
        await person.close()
        await proxy.close()
    assert proxy.violations == []


async def conversation_of(store: Store, person: Person) -> Conversation:
    async def look() -> Conversation | None:
        with store.reading() as work:
            return work.conversations.find("telegram", str(person.chat_id))

    return await until(look)


async def test_a_photo_on_telegram_is_fetched_cleaned_and_kept(line: Line) -> None:
    line.proxy.faults["file"] = [Fault(502)]
    sent = photo("JPEG")
    async with line.gateway() as store:
        await line.person.does(photo_file_id=await line.person.uploads(sent, "a.jpg"))

        async def kept() -> bytes | None:
            with store.reading() as work:
                rows = work.media.newest(limit=5)
            found = [row.kept for row in rows if row.state is FileState.KEPT and row.kept]
            return vault_of(line.settings).get(found[0].sha) if found else None

        content = await until(kept)
    assert b"2026:11:20\0" in sent
    assert b"2026:11:20\0" not in content
    assert len(content) > 1000
    assert len(line.proxy.of("file")) == 2


async def test_on_a_bad_day_every_word_of_staff_arrives_once_and_in_order(line: Line) -> None:
    words = [f"第{n}句 <b>&" for n in range(8)]
    async with line.gateway() as store:
        await line.person.does(text="人工")
        conversation = await conversation_of(store, line.person)
        line.proxy.faults["sendMessage"] = [
            Fault(429, "Too Many Requests: retry after 1", {"retry_after": 1}),
            Fault(502, "Bad Gateway"),
            Fault(),
            Fault(400, "Bad Request: can't parse entities: unsupported start tag"),
            Fault(500, "Internal Server Error"),
            Fault(),
            Fault(429, "Too Many Requests: retry after 1", {"retry_after": 1}),
        ]
        for word in words:
            with store.writing() as work:
                staff_says(work, conversation.id, Reply(word), name="李工", now=conversation.created_at)
        Bus(line.settings.redis_url).publish(SEND)

        async def all_seen() -> list[str] | None:
            seen = [part["text"] for part in await line.person.sees()]
            return seen if len(seen) >= len(words) else None

        seen = await until(all_seen, patience_s=60)
        await asyncio.sleep(1.0)
        assert await line.person.sees() == (await line.person.sees())[: len(words)]
    shown = [text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") for text in seen]
    assert shown == words
    assert line.proxy.faults["sendMessage"] == []


async def test_who_blocked_the_bot_gets_what_was_held_after_coming_back(line: Line) -> None:
    async with line.gateway() as store:
        await line.person.does(text="人工")
        conversation = await conversation_of(store, line.person)
        line.proxy.faults["sendMessage"] = [Fault(403, "Forbidden: bot was blocked by the user")]
        for word in ("一", "二"):
            with store.writing() as work:
                staff_says(work, conversation.id, Reply(word), name="李工", now=conversation.created_at)
        Bus(line.settings.redis_url).publish(SEND)

        async def unreachable() -> bool | None:
            with store.reading() as work:
                return None if work.conversations.get(conversation.id).reachable else True

        await until(unreachable)
        await asyncio.sleep(1.0)
        assert await line.person.sees() == []
        chat = {"id": line.person.chat_id, "type": "private", "first_name": "小雨"}
        await line.brings(membership("member", chat=chat))

        async def both() -> list[str] | None:
            seen = [part["text"] for part in await line.person.sees()]
            return seen if len(seen) >= 2 else None

        assert await until(both) == ["一", "二"]


@pytest.mark.engine
async def test_in_a_group_nothing_is_asked_and_the_way_to_the_private_chat_is_shown(
    line: Line, engine: Engine, house: House
) -> None:
    async with house_running(line.settings, engine, house):
        await line.polled()
        told = "@telemelya_bot 三号楼的电梯坏了三天，我家在1203，电话13800000000"
        await line.brings(message(chat=GROUP, text=told, update_id=900_100_001))

        async def answered() -> dict[str, str] | None:
            return next(iter(line.proxy.of("sendMessage")), None)

        form = await until(answered)
        assert form["chat_id"] == str(GROUP["id"])
        assert "私聊" in form["text"]
        assert "？" not in form["text"]
        assert "https://t.me/telemelya_bot?start=group" in form["reply_markup"]
        danger = "@telemelya_bot 有人触电了！"
        await line.brings(message(chat=GROUP, text=danger, update_id=900_100_002))

        async def warned() -> dict[str, str] | None:
            return next((form for form in line.proxy.of("sendMessage") if "120" in form["text"]), None)

        assert "私聊" in (await until(warned))["text"]
