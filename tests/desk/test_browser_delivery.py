"""What became of an answer is seen where it stands, without loading the page anew."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from casework.conversations import outbox
from casework.conversations.model import DeliveryError, Reply, Sent
from tests.desk.served import Served, Wires
from tests.desk.test_browser import Somebody, browser, live, people, served

__all__ = ["browser", "live", "people", "served"]  # fixtures
pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


def _deliver(served: Served, talk: int, error: DeliveryError | None = None) -> None:
    """The courier's turn: everything that waits is taken, or refused with ``error``."""
    office = served.office
    while True:
        with office.store.writing() as work:
            found = outbox.claim_to_send(work, channels=["web"], now=office.now, token="courier", limit=1)
        for message, _ in found:
            with office.store.writing() as work:
                if error is None:
                    outbox.record_sent(work, message, Sent(()), token="courier", now=office.now)
                else:
                    outbox.record_failure(work, message, error, token="courier", now=office.now, jitter=0.0)
        if not found:
            break
    assert isinstance(office.live, Wires)
    office.live.ring("chat", str(talk))


def test_sent_held_and_failed_are_seen_without_reloading(served: Served, people: dict[str, Somebody]) -> None:
    talk, agent = served.office.waits(), people["agent"]
    agent.open(f"/talks/{talk}")
    agent.page.locator('[data-act="claim"]').click()
    expect(agent.page.locator(".owner")).to_have_text("Agent has it")
    agent.page.evaluate("window.stays = true")
    lead = people["lead"]
    lead.open(f"/talks/{talk}")
    last = agent.page.locator(".message.staff .delivery").last

    def says(text: str) -> None:
        with served.office.store.writing() as work:
            conversation = work.conversations.get(talk)
            outbox.post_staff(work, conversation, Reply(text), name="agent", now=served.office.now)
        served.office.live.ring("chat", str(talk))  # type: ignore[attr-defined]

    says("我来看看。")
    expect(last).to_have_text("queued")
    _deliver(served, talk)
    expect(last).to_have_text("sent")
    says("明天答复您。")
    expect(last).to_have_text("queued")
    _deliver(served, talk, DeliveryError("refused", permanent=True))
    expect(last).to_have_text("not delivered")
    expect(last).to_have_class("delivery failed")
    says("还在吗？")
    _deliver(served, talk, DeliveryError("blocked", permanent=True, unreachable=True))
    expect(last).to_have_text("held until they write")
    expect(lead.page.locator(".message.staff .delivery").last).to_have_text("held until they write")
    assert agent.page.evaluate("window.stays")
    shown = agent.page.locator(".message.staff .delivery").all_inner_texts()
    agent.page.reload()
    assert agent.page.locator(".message.staff .delivery").all_inner_texts() == shown
