"""``python -m tests.e2e``: run the cases, print what went wrong and what was never reached."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import time
import warnings
from collections.abc import Sequence

from bench.person.crowd import Who, a_world, everybody, meet
from bench.person.talking import Dialogue
from tests.e2e.cases import Case, Result, load_cases, run_case
from tests.e2e.coverage import Coverage
from tests.e2e.runner import ALL_PACKS, Clock, World, load_engine, load_house, new_store


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when every case went as expected."""
    parser = argparse.ArgumentParser(prog="make e2e", description=__doc__)
    parser.add_argument("-k", default="", help="only cases whose name, heading or language holds this")
    parser.add_argument("-v", "--transcripts", action="store_true", help="print every conversation")
    parser.add_argument("--people", action="store_true", help="also simulated people for every category")
    parser.add_argument("--no-coverage", action="store_true")
    told = parser.parse_args(arguments)
    warnings.simplefilter("ignore")
    os.environ["SQLALCHEMY_SILENCE_UBER_WARNING"] = "1"  # Rasa's own tables
    logging.disable(logging.WARNING)
    cases = [case for case in load_cases() if told.k in case.id]
    engine = load_engine()
    coverage, house = Coverage(), load_house(ALL_PACKS)
    started = time.perf_counter()
    store, results = new_store(), []
    for case in cases:
        world = World(
            engine=engine,
            store=store,
            house=load_house(case.packs or ALL_PACKS, case.country),
            clock=Clock(),
        )
        results.append(run_case(case, world))
        _show(results[-1], transcript=told.transcripts)
        coverage.add_questions(world.transcript, house)
    for who in everybody() if told.people else ():
        world = a_world(engine, store)
        results.append(_as_result(who, meet(who, world)))
        _show(results[-1], transcript=told.transcripts)
        coverage.add_questions(world.transcript, house)
    for heard in engine.turns:
        coverage.add(heard)
    took = time.perf_counter() - started
    bad = [result for result in results if result.problems]
    if not told.no_coverage:
        print("\n" + coverage.report(house))
    turns = len(engine.turns)
    print(
        f"\n{len(results)} conversations, {turns} turns in {took:.0f} s"
        f" ({1000 * took / max(1, turns):.0f} ms a turn): {len(results) - len(bad)} as expected, {len(bad)} not"
    )
    return 1 if bad else 0


def _as_result(who: Who, dialogue: Dialogue) -> Result:
    """A simulated person's dialogue as if it were a case; `python -m bench.person` measures it more finely."""
    case = Case(who.language, "every category", f"{who.code}, {who.temper}", ())
    problems = list(dialogue.problems)
    if not dialogue.filed:
        problems.append(f"{dialogue.outcome} {dialogue.filed_as}")
    return Result(case, problems, dialogue.transcript, dialogue.turns)


def _show(result: Result, *, transcript: bool) -> None:
    case: Case = result.case
    print(f"{'✗' if result.problems else '✓'} {case.id}")
    if result.problems or transcript:
        print("\n".join(result.transcript))
    for problem in result.problems:
        print(f"   ✗ {problem}")


if __name__ == "__main__":
    sys.exit(main())
