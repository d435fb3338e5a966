"""Each component learns, is saved, is read again, and gives the same JSON-able value."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.category import CategoryComponent
from bot.components.details import DetailsComponent
from bot.components.emergency import EmergencyComponent
from bot.components.emotion import EmotionComponent
from bot.components.intent import IntentComponent
from bot.components.language import LanguageComponent
from bot.components.shell import Client, Shell, TrainedShell, plain
from bot.components.tokenizer import BilingualTokenizer
from tests.bot.conftest import PROJECT
from understanding import features

CONTEXT = ExecutionContext(GraphSchema({}), "model")
PLAIN = (LanguageComponent, EmergencyComponent, DetailsComponent)
TRAINED = (IntentComponent, EmotionComponent, CategoryComponent)
KEYS = {
    "text",
    "intent",
    "intent_ranking",
    "margin",
    "emotion",
    "categories",
    "complaints",
    "ours",
    "language",
    "emergency",
    "details",
}


@pytest.fixture(scope="module")
def training_data() -> TrainingData:
    return load_data(str(PROJECT / "data" / "nlu" / "nlu.yml"))


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    return LocalModelStorage(tmp_path)


@pytest.fixture(autouse=True)
def _in_project() -> Iterator[None]:
    before = Path.cwd()
    os.chdir(PROJECT)
    yield
    os.chdir(before)


def message(text: str, **metadata: Any) -> Message:
    return Message({TEXT: text, "metadata": metadata}, output_properties={TEXT})


def read(component: Shell, text: str, **metadata: Any) -> dict[str, Any]:
    (done,) = component.process([message(text, **metadata)])
    found: dict[str, Any] = done.as_dict(only_output_properties=True)
    return found


def untrained(kind: type[TrainedShell], storage: LocalModelStorage, **config: Any) -> TrainedShell:
    settings = {**kind.get_default_config(), **config}
    return kind.create(settings, storage, Resource("r"), CONTEXT)


@pytest.mark.parametrize("kind", TRAINED)
def test_a_trained_component_is_the_same_after_it_was_saved_and_read(
    kind: type[Any], storage: LocalModelStorage, training_data: TrainingData
) -> None:
    component = untrained(kind, storage)
    resource = component.train(training_data)
    again = kind.load(kind.get_default_config(), storage, resource, CONTEXT)
    for text in ("我要投诉楼下的噪音", "气死我了你们到底管不管", "how far is my complaint", ""):
        before, after = read(component, text), read(again, text)
        assert before.keys() == after.keys() <= KEYS
        assert _close(before, after)
        assert json.loads(json.dumps(after)) == after


def _close(one: object, other: object) -> bool:
    """Equal, confidences to three places (weights are stored with less precision)."""
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) < 0.01
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_close(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_close, one, other))
    return one == other


def test_intents_are_learned_from_rasas_own_training_data_and_the_answers_to_questions(
    storage: LocalModelStorage, training_data: TrainingData
) -> None:
    component = untrained(IntentComponent, storage)
    component.train(training_data)
    assert read(component, "你好")["intent"]["name"] == "greet"
    assert read(component, "how long does it take")["intent"]["name"] == "ask_question"
    found, alone = read(component, "right", context="confirmation"), read(component, "right")
    assert found["intent"]["name"] == "affirm"
    assert found["intent"]["confidence"] > alone["intent"]["confidence"]
    assert 0 <= found["margin"] <= 1
    assert len(found["intent_ranking"]) <= 10


@pytest.mark.parametrize(
    ("act", "is_sorted", "looked_for"),
    [("inform", True, False), ("inform", False, True), ("lodge_complaint", True, True), (None, True, True)],
)
def test_no_category_is_looked_for_in_a_plain_answer_once_it_is_known(
    act: str | None,
    is_sorted: bool,
    looked_for: bool,
    storage: LocalModelStorage,
    training_data: TrainingData,
) -> None:
    component = untrained(CategoryComponent, storage)
    component.train(training_data)
    told = message("楼下半夜施工太吵了", is_sorted=is_sorted)
    told.set("intent", {"name": act, "confidence": 0.9})
    (done,) = component.process([told])
    assert bool(done.get("categories")) is looked_for
    assert done.get("complaints") == []


def test_a_text_in_which_a_category_is_looked_for_is_encoded_with_its_pieces_in_one_go(
    storage: LocalModelStorage, training_data: TrainingData, monkeypatch: pytest.MonkeyPatch
) -> None:
    acts, kinds = untrained(IntentComponent, storage), untrained(CategoryComponent, storage)
    acts.train(training_data)
    kinds.train(training_data)
    encoded: list[list[str]] = []
    encode = features._encoder._model.encode

    def watched(texts: list[str]) -> Any:
        encoded.append(texts)
        return encode(texts)

    monkeypatch.setattr(features._encoder._model, "encode", watched)
    features.forget_vectors()
    story, answer = "工地半夜还在施工，吵得孩子睡不着觉", "工地就在学校的对面，一直到河边"
    kinds.process(acts.process([message(story)]))
    assert len(encoded) == 1
    assert {story, "工地半夜还在施工"} < set(encoded[0])
    acts.process([message(answer, is_sorted=True)])
    assert encoded[1:] == [[answer]]


@pytest.mark.parametrize("kind", [EmotionComponent, CategoryComponent])
def test_a_project_without_sentences_for_a_component_still_works(
    kind: type[Any], storage: LocalModelStorage, training_data: TrainingData, tmp_path: Path
) -> None:
    resource = untrained(kind, storage, root=str(tmp_path)).train(training_data)
    again = kind.load(kind.get_default_config(), storage, resource, CONTEXT)
    assert read(again, "气死我了")[kind.key] in ([], {"label": "neutral", "intensity": 0, "evidence": []})


@pytest.mark.parametrize("kind", TRAINED)
def test_rasa_is_told_when_a_corpus_changes(kind: type[Any], tmp_path: Path) -> None:
    path = tmp_path / kind.get_default_config()["corpora"][0].replace("**/", "").replace("*", "x")
    path.parent.mkdir(parents=True)
    config = {**kind.get_default_config(), "root": str(tmp_path)}
    seen = [kind.fingerprint_addon(config)]
    for content in ("a", "b"):
        path.write_text(content)
        seen.append(kind.fingerprint_addon(config))
    assert len(set(seen)) == 3
    assert kind.fingerprint_addon(config) == seen[-1]


@pytest.mark.parametrize("kind", PLAIN)
@pytest.mark.parametrize("text", ["", "着火了有人被困", "my phone is +44 20 7946 0018", "昨天下午三点 120元"])
def test_a_plain_component_adds_one_json_able_key(kind: type[Any], text: str) -> None:
    found = read(kind.create({}, None, None, CONTEXT), text, now="2026-11-21T12:00:00+00:00")
    assert found.keys() - {kind.key} == {"text"}
    assert json.loads(json.dumps(found)) == found


def test_details_are_read_with_the_clock_and_the_place_of_the_person() -> None:
    component = DetailsComponent.create({}, None, None, CONTEXT)
    one, other = (
        read(component, "昨天下午三点停电", now=now, timezone="Asia/Shanghai", region="CN")["details"]
        for now in ("2026-11-21T12:00:00+00:00", "2026-01-05T12:00:00Z")
    )
    assert one
    assert [detail["value"] for detail in one] != [detail["value"] for detail in other]


def test_a_person_without_a_client_is_read_with_the_clock_of_this_machine() -> None:
    client = Client({})
    assert client.now.tzinfo is not None
    assert (client.timezone, client.region, client.context, client.categories) == (
        "Asia/Shanghai",
        "CN",
        None,
        None,
    )


def test_a_naive_time_is_taken_as_utc() -> None:
    assert Client({"now": "2026-11-21T12:00:00"}).now == datetime(2026, 11, 21, 12, tzinfo=timezone.utc)


def test_a_text_that_breaks_the_language_code_is_answered_all_the_same(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Fragile(Shell):
        key = "language"
        unknown = "unknown"

        def read(self, text: str, client: Client) -> Any:
            raise ValueError(f"cannot read {text}")

    assert read(Fragile(), "隔壁王五")["language"] == "unknown"
    assert "component.failed: language ValueError at test_components.py" in caplog.text
    assert "王五" not in caplog.text


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("我要投诉", ["我", "要", "投", "诉"]),
        ("Room 302, Building B", ["Room", "302", ",", "Building", "B"]),
        ("wifi坏了2天", ["wifi", "坏", "了", "2", "天"]),
        ("don't", ["don't"]),
        ("", []),
    ],
)
def test_tokens_of_both_languages_keep_their_place_in_the_text(text: str, tokens: list[str]) -> None:
    tokenizer = BilingualTokenizer(BilingualTokenizer.get_default_config())
    found = tokenizer.tokenize(message(text), TEXT)
    assert [token.text for token in found] == tokens
    assert all(text[token.start : token.end] == token.text for token in found)


def test_plain_turns_everything_into_json() -> None:
    assert plain({"a": (1, {2}), 3: datetime(2026, 1, 1)}) == {"a": [1, [2]], "3": "2026-01-01T00:00:00"}  # noqa: DTZ001
