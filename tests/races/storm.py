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
    """Wait until nothing waits any more."""
    deadline = asyncio.get_running_loop().time() + REST_S
    left = -1
    while asyncio.get_running_loop().time() < deadline:
        left = await asyncio.to_thread(_left, store)
        if left == 0:
            return
        await asyncio.sleep(1)
    raise AssertionError(f"{left} messages never came to rest")


def _left(store: Store) -> int:
    with store.database.reading() as connection:
        query = select(func.count()).where(messages.c.state.in_(("waiting", "queued", "sending")))
        return int(connection.execute(query).scalar_one())


def count(store: Store, provider: Provider, weather: Weather, *, kills: int) -> Tally:
    """Every message answered or set aside, none twice, in order."""
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
        _count_person(tally, person, own, reached.get(700_000 + person, []), weather)
    return tally


def _count_person(tally: Tally, person: int, rows: list[Row], reached: list[str], weather: Weather) -> None:
    heard = [row for row in rows if row.direction == "in"]
    said = [row for row in rows if row.direction == "out"]
    wanted = [f"p{person}m{number}" for number in range(1, weather.messages + 1)]
    stored = [MARK.findall(row.text)[0] for row in heard]
    tally.messages += len(wanted)
    tally.lost += len(set(wanted) - set(stored))
    tally.doubled += len(stored) - len(set(stored))
    tally.disorder += stored != [mark for mark in wanted if mark in stored]
    answered = Counter(mark for row in said for mark in MARK.findall(row.text))
    tally.doubled += sum(times - 1 for times in answered.values())
    # What the real engine says names no messages: there, a turn is known by the last message it answers.
    turns = Counter(row.reply_to_id for row in said if row.author == "bot")
    tally.doubled += sum(times - 1 for times in turns.values())
    for row, mark in zip(heard, stored, strict=True):
        # Set aside after too many deaths: staff has the chat from then on, with all that is written in it.
        with_staff = row.epoch > 0 or any(out.author == "system" and out.epoch > row.epoch for out in said)
        later = row.state == "done" and any((out.reply_to_id or 0) >= row.id for out in said)
        tally.lost += not (answered[mark] or row.state == "aside" or with_staff or (later and not answered))
    tally.stale += sum(row.author == "bot" and row.epoch > 0 and row.owner != Owner.BOT.value for row in said)
    _count_deliveries(tally, said, reached)


def _count_deliveries(tally: Tally, said: list[Row], reached: list[str]) -> None:
    copies = Counter(reached)
    for text, group in Counter(row.text for row in said).items():
        doubts = sum(row.doubtful for row in said if row.text == text)
        tally.lost += max(0, group - copies[text])
        extra = max(0, copies[text] - group)
        tally.in_doubt += min(extra, doubts)
        tally.doubled += max(0, extra - doubts)
    order = [text for text in dict.fromkeys(reached) if re.search(MARK, text)]
    tally.disorder += order != [row.text for row in said if re.search(MARK, row.text)]
