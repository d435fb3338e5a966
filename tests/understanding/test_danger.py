"""The learned model of dangers: how it is learned, that the shipped one is fresh, what it hears of new voices."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from understanding.corpus import LANGUAGES, CorpusError, read_emergencies, read_intents
from understanding.danger import FOLDER, NONE, DangerModel, shipped
from understanding.danger_learning import Example, digest, examples, held_out, learn
from understanding.emergency import LEVELS, detect_emergency
from understanding.model import Language

ROOT = Path(__file__).parents[2]

FIRE = ["厨房着火了", "楼下烧起来了", "窗户往外冒火", "the kitchen is on fire", "flames in the stairwell"] * 3
TRAPPED = ["困在电梯里", "被锁在里面出不来", "stuck in the lift", "trapped in the lift", "电梯停了出不来"] * 3
HARMLESS = ["快递没到", "电费多了", "the parcel is late", "rude clerk", "电梯太慢", "谢谢", "fire drill"] * 3
TOLD = [Example(f"{text} {n}", label) for label, texts in (("fire", FIRE), ("trapped", TRAPPED), (NONE, HARMLESS))
        for n, text in enumerate(texts)]  # fmt: skip


#: Two sets that were written before the sentences that are learned.
SETS = ("danger_voices", "danger_last")


def _voices(name: str, language: Language) -> dict[str, Any]:
    text = Path(__file__).with_name(f"{name}.{language}.yml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def _said(voices: dict[str, Any]) -> Iterator[str]:
    for texts in voices["dangers"].values():
        yield from texts
    for kind in ("figures", "plain", "not_now", "unsure"):
        yield from voices.get(kind, ())


def test_the_shipped_model_is_learned_from_the_sentences_as_they_are() -> None:
    assert shipped().made_from == digest(ROOT), (
        "run `make danger` and commit understanding/data/danger_model.*"
    )


def test_the_shipped_model_knows_every_danger_and_is_small() -> None:
    assert set(shipped().codes) == set(LEVELS)
    assert sum(path.stat().st_size for path in FOLDER.glob("danger_model.*")) < 2_000_000


def test_what_is_learned_comes_back_from_the_file(tmp_path: Path) -> None:
    model = DangerModel(learn(TOLD), "now")
    model.save(tmp_path)
    loaded = DangerModel.load(tmp_path)
    assert loaded.made_from == "now"
    chances = loaded.chances("厨房烧起来了，冒火")
    assert max(chances, key=lambda code: chances[code]) == "fire"
    assert chances == pytest.approx(model.chances("厨房烧起来了，冒火"), abs=0.03)
    assert sum(loaded.chances("谢谢，快递没到").values()) < 0.3


def test_held_out_blocks_are_judged_by_models_that_did_not_see_them() -> None:
    heard = held_out(TOLD, folds=3)
    assert sorted(each.text for each, _ in heard) == sorted(each.text for each in TOLD)


def test_without_dangers_or_without_harmless_texts_nothing_is_learned() -> None:
    for label in (NONE, "fire"):
        with pytest.raises(ValueError, match="needed"):
            learn([Example("hello", label), Example("bye", label)])


def test_a_category_that_tells_of_an_unknown_danger_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "emergency"
    folder.mkdir(parents=True)
    (folder / "zh.yml").write_text("- {text: 着火了, trigger: fire}\n", encoding="utf-8")
    (folder / "told.yml").write_text("PWR-SAF-01: lightning\n", encoding="utf-8")
    with pytest.raises(CorpusError, match=r"told\.yml.*lightning"):
        examples(tmp_path)


def test_what_is_left_open_is_learned_as_a_danger_and_as_harmless() -> None:
    labels = {
        each.label
        for each in examples(ROOT)
        if each.text == "there's an odd smell, could be gas or the drains"
    }
    assert labels == {"gas_leak", NONE}


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_voices_are_not_trained_on(name: str, language: Language) -> None:
    learned = {each.text for each in examples(ROOT)} | {
        text for _, text, _ in read_emergencies(ROOT / "data")
    }
    assert [text for text in _said(_voices(name, language)) if text in learned] == []


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_of_new_voices_most_dangers_are_heard_and_few_look_alikes(name: str, language: Language) -> None:
    voices = _voices(name, language)
    dangers = [detect_emergency(text) for texts in voices["dangers"].values() for text in texts]
    assert sum(each is not None for each in dangers) >= 0.88 * len(dangers)
    harmless = [detect_emergency(t) for kind in ("figures", "plain", "not_now") for t in voices[kind]]
    assert sum(each is not None and not each.check for each in harmless) <= 0.06 * len(harmless)
    unsure = [detect_emergency(text) for text in voices.get("unsure", ())]
    assert sum(each is not None and not each.check for each in unsure) <= 0.35 * len(unsure)


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_ordinary_turns_that_were_not_learned_few_alarm(language: Language) -> None:
    learned = {each.text for each in examples(ROOT)}
    ordinary = [
        detect_emergency(each.text)
        for each in read_intents(ROOT / "data")
        if each.language == language and each.text not in learned
        if each.act not in ("report_emergency", "report_violation", "lodge_complaint")
    ]
    assert len(ordinary) > 1000
    assert sum(each is not None and not each.check for each in ordinary) <= 0.015 * len(ordinary)
    assert sum(each is not None and each.check for each in ordinary) <= 0.03 * len(ordinary)
