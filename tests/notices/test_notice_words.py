"""The words of notices: in both languages, without a gap whatever is not known, and changeable by an organisation."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest

from casework.house import House
from casework.notices.kinds import KINDS
from casework.notices.posting import Notices
from casework.words import WordsError
from tests.notices.conftest import words

#: What a gap looks like: a brace, two marks in a row, a mark after a blank, empty quotes or brackets.
GAP = re.compile(r"[{}]|[，。；：、,;:.]\s*[，。；、,;](?!\w)|\s[,.;:!?](?:\s|$)|“”|\"\"|（）|\(\)|  |None")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_no_notice_has_a_gap_whatever_is_not_known(notices: Notices, kind: str, language: str) -> None:
    known = notices.words.examples[language]
    slots = sorted(KINDS[kind].all_slots - {"number"})
    missing = [set(some) for count in (0, 1, 2, len(slots)) for some in combinations(slots, count)]
    for some in missing:
        values = {name: value for name, value in known.items() if name not in some}
        text = notices.words.fill(kind, language, values)
        assert known["number"] in text, f"without {some}"
        assert GAP.search(text) is None, f"without {some}: {text}"
        assert not any(known[name] in text for name in some if len(known[name]) > 3), (
            f"without {some}: {text}"
        )


@pytest.mark.parametrize("kind", KINDS)
def test_both_languages_name_the_same_things(notices: Notices, kind: str) -> None:
    slots = {
        language: {name for part in kinds[kind] for form in part for name in re.findall(r"\{(\w+)\}", form)}
        for language, kinds in notices.words.languages.items()
    }
    assert slots["zh"] == slots["en"]
    assert len(notices.words.languages["zh"][kind]) == len(notices.words.languages["en"][kind])


def test_every_slot_a_kind_may_name_has_an_example(notices: Notices) -> None:
    for known in notices.words.examples.values():
        assert {name for kind in KINDS.values() for name in kind.all_slots} == known.keys()


def test_a_promise_or_a_date_is_named_when_it_is_known(notices: Notices) -> None:
    for kind in ("accepted", "assigned", "delayed", "halfway", "soon", "standing", "reopened"):
        for language in ("zh", "en"):
            known = notices.words.examples[language]
            assert known["due"] in notices.words.fill(kind, language, known), kind


def test_an_organisation_words_a_kind_its_own_way_or_leaves_it_out(house: House, tmp_path: Path) -> None:
    (tmp_path / "notices.zh.yml").write_text(
        "assigned:\n  - ['{department}收到了单号 {number}。', '单号 {number} 有人办了。']\nhalfway: []\n",
        "utf-8",
    )
    changed = words(house, tmp_path)
    assert changed.fill("assigned", "zh", changed.examples["zh"]) == "路灯所收到了单号 TS261120-000001。"
    assert not changed.speaks_of("halfway", "zh")
    assert changed.speaks_of("halfway", "en")
    assert changed.speaks_of("resolved", "zh")


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("resolved: ['单号 {number} 结果是{finding}。']", "first part"),
        ("resolved: ['单号 {number}。', '请找{owner}。']", "owner"),
        ("resolved: ['单号 {number}。', '我们会尽快处理的。']", "sentence we can stand by"),
        ("resolvd: ['单号 {number}。']", "resolved"),
        ("resolved: ['Case {number}.']", "zh"),
    ],
)
def test_words_that_cannot_be_used_are_named_at_start(
    house: House, tmp_path: Path, line: str, named: str
) -> None:
    (tmp_path / "notices.zh.yml").write_text(line + "\n", "utf-8")
    with pytest.raises(WordsError, match=named):
        words(house, tmp_path)
