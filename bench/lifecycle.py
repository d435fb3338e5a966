"""Complaint lifecycles a second on PostgreSQL, with 10 thousand, 100 thousand and a million tickets in the table.

    uv run python -m bench.lifecycle                          everything (a quarter of an hour, 12 GB of disk)
    uv run python -m bench.lifecycle --tickets 10000,100000   smaller tables
    uv run python -m bench.lifecycle --json                   ends with one line for programs

A lifecycle is five calls, each a transaction of its own: file (the message stored, the complaint told, a ticket with
number, clocks, history, repeats and clusters looked up, the receipt in the outbox), assign (routed to a department
and a person), sign, resolve, rate. Beside the workers a timekeeper runs as it does in production. The table is filled
with copies of complaints that went through the same calls. Then a spike: many workers at once on the largest table.

The published figures beside ours are of the nearest system, on 16 cores: a lifecycle there is the same five calls.
The figures depend on what else the machine does: load and CPU time are shown with them.
"""

from __future__ import annotations

import argparse
import json
import logging
import multiprocessing
import os
import shutil
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import psutil  # type: ignore[import-untyped]
from cryptography.fernet import Fernet
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlalchemy import create_engine, text

from app.timekeeper import Timekeeper
from bench.lifecycle_fill import Samples, fill, make_samples
from bench.lifecycle_work import CALLS, Measured, be_ready, load_house, work_for
from bench.turns import postgres
from casework.house import House
from casework.storage.database import Database
from casework.storage.work import Store

#: Goals on two cores: lifecycles a second hardly fall from the smallest table to the largest; p95 of a call; no error.
GOALS = {"p95_ms": 100.0, "errors": 0}
#: The nearest system as published, on 16 cores: lifecycles a second, p95 of a call, errors.
PUBLISHED = {
    "10,000": ("37", "", ""),
    "100,000": ("37", "", ""),
    "1,000,000": ("6.3", "3340", ""),
    "spike": ("", "", "57 %"),
}
#: Disk of a ticket with all that belongs to it, indexes and write-ahead log too.
_BYTES_A_TICKET = 14_000


@dataclass(frozen=True)
class Row:
    """One measurement. ``p95_ms``: of all calls; ``cpu_ms`` and ``server_cpu_ms``: of the workers and of PostgreSQL, a
    lifecycle; ``errors``: by kind."""

    name: str
    tickets: int
    workers: int
    per_second: float
    p50_ms: float
    p95_ms: float
    life_p95_ms: float
    cpu_ms: float
    server_cpu_ms: float
    load: float
    calls: dict[str, float]
    errors: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "errors": sum(self.errors.values()), "kinds_of_errors": self.errors}


def measure(
    pool: ProcessPoolExecutor,
    server: psutil.Process,
    url: str,
    key: str,
    *,
    name: str,
    tickets: int,
    seconds: float,
    workers: int,
    threads: int,
) -> Row:
    """``workers`` processes of ``threads`` each, for ``seconds``."""
    list(pool.map(be_ready, range(workers)))
    before, until = cpu_s(server), time.time() + seconds
    jobs = [
        pool.submit(work_for, url, key, who=f"{name}-{number}", until=until, threads=threads)
        for number in range(workers)
    ]
    found = [job.result() for job in jobs]
    return summed(name, tickets, workers * threads, seconds, found, cpu_s(server) - before)


def server_of(store: Store) -> psutil.Process:
    """The process that started all others of our PostgreSQL."""
    with store.database.reading() as connection:
        return psutil.Process(connection.execute(text("SELECT pg_backend_pid()")).scalar_one()).parent()


def cpu_s(server: psutil.Process) -> float:
    """CPU time of the server so far, of its processes that have ended too."""
    times = server.cpu_times()
    total = times.user + times.system + times.children_user + times.children_system
    for process in server.children():
        with suppress(psutil.NoSuchProcess):
            total += sum(process.cpu_times()[:2])
    return float(total)


def summed(
    name: str, tickets: int, workers: int, seconds: float, found: list[Measured], server: float
) -> Row:
    calls = {call: sorted(s for one in found for s in one.calls[call]) for call in CALLS}
    lives = sorted(s for one in found for s in one.lives)
    every = sorted(s for one in calls.values() for s in one)
    errors: dict[str, int] = {}
    for one in found:
        for kind, times in one.errors.items():
            errors[kind] = errors.get(kind, 0) + times
    return Row(
        name=name,
        tickets=tickets,
        workers=workers,
        per_second=round(len(lives) / seconds, 1),
        p50_ms=_at(every, 0.5),
        p95_ms=_at(every, 0.95),
        life_p95_ms=_at(lives, 0.95),
        cpu_ms=round(1000 * sum(one.cpu_s for one in found) / max(1, len(lives)), 1),
        server_cpu_ms=round(1000 * server / max(1, len(lives)), 1),
        load=round(os.getloadavg()[0], 1),
        calls={call: _at(times, 0.95) for call, times in calls.items()},
        errors=errors,
    )


def _at(seconds: list[float], share: float) -> float:
    """A percentile of sorted seconds, in milliseconds."""
    return round(1000 * seconds[min(len(seconds) - 1, int(share * len(seconds)))], 1) if seconds else 0.0


class Keeper:
    """A timekeeper beside the workers, as in production."""

    def __init__(self, store: Store, house: House) -> None:
        self._timekeeper = Timekeeper(store, house=house, clock=lambda: datetime.now(timezone.utc))
        logging.getLogger("app.timekeeper").setLevel(logging.ERROR)  # it tells of every alarm
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.looks: list[float] = []

    def _run(self) -> None:
        while not self._ended.wait(1.0):
            began = time.perf_counter()
            self._timekeeper.look()
            self.looks.append(time.perf_counter() - began)

    def __enter__(self) -> Keeper:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()


def run(args: argparse.Namespace, console: Console) -> list[Row]:
    sizes = [int(size) for size in args.tickets.split(",")]
    free = shutil.disk_usage("/tmp").free
    if free < 1.5 * sizes[-1] * _BYTES_A_TICKET:
        raise SystemExit(f"{sizes[-1]} tickets need about {sizes[-1] * _BYTES_A_TICKET / 1e9:.0f} GB in /tmp")
    house, rows, filled = load_house(), [], 0
    key = Fernet.generate_key().decode()
    columns = (TextColumn("{task.description:<34}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    context = multiprocessing.get_context("spawn")
    with (
        postgres() as database_named,
        ProcessPoolExecutor(max(args.workers, args.spike_workers), mp_context=context) as pool,
        Progress(*columns, console=console) as progress,
    ):
        url = database_named("lifecycle")
        _tune(url)
        store = Store(Database(url, keys=(key,)))
        store.database.migrate()
        server = server_of(store)
        samples = Samples()
        task = progress.add_task("complaints to copy", total=samples.over + samples.open)
        make_samples(store, house, samples, lambda: progress.advance(task))
        for size in sizes:
            task = progress.add_task(f"filling to {size:,} tickets", total=size - filled)
            fill(url, samples, size, filled, lambda made, task=task: progress.advance(task, made))  # type: ignore[misc]
            filled = _count(store)
            progress.add_task(f"measuring at {filled:,} tickets", total=None)
            with Keeper(store, house) as keeper:
                measure(
                    pool,
                    server,
                    url,
                    key,
                    name=f"warm{size}",
                    tickets=filled,
                    seconds=5,
                    workers=args.workers,
                    threads=1,
                )
                common = {"tickets": filled, "seconds": args.seconds, "workers": args.workers, "threads": 1}
                rows.append(measure(pool, server, url, key, name=f"{size:,}", **common))
            _say_keeper(console, keeper, filled)
        progress.add_task(f"spike: {args.spike_workers} × {args.spike_threads} at once", total=None)
        spike = {"workers": args.spike_workers, "threads": args.spike_threads, "seconds": args.spike_seconds}
        with Keeper(store, house):
            rows.append(measure(pool, server, url, key, name="spike", tickets=filled, **spike))
        console.print(f"disk: {_size(store) / 1e9:.1f} GB")
        store.database.dispose()
    return rows


def _tune(url: str) -> None:
    """What anybody sets on a server of this size."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT", future=True)
    with engine.connect() as connection:
        for setting in ("max_wal_size = '4GB'", "checkpoint_timeout = '15min'", "random_page_cost = 1.1"):
            connection.execute(text(f"ALTER SYSTEM SET {setting}"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


def _count(store: Store) -> int:
    with store.database.reading() as connection:
        return int(connection.execute(text("SELECT count(*) FROM tickets")).scalar_one())


def _size(store: Store) -> float:
    with store.database.reading() as connection:
        return float(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


def _say_keeper(console: Console, keeper: Keeper, tickets: int) -> None:
    looks = sorted(keeper.looks)
    console.print(f"timekeeper at {tickets:,} tickets: p95 {_at(looks, 0.95)} ms of {len(looks)} looks")


def show(console: Console, rows: list[Row]) -> None:
    table = Table("", *(row.name for row in rows))
    published = [PUBLISHED.get(row.name, ("", "", "")) for row in rows]
    lines: list[tuple[str, list[Any]]] = [
        ("at once", [row.workers for row in rows]),
        ("lifecycles a second", [row.per_second for row in rows]),
        ("  published", [rate for rate, _, _ in published]),
        ("p50 ms of a call", [row.p50_ms for row in rows]),
        ("p95 ms of a call", [row.p95_ms for row in rows]),
        ("  published", [p95 for _, p95, _ in published]),
        ("p95 ms of a lifecycle", [row.life_p95_ms for row in rows]),
        ("CPU ms a lifecycle, workers", [row.cpu_ms for row in rows]),
        ("CPU ms a lifecycle, PostgreSQL", [row.server_cpu_ms for row in rows]),
        ("errors", [sum(row.errors.values()) for row in rows]),
        ("  published", [errors for _, _, errors in published]),
        ("load of the machine", [row.load for row in rows]),
    ]
    lines += [(f"p95 ms: {call}", [row.calls[call] for row in rows]) for call in CALLS]
    for name, figures in lines:
        table.add_row(name, *(str(figure) for figure in figures))
    console.print(table)
    for row in rows:
        for kind, times in row.errors.items():
            console.print(f"{row.name}: {times} × {kind}", style="red", markup=False)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tickets", default="10000,100000,1000000", help="sizes of the table, rising")
    parser.add_argument("--seconds", type=float, default=60, help="of each measurement (default 60)")
    parser.add_argument(
        "--workers", type=int, default=2, help="processes, one lifecycle at a time each (default 2)"
    )
    parser.add_argument("--spike-workers", type=int, default=8, help="processes of the spike (default 8)")
    parser.add_argument("--spike-threads", type=int, default=4, help="lifecycles at once in each (default 4)")
    parser.add_argument("--spike-seconds", type=float, default=30, help="(default 30)")
    parser.add_argument("--json", action="store_true", help="end with one line of JSON on standard output")
    args = parser.parse_args()
    console = Console(stderr=args.json)
    rows = run(args, console)
    show(console, rows)
    if args.json:
        print(json.dumps({"rows": [row.as_json() for row in rows]}))


if __name__ == "__main__":
    main()
