"""The Chinese dialogue-act examples: complete, without contradictions, and our own words."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from opencc import OpenCC

from understanding.model import ACTS

ROOT = Path(__file__).resolve().parents[2]
NLU = ROOT / "data" / "nlu"
CONTEXT = NLU / "context" / "zh.yml"
EMOTION = ROOT / "data" / "emotion" / "zh.yml"
#: Research texts for measuring that must not leak into the training data; they lie outside the project.
RESEARCH = ROOT.parent / "shared" / "data"

BUSY = frozenset({
    "lodge_complaint", "inform", "affirm", "deny", "correct_detail", "query_progress", "urge_handling",
    "supplement_details", "ask_question", "request_human", "dont_know", "withdraw_complaint",
    "dispute_result", "out_of_scope", "report_emergency", "abuse", "cancel_intake",
})  # fmt: skip
EMOTIONS = ("angry", "anxious", "disappointed", "sad", "sarcastic", "grateful", "neutral")


def folded(text: str) -> str:
    """``text`` without spaces and punctuation, in one case; emoji stay, they are words here.

    A text of punctuation alone ("???") stays what it is.
    """
    lowered = unicodedata.normalize("NFKC", text).lower()
    kept = "".join(c for c in lowered if unicodedata.category(c)[0] not in "ZPC" and c not in "~^`")
    return kept or lowered.strip()


def squeezed(text: str) -> str:
    """Only letters and digits: the form in which research texts are compared."""
    return re.sub(r"\W+", "", text).lower()


@cache
def examples() -> dict[str, tuple[str, ...]]:
    """Act -> its example sentences, as the files give them."""
    found: dict[str, tuple[str, ...]] = {}
    for path in sorted(NLU.glob("zh_*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            lines = block["examples"].splitlines()
            assert all(line.startswith("- ") for line in lines), path.name
            found[block["intent"]] = tuple(line[2:].strip() for line in lines)
    return found


@cache
def context_items() -> tuple[dict[str, Any], ...]:
    return tuple(yaml.safe_load(CONTEXT.read_text(encoding="utf-8")))


@cache
def emotion_items() -> tuple[dict[str, Any], ...]:
    return tuple(yaml.safe_load(EMOTION.read_text(encoding="utf-8")))


def every_sentence() -> list[str]:
    return [
        *(text for texts in examples().values() for text in texts),
        *(item["text"] for item in context_items()),
        *(item["text"] for item in emotion_items()),
    ]


def test_there_is_one_file_for_every_act_and_it_holds_that_act() -> None:
    assert {path.stem for path in NLU.glob("zh_*.yml")} == {f"zh_{act}" for act in ACTS}
    assert set(examples()) == set(ACTS)


@pytest.mark.parametrize("act", ACTS)
def test_an_act_has_enough_different_examples(act: str) -> None:
    assert len(examples()[act]) >= (90 if act in BUSY else 50)


def test_no_example_carries_an_annotation_or_a_command() -> None:
    odd = [t for t in every_sentence() if re.search(r"\]\(|\]\{", t) or t.startswith("/") or not t.strip()]
    assert odd == []


def test_no_sentence_stands_twice_or_in_two_acts() -> None:
    places: defaultdict[str, list[str]] = defaultdict(list)
    for act, texts in examples().items():
        for text in texts:
            places[folded(text)].append(act)
    assert {text: acts for text, acts in places.items() if len(acts) > 1} == {}


def test_some_people_write_traditional_characters() -> None:
    simplify = OpenCC("t2s").convert
    texts = [text for group in examples().values() for text in group]
    assert sum(simplify(text) != text for text in texts) >= 0.05 * len(texts)


def test_context_items_name_a_question_and_a_known_act() -> None:
    assert len(context_items()) >= 250
    for item in context_items():
        assert set(item) == {"text", "context", "act"}
        assert item["act"] in ACTS
        assert item["context"] is None or re.fullmatch(r"[a-z_]+", item["context"])


def test_the_same_words_after_the_same_question_mean_one_thing() -> None:
    counts = Counter((folded(item["text"]), item["context"]) for item in context_items())
    assert [key for key, count in counts.items() if count > 1] == []


def test_some_words_mean_different_things_after_different_questions() -> None:
    acts: defaultdict[str, set[str]] = defaultdict(set)
    for item in context_items():
        acts[folded(item["text"])].add(item["act"])
    assert sum(len(found) > 1 for found in acts.values()) >= 5


def test_emotion_items_are_labelled_within_range() -> None:
    assert len(emotion_items()) >= 700
    for item in emotion_items():
        assert set(item) == {"text", "label", "intensity"}
        assert item["label"] in EMOTIONS
        assert item["intensity"] in ((0, 1) if item["label"] == "neutral" else (1, 2, 3)), item


def test_every_emotion_is_shown_at_every_strength_it_can_have() -> None:
    counts = Counter((item["label"], item["intensity"]) for item in emotion_items())
    assert all(counts[label, level] >= 15 for label in EMOTIONS if label != "neutral" for level in (1, 2, 3))
    assert counts["neutral", 0] >= 60
    assert counts["neutral", 1] >= 20


def test_no_emotion_text_stands_twice() -> None:
    counts = Counter(folded(item["text"]) for item in emotion_items())
    assert [text for text, count in counts.items() if count > 1] == []


def test_no_sentence_comes_from_the_research_texts() -> None:
    if not RESEARCH.is_dir():
        pytest.skip("the research texts are not on this machine")
    ours = {squeezed(text) for text in every_sentence()}
    ours = {text for text in ours if len(text) >= 12}
    copied = set()
    for path in sorted(RESEARCH.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            copied.update(ours & {squeezed(str(json.loads(line)["text"]))})
    assert copied == set()
