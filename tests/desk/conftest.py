"""A desk over a real database with staff of every role; who comes in does so through the sign-in page."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from actions.librarian import librarian_of
from casework.access import passwords, sessions
from casework.conversations import handover
from casework.conversations.inbox import TurnRules, receive
from casework.conversations.model import InboundMessage
from casework.conversations.ports import ChannelHealth
from casework.editing import HouseKeeper
from casework.house import House
from casework.staff import organising
from casework.staff.model import Member
from casework.storage.work import Store
from casework.tickets.filing import Filing, file_ticket
from casework.tickets.model import Actor, DetailValue, Intake, Ticket
from casework.tickets.states import Role
from desk.desk import PREFIX, Desk
from desk.routes import routes
from tests.conftest import NOW, ROOT, make_house
from tests.desk.ways import Ways

PASSWORD = "plum-blossom-47"
HASH = passwords.hashed(PASSWORD)
#: The department of the cases told of here.
OFFICE = "government.supervision"
PEOPLE: Mapping[str, Mapping[str, frozenset[Role]]] = {
    "agent": {OFFICE: frozenset({Role.AGENT})},
    "lead": {OFFICE: frozenset({Role.LEAD})},
    "stranger": {"power.billing": frozenset({Role.AGENT})},  # of another department
    "supervisor": {"": frozenset({Role.SUPERVISOR})},
    "admin": {"": frozenset({Role.ADMINISTRATOR})},
    "auditor": {"": frozenset({Role.AUDITOR})},
}


class Silence:
    """Wake-ups that nobody waits for."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    @asynccontextmanager
    async def listening(self, topic: str, body: str = "") -> AsyncIterator[asyncio.Event]:
        yield asyncio.Event()

    async def pause(self, signal: asyncio.Event, *, timeout_s: float) -> None:
        await asyncio.sleep(min(timeout_s, 0.01))

    async def publish(self, topic: str, body: str = "") -> None:
        self.told.append((topic, body))


@dataclass
class Office:
    """The desk, its clock, and ways to fill it."""

    store: Store
    house: House
    app: Starlette
    live: Silence
    kept: dict[str, bytes] = field(default_factory=dict)
    providers: dict[str, ChannelHealth] = field(default_factory=dict)
    ways: Ways = field(default_factory=Ways)
    now: datetime = NOW
    desk: Desk = field(init=False)

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)

    def come_in(self, login: str, *, language: str = "en") -> TestClient:
        """Sign in; later forms of this client bear their mark."""
        client = TestClient(self.app, headers={"origin": "http://testserver"}, follow_redirects=False)
        with self.store.writing() as work:
            member = work.staff.member(login)
            assert member is not None
            work.staff.save_member(Member(**{**vars(member), "language": language}))
        answer = client.post(f"{PREFIX}/sign-in", data={"login": login, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        page = client.get(f"{PREFIX}/me").text
        found = re.search(r'name="csrf" value="(\w+)"', page)
        assert found is not None
        client.headers["x-csrf-token"] = found[1]
        return client

    def told(
        self, address: str = "ann", text: str = "办事大厅窗口没人，等了两个小时", **details: str
    ) -> Ticket:
        """Somebody tells of it, and it is filed."""
        with self.store.writing() as work:
            message = InboundMessage(
                "web", f"{address}-{self.now.isoformat()}", address, text, sent_at=self.now
            )
            received = receive(work, message, now=self.now, rules=TurnRules())
            work.messages.settle_inbound(
                [received.message_id],
                state="done",
                now=self.now,
                understanding={
                    "emotion": {"label": "angry", "intensity": 2, "evidence": ["等了两个小时"]},
                    "intent": {"name": "inform", "confidence": 0.31},
                },
            )
            talk = work.conversations.get(received.conversation_id)
            held = {key: DetailValue(value, value, value, source=value) for key, value in details.items()}
            intake = Intake(description=(text,), category="GOV-ATT-03", details=held)
            draft = work.tickets.add_draft(
                conversation_id=talk.id,
                complainant_id=talk.complainant_id,
                language="zh",
                intake=intake,
                now=self.now,
            )
            category = self.house.packs.category("GOV-ATT-03")
            return file_ticket(
                work, draft, category, filing=Filing(calendar=self.house.calendar), now=self.now
            )

    def waits(self, address: str = "ann") -> int:
        """The person wants a person. Gives the conversation."""
        ticket = self.told(address)
        with self.store.writing() as work:
            handover.request_person(work, work.conversations.get(ticket.conversation_id), now=self.now)
        return ticket.conversation_id


@pytest.fixture
def live() -> Silence:
    return Silence()


@pytest.fixture
def office(store: Store, house: House, live: Silence) -> Office:
    with store.writing() as work:
        organising.seed_departments(work, house.packs)
        admin = Actor(Role.ADMINISTRATOR, "admin")
        for login in ("admin", *(login for login in PEOPLE if login != "admin")):
            member = Member(login, login.title(), roles=PEOPLE[login], language="en")
            organising.add_member(work, member, by=admin, now=NOW)
            sessions.set_password(work, login, HASH, by="admin", must_change=False, now=NOW)
    keeper = HouseKeeper(store, ROOT / "packs", lambda edits: make_house(edits) if edits else replace(house))
    made = Office(store, keeper.house, Starlette(), live)
    numbers = iter(range(10**6))

    async def healthy() -> Mapping[str, ChannelHealth]:
        return made.providers

    desk = Desk(
        store=store,
        keeper=keeper,
        live=live,
        stored=lambda name: made.kept.get(name) or made.ways.vault.get(name),
        clock=lambda: made.now,
        secure=False,
        fresh_token=lambda: f"token-{next(numbers)}",
        channels=healthy,
        ways=made.ways.out,
        model=lambda: ROOT / "absent.tar.gz",
        look_up=lambda text, language, on: librarian_of(made.house.knowledge).look_up(
            text, language=language, on=on
        ),
    )
    made.desk = desk
    made.app.router.routes.extend(routes(desk))
    return made
