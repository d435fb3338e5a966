"""How well questions find their knowledge entry: right answers, wrong ones, and answers where there is none.

    uv run python bench/knowledge.py            # every organisation of one pack, and one of all seven
    uv run python bench/knowledge.py --fit      # fit the confidence anew on the odd half and print its weights
    uv run python bench/knowledge.py --errors   # also what went wrong

The questions of ``bench/knowledge/*.yml`` stand in no knowledge file. The odd ones are for fitting and tuning, the even
ones for measuring.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from actions.librarian import ANSWER_AT, OFFER_AT  # noqa: E402
from casework.knowledge import Knowledge, load_knowledge  # noqa: E402
from casework.packs import Packs  # noqa: E402
from understanding import retrieval  # noqa: E402
from understanding.features import keep_vectors  # noqa: E402
from understanding.retrieval import Retriever  # noqa: E402

SECTORS = ("government", "power", "ecommerce", "hospitality", "finance", "telecom", "urban")
TODAY = date(2026, 11, 21)
CACHE = ROOT / "var" / "cache" / "knowledge.npz"


@dataclass(frozen=True)
class Asked:
    """``key`` is empty where nothing answers."""

    text: str
    language: str
    key: str
    even: bool
    told: bool = False  #: a complaint, not a question


def asked(knowledge: Knowledge, folder: Path) -> Iterator[Asked]:
    for language in ("zh", "en"):
        keys = knowledge.keys(language=language, on=TODAY)
        answerable = yaml.safe_load((folder / f"answerable.{language}.yml").read_text(encoding="utf-8"))
        for key, texts in answerable.items():
            for number, text in enumerate(texts if key in keys else ()):
                yield Asked(str(text), language, key, number % 2 == 1)
        for kind in ("unanswerable", "told"):
            path = folder / f"{kind}.{language}.yml"
            texts = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else []
            for number, text in enumerate(texts):
                yield Asked(str(text), language, "", number % 2 == 1, kind == "told")


@dataclass
class Outcome:
    """One question with what was found and by which figures."""

    asked: Asked
    found: list[retrieval.Match]
    figures: Mapping[str, float]


def run(packs: tuple[str, ...], folder: Path) -> list[Outcome]:
    knowledge = load_knowledge(
        ROOT / "packs", Packs.load(ROOT / "packs", packs), organisation="Test town", country="CN"
    )
    retriever = Retriever(knowledge.ways_to_ask(), unanswered=knowledge.unanswered, cache=CACHE)
    figures: list[Mapping[str, float]] = []
    plain = retrieval._confidence

    def noting(question: str, **values: float) -> float:
        figures.append({"one": 1.0, **values, **retrieval.features_of(question)})
        return plain(question, **values)

    retrieval._confidence = noting
    outcomes = []
    for question in asked(knowledge, folder):
        figures.clear()
        keys = knowledge.keys(language=question.language, on=TODAY)
        found = retriever.search(question.text, among=keys)
        outcomes.append(Outcome(question, found, figures[0]))
    retrieval._confidence = plain
    return outcomes


def report(name: str, outcomes: list[Outcome], *, errors: bool) -> dict[tuple[str, str], list[float]]:
    rows: dict[tuple[str, str], list[float]] = {}
    for language in ("zh", "en"):
        mine = [o for o in outcomes if o.asked.language == language]
        known, unknown = [o for o in mine if o.asked.key], [o for o in mine if not o.asked.key]
        first = [bool(o.found) and o.found[0].key == o.asked.key for o in known]
        said = [bool(o.found) and o.found[0].confidence >= ANSWER_AT for o in known]
        offered = [
            not s and any(m.key == o.asked.key and m.confidence >= OFFER_AT for m in o.found)
            for o, s in zip(known, said, strict=True)
        ]
        row = [
            np.mean(first),
            np.mean([f and s for f, s in zip(first, said, strict=True)]),
            np.mean(offered),
            np.mean([s and not f for f, s in zip(first, said, strict=True)]),
            *(
                np.mean(
                    [o.found[0].confidence >= ANSWER_AT for o in unknown if o.asked.told is told] or [0.0]
                )
                for told in (False, True)
            ),
        ]
        rows[name, language] = [float(v) for v in row]
        shown = "  ".join(f"{v:5.3f}" for v in row)
        print(f"{name:12} {language}  n={len(known):3}/{len(unknown):3}  {shown}")
        for o, f, s in zip(known, first, said, strict=True) if errors else ():
            if not (f and s):
                best = o.found[0]
                print(f"    {o.asked.text} | {o.asked.key} -> {best.key} {best.confidence:.2f}")
        for o in unknown if errors else ():
            if o.found[0].confidence >= ANSWER_AT:
                print(f"    {o.asked.text} | nothing -> {o.found[0].key} {o.found[0].confidence:.2f}")
    return rows


def fit(outcomes: list[Outcome]) -> None:
    from sklearn.linear_model import LogisticRegression

    names = [name for name in outcomes[0].figures if name != "one"]
    values: Any = np.array([[o.figures[name] for name in names] for o in outcomes])
    right = [bool(o.asked.key) and o.found[0].key == o.asked.key for o in outcomes]
    spread = values.std(axis=0)
    model = LogisticRegression(C=3, max_iter=5000).fit((values - values.mean(axis=0)) / spread, right)
    weights = model.coef_[0] / spread
    print("one", round(float(model.intercept_[0] - weights @ values.mean(axis=0)), 3))
    for name, weight in zip(names, weights, strict=True):
        print(name, round(float(weight), 3))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--half", choices=("odd", "even", "both"), default="even")
    parser.add_argument("--packs", default="", help="one organisation of these packs, with commas")
    parser.add_argument("--folder", type=Path, default=ROOT / "bench" / "knowledge")
    args = parser.parse_args()
    organisations = [(name,) for name in SECTORS] + [SECTORS]
    if args.packs:
        organisations = [tuple(args.packs.split(","))]
    with keep_vectors():
        runs = {("all" if len(p) > 2 else "+".join(p)): run(p, args.folder) for p in organisations}
    if args.fit:
        fit([o for outcomes in runs.values() for o in outcomes if not o.asked.even])
        return
    print("organisation     known/unknown  first  right  offered wrong  false  told")
    rows: dict[tuple[str, str], list[float]] = {}
    for name, outcomes in runs.items():
        chosen = [o for o in outcomes if args.half == "both" or o.asked.even == (args.half == "even")]
        rows |= report(name, chosen, errors=args.errors)
    for language in ("zh", "en"):
        single = [row for (name, spoken), row in rows.items() if spoken == language and name != "all"]
        if len(single) > 1:
            print(
                f"mean of one  {language}  "
                + " " * 12
                + "  ".join(f"{v:5.3f}" for v in np.mean(single, axis=0))
            )


if __name__ == "__main__":
    main()
