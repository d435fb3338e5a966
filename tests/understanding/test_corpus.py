"""Reading training files, good and bad."""

from __future__ import annotations

from pathlib import Path

import pytest

from understanding.corpus import (
    CorpusError,
    read_categories,
    read_emergencies,
    read_emotions,
    read_intents,
)
from understanding.emotion import EmotionExample
from understanding.intent import IntentExample


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def _nlu(tmp_path: Path, body: str, name: str = "en_greet.yml") -> Path:
    return _write(tmp_path / "nlu" / name, f'version: "3.1"\nnlu:\n{body}')


def test_examples_of_both_languages_are_read_in_rasas_own_form(tmp_path: Path) -> None:
    _nlu(
        tmp_path,
        "- intent: affirm\n  examples: |\n    - yes\n    - no: really\n\n    - it was [Monday](when)\n",
        "en_a.yml",
    )
    _nlu(tmp_path, "- intent: greet\n  examples: |\n    - 你好\n", "zh_greet.yml")
    assert read_intents(tmp_path) == [
        IntentExample("你好", "greet", None, "zh"),
        IntentExample("yes", "affirm", None, "en"),
        IntentExample("no: really", "affirm", None, "en"),
        IntentExample("it was Monday", "affirm", None, "en"),
    ]


def test_turns_in_context_are_read_and_yes_stays_a_text(tmp_path: Path) -> None:
    _write(
        tmp_path / "nlu" / "context" / "en.yml",
        "- {text: yes, context: confirmation, act: affirm}\n- {text: 5, context: null, act: inform}\n"
        "- {text: hello, act: greet}\n",
    )
    assert read_intents(tmp_path) == [
        IntentExample("yes", "affirm", "confirmation", "en"),
        IntentExample("5", "inform", None, "en"),
        IntentExample("hello", "greet", None, "en"),
    ]


def test_a_repeated_example_counts_once(tmp_path: Path) -> None:
    _nlu(tmp_path, "- intent: greet\n  examples: |\n    - hi\n    - hi\n")
    assert len(read_intents(tmp_path)) == 1


def test_emotions_are_read_with_their_language(tmp_path: Path) -> None:
    _write(tmp_path / "emotion" / "zh.yml", "- {text: 气死我了, label: angry, intensity: 3}\n")
    assert read_emotions(tmp_path) == [("zh", EmotionExample("气死我了", "angry", 3))]


def test_dangers_and_look_alikes_are_read_with_their_language_and_once(tmp_path: Path) -> None:
    _write(
        tmp_path / "emergency" / "zh.yml",
        "- {text: 着火了, trigger: fire}\n- {text: 我火了, trigger: null}\n",
    )
    _write(
        tmp_path / "emergency" / "en.yml",
        "- {text: it burns, trigger: fire}\n- {text: it burns, trigger: fire}\n- {text: no, trigger: ~}\n",
    )
    assert read_emergencies(tmp_path) == [
        ("zh", "着火了", "fire"),
        ("zh", "我火了", None),
        ("en", "it burns", "fire"),
        ("en", "no", None),
    ]


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("{text: hi, trigger: flood}", "unknown trigger 'flood'"),
        ("{text: hi}", "'trigger' is missing"),
        ("{text: '', trigger: null}", "the text is empty"),
    ],
)
def test_a_bad_danger_is_named_with_its_line(tmp_path: Path, entry: str, problem: str) -> None:
    path = _write(tmp_path / "emergency" / "en.yml", f"- {{text: ok, trigger: null}}\n- {entry}\n")
    with pytest.raises(CorpusError) as caught:
        read_emergencies(tmp_path)
    assert str(caught.value).startswith(f"{path}:2: ")
    assert problem in str(caught.value)


def test_the_projects_own_dangers_are_read() -> None:
    found = read_emergencies(Path(__file__).parents[2] / "data")
    for language in ("zh", "en"):
        triggers = [trigger for spoken, _, trigger in found if spoken == language]
        assert len(set(triggers)) == 22
        assert triggers.count(None) >= 700


def test_category_examples_of_all_packs_come_together(tmp_path: Path) -> None:
    gov = _write(tmp_path / "government" / "examples.zh.yml", "GOV-ATT-01:\n- 态度冷漠\n").parent
    _write(gov / "examples.en.yml", "GOV-ATT-01:\n- cold clerk\n- cold clerk\n")
    power = _write(tmp_path / "power" / "examples.en.yml", "PWR-OUT-01: [no power]\n").parent
    assert read_categories([gov, power, tmp_path / "none"]) == {
        "GOV-ATT-01": [("zh", "态度冷漠"), ("en", "cold clerk")],
        "PWR-OUT-01": [("en", "no power")],
    }


def test_folders_without_files_give_nothing(tmp_path: Path) -> None:
    assert read_intents(tmp_path) == []
    assert read_emotions(tmp_path) == []
    assert read_emergencies(tmp_path) == []
    assert read_categories([tmp_path]) == {}


@pytest.mark.parametrize(
    ("body", "line", "problem"),
    [
        ("- intent: sing\n  examples: |\n    - la\n", 3, "unknown dialogue act 'sing'"),
        ("- intent: greet\n  examples: |\n    - hi\n    hello\n", 6, "starts with '- '"),
        ("- intent: greet\n  examples: |\n    - hi\n    -\n", 6, "starts with '- '"),
        ("- intent: greet\n", 3, "expected 'intent:' and 'examples: |'"),
        ("- intent: greet\n  examples:\n  - hi\n", 5, "expected one text"),
        ("- intent: [greet\n", 4, "not YAML"),
        ("  intent: greet\n", 3, "expected a list"),
    ],
)
def test_a_bad_example_file_is_named_with_its_line(
    tmp_path: Path, body: str, line: int, problem: str
) -> None:
    path = _nlu(tmp_path, body)
    with pytest.raises(CorpusError) as caught:
        read_intents(tmp_path)
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("{text: hi, label: happy, intensity: 1}", "unknown emotion 'happy'"),
        ("{text: hi, label: angry, intensity: 4}", "intensity is 0 to 3, not '4'"),
        ("{text: hi, label: angry}", "'intensity' is missing"),
        ("{text: '', label: angry, intensity: 1}", "the text is empty"),
        ("{text: hi, label: angry, intensity: 1, note: x}", "unknown key 'note'"),
        ("{text: hi, text: ho, label: angry, intensity: 1}", "'text' is there twice"),
        ("just words", "expected 'key: value' lines"),
    ],
)
def test_a_bad_emotion_is_named_with_its_line(tmp_path: Path, entry: str, problem: str) -> None:
    path = _write(
        tmp_path / "emotion" / "en.yml", f"- {{text: ok, label: neutral, intensity: 0}}\n- {entry}\n"
    )
    with pytest.raises(CorpusError) as caught:
        read_emotions(tmp_path)
    assert str(caught.value).startswith(f"{path}:2: ")
    assert problem in str(caught.value)


def test_a_code_that_is_none_is_named_with_its_line(tmp_path: Path) -> None:
    path = _write(tmp_path / "examples.zh.yml", "GOV-ATT-01: [慢]\nattitude:\n- 慢\n")
    with pytest.raises(CorpusError, match=r"'attitude' is no category code") as caught:
        read_categories([tmp_path])
    assert str(caught.value).startswith(f"{path}:")


def test_an_empty_file_and_one_that_is_not_utf_8_are_named(tmp_path: Path) -> None:
    path = _write(tmp_path / "emotion" / "en.yml", "")
    with pytest.raises(CorpusError, match="the file is empty"):
        read_emotions(tmp_path)
    path.write_bytes("- {text: 投诉}".encode("gbk"))
    with pytest.raises(CorpusError, match="not UTF-8"):
        read_emotions(tmp_path)
