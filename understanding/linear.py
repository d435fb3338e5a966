"""The one learner behind intents, categories and emotion: a softmax over n-grams and sentence vectors, with
the nearest training sentences as a second opinion.

Training uses SciPy; answering is plain NumPy on one short row, so that a turn costs well under a millisecond
beside the sentence vector. Files are a JSON and an NPZ, no pickles.
"""

from __future__ import annotations

import json
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from itertools import pairwise, repeat
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from understanding.features import Vector, sentence_vectors, spaced, words

Floats = npt.NDArray[np.floating[Any]]
Ints = npt.NDArray[np.int64]

#: Curvature of the loss along a column, as a share of the column's sum of squares: about p(1-p) of a label.
_CURVATURE = 0.02
#: Score of a label that a model was not trained on.
_UNSEEN = -30.0
#: Vectors that are enough to find their main axes.
_AXES_FROM = 5000
#: Held-out texts that set a temperature, and the steps of the fit that is held against them.
CALIBRATED_ON = 2000
_QUICK_ITERATIONS = 10
#: Characters of a text from which n-grams are cut.
MAX_NGRAM_CHARS = 1200
#: Training sentences that are compared at once: so few that OpenBLAS multiplies without copying them first, and that
#: they are still in the processor's cache for the second text. Half the time for three to nine texts.
_COMPARED_AT_ONCE = 512


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


@lru_cache(maxsize=64)
def _counted(kind: str, text: str) -> tuple[tuple[str, ...], Floats]:
    """The n-grams of ``text``, and what each counts by how often it occurs. The models of one turn read the same texts:
    it and its pieces."""
    found = Counter(_CUTTERS[kind](text))
    repeats: Floats = np.array(list(found.values()), dtype=np.float32)
    return tuple(found), cast(Floats, np.log(repeats) + 1)


def forget_ngrams() -> None:
    """Drop what is kept of the texts read lately."""
    _counted.cache_clear()


class NgramView:
    """TF-IDF rows of unit length over the n-grams that at least ``min_count`` training texts hold."""

    def __init__(self, kind: str, vocabulary: dict[str, int], idf: Floats) -> None:
        self.kind = kind
        self.vocabulary = vocabulary
        self.idf = idf

    @classmethod
    def fit(cls, kind: str, texts: Sequence[str], *, min_count: int) -> tuple[NgramView, Any]:
        """The view, and the rows of ``texts`` in it as a CSR matrix: each text is cut only once."""
        from scipy import sparse

        numbers: defaultdict[str, int] = defaultdict()
        numbers.default_factory = numbers.__len__
        found, borders = array("i"), array("q", [0])
        for text in texts:
            found.extend([numbers[gram] for gram in _CUTTERS[kind](text)])
            borders.append(len(found))
        counts = sparse.csr_matrix(
            (np.ones(len(found), dtype=np.float32), np.array(found), np.array(borders)),
            shape=(len(texts), len(numbers)),
        )
        counts.sum_duplicates()
        seen = np.bincount(counts.indices, minlength=len(numbers))
        names = np.array(list(numbers))
        kept = np.flatnonzero(seen >= min_count)
        kept = kept[np.argsort(names[kept])]
        rows = counts[:, kept]
        idf = (np.log((1 + len(texts)) / (1 + seen[kept])) + 1).astype(np.float32)
        rows.data = (np.log(rows.data) + 1) * idf[rows.indices]
        norms = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
        rows = sparse.diags((1 / np.maximum(norms, 1e-9)).astype(np.float32)) @ rows
        return cls(kind, {str(gram): index for index, gram in enumerate(names[kept])}, idf), rows

    def row(self, text: str) -> tuple[Ints, Floats]:
        """Columns and values of one text."""
        grams, counts = _counted(self.kind, text)
        places = np.fromiter(map(self.vocabulary.get, grams, repeat(-1)), dtype=np.int64, count=len(grams))
        known = places >= 0
        columns = places[known]
        values: Floats = counts[known] * self.idf[columns]
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
        some = centered[:: -(-len(centered) // _AXES_FROM)]
        turn = np.linalg.eigh(some.T @ some)[1][:, ::-1][:, :axes]
        order = np.argsort(targets, kind="stable")
        return cls(turn, _unit_rows(centered[order] @ turn), targets[order])

    def cosines(self, centered: Floats) -> Floats:
        """How near each row of ``centered`` is to each training sentence."""
        turned = _unit_rows(centered @ self.axes)
        if len(turned) == 1:
            return turned @ self.points.T
        columns = np.ascontiguousarray(turned.T)
        starts = range(0, len(self.points), _COMPARED_AT_ONCE)
        found = [self.points[at : at + _COMPARED_AT_ONCE] @ columns for at in starts]
        return np.ascontiguousarray(np.concatenate(found).T)

    def scores(self, cosines: Floats, *, sharpness: float) -> Floats:
        """Log-probability of each label, up to a constant, for each row of :meth:`cosines`."""
        nearness = np.exp(sharpness * (cosines - 1))
        sums = np.add.reduceat(nearness, self._starts, axis=1) / self._sizes
        return cast(Floats, np.log(sums / sums.sum(axis=1, keepdims=True) + 1e-6))


@dataclass(frozen=True)
class Recipe:
    """How texts become columns and how strongly weights are held back.

    ``sparse`` and ``vector`` scale the n-gram views and the sentence vector; ``strength`` is the inverse of
    the L2 penalty; ``balance`` 0 counts every example once, 1 gives every label the same weight.
    ``neighbours`` is the say of the nearest sentences against the softmax, ``sharpness`` how near they must be.
    Few ``iterations`` are a second brake beside the penalty: cross-validated, more of them are worse.
    """

    sparse: float = 0.7
    vector: float = 1.5
    strength: float = 10.0
    balance: float = 0.5
    min_count: int = 2
    iterations: int = 15
    neighbours: float = 0.0
    sharpness: float = 16.0
    axes: int = 192


@dataclass(frozen=True)
class Columns:
    """Texts as numbers, made once for all the fits of a training. One row a text, also for repeated ones."""

    views: tuple[NgramView, ...]
    rows: Any  # CSR, the views side by side
    vectors: Floats
    extra: Floats | None
    #: Number of each text among the different ones.
    text_of: Ints

    @classmethod
    def of(cls, texts: Sequence[str], *, recipe: Recipe, extra: Floats | None = None) -> Columns:
        from scipy import sparse

        place = {text: index for index, text in enumerate(dict.fromkeys(texts))}
        index = np.array([place[text] for text in texts], dtype=np.int64)
        fitted = [NgramView.fit(kind, list(place), min_count=recipe.min_count) for kind in _CUTTERS]
        rows = sparse.hstack([part for _, part in fitted], format="csr")[index] * np.float32(recipe.sparse)
        vectors = sentence_vectors(list(place))[index]
        return cls(tuple(view for view, _ in fitted), rows, vectors, extra, index)


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
        folds: int = 3,
    ) -> LinearModel:
        """Fit, then set the temperature on a held-out part, one of ``folds``.

        ``extra`` has one row a text; ``weights`` one number a text. ``folds`` below 2 leaves the temperature
        at 1.
        """
        names, targets = as_targets(labels)
        columns = Columns.of(texts, recipe=recipe, extra=extra)
        every = np.arange(len(texts))
        model = cls.fit(columns, every, targets, names, recipe=recipe, weights=weights)
        if folds > 1 and len(names) > 1:
            rows, scores = held_out_scores(
                columns, targets, names, recipe=recipe, weights=weights, folds=folds, limit=CALIBRATED_ON
            )
            model.calibrate(scores, targets[rows])
        return model

    def calibrate(self, held_out: Floats, targets: Ints) -> None:
        """Set the temperature by :func:`held_out_scores` and the true columns."""
        self.temperature = _best_temperature(held_out, targets)

    @classmethod
    def fit(
        cls,
        columns: Columns,
        chosen: Ints,
        targets: Ints,
        names: Sequence[str],
        *,
        recipe: Recipe,
        weights: Floats | None = None,
    ) -> LinearModel:
        """Learn from the rows ``chosen``; ``targets`` (of all rows) are indices into ``names``.

        The temperature stays 1. A label without a row is never given.
        """
        own = targets[chosen]
        vectors = columns.vectors[chosen]
        center = vectors.mean(axis=0)
        dense = (vectors - center) * np.float32(recipe.vector)
        neighbours = None
        if recipe.neighbours:
            # a copy is no second neighbour
            pairs = np.unique(np.stack([columns.text_of[chosen], own], axis=1), axis=0, return_index=True)[1]
            neighbours = Neighbours.fit((vectors - center)[pairs], own[pairs], axes=recipe.axes)
        if columns.extra is not None:
            dense = np.hstack([dense, columns.extra[chosen].astype(np.float32)])
        per_text = _example_weights(
            own, len(names), None if weights is None else weights[chosen], recipe.balance
        )
        solved = _solve(
            columns.rows[chosen],
            dense.astype(np.float32),
            own,
            count=len(names),
            weights=per_text,
            recipe=recipe,
        )
        return cls(
            recipe,
            names,
            columns.views,
            center=center,
            sparse_weights=solved[0],
            dense_weights=solved[1],
            bias=solved[2],
            neighbours=neighbours,
        )

    def scores_of_rows(self, columns: Columns, chosen: Ints) -> Floats:
        """What :meth:`scores` gives, for many rows of ``columns`` at once."""
        centered = columns.vectors[chosen] - self.center
        total = self.bias + (centered * self.recipe.vector) @ self.dense_weights[: centered.shape[1]]
        if columns.extra is not None:
            total = total + columns.extra[chosen] @ self.dense_weights[centered.shape[1] :]
        total = total + columns.rows[chosen] @ self.sparse_weights
        return self._finished(total, centered)[0]

    def _finished(self, total: Floats, centered: Floats) -> tuple[Floats, Floats]:
        """The scores, and the cosine of the nearest training sentence of each row; 0 without neighbours."""
        nearest: Floats = np.zeros(len(total))
        if self.neighbours is not None:
            cosines = self.neighbours.cosines(centered)
            nearest = cosines.max(axis=1)
            near = self.neighbours.scores(cosines, sharpness=self.recipe.sharpness)
            total = np.log(softmax(total) + 1e-6) + self.recipe.neighbours * near
        return total / self.temperature, nearest

    def scores(self, text: str, *, extra: Floats | None = None, vector: Floats | None = None) -> Floats:
        """Log-probabilities up to a constant, after the temperature, one for each of ``labels``."""
        vector = sentence_vectors([text])[0] if vector is None else vector
        centered = vector - self.center
        total = self.bias + (centered * self.recipe.vector) @ self.dense_weights[: len(centered)]
        if extra is not None:
            total = total + extra @ self.dense_weights[len(centered) :]
        total = total + self._of_ngrams(text)
        finished: Floats = self._finished(total[None], centered[None])[0][0]
        return finished

    def read(self, texts: Sequence[str], vectors: Floats) -> tuple[Floats, Floats]:
        """:meth:`scores` of several texts at once, one row a text, and how near the nearest training sentence is."""
        centered = vectors - self.center
        total = self.bias + (centered * self.recipe.vector) @ self.dense_weights[: centered.shape[1]]
        total = total + np.stack([self._of_ngrams(text) for text in texts])
        return self._finished(total, centered)

    def _of_ngrams(self, text: str) -> Floats:
        total: Floats = np.zeros(len(self.labels), dtype=np.float32)
        offset = 0
        for view in self.views:
            columns, values = view.row(text)
            if len(columns):
                total = total + (values * self.recipe.sparse) @ self.sparse_weights[columns + offset]
            offset += len(view.vocabulary)
        return total

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


def held_out_scores(
    columns: Columns,
    targets: Ints,
    names: Sequence[str],
    *,
    recipe: Recipe,
    weights: Floats | None = None,
    folds: int = 3,
    limit: int | None = None,
) -> tuple[Ints, Floats]:
    """Rows of one of ``folds`` parts, and their scores by a model that saw none of these texts.

    At most ``limit`` rows. The model is fitted in fewer steps than a shipped one: enough to set a
    temperature and a floor by. Labels that the others lack get a very low score.
    """
    fold_of = _fold_numbers(columns.text_of, targets, folds)
    inside, outside = np.flatnonzero(fold_of != 0), np.flatnonzero(fold_of == 0)
    if limit is not None and len(outside) > limit:
        outside = outside[:: -(-len(outside) // limit)]
    quick = replace(recipe, iterations=min(recipe.iterations, _QUICK_ITERATIONS))
    present, local = np.unique(targets[inside], return_inverse=True)
    scores = np.full((len(outside), len(names)), _UNSEEN)
    if len(outside) and len(present) > 1:
        own = np.zeros_like(targets)
        own[inside] = local
        model = LinearModel.fit(
            columns, inside, own, [names[i] for i in present], recipe=quick, weights=weights
        )
        scores[:, present] = model.scores_of_rows(columns, outside)
    return outside, scores


def softmax(scores: Floats) -> Floats:
    """Along the last axis."""
    shifted = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return cast(Floats, shifted / shifted.sum(axis=-1, keepdims=True))


def _unit_rows(rows: Floats) -> Floats:
    return cast(Floats, rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))


def as_targets(labels: Iterable[str]) -> tuple[list[str], Ints]:
    """The sorted names of ``labels``, and the place of each label among them."""
    names, targets = np.unique(np.asarray(list(labels)), return_inverse=True)
    return [str(name) for name in names], targets.astype(np.int64)


def _example_weights(targets: Ints, count: int, weights: Floats | None, balance: float) -> Floats:
    own = np.ones(len(targets)) if weights is None else np.asarray(weights, dtype=np.float64)
    mass = np.bincount(targets, weights=own, minlength=count)
    per_label = (mass.mean() / np.maximum(mass, 1e-9)) ** balance
    spread = own * per_label[targets]
    scaled: Floats = (spread * (own.sum() / spread.sum())).astype(np.float32)
    return scaled


def _fold_numbers(keys: Ints, targets: Ints, folds: int) -> Ints:
    """Deal the keys of each label out to the folds in turn; equal keys go together."""
    dealt: dict[int, int] = {}
    given: Counter[int] = Counter()
    for key, target in zip(keys.tolist(), targets, strict=True):
        if key not in dealt:
            # a multiplicative step, so that neighbours in a file (often one writer) spread evenly
            dealt[key] = given[int(target)] * 7 % folds if folds % 7 else given[int(target)] % folds
            given[int(target)] += 1
    return np.array([dealt[key] for key in keys.tolist()], dtype=np.int64)


def _solve(
    rows: Any, dense: Vector, targets: Ints, *, count: int, weights: Floats, recipe: Recipe
) -> tuple[Floats, Floats, Floats]:
    """Minimise the weighted cross-entropy with an L2 penalty: sparse weights, dense weights, bias.

    L-BFGS over columns that are first scaled to about the same curvature: a rare n-gram and a frequent one differ
    a thousandfold, and 15 steps then go further than 50 without.
    """
    from scipy.optimize import minimize

    width = rows.shape[1]
    shape = (width + dense.shape[1] + 1, count)
    turned = rows.T.tocsr()
    penalty = np.full((shape[0], 1), 1.0 / recipe.strength, dtype=np.float32)
    penalty[-1] = 0  # the bias goes free
    own = np.arange(len(targets))
    hit = np.zeros((len(targets), count), dtype=np.float32)
    hit[own, targets] = 1
    squares = [turned.multiply(turned) @ weights, (dense**2).T @ weights, [weights.sum()]]
    scale = 1 / np.sqrt(_CURVATURE * np.concatenate(squares)[:, None] + 1.0 / recipe.strength)
    scale = scale.astype(np.float32)

    def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        matrix = flat.reshape(shape).astype(np.float32) * scale
        chances = softmax(rows @ matrix[:width] + dense @ matrix[width:-1] + matrix[-1])
        cross = -float((weights * np.log(np.maximum(chances[own, targets], 1e-12))).sum())
        error = (chances - hit) * weights[:, None]
        gradient = np.vstack([turned @ error, dense.T @ error, error.sum(axis=0, keepdims=True)])
        pull = penalty * matrix
        return cross + 0.5 * float(np.vdot(pull, matrix)), ((gradient + pull) * scale).ravel().astype(float)

    found = minimize(
        loss,
        np.zeros(shape[0] * shape[1]),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": recipe.iterations, "maxcor": 6},
    )
    matrix = found.x.reshape(shape).astype(np.float32) * scale
    return matrix[:width], matrix[width:-1], matrix[-1]


def _best_temperature(scores: Floats, targets: Ints) -> float:
    """The divisor of the scores under which the held-out labels are likeliest."""
    own = np.arange(len(targets))

    def surprise(temperature: float) -> float:
        return -float(np.log(np.maximum(softmax(scores / temperature)[own, targets], 1e-12)).mean())

    return min((float(t) for t in np.geomspace(0.3, 4.0, 40)), key=surprise)
