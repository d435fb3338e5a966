"""The one learner behind intents, categories and emotion: a softmax over n-grams and sentence vectors, with
the nearest training sentences as a second opinion.

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

#: Up to so many texts their inner products are quicker to learn from than their n-grams.
_FEW_TEXTS = 7000
#: Score of a label that a model was not trained on.
_UNSEEN = -30.0
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


class Neighbours:
    """How near a sentence vector is to the training sentences of each label, on the vectors' main axes."""

    def __init__(self, axes: Floats, points: Floats, targets: Ints) -> None:
        self.axes = axes
        self.points = points
        self.targets = targets
        self._starts = np.flatnonzero(np.diff(targets, prepend=-1))
        self._sizes = np.sqrt(np.diff(np.append(self._starts, len(targets))))

    @classmethod
    def fit(cls, centered: Vector, targets: Ints, *, axes: int) -> Neighbours:
        """``centered``: one row a sentence; every target from 0 up has at least one."""
        turn = np.linalg.svd(centered, full_matrices=False)[2][:axes].T
        order = np.argsort(targets, kind="stable")
        return cls(turn, _unit_rows(centered[order] @ turn), targets[order])

    def scores(self, centered: Floats, *, sharpness: float) -> Floats:
        """Log-probability of each label, up to a constant."""
        nearness = np.exp(sharpness * (self.points @ _unit_rows((centered @ self.axes)[None])[0] - 1))
        sums = np.add.reduceat(nearness, self._starts) / self._sizes
        return cast(Floats, np.log(sums / sums.sum() + 1e-6))


@dataclass(frozen=True)
class Recipe:
    """How texts become columns and how strongly weights are held back.

    ``sparse`` and ``vector`` scale the n-gram views and the sentence vector; ``strength`` is the inverse of
    the L2 penalty; ``balance`` 0 counts every example once, 1 gives every label the same weight.
    ``neighbours`` is the say of the nearest sentences against the softmax, ``sharpness`` how near they must be.
    """

    sparse: float = 0.7
    vector: float = 1.5
    strength: float = 10.0
    balance: float = 0.5
    min_count: int = 2
    iterations: int = 50
    neighbours: float = 0.0
    sharpness: float = 16.0
    axes: int = 192


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
        neighbours: Neighbours | None = None,
        temperature: float = 1.0,
    ) -> None:
        self.recipe = recipe
        self.labels = tuple(labels)
        self.views = tuple(views)
        self.center = center
        self.sparse_weights = sparse_weights
        self.dense_weights = dense_weights
        self.bias = bias
        self.neighbours = neighbours
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
        """Fit, then set the temperature on a held-out part, one of ``folds``.

        ``extra`` has one row a text; ``weights`` one number a text. ``groups``: texts of one group are never
        split between parts (copies of one example). ``folds`` below 2 leaves the temperature at 1.
        """
        targets, names = _as_indices(labels)
        with keep_vectors():
            model = cls._fit(texts, targets, names, recipe=recipe, extra=extra, weights=weights)
            if folds > 1 and len(names) > 1:
                held_out = cross_scores(
                    texts,
                    labels,
                    recipe=recipe,
                    extra=extra,
                    weights=weights,
                    groups=groups,
                    folds=folds,
                    parts=1,
                )
                seen = scored(held_out)
                model.calibrate(held_out[seen], [labels[i] for i in seen])
        return model

    def calibrate(self, held_out: Floats, labels: Sequence[str]) -> None:
        """Set the temperature by scores of :func:`cross_scores` and the true ``labels``."""
        column = {name: index for index, name in enumerate(self.labels)}
        self.temperature = _best_temperature(held_out, np.array([column[label] for label in labels]))

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
        neighbours = None
        if recipe.neighbours:
            pairs = np.unique(np.stack([index, targets], axis=1), axis=0)  # a copy is no second neighbour
            neighbours = Neighbours.fit((vectors - center)[pairs[:, 0]], pairs[:, 1], axes=recipe.axes)
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
            neighbours=neighbours,
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
        if self.neighbours is not None:
            near = self.neighbours.scores(vector - self.center, sharpness=self.recipe.sharpness)
            total = np.log(softmax(total) + 1e-6) + self.recipe.neighbours * near
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
        near = self.neighbours
        np.savez(
            directory / f"{name}.npz",
            center=self.center,
            sparse=self.sparse_weights.astype(np.float16),
            dense=self.dense_weights,
            bias=self.bias,
            **{f"idf{number}": view.idf for number, view in enumerate(self.views)},
            **(
                {"axes": near.axes, "points": near.points.astype(np.float16), "targets": near.targets}
                if near
                else {}
            ),
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
            neighbours=Neighbours(arrays["axes"], arrays["points"].astype(np.float32), arrays["targets"])
            if "axes" in arrays
            else None,
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
    parts: int | None = None,
) -> Floats:
    """Scores of every text from a model that did not see it (nor its group), shape ``(texts, labels)``.

    Columns follow the sorted labels. A label that a training part lacks gets a very low score. With ``parts``
    only that many folds are scored, and the rows of the others are NaN: enough to set a temperature by.
    """
    targets, names = _as_indices(labels)
    fold_of = _fold_numbers(groups if groups is not None else texts, targets, folds)
    scores = np.full((len(texts), len(names)), np.nan)
    for fold in range(folds if parts is None else parts):
        inside, outside = np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
        scores[outside] = _UNSEEN
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


def scored(scores: Floats) -> Ints:
    """Indices of the rows that :func:`cross_scores` has filled."""
    return np.flatnonzero(~np.isnan(scores[:, 0]))


def softmax(scores: Floats) -> Floats:
    """Along the last axis."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return cast(Floats, shifted / shifted.sum(axis=-1, keepdims=True))


def _unit_rows(rows: Floats) -> Floats:
    return cast(Floats, rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))


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
    """Minimise the weighted cross-entropy with an L2 penalty: sparse weights, dense weights, bias.

    Few texts with many n-grams are first turned into as many coordinates as there are texts (a Cholesky
    factor of their inner products): the same problem with the same answer, several times quicker.
    """
    width = rows.shape[1]
    if len(targets) > _FEW_TEXTS or len(targets) >= width:
        return _solve_directly(rows, dense, targets, count=count, weights=weights, recipe=recipe)
    from scipy import sparse
    from scipy.linalg import cholesky, solve_triangular

    products = (rows @ rows.T).toarray().astype(np.float64) + dense.astype(np.float64) @ dense.T
    products[np.diag_indices_from(products)] += 1e-4 * products.diagonal().mean()
    factor = cholesky(products, lower=True, overwrite_a=True, check_finite=False)
    nothing = sparse.csr_matrix((len(targets), 0), dtype=np.float32)
    _, short, bias = _solve_directly(
        nothing, factor.astype(np.float32), targets, count=count, weights=weights, recipe=recipe
    )
    shares = solve_triangular(factor, short.astype(np.float64), trans="T", lower=True, check_finite=False)
    shares = shares.astype(np.float32)
    return rows.T @ shares, dense.T @ shares, bias


def _solve_directly(
    rows: Any, dense: Vector, targets: Ints, *, count: int, weights: Floats, recipe: Recipe
) -> tuple[Floats, Floats, Floats]:
    """L-BFGS over the columns as they are."""
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
