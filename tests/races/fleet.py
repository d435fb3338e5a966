"""Real processes of the house: started, killed without warning, started again."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.conftest import ROOT
from tests.races.provider import SECRET, TOKEN

#: Longest wait for a process to be ready, in seconds.
START_S = 120.0

QUICK = ("-m", "tests.races.quick_engine")
REAL = ("-m", "app.cli", "engine")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Program:
    """One process of the house."""

    name: str
    arguments: tuple[str, ...]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    #: Exit codes of the times it ended by itself.
    ends: list[int] = field(default_factory=list)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.arguments],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, number: int = signal.SIGKILL) -> None:
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)
        self.process.wait()


@dataclass
class Fleet:
    """``urls``: where the gateways listen."""

    programs: list[Program]
    urls: list[str]
    kills: int = 0

    async def kill_at_random(
        self, rng: random.Random, *, pause_s: tuple[float, float], most: int, load: asyncio.Task[None]
    ) -> None:
        """As long as there is load, kill one of the programs now and then, and start it again after a moment."""
        while self.kills < most:
            await asyncio.sleep(rng.uniform(*pause_s))
            if load.done():
                return
            victim = rng.choice(self.programs)
            await asyncio.to_thread(victim.kill)
            self.kills += 1
            await asyncio.sleep(rng.uniform(0, 0.3))
            victim.start()

    async def freeze_at_random(
        self, rng: random.Random, *, longest_s: float, load: asyncio.Task[None]
    ) -> None:
        """As long as there is load, stop one of the programs in the midst of its work, and let it go on later."""
        while not load.done():
            await asyncio.sleep(rng.random())
            victim = rng.choice(self.programs)
            assert victim.process is not None
            victim.process.send_signal(signal.SIGSTOP)
            self.kills += 1
            await asyncio.sleep(rng.choice((1, longest_s)))
            victim.process.send_signal(signal.SIGCONT)

    async def start_again(self) -> None:
        """Start whatever ended by itself, as a supervisor does. Runs until cancelled."""
        while True:
            for program in self.programs:
                if program.process is not None and program.process.poll() is not None:
                    program.ends.append(program.process.returncode)
                    program.start()
            await asyncio.sleep(0.3)

    async def ready(self, engines: int) -> None:
        """Wait until every gateway takes messages and ``engines`` engines answer."""
        deadline = asyncio.get_running_loop().time() + START_S
        async with httpx.AsyncClient(timeout=5) as client:
            for url in self.urls:
                while asyncio.get_running_loop().time() < deadline:
                    with contextlib.suppress(httpx.HTTPError):
                        answer = await client.get(f"{url}/readyz")
                        if answer.status_code == 200 and answer.json()["engines"] >= engines:
                            break
                    await asyncio.sleep(0.3)
                else:
                    raise AssertionError(f"the house never came up; see {self.programs[0].log.parent}")


@asynccontextmanager
async def fleet(
    folder: Path,
    *,
    database_url: str,
    data_key: str,
    redis_url: str,
    telegram_url: str,
    gateways: int,
    engines: int,
    couriers: int = 0,
    engine: tuple[str, ...] = QUICK,
) -> AsyncIterator[Fleet]:
    """A house of so many processes of each kind, all real."""
    ports = [free_port() for _ in range(gateways)]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("TINGSU_")},
        "TINGSU_DATABASE_URL": database_url,
        "TINGSU_DATA_KEY": data_key,
        "TINGSU_DATA_DIR": str(folder),
        "TINGSU_REDIS_URL": redis_url,
        "TINGSU_TELEGRAM_TOKEN": TOKEN,
        "TINGSU_TELEGRAM_SECRET_TOKEN": SECRET,
        "TINGSU_TELEGRAM_MODE": "webhook",
        "TINGSU_TELEGRAM_API_BASE": telegram_url,
        "TINGSU_PUBLIC_URL": "https://races.invalid",
        "TINGSU_FLOOD_PER_PERSON": "10000",
        "TINGSU_FLOOD_PER_CHANNEL": "1000000",
        "TINGSU_LOG_LEVEL": "warning",
    }

    def program(name: str, arguments: tuple[str, ...], **more: str) -> Program:
        return Program(name, arguments, {**environment, **more}, folder / f"{name}.log")

    models = folder / "models"
    models.mkdir(exist_ok=True)
    if engine == QUICK:
        (models / "tingsu-1.tar.gz").touch()
    programs = [
        program(f"gateway{n}", ("-m", "app.cli", "gateway"), TINGSU_PORT=str(port))
        for n, port in enumerate(ports)
    ]
    programs += [program(f"engine{n}", engine) for n in range(engines)]
    programs += [program(f"courier{n}", ("-m", "app.cli", "courier")) for n in range(couriers)]
    made = Fleet(programs, [f"http://127.0.0.1:{port}" for port in ports])
    for each in programs:
        each.start()
    try:
        await made.ready(engines)
        yield made
    finally:
        for each in programs:
            each.kill(signal.SIGTERM if each.process and each.process.poll() is None else signal.SIGKILL)
