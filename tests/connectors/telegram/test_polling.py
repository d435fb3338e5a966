"""Fetching updates: nothing is confirmed before it is stored, and trouble is told."""

from __future__ import annotations

from typing import Any

from connectors.telegram.polling import Poller
from tests.connectors.telegram.fakes import (
    BotApi,
    RecordingInbox,
    Sleeper,
    refusal,
    sender_for,
    settings,
    until,
)
from tests.connectors.telegram.updates import message, press


class Setting:
    """A poller with its surroundings; pauses are counted, not waited."""

    def __init__(self, *failures: Exception, pauses: int = 20) -> None:
        self.api = BotApi()
        self.inbox = RecordingInbox(*failures)
        self.sleeper = Sleeper(limit=pauses)
        self.sender = sender_for(self.api, mode="polling")
        self.poller = Poller(settings(mode="polling"), self.inbox, self.sender, sleep=self.sleeper)

    @property
    def offsets(self) -> list[Any]:
        return [call.get("offset") for call in self.api.of("getUpdates")]


async def test_updates_are_stored_in_order_and_confirmed_by_the_next_call() -> None:
    at = Setting()
    at.api.updates = [message(update_id=n, text=str(n)) for n in (10, 11)]
    await at.poller.fetch_once()
    await at.poller.fetch_once()
    assert [kept.text for kept in at.inbox.messages] == ["10", "11"]
    assert at.offsets == [None, 12]


async def test_a_webhook_is_removed_once_and_keeps_its_waiting_updates() -> None:
    at = Setting()
    await at.poller.fetch_once()
    await at.poller.fetch_once()
    assert [call["drop_pending_updates"] for call in at.api.of("deleteWebhook")] in ([False], ["False"])


async def test_an_update_that_was_not_stored_is_fetched_again() -> None:
    at = Setting(OSError("disk full"))
    at.api.updates = [message(update_id=n, text=str(n)) for n in (10, 11)]
    await at.poller.start()
    await until(lambda: len(at.inbox.messages) == 2)
    await at.poller.stop()
    assert [kept.text for kept in at.inbox.messages] == ["10", "11"]
    assert at.offsets[:2] == [None, None]
    assert at.inbox.duplicates == 0


async def test_another_program_with_the_same_token_is_told_in_health() -> None:
    at = Setting(pauses=3)
    conflict = (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    at.api.script["getUpdates"] = [refusal(409, conflict)] * 3
    await at.poller.start()
    await until(lambda: len(at.sleeper.pauses) == 3)
    health = await at.sender.health()
    assert (health.ok, health.summary) == (False, "another program fetches this bot's updates")
    assert "Stop the other program" in health.cure
    assert at.sleeper.pauses == [1.0, 2.0, 4.0]
    await at.poller.stop()


async def test_health_recovers_with_the_next_fetch() -> None:
    at = Setting()
    at.api.script["getUpdates"] = [refusal(409, "Conflict")]
    await at.poller.start()
    await until(lambda: len(at.api.of("getUpdates")) > 2)
    await at.poller.stop()
    assert (await at.sender.health()).ok


async def test_kinds_the_library_does_not_know_are_still_read() -> None:
    at = Setting()
    at.api.updates = [message(update_id=5, content_of_next_year={"x": 1})]
    await at.poller.fetch_once()
    assert at.inbox.messages[0].profile["unknown"] == "content_of_next_year"


async def test_a_fetched_press_is_answered() -> None:
    at = Setting()
    at.api.updates = [press()]
    await at.poller.fetch_once()
    await until(lambda: len(at.api.of("answerCallbackQuery")) == 1)
    assert at.inbox.messages[0].token == "k3JxPq0aZ81b"
    await at.sender.stop()


async def test_a_fetched_update_reads_like_a_pushed_one() -> None:
    at = Setting()
    at.api.updates = [
        message(update_id=5, photo=[{"file_id": "P", "file_unique_id": "U", "width": 1, "height": 1}])
    ]
    await at.poller.fetch_once()
    (kept,) = at.inbox.messages
    assert (kept.media[0].ref, kept.profile["language"], kept.sent_at is not None) == ("P", "zh-hans", True)
