"""The openings of five sector packs: complete, without contradictions, and our own words."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
import yaml
from opencc import OpenCC

from understanding.corpus import LANGUAGES, read_categories
from understanding.fold import fold
from understanding.model import Language

ROOT = Path(__file__).resolve().parents[2]
#: Research texts for measuring that must not leak into the training data; they lie outside the project.
RESEARCH = ROOT.parent / "shared" / "data"

#: Pack -> prefix -> how many level-2 categories it has, numbered from 01.
NUMBERED: dict[str, dict[str, int]] = {
    "ecommerce": {
        "ECM-QLT": 3, "ECM-DEL": 3, "ECM-REF": 3, "ECM-PRI": 3, "ECM-FAK": 2, "ECM-SVC": 2, "ECM-ACC": 3,
        "ECM-SAF": 3,
    },
    "hospitality": {
        "HSP-CLN": 2, "HSP-FOD": 4, "HSP-ROM": 3, "HSP-BKG": 3, "HSP-BIL": 3, "HSP-STF": 3, "HSP-SAF": 4,
        "HSP-NOI": 2,
    },
    "finance": {
        "FIN-CLM": 3, "FIN-SAL": 3, "FIN-SUR": 2, "FIN-FEE": 2, "FIN-CRD": 2, "FIN-LON": 2, "FIN-FRD": 2,
        "FIN-CRE": 2, "FIN-PRV": 2, "FIN-SVC": 3,
    },
    "telecom": {"TEL-FEE": 2, "TEL-NET": 3, "TEL-CON": 3, "TEL-SVC": 2, "TEL-SPM": 2, "TEL-INS": 2},
    "urban": {
        "URB-PRM": 3, "URB-FAC": 3, "URB-FEE": 2, "URB-PRK": 2, "URB-NOI": 2, "URB-STR": 2, "URB-ROD": 4,
        "URB-WST": 2, "URB-CHG": 2,
    },
}  # fmt: skip
CODES = {
    pack: [f"{prefix}-{number:02d}" for prefix, count in groups.items() for number in range(1, count + 1)]
    for pack, groups in NUMBERED.items()
}
PACKS = sorted(CODES)


def folder(pack: str) -> Path:
    """Where the openings of ``pack`` lie."""
    return ROOT / "packs" / pack


def letters(text: str) -> str:
    """Only letters and digits of the folded text: punctuation and script make no second sentence."""
    return re.sub(r"[\W_]+", "", fold(text).text)


@cache
def lines(pack: str, language: Language) -> tuple[tuple[str, str], ...]:
    """Every line of one file with its code, repetitions included."""
    loaded = yaml.safe_load((folder(pack) / f"examples.{language}.yml").read_text(encoding="utf-8"))
    return tuple((code, text) for code, texts in loaded.items() for text in texts)


def every_line() -> list[str]:
    return [text for pack in PACKS for language in LANGUAGES for _, text in lines(pack, language)]


def test_the_five_sectors_have_their_105_categories() -> None:
    assert sum(len(codes) for codes in CODES.values()) == 105


@pytest.mark.parametrize("pack", PACKS)
def test_the_category_model_can_read_every_opening(pack: str) -> None:
    read = read_categories([folder(pack)])
    assert sum(len(found) for found in read.values()) == sum(len(lines(pack, each)) for each in LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("pack", PACKS)
def test_every_category_has_fifteen_different_openings(pack: str, language: Language) -> None:
    openings: defaultdict[str, set[str]] = defaultdict(set)
    for code, text in lines(pack, language):
        openings[code].add(letters(text))
    assert set(openings) == set(CODES[pack])
    assert {code: len(found) for code, found in openings.items() if len(found) < 15} == {}


@pytest.mark.parametrize("pack", PACKS)
def test_no_opening_stands_twice_or_in_two_categories(pack: str) -> None:
    places: defaultdict[str, list[str]] = defaultdict(list)
    for language in LANGUAGES:
        for code, text in lines(pack, language):
            places[letters(text)].append(code)
    assert {text: codes for text, codes in places.items() if len(codes) > 1} == {}


@pytest.mark.parametrize("pack", PACKS)
def test_every_opening_is_in_the_language_of_its_file(pack: str) -> None:
    chinese = re.compile(r"[\u4e00-\u9fff]")
    assert [text for _, text in lines(pack, "zh") if not chinese.search(text)] == []
    assert [text for _, text in lines(pack, "en") if chinese.search(text)] == []


@pytest.mark.parametrize("pack", PACKS)
def test_some_people_write_traditional_characters(pack: str) -> None:
    simplify = OpenCC("t2s").convert
    texts = [text for _, text in lines(pack, "zh")]
    assert sum(simplify(text) != text for text in texts) >= 0.05 * len(texts)


def test_no_opening_carries_an_annotation_or_a_command() -> None:
    assert [text for text in every_line() if re.search(r"\]\(|\]\{", text) or text.startswith("/")] == []


def test_no_opening_comes_from_the_research_texts() -> None:
    if not RESEARCH.is_dir():
        pytest.skip("the research texts are not on this machine")
    ours = {each for each in map(letters, every_line()) if len(each) >= 12}
    copied = set()
    for path in sorted(RESEARCH.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            copied.update(ours & {letters(str(json.loads(line)["text"]))})
    assert copied == set()
