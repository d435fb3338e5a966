"""The English training sentences: enough of each kind, no contradictions, nothing borrowed."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from understanding.model import ACTS

ROOT = Path(__file__).resolve().parents[2]
NLU = ROOT / "data" / "nlu"
CONTEXT = NLU / "context" / "en.yml"
EMOTION = ROOT / "data" / "emotion" / "en.yml"
#: Public texts for measuring only; they lie outside the project and are absent on most machines.
RESEARCH = ROOT.parent / "shared" / "data"

BUSY = frozenset(
    {
        "lodge_complaint",
        "inform",
        "affirm",
        "deny",
        "correct_detail",
        "query_progress",
        "urge_handling",
        "supplement_details",
        "ask_question",
        "request_human",
        "dont_know",
        "withdraw_complaint",
        "dispute_result",
        "out_of_scope",
        "report_emergency",
        "abuse",
        "cancel_intake",
    }
)
LABELS = ("angry", "anxious", "disappointed", "sad", "sarcastic", "grateful", "neutral")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def folded(text: str) -> str:
    """``text`` without spaces, punctuation and case; emoji stay. Punctuation alone ("???") stays as it is."""
    lowered = unicodedata.normalize("NFKC", text).lower()
    return "".join(c for c in lowered if unicodedata.category(c)[0] not in "ZPC") or lowered.strip()


def squeezed(text: str) -> str:
    """Letters and digits alone: the form in which borrowed sentences are looked for."""
    return re.sub(r"\W+", "", text).lower()


@cache
def examples() -> tuple[tuple[str, str], ...]:
    """(act, sentence) of all English files, in file order."""
    found: list[tuple[str, str]] = []
    for path in sorted(NLU.glob("en_*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            lines = block["examples"].splitlines()
            assert all(line.startswith("- ") and line[2:].strip() for line in lines), path.name
            found.extend((block["intent"], line[2:].strip()) for line in lines)
    return tuple(found)


@cache
def items(path: Path) -> tuple[dict[str, Any], ...]:
    return tuple(yaml.safe_load(path.read_text(encoding="utf-8")))


def every_sentence() -> list[str]:
    listed = [str(item["text"]) for path in (CONTEXT, EMOTION) for item in items(path)]
    return [text for _, text in examples()] + listed


@pytest.mark.parametrize("act", ACTS)
def test_every_act_has_its_own_file_with_enough_sentences(act: str) -> None:
    blocks = yaml.safe_load((NLU / f"en_{act}.yml").read_text(encoding="utf-8"))["nlu"]
    assert [block["intent"] for block in blocks] == [act]
    assert sum(name == act for name, _ in examples()) >= (90 if act in BUSY else 50)


def test_no_english_file_is_left_over_without_an_act() -> None:
    assert {path.stem for path in NLU.glob("en_*.yml")} == {f"en_{act}" for act in ACTS}


def test_no_sentence_stands_in_two_acts_or_twice_in_one() -> None:
    places: dict[str, list[str]] = {}
    for act, text in examples():
        places.setdefault(folded(text), []).append(act)
    assert {text: acts for text, acts in places.items() if len(acts) > 1} == {}


def test_sentences_are_plain_text_without_marks_or_commands() -> None:
    assert [text for text in every_sentence() if re.search(r"[\[\]{}\n]|^/", text) or not text.strip()] == []


def test_a_few_sentences_mix_in_chinese_words() -> None:
    mixed = sum(bool(CHINESE.search(text)) for _, text in examples())
    assert 0.02 <= mixed / len(examples()) <= 0.06


def test_context_items_name_a_known_act_and_a_question_key() -> None:
    assert len(items(CONTEXT)) >= 250
    for item in items(CONTEXT):
        assert set(item) == {"text", "context", "act"}, item
        assert isinstance(item["text"], str), item
        assert item["act"] in ACTS, item
        assert item["context"] is None or re.fullmatch(r"[a-z_]+", item["context"]), item


def test_the_same_answer_to_the_same_question_has_one_act() -> None:
    counts = Counter((folded(item["text"]), item["context"]) for item in items(CONTEXT))
    assert [key for key, count in counts.items() if count > 1] == []


def test_the_question_asked_changes_what_some_answers_mean() -> None:
    acts: dict[str, set[str]] = {}
    for item in items(CONTEXT):
        acts.setdefault(folded(item["text"]), set()).add(item["act"])
    assert sum(len(found) > 1 for found in acts.values()) >= 8


def test_emotions_are_known_and_as_strong_as_they_may_be() -> None:
    assert len(items(EMOTION)) >= 700
    for item in items(EMOTION):
        assert set(item) == {"text", "label", "intensity"}, item
        assert isinstance(item["text"], str), item
        assert item["label"] in LABELS, item
        assert item["intensity"] in ((0, 1) if item["label"] == "neutral" else (1, 2, 3)), item


def test_every_emotion_is_there_at_each_of_its_strengths() -> None:
    counts = Counter((item["label"], item["intensity"]) for item in items(EMOTION))
    strengths = {label: (0, 1) if label == "neutral" else (1, 2, 3) for label in LABELS}
    thin = {
        (label, n): counts[label, n] for label in LABELS for n in strengths[label] if counts[label, n] < 20
    }
    assert thin == {}


def test_no_emotion_sentence_stands_twice() -> None:
    counts = Counter(folded(item["text"]) for item in items(EMOTION))
    assert [text for text, count in counts.items() if count > 1] == []


def test_no_sentence_is_borrowed_from_the_public_texts() -> None:
    if not RESEARCH.is_dir():
        pytest.skip("the public texts are not on this machine")
    own = {key for key in map(squeezed, every_sentence()) if len(key) >= 12}
    borrowed: set[str] = set()
    for path in sorted(RESEARCH.glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            borrowed |= own & {squeezed(str(json.loads(line)["text"])) for line in lines}
    assert borrowed == set()
