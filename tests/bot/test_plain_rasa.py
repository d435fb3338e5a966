"""Bot builders work with Rasa as it comes: no lean imports, no remedies, the same answers."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.engine import Engine
from tests.bot.conftest import NOW, PROJECT, States, Talk, load_engine

pytestmark = pytest.mark.engine

ROOT = Path(__file__).parents[2]
TEXTS = [
    "你好",
    "我要投诉",
    "楼下每天半夜放音乐",
    "要多久才处理",
    "幸福路八号",
    "thank you",
    "yes that is right",
    "对",
]

#: Loads the model as `rasa shell` does, with the endpoints file of the project, and talks to it.
STOCK = """
import asyncio, json, sys
from rasa.core.agent import load_agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.utils import AvailableEndpoints
from bot.actions_in_process import InProcessActions
from tests.bot import fixture_actions

async def main(model, texts):
    endpoints = AvailableEndpoints.read_endpoints("endpoints.yml")
    endpoints.action = InProcessActions((fixture_actions,))
    agent = await load_agent(model, endpoints=endpoints)
    told = []
    for number, text in enumerate(texts, 1):
        metadata = {"channel": "web", "turn": number, "now": "2026-11-21T12:00:00+00:00"}
        channel = CollectingOutputChannel()
        parsed = await agent.processor.parse_message(UserMessage(text, metadata=metadata))
        await agent.handle_message(
            UserMessage(text, channel, "p1", parse_data={**parsed}, input_channel="web", metadata=metadata))
        told.append({"intent": parsed["intent"], "categories": parsed["categories"],
                     "said": [message.get("text", "") for message in channel.messages]})
    stores = [type(agent.tracker_store._tracker_store).__name__, type(agent.lock_store).__name__,
              type(agent.nlg).__name__]
    print(json.dumps({"told": told, "stores": stores, "tensorflow": "tensorflow" in sys.modules}))

asyncio.run(main(sys.argv[1], sys.argv[2:]))
"""


def run(*arguments: str, cwd: Path, home: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *arguments],
        cwd=cwd,
        env={"PATH": "", "PYTHONPATH": str(ROOT), "RASA_TELEMETRY_ENABLED": "false", "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    return done.stdout


def test_whole_rasa_understands_and_answers_the_same(
    shared_engine: Engine, model: Path, tmp_path: Path
) -> None:
    stock: dict[str, Any] = json.loads(
        run("-c", STOCK, str(model), *TEXTS, cwd=ROOT, home=tmp_path).splitlines()[-1]
    )
    assert stock["tensorflow"]
    assert stock["stores"] == ["WindowTrackerStore", "ConversationLockStore", "BilingualNLG"]
    shared_engine.bind(States())
    talk = Talk(shared_engine)
    for text, told in zip(TEXTS, stock["told"], strict=True):
        parsed = shared_engine.understand(text, context=None, now=NOW, timezone="Asia/Shanghai", region="CN")
        assert parsed["intent"]["name"] == told["intent"]["name"]
        assert parsed["intent"]["confidence"] == pytest.approx(told["intent"]["confidence"], abs=1e-6)
        assert [found["code"] for found in parsed["categories"]] == [
            found["code"] for found in told["categories"]
        ]
        assert talk.texts(text) == told["said"]


def test_rasas_own_command_trains_the_project_into_the_same_model(
    shared_engine: Engine, tmp_path: Path
) -> None:
    project = tmp_path / "project"
    shutil.copytree(PROJECT, project)
    run("-m", "rasa", "train", "--fixed-model-name", "plain", cwd=project, home=tmp_path)
    plain = load_engine(project / "models" / "plain.tar.gz")
    for text in TEXTS:
        one, other = (
            engine.understand(text, context=None, now=NOW, timezone="UTC", region="CN")["intent"]
            for engine in (shared_engine, plain)
        )
        assert one["name"] == other["name"]
        assert one["confidence"] == pytest.approx(other["confidence"], abs=1e-4)
    plain.close()
