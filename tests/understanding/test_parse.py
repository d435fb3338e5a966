"""The whole parser on a small hand-made corpus."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest

from understanding.parse import Parser

_NOW = datetime(2026, 3, 4, 8, 0, tzinfo=timezone.utc)
_NLU = {
    "zh_greet": ["你好", "您好", "早上好"],
    "en_greet": ["hello", "hi there", "good morning"],
    "zh_lodge_complaint": ["我要投诉", "路灯坏了没人修", "窗口的人骂我"],
    "en_lodge_complaint": ["I want to complain", "the street light is broken", "the clerk shouted at me"],
}
_EMOTION = """
- {text: 气死我了！！, label: angry, intensity: 3}
- {text: you liars!!, label: angry, intensity: 3}
- {text: 太过分了, label: angry, intensity: 2}
- {text: 请问几点开门, label: neutral, intensity: 0}
- {text: the light at number 3 is out, label: neutral, intensity: 0}
- {text: 3号楼, label: neutral, intensity: 0}
"""
_PACK = """
GOV-ATT-02: [窗口的人骂我, 办事员吼我, the clerk shouted at me]
URB-LGT-01: [路灯坏了, 路灯不亮, the street light is broken]
"""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("corpus")
    for folder in ("nlu", "emotion", "pack"):
        (root / folder).mkdir()
    for name, texts in _NLU.items():
        lines = "".join(f"    - {text}\n" for text in texts)
        head = f"nlu:\n- intent: {name.split('_', 1)[1]}\n  examples: |\n"
        (root / "nlu" / f"{name}.yml").write_text(head + lines, encoding="utf-8")
    (root / "emotion" / "zh.yml").write_text(_EMOTION, encoding="utf-8")
    (root / "pack" / "examples.zh.yml").write_text(_PACK, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def trained(corpus: Path) -> tuple[Parser, list[tuple[str, float]]]:
    told: list[tuple[str, float]] = []
    return Parser.train(corpus, [corpus / "pack"], lambda what, part: told.append((what, part))), told


def test_training_tells_how_far_it_is(trained: tuple[Parser, list[tuple[str, float]]]) -> None:
    parts = [part for _, part in trained[1]]
    assert parts == sorted(parts)
    assert parts[0] == 0
    assert parts[-1] == 1


def test_one_call_gives_everything_and_a_loaded_parser_gives_the_same(
    trained: tuple[Parser, list[tuple[str, float]]], tmp_path: Path
) -> None:
    parser = trained[0]
    text = "门口的路灯坏了，气死我了！！我电话13800138000"
    found = parser.parse(text, context=None, now=_NOW, timezone="Asia/Shanghai", region="CN")
    assert found.language.language == "zh"
    assert found.intent.name == "lodge_complaint"
    assert found.emotion.label == "angry"
    assert found.categories[0].name == "URB-LGT-01"
    assert "phone" in {detail.kind for detail in found.details}
    parser.save(tmp_path)
    again = Parser.load(tmp_path).parse(text, context=None, now=_NOW, timezone="Asia/Shanghai", region="CN")
    assert again.intent.name == found.intent.name
    assert (again.emotion, again.details) == (found.emotion, found.details)


def test_categories_keep_to_the_codes_in_question(trained: tuple[Parser, list[tuple[str, float]]]) -> None:
    found = trained[0].parse(
        "路灯坏了", context=None, now=_NOW, timezone="Asia/Shanghai", region="CN", categories=["GOV-ATT-02"]
    )
    assert [ranked.name for ranked in found.categories] == ["GOV-ATT-02"]


def test_a_folder_without_models_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Parser.load(tmp_path)
