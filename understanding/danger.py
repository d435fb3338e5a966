"""How likely a text tells of a danger, and which: a linear model over n-grams that is shipped as data.

No sentence vectors and no training at start, so that the gateway uses the same model as the engine. It is learned
and written by :mod:`understanding.danger_learning`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from understanding.linear import LinearModel

#: The label of harmless texts, and how those of its kinds begin (``none/turn``).
NONE = "none"
#: The shipped model: ``danger_model.json`` and ``.npz`` beside the other data.
FOLDER, NAME = Path(__file__).with_name("data"), "danger_model"

#: Weights are shipped in steps of this size.
_STEP = 0.05

_NO_VECTOR = np.zeros(0, dtype=np.float32)


class DangerModel:
    """``made_from``: the digest of the sentences and the code that it was learned from."""

    def __init__(self, linear: LinearModel, made_from: str) -> None:
        self._linear = linear
        self.made_from = made_from

    @property
    def codes(self) -> Sequence[str]:
        return [label for label in self._linear.labels if not label.startswith(NONE)]

    def chances(self, text: str) -> dict[str, float]:
        """Code -> how likely ``text`` tells of that danger; what they lack to one is harmless."""
        found = zip(self._linear.labels, self._linear.probabilities(text, vector=_NO_VECTOR), strict=True)
        return {label: float(chance) for label, chance in found if not label.startswith(NONE)}

    def save(self, folder: Path) -> None:
        """Weights in coarse steps, compressed: a seventh of the size for the same answers."""
        self._linear.save(folder, NAME)
        with np.load(folder / f"{NAME}.npz", allow_pickle=False) as stored:
            arrays = {key: stored[key] for key in stored.files}
        arrays["sparse"] = (np.round(arrays["sparse"].astype(np.float32) / _STEP) * _STEP).astype(np.float16)
        arrays |= {key: values.astype(np.float16) for key, values in arrays.items() if key.startswith("idf")}
        np.savez_compressed(folder / f"{NAME}.npz", **arrays)
        path = folder / f"{NAME}.json"
        about = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(
            json.dumps({"made_from": self.made_from, **about}, ensure_ascii=False, separators=(",", ":"))
            + "\n",
            encoding="utf-8",
        )

    @classmethod
    def load(cls, folder: Path) -> DangerModel:
        """Raises: FileNotFoundError."""
        made_from = json.loads((folder / f"{NAME}.json").read_text(encoding="utf-8"))["made_from"]
        return cls(LinearModel.load(folder, NAME), made_from)


@lru_cache(maxsize=1)
def shipped() -> DangerModel:
    """The model that comes with the code, read once."""
    return DangerModel.load(FOLDER)
