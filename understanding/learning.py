"""Which files of a project teach which model, and a command that learns models in a process of its own.

    python -m understanding.learning ROOT intent=FOLDER category=FOLDER …

Each folder appears whole or not at all.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from understanding.category import CategoryModel
from understanding.corpus import (
    read_categories,
    read_emotions,
    read_intents,
    read_openings,
)
from understanding.emotion import EmotionModel
from understanding.features import keep_vectors
from understanding.intent import IntentModel

_HERE = Path(__file__).resolve().parent
#: Code that every learned model depends on.
_CODE = ("learning.py", "corpus.py", "features.py", "fold.py", "linear.py", "model.py")


class Model(Protocol):
    def save(self, directory: Path) -> None: ...


def pack_folders(root: Path) -> list[Path]:
    """The folders of the packs, whether an organisation runs them or not."""
    return sorted(path for path in (root / "packs").glob("*") if path.is_dir())


def learn_intent(root: Path) -> IntentModel | None:
    """From ``data/nlu``, its context and the packs' openings; ``None`` if there is nothing.

    Raises: CorpusError.
    """
    examples = read_intents(root / "data")
    openings = read_openings(root / "data", pack_folders(root))
    return IntentModel.train([*examples, *openings]) if examples else None


def learn_category(root: Path) -> CategoryModel | None:
    """From ``packs/*/examples``; ``None`` if they hold fewer than two codes.

    Raises: CorpusError.
    """
    found = read_categories(pack_folders(root))
    examples = {code: [text for _, text in pairs] for code, pairs in found.items()}
    return CategoryModel.train(examples) if len(examples) > 1 else None


def learn_emotion(root: Path) -> EmotionModel | None:
    """From ``data/emotion``; ``None`` if there is nothing.

    Raises: CorpusError.
    """
    examples = [example for _, example in read_emotions(root / "data")]
    return EmotionModel.train(examples) if examples else None


LEARN: dict[str, Callable[[Path], Model | None]] = {
    "intent": learn_intent,
    "category": learn_category,
    "emotion": learn_emotion,
}
#: What each is learned from: files under the project's root, and files beside this one.
SOURCES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "intent": (("data/nlu/**/*.yml", "packs/*/examples.*.yml"), ("intent.py",)),
    "category": (("packs/*/examples.*.yml",), ("category.py",)),
    "emotion": (("data/emotion/*.yml",), ("emotion.py", "data/emotion_lexicon.yml")),
}


def digest(root: Path, name: str) -> str:
    """Changes with everything that the model ``name`` is learned from, and with the code that learns it."""
    found = hashlib.blake2b(name.encode(), digest_size=8)
    sentences, code = SOURCES[name]
    for base, patterns in ((root, sentences), (_HERE, (*_CODE, *code))):
        for path in sorted({path for pattern in patterns for path in base.glob(pattern) if path.is_file()}):
            found.update(path.relative_to(base).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def learn(root: Path, name: str, folder: Path) -> None:
    """Learn one model of ``LEARN`` into ``folder``; nothing appears if there is nothing to learn from."""
    model = LEARN[name](root)
    if model is not None:
        unfinished = folder.with_name(f".{folder.name}")
        shutil.rmtree(unfinished, ignore_errors=True)
        model.save(unfinished)
        unfinished.rename(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("root", type=Path, help="the project: data/ and packs/ are read")
    parser.add_argument("wanted", nargs="+", metavar="NAME=FOLDER", help=f"NAME: {', '.join(LEARN)}")
    options = parser.parse_args()
    with keep_vectors():  # the models share many texts
        for wanted in options.wanted:
            name, _, folder = wanted.partition("=")
            if name not in LEARN or not folder:
                parser.error(f"{wanted!r} is not NAME=FOLDER with one of {', '.join(LEARN)}")
            learn(options.root, name, Path(folder))


if __name__ == "__main__":
    main()
