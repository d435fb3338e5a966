"""The API over a real database, a clock that is set by hand, and tokens of several sorts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from api.layer import Services
from api.routes import PREFIX, routes
from casework.clients.model import Scope
from casework.clients.tokens import add_token
from casework.conversations.model import Heard
from casework.conversations.ports import Window
from casework.house import House
from casework.media.model import Opened
from casework.storage.work import Store
from casework.tickets.model import Ticket
from casework.tickets.states import Role
from tests.api.peers.install import peer_python
from tests.casework.test_filing import file
from tests.conftest import NOW

__all__ = ["peer_python"]  # a fixture

ALL = frozenset(Scope)
#: For what no database does otherwise than another.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass
class Api:
    """Requests as one client after another."""

    store: Store
    house: House
    now: datetime = NOW
    said: list[int] = field(default_factory=list)
    files: dict[int, Opened] = field(default_factory=dict)
    per_minute: int = 10_000
    window: Window = field(default_factory=Window)

    def __post_init__(self) -> None:
        async def said(conversation_id: int) -> None:
            self.said.append(conversation_id)

        async def window(channel: str, heard: Heard | None) -> Window:
            return self.window

        self.services = Services(
            store=self.store,
            house=self.house,
            clock=lambda: self.now,
            opened=self.files.get,
            said=said,
            window=window,
            per_minute=self.per_minute,
        )
        self.app = Starlette(routes=routes(self.services))
        self.client = TestClient(self.app, base_url="http://house.test")

    def token(
        self,
        name: str = "Li",
        role: Role = Role.AGENT,
        scopes: Collection[Scope] = ALL,
        department: str = "",
    ) -> str:
        with self.store.writing() as work:
            return add_token(work, name=name, role=role, scopes=scopes, department=department, now=self.now)[
                1
            ]

    def get(self, path: str, token: str, **more: Any) -> Any:
        return self.client.get(PREFIX + path, headers=self._headers(token, more), **more)

    def post(self, path: str, token: str, body: Any = None, **more: Any) -> Any:
        given = {"json": body} if body is not None else {}
        return self.client.post(PREFIX + path, headers=self._headers(token, more), **given, **more)

    def act(self, ticket: str, action: str, token: str, body: Any = None, **more: Any) -> Any:
        return self.post(f"/tickets/{ticket}/actions/{action}", token, body or {}, **more)

    def file(self, address: str = "ann") -> Ticket:
        with self.store.writing() as work:
            return file(work, self.house, address=address)

    def _headers(self, token: str, more: dict[str, Any]) -> dict[str, str]:
        return {"Authorization": f"Bearer {token}", **more.pop("headers", {})}


@pytest.fixture
def api(store: Store, house: House) -> Api:
    return Api(store, house)
