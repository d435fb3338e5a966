"""One engine for all conversations of this folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from casework.storage.work import Store
from tests.e2e.runner import RecordingEngine, load_engine, new_store


@pytest.fixture(scope="session")
def engine() -> RecordingEngine:
    return load_engine()


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """One database for all cases: nobody in one meets anybody of another."""
    folder: Path = tmp_path_factory.mktemp("e2e")
    return new_store(folder)
