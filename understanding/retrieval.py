"""Which document answers a question, and whether any does.

A document is known by the ways people ask for it, in any language. Three likenesses are added up: words (BM25
weights), concepts (words that mean the same) and meaning (sentence vectors). A least-squares fit over all known
ways of asking, and over questions that nothing answers, turns likeness into a score for each document; a second,
small one turns score, lead and nearness into the confidence that the best document is the right one.

Knows nothing of files, validity or wording.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from understanding.concepts import concepts
from understanding.features import VECTOR_SIZE, Vector, sentence_vectors, words
from understanding.language import guess_language

logger = logging.getLogger(__name__)

_Floats = npt.NDArray[np.float64]

#: Saturation and length of BM25. Source: the customary values of Robertson and Zaragoza, 2009.
K1, B = 1.2, 0.75
#: Weight of sentence vectors against words and concepts, and stiffness of the fit. Source: bench/knowledge.
VECTOR_WEIGHT, STIFFNESS = 2.0, 0.3


@dataclass(frozen=True)
class Match:
    """``confidence``: that this document answers the question, 0 to 1."""

    key: str
    confidence: float


class WordWeights:
    """Texts as rows of BM25 weights, each of unit length: the product of two rows is their likeness, 0 to 1."""

    def __init__(self, texts: Sequence[str], terms: Any) -> None:
        self._counter = CountVectorizer(analyzer=terms)
        counts: Any = self._counter.fit_transform(texts).astype(np.float64).tocsr()
        frequency = np.bincount(counts.indices, minlength=counts.shape[1])
        self._idf = np.log1p((counts.shape[0] - frequency + 0.5) / (frequency + 0.5))
        self._mean_length = max(float(counts.sum(axis=1).mean()), 1.0)
        self.rows = self._weighted(counts)

    def _weighted(self, counts: Any) -> Any:
        lengths = np.asarray(counts.sum(axis=1)).ravel()
        slack = K1 * (1 - B + B * lengths / self._mean_length)
        counts.data = counts.data * (K1 + 1) / (counts.data + np.repeat(slack, np.diff(counts.indptr)))
        return normalize(counts.multiply(self._idf).tocsr())

    def likeness(self, texts: Sequence[str]) -> _Floats:
        """Of each text to each row, shape ``(len(texts), rows)``."""
        counts: Any = self._counter.transform(texts).astype(np.float64).tocsr()
        found: _Floats = (self._weighted(counts) @ self.rows.T).toarray()
        return found


def word_terms(text: str) -> list[str]:
    """Tokens and pairs of neighbouring tokens."""
    tokens = words(text)
    return [*tokens, *(f"{one} {other}" for one, other in pairwise(tokens))]


def concept_terms(text: str) -> list[str]:
    """Concepts and pairs of them: "how long" and "refund" say more together."""
    names = concepts(text)
    return [*names, *(f"{one}+{other}" for one, other in combinations(names, 2))]


class Retriever:
    """Made once for a set of documents; safe to use from several threads."""

    def __init__(
        self,
        documents: Mapping[str, Sequence[str]],
        *,
        unanswered: Sequence[str] = (),
        cache: Path | None = None,
    ) -> None:
        """``documents``: key -> ways to ask for it. ``unanswered``: questions that none of them answers.
        ``cache``: file for the sentence vectors, so that the next start need not compute them."""
        self._keys = tuple(documents)
        texts = [text for ways in documents.values() for text in ways]
        self._owner = np.repeat(np.arange(len(self._keys)), [len(ways) for ways in documents.values()])
        self._known = len(texts)
        texts += unanswered
        if not texts or not self._keys:
            return
        self._vectors = kept_vectors(texts, cache)
        self._words = WordWeights(texts, word_terms)
        self._concepts = WordWeights(texts, concept_terms)
        likeness = VECTOR_WEIGHT * (self._vectors @ self._vectors.T)
        for weights in (self._words, self._concepts):
            likeness += (weights.rows @ weights.rows.T).toarray().astype(np.float32)
        likeness[np.diag_indices_from(likeness)] += STIFFNESS
        wanted = np.zeros((len(texts), len(self._keys) + 1), dtype=np.float32)
        wanted[np.arange(self._known), self._owner] = 1
        wanted[self._known :, -1] = 1
        self._weights: Vector = cho_solve(cho_factor(likeness, overwrite_a=True), wanted)

    def search(self, question: str, *, among: Container[str] | None = None, limit: int = 3) -> list[Match]:
        """The likeliest documents, best first; at most ``limit``. ``among``: only these may be found.

        The confidence is that of the best one; for the others it is what they would have in its place.
        """
        if not self._keys or not words(question):
            return []
        vector = sentence_vectors([question])
        nearness = vector[0] @ self._vectors.T
        likeness = (
            VECTOR_WEIGHT * nearness
            + self._words.likeness([question])[0]
            + self._concepts.likeness([question])[0]
        )
        scores = likeness @ self._weights
        allowed = [i for i, key in enumerate(self._keys) if among is None or key in among]
        ranked = sorted(allowed, key=lambda i: -scores[i])[: limit + 1]
        nothing = float(nearness[self._known :].max(initial=0.0))
        found = []
        for place, index in enumerate(ranked[:limit]):
            rival = ranked[1] if place == 0 and len(ranked) > 1 else ranked[0]
            lead = float(scores[index] - scores[rival]) if len(ranked) > 1 else float(scores[index])
            near = float(nearness[: self._known][self._owner == index].max())
            found.append(
                Match(
                    self._keys[index],
                    _confidence(
                        question,
                        score=float(scores[index]),
                        lead=lead,
                        nothing=float(scores[-1]),
                        near=near,
                        near_nothing=nothing,
                    ),
                )
            )
        return found


#: Intercept and weights of a logistic regression on half of bench/knowledge, every organisation of one pack and one
#: of all seven. Source: bench/knowledge.py.
_FIT: Mapping[str, float] = {
    "one": -3.68, "score": 1.93, "lead": 2.58, "nothing": -2.81, "near": 10.61, "near_nothing": -9.54,
    "concepts": 0.393, "length": 0.168, "english": 0.199,
}  # fmt: skip


def _confidence(
    question: str, *, score: float, lead: float, nothing: float, near: float, near_nothing: float
) -> float:
    values = {
        "one": 1.0,
        "score": score,
        "lead": lead,
        "nothing": nothing,
        "near": near,
        "near_nothing": near_nothing,
        **features_of(question),
    }
    return float(1 / (1 + np.exp(-sum(_FIT.get(name, 0.0) * value for name, value in values.items()))))


def features_of(question: str) -> Mapping[str, float]:
    """What of the question itself tells how far the figures can be trusted."""
    return {
        "concepts": float(min(len(concepts(question)), 4)),
        "length": float(min(len(words(question)), 12)),
        "english": float(guess_language(question).language == "en"),
    }


def kept_vectors(texts: Sequence[str], cache: Path | None) -> Vector:
    """Sentence vectors of ``texts``, from the file ``cache`` as far as it has them; what is new is added to it.

    A file that cannot be read or written costs time, nothing else.
    """
    names = [hashlib.blake2b(text.encode(), digest_size=12).hexdigest() for text in texts]
    known = _read_vectors(cache) if cache is not None else {}
    missing = {name: text for name, text in zip(names, texts, strict=True) if name not in known}
    if missing:
        fresh = _in_pieces(list(missing.values()))
        known = {**{n: known[n] for n in names if n in known}, **dict(zip(missing, fresh, strict=True))}
        if cache is not None:
            _write_vectors(cache, known)
    return np.asarray([known[name] for name in names], dtype=np.float32).reshape(len(names), VECTOR_SIZE)


def _in_pieces(texts: Sequence[str], size: int = 256) -> Iterable[Vector]:
    """Row by row; in pieces, so that somebody who asks for one vector meanwhile is not kept waiting long."""
    for start in range(0, len(texts), size):
        yield from sentence_vectors(texts[start : start + size])


def _read_vectors(cache: Path) -> dict[str, Vector]:
    try:
        with np.load(cache, allow_pickle=False) as data:
            return dict(zip(data["names"].tolist(), data["vectors"], strict=True))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError):
        logger.warning("retrieval.cache_unreadable: %s", cache.name)
        return {}


def _write_vectors(cache: Path, known: Mapping[str, Vector]) -> None:
    half_written = cache.with_name(f"{cache.name}.{os.getpid()}.npz")
    try:
        cache.parent.mkdir(parents=True, exist_ok=True)
        np.savez(half_written, names=np.array(list(known)), vectors=np.array(list(known.values())))
        half_written.replace(cache)
    except OSError:
        logger.warning("retrieval.cache_unwritable: %s", cache.name)
