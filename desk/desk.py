"""What the desk is made of: the parts it is given, its templates, its files."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from casework.canned import VARIABLES
from casework.conversations.ports import ChannelHealth
from casework.editing import HouseKeeper
from casework.house import House
from casework.knowledge import Entry
from casework.storage.work import Store
from desk.openid import OpenIdProvider
from desk.presence import Presence
from desk.setting_up import SETUP_PAGES
from desk.show import FILTERS
from desk.ways_out import WaysOut
from desk.wording import LANGUAGES, Words, load_words

ROOM = Path(__file__).parent
#: Where the desk stands below the address of the house.
PREFIX = "/desk"


class Live(Protocol):
    """Wake-ups between processes."""

    def listening(self, topic: str, body: str = "") -> AbstractAsyncContextManager[asyncio.Event]:
        """A signal that is set at each wake-up of ``topic``."""
        ...

    async def pause(self, signal: asyncio.Event, *, timeout_s: float) -> None:
        """Wait for ``signal``, at most ``timeout_s``."""
        ...

    async def publish(self, topic: str, body: str = "") -> None: ...


class Looked(Protocol):
    """What the bot would answer to a question: ``entry``, or what it may have meant. ``confidence``: 0 to 1."""

    @property
    def entry(self) -> Entry | None: ...

    @property
    def near(self) -> tuple[Entry, ...]: ...

    @property
    def confidence(self) -> float: ...


@dataclass(frozen=True)
class Desk:
    """``keeper``: has the house, and edits it. ``secure``: the house is reached by HTTPS, so cookies are for that
    alone. ``channels``: asks each provider how it is. ``model``: the file of the model that fits the examples as they
    are now, trained or not. ``stored``: the bytes of a kept file, by their name. ``is_closing``: the server wants to
    stop; open streams then end. ``look_up``: what the bot would answer to a question, in a language, on a day.
    ``provider``: the organisation's OpenID provider, where there is one. ``emergency``: the login of the one
    administrator who may then still come in with a password; empty for everybody."""

    store: Store
    keeper: HouseKeeper
    live: Live
    stored: Callable[[str], bytes | None]
    clock: Callable[[], datetime]
    secure: bool
    fresh_token: Callable[[], str]
    channels: Callable[[], Coroutine[Any, Any, Mapping[str, ChannelHealth]]]
    ways: WaysOut
    model: Callable[[], Path]
    look_up: Callable[[str, str, date], Looked]
    is_closing: Callable[[], bool] = lambda: False
    provider: OpenIdProvider | None = None
    emergency: str = ""
    presence: Presence = field(default_factory=Presence)

    @property
    def house(self) -> House:
        return self.keeper.house

    @cached_property
    def words(self) -> Mapping[str, Words]:
        return load_words(ROOM / "words")

    @cached_property
    def templates(self) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(ROOM / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.globals.update(
            asset=self.asset, prefix=PREFIX, languages=LANGUAGES, setup_pages=SETUP_PAGES, variables=VARIABLES
        )
        environment.filters.update(FILTERS)
        return environment

    @cached_property
    def _marks(self) -> Mapping[str, str]:
        """A mark of the bytes of each file, so that a new one is fetched and an old one kept."""
        return {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:12]
            for path in sorted((ROOM / "static").iterdir())
        }

    def asset(self, name: str) -> str:
        """The address of a file of the desk."""
        return f"{PREFIX}/static/{name}?{self._marks[name]}"
