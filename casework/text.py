"""A text in both languages of the product. Choosing a person's language lives elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

_Kind = TypeVar("_Kind", bound="Reason")


@dataclass(frozen=True)
class Text:
    """One thing said in Chinese and in English; neither is empty in a pack that was loaded."""

    zh: str
    en: str

    def in_(self, language: str) -> str:
        """The wording for a BCP 47 tag (``zh``, ``zh-Hant``, ``en-GB``, …); any unknown one gets English."""
        return self.zh if language.lower().startswith("zh") else self.en


class Reason(str):
    """Why something is not done: words in English for logs and programs, and ``code`` with ``values``, by which a door
    says the same in the language of who reads it."""

    code: str
    values: Mapping[str, object]

    def __new__(cls: type[_Kind], code: str, words: str, /, **values: object) -> _Kind:
        made = super().__new__(cls, words.format(**values))
        made.code, made.values = code, values
        return made
