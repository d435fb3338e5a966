"""Peers are started once for all tests of this folder; each test gets a bot of its own."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import pytest_asyncio
from starlette.applications import Starlette

from connectors.telegram.polling import Poller
from connectors.telegram.send import TelegramSender
from connectors.telegram.settings import TelegramSettings
from connectors.telegram.webhook import routes
from tests.connectors.shelf import Shelf
from tests.connectors.telegram.fakes import RecordingInbox
from tests.connectors.telegram.peers.bot_api_schema import BotApiSchema
from tests.connectors.telegram.peers.install import PeerMissing, give_up, schema_file
from tests.connectors.telegram.peers.proxy import Proxy, served
from tests.connectors.telegram.peers.telemelya import Person, running_telemelya

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def schema() -> BotApiSchema:
    try:
        return BotApiSchema(schema_file())
    except PeerMissing as exc:
        give_up(exc)


@pytest.fixture(scope="session")
def telemelya(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    running = running_telemelya(tmp_path_factory.mktemp("telemelya"))
    try:
        address = running.__enter__()
    except PeerMissing as exc:
        give_up(exc)
    yield address
    running.__exit__(None, None, None)


@dataclass
class Bot:
    """A bot whose Telegram is telemelya behind the proxy."""

    settings: TelegramSettings
    proxy: Proxy
    inbox: RecordingInbox
    telemelya: str
    people: list[Person] = field(default_factory=list)
    senders: list[TelegramSender] = field(default_factory=list)
    pollers: list[Poller] = field(default_factory=list)
    shelf: Shelf = field(default_factory=Shelf)
    sender: TelegramSender = field(init=False)

    def __post_init__(self) -> None:
        self.sender = self.another_sender()

    def another_sender(self) -> TelegramSender:
        sender = TelegramSender(self.settings, files=self.shelf)
        self.senders.append(sender)
        return sender

    def person(self) -> Person:
        """Somebody new, with a chat of their own."""
        person = Person(self.telemelya, token=self.settings.token, chat_id=5_000_000_000 + next(_numbers))
        self.people.append(person)
        return person

    def poller(self) -> Poller:
        poller = Poller(self.settings, self.inbox, self.sender)
        self.pollers.append(poller)
        return poller

    async def started(self) -> TelegramSender:
        """The sender, once it has registered everything."""
        await self.sender.start()
        while not self.sender.bot_identity.username:
            await asyncio.sleep(0.01)
        return self.sender

    async def close(self) -> None:
        for poller in self.pollers:
            await poller.stop()
        for sender in self.senders:
            await sender.stop()
        for person in self.people:
            await person.close()


@pytest_asyncio.fixture
async def bot(request: pytest.FixtureRequest, telemelya: str, schema: BotApiSchema) -> AsyncIterator[Bot]:
    """A bot behind a served webhook. The fixture's parameter, if any, changes its settings.

    Every request of the test is held against the Bot API in the end.
    """
    changes: dict[str, Any] = getattr(request, "param", {})
    proxy, inbox = Proxy(telemelya=telemelya, schema=schema), RecordingInbox()
    gateway = Starlette()
    async with served(proxy.app) as proxy.url, served(gateway) as public_url:
        given = {"token": f"{next(_numbers)}:peer-token", "api_base": proxy.url, "public_url": public_url}
        settings = TelegramSettings(**{**given, **changes})
        made = Bot(settings, proxy, inbox, telemelya)
        gateway.router.routes.extend(routes(settings, inbox, made.sender))
        yield made
        await made.close()
        await proxy.close()
    assert proxy.calls
    assert proxy.violations == []
