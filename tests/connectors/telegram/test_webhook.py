"""The door: who is let in, what is answered."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from connectors.telegram.settings import TelegramSettings
from connectors.telegram.webhook import routes
from tests.connectors.telegram.fakes import RecordingInbox, RecordingReceiver, settings
from tests.connectors.telegram.updates import GROUP, PRIVATE, message, press

PATH = "/webhooks/telegram"


class Door:
    """The mounted webhook, knocked at like Telegram does."""

    def __init__(
        self, *failures: Exception, receiver: RecordingReceiver | None = None, **changes: Any
    ) -> None:
        self.settings: TelegramSettings = settings(**changes)
        self.inbox = RecordingInbox(*failures)
        self.receiver = receiver or RecordingReceiver()
        self.app = Starlette(routes=routes(self.settings, self.inbox, self.receiver))

    async def knock(
        self,
        content: bytes | AsyncIterator[bytes],
        *,
        secret: str | None = None,
        announced: int | None = None,
    ) -> httpx.Response:
        given = self.settings.secret_token if secret is None else secret
        headers = {b"X-Telegram-Bot-Api-Secret-Token": given.encode()}
        if announced is not None:
            headers[b"Content-Length"] = str(announced).encode()
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
            return await client.post(PATH, content=content, headers=headers)


def body(update: dict[str, Any]) -> bytes:
    return json.dumps(update).encode()


async def test_an_authentic_update_is_stored_and_accepted() -> None:
    door = Door()
    assert (await door.knock(body(message(text="路灯坏了")))).status_code == 200
    assert [kept.text for kept in door.inbox.messages] == ["路灯坏了"]


@pytest.mark.parametrize("secret", ["", "wrong", "秘密", "x" * 10_000])
async def test_a_wrong_secret_is_turned_away_and_nothing_is_stored(secret: str) -> None:
    door = Door()
    response = await door.knock(body(message(text="forged")), secret=secret)
    assert (response.status_code, door.inbox.messages) == (403, [])


async def test_an_update_without_the_header_is_turned_away() -> None:
    door = Door()
    transport = httpx.ASGITransport(app=door.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        assert (await client.post(PATH, content=body(message(text="hi")))).status_code == 403


async def test_a_secret_of_ones_own_is_used() -> None:
    door = Door(secret_token="chosen_by_the_admin")
    assert (await door.knock(body(message(text="hi")), secret="chosen_by_the_admin")).status_code == 200


async def test_an_oversized_body_is_refused_by_its_announced_length_unread() -> None:
    is_read = False

    async def content() -> AsyncIterator[bytes]:
        nonlocal is_read
        is_read = True
        yield b"x" * 101

    door = Door(max_body_bytes=100)
    assert (await door.knock(content(), announced=101)).status_code == 413
    assert not is_read


async def test_an_oversized_body_is_refused_while_it_streams_in() -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 1_000_000:
            sent += 1000
            yield b"x" * 1000

    door = Door(max_body_bytes=10_000)
    assert (await door.knock(endless())).status_code == 413
    assert sent < 20_000


async def test_a_body_at_the_limit_is_read() -> None:
    exact = body(message(text="hi"))
    door = Door(max_body_bytes=len(exact))
    assert (await door.knock(exact)).status_code == 200
    assert len(door.inbox.messages) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'"text"',
        b"[" * 100_000,
        b'{"update_id": ' + b"9" * 5_000 + b"}",
        b'{"update_id": 1, "message": []}',
        b'{"update_id": 1, "message": {"chat": {"id": 1e400}, "text": NaN}}',
        b"{}",
    ],
)
async def test_an_authentic_body_nobody_can_read_is_accepted_so_that_it_does_not_come_again(
    content: bytes,
) -> None:
    door = Door()
    assert (await door.knock(content)).status_code == 200
    assert door.inbox.messages == []


async def test_an_update_that_cannot_be_stored_is_asked_for_again(caplog: pytest.LogCaptureFixture) -> None:
    said = "路灯坏了"
    door = Door(RuntimeError(f"INSERT … [parameters: {said}]"))
    with caplog.at_level(logging.DEBUG):
        assert (await door.knock(body(message(text=said)))).status_code == 500
        assert (await door.knock(body(message(text=said)))).status_code == 200
    assert len(door.inbox.messages) == 1
    assert "not_stored" in caplog.text
    assert said not in caplog.text


async def test_a_mention_that_comes_before_the_bot_knows_its_name_is_asked_for_again_and_heard() -> None:
    door = Door(receiver=RecordingReceiver(ConnectionError(), username=""))
    said = body(message(text="@tingsu_bot the lift is stuck", chat=GROUP))
    assert (await door.knock(said)).status_code == 500
    assert door.inbox.messages == []
    assert (await door.knock(said)).status_code == 200
    assert [kept.text for kept in door.inbox.messages] == ["the lift is stuck"]


async def test_a_private_word_does_not_wait_for_the_bots_name() -> None:
    door = Door(receiver=RecordingReceiver(ConnectionError(), username=""))
    assert (await door.knock(body(message(text="路灯坏了")))).status_code == 200
    assert len(door.inbox.messages) == 1


async def test_an_update_that_comes_twice_is_accepted_twice_and_kept_once() -> None:
    door = Door()
    for _ in range(2):
        assert (await door.knock(body(message(text="hi")))).status_code == 200
    assert (len(door.inbox.messages), door.inbox.duplicates) == (1, 1)


async def test_a_press_is_stored_and_left_to_be_answered() -> None:
    door = Door()
    assert (await door.knock(body(press()))).status_code == 200
    assert [kept.token for kept in door.inbox.messages] == ["k3JxPq0aZ81b"]
    assert [left.query_id for left in door.receiver.presses] == ["4382bfdwdsb323b2d9"]


async def test_a_kind_of_update_nobody_knows_is_accepted() -> None:
    door = Door()
    assert (await door.knock(body({"update_id": 1, "of_next_year": {"chat": PRIVATE}}))).status_code == 200


async def test_only_posts_are_served() -> None:
    transport = httpx.ASGITransport(app=Door().app)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        assert (await client.get(PATH)).status_code == 405


def test_a_bot_that_fetches_its_updates_has_no_webhook() -> None:
    assert routes(settings(mode="polling"), RecordingInbox(), RecordingReceiver()) == []
