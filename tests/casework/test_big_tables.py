"""Indexes on tables that are written to: built beside the writers, and built anew where a run failed."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text
from sqlalchemy.engine import Connection

from casework.storage.database import MIGRATIONS, Database
from tests.conftest import NOW

BEFORE, WITH_INDEXES = "0012", "0013"


def upgrade(database: Database, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database._alone() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)


@pytest.fixture
def old(postgres_server: str, data_key: str) -> Iterator[Database]:
    """A PostgreSQL with the tables of before."""
    base = postgres_server.replace("postgresql://", "postgresql+psycopg2://", 1)
    admin = Database(base, keys=(data_key,))
    name = f"big_{time.monotonic_ns()}"
    with admin._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    head, _, query = base.partition("?")
    database = Database(f"{head.rsplit('/', 1)[0]}/{name}?{query}", keys=(data_key,))
    upgrade(database, BEFORE)
    yield database
    database.dispose()


def write(connection: Connection, address: str) -> None:
    """Somebody begins to tell."""
    moment = {"now": NOW.replace(tzinfo=None), "address": address}
    person = connection.execute(
        text("INSERT INTO complainants (created_at) VALUES (:now) RETURNING id"), moment
    ).scalar_one()
    chat = connection.execute(
        text(
            "INSERT INTO conversations (channel, address, complainant_id, created_at)"
            " VALUES ('web', :address, :person, :now) RETURNING id"
        ),
        {**moment, "person": person},
    ).scalar_one()
    connection.execute(
        text(
            "INSERT INTO tickets (conversation_id, complainant_id, state, language, created_at, changed_at)"
            " VALUES (:chat, :person, 'draft', 'zh', :now, :now)"
        ),
        {**moment, "person": person, "chat": chat},
    )


def building(database: Database) -> bool:
    """Whether an index is being built, and waits for who was writing before."""
    with database.reading() as connection:
        return bool(
            connection.execute(
                text(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND query LIKE 'CREATE INDEX%' AND wait_event_type = 'Lock'"
                )
            ).scalar_one()
        )


def test_who_writes_is_not_held_up_by_an_index_that_is_built(old: Database) -> None:
    migration = threading.Thread(target=upgrade, args=(old, WITH_INDEXES))
    with old.transaction() as early:
        write(early, "early")
        migration.start()
        deadline = time.monotonic() + 60
        while not building(old) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert building(old)
        with old.transaction() as late:
            late.execute(text("SET LOCAL lock_timeout = '3s'"))
            write(late, "late")
    migration.join(timeout=60)
    assert not migration.is_alive()
    with old.reading() as connection:
        broken = connection.execute(text("SELECT count(*) FROM pg_index WHERE NOT indisvalid")).scalar_one()
        named = connection.execute(
            text("SELECT count(*) FROM pg_indexes WHERE indexname = 'ix_tickets_waking'")
        ).scalar_one()
    assert (broken, named) == (0, 1)


def test_what_a_failed_run_left_is_built_anew(old: Database) -> None:
    with old.transaction() as connection:
        connection.execute(text("CREATE INDEX ix_tickets_waking ON tickets (id)"))
    upgrade(old, WITH_INDEXES)
    with old.reading() as connection:
        made = connection.execute(
            text("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_tickets_waking'")
        ).scalar_one()
    assert "(wake_at) WHERE (wake_at IS NOT NULL)" in made
