"""Learns the shipped model of dangers; ``make danger`` runs it after a change of its sentences.

    python -m understanding.danger_learning [ROOT] [--check]

Learned from ``data/emergency`` and from ordinary turns and openings.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from understanding.corpus import CorpusError, read_categories, read_emergencies, read_ordinary
from understanding.danger import FOLDER, NONE, DangerModel
from understanding.emergency import LEVELS
from understanding.learning import pack_folders
from understanding.linear import Columns, LinearModel, NgramView, Recipe, as_targets

#: Source: cross-validation on data/emergency and the packs' openings, 2026-11.
RECIPE = Recipe(sparse=1.0, vector=0.0, strength=30.0, balance=0.0, iterations=40)
#: N-grams that are shipped: those that tell most.
GRAMS = 50_000
#: Weight of an opening of a category that mostly tells of a danger, against a sentence that was read for it.
_TOLD = 0.4
#: Weight of words that leave it open, each way; weight of what is told beside something ordinary.
_OPEN, _BESIDE = 2.0, 0.5


@dataclass(frozen=True)
class Example:
    text: str
    #: Code of a danger, or ``none``, ``none/turn``, ``none/GOV``, …: of one kind of harmless text.
    label: str
    weight: float = 1.0
    #: Neighbours in a file are often of one thought; they stay together when the model is cross-validated.
    #: -1: no neighbour in ``data/emergency``.
    block: int = -1


def digest(root: Path) -> str:
    """Changes with the sentences of ``data/emergency`` and with how they are learned.

    Not with the packs and ``data/nlu``: a new ordinary sentence there need not be learned at once.
    """
    found = hashlib.blake2b(digest_size=8)
    found.update(repr((RECIPE, GRAMS, _TOLD, _OPEN, _BESIDE)).encode())
    for path in sorted((root / "data" / "emergency").glob("*.yml")):
        found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def examples(root: Path) -> list[Example]:
    """All that is learned from, each text once, but for those that leave it open: they are learned both ways.

    Raises: CorpusError.
    """
    packs = pack_folders(root)
    folder = root / "data" / "emergency"
    told = _read(folder / "told.yml", codes=dict.values)
    left_open = _read(folder / "open.yml", codes=dict.keys)
    both = [
        Example(text, label, _OPEN)
        for code, texts in left_open.items()
        for text in texts
        for label in (code, NONE)
    ]
    found = [
        Example(text, code or NONE, block=number // 8)
        for number, (_, text, code) in enumerate(read_emergencies(root / "data"))
    ]
    ordinary = read_ordinary(root / "data", packs)
    found += _beside(found, ordinary)
    for category, pairs in read_categories(packs).items():
        if category in told:
            found += [Example(text, told[category], _TOLD) for _, text in pairs]
    found += [Example(text, f"{NONE}/{kind}") for text, kind in ordinary.items()]
    taken = {each.text for each in both}
    once = {each.text: each for each in reversed(found) if each.text not in taken}
    return list(once.values())[::-1] + both


def _beside(told: Sequence[Example], ordinary: Iterable[str]) -> list[Example]:
    """Every other one of ``told`` once more, before or after an ordinary text: people say more than one thing."""
    pools: defaultdict[bool, list[str]] = defaultdict(list)
    for text in ordinary:
        pools[text.isascii()].append(text)
    found = []
    for number, each in enumerate(told[::2]):
        if pool := pools[each.text.isascii()]:
            other = pool[number * 7 % len(pool)]
            pair = (each.text, other) if number % 2 else (other, each.text)
            found.append(replace(each, text=" ".join(pair), weight=_BESIDE))
    return found


def _read(path: Path, *, codes: Callable[[dict[str, Any]], Iterable[str]]) -> dict[str, Any]:
    """A mapping that names dangers, empty without the file. Raises: CorpusError for a danger that is not known."""
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}
    if unknown := set(codes(found)) - set(LEVELS):
        raise CorpusError(path, 1, f"unknown dangers: {', '.join(sorted(unknown))}")
    return found


def learn(learned: Sequence[Example], *, grams: int = GRAMS) -> LinearModel:
    """Fit dangers against all that is harmless, then, on the n-grams that weigh most, against each kind of it.

    Raises: ValueError unless there are dangers and harmless texts.
    """
    coarse, first_targets = as_targets([each.label.split("/")[0] for each in learned])
    if NONE not in coarse or len(coarse) < 2:
        raise ValueError("dangers and harmless texts are needed")
    texts = [each.text for each in learned]
    weights = np.array([each.weight for each in learned], dtype=np.float32)
    every = np.arange(len(texts))
    views = [NgramView.fit(kind, texts, min_count=2)[0] for kind in ("word", "char")]
    quick = replace(RECIPE, iterations=20)
    first = LinearModel.fit(
        _columns(views, texts), every, first_targets, coarse, recipe=quick, weights=weights
    )
    names, targets = as_targets([each.label for each in learned])
    columns = _columns(_heaviest(first, grams), texts)
    return LinearModel.fit(columns, every, targets, names, recipe=RECIPE, weights=weights)


def _heaviest(model: LinearModel, most: int) -> list[NgramView]:
    """The views of ``model`` on those n-grams alone that can move a label most."""
    idf = np.concatenate([view.idf for view in model.views])
    weight = np.abs(model.sparse_weights).max(axis=1) * idf
    kept = np.sort(np.argsort(-weight, kind="stable")[:most])
    views, start = [], 0
    for view in model.views:
        names = list(view.vocabulary)
        own = kept[(kept >= start) & (kept < start + len(names))] - start
        views.append(NgramView(view.kind, {names[old]: new for new, old in enumerate(own)}, view.idf[own]))
        start += len(names)
    return views


def _columns(views: Sequence[NgramView], texts: Sequence[str]) -> Columns:
    from scipy import sparse

    parts = []
    for view in views:
        cut = [view.row(text) for text in texts]
        borders = np.cumsum([0, *(len(columns) for columns, _ in cut)])
        values = np.concatenate([values for _, values in cut]).astype(np.float32) * np.float32(RECIPE.sparse)
        columns = np.concatenate([columns for columns, _ in cut])
        parts.append(sparse.csr_matrix((values, columns, borders), shape=(len(texts), len(view.vocabulary))))
    return Columns(
        tuple(views), sparse.hstack(parts, format="csr"), np.zeros((len(texts), 0), dtype=np.float32), None,
        np.arange(len(texts)),
    )  # fmt: skip


def held_out(found: Sequence[Example], *, folds: int = 4) -> list[tuple[Example, dict[str, float]]]:
    """What models that did not see an example's block make of it."""
    heard = []
    for fold in range(folds):
        mine = [
            (number if each.block < 0 else each.block) % folds == fold for number, each in enumerate(found)
        ]
        model = DangerModel(learn([e for e, out in zip(found, mine, strict=True) if not out]), "")
        heard += [(e, model.chances(e.text)) for e, out in zip(found, mine, strict=True) if out]
    return heard


def check(root: Path) -> str:
    """How well models hear blocks of ``data/emergency`` that they did not see, as lines of a table."""
    heard = held_out(examples(root))
    kinds = {
        "found": [chances for each, chances in heard if each.label in LEVELS and each.block >= 0],
        "false alarms": [chances for each, chances in heard if each.label == NONE],
        "ordinary": [chances for each, chances in heard if each.label.startswith(f"{NONE}/")],
    }
    lines = ["chance  " + "  ".join(kinds)]
    for chance in (0.1, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8):
        shares = [np.mean([sum(each.values()) >= chance for each in texts]) for texts in kinds.values()]
        lines.append(f"{chance:6.2f}  " + "  ".join(f"{share:.4f}" for share in shares))
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument(
        "root", type=Path, nargs="?", default=Path(), help="the project: data/ and packs/ are read"
    )
    parser.add_argument("--check", action="store_true", help="cross-validate instead of writing (2 minutes)")
    options = parser.parse_args()
    if options.check:
        sys.stdout.write(check(options.root) + "\n")
    else:
        DangerModel(learn(examples(options.root)), digest(options.root)).save(FOLDER)


if __name__ == "__main__":
    main()
