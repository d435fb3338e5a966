"""Simulated people file one complaint each, over every category of every pack in both languages, in process.

    python -m bench.person                          every category, a temper each (about 5 minutes)
    python -m bench.person --sample 40 --seed 7     40 of them, other openings, facts and tempers
    python -m bench.person --temper angry -k GOV    only angry people, only categories whose code holds GOV
    python -m bench.person --json results/person.json --transcripts var/person.txt

Each person has an opening of the category's own examples, a fact for each question, and a temper: cooperative,
terse, talkative, corrects late, digresses, refuses contact, anonymous, angry, changes language, two facts at
once, puzzled once, gibberish once. They answer the open question, read the read-back and put right what is
wrong there. Counted: filed with the right category; turns; questions asked; questions repeated although
answered; facts stored as meant, at the first read-back and in the ticket; and every promise that a turn breaks
(`tests/e2e/promises.py`). Dialogues that failed are written to a file, with what went wrong, to be read.

The engine is the real one, with the model that `TINGSU_TEST_MODEL` names or the newest trained one.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
import time
import warnings
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bench.person.crowd import a_world, everybody, meet
from bench.person.report import figures, print_report, write_transcripts
from bench.person.talking import TEMPERS, Dialogue
from tests.e2e.runner import load_engine, new_store

#: Shares that a whole run should reach. Source: product default.
GOALS = {"filed": 0.95, "facts right": 0.95}


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when the goals are reached."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.person",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--sample", type=int, metavar="N", help="only N people, drawn at random")
    parser.add_argument("--seed", type=int, default=0, help="other openings, facts and tempers (default 0)")
    parser.add_argument("--temper", choices=TEMPERS, help="all people of one temper")
    parser.add_argument("-k", default="", metavar="CODE", help="only categories whose code holds this")
    parser.add_argument("--language", choices=("zh", "en"), help="only one language")
    parser.add_argument("--minutes", type=float, default=30, help="stop after so long (default 30)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures and dialogues there")
    parser.add_argument(
        "--transcripts", type=Path, metavar="FILE", default=Path("var/person-failed.txt"),
        help="where dialogues that failed are written (default var/person-failed.txt)",
    )  # fmt: skip
    parser.add_argument("--all", action="store_true", help="write all dialogues there, not only the failed")
    told = parser.parse_args(arguments)
    _quiet()
    people = [
        who
        for who in everybody(seed=told.seed, sample=told.sample, temper=told.temper)
        if told.k in who.code and told.language in (None, who.language)
    ]
    engine, store, console = load_engine(), new_store(), Console(width=150)
    dialogues: list[Dialogue] = []
    started = time.perf_counter()
    with _progress(console) as progress:
        task = progress.add_task("people", total=len(people))
        for who in people:
            if time.perf_counter() - started > 60 * told.minutes:
                console.print(f"stopped after {told.minutes:g} minutes")
                break
            dialogues.append(meet(who, a_world(engine, store)))
            progress.advance(task)
    measured = figures(dialogues, seconds=time.perf_counter() - started)
    print_report(dialogues, measured, console)
    shown = dialogues if told.all else [dialogue for dialogue in dialogues if dialogue.failed]
    write_transcripts(shown, told.transcripts)
    console.print(f"{len(shown)} dialogues in {told.transcripts}")
    if told.json:
        rows = [asdict(dialogue) for dialogue in dialogues]
        content = json.dumps({"figures": measured, "dialogues": rows}, ensure_ascii=False, indent=1)
        told.json.write_text(content + "\n", encoding="utf-8")
    return 0 if all(measured["all"][name] >= goal for name, goal in GOALS.items()) else 1


def _quiet() -> None:
    warnings.simplefilter("ignore")
    os.environ["SQLALCHEMY_SILENCE_UBER_WARNING"] = "1"  # Rasa's own tables
    logging.disable(logging.WARNING)


def _progress(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console)


if __name__ == "__main__":
    sys.exit(main())
