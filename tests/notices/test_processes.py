"""Real couriers that are killed while they tell: every notice is posted, and once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from app.wiring import utc_now
from casework.storage.database import Database
from casework.storage.work import Store
from tests.conftest import ROOT
from tests.notices.conftest import Town

CASES = 30
PATIENCE_S = 90


def start(settings: dict[str, str]) -> subprocess.Popen[bytes]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TINGSU_")}
    return subprocess.Popen(
        [sys.executable, "-m", "app.cli", "courier"],
        cwd=ROOT,
        env={**kept, **settings},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_couriers_killed_at_random_tell_everything_once(
    town: Town, database_url: str, data_key: str, tmp_path: Path
) -> None:
    settings = {
        "TINGSU_DATABASE_URL": database_url,
        "TINGSU_DATA_KEY": data_key,
        "TINGSU_DATA_DIR": str(tmp_path),
    }
    town.now = utc_now()
    chance = random.Random(7)
    couriers = [start(settings) for _ in range(2)]
    kills = 0
    try:
        tickets = []
        for number in range(CASES):
            ticket = town.file(f"p{number}", priority="P1")  # goes out at any hour
            tickets.append(town.does(ticket, "accept"))
            if chance.random() < 0.2:
                victim = chance.randrange(2)
                couriers[victim].send_signal(signal.SIGKILL)
                couriers[victim].wait()
                couriers[victim] = start(settings)
                kills += 1
            time.sleep(chance.random() * 0.3)
        deadline = time.monotonic() + PATIENCE_S
        while posted(database_url, data_key) < CASES and time.monotonic() < deadline:
            time.sleep(0.5)
    finally:
        for courier in couriers:
            courier.kill()
            courier.wait()
    assert kills
    told = Counter(
        (ticket.id, message.text)
        for number, ticket in enumerate(tickets)
        for message in town.told(f"p{number}")
    )
    assert len(told) == CASES
    assert set(told.values()) == {1}


def posted(database_url: str, data_key: str) -> int:
    store = Store(Database(database_url, keys=(data_key,)))
    with store.reading() as work:
        waiting = work.spreading.count_waiting() + len(work.notices.waiting(limit=1000))
        found = sum(
            notice.state == "posted"
            for chat in range(1, CASES + 1)
            for notice in work.notices.of_ticket(chat)
            if notice.kind == "assigned"
        )
    store.database.dispose()
    return 0 if waiting else found
