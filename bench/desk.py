"""A hundred open desks on one gateway, and how quickly its pages are there with 100 thousand tickets on PostgreSQL.

    uv run python -m bench.desk                      100 desks, 100,000 tickets (about five minutes)
    uv run python -m bench.desk --tickets 20000      a smaller table
    uv run python -m bench.desk --json               ends with one line for programs

Everything is as in production: the gateway in a process of its own with its couriers and clocks, Valkey beside it,
every desk a member of staff who signs in and keeps a stream open. A desk does what its browser does: told of a message
it fetches what is new of the thread, told of a change it fetches its list. Messages are stored as a channel stores
them; the time of an event runs from their commit to its line in the stream of a desk.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import httpx
import psutil  # type: ignore[import-untyped]
from cryptography.fernet import Fernet
from rich.console import Console
from rich.table import Table
from sqlalchemy import text

from app.bus import CHAT, Bus
from app.valkey import embedded_valkey
from bench.lifecycle_fill import Samples, fill, make_samples
from bench.lifecycle_work import load_house
from bench.turns import ROOT, postgres
from casework.access import passwords, sessions
from casework.conversations import handover
from casework.conversations.inbox import TurnRules, receive
from casework.conversations.model import InboundMessage
from casework.house import House
from casework.staff.model import HOUSE, Member
from casework.storage.database import Database
from casework.storage.work import Store
from casework.tickets.states import Role

PASSWORD = "plum-blossom-47"
#: Conversations that wait for a person; the first is the busy one.
TALKS = 20
#: Desks that look at the busy conversation; the others look at another one, or at a list.
AT_BUSY = 10
GOAL_MS = 300


def now() -> datetime:
    return datetime.now(timezone.utc)


@dataclass
class Desk:
    """One member of staff at one page."""

    login: str
    talk: int
    client: httpx.AsyncClient
    seq: int = 0
    came: dict[int, float] = field(default_factory=dict)  # seq of the busy conversation -> time.time()
    fetched: int = 0


@dataclass(frozen=True)
class Town:
    """What the desks look at."""

    store: Store
    talks: list[int]
    number: str


def fill_up(url: str, key: str, tickets: int, desks: int, house: House) -> Town:
    store, samples = Store(Database(url, keys=(key,))), Samples()
    store.database.migrate()
    make_samples(store, house, samples, lambda: None)
    fill(url, samples, tickets, 0, lambda _made: None)
    hashed, moment = passwords.hashed(PASSWORD), now()
    with store.database.transaction() as connection:  # no alarms of copies meanwhile
        connection.execute(text("UPDATE clocks SET next_alarm_at = NULL"))
        connection.execute(text("ANALYZE"))
    with store.writing() as work:
        places = [department.code for department in work.staff.departments()]
        for number in range(desks):
            roles = {places[number % len(places)]: frozenset({Role.AGENT})}
            if number == 0:
                roles = {HOUSE: frozenset({Role.SUPERVISOR})}
            work.staff.add_member(Member(f"desk{number}", f"Desk {number}", roles=roles), now=moment)
            sessions.set_password(work, f"desk{number}", hashed, by="bench", must_change=False, now=moment)
        talks = [_waits(work, f"busy-{number}") for number in range(TALKS)]
        case = work.tickets.newest(limit=1)[0].number
    return Town(store, talks, case)


def _waits(work: Any, address: str) -> int:
    message = InboundMessage("web", address, address, "大厅没人，等了两个小时", sent_at=now())
    received = receive(work, message, now=now(), rules=TurnRules())
    work.messages.settle_inbound([received.message_id], state="done", now=now(), understanding={})
    handover.request_person(work, work.conversations.get(received.conversation_id), now=now())
    return received.conversation_id


@contextmanager
def gateway(url: str, key: str, redis_url: str, folder: Path) -> Iterator[tuple[str, psutil.Process]]:
    """The shipped program; gives its address and its process."""
    port = 20_000 + os.getpid() % 20_000
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("TINGSU_")},
        "TINGSU_DATABASE_URL": url.replace("postgresql+psycopg2", "postgresql"),
        "TINGSU_DATA_KEY": key, "TINGSU_REDIS_URL": redis_url, "TINGSU_DATA_DIR": str(folder / "var"),
        "TINGSU_PORT": str(port), "TINGSU_LOG_LEVEL": "error", "PYTHONPATH": str(ROOT),
        "TINGSU_PACKS": ",".join(sorted(path.parent.name for path in (ROOT / "packs").glob("*/pack.yml"))),
    }  # fmt: skip
    process = subprocess.Popen([sys.executable, "-m", "app.cli", "gateway"], cwd=ROOT, env=environment)
    try:
        address = f"http://127.0.0.1:{port}"
        for _ in range(600):
            try:
                if httpx.get(f"{address}/healthz").status_code == 200:
                    break
            except httpx.TransportError:
                if process.poll() is not None:
                    raise SystemExit("the gateway did not start") from None
                time.sleep(0.1)
        yield address, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)


async def sign_in(address: str, login: str) -> tuple[httpx.AsyncClient, float]:
    client = httpx.AsyncClient(base_url=f"{address}/desk", headers={"origin": address}, timeout=60)
    began = time.perf_counter()
    answer = await client.post("/sign-in", data={"login": login, "password": PASSWORD})
    assert answer.status_code == 303, answer.text
    return client, time.perf_counter() - began


async def look(desk: Desk, busy: int) -> None:
    """Keep a stream open and do what the page does, until cancelled."""
    page = f"/talks/{desk.talk}" if desk.talk else "/cases"
    async with desk.client.stream(
        "GET", f"/live?talk={desk.talk or ''}&list={page.split('/')[1]}", timeout=None
    ) as answer:
        name = ""
        async for line in answer.aiter_lines():
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: ") and name == "talk":
                seq = int(line[6:].split("-")[0])
                if desk.talk == busy:
                    desk.came.setdefault(seq, time.time())
                if seq > desk.seq:
                    fetch = f"/talks/{desk.talk}/messages?after={desk.seq or seq}"
                    desk.seq = seq
                    await _fetch(desk, fetch, "1")
            elif line.startswith("data:") and name == "list":
                await _fetch(desk, page, "list")


async def _fetch(desk: Desk, path: str, part: str) -> None:
    try:
        answer = await desk.client.get(path, headers={"X-Part": part})
    except httpx.TransportError:  # a line that was just closed; a browser asks again too
        answer = await desk.client.get(path, headers={"X-Part": part})
    assert answer.status_code == 200, answer.status_code
    desk.fetched += 1


async def speak(town: Town, bus: Bus, seconds: float, rate: float) -> dict[int, float]:
    """Messages of people, every second one in the busy conversation; gives when each of these was committed."""
    committed: dict[int, float] = {}
    began, count = time.time(), 0
    while (elapsed := time.time() - began) < seconds:
        talk = town.talks[0] if count % 2 == 0 else town.talks[1 + count % (TALKS - 1)]
        seq, at = await asyncio.to_thread(_say, town.store, bus, talk, f"{began}-{count}")
        if talk == town.talks[0]:
            committed[seq] = at
        count += 1
        await asyncio.sleep(max(0.0, count / rate - elapsed))
    return committed


def _say(store: Store, bus: Bus, talk: int, name: str) -> tuple[int, float]:
    with store.writing() as work:
        address = work.conversations.get(talk).address
        receive(
            work,
            InboundMessage("web", name, address, "还要等多久？", sent_at=now()),
            now=now(),
            rules=TurnRules(),
        )
    at = time.time()
    bus.publish(CHAT, str(talk))
    with store.reading() as work:
        return work.conversations.get(talk).seq, at


async def watch(process: psutil.Process, seconds: float) -> dict[str, float]:
    """CPU in percent of one core and memory of the gateway, over ``seconds``."""
    before, began = sum(process.cpu_times()[:2]), time.time()
    await asyncio.sleep(seconds)
    used = sum(process.cpu_times()[:2]) - before
    return {
        "cpu": round(100 * used / (time.time() - began), 1),
        "mb": round(process.memory_info().rss / 2**20),
    }


async def measure(town: Town, bus: Bus, address: str, process: psutil.Process, args: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"alone_mb": round(process.memory_info().rss / 2**20)}
    desks, signed = [], []
    for number in range(args.desks):
        client, took = await sign_in(address, f"desk{number}")
        signed.append(took)
        talk = (
            town.talks[0] if number < AT_BUSY else town.talks[1 + number % (TALKS - 1)] if number % 3 else 0
        )
        desks.append(Desk(f"desk{number}", talk, client))
    found["sign_in_ms"] = spread(signed)
    found["pages"] = {
        path: await paint(desks[0].client, process, path)
        for path in ("/cases", "/talks", f"/cases/{town.number}")
    }
    streams = [asyncio.create_task(look(desk, town.talks[0])) for desk in desks]
    await asyncio.sleep(5)
    before = sum(desk.fetched for desk in desks)
    found["idle"] = await watch(process, args.seconds)
    found["idle"]["fetched"] = sum(desk.fetched for desk in desks) - before
    before = sum(desk.fetched for desk in desks)
    watched = asyncio.create_task(watch(process, args.seconds))
    committed = await speak(town, bus, args.seconds, args.rate)
    found["busy"] = await watched
    await asyncio.sleep(3)
    found["busy"]["fetched"] = sum(desk.fetched for desk in desks) - before
    late = [
        desk.came[seq] - at for desk in desks[:AT_BUSY] for seq, at in committed.items() if seq in desk.came
    ]
    found["busy"] |= {"messages": len(committed), "events": len(late), "event_ms": spread(late)}
    found["busy"]["pages"] = {
        path: await paint(desks[0].client, process, path, times=5) for path in ("/cases", "/talks")
    }
    found["streams_lost"] = [repr(stream.exception()) for stream in streams if stream.done()]
    for stream in streams:
        stream.cancel()
    await asyncio.gather(*streams, return_exceptions=True)
    for desk in desks:
        await desk.client.aclose()
    return found


async def paint(
    client: httpx.AsyncClient, process: psutil.Process, path: str, *, times: int = 20
) -> dict[str, float]:
    """Milliseconds until the whole page is there, and of them those the gateway works (the rest it waits)."""
    took, before = [], sum(process.cpu_times()[:2])
    for _ in range(times):
        began = time.perf_counter()
        answer = await client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        took.append(time.perf_counter() - began)
    worked = sum(process.cpu_times()[:2]) - before
    return {**spread(took), "cpu": round(1000 * worked / times, 1)}


def spread(seconds: list[float]) -> dict[str, float]:
    if not seconds:
        return {"p50": 0.0, "p95": 0.0}
    ordered = sorted(seconds)
    at95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return {"p50": round(1000 * statistics.median(ordered), 1), "p95": round(1000 * at95, 1)}


def in_chromium(address: str, paths: list[str], *, times: int = 7) -> dict[str, dict[str, float]]:
    """First contentful paint, each time in a browser that has seen nothing before."""
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        return {}
    found: dict[str, dict[str, float]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        for page_path in paths:
            painted = []
            for _ in range(times):
                context = browser.new_context(viewport={"width": 1280, "height": 800})
                page = context.new_page()
                page.goto(f"{address}/desk/sign-in")
                page.fill("#login", "desk0")
                page.fill("#password", PASSWORD)
                page.press("#password", "Enter")
                page.wait_for_url(re.compile("/desk/(talks|cases)"))
                page.goto(f"{address}/desk{page_path}")
                wait = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
                painted.append(page.wait_for_function(wait).json_value() / 1000)
                context.close()
            found[page_path] = spread(painted)
        browser.close()
    return found


def show(console: Console, found: dict[str, Any], args: Any) -> None:
    table = Table("", "p50 ms", "p95 ms", "gateway's CPU ms")
    rows = [("sign-in (argon2id, 64 MB)", found["sign_in_ms"])]
    rows += [(f"{path}, server", took) for path, took in found["pages"].items()]
    rows += [(f"{path}, first contentful paint", took) for path, took in found["first_paint"].items()]
    rows += [(f"{path}, server, while all is busy", took) for path, took in found["busy"]["pages"].items()]
    rows += [("commit to event", found["busy"]["event_ms"])]
    for name, took in rows:
        table.add_row(name, str(took["p50"]), str(took["p95"]), str(took.get("cpu", "")))
    console.print(table)
    for name in ("idle", "busy"):
        part = found[name]
        console.print(
            f"{args.desks} desks, {name}: {part['cpu']} % of a core, {part['mb']} MB "
            f"({found['alone_mb']} MB alone), {part['fetched'] / args.seconds:.1f} fetches a second"
        )
    console.print(
        f"events {found['busy']['events']}, streams lost {found['streams_lost']}, load {found['load']}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tickets", type=int, default=100_000, help="(default 100000)")
    parser.add_argument("--desks", type=int, default=100, help="(default 100)")
    parser.add_argument("--seconds", type=float, default=40, help="of each measurement (default 40)")
    parser.add_argument("--rate", type=float, default=2.0, help="messages a second (default 2)")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON on standard output")
    args = parser.parse_args()
    console, house, key = Console(stderr=args.json), load_house(), Fernet.generate_key().decode()
    with (
        tempfile.TemporaryDirectory(prefix="tingsu-bench-desk-") as folder,
        postgres() as named,
        embedded_valkey() as redis_url,
    ):
        url = named("desk")
        town = fill_up(url, key, args.tickets, args.desks, house)
        with gateway(url, key, redis_url, Path(folder)) as (address, process):
            found = asyncio.run(measure(town, Bus(redis_url), address, process, args))
            paths = ["/cases", "/talks", f"/cases/{town.number}"]
            found["first_paint"] = in_chromium(address, paths)
        town.store.database.dispose()
    found["load"] = round(os.getloadavg()[0], 1)
    show(console, found, args)
    if args.json:
        print(json.dumps({**found, "goal_ms": GOAL_MS}))


if __name__ == "__main__":
    main()
