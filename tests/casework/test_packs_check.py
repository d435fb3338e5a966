"""The check an organisation runs on its own pack: every mistake, with file, key and cure."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from casework.packs import Packs, check
from casework.packs.examples import MIN_EXAMPLES
from casework.packs.patterns import LIMIT, faults
from tests.casework.test_packs import SMALL, write_examples

SHIPPED = Path(__file__).resolve().parents[2] / "packs"
GUIDE = SHIPPED.parent / "docs" / "packs.md"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "packs"
    (root / "small").mkdir(parents=True)
    (root / "common.yml").write_text((SHIPPED / "common.yml").read_text("utf-8"), "utf-8")
    (root / "small" / "pack.yml").write_text(SMALL, "utf-8")
    write_examples(root / "small")
    return root


def _broken(root: Path, old: str, new: str) -> list[str]:
    assert old in SMALL
    (root / "small" / "pack.yml").write_text(SMALL.replace(old, new, 1), "utf-8")
    return check(root, ["small"])


def _openings(root: Path, language: str) -> dict[str, list[str]]:
    loaded = yaml.safe_load((root / "small" / f"examples.{language}.yml").read_text("utf-8"))
    assert isinstance(loaded, dict)
    return loaded


def _write(root: Path, language: str, openings: object) -> None:
    text = yaml.safe_dump(openings, allow_unicode=True)
    (root / "small" / f"examples.{language}.yml").write_text(text, "utf-8")


def test_everything_below_the_folder_is_checked_when_no_pack_is_named(root: Path) -> None:
    assert check(root) == []
    (root / "half").mkdir()
    assert any(problem.startswith("packs/half/pack.yml:1: expected this file") for problem in check(root))


@pytest.mark.parametrize(
    ("old", "new", "key", "cure"),
    [
        ('en: "Broken door"', 'fr: "Porte"', "categories.SML-DOR.categories.SML-DOR-01.name", 'Add en: "…"'),
        ("department: desk", "department: shed", "categories.SML-DOR.department", "add it under departments"),
        ("    sla: S\n", "    sla: Z\n", "categories.SML-DOR.sla", "add it under sla"),
        ("[what, door, contact]", "[what, gate, contact]", "categories.SML-DOR.required[2]", "under fields"),
        ("[what, door, contact]", "[door, what, contact]", "categories.SML-DOR.required", "what to the front"),
        ("好去修。", "我们高度重视。", "fields.door.why.zh", "by whom and by when"),
        ('cues: ["(.门)"]', 'cues: ["(.门"]', "fields.door.cues[1]", "Close every bracket"),
        ("severity: 2", "severity: 5", "categories.SML-DOR.sla", "Write sla: P0"),
        ("    kinds: [place]", "    kinds: [place]\n    kinds: [when]", "fields.door.kinds", "Delete one of them"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_key_and_its_cure(
    root: Path, old: str, new: str, key: str, cure: str
) -> None:
    problems = _broken(root, old, new)
    assert any(f": {key}: expected " in problem and cure in problem for problem in problems), problems


def test_a_field_without_a_question_is_found_even_where_no_category_uses_it(root: Path) -> None:
    bell = '  bell:\n    type: text\n    label: {zh: "门铃", en: "Bell"}\n'
    problems = _broken(root, "categories:\n  SML-DOR:", f"{bell}categories:\n  SML-DOR:")
    assert any("a question for 'bell' in zh and en, found none" in problem for problem in problems), problems


def test_a_pack_that_is_not_there_names_those_that_are(root: Path) -> None:
    (problem,) = check(root, ["smal"])
    assert problem.startswith("packs/smal/pack.yml:1: expected this file, found none. Create it")
    assert "small (meant 'small'?)" in problem


# Openings


def test_a_missing_file_of_openings_is_a_problem_of_the_check_but_not_of_loading(root: Path) -> None:
    (root / "small" / "examples.zh.yml").unlink()
    (problem,) = check(root, ["small"])
    assert problem.startswith(
        "packs/small/examples.zh.yml:1: expected this file, found none. Create it with 15"
    )
    assert Packs.load(root, ["small"]).codes == ("SML-DOR-01",)


def test_too_few_different_openings_are_counted(root: Path) -> None:
    openings = _openings(root, "en")["SML-DOR-01"][:9]
    _write(root, "en", {"SML-DOR-01": openings})
    (problem,) = check(root, ["small"])
    assert (
        f"expected at least {MIN_EXAMPLES} different openings of SML-DOR-01, found 9. Write 6 more" in problem
    )
    assert "packs/small/examples.en.yml:2: SML-DOR-01: " in problem


def test_the_same_opening_twice_is_found_whatever_its_punctuation(root: Path) -> None:
    openings = _openings(root, "en")["SML-DOR-01"]
    _write(root, "en", {"SML-DOR-01": [*openings, openings[3].upper() + "!!"]})
    (problem,) = check(root, ["small"])
    assert "SML-DOR-01[16]: expected each opening once" in problem


def test_an_opening_under_two_categories_is_found(root: Path) -> None:
    text = SMALL + '      SML-DOR-02:\n        name: {zh: "门响", en: "Squeaky door"}\n'
    (root / "small" / "pack.yml").write_text(text, "utf-8")
    write_examples(root / "small", "SML-DOR-01", "SML-DOR-02")
    assert check(root, ["small"]) == []
    openings = _openings(root, "zh")
    openings["SML-DOR-02"].append(openings["SML-DOR-01"][0])
    _write(root, "zh", openings)
    (problem,) = check(root, ["small"])
    assert "also under SML-DOR-01" in problem


@pytest.mark.parametrize(("language", "said"), [("zh", "the door is broken"), ("en", "门坏了")])
def test_an_opening_in_the_other_language_is_found(root: Path, language: str, said: str) -> None:
    openings = _openings(root, language)
    openings["SML-DOR-01"].append(said)
    _write(root, language, openings)
    (problem,) = check(root, ["small"])
    assert f"examples.{language}.yml:17: SML-DOR-01[16]: expected an opening in " in problem


def test_a_code_nobody_has_and_a_category_nobody_describes_are_found(root: Path) -> None:
    _write(root, "en", {"SML-DOR-10": ["a", "b"]})
    unknown, missing = check(root, ["small"])
    assert "found 'SML-DOR-10' (meant 'SML-DOR-01'?)" in unknown
    assert (
        missing
        == "packs/small/examples.en.yml:1: expected openings of SML-DOR-01, found none. Write 15 or more."
    )


def test_openings_are_checked_even_when_the_pack_does_not_load(root: Path) -> None:
    (root / "small" / "examples.en.yml").unlink()
    problems = _broken(root, "severity: 2", "severity: 9")
    assert [problem.partition(": ")[0] for problem in problems] == [
        "packs/small/pack.yml:40",
        "packs/small/examples.en.yml:1",
    ]


# Cues that run away


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?:a{1,30}){1,30}b",
        r"order(?:\w{1,30} ?){1,30}!",
        r"(?:(?:一|一二|二){1,20}){1,5}三",
        r"\b(?:[a-z']{0,20} ?){0,20}please",
        r"[^，]{0,200}[^。]{0,200}\w{0,200}!",
    ],
)
def test_a_pattern_that_backtracks_without_end_is_found_and_the_search_for_it_ends(pattern: str) -> None:
    ((expected, found, cure),) = faults(pattern)
    assert f"within {LIMIT} s" in expected
    assert "characters of" in found
    assert "Do not repeat a group" in cure


@pytest.mark.parametrize("pattern", ["门.*坏", "a+b", r"\d{3,}", r"(?:很)*慢"])
def test_a_repetition_without_an_end_is_refused_as_written(pattern: str) -> None:
    ((expected, _, cure),) = faults(pattern)
    assert expected == "repetitions with an end"
    assert "{0,20}" in cure


@pytest.mark.parametrize(
    "pattern", ["订单号(?:是|为)?([A-Z0-9-]{6,20})", r"\b(?:[\w'-]{1,20} ){0,3}council\b", "("]
)
def test_a_harmless_pattern_and_one_that_is_none_are_let_through(pattern: str) -> None:
    assert list(faults(pattern)) == []


def test_the_clock_that_is_passed_is_the_one_that_counts() -> None:
    ticks = iter(range(0, 10_000, 5))
    ((_, found, _),) = faults("门", clock=lambda: float(next(ticks)))
    assert found.startswith("5.0 s on 8 characters of 'a'")


def test_a_cue_of_a_category_is_checked_too(root: Path) -> None:
    own = '        fields:\n          door: {cues: ["(?:a{1,30}){1,30}b"]}\n'
    (root / "small" / "pack.yml").write_text(SMALL + own, "utf-8")
    (problem,) = check(root, ["small"])
    assert "categories.SML-DOR.categories.SML-DOR-01.fields.door.cues[1]: expected a pattern that" in problem


# The guide


def _blocks() -> dict[str, str]:
    """The YAML files the guide shows, by the name in their first line."""
    found: dict[str, str] = {}
    for block in GUIDE.read_text("utf-8").split("```yaml\n")[1:]:
        text = block.partition("```")[0]
        name = text.partition("\n")[0].removeprefix("# ")
        found.setdefault(name, text)
    return found


def test_the_example_of_the_guide_is_a_whole_pack_that_lacks_only_openings(tmp_path: Path) -> None:
    root = tmp_path / "packs"
    (root / "library").mkdir(parents=True)
    (root / "common.yml").write_text((SHIPPED / "common.yml").read_text("utf-8"), "utf-8")
    blocks = _blocks()
    for name in ("pack.yml", "examples.en.yml", "examples.zh.yml"):
        (root / "library" / name).write_text(blocks[f"packs/library/{name}"], "utf-8")
    assert all("different openings of LIB-" in problem for problem in check(root, ["library"]))
    assert Packs.load(root, ["library"]).codes == ("LIB-LOA-01", "LIB-LOA-02")


def test_the_guide_explains_every_key_a_pack_may_have_in_both_languages() -> None:
    from casework.packs import loading, values
    from casework.packs.model import KINDS

    english, _, chinese = GUIDE.read_text("utf-8").partition("\n# 中文")
    keys = {*loading._PACK_KEYS, *loading._LEVEL1_KEYS, *values._SLA_KEYS, *values._FIELD_KEYS, *KINDS}
    for text in (english, chinese):
        assert {key for key in keys if f"`{key}`" not in text} == set()
