"""Which kinds of complaint a text is about: ranked level-2 codes of the sector packs. Learned."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from understanding.complaints import Reader, likely_complaints, split_complaints
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

_CLAUSE_END = re.compile(
    r"(?<=[。！？!?；;，,\n])|(?<=\.)(?=\s)|\s(?=(?:and|but|then|also)\s)", re.IGNORECASE
)

#: The odds that somebody who writes to an organisation writes about what it does, before they say anything.
#: Source: product default; with it 3 % of the openings that two sectors take and 64 % of those of the other five are
#: likelier meant for somebody else (four-fold cross-validation on packs/*/examples, government and power).
MEANT_FOR_US = 9.0

#: How much the sector of one complaint says about that of another in the same message: people mostly write to one
#: organisation. The exponent of the other's chances, and what a sector that nothing speaks for keeps.
_SAME_SECTOR, _ANY_SECTOR = 0.5, 0.03


@dataclass(frozen=True)
class Complaint:
    """A piece of a text and what it is likeliest about, best first; ``ranking`` is empty if nothing can be told."""

    start: int
    end: int
    ranking: tuple[Ranked, ...]


@dataclass(frozen=True)
class Told:
    """What a text tells. ``ranking``: of the whole, best first; ``complaints``: two or more, or none; ``ours``: how
    likely it is about anything at all that was in question."""

    ranking: tuple[Ranked, ...]
    complaints: tuple[Complaint, ...] = ()
    ours: float = 1.0


@dataclass(frozen=True)
class _Asked:
    """The sectors in question, their codes in question, and the columns of these among all codes of the sectors."""

    sectors: tuple[str, ...]
    codes: tuple[str, ...]
    columns: npt.NDArray[np.int64]


#: Texts to their scores, the cosines of the nearest openings, and the chances of the sectors in question; a row a text.
_Read = Callable[[Sequence[str]], tuple[Floats, Floats, Floats]]


class _Reading:
    """Scores of one text and its pieces, of each only once: it is looked through for several complaints, and ranked."""

    def __init__(self, read: _Read, columns: npt.NDArray[np.int64]) -> None:
        """``read`` gives scores where `chances` gives the chances of the codes in question, the ``columns``."""
        self._read, self._columns = read, columns
        self._known: dict[str, tuple[Floats, float, float]] = {}

    def scores(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, zip(*self._read(new), strict=True), strict=True))
        found = [self._known[text] for text in texts]
        return np.stack([scores for scores, _, _ in found]), np.array([nearest for _, nearest, _ in found])

    def chances(self, texts: Sequence[str]) -> tuple[Floats, Floats]:
        scores, nearest = self.scores(texts)
        return softmax(scores[:, self._columns]), nearest

    def covered(self, text: str) -> float:
        """The chance of the sectors in question among all sectors there are."""
        self.scores([text])
        return self._known[text][2]


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
        if not asked.codes or not text.strip():
            return ()
        return self._ranked(text, asked, self._reading(asked), top)

    def complaints(self, text: str, *, among: Collection[str] | None = None, top: int = 3) -> list[Complaint]:
        """The complaints in ``text``; one if there is no clear border.

        Numbered points and sentences that open a further complaint are cut; else the text is cut where its sides
        are likely about different kinds of complaints.
        """
        asked = self._asked(among)
        if not asked.codes or not text.strip():
            return [Complaint(0, len(text), ())]
        return self._complaints(text, asked, self._reading(asked), top)

    def _complaints(self, text: str, asked: _Asked, reading: _Reading, top: int) -> list[Complaint]:
        pieces = split_complaints(text)
        if len(pieces) == 1 and len(asked.codes) > 1:
            pieces = likely_complaints(text, reading.chances)
        if len(pieces) == 1:
            return [Complaint(0, len(text), self._ranked(text, asked, reading, top))]
        scores = np.stack([_mixed(piece, reading)[asked.columns] for piece in pieces])
        found, at = [], 0
        for piece, chances in zip(pieces, _in_company(softmax(scores), asked.codes), strict=True):
            start = text.index(piece, at)
            at = start + len(piece)
            found.append(Complaint(start, at, _best(asked.codes, chances, top)))
        return found

    def hear(
        self, text: str, *, among: Collection[str] | None = None, top: int = 3, several: bool = True
    ) -> Told:
        """The ranking of the whole text, the complaints in it, and whether it is about what is in question at all.
        ``several``: look for more than one complaint."""
        asked = self._asked(among)
        if not asked.codes or not text.strip():
            return Told(())
        reading = self._reading(asked)
        found = self._complaints(text, asked, reading, top) if several else []
        ranking = found[0].ranking if len(found) == 1 else self._ranked(text, asked, reading, top)
        covered = reading.covered(text) * MEANT_FOR_US
        ours = covered / (covered + 1 - reading.covered(text))
        return Told(ranking, tuple(found) if len(found) > 1 else (), ours)

    def reader(self, among: Collection[str] | None = None) -> Reader:
        """Reads pieces of a text, for :func:`understanding.complaints.likely_complaints`."""
        return self._reading(self._asked(among)).chances

    def _reading(self, asked: _Asked) -> _Reading:
        return _Reading(lambda texts: self._scores(texts, asked.sectors), asked.columns)

    def _ranked(self, text: str, asked: _Asked, reading: _Reading, top: int) -> tuple[Ranked, ...]:
        return _best(asked.codes, softmax(_mixed(text, reading)[asked.columns]), top)

    def _asked(self, among: Collection[str] | None) -> _Asked:
        sectors = [
            name for name, codes in self._sectors.items() if among is None or not set(among).isdisjoint(codes)
        ]
        every = [code for name in sectors for code in self._sectors[name]]
        kept = [i for i, code in enumerate(every) if among is None or code in among]
        return _Asked(tuple(sectors), tuple(every[i] for i in kept), np.array(kept, dtype=np.int64))

    def _scores(self, texts: Sequence[str], names: Sequence[str]) -> tuple[Floats, Floats, Floats]:
        """Log-probabilities (up to a constant) of the codes of the sectors ``names``, in their order, one row a
        text; the cosine of the nearest opening of these sectors; and their chance among all sectors."""
        vectors = sentence_vectors(texts)
        lead, covered = np.zeros((len(texts), len(names))), np.ones(len(texts))
        if self._families is not None:
            chances = softmax(self._families.read(texts, vectors)[0])
            sums = np.stack([chances[:, self._columns[name]].sum(axis=1) for name in names], axis=1)
            lead, covered = np.log(sums + 1e-9), np.minimum(sums.sum(axis=1), 1.0)
        parts, nearest = [], np.zeros(len(texts))
        for place, name in enumerate(names):
            model = self._within.get(name)
            if model is None:
                parts.append(lead[:, [place]])
                continue
            scores, near = model.read(texts, vectors)
            parts.append(lead[:, [place]] + np.log(softmax(scores) + 1e-9))
            nearest = np.maximum(nearest, near)
        return np.concatenate(parts, axis=1), nearest, covered

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


def _mixed(text: str, reading: _Reading) -> Floats:
    """Scores of the whole text, of a long one mixed with those of its clauses."""
    whole: Floats = reading.scores([text])[0][0]
    if len(text) <= (_LONG_LATIN_CHARS if text.isascii() else _LONG_CHARS):
        return whole
    parts = clauses(text)
    if len(parts) < 2:
        return whole
    # the mean of the chances lets one clear clause speak up among many that say nothing
    clear = softmax(reading.scores(parts)[0]).mean(axis=0)
    pooled: Floats = 0.5 * whole + 0.5 * np.log(clear + 1e-9)
    return pooled


def _best(codes: Sequence[str], chances: Floats, top: int) -> tuple[Ranked, ...]:
    order = np.argsort(-chances, kind="stable")[:top]
    return tuple(Ranked(codes[i], float(chances[i])) for i in order)


def _in_company(chances: Floats, codes: Sequence[str]) -> Floats:
    """``chances`` of each complaint of one message (a row), with what the sectors of the others say about it."""
    names, of_code = np.unique([sector(code) for code in codes], return_inverse=True)
    sums = np.stack([chances[:, of_code == number].sum(axis=1) for number in range(len(names))], axis=1)
    others = (sums.sum(axis=0) - sums) / max(len(sums) - 1, 1)
    told = chances * (_ANY_SECTOR + others[:, of_code]) ** _SAME_SECTOR
    found: Floats = told / told.sum(axis=1, keepdims=True)
    return found


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
