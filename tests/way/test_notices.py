"""A case from the first word to the mark, on every channel, in both languages: what happens to it arrives in the chat
within a second, and what people answer there is understood."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.settings import Settings
from app.wiring import utc_now
from bot.engine import Engine
from casework.house import House
from casework.storage.work import Store
from casework.tickets import handling
from casework.tickets.handling import Desk
from casework.tickets.model import Actor, Ticket
from casework.tickets.states import Role, State
from casework.tickets.steps import Rules
from tests.connectors.telegram.peers.bot_api_schema import BotApiSchema
from tests.connectors.telegram.peers.proxy import Proxy, served
from tests.connectors.telegram.peers.telemelya import Person
from tests.connectors.wechat.fake_api import FakeWeChat
from tests.way.conftest import Running, house_running, until
from tests.way.test_whole_way import WeChatPerson, _polled, wechat_settings  # noqa: F401 (fixture)

pytestmark = [pytest.mark.engine]

STAFF = Actor(Role.LEAD, "Li")


@dataclass(frozen=True)
class Words:
    """What a person says on the way, and signs of what they must hear."""

    opening: str
    answers: dict[str, str]
    skip: str
    yes: str
    question: str
    reply: str
    mark: str
    asks_to_submit: str
    result: dict[str, str]


WORDS = {
    "zh": Words(
        opening="昨天下午我家停电了，一点通知都没有，冰箱里的东西全坏了",
        answers={"地址": "幸福小区3号楼", "大概": "昨天下午", "希望": "给个说法", "联系": "13812345678"},
        skip="跳过",
        yes="没错，提交",
        question="您家电表的户号是多少？",
        reply="户号 5503912",
        mark="4分",
        asks_to_submit="提交",
        result={"finding": "施工未按规定提前通知", "remedy": "补发通知", "basis": "供电服务规定第3条"},
    ),
    "en": Words(
        opening="My electricity bill jumped from 60 to 240 dollars in October and nobody can explain it",
        answers={
            "account": "account 5503912", "when": "October", "month": "October",
            "put this right": "check the meter and refund me", "reach you": "+1 415 555 2671",
            "usual": "about 60 dollars",
        },
        skip="skip",
        yes="yes, that's right",
        question="Which number is on the meter?",
        reply="it says 88213",
        mark="4 out of 5",
        asks_to_submit="submit",
        result={"finding": "the meter was read wrongly", "remedy": "a new bill", "basis": "billing rules, 3"},
    ),
}  # fmt: skip


@dataclass
class Somebody:
    """A person on some channel. ``send``: writes a text; ``arrived``: everything the provider delivered to them."""

    running: Running
    channel: str
    send: Callable[[str], Awaitable[object]]
    arrived: Callable[[], Awaitable[str]]

    def heard(self) -> list[str]:
        """What went out to them, in order."""
        with self.running.store.reading() as work:
            found = work.messages.transcript(1, internal=False)  # the only chat of a fresh database
        return [m.text for m in found if m.direction == "out" and m.state == "sent"]

    async def ask(self, text: str) -> str:
        before = len(await asyncio.to_thread(self.heard))
        await self.send(text)
        return await self.hears(after=before)

    async def hears(self, *, after: int) -> str:
        async def look() -> str | None:
            heard = await asyncio.to_thread(self.heard)
            return "\n".join(heard[after:]) if len(heard) > after else None

        return await until(look)


async def test_a_whole_case(somebody: Somebody, words: Words, monkeypatch: pytest.MonkeyPatch) -> None:
    store = somebody.running.store
    said = await somebody.ask(words.opening)
    for _ in range(8):
        if words.asks_to_submit in said.lower():
            break
        answer = next((a for cue, a in words.answers.items() if cue in said.lower()), words.skip)
        said = await somebody.ask(answer)
    receipt = await somebody.ask(words.yes)
    ticket = only_ticket(store)
    assert ticket.number in receipt
    await asyncio.sleep(1)
    assert (await asyncio.to_thread(somebody.heard))[-1] in receipt, "the receipt is not said twice"

    for action, given in (
        ("set_priority", {"level": "P1", "reason": "so that the hour of this test does not matter"}),
        ("accept", {}),
        ("sign", {}),
        ("ask", {"question": words.question}),
    ):
        count = len(await asyncio.to_thread(somebody.heard))
        await asyncio.to_thread(does, store, action, given)
        if action in ("accept", "ask"):
            started = time.monotonic()
            said = await somebody.hears(after=count)
            assert time.monotonic() - started < 5
            assert ticket.number in said
    assert words.question in said

    assert ticket.number in await somebody.ask(words.reply)
    answered = only_ticket(store)
    assert answered.state is State.IN_PROGRESS
    with store.reading() as work:
        assert work.tickets.history(ticket.id)[-1].data["text"] == words.reply

    count = len(await asyncio.to_thread(somebody.heard))
    await asyncio.to_thread(does, store, "resolve", words.result)
    assert words.result["finding"] in await somebody.hears(after=count)

    monkeypatch.setattr("casework.notices.posting._QUIET_AFTER", timedelta())
    count = len(await asyncio.to_thread(somebody.heard))
    await asyncio.to_thread(survey_now, store, ticket)
    assert ticket.number in await somebody.hears(after=count)
    assert ticket.number in await somebody.ask(words.mark)
    with store.reading() as work:
        (rated,) = [e for e in work.tickets.history(ticket.id) if e.action == "rate"]
        assert rated.data["level"] == 4
        assert work.tickets.get(ticket.id).state is State.CLOSED
    delivered = await somebody.arrived()
    assert words.question in delivered
    assert words.result["basis"] in delivered


def only_ticket(store: Store) -> Ticket:
    with store.reading() as work:
        [ticket] = work.tickets.newest(limit=10)
    return ticket


def does(store: Store, action: str, given: dict[str, Any]) -> None:
    house = HOUSE[0]
    with store.writing() as work:
        [ticket] = work.tickets.newest(limit=10)
        handling.act(Desk(work, Rules(house.packs, house.calendar), STAFF, utc_now()), ticket, action, given)


def survey_now(store: Store, ticket: Ticket) -> None:
    with store.writing() as work:
        (survey,) = [n for n in work.notices.of_ticket(ticket.id) if n.kind == "survey"]
        work.notices.change(survey, due_at=utc_now())


HOUSE: list[House] = []


@pytest.fixture
def words(request: pytest.FixtureRequest) -> Words:
    return WORDS[request.getfixturevalue("where")[1]]


@pytest.fixture(
    params=[
        ("wechat", "zh"),
        ("wechat", "en"),
        pytest.param(("telegram", "zh"), marks=pytest.mark.peer),
        pytest.param(("telegram", "en"), marks=pytest.mark.peer),
        ("web", "zh"),
        ("web", "en"),
    ],
    ids="-".join,
)
def where(request: pytest.FixtureRequest) -> tuple[str, str]:
    given: tuple[str, str] = request.param
    return given


@pytest.fixture
async def somebody(
    where: tuple[str, str],
    settings: Settings,
    request: pytest.FixtureRequest,
    engine: Engine,
    house: House,
) -> AsyncIterator[Somebody]:
    HOUSE[:] = [house]
    opened = {"wechat": _on_wechat, "telegram": _on_telegram, "web": _on_the_page}[where[0]]
    async with opened(request, engine, house) as person:
        yield person


@asynccontextmanager
async def _on_wechat(request: pytest.FixtureRequest, engine: Engine, house: House) -> AsyncIterator[Somebody]:
    settings: Settings = request.getfixturevalue("wechat_settings")
    platform: FakeWeChat = request.getfixturevalue("platform")
    passive: list[str] = []
    async with httpx.AsyncClient(timeout=20) as client, house_running(settings, engine, house) as running:
        person = WeChatPerson(running.url, settings, platform, client)

        async def send(text: str) -> None:
            passive.append(await person.push(text))

        async def arrived() -> str:
            return str(platform.sent()) + str(passive)

        yield Somebody(running, "wechat", send, arrived)


@asynccontextmanager
async def _on_telegram(
    request: pytest.FixtureRequest, engine: Engine, house: House
) -> AsyncIterator[Somebody]:
    telemelya: str = request.getfixturevalue("telemelya")
    schema: BotApiSchema = request.getfixturevalue("schema")
    settings: Settings = request.getfixturevalue("settings")
    language: str = request.getfixturevalue("where")[1]
    proxy = Proxy(telemelya=telemelya, schema=schema)
    async with served(proxy.app) as proxy.url:
        settings = replace(
            settings,
            telegram_token=f"4242:peer-token-of-the-notices-{language}",
            telegram_mode="polling",
            telegram_api_base=proxy.url,
        )
        chat = 7_100_000_000 + abs(hash(request.node.name)) % 1000
        person = Person(telemelya, token=settings.telegram_token, chat_id=chat)
        async with house_running(settings, engine, house) as running:
            await until(lambda: _polled(proxy))

            async def send(text: str) -> None:
                await person.does(text=text)

            async def arrived() -> str:
                return str(await person.sees())

            yield Somebody(running, "telegram", send, arrived)
        await person.close()
        await proxy.close()
    assert proxy.violations == []


@asynccontextmanager
async def _on_the_page(
    request: pytest.FixtureRequest, engine: Engine, house: House
) -> AsyncIterator[Somebody]:
    settings: Settings = request.getfixturevalue("settings")
    async with (
        house_running(settings, engine, house) as running,
        httpx.AsyncClient(base_url=running.url, timeout=20) as client,
    ):

        async def send(text: str) -> None:
            answer = await client.post("/web/messages", json={"id": str(uuid.uuid4()), "text": text})
            assert answer.status_code == 202, answer.text

        async def arrived() -> str:
            return (await client.get("/web/messages")).text

        yield Somebody(running, "web", send, arrived)
