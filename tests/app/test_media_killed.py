"""Keepers are killed at random moments while they work; afterwards every file is there, once."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

from app.files import vault_of
from app.settings import Settings
from app.wiring import utc_now
from casework.conversations import inbox
from casework.conversations.inbox import TurnRules
from casework.conversations.model import InboundMessage, Media
from casework.media.model import FileState
from casework.media.vault import name_of
from casework.storage.work import Store
from tests.conftest import ROOT

FILES, KILLS = 60, 5


def keeper(database_url: str, data_dir: Path, key: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.app.keeper_to_kill", database_url, str(data_dir), key],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return process


def test_every_file_is_kept_once_whoever_dies(
    store: Store, database_url: str, data_key: str, tmp_path: Path
) -> None:
    chance = random.Random(database_url)
    with store.writing() as work:
        for number in range(FILES):
            media = Media("file", ref=f"F{number}")
            message = InboundMessage("telegram", f"{number}", f"p{number % 7}", media=(media,))
            inbox.receive(work, message, now=utc_now(), rules=TurnRules(max_waiting=1000))

    def kept() -> int:
        with store.reading() as work:
            return sum(row.state is FileState.KEPT for row in work.media.newest(limit=FILES))

    kills = 0
    while kills < KILLS:
        process = keeper(database_url, tmp_path, data_key)
        time.sleep(chance.uniform(0.05, 0.5))
        process.kill()
        process.wait()
        kills += 1
    survivors = [keeper(database_url, tmp_path, data_key) for _ in range(2)]
    deadline = time.monotonic() + 60
    while kept() < FILES and time.monotonic() < deadline:
        time.sleep(0.2)
    for process in survivors:
        process.kill()
        process.wait()

    with store.reading() as work:
        rows = work.media.newest(limit=FILES * 2)
        outbound = [m for c in range(1, 8) for m in work.messages.transcript(c) if m.direction == "out"]
    assert [row.state for row in rows] == [FileState.KEPT] * FILES
    assert outbound == []  # nobody was told that something is lost
    names = {row.kept.sha for row in rows if row.kept}
    assert names == {name_of(f"%PDF-1.7 F{n}".encode() * 2000) for n in range(FILES)}
    vault = vault_of(Settings(data_dir=tmp_path))
    assert all(vault.get(name) for name in names)
    assert {path.name for path in (tmp_path / "media").glob("??/*")} == names
    tried_again = sum(row.attempts > 1 for row in rows)
    lost, doubled = FILES - len(names), len(rows) - FILES
    sys.stdout.write(f"media: {FILES=} {kills=} {tried_again=} {lost=} {doubled=}\n")
