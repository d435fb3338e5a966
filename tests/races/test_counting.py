"""The counting of the storms sees what it is there for: each thing that may go wrong is done on purpose, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from casework.conversations import inbox, outbox, turns
from casework.conversations.inbox import TurnRules
from casework.conversations.model import InboundMessage, Reply, Sent
from casework.storage.tables import messages
from casework.storage.work import Store
from tests.conftest import NOW
from tests.races.holds import Tally
from tests.races.provider import Provider
from tests.races.storm import Weather, count

CHAT = 700_001
WEATHER = Weather(people=1, messages=3)


@pytest.fixture
def provider(store: Store) -> Provider:
    """One person, three messages, each answered in a turn of its own and sent."""
    provider = Provider()
    for number in range(1, WEATHER.messages + 1):
        now = NOW + timedelta(seconds=10 * number)
        message = InboundMessage("telegram", f"{number}", f"{CHAT}", text=f"note p1m{number}")
        with store.writing() as work:
            inbox.receive(work, message, now=now, rules=TurnRules())
        later = now + timedelta(seconds=2)
        with store.writing() as work:
            claim = turns.claim_next(work, now=later)
            assert claim is not None
            turns.finish(work, claim, [Reply(f"answers p1m{number}")], understanding={}, now=later)
        with store.writing() as work:
            [(sent, _)] = outbox.claim_to_send(work, channels=["telegram"], now=later, token="t")
            outbox.record_sent(work, sent, Sent(("p",)), token="t", now=later)
        provider.sent.append((CHAT, sent.text))
    return provider


@pytest.mark.parametrize("answers_name", [True, False])
def test_a_calm_day_is_clean(store: Store, provider: Provider, answers_name: bool) -> None:
    tally = count(store, provider, WEATHER, kills=0, answers_name=answers_name)
    assert tally == Tally(histories=1, messages=3)


def _run(store: Store, *statements: object) -> None:
    with store.database.transaction() as connection:
        for statement in statements:
            connection.execute(statement)


_out, _in = messages.c.direction == "out", messages.c.direction == "in"
_second = messages.c.seq.in_((3, 4))  # of the second message and its answer

TAMPERING: dict[str, tuple[str, Callable[[Store, Provider], object]]] = {
    "a message never stored": (
        "lost",
        lambda store, _: _run(
            store,
            update(messages).where(_out, _second).values(reply_to_id=None),
            delete(messages).where(_in, _second),
        ),
    ),
    "a turn without an answer": ("lost", lambda store, _: _run(store, delete(messages).where(_out, _second))),
    "an answer never sent": ("lost", lambda _, provider: provider.sent.pop(1)),
    "an answer sent twice": ("doubled", lambda _, provider: provider.sent.append(provider.sent[2])),
    "an answer sent to somebody else": (
        "doubled",
        lambda _, provider: provider.sent.append((1, "answers p1m1")),
    ),
    "a text that nobody wrote": ("doubled", lambda _, provider: provider.sent.append((CHAT, "hello"))),
    "answers in the wrong order": ("disorder", lambda _, provider: provider.sent.reverse()),
    "an answer after staff took the chat": (
        "stale",
        lambda store, _: _run(
            store,
            update(messages).where(_out, _second).values(epoch=1),
            messages.metadata.tables["conversations"].update().values(owner="staff"),
        ),
    ),
}


@pytest.mark.parametrize("what", TAMPERING)
@pytest.mark.parametrize("answers_name", [True, False])
def test_what_goes_wrong_is_counted(store: Store, provider: Provider, what: str, answers_name: bool) -> None:
    field, tamper = TAMPERING[what]
    tamper(store, provider)
    tally = count(store, provider, WEATHER, kills=0, answers_name=answers_name)
    assert getattr(tally, field) > 0, tally
    assert not tally.is_clean
