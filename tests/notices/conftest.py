"""One case and those who follow it: events are told and notices posted as the running house does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from casework.conversations.inbox import TurnRules, receive
from casework.conversations.model import DeliveryError, InboundMessage, Sent, StoredMessage
from casework.conversations.outbox import claim_to_send, record_failure, record_sent
from casework.house import House
from casework.notices.planning import plan
from casework.notices.posting import Notices, post_due
from casework.notices.wording import load_notices
from casework.storage.work import Store
from casework.tickets import handling
from casework.tickets.alarms import scan
from casework.tickets.filing import Filing, file_ticket
from casework.tickets.handling import Desk
from casework.tickets.model import Actor, Intake, Ticket
from casework.tickets.silence import end_silence
from casework.tickets.spreading import spread
from casework.tickets.states import Role
from casework.tickets.steps import Rules
from tests.casework.test_filing import TOLD
from tests.conftest import NOW, ROOT

LI, LEAD = Actor(Role.AGENT, "Li"), Actor(Role.LEAD, "Zhao")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(scope="session")
def notices(house: House, tmp_path_factory: pytest.TempPathFactory) -> Notices:
    return Notices(house, words(house, tmp_path_factory.mktemp("own")))


def words(house: House, own: Path) -> Any:
    return load_notices(
        ROOT / "packs" / "_words", own=own, voice=house.voice, never_say=house.packs.never_say
    )


@dataclass
class Town:
    """A house in which time passes only when it is told to."""

    store: Store
    notices: Notices
    now: datetime = NOW

    @property
    def house(self) -> House:
        return self.notices.house

    def tell(self) -> None:
        """What the spreader does until there is nothing more to do."""
        while True:
            with self.store.writing() as work:
                done = spread(work, self.now, (partial(plan, house=self.house),))
            with self.store.writing() as work:
                done += post_due(work, self.now, notices=self.notices)
            if not done:
                return

    def passes(self, span: timedelta) -> None:
        """Time passes; clocks are looked at and silence ends what it ends, then everybody is told."""
        self.now += span
        with self.store.writing() as work:
            scan(work, self.now, calendar=self.house.calendar)
        with self.store.writing() as work:
            end_silence(work, self.now, calendar=self.house.calendar)
        self.tell()

    def file(
        self,
        address: str = "ann",
        *,
        channel: str = "web",
        language: str = "zh",
        script: str = "",
        intake: Intake = TOLD,
        silent: bool = True,
        **values: Any,
    ) -> Ticket:
        """``silent``: nobody is told of the filing itself, as when the chat gave the receipt."""
        with self.store.writing() as work:
            chat = work.conversations.open(channel, address, now=self.now, profile={})
            work.conversations.change(chat.id, language=language, script=script)
            draft = work.tickets.add_draft(
                conversation_id=chat.id,
                complainant_id=chat.complainant_id,
                language=language,
                intake=intake,
                now=self.now,
            )
            category = self.house.packs.category(intake.category)
            ticket = file_ticket(
                work, draft, category, filing=Filing(calendar=self.house.calendar), now=self.now
            )
            if values:
                ticket = work.tickets.change(ticket, now=self.now, **values)
        if silent:
            with self.store.writing() as work:
                for unspread in work.spreading.of(ticket.id, limit=10):
                    work.spreading.told(unspread.event, now=self.now)
        return ticket

    def does(self, ticket: Ticket, action: str, *, by: Actor = LI, **given: Any) -> Ticket:
        """Staff do something; nobody is told yet."""
        with self.store.writing() as work:
            desk = Desk(work, Rules(self.house.packs, self.house.calendar), by, self.now)
            return handling.act(desk, work.tickets.get(ticket.id), action, given)

    def signed(self, ticket: Ticket) -> Ticket:
        self.does(ticket, "accept")
        return self.does(ticket, "sign")

    def told(self, address: str = "ann", channel: str = "web") -> list[StoredMessage]:
        """Every notice in the transcript of a chat."""
        with self.store.reading() as work:
            chat = work.conversations.find(channel, address)
            assert chat is not None
            return [
                message
                for message in work.messages.transcript(chat.id)
                if message.direction == "out" and work.notices.by_message(message.id)
            ]

    def kinds(self, address: str = "ann", channel: str = "web") -> list[str]:
        """What was posted in a chat, in order."""
        with self.store.reading() as work:
            found = [work.notices.by_message(message.id) for message in self.told(address, channel)]
        return [notice.kind for notice, _ in filter(None, found)]

    def kept(self, ticket: Ticket) -> dict[str, tuple[str, str]]:
        """Every notice of a ticket: kind -> (state, reason)."""
        with self.store.reading() as work:
            return {n.kind: (n.state, n.reason) for n in work.notices.of_ticket(ticket.id)}

    def writes(self, text: str, address: str = "ann", channel: str = "web") -> None:
        with self.store.writing() as work:
            message = InboundMessage(channel, f"{self.now.timestamp()}{text}", address, text=text)
            receive(work, message, now=self.now, rules=TurnRules(per_minute=30))

    def courier(self, fails: Callable[[str], DeliveryError | Sent | None] = lambda text: None) -> list[str]:
        """Sends what is queued. Gives the texts that arrived. ``fails``: what a provider says instead of taking it."""
        arrived = []
        while True:
            with self.store.writing() as work:
                claimed = claim_to_send(
                    work, channels=("web", "wechat", "telegram"), now=self.now, token="c", limit=20
                )
                for message, _ in claimed:
                    error = fails(message.text)
                    if isinstance(error, Sent):
                        record_sent(work, message, error, token="c", now=self.now)
                    elif error is None:
                        record_sent(work, message, Sent(("1",)), token="c", now=self.now)
                        arrived.append(message.text)
                    else:
                        record_failure(work, message, error, token="c", now=self.now, jitter=0)
            if not claimed:
                return arrived


@pytest.fixture
def town(store: Store, notices: Notices) -> Town:
    return Town(store, notices)
