"""WeChat through the whole house, against the fake platform that independent clients check: files and quotas."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest

from app.bus import SEND, Bus
from app.files import taking_in, vault_of
from app.gateway import Parts, application
from app.settings import Settings
from casework.conversations.handover import staff_says
from casework.conversations.model import Media, Reply
from casework.media.model import FileState
from casework.media.types import kind_of
from casework.storage.work import Store
from connectors.wechat.settings import WeChatSettings
from connectors.wechat.webhook import PATH
from tests.casework.media.test_pictures import photo
from tests.connectors.wechat.conftest import TOKEN
from tests.connectors.wechat.fake_api import APP_ID, APP_SECRET, FakeWeChat
from tests.connectors.wechat.pushes import PERSON, pushed, text_push
from tests.way.conftest import until


@dataclass
class Account:
    """A running gateway that answers by customer-service messages, and the platform's side of it."""

    settings: Settings
    store: Store
    client: httpx.AsyncClient
    platform: FakeWeChat
    pushes: int = 0

    async def push(self, **fields: str) -> None:
        self.pushes += 1
        wechat = WeChatSettings(app_id=APP_ID, app_secret=APP_SECRET, token=TOKEN)
        query, body = pushed({**text_push(msg_id=8000 + self.pushes), **fields}, wechat)
        answer = await self.client.post(PATH, params=query, content=body)
        assert (answer.status_code, answer.text) == (200, "success")
        self.platform.person_wrote(PERSON)

    def sent(self) -> list[str]:
        return [body["text"]["content"] for body in self.platform.sent()]

    async def staff_write(self, *texts: str) -> None:
        def write() -> None:
            for text in texts:
                with self.store.writing() as work:
                    conversation = work.conversations.find("wechat", PERSON)
                    assert conversation is not None
                    staff_says(work, conversation.id, Reply(text), name="李工", now=conversation.created_at)

        await asyncio.to_thread(write)
        Bus(self.settings.redis_url).publish(SEND)

    async def staff_send(self, content: bytes, name: str, words: str) -> None:
        """As the desk does: judged and on the shelf, then said."""
        shelf = taking_in(self.settings, vault_of(self.settings), max_mb=10)

        def write() -> None:
            judged = shelf.judge(content)
            shelf.put(judged)
            kept = judged.kept
            file = Media(
                kind_of(kept.mime, recorded=False),
                mime=kept.mime,
                name=name,
                size_bytes=kept.size_bytes,
                sha=kept.sha,
            )
            with self.store.writing() as work:
                conversation = work.conversations.find("wechat", PERSON)
                assert conversation is not None
                said = Reply(words, media=(file,))
                staff_says(work, conversation.id, said, name="李工", now=conversation.created_at)

        await asyncio.to_thread(write)
        Bus(self.settings.redis_url).publish(SEND)

    async def seen(self, count: int) -> list[str]:
        async def look() -> list[str] | None:
            return self.sent() if len(self.sent()) >= count else None

        return await until(look)


@pytest.fixture
async def account(settings: Settings, served_platforms: Any, platform: FakeWeChat) -> AsyncIterator[Account]:
    chosen = replace(
        settings,
        wechat_app_id=APP_ID,
        wechat_app_secret=APP_SECRET,
        wechat_token=TOKEN,
        wechat_mode="active",
        wechat_api_base=served_platforms[0],
        public_url="https://complaints.example.org",
    )
    platform.count_quotas = True
    app = application(chosen)
    parts: Parts = app.state.parts
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://tingsu.test") as client:
            yield Account(chosen, parts.store, client, platform)


async def test_a_photo_is_fetched_by_its_id_cleaned_and_kept(account: Account) -> None:
    account.platform.media["m-1"] = (photo("JPEG"), "image/jpeg")
    account.platform.script["get"] = [-1]  # the platform is busy at first
    await account.push(MsgType="image", MediaId="m-1", PicUrl="")

    async def kept() -> bytes | None:
        with account.store.reading() as work:
            (row,) = work.media.newest(limit=5)
        if row.state is not FileState.KEPT or row.kept is None:
            return None
        return vault_of(account.settings).get(row.kept.sha)

    assert b"2026:11:20\0" not in await until(kept)
    assert len(account.platform.of("media/get")) == 2


async def test_five_go_out_and_the_rest_comes_as_one_with_the_next_message(account: Account) -> None:
    await account.push(Content="水管漏了")
    await account.staff_write(*(f"第{n}条" for n in range(1, 9)))
    assert await account.seen(5) == [f"第{n}条" for n in range(1, 6)]

    async def held() -> bool | None:
        with account.store.reading() as work:
            conversation = work.conversations.find("wechat", PERSON)
            assert conversation is not None
            messages = work.messages.transcript(conversation.id)
        return (
            True if any(m.state == "held" and m.text == "第6条\n\n第7条\n\n第8条" for m in messages) else None
        )

    await until(held)
    assert len(account.sent()) == 5  # the platform was not even asked
    await account.push(Content="在吗")
    assert (await account.seen(6))[5:] == ["第6条\n\n第7条\n\n第8条"]


async def test_what_staff_send_arrives_as_picture_or_link_and_the_link_opens(account: Account) -> None:
    await account.push(Content="水管漏了")
    await account.staff_send(photo("JPEG"), "现场.jpg", "")
    await account.staff_send(b"%PDF-1.7 notice", "通知书.pdf", "请看通知书")

    async def both() -> list[Any] | None:
        return account.platform.sent() if len(account.platform.sent()) == 2 else None

    picture, words = await until(both)
    content, mime = account.platform.media[picture["image"]["media_id"]]
    assert (mime, b"2026:11:20\0" in content) == ("image/jpeg", False)
    found = re.search(
        r'<a href="https://complaints.example.org(/files/[^"]+)">通知书.pdf', words["text"]["content"]
    )
    assert found is not None
    assert (await account.client.get(found[1])).content == b"%PDF-1.7 notice"


async def test_a_picture_over_the_quota_waits_with_its_words_and_comes_with_the_next_message(
    account: Account,
) -> None:
    await account.push(Content="水管漏了")
    await account.staff_write("一", "二", "三", "四")
    await account.seen(4)
    await account.staff_send(photo("JPEG"), "现场.jpg", "请看")

    async def held() -> bool | None:
        with account.store.reading() as work:
            conversation = work.conversations.find("wechat", PERSON)
            assert conversation is not None
            last = work.messages.transcript(conversation.id)[-1]
        return True if (last.text, last.state, len(last.media)) == ("请看", "held", 1) else None

    await until(held)
    assert len(account.platform.sent()) == 4
    await account.push(Content="在吗")

    async def arrived() -> list[str] | None:
        kinds = [body["msgtype"] for body in account.platform.sent()]
        return kinds[4:] if len(kinds) == 6 else None

    assert await until(arrived) == ["text", "image"]
