"""A text in both languages of the product. Choosing a person's language lives elsewhere."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """One thing said in Chinese and in English; neither is empty in a pack that was loaded."""

    zh: str
    en: str

    def in_(self, language: str) -> str:
        """The wording for a BCP 47 tag (``zh``, ``zh-Hant``, ``en-GB``, …); any unknown one gets English."""
        return self.zh if language.lower().startswith("zh") else self.en
