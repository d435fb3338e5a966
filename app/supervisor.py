"""Everything in one terminal: embedded Valkey, gateway and engine as child processes, restarted when they die."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.error import URLError
from urllib.request import urlopen

from rich.console import Console

from app.life import RENEW
from app.settings import Settings
from app.valkey import embedded_valkey

logger = logging.getLogger(__name__)

#: Longest wait for a part to be ready, in seconds.
START_S = 90.0
#: Pause before a dead part is started again: grows to the longest, falls back after it ran for a while.
_RESTART_S = (0.5, 1, 2, 5, 10, 30)
_RAN_WELL_S = 60.0


@dataclass
class Part:
    """One child process and its luck so far."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    deaths: int = 0
    ready: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        self.ready.clear()
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 (our own program)
            self.command,
            env=dict(self.environment),
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops them in order
        )
        threading.Thread(target=self._follow, args=(self.process,), daemon=True).start()

    def _follow(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip() == b"ready":
                self.ready.set()
            else:
                sys.stdout.buffer.write(line)
                sys.stdout.flush()

    def stop(self, *, patience_s: float = 8.0) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def _redis(settings: Settings) -> Iterator[str]:
    """The Redis of the settings, or an embedded Valkey for as long as this runs."""
    if settings.redis_url:
        yield settings.redis_url
        return
    with embedded_valkey() as url:
        yield url


@contextmanager
def figures_folder() -> Iterator[str]:
    """Where the parts share their figures: in memory where that is a folder. They are written through a map of the
    file, and on a full disk that ends a process at once."""
    memory = "/dev/shm"  # noqa: S108 (a folder of our own is made in it)
    with tempfile.TemporaryDirectory(
        prefix="tingsu-figures-", dir=memory if os.access(memory, os.W_OK) else None
    ) as folder:
        yield folder


def run_all(settings: Settings) -> int:
    """Run until Ctrl-C or SIGTERM. Gives the exit code."""
    console = Console(stderr=True, highlight=False)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    if not _port_free(settings):
        console.print(
            f"[bold red]Port {settings.port} is taken.[/] Stop what listens there, "
            "or choose another: tingsu up --port 8400"
        )
        return 2
    began = time.monotonic()
    with _redis(settings) as redis_url, figures_folder() as figures:
        environment = {
            **os.environ,
            "TINGSU_REDIS_URL": redis_url,
            "TINGSU_HOST": settings.host,
            "TINGSU_PORT": str(settings.port),
            "PYTHONUNBUFFERED": "1",
            "PROMETHEUS_MULTIPROC_DIR": figures,  # the gateway's /metrics shows the engine's figures too
        }
        gateway, engine = (
            Part(name, [sys.executable, "-m", "app.cli", name], environment) for name in ("gateway", "engine")
        )
        try:
            return _run(settings, console, (gateway, engine), stopping, began)
        finally:
            console.print("Stopping …")
            gateway.stop()
            engine.stop()


def _run(
    settings: Settings, console: Console, parts: tuple[Part, Part], stopping: threading.Event, began: float
) -> int:
    gateway, engine = parts
    console.print(f"[bold]Tingsu 听诉[/] · {settings.organisation} · {', '.join(settings.packs)}")
    gateway.start()
    trained = _has_model()
    if trained:
        engine.start()  # beside the gateway: both take seconds
    if not _wait_for_gateway(settings, gateway, stopping):
        console.print(
            "[bold red]The gateway did not start.[/] The lines above say why; tingsu doctor says more."
        )
        return 1
    console.print(f"  gateway   ready   {settings.url}")
    if not trained:
        if not _train(engine.environment, console):
            console.print("[bold red]Training failed.[/] The lines above say what is wrong with the files.")
            return 1
        if stopping.is_set():
            return 0
        engine.start()
    if not _wait_for_engine(engine, stopping):
        console.print(
            "[bold red]The engine did not start.[/] The lines above say why; tingsu doctor says more."
        )
        return 0 if stopping.is_set() else 1
    console.print("  engine    ready")
    console.print(
        f"\nReady after {time.monotonic() - began:.0f} s.  Open [bold cyan]{settings.url}[/] and write to the bot."
    )
    console.print(_next_steps(settings))
    _watch([gateway, engine], stopping)
    return 0


def _next_steps(settings: Settings) -> str:
    lines = [
        "  Filed complaints:   tingsu tickets list",
        "  Is all well?        tingsu doctor",
    ]
    if not settings.has_telegram:
        lines.append(
            "  Telegram:           put TINGSU_TELEGRAM_TOKEN into .env (from @BotFather) and start again"
        )
    if not settings.has_wechat:
        lines.append(
            "  WeChat:             put TINGSU_WECHAT_APP_ID, _APP_SECRET, _TOKEN into .env (see .env.example)"
        )
    lines.append("  Stop:               Ctrl-C")
    return "\n".join(lines)


def _has_model() -> bool:
    from app.training import model_for
    from app.wiring import read_settings

    return model_for(read_settings()) is not None


def _train(environment: Mapping[str, str], console: Console) -> bool:
    """Train in a process of its own: training leaves a heavy process behind."""
    console.print("  model     none yet: training (about a minute; messages are taken in meanwhile)")
    done = subprocess.run([sys.executable, "-m", "app.cli", "train"], env=dict(environment), check=False)
    return done.returncode == 0


def _wait_for_gateway(settings: Settings, gateway: Part, stopping: threading.Event) -> bool:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and not stopping.is_set():
        if gateway.process is not None and gateway.process.poll() is not None:
            return False
        with suppress(URLError, OSError, ValueError), urlopen(f"{settings.url}/healthz", timeout=2) as answer:  # noqa: S310
            return bool(json.load(answer).get("status") == "ok")
        time.sleep(0.1)
    return False


def _wait_for_engine(engine: Part, stopping: threading.Event) -> bool:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and not stopping.is_set():
        if engine.ready.wait(0.2):
            return True
        if engine.process is not None and engine.process.poll() is not None:
            return False
    return False


def _watch(parts: list[Part], stopping: threading.Event) -> None:
    """Restart what dies, until asked to stop."""
    while not stopping.wait(0.5):
        for part in parts:
            if part.process is None or part.process.poll() is None:
                continue
            if time.monotonic() - part.started > _RAN_WELL_S:
                part.deaths = 0
            if part.process.returncode == RENEW:
                logger.info("%s.renewed", part.name)
                part.start()
                continue
            wait = _RESTART_S[min(part.deaths, len(_RESTART_S) - 1)]
            part.deaths += 1
            logger.error(
                "%s.died: code=%s; starting again in %.1f s", part.name, part.process.returncode, wait
            )
            if stopping.wait(wait):
                return
            part.start()


def _port_free(settings: Settings) -> bool:
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            return False
    return True
