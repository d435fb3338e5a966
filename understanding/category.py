"""Which kinds of complaint a text is about: ranked level-2 codes of the sector packs. Learned."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from understanding.features import sentence_vectors
from understanding.linear import Floats, LinearModel, Recipe, softmax
from understanding.model import Ranked

_NAME = "category"

#: Source: cross-validation on packs/*/examples, see bench/understanding.py.
RECIPE = Recipe(
    sparse=0.7,
    vector=2.0,
    strength=10.0,
    balance=0.5,
    neighbours=0.6,
    sharpness=18.0,
    min_count=3,
    iterations=30,
)

#: A text longer than this is also read clause by clause: one vector of it all is a blur (Chinese, other letters).
_LONG_CHARS = 60
_LONG_LATIN_CHARS = 160
#: Pieces of one text that are scored, and the shortest that says enough by itself (Chinese, other letters).
_MAX_CLAUSES = 8
_MIN_CLAUSE_CHARS = 16
_MIN_LATIN_CHARS = 40

_MIN_COMPLAINT_CHARS = 6

_SENTENCE_END = re.compile(r"(?<=[。！？!?；;\n])|(?<=\.)(?=\s)")
_CLAUSE_END = re.compile(
    r"(?<=[。！？!?；;，,\n])|(?<=\.)(?=\s)|\s(?=(?:and|but|then|also)\s)", re.IGNORECASE
)

#: Words that open a further complaint. They split a text only where a sentence begins.
_FURTHER = re.compile(
    r"^\s*(?:还有(?:就是|一件|一个)|另外|此外|再一个|再就是|顺便(?:再)?(?:投诉|反映|说)|第[二三四五]|其[二三四]|"
    r"還有(?:就是|一件|一個)|再一個|"
    r"(?:another (?:thing|complaint|problem|issue)|on top of that|second(?:ly)?\b|third(?:ly)?\b|"
    r"separately|also[, ]|and (?:also|another)|plus[, ]|besides))",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?:(?<=^)|(?<=[\s。；;，,：:！!]))(?:[（(]?[1-9一二三四五][)）、.．]|[①②③④⑤])\s*(?=\D)"
)


def split_complaints(text: str) -> list[str]:
    """``text`` cut where a further complaint clearly begins; one piece when in doubt.

    Cuts at numbered points and before words such as 另外 or "another thing" that open a sentence.
    """
    starts = [match.start() for match in _NUMBERED.finditer(text)]
    if len(starts) >= 2:
        head = text[: starts[0]].strip()
        borders = [*starts, len(text)]
        pieces = [text[a:b] for a, b in pairwise(borders)]
        pieces = [_NUMBERED.sub("", piece, count=1).strip() for piece in pieces]
        return [piece for piece in ([head] if len(head) > 12 else []) + pieces if piece]
    pieces = [""]
    for sentence in _SENTENCE_END.split(text):
        if _FURTHER.match(sentence) and len(pieces[-1].strip()) >= _MIN_COMPLAINT_CHARS:
            pieces.append(sentence)
        else:
            pieces[-1] += sentence
    return [piece.strip() for piece in pieces if piece.strip()] or [text]


class CategoryModel:
    """Ranks the level-2 codes it was trained on."""

    def __init__(self, linear: LinearModel) -> None:
        self._linear = linear
        self._column = {code: index for index, code in enumerate(linear.labels)}

    @property
    def codes(self) -> tuple[str, ...]:
        return self._linear.labels

    @classmethod
    def train(cls, examples: Mapping[str, Sequence[str]], *, folds: int = 3) -> CategoryModel:
        """``examples``: code -> sentences of both languages.

        Raises: ValueError if fewer than two codes have sentences.
        """
        pairs = [(text, code) for code, texts in examples.items() for text in texts]
        if len({code for _, code in pairs}) < 2:
            raise ValueError("at least two categories need examples")
        texts, codes = [text for text, _ in pairs], [code for _, code in pairs]
        return cls(LinearModel.train(texts, codes, recipe=RECIPE, folds=folds))

    def rank(self, text: str, *, among: Collection[str] | None = None, top: int = 3) -> tuple[Ranked, ...]:
        """The ``top`` likeliest codes, best first, with probabilities that sum to one over ``among``.

        ``among``: the codes in question; ``None`` for all, unknown codes are passed over. Empty if none is
        left or the text is blank.
        """
        columns = np.array(
            [self._column[code] for code in sorted(among or ()) if code in self._column]
            if among is not None
            else list(range(len(self.codes))),
            dtype=np.int64,
        )
        if not len(columns) or not text.strip():
            return ()
        chances = softmax(self._pooled(text)[columns])
        order = np.argsort(-chances, kind="stable")[:top]
        return tuple(Ranked(self.codes[columns[i]], float(chances[i])) for i in order)

    def rank_families(
        self, text: str, *, among: Collection[str] | None = None, top: int = 3
    ) -> tuple[Ranked, ...]:
        """Level-1 prefixes (``GOV-ATT``) with the summed probability of their codes, best first."""
        sums: defaultdict[str, float] = defaultdict(float)
        for ranked in self.rank(text, among=among, top=len(self.codes)):
            sums[family(ranked.name)] += ranked.confidence
        best = sorted(sums.items(), key=lambda item: -item[1])[:top]
        return tuple(Ranked(name, chance) for name, chance in best)

    def _pooled(self, text: str) -> Floats:
        """Scores of the whole text, for long ones mixed with those of its clauses."""
        whole = self._linear.scores(text)
        if len(text) <= (_LONG_LATIN_CHARS if text.isascii() else _LONG_CHARS):
            return whole
        parts = clauses(text)
        if len(parts) < 2:
            return whole
        vectors = sentence_vectors(parts)
        scored = np.stack(
            [self._linear.scores(part, vector=vector) for part, vector in zip(parts, vectors, strict=True)]
        )
        # the mean of the chances lets one clear clause speak up among many that say nothing
        pooled: Floats = 0.5 * whole + 0.5 * np.log(softmax(scored).mean(axis=0) + 1e-9)
        return pooled

    def save(self, directory: Path) -> None:
        self._linear.save(directory, _NAME)

    @classmethod
    def load(cls, directory: Path) -> CategoryModel:
        """Raises: FileNotFoundError."""
        return cls(LinearModel.load(directory, _NAME))


def family(code: str) -> str:
    """The level-1 prefix of a level-2 code: ``GOV-ATT-01`` -> ``GOV-ATT``."""
    return code.rsplit("-", 1)[0]


def clauses(text: str) -> list[str]:
    """At most eight pieces of ``text``, cut between clauses; neighbours are joined until they say enough.

    Of very long texts the pieces grow rather than being left out, up to what the encoder reads.
    """
    enough = _MIN_LATIN_CHARS if text.isascii() else _MIN_CLAUSE_CHARS
    enough = max(enough, len(text) // _MAX_CLAUSES)
    parts = [""]
    for piece in _CLAUSE_END.split(text):
        if len(parts[-1]) >= enough:
            parts.append(piece)
        else:
            parts[-1] += piece
    if len(parts) > 1 and len(parts[-1]) < enough // 2:
        last = parts.pop()
        parts[-1] += last
    return [part.strip() for part in parts if part.strip()][:_MAX_CLAUSES]
