"""Which kinds of complaint a text is about: ranked level-2 codes of the sector packs. Learned."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

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
    iterations=8,
)

#: Tells sectors apart by their families of codes: sixty narrow labels say more than seven broad ones (accuracy of
#: the sector .63 against .51 on vivid stories, at a third of the cost of one choice among all codes).
FAMILY_RECIPE = replace(RECIPE, neighbours=1.6, min_count=8)

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
#: Where a further complaint may begin, and the words that say it does.
_BORDER = re.compile(
    r"(?<=[。！？!?；;\n，、])|(?<=[.,])(?=\s)|(?<=\s)(?=(?:and also|and another|plus|oh and|on top of)\b)|"
    r"(?=还有|還有|另外|而且|然后|再就是|顺便|再说|再一个|同时|并且|以及)",
    re.IGNORECASE,
)
_JOINED = re.compile(
    r"^[\s，,、；;。.]*(?:还有|還有|另外|而且|并且|同时|同時|顺便|再就是|再一个|再者|再说|此外|除此之外|除了|加上|外加|"
    r"第二|其二|二是|二来|其次|"
    r"(?:and\b\s*)?(?:also|plus|on top of|another|besides|as well|separately|then there|secondly|second|the other)\b|"
    r"oh and\b)",
    re.IGNORECASE,
)


#: Halves narrower than this say too little (an ideograph counts two and a half letters).
_MIN_HALF = 14.0
#: How likely two complaints meet at a border, as a logistic function of: how little each half's best code is in the
#: other half (logarithms), what the halves' families of codes have in common, a word that joins complaints, the end
#: of a sentence. Source: 1,200 openings and as many joined from two, scored by a model that had seen neither, 2026-11.
_LEFT_IN_RIGHT, _RIGHT_IN_LEFT, _COMMON, _JOIN, _END, _ALWAYS = -0.33, -0.25, -0.66, 3.28, 2.09, -6.05
#: Chance from which a text is cut: .55 of doubles are cut at the right place there, .01 of single openings at all.
_CUT = 0.65
#: Borders of one text that are tried; a long story has its complaint early.
_MOST_BORDERS = 6

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
    """Ranks the level-2 codes it was trained on: first the sector, then the code within it.

    Two steps are as right as one choice among all codes and several times quicker to learn; and an
    organisation of one sector never pays for the others.
    """

    def __init__(
        self,
        sectors: Mapping[str, Sequence[str]],
        families: LinearModel | None,
        within: Mapping[str, LinearModel],
    ) -> None:
        """``sectors``: the codes of each. ``families`` tells sectors apart, ``None`` if there is only one;
        ``within`` has a model for each sector of several codes."""
        self._sectors = {name: tuple(codes) for name, codes in sectors.items()}
        self._families = families
        self._within = dict(within)
        self._last: tuple[tuple[str, Sequence[str]], Floats] | None = None
        labels = families.labels if families is not None else ()
        self._columns = {
            name: np.array([i for i, label in enumerate(labels) if sector(label) == name], dtype=np.int64)
            for name in self._sectors
        }

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(code for codes in self._sectors.values() for code in codes)

    @classmethod
    def train(cls, examples: Mapping[str, Sequence[str]], *, folds: int = 3) -> CategoryModel:
        """``examples``: code -> sentences of both languages.

        Raises: ValueError if fewer than two codes have sentences.
        """
        pairs = [(text, code) for code, texts in examples.items() for text in texts]
        sectors: defaultdict[str, list[str]] = defaultdict(list)
        for code in sorted({code for _, code in pairs}):
            sectors[sector(code)].append(code)
        if sum(map(len, sectors.values())) < 2:
            raise ValueError("at least two categories need examples")
        families = None
        if len(sectors) > 1:
            texts, labels = [text for text, _ in pairs], [family(code) for _, code in pairs]
            families = LinearModel.train(texts, labels, recipe=FAMILY_RECIPE, folds=folds)
        within = {}
        for name, codes in sectors.items():
            if len(codes) > 1:
                mine = [(text, code) for text, code in pairs if sector(code) == name]
                texts, labels = [text for text, _ in mine], [code for _, code in mine]
                within[name] = LinearModel.train(texts, labels, recipe=RECIPE, folds=folds)
        return cls(sectors, families, within)

    def rank(self, text: str, *, among: Collection[str] | None = None, top: int = 3) -> tuple[Ranked, ...]:
        """The ``top`` likeliest codes, best first, with probabilities that sum to one over ``among``.

        ``among``: the codes in question; ``None`` for all, unknown codes are passed over. Empty if none is
        left or the text is blank.
        """
        asked = self._asked(among)
        if not asked or not text.strip():
            return ()
        kept = self._kept(asked, among)
        codes = np.array([code for sector_codes in asked.values() for code in sector_codes])[kept]
        scores = self._pooled(text, tuple(asked))[kept]
        chances = softmax(scores)
        order = np.argsort(-chances, kind="stable")[:top]
        return tuple(Ranked(str(codes[i]), float(chances[i])) for i in order)

    def rank_families(
        self, text: str, *, among: Collection[str] | None = None, top: int = 3
    ) -> tuple[Ranked, ...]:
        """Level-1 prefixes (``GOV-ATT``) with the summed probability of their codes, best first."""
        sums: defaultdict[str, float] = defaultdict(float)
        for ranked in self.rank(text, among=among, top=len(self.codes)):
            sums[family(ranked.name)] += ranked.confidence
        best = sorted(sums.items(), key=lambda item: -item[1])[:top]
        return tuple(Ranked(name, chance) for name, chance in best)

    def complaints(self, text: str, *, among: Collection[str] | None = None) -> list[tuple[int, int, str]]:
        """Start, end and likeliest code of each complaint in ``text``; one if there is no clear border.

        Numbered points and sentences that open a further complaint are cut; else the text is cut once where its
        halves are surely about different kinds of complaints.
        """
        pieces, at = split_complaints(text), 0
        if len(pieces) == 1:
            pieces = self._halves(text, among)
        found = []
        for piece in pieces:
            start = text.index(piece, at)
            at = start + len(piece)
            best = self.rank(piece, among=among, top=1)
            found.append((start, at, best[0].name if best else ""))
        return found

    def _halves(self, text: str, among: Collection[str] | None) -> list[str]:
        """``text`` cut at the border whose halves are surest to be about different things; whole if none is."""
        asked = self._asked(among)
        tried: list[tuple[float, str, str]] = []
        for border in sorted({match.start() for match in _BORDER.finditer(text)} - {0, len(text)}):
            left, right = text[:border].strip(), text[border:].strip(" ，,、；;。.\n")
            joined, ended = _JOINED.search(text[border:]), _SENTENCE_END.search(left[-1:] + " ")
            if (joined or ended) and min(_width(left), _width(right)) >= _MIN_HALF:
                tried.append((_JOIN * bool(joined) + _END * bool(ended), left, right))
        tried = tried[:_MOST_BORDERS]
        if not tried or not asked:
            return [text]
        kept = self._kept(asked, among)
        codes = np.array([code for sector_codes in asked.values() for code in sector_codes])[kept]
        families = np.unique([family(code) for code in codes], return_inverse=True)[1]
        halves = [half for _, left, right in tried for half in (left, right)]
        chances = [
            softmax(self._scores(half, vector, tuple(asked))[kept])
            for half, vector in zip(halves, sentence_vectors(halves), strict=True)
        ]
        best, cut = _CUT, [text]
        for (marked, left, right), first, second in zip(tried, chances[::2], chances[1::2], strict=True):
            one, other = int(first.argmax()), int(second.argmax())
            common = np.minimum(np.bincount(families, first), np.bincount(families, second)).sum()
            score = _ALWAYS + marked + _COMMON * common
            score += _LEFT_IN_RIGHT * np.log(second[one] + 1e-4) + _RIGHT_IN_LEFT * np.log(
                first[other] + 1e-4
            )
            chance = float(1 / (1 + np.exp(-score)))
            if one != other and chance > best:
                best, cut = chance, [left, right]
        return cut

    def _asked(self, among: Collection[str] | None) -> dict[str, tuple[str, ...]]:
        """The sectors in question with their codes."""
        return {
            name: codes
            for name, codes in self._sectors.items()
            if among is None or not set(among).isdisjoint(codes)
        }

    @staticmethod
    def _kept(asked: Mapping[str, Sequence[str]], among: Collection[str] | None) -> npt.NDArray[np.int64]:
        """Columns of the codes in question among those of the sectors ``asked``."""
        codes = [code for sector_codes in asked.values() for code in sector_codes]
        return np.array([i for i, code in enumerate(codes) if among is None or code in among], dtype=np.int64)

    def _pooled(self, text: str, names: Sequence[str]) -> Floats:
        """Scores of the whole text, for long ones mixed with those of its clauses. The last are remembered:
        a text is ranked and then looked through for several complaints."""
        asked = (text, tuple(names))
        if self._last is None or self._last[0] != asked:
            self._last = (asked, self._mixed(text, names))
        return self._last[1]

    def _mixed(self, text: str, names: Sequence[str]) -> Floats:
        whole = self._scores(text, sentence_vectors([text])[0], names)
        if len(text) <= (_LONG_LATIN_CHARS if text.isascii() else _LONG_CHARS):
            return whole
        parts = clauses(text)
        if len(parts) < 2:
            return whole
        vectors = sentence_vectors(parts)
        scored = np.stack(
            [self._scores(part, vector, names) for part, vector in zip(parts, vectors, strict=True)]
        )
        # the mean of the chances lets one clear clause speak up among many that say nothing
        pooled: Floats = 0.5 * whole + 0.5 * np.log(softmax(scored).mean(axis=0) + 1e-9)
        return pooled

    def _scores(self, text: str, vector: Floats, names: Sequence[str]) -> Floats:
        """Log-probabilities (up to a constant) of the codes of the sectors ``names``, in their order."""
        lead = np.zeros(len(names))
        if self._families is not None and len(names) > 1:
            chances = softmax(self._families.scores(text, vector=vector))
            lead = np.log([chances[self._columns[name]].sum() + 1e-9 for name in names])
        parts = []
        for name, start in zip(names, lead, strict=True):
            model = self._within.get(name)
            parts.append(
                start + (np.log(softmax(model.scores(text, vector=vector)) + 1e-9) if model else np.zeros(1))
            )
        return np.concatenate(parts)

    def save(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        about = {"sectors": self._sectors, "families": self._families is not None}
        (directory / f"{_NAME}.json").write_text(json.dumps(about), encoding="utf-8")
        if self._families is not None:
            self._families.save(directory, f"{_NAME}.families")
        for name, model in self._within.items():
            model.save(directory, f"{_NAME}.{name}")

    @classmethod
    def load(cls, directory: Path) -> CategoryModel:
        """Raises: FileNotFoundError."""
        about = json.loads((directory / f"{_NAME}.json").read_text(encoding="utf-8"))
        families = LinearModel.load(directory, f"{_NAME}.families") if about["families"] else None
        within = {
            name: LinearModel.load(directory, f"{_NAME}.{name}")
            for name, codes in about["sectors"].items()
            if len(codes) > 1
        }
        return cls(about["sectors"], families, within)


def _width(text: str) -> float:
    return sum(2.5 if ord(char) > 0x2E80 else 1.0 for char in text)


def sector(code: str) -> str:
    """The sector prefix of a code: ``GOV-ATT-01`` -> ``GOV``."""
    return code.split("-", 1)[0]


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
