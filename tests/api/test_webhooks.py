"""Webhooks: what a receiver made of others' packages gets, what is tried again, and what nobody gets twice."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import IO, Any

import httpx
import pytest

from app.webhooks import WebhookCourier
from casework.house import House
from casework.media.model import FetchFailed
from casework.storage.work import Store
from casework.tickets.handling import act
from casework.tickets.model import Actor
from casework.tickets.spreading import spread
from casework.tickets.states import Role
from casework.webhooks.model import Webhook
from casework.webhooks.sending import BACK_OFF_S, Announcer, add_webhook, forget_log, new_secret, replay
from connectors.fetching import Guard
from tests.casework.test_filing import file
from tests.casework.test_lifecycle import Staff
from tests.conftest import NOW

pytestmark = pytest.mark.peer


class Receiver:
    def __init__(self, lines: IO[str]) -> None:
        self._lines = lines
        self.url = f"http://127.0.0.1:{int(lines.readline())}/hook?key=secret"

    def next(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self._lines.readline())
        return told


@contextmanager
def receiving(python: Path, secret: str, *statuses: int) -> Iterator[Receiver]:
    script = Path(__file__).parent / "peers" / "receiver.py"
    command = [str(python), str(script), secret, *map(str, statuses)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Receiver(process.stdout)
        finally:
            process.terminate()


class Town:
    """A ticket whose steps are spread to webhooks, and couriers that send them."""

    def __init__(self, store: Store, house: House) -> None:
        self.store, self.house = store, house
        self.now = datetime.now(timezone.utc)  # receivers refuse old signatures

    def add(self, url: str, *types: str, secret: str = "") -> Webhook:
        with self.store.writing() as work:
            return add_webhook(work, url=url, types=types, secret=secret or new_secret(), now=self.now)

    def happen(self) -> str:
        """Somebody files a ticket and Li accepts it."""
        with self.store.writing() as work:
            ticket = file(work, self.house)
            act(Staff(work, self.house, ticket).desk(Actor(Role.AGENT, "Li")), ticket, "accept")
        with self.store.writing() as work:
            while spread(work, self.now, [Announcer("https://town.test/api/v1/tickets")]):
                pass
        return ticket.number

    def courier(self, post: Callable[..., Any] | None = None) -> WebhookCourier:
        posting: Any = Guard(trusted=("http://127.0.0.1",))
        if post is not None:
            posting = type("Posting", (), {"post": staticmethod(post)})()
        return WebhookCourier(self.store, posting, clock=lambda: self.now)

    def trusting(self, url: str) -> WebhookCourier:
        origin = url.partition("/hook")[0]
        return WebhookCourier(self.store, Guard(trusted=(origin,)), clock=lambda: self.now)

    def log(self, **which: Any) -> list[Any]:
        with self.store.reading() as work:
            return work.webhooks.log(limit=100, **which)


@pytest.fixture
def town(store: Store, house: House) -> Town:
    return Town(store, house)


async def test_a_receiver_of_others_verifies_and_reads_what_happened(town: Town, peer_python: Path) -> None:
    secret = new_secret()
    with receiving(peer_python, secret, 200) as receiver:
        town.add(receiver.url, "accept", secret=secret)
        number = town.happen()
        assert await town.trusting(receiver.url).look() == 1
        told = receiver.next()
    assert told["content_type"] == "application/cloudevents+json; charset=utf-8"
    assert told["attributes"].items() >= {
        "specversion": "1.0", "type": "tingsu.ticket.accept", "subject": number,
        "source": "https://town.test/api/v1/tickets", "id": told["id"],
    }.items()  # fmt: skip
    assert told["data"].items() >= {
        "number": number, "action": "accept", "from": "triage", "to": "assigned", "state": "assigned",
        "by": {"role": "agent", "name": "Li"},
    }.items()  # fmt: skip
    (sent,) = town.log()
    assert (sent.state, sent.status, sent.attempts) == ("sent", 200, 1)


async def test_a_signature_under_another_secret_is_not_taken(town: Town, peer_python: Path) -> None:
    with receiving(peer_python, new_secret(), 400) as receiver:
        town.add(receiver.url, "accept")
        town.happen()
        await town.trusting(receiver.url).look()
        assert receiver.next()["refused"] == "No matching signature found"


async def test_what_is_not_taken_is_tried_again_later_under_the_same_id(
    town: Town, peer_python: Path
) -> None:
    secret = new_secret()
    with receiving(peer_python, secret, 500, 302, 204) as receiver:
        town.add(receiver.url, "accept", secret=secret)
        town.happen()
        courier = town.trusting(receiver.url)
        start, ids = town.now, []
        for wait in (0, BACK_OFF_S[0], BACK_OFF_S[1]):
            town.now += timedelta(seconds=wait * 0.9)
            assert wait == 0 or await courier.look() == 0
            town.now += timedelta(seconds=wait * 0.4)
            town.now = min(town.now, start + timedelta(seconds=290)) if wait == BACK_OFF_S[0] else town.now
            assert await courier.look() == 1
            ids.append(receiver.next()["id"])
    assert len(set(ids)) == 1
    (sent,) = town.log()
    assert (sent.state, sent.status, sent.attempts) == ("sent", 204, 3)


async def test_a_delivery_dies_after_its_last_try_and_comes_back_when_replayed(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    calls = []

    async def post(url: str, **_given: Any) -> httpx.Response:
        calls.append(url)
        raise FetchFailed("ConnectError")

    webhook = town.add("https://erp.test/hook", "accept")
    town.happen()
    courier = town.courier(post)
    for _ in range(40):
        town.now += timedelta(days=2)
        await courier.look()
    assert len(calls) == len(BACK_OFF_S) + 1
    (dead,) = town.log(state="dead")
    assert dead.error == "ConnectError"
    assert "webhook.dead" in caplog.text
    assert "erp.test" not in caplog.text
    with town.store.writing() as work:
        assert replay(work, webhook_id=webhook.id, now=town.now) == 1
    assert await courier.look() == 1


@pytest.mark.parametrize(("status", "state"), [(410, "dead"), (429, "waiting")])
async def test_a_receiver_says_how_to_go_on(town: Town, status: int, state: str) -> None:
    async def post(_url: str, **_given: Any) -> httpx.Response:
        return httpx.Response(status, headers={"Retry-After": "3600"})

    town.add("https://erp.test/hook", "accept")
    town.happen()
    await town.courier(post).look()
    (told,) = town.log()
    assert told.state == state
    assert state == "dead" or told.next_try_at == town.now + timedelta(seconds=3600)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/hook", "http://169.254.169.254/latest", "https://localhost/x"]
)
async def test_no_webhook_reaches_into_our_own_network(town: Town, url: str) -> None:
    town.add(url, "accept")
    town.happen()
    courier = WebhookCourier(town.store, Guard(), clock=lambda: town.now)
    await courier.look()
    (told,) = town.log()
    assert (told.state, told.error) == ("waiting", "address")


async def test_of_several_couriers_one_sends_each_event(town: Town) -> None:
    calls = []

    async def post(_url: str, *, headers: dict[str, str], **_given: Any) -> httpx.Response:
        calls.append(headers["webhook-id"])
        await asyncio.sleep(0.01)
        return httpx.Response(200)

    town.add("https://one.test/hook")
    for _ in range(5):
        town.happen()
    couriers = [town.courier(post) for _ in range(4)]
    while any(await asyncio.gather(*(courier.look() for courier in couriers))):
        pass
    assert sorted(calls) == sorted(delivery.key for delivery in town.log())
    assert len(calls) >= 5 * 3  # submit, acknowledge, accept


async def test_a_webhook_hears_what_it_asked_for_until_it_is_removed(town: Town) -> None:
    webhook, _other = (
        town.add("https://one.test/hook", "submit", "accept"),
        town.add("https://two.test/h", "rate"),
    )
    town.happen()
    assert sorted(delivery.type for delivery in town.log()) == ["accept", "submit"]
    with town.store.writing() as work:
        assert work.webhooks.remove(webhook.id, now=NOW)
        assert not work.webhooks.remove(webhook.id, now=NOW)
        assert replay(work, now=NOW) == 0
    town.happen()
    assert len(town.log()) == 2
    assert {delivery.error for delivery in town.log()} == {"removed"}


async def test_the_log_forgets_what_was_sent_a_month_ago_and_nothing_that_waits(town: Town) -> None:
    statuses = iter((200, 500))

    async def post(_url: str, **_given: Any) -> httpx.Response:
        return httpx.Response(next(statuses))

    town.add("https://erp.test/hook", "accept")
    town.happen()
    await town.courier(post).look()
    town.happen()
    await town.courier(post).look()
    with town.store.writing() as work:
        forget_log(work, now=town.now + timedelta(days=31))
    assert [delivery.state for delivery in town.log()] == ["waiting"]
