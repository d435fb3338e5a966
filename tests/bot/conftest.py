"""Rasa is made lean before any test of this room imports it; the fixture project is trained once a run."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from bot import lean

lean.enter(modules=("rasa.core.agent", "rasa.model_training"))

from rasa.shared.core.domain import Domain  # noqa: E402

from bot import training  # noqa: E402
from bot.engine import BotMessage, Engine  # noqa: E402
from bot.stores import TrackerStates  # noqa: E402
from tests.bot import fixture_actions  # noqa: E402

PROJECT = Path(__file__).parent / "project"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=timezone.utc)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the fixture project that a test may change."""
    shutil.copytree(PROJECT, tmp_path / "project")
    return tmp_path / "project"


def project_domain() -> Domain:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Slot auto-fill has been removed")
        return Domain.load(str(PROJECT / "domain.yml"))


class States:
    """The application's side of the tracker store: a dict that can roll back."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def load(self, conversation_id: str) -> str | None:
        return self.kept.get(conversation_id)

    def save(self, conversation_id: str, state: str) -> None:
        self.kept[conversation_id] = state


class Talk:
    """One person's conversation with an engine."""

    def __init__(self, engine: Engine, person: str = "p1") -> None:
        self.engine = engine
        self.person = person
        self.turns = 0

    def say(self, text: str, **metadata: Any) -> tuple[BotMessage, ...]:
        self.turns += 1
        parsed = self.engine.understand(
            text, context=metadata.get("context"), now=NOW, timezone="Asia/Shanghai", region="CN"
        )
        return self.engine.turn(
            conversation_id=self.person,
            text=text,
            parse_data=parsed,
            metadata={"channel": "web", "turn": self.turns, **metadata},
        )

    def texts(self, text: str) -> list[str]:
        return [message.text for message in self.say(text)]


def load_engine(model: Path, states: TrackerStates | None = None) -> Engine:
    return Engine.load(model, actions=(fixture_actions,), states=states)


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return training.train(PROJECT, tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def shared_engine(model: Path) -> Iterator[Engine]:
    engine = load_engine(model)
    yield engine
    engine.close()


@pytest.fixture
def states() -> States:
    return States()


@pytest.fixture
def talk(shared_engine: Engine, states: States) -> Talk:
    shared_engine.bind(states)
    return Talk(shared_engine)
