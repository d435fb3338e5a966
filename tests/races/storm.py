"""A storm of messages on a house of real processes, with or without kills; and what is counted afterwards."""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import httpx
from sqlalchemy import func, select
from sqlalchemy.engine import Row

from casework.conversations.model import Owner
from casework.storage.tables import conversations, messages
from casework.storage.work import Store
from tests.races.fleet import Fleet
from tests.races.holds import Tally
from tests.races.provider import Provider, update
from tests.races.quick_engine import MARK

#: Longest rest after the storm, in seconds: leases of what was killed must end first.
REST_S = 400.0
#: Requests under way at once.
AT_ONCE = 40


@dataclass(frozen=True)
class Weather:
    """``copies``: how often each message is delivered. ``pause_s``: longest pause between two of one person."""

    people: int
    messages: int
    copies: int = 3
    pause_s: float = 0.0


async def blow(provider: Provider, fleet: Fleet, weather: Weather, rng: random.Random) -> None:
    """Everybody writes at once; each message comes several times, its copies anywhere after the first one."""
    room = asyncio.Semaphore(AT_ONCE)
    async with httpx.AsyncClient(timeout=20, limits=httpx.Limits(max_connections=AT_ONCE)) as client:

        async def person(number: int, order: Sequence[int]) -> None:
            for message in order:
                async with room:
                    await provider.deliver(client, fleet.urls, update(number, message), rng)
                if weather.pause_s:
                    await asyncio.sleep(rng.random() * weather.pause_s)

        await asyncio.gather(
            *(person(number, _order(weather, rng)) for number in range(1, weather.people + 1))
        )


def _order(weather: Weather, rng: random.Random) -> list[int]:
    """The messages of one person, first copies in order, the others shuffled in behind them."""
    order = list(range(1, weather.messages + 1))
    for message in range(1, weather.messages + 1):
        for _ in range(weather.copies - 1):
            order.insert(rng.randint(order.index(message) + 1, len(order)), message)
    return order


async def rest(store: Store) -> None:
    """Wait until nothing waits any more; what still does at the end counts as lost."""
    deadline = asyncio.get_running_loop().time() + REST_S
    while asyncio.get_running_loop().time() < deadline and await asyncio.to_thread(_left, store) > 0:
        await asyncio.sleep(1)


def _left(store: Store) -> int:
    with store.database.reading() as connection:
        query = select(func.count()).where(messages.c.state.in_(("waiting", "queued", "sending")))
        return int(connection.execute(query).scalar_one())


def count(
    store: Store, provider: Provider, weather: Weather, *, kills: int, answers_name: bool = True
) -> Tally:
    """Every message answered or with staff, none twice, in order. ``answers_name``: the bot's answers name the messages
    that they answer, as those of `quick_engine` do."""
    tally = Tally(histories=weather.people, kills=kills)
    with store.database.reading() as connection:
        rows = connection.execute(
            select(messages, conversations.c.address, conversations.c.owner)
            .join(conversations, conversations.c.id == messages.c.conversation_id)
            .order_by(messages.c.conversation_id, messages.c.seq)
        ).all()
    reached: dict[int, list[str]] = {}
    for chat, text in provider.sent:
        reached.setdefault(chat, []).append(text)
    for person in range(1, weather.people + 1):
        own = [row for row in rows if row.address == str(700_000 + person)]
        heard = [row for row in own if row.direction == "in"]
        said = [row for row in own if row.direction == "out"]
        _count_heard(tally, [f"p{person}m{number + 1}" for number in range(weather.messages)], heard)
        _count_answers(tally, heard, said, answers_name=answers_name)
        _count_deliveries(tally, said, reached.pop(700_000 + person, []))
    tally.doubled += sum(len(texts) for texts in reached.values())  # to people who never wrote
    return tally


def _mark(row: Row) -> str:
    return str(MARK.findall(row.text)[0])


def _count_heard(tally: Tally, wanted: list[str], heard: list[Row]) -> None:
    stored = [_mark(row) for row in heard]
    tally.messages += len(wanted)
    tally.lost += len(set(wanted) - set(stored))
    tally.doubled += len(stored) - len(set(stored))
    tally.disorder += stored != [mark for mark in wanted if mark in stored]


def _count_answers(tally: Tally, heard: list[Row], said: list[Row], *, answers_name: bool) -> None:
    named = [mark for row in said for mark in MARK.findall(row.text)]
    times = Counter(named)
    tally.doubled += sum(number - 1 for number in times.values())
    tally.disorder += list(dict.fromkeys(named)) != [_mark(row) for row in heard if times[_mark(row)]]
    # A turn is one transaction with one time: what it took and what it said carry the same.
    turns = Counter(row.created_at for row in said if row.author == "bot")
    tally.doubled += sum(number - 1 for number in turns.values())
    for row in heard:
        handed_over = any(
            out.author == "system" and out.epoch > row.epoch and out.created_at == row.settled_at
            for out in said
        )
        is_answered = bool(times[_mark(row)]) if answers_name else row.settled_at in turns
        if row.epoch > 0 or handed_over:  # workers died of its turn too often, and staff have the chat
            tally.aside += 1
        elif not is_answered:
            tally.lost += 1
    tally.stale += sum(row.author == "bot" and row.epoch > 0 and row.owner != Owner.BOT.value for row in said)


def _count_deliveries(tally: Tally, said: list[Row], reached: list[str]) -> None:
    copies, written = Counter(reached), Counter(row.text for row in said)
    for text in copies | written:
        doubts = sum(row.doubtful for row in said if row.text == text)
        tally.lost += max(0, written[text] - copies[text])
        extra = max(0, copies[text] - written[text])
        tally.in_doubt += min(extra, doubts)
        tally.doubled += max(0, extra - doubts)
    order = [text for text in dict.fromkeys(reached) if re.search(MARK, text)]
    tally.disorder += order != [row.text for row in said if re.search(MARK, row.text)]
