"""Which files of a project teach which model, and a command that learns some of them in a process of its own.

    python -m understanding.learning ROOT FOLDER category emotion

Each finished model is a folder of its name in FOLDER, which appears whole or not at all.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from understanding.category import CategoryModel
from understanding.corpus import read_categories, read_emotions
from understanding.emotion import EmotionModel
from understanding.features import keep_vectors


class Model(Protocol):
    def save(self, directory: Path) -> None: ...


def learn_category(root: Path) -> CategoryModel | None:
    """From ``packs/*/examples``; ``None`` if they hold fewer than two codes.

    Raises: CorpusError.
    """
    packs = sorted(path for path in (root / "packs").glob("*") if path.is_dir())
    examples = {code: [text for _, text in found] for code, found in read_categories(packs).items()}
    return CategoryModel.train(examples) if len(examples) > 1 else None


def learn_emotion(root: Path) -> EmotionModel | None:
    """From ``data/emotion``; ``None`` if there is nothing.

    Raises: CorpusError.
    """
    examples = [example for _, example in read_emotions(root / "data")]
    return EmotionModel.train(examples) if examples else None


LEARN: dict[str, Callable[[Path], Model | None]] = {"category": learn_category, "emotion": learn_emotion}


def learn(root: Path, folder: Path, name: str) -> None:
    """Learn one model of ``LEARN`` into ``folder / name``; nothing appears if there is nothing to learn from."""
    with keep_vectors():
        model = LEARN[name](root)
    if model is not None:
        unfinished = folder / f".{name}"
        model.save(unfinished)
        unfinished.rename(folder / name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("root", type=Path, help="the project: data/ and packs/ are read")
    parser.add_argument("folder", type=Path, help="where the models go")
    parser.add_argument("names", nargs="+", choices=sorted(LEARN))
    options = parser.parse_args()
    for name in options.names:
        learn(options.root, options.folder, name)


if __name__ == "__main__":
    main()
