"""Traditional and Simplified characters, read once from the tables that come with OpenCC. No phrases, no words."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

#: Forms that people type in Hong Kong and Taiwan and that OpenCC's general table leaves alone.
_EXTRA = {
    "裡": "里",
    "喺": "在",
    "妳": "你",
    "祂": "他",
    "佢": "他",
    "著": "着",
    "嘅": "的",
    "唔": "不",
    "冇": "没",
}


@lru_cache(maxsize=1)
def simplified_of() -> dict[str, str]:
    """Map from each Traditional (or Cantonese function) character to one Simplified character."""
    table = {key: values[0] for key, values in _table("TSCharacters.txt").items() if values[0] != key}
    # "么" and "着" are Simplified already; the table knows them as rare Traditional characters, too.
    for char in ("么", "着", "乾"):
        table.pop(char, None)
    table["乾"] = "干"
    return {key: value for key, value in table.items() if len(value) == 1} | _EXTRA


@lru_cache(maxsize=1)
def traditional_only() -> frozenset[str]:
    """Characters that a text in Simplified characters does not hold."""
    simplified = {value for values in _table("TSCharacters.txt").values() for value in values}
    return frozenset(char for char in _table("TSCharacters.txt") if char not in simplified) | set(
        "嘅冇喺佢咗啲"
    )


@lru_cache(maxsize=1)
def simplified_only() -> frozenset[str]:
    """Characters that a text in Traditional characters does not hold."""
    return frozenset(char for char, values in _table("STCharacters.txt").items() if char not in values)


@lru_cache(maxsize=4)
def _table(name: str) -> dict[str, list[str]]:
    text = files("opencc").joinpath("dictionary").joinpath(name).read_text(encoding="utf-8")
    pairs = (line.split("\t", 1) for line in text.splitlines() if "\t" in line)
    return {key: values.split() for key, values in pairs if len(key) == 1}
