"""Which model file belongs to the project as it is now. Imports no Rasa, so that the gateway can ask.

A model file is named after a digest of everything it was trained from, so that an unchanged project is not
trained again and a changed one is never answered by an old model.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

#: The version of Rasa that the models are made with.
RASA_VERSION = "3.6.21"
#: What a model depends on: the Rasa project, the packs' examples, and the code that learns and reads.
INPUTS = (
    "config.yml",
    "domain.yml",
    "domain/**/*.yml",
    "data/**/*.yml",
    "packs/*/examples.*.yml",
)
CODE = ("bot/components/*.py", "understanding/**/*.py", "understanding/data/**/*")
_HERE = Path(__file__).resolve().parent.parent


def current_model(root: Path, out: Path) -> Path | None:
    """The model in ``out`` that was trained from the project in ``root`` as it is now."""
    model = model_path(root, out)
    return model if model.is_file() else None


def model_path(root: Path, out: Path) -> Path:
    """Where the model of the project in ``root`` as it is now is, or would be."""
    found = hashlib.blake2b(RASA_VERSION.encode(), digest_size=8)
    for base, patterns in ((root, INPUTS), (_HERE, CODE)):
        for path in sorted({path for pattern in patterns for path in base.glob(pattern) if path.is_file()}):
            if "__pycache__" not in path.parts:
                found.update(path.relative_to(base).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return out / f"tingsu-{found.hexdigest()}.tar.gz"
