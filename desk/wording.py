"""What the desk itself says to staff, in their language. Texts stand in ``words/``, a file a part of the desk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

LANGUAGES = ("zh", "en")


class Words:
    """``words.save`` or ``words("left", n=3)``; an unknown key fails, also in a template."""

    def __init__(self, language: str, texts: Mapping[str, str]) -> None:
        self.language = language
        self._texts = texts

    def __call__(self, key: str, **values: object) -> str:
        return self._texts[key].format(**values)

    def __getattr__(self, key: str) -> str:
        try:
            return self._texts[key]
        except KeyError as error:
            raise AttributeError(key) from error

    def get(self, key: str, otherwise: str = "") -> str:
        """The text of ``key``, or ``otherwise`` where there is none."""
        return self._texts.get(key, otherwise)

    def beginning(self, start: str) -> dict[str, str]:
        """The texts whose keys begin with ``start``, by the rest of their keys."""
        return {key[len(start) :]: text for key, text in self._texts.items() if key.startswith(start)}


def load_words(folder: Path) -> dict[str, Words]:
    """The texts of all files.

    Raises: OSError, yaml.YAMLError, KeyError (a text is missing in a language), ValueError (a key of two files).
    """
    texts: dict[str, Mapping[str, str]] = {}
    for path in sorted(folder.glob("*.yml")):
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
        if twice := texts.keys() & found.keys():
            raise ValueError(f"{path.name}: {', '.join(sorted(twice))} stand in another file too")
        texts.update(found)
    return {
        language: Words(language, {key: str(text[language]) for key, text in texts.items()})
        for language in LANGUAGES
    }
