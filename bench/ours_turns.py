"""Whole turns of ours, from the inbox to the outbox, in a process of its own.

    python -m bench.ours_turns JOB.json

``JOB.json`` holds ``database_url``, ``model``, ``people``, ``length``; it is overwritten with the figures.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import psutil
import uvicorn
from cryptography.fernet import Fernet
from starlette.applications import Starlette

from app.bus import Bus
from app.gateway import Parts, application
from app.settings import Settings
from app.turns import TurnRunner, state_of
from app.valkey import embedded_valkey
from app.wiring import load_house, open_store, utc_now
from bench.script import BURST, OPENINGS, next_words
from bot.engine import Engine
from casework.conversations import inbox, outbox
from casework.conversations.inbox import TurnRules
from casework.conversations.model import InboundMessage, Sent
from casework.house import House
from casework.storage.work import Store
from understanding.features import forget_vectors
from understanding.linear import forget_ngrams

#: The quiet time after a message is waiting, not work: left out where work is measured.
_AT_ONCE = TurnRules(window=timedelta(0))


@dataclass
class Spent:
    """CPU seconds of each turn, by part."""

    inbox: list[float] = field(default_factory=list)
    turn: list[float] = field(default_factory=list)
    outbox: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    def milliseconds(self, first: int = 0, last: int | None = None) -> float:
        """Mean CPU of a whole turn."""
        parts = [self.inbox[first:last], self.turn[first:last], self.outbox[first:last]]
        return 1000 * sum(map(sum, parts)) / max(1, len(parts[0]))


class Person:
    """One person who answers what the bot asks, over and over."""

    def __init__(self, store: Store, runner: TurnRunner, address: str) -> None:
        self._store, self._runner, self._address = store, runner, address
        self._pending: str | None = None
        self._told = self._turns = 0

    def speak(self, spent: Spent) -> None:
        text, self._told = next_words(self._pending, self._told)
        self._turns += 1
        # people hardly ever say the same sentence again
        forget_vectors()
        forget_ngrams()
        began, start = time.perf_counter(), time.process_time()
        message = InboundMessage(
            channel="web", address=self._address, provider_id=f"{self._address}-{self._turns}", text=text
        )
        with self._store.writing() as work:
            received = inbox.receive(work, message, now=utc_now(), rules=_AT_ONCE)
        stored = time.process_time()
        if not self._runner.run_next(received.conversation_id):
            raise RuntimeError(
                f"turn {self._turns} of {self._address} was not answered: a person has the chat"
            )
        answered = time.process_time()
        with self._store.writing() as work:
            claimed = outbox.claim_to_send(work, channels=("web",), now=utc_now(), token="bench")
        for out, _ in claimed:
            with self._store.writing() as work:
                outbox.record_sent(work, out, Sent(provider_ids=("1",)), token="bench", now=utc_now())
        spent.inbox.append(stored - start)
        spent.turn.append(answered - stored)
        spent.outbox.append(time.process_time() - answered)
        spent.wall.append(time.perf_counter() - began)
        with self._store.reading() as work:
            state = state_of(work, work.conversations.get(received.conversation_id))
        self._pending = state["pending_field"]


def main() -> None:
    path = Path(sys.argv[1])
    job = json.loads(path.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory(prefix="tingsu-bench-") as folder, embedded_valkey() as redis_url:
        settings = Settings(
            database_url=job["database_url"],
            redis_url=redis_url,
            data_dir=Path(folder),
            data_key=(Fernet.generate_key().decode(),),
        )
        answer = run(settings, job)
    path.write_text(json.dumps(answer), encoding="utf-8")


def run(settings: Settings, job: dict[str, Any]) -> dict[str, Any]:
    began = time.perf_counter()
    store, house = open_store(settings), load_house(settings)
    engine = Engine.load(Path(job["model"]))
    runner = TurnRunner(store=store, engine=engine, house=house, bus=Bus(""), clock=utc_now)
    started = time.perf_counter() - began
    warm, short, long = Spent(), Spent(), Spent()
    someone = Person(store, runner, "warm")
    for _ in range(6):
        someone.speak(warm)
    for number in range(job["people"]):
        someone = Person(store, runner, f"person-{number}")
        for _ in range(6):
            someone.speak(short)
    someone = Person(store, runner, "long")
    for _ in range(job["length"]):
        someone.speak(long)
    resident = psutil.Process().memory_info().rss / 2**20
    return {
        "start_s": started,
        "cpu_ms": short.milliseconds(),
        "inbox_ms": 1000 * sum(short.inbox) / len(short.inbox),
        "turn_ms": 1000 * sum(short.turn) / len(short.turn),
        "outbox_ms": 1000 * sum(short.outbox) / len(short.outbox),
        "wall_ms": 1000 * sorted(short.wall)[len(short.wall) // 2],
        "first_ms": long.milliseconds(0, 30),
        "last_ms": long.milliseconds(-30, None),
        "memory_mb": resident,
        "burst_s": asyncio.run(burst(settings, engine, house)),
    }


async def burst(settings: Settings, engine: Engine, house: House) -> float:
    """Seconds from the first of four messages, sent at once, until they are answered: gateway, engine, page."""
    app = application(settings)
    parts: Parts = app.state.parts
    runner = TurnRunner(
        store=parts.store, engine=engine, house=house, bus=Bus(settings.redis_url), clock=utc_now
    )
    stop = threading.Event()
    worker = threading.Thread(target=runner.run_forever, kwargs={"stopped": stop.is_set})
    async with app.router.lifespan_context(app), _served(app) as url, httpx.AsyncClient(base_url=url) as page:
        worker.start()
        try:
            await _post(page, OPENINGS[0])
            seen = await _answer(page, after=0)
            began = time.perf_counter()
            await asyncio.gather(*(_post(page, text) for text in BURST))
            await _answer(page, after=seen)
            return time.perf_counter() - began
        finally:
            stop.set()
            await asyncio.to_thread(worker.join)


async def _post(page: httpx.AsyncClient, text: str) -> None:
    answer = await page.post("/web/messages", json={"text": text, "id": str(uuid.uuid4())})
    answer.raise_for_status()


async def _answer(page: httpx.AsyncClient, *, after: int) -> int:
    """Wait for the bot's word after ``after``; gives its place in the transcript."""
    for _ in range(2000):
        body = (await page.get("/web/messages", params={"after": after})).json()
        said = [message["seq"] for message in body["messages"] if message["author"] == "bot"]
        if said:
            return int(said[-1])
        await asyncio.sleep(0.005)
    raise RuntimeError("the burst was never answered")


@asynccontextmanager
async def _served(app: Starlette) -> AsyncIterator[str]:
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", ws="none"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:  # noqa: ASYNC110 (uvicorn has no event to wait for)
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    await serving


if __name__ == "__main__":
    main()
