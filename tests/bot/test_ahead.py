"""Language models that are learned beside Rasa's training."""

from __future__ import annotations

from pathlib import Path

from bot.components import ahead
from understanding.category import CategoryModel
from understanding.emotion import EmotionModel


def test_a_model_is_learned_once_and_taken_again_while_its_sentences_stay(
    project: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "learned"
    with ahead.learning(project, kept):
        first = ahead.taken("emotion")
        assert first is not None
        EmotionModel.load(first)
        written = first.stat().st_mtime_ns
    with ahead.learning(project, kept):
        assert ahead.taken("emotion") == first
        assert first.stat().st_mtime_ns == written


def test_changed_sentences_are_learned_anew_and_the_old_model_goes(project: Path, tmp_path: Path) -> None:
    kept = tmp_path / "learned"
    with ahead.learning(project, kept):
        first = ahead.taken("category")
        assert first is not None
    examples = next((project / "packs").glob("*/examples.en.yml"))
    code = CategoryModel.load(first).codes[0]
    examples.write_text(examples.read_text().replace(f"{code}:\n", f"{code}:\n- something quite new\n", 1))
    with ahead.learning(project, kept):
        second = ahead.taken("category")
    assert second is not None
    assert second != first
    assert second.is_dir()
    assert not first.exists()


def test_without_a_training_nothing_is_taken() -> None:
    assert ahead.taken("intent") is None


def test_a_model_that_cannot_be_learned_is_left_to_its_component(project: Path, tmp_path: Path) -> None:
    (project / "data" / "emotion" / "en.yml").write_text(
        "- {text: x, label: no such feeling, intensity: 9}\n"
    )
    with ahead.learning(project, tmp_path / "learned"):
        assert ahead.taken("emotion") is None
