"""The page of how the house runs: what is wrong comes first, in the reader's language, each with a cure."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from casework.conversations import outbox
from casework.conversations.inbox import TurnRules, receive
from casework.conversations.model import DeliveryError, InboundMessage, Reply
from connectors.telegram.health import trouble
from connectors.wechat.health import _CURES
from desk.desk import PREFIX
from desk.wording import load_words
from tests.conftest import ROOT
from tests.desk.conftest import Office

HEALTH = f"{PREFIX}/health"


def _wrong(office: Office) -> dict[str, str]:
    """Part -> what is said of it, of all that is wrong or to be noted; nothing is looked at but its list."""
    page = office.come_in("admin").get(HEALTH).text
    found = re.findall(r'<li class="check (?:note|bad)">.*?<b>(.*?)</b>(.*?)</li>', page, re.DOTALL)
    return {part: re.sub(r"<[^>]+>|\s+", " ", text) for part, text in found}


def _engine_runs(office: Office) -> None:
    with office.store.writing() as work:
        work.engines.sign("host:1", state="ready", model="absent", now=office.now)


def test_a_house_without_an_engine_says_so_first_and_what_to_do(office: Office) -> None:
    page = office.come_in("admin").get(HEALTH).text
    first = page.split('<li class="check ')[1]
    assert first.startswith("bad")
    assert "Run: tingsu engine" in first
    _engine_runs(office)
    assert "Engines" not in _wrong(office)


def test_an_engine_with_another_model_than_the_files_is_noted(office: Office) -> None:
    with office.store.writing() as work:
        work.engines.sign("host:1", state="ready", model="tingsu-older", now=office.now)
    assert "Run: tingsu train" in _wrong(office)["Model"]
    with office.store.writing() as work:
        work.engines.sign("host:1", state="ready", model="absent", now=office.now)
    assert "Model" not in _wrong(office)


def test_messages_that_wait_too_long_for_an_engine_are_wrong(office: Office) -> None:
    with office.store.writing() as work:
        message = InboundMessage("web", "1", "ann", "灯坏了", sent_at=office.now)
        receive(work, message, now=office.now, rules=TurnRules())
    _engine_runs(office)
    assert _wrong(office) == {}
    office.later(minutes=3)
    _engine_runs(office)
    assert "1, the oldest for 3 min" in _wrong(office)["Messages that wait for an answer"]


def test_clocks_that_nobody_looks_at_are_found(office: Office) -> None:
    office.told()
    _engine_runs(office)
    assert "Clocks" not in _wrong(office)
    office.later(days=9)
    assert "timekeeper" in _wrong(office)["Clocks"]


def test_what_a_channel_could_not_deliver_is_counted_with_its_last_error(office: Office) -> None:
    ticket = office.told()
    with office.store.writing() as work:
        outbox.post_system(work, work.conversations.get(ticket.conversation_id), Reply("好"), now=office.now)
    office.later(minutes=5)
    with office.store.writing() as work:
        ((message, _),) = outbox.claim_to_send(work, channels=("web",), token="t", now=office.now)
        outbox.record_failure(work, message, DeliveryError("network"), token="t", now=office.now, jitter=0)
    assert "1 not sent, the oldest for 5 min" in _wrong(office)["Messages to people"]
    page = office.come_in("admin").get(HEALTH).text
    assert re.search(r"oldest 300 s</small></td><td>0</td><td>0</td><td>network</td>", page)
    assert page.index("not running") < page.index("oldest 300 s")  # web is not set up here


def test_mails_that_do_not_leave_are_named_with_the_error(office: Office) -> None:
    with office.store.writing() as work:
        work.mails.plan(
            key="k", login="agent", kind="assigned", facts={}, due_at=office.now, created_at=office.now
        )
        (mail,) = work.mails.claim(
            now=office.now,
            sent_before=office.now,
            token="t",
            until=office.now + timedelta(minutes=1),
            limit=5,
        )
        work.mails.settle([mail], token="t", due_at=office.now, error="ConnectionRefusedError")
    office.later(minutes=1)
    assert "ConnectionRefusedError" in _wrong(office)["Mails to staff"]


def test_the_provider_is_heard_in_the_language_of_who_reads(office: Office) -> None:
    office.providers["telegram"] = trouble("token_refused")
    assert "Telegram refuses the token" in office.come_in("admin").get(HEALTH).text
    page = office.come_in("admin", language="zh").get(HEALTH).text
    assert "Telegram 不认这个令牌" in page
    assert "从 @BotFather 重新复制令牌" in page


@pytest.mark.parametrize("channel", ["telegram", "wechat", "web"])
def test_every_reason_of_a_channel_has_words_in_both_languages(channel: str) -> None:
    source = "".join(p.read_text(encoding="utf-8") for p in Path(ROOT / "connectors" / channel).glob("*.py"))
    codes = re.findall(r'Reason\(\s*"([a-z0-9_]+)"', source)
    if channel == "wechat":
        codes += [f"wechat_cure_{key}" for key, _ in _CURES.values()]
    assert codes
    words = load_words(ROOT / "desk" / "words")
    for code in codes:
        assert words["zh"].get(f"health_{code}"), code
