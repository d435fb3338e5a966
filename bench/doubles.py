"""Several complaints in one message: how many are found, and how many single ones are cut by mistake.

    python -m bench.doubles            figures of the part of doubles.yml that nothing was learned from
    python -m bench.doubles --learn    fit the weights of understanding/complaints.py on the other part

Both learn a category model from four fifths of the packs' openings first (a minute); the other openings, alone and
joined in twos, count as singles and doubles, too.
"""

from __future__ import annotations

import argparse
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from understanding.category import CategoryModel, sector
from understanding.complaints import SIGNS, borders, signs
from understanding.corpus import read_categories
from understanding.features import keep_vectors
from understanding.learning import learn_category, pack_folders

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("zh", "en")
#: What two openings are joined by for practice.
_JOINTS = {
    "zh": ("，", "，", "，", "，还有", "，另外", "，而且", "。", "，还有就是", "，再说", "", "，顺便说下"),
    "en": (", ", ", ", " and ", " and ", " and ", ". ", ", and ", " plus ", " also ", ", and also ", " but "),
}
_JOINED = 450
#: Openings that are joined are no longer than this.
_SHORT = {"zh": 44, "en": 110}
#: What our own sentences count beside openings.
_OWN_WEIGHT = 3.0


@dataclass(frozen=True)
class Row:
    """``starts``: where the further complaints of ``text`` begin; empty for a single one."""

    text: str
    codes: tuple[str, ...]
    starts: tuple[int, ...]
    language: str
    kind: str
    learned: bool


def own_rows() -> list[Row]:
    """``doubles.yml``: a text with its codes, | where a further complaint begins."""
    halves = yaml.safe_load((ROOT / "bench" / "doubles.yml").read_text(encoding="utf-8"))
    found = []
    for half, kinds in halves.items():
        for kind, languages in kinds.items():
            for language, rows in languages.items():
                for row in rows:
                    pieces = row["text"].split("|")
                    starts = tuple(sum(map(len, pieces[:n])) for n in range(1, len(pieces)))
                    codes = tuple(row["codes"])
                    found.append(Row("".join(pieces), codes, starts, language, kind, half == "learn"))
    return found


def openings() -> tuple[dict[str, list[str]], list[Row]]:
    """Four fifths of the packs' openings to learn from, and the others. A fifth of neighbours, as they are alike."""
    learned: dict[str, list[str]] = {}
    others = []
    for code, pairs in read_categories(pack_folders(ROOT)).items():
        learned[code] = []
        for language in LANGUAGES:
            texts = [text for tongue, text in pairs if tongue == language]
            for number, text in enumerate(texts):
                if number * 5 // len(texts) == sum(map(ord, code)) % 5:
                    others.append(Row(text, (code,), (), language, "openings", number % 2 == 0))
                else:
                    learned[code].append(text)
    return learned, others


def joined(rows: Sequence[Row], chance: random.Random) -> Iterator[Row]:
    """Two openings in one message, more often than not of one sector."""
    for learned in (True, False):
        for language in LANGUAGES:
            short = [
                row
                for row in rows
                if (row.learned, row.language) == (learned, language) and len(row.text) < _SHORT[language]
            ]
            near = defaultdict(list)
            for row in short:
                near[sector(row.codes[0])].append(row)
            for _ in range(_JOINED):
                first = chance.choice(short)
                second = chance.choice(near[sector(first.codes[0])] if chance.random() < 0.6 else short)
                left, joint, right = (
                    first.text.rstrip(" .。!！"),
                    chance.choice(_JOINTS[language]),
                    second.text,
                )
                if language == "en" and joint != ". " and not right.startswith(("I ", "I'")):
                    right = right[0].lower() + right[1:]
                codes = (*first.codes, *second.codes)
                if codes[0] != codes[1]:
                    yield Row(left + joint + right, codes, (len(left),), language, "joined", learned)


def own_codes(model: CategoryModel, row: Row) -> list[str] | None:
    """The codes of an organisation of one sector; ``None`` if the message needs several."""
    sectors = {sector(code) for code in row.codes}
    return [code for code in model.codes if sector(code) in sectors] if len(sectors) == 1 else None


def _near(at: int, row: Row) -> bool:
    """Whether a further complaint of ``row`` begins at ``at``, its joining words left out."""
    return any(-2 <= at - start <= (12 if row.language == "en" else 4) for start in row.starts)


def learn(sets: Sequence[tuple[CategoryModel, Sequence[Row]]]) -> dict[str, float]:
    """The weights of the signs of a border, fitted to the learned half of rows, each read by its model."""
    told, true, weights = [], [], []
    for model, rows in sets:
        for row in rows:
            tried = borders(row.text)
            right = [_near(len(row.text) - len(border.right), row) for border in tried]
            if not row.learned or not tried or (row.starts and not any(right)):
                continue
            own = own_codes(model, row)
            for among in (None, own) if own else (None,):
                found = signs(row.text, tried, model.reader(among))
                told += [[sign[name] for name in SIGNS] for sign in found]
                true += right
                weight = _OWN_WEIGHT if row.kind in ("doubles", "singles") else 1.0
                weights += [weight / (2 if own else 1)] * len(tried)
    scale = StandardScaler().fit(told)
    fitted = LogisticRegression(max_iter=2000).fit(scale.transform(told), true, sample_weight=weights)
    each = fitted.coef_[0] / scale.scale_
    always = float(fitted.intercept_[0] - each @ scale.mean_)
    return {"always": always, **dict(zip(SIGNS, map(float, each), strict=True))}


def measure(model: CategoryModel, rows: Sequence[Row]) -> Iterator[tuple[str, str, float]]:
    """What was measured, the figure's name and its value, for the half that was not learned."""
    groups = defaultdict(list)
    for row in rows:
        if not row.learned:
            groups[row.kind, row.language].append(row)
    for (kind, language), mine in sorted(groups.items()):
        what = f"{language}, {len(mine)} {kind}"
        single = not mine[0].starts
        found = [model.complaints(row.text, among=own_codes(model, row) if single else None) for row in mine]
        cut = [len(complaints) > 1 for complaints in found]
        yield what, "cut by mistake" if single else "cut", float(np.mean(cut))
        if not single:
            near = [
                len(complaints) > 1 and _near(complaints[1].start, row)
                for complaints, row in zip(found, mine, strict=True)
            ]
            yield what, "cut at the right place", float(np.mean(near))
            right = [
                {complaint.ranking[0].name for complaint in complaints} == set(row.codes)
                for complaints, row in zip(found, mine, strict=True)
            ]
            yield what, "all codes first", float(np.mean(right))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--learn", action="store_true", help="print new weights instead of figures")
    options = parser.parse_args()
    learned, others = openings()
    with keep_vectors():
        few, every = CategoryModel.train(learned), learn_category(ROOT)
    if every is None:
        raise SystemExit("packs/ holds no openings to learn from")
    sets = [(every, own_rows()), (few, [*others, *joined(others, random.Random(1))])]
    if options.learn:
        print({name: round(weight, 2) for name, weight in learn(sets).items()})
        return
    for model, rows in sets:
        for what, name, value in measure(model, rows):
            print(f"{what:24} {name:24} {value:.3f}")


if __name__ == "__main__":
    main()
