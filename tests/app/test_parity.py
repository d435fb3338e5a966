"""Whatever people read exists in Chinese and English: in the packs, the knowledge, the words, and in the code.

The responses of ``domain.yml`` are looked at in ``test_wording``; what conversations say is in ``tests/e2e/promises``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT

HAN = re.compile(r"[\u3400-\u9fff]")
PLACES = re.compile(r"\{(\w+)\}")
CODE = ("actions", "app", "bot", "casework", "connectors", "desk")
PACKS = sorted(
    path for path in (ROOT / "packs").rglob("*.yml") if not re.search(r"\.(zh|en)\.yml$", path.name)
)


def pairs(value: Any, where: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every mapping below ``value`` that holds a text in one of the languages."""
    if isinstance(value, dict):
        if {"zh", "en"} & set(value):
            yield where, value
            return
        for key, item in value.items():
            yield from pairs(item, f"{where}.{key}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from pairs(item, f"{where}[{number}]")


@pytest.mark.parametrize("path", PACKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_text_of_a_pack_is_written_in_both_languages_with_the_same_places(path: Path) -> None:
    found = list(pairs(yaml.safe_load(path.read_text(encoding="utf-8")), path.name))
    for where, texts in found:
        if not isinstance(texts.get("zh"), str):
            assert type(texts.get("zh")) is type(texts.get("en")), where
            continue
        assert texts["zh"].strip(), where
        assert str(texts.get("en") or "").strip(), where
        assert not HAN.search(str(texts["en"])), where
        assert set(PLACES.findall(texts["zh"])) == set(PLACES.findall(str(texts["en"]))), where


@pytest.mark.parametrize("folder", ["packs", "data"])
def test_what_is_one_file_a_language_exists_in_both(folder: str) -> None:
    files = [path for path in (ROOT / folder).rglob("*") if re.search(r"(^|[._])(zh|en)[._]", path.name)]
    assert files
    for path in files:
        other = re.sub(
            r"(^|[._])(zh|en)(?=[._])", lambda m: m[1] + {"zh": "en", "en": "zh"}[m[2]], path.name, count=1
        )
        assert (path.parent / other).exists(), path


def dictionaries(path: Path) -> Iterator[tuple[str, dict[str, ast.expr]]]:
    """Literal dictionaries of a source file that have a language as key, with where they stand."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Dict):
            keys = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
            if {"zh", "en"} & set(keys):
                yield (
                    f"{path.relative_to(ROOT)}:{node.lineno}",
                    {str(key): value for key, value in zip(keys, node.values, strict=True)},
                )


@pytest.mark.parametrize("folder", CODE)
def test_texts_in_the_code_are_written_in_both_languages(folder: str) -> None:
    for path in (ROOT / folder).rglob("*.py"):
        for where, texts in dictionaries(path):
            assert {"zh", "en"} <= set(texts), where
            zh, en = texts["zh"], texts["en"]
            if isinstance(zh, ast.Constant) and isinstance(zh.value, str):
                assert isinstance(en, ast.Constant), where
                assert bool(zh.value) == bool(en.value), where
                assert set(PLACES.findall(zh.value)) == set(PLACES.findall(str(en.value))), where
