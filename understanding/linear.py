"""The one learner behind intents, categories and emotion: n-grams and sentence vectors into a softmax.

Training uses SciPy; answering is plain NumPy on one short row, so that a turn costs well under a millisecond
beside the sentence vector. Files are a JSON and an NPZ, no pickles.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from understanding.features import Vector, keep_vectors, sentence_vectors, spaced, words

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.int64]

#: Characters of a text from which n-grams are cut.
MAX_NGRAM_CHARS = 1200


def word_ngrams(text: str) -> list[str]:
    """Single tokens and pairs of neighbours."""
    found = words(text[:MAX_NGRAM_CHARS])
    return found + [f"{left} {right}" for left, right in pairwise(found)]


def char_ngrams(text: str) -> list[str]:
    """Runs of one to four characters inside each blank-separated piece, with its borders."""
    grams: list[str] = []
    for piece in spaced(text[:MAX_NGRAM_CHARS]).split(" "):
        padded = f" {piece} "
        for size in (1, 2, 3, 4):
            grams.extend(padded[i : i + size] for i in range(len(padded) - size + 1))
    return grams


_CUTTERS: dict[str, Callable[[str], list[str]]] = {"word": word_ngrams, "char": char_ngrams}


class NgramView:
    """TF-IDF rows of unit length over the n-grams that at least ``min_count`` training texts hold."""

    def __init__(self, kind: str, vocabulary: dict[str, int], idf: Floats) -> None:
        self.kind = kind
        self.vocabulary = vocabulary
        self.idf = idf

    @classmethod
    def fit(cls, kind: str, texts: Sequence[str], *, min_count: int) -> NgramView:
        seen = Counter(gram for text in texts for gram in set(_CUTTERS[kind](text)))
        kept = sorted(gram for gram, count in seen.items() if count >= min_count)
        idf = np.log((1 + len(texts)) / (1 + np.array([seen[gram] for gram in kept], dtype=np.float64))) + 1
        return cls(kind, {gram: index for index, gram in enumerate(kept)}, idf.astype(np.float32))

    def row(self, text: str) -> tuple[Ints, Floats]:
        """Columns and values of one text."""
        counts = Counter(self.vocabulary.get(gram, -1) for gram in _CUTTERS[self.kind](text))
        counts.pop(-1, None)
        columns = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
        repeats = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        values: Floats = (np.log(repeats) + 1) * self.idf[columns]
        return columns, values / max(float(np.sqrt((values**2).sum())), 1e-9)


@dataclass(frozen=True)
class Recipe:
    """How texts become columns and how strongly weights are held back.

    ``sparse`` and ``vector`` scale the n-gram views and the sentence vector; ``strength`` is the inverse of
    the L2 penalty; ``balance`` 0 counts every example once, 1 gives every label the same weight.
    """

    sparse: float = 0.7
    vector: float = 1.5
    strength: float = 10.0
    balance: float = 0.5
    min_count: int = 2
    iterations: int = 50


class LinearModel:
    """A softmax over labels. ``extra`` columns (context, lexicon) are the caller's own numbers."""

    def __init__(
        self,
        recipe: Recipe,
        labels: Sequence[str],
        views: Sequence[NgramView],
        *,
        center: Floats,
        sparse_weights: Floats,
        dense_weights: Floats,
        bias: Floats,
        temperature: float = 1.0,
    ) -> None:
        self.recipe = recipe
        self.labels = tuple(labels)
        self.views = tuple(views)
        self.center = center
        self.sparse_weights = sparse_weights
        self.dense_weights = dense_weights
        self.bias = bias
        self.temperature = temperature

    @classmethod
    def train(
        cls,
        texts: Sequence[str],
        labels: Sequence[str],
        *,
        recipe: Recipe,
        extra: Floats | None = None,
        weights: Floats | None = None,
        groups: Sequence[str] | None = None,
        folds: int = 3,
    ) -> LinearModel:
        """Fit, then set the temperature on held-out folds.

        ``extra`` has one row a text; ``weights`` one number a text. ``groups``: texts of one group are never
        split between folds (copies of one example). ``folds`` below 2 leaves the temperature at 1.
        """
        targets, names = _as_indices(labels)
        with keep_vectors():
            model = cls._fit(texts, targets, names, recipe=recipe, extra=extra, weights=weights)
            if folds > 1 and len(names) > 1:
                held_out = cross_scores(
                    texts, labels, recipe=recipe, extra=extra, weights=weights, groups=groups, folds=folds
                )
                model.calibrate(held_out, labels)
        return model

    def calibrate(self, held_out: Floats, labels: Sequence[str]) -> None:
        """Set the temperature by scores of :func:`cross_scores` and the true ``labels``."""
        self.temperature = _best_temperature(held_out, _as_indices(labels)[0])

    @classmethod
    def _fit(
        cls,
        texts: Sequence[str],
        targets: Ints,
        names: Sequence[str],
        *,
        recipe: Recipe,
        extra: Floats | None,
        weights: Floats | None,
    ) -> LinearModel:
        from scipy import sparse

        views = [NgramView.fit(kind, texts, min_count=recipe.min_count) for kind in _CUTTERS]
        unique = list(dict.fromkeys(texts))
        place = {text: index for index, text in enumerate(unique)}
        index = np.array([place[text] for text in texts], dtype=np.int64)
        vectors = sentence_vectors(unique)
        center = vectors.mean(axis=0)
        dense = ((vectors - center) * recipe.vector)[index]
        if extra is not None:
            dense = np.hstack([dense, extra.astype(np.float32)])
        rows = sparse.csr_matrix(_stack(views, unique, recipe.sparse))[index]
        per_text = _example_weights(targets, len(names), weights, recipe.balance)
        solved = _solve(
            rows, dense.astype(np.float32), targets, count=len(names), weights=per_text, recipe=recipe
        )
        return cls(
            recipe,
            names,
            views,
            center=center,
            sparse_weights=solved[0],
            dense_weights=solved[1],
            bias=solved[2],
        )

    def scores(self, text: str, *, extra: Floats | None = None, vector: Floats | None = None) -> Floats:
        """Log-probabilities up to a constant, after the temperature, one for each of ``labels``."""
        vector = sentence_vectors([text])[0] if vector is None else vector
        dense = (vector - self.center) * self.recipe.vector
        total = self.bias + dense @ self.dense_weights[: len(dense)]
        if extra is not None:
            total = total + extra @ self.dense_weights[len(dense) :]
        offset = 0
        for view in self.views:
            columns, values = view.row(text)
            if len(columns):
                total = total + (values * self.recipe.sparse) @ self.sparse_weights[columns + offset]
            offset += len(view.vocabulary)
        return cast(Floats, total / self.temperature)

    def probabilities(
        self, text: str, *, extra: Floats | None = None, vector: Floats | None = None
    ) -> Floats:
        """One calibrated probability for each of ``labels``; they sum to one."""
        return softmax(self.scores(text, extra=extra, vector=vector))

    def save(self, directory: Path, name: str) -> None:
        """Write ``NAME.json`` and ``NAME.npz`` into ``directory``, which is made if needed."""
        directory.mkdir(parents=True, exist_ok=True)
        about = {
            "labels": self.labels,
            "temperature": self.temperature,
            "recipe": asdict(self.recipe),
            "views": [{"kind": view.kind, "grams": list(view.vocabulary)} for view in self.views],
        }
        (directory / f"{name}.json").write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")
        np.savez(
            directory / f"{name}.npz",
            center=self.center,
            sparse=self.sparse_weights.astype(np.float16),
            dense=self.dense_weights,
            bias=self.bias,
            **{f"idf{number}": view.idf for number, view in enumerate(self.views)},
        )

    @classmethod
    def load(cls, directory: Path, name: str) -> LinearModel:
        """Read what :meth:`save` wrote.

        Raises: FileNotFoundError.
        """
        about = json.loads((directory / f"{name}.json").read_text(encoding="utf-8"))
        with np.load(directory / f"{name}.npz", allow_pickle=False) as stored:
            arrays = {key: stored[key] for key in stored.files}
        views = [
            NgramView(view["kind"], {g: i for i, g in enumerate(view["grams"])}, arrays[f"idf{number}"])
            for number, view in enumerate(about["views"])
        ]
        return cls(
            Recipe(**about["recipe"]),
            about["labels"],
            views,
            center=arrays["center"],
            sparse_weights=arrays["sparse"].astype(np.float32),
            dense_weights=arrays["dense"],
            bias=arrays["bias"],
            temperature=about["temperature"],
        )


def cross_scores(
    texts: Sequence[str],
    labels: Sequence[str],
    *,
    recipe: Recipe,
    extra: Floats | None = None,
    weights: Floats | None = None,
    groups: Sequence[str] | None = None,
    folds: int = 5,
) -> Floats:
    """Scores of every text from a model that did not see it (nor its group), shape ``(texts, labels)``.

    Columns follow the sorted labels. A label that a training part lacks gets a very low score.
    """
    targets, names = _as_indices(labels)
    fold_of = _fold_numbers(groups if groups is not None else texts, targets, folds)
    scores = np.full((len(texts), len(names)), -30.0)
    for fold in range(folds):
        inside, outside = np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
        present, local = np.unique(targets[inside], return_inverse=True)
        if not len(outside) or len(present) < 2:
            continue
        model = LinearModel._fit(
            [texts[i] for i in inside],
            local.astype(np.int64),
            [names[i] for i in present],
            recipe=recipe,
            extra=None if extra is None else extra[inside],
            weights=None if weights is None else weights[inside],
        )
        vectors = sentence_vectors([texts[i] for i in outside])
        for i, vector in zip(outside, vectors, strict=True):
            own_extra = None if extra is None else extra[i]
            scores[i, present] = model.scores(texts[i], extra=own_extra, vector=vector)
    return scores


def softmax(scores: Floats) -> Floats:
    """Along the last axis."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return cast(Floats, shifted / shifted.sum(axis=-1, keepdims=True))


def _as_indices(labels: Iterable[str]) -> tuple[Ints, list[str]]:
    names, targets = np.unique(np.asarray(list(labels)), return_inverse=True)
    return targets.astype(np.int64), [str(name) for name in names]


def _stack(views: Sequence[NgramView], texts: Sequence[str], scale: float) -> Any:
    """The n-gram views of all ``texts`` side by side, as a CSR matrix."""
    from scipy import sparse

    blocks = []
    for view in views:
        rows = [view.row(text) for text in texts]
        borders = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        columns = np.concatenate([columns for columns, _ in rows])
        values = np.concatenate([values for _, values in rows]).astype(np.float32) * np.float32(scale)
        blocks.append(sparse.csr_matrix((values, columns, borders), shape=(len(texts), len(view.vocabulary))))
    return sparse.hstack(blocks, format="csr")


def _example_weights(targets: Ints, count: int, weights: Floats | None, balance: float) -> Floats:
    own = np.ones(len(targets)) if weights is None else np.asarray(weights, dtype=np.float64)
    mass = np.bincount(targets, weights=own, minlength=count)
    per_label = (mass.mean() / np.maximum(mass, 1e-9)) ** balance
    spread = own * per_label[targets]
    scaled: Floats = (spread * (own.sum() / spread.sum())).astype(np.float32)
    return scaled


def _fold_numbers(keys: Sequence[str], targets: Ints, folds: int) -> Ints:
    """Deal the keys of each label out to the folds in turn; equal keys go together."""
    dealt: dict[str, int] = {}
    given: Counter[int] = Counter()
    for key, target in zip(keys, targets, strict=True):
        if key not in dealt:
            # a multiplicative step, so that neighbours in a file (often one writer) spread evenly
            dealt[key] = given[int(target)] * 7 % folds if folds % 7 else given[int(target)] % folds
            given[int(target)] += 1
    return np.array([dealt[key] for key in keys], dtype=np.int64)


def _solve(
    rows: Any, dense: Vector, targets: Ints, *, count: int, weights: Floats, recipe: Recipe
) -> tuple[Floats, Floats, Floats]:
    """Minimise the weighted cross-entropy with an L2 penalty: sparse weights, dense weights, bias."""
    from scipy.optimize import minimize

    width = rows.shape[1]
    shape = (width + dense.shape[1] + 1, count)
    turned = rows.T.tocsr()
    penalty = 1.0 / recipe.strength
    hit = np.zeros((len(targets), count), dtype=np.float32)
    hit[np.arange(len(targets)), targets] = 1

    def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        matrix = flat.reshape(shape).astype(np.float32)
        raw = rows @ matrix[:width] + dense @ matrix[width:-1] + matrix[-1]
        chances = softmax(raw)
        cross = -float((weights * np.log(np.maximum(chances[np.arange(len(targets)), targets], 1e-12))).sum())
        error = (chances - hit) * weights[:, None]
        gradient = np.vstack([turned @ error, dense.T @ error, error.sum(axis=0, keepdims=True)])
        matrix[-1] = 0  # the bias goes free
        gradient += penalty * matrix
        size = 0.5 * penalty * float(np.vdot(matrix, matrix))
        return cross + size, gradient.ravel().astype(np.float64)

    start = np.zeros(shape[0] * shape[1])
    found = minimize(
        loss, start, jac=True, method="L-BFGS-B", options={"maxiter": recipe.iterations, "maxcor": 6}
    )
    matrix = found.x.reshape(shape).astype(np.float32)
    return matrix[:width], matrix[width:-1], matrix[-1]


def _best_temperature(scores: Floats, targets: Ints) -> float:
    """The divisor of the scores under which the held-out labels are likeliest."""
    own = np.arange(len(targets))

    def surprise(temperature: float) -> float:
        return -float(np.log(np.maximum(softmax(scores / temperature)[own, targets], 1e-12)).mean())

    return min((float(t) for t in np.geomspace(0.3, 4.0, 40)), key=surprise)
