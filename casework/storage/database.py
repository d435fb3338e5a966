"""Opening a database, transactions, migrations. SQLite (WAL) and PostgreSQL."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import QueuePool

from casework.storage.fields import use_keys
from casework.storage.prepared import on_cursor

logger = logging.getLogger(__name__)

_Result = TypeVar("_Result")

MIGRATIONS = Path(__file__).parent / "migrations"

#: Longest wait for SQLite's single write lock. A turn holds it for some 10 ms.
SQLITE_BUSY_S = 15.0
#: How often a process that waits for another one's migration looks again.
_LOOK_AGAIN_S = 0.2

#: PostgreSQL ends a transaction that does nothing for so long, and a connection whose machine is gone, in seconds: what
#: a frozen process or a cut-off machine has locked is free again, and nobody waits for hours. Source: product default.
IDLE_S = 60
_GONE_S = 15


class DatabaseUnavailable(Exception):
    """The database cannot be reached or read now; the message says what to check."""


class Tied(DatabaseUnavailable):
    """PostgreSQL ended this transaction because it and another one waited for each other: it can be done again."""


#: What PostgreSQL calls that: deadlock_detected, serialization_failure.
_TIES = frozenset({"40P01", "40001"})


def again(do: Callable[[], _Result], *, tries: int = 3) -> _Result:
    """Do something in a transaction of its own, once more where another one came in between.

    Raises: Tied, when that happened every time.
    """
    for _ in range(tries - 1):
        try:
            return do()
        except Tied as error:
            logger.info("database.tied: %s", error)
    return do()


#: ``secure_delete``: what is deleted or overwritten is overwritten in the file too, not only unlinked.
#: ``synchronous=FULL``: with NORMAL, SQLite's log forgets the last commits when the power fails, and a provider that
#: heard "ok" does not repeat itself.
_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "cache_size=-16000",
    "secure_delete=ON",
)


class Database:
    """One database. Safe to share between threads; open one a process.

    ``keys``: Fernet keys, newest first (see ``storage.fields``).
    """

    def __init__(self, url: str, *, keys: tuple[str, ...], pool_size: int = 5) -> None:
        use_keys(keys)
        self.is_sqlite = url.startswith("sqlite")
        self._engine = _engine(url, is_sqlite=self.is_sqlite, pool_size=pool_size)
        self.url = url
        self._said_refused = False

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A write transaction: committed at the end, rolled back on an exception.

        On SQLite the write lock is taken at once, so that a read followed by a write cannot fail half-way.
        Raises: DatabaseUnavailable.
        """
        try:
            with self._connect(writing=True) as connection, connection.begin():
                yield connection
        except Tied:
            raise
        except DatabaseUnavailable as error:
            if not self._said_refused:
                logger.error("database.refuses: %s", error)
            self._said_refused = True
            raise
        self._said_refused = False

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A read-only look. Raises: DatabaseUnavailable."""
        with self._connect(writing=False) as connection:
            yield connection

    @contextmanager
    def _connect(self, *, writing: bool) -> Iterator[Connection]:
        try:
            connection = self._engine.connect().execution_options(writing=writing)
        except OperationalError as error:
            raise DatabaseUnavailable(f"cannot open the database ({type(error.orig).__name__})") from error
        try:
            yield connection
        except OperationalError as error:
            # What SQLite says names no values ("database or disk is full"); PostgreSQL has a class for each reason.
            reason = str(error.orig) if self.is_sqlite else type(error.orig).__name__
            kind = Tied if getattr(error.orig, "pgcode", None) in _TIES else DatabaseUnavailable
            raise kind(f"the database refused a command ({reason})") from error
        finally:
            connection.close()

    def migrate(self) -> None:
        """Bring the tables to the newest version. Safe when several processes do it at once."""
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with self.transaction() if self.is_sqlite else self._alone() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    @contextmanager
    def _alone(self) -> Iterator[Connection]:
        """A connection to PostgreSQL for changes of the tables, one at a time of all processes; each migration has a
        transaction of its own, and may build indexes outside of any."""
        with self._connect(writing=True) as connection:
            # Who waits holds no snapshot: an index that is built beside the writers waits for all that are held.
            while not connection.execute(text("SELECT pg_try_advisory_lock(7464)")).scalar_one():
                connection.rollback()
                time.sleep(_LOOK_AGAIN_S)
            connection.commit()
            try:
                yield connection
            finally:
                connection.rollback()
                connection.execute(text("SELECT pg_advisory_unlock(7464)"))
                connection.commit()

    def forget_log(self) -> None:
        """Leave nothing of what was overwritten in SQLite's write-ahead log. Waits for nobody: a reader that is
        in the way leaves it to the next time. PostgreSQL does the like by itself (autovacuum)."""
        if self.is_sqlite:
            with self._connect(writing=False) as connection:
                connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def version(self) -> tuple[str | None, str]:
        """(version found, version this program wants)."""
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        with self.reading() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
        return found, str(ScriptDirectory.from_config(config).get_current_head())

    def tables_are(self) -> str:
        """``current``; ``behind`` what this program needs; ``ahead``: made by a newer program, which this one
        stands for as long as both run. Raises: DatabaseUnavailable."""
        found, wanted = self.version()
        if found == wanted:
            return "current"
        return "behind" if found is None or found < wanted else "ahead"

    def dispose(self) -> None:
        """Close all pooled connections."""
        self._engine.dispose()


def _engine(url: str, *, is_sqlite: bool, pool_size: int) -> Engine:
    if not is_sqlite:
        return _postgresql(url, pool_size=pool_size)
    engine = create_engine(
        url,
        future=True,
        poolclass=QueuePool,
        pool_size=pool_size,
        max_overflow=10,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": SQLITE_BUSY_S},
    )

    @event.listens_for(engine, "connect")  # type: ignore[untyped-decorator]
    def _configure(connection: Any, _record: Any) -> None:
        # pysqlite would begin transactions by itself, later than we want.
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")  # type: ignore[untyped-decorator]
    def _begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        on_cursor(connection, "BEGIN IMMEDIATE" if writing else "BEGIN").close()

    return engine


def _postgresql(url: str, *, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        future=True,
        pool_size=pool_size,
        max_overflow=10,
        pool_pre_ping=True,
        executemany_mode="values_plus_batch",  # several rows are one trip to the server
        hide_parameters=True,  # errors are logged; addresses and payloads must not be in them
        connect_args={"connect_timeout": 5, "keepalives_idle": 5, "tcp_user_timeout": 1000 * _GONE_S},
    )

    @event.listens_for(engine, "connect")  # type: ignore[untyped-decorator]
    def _configure(connection: Any, _record: Any) -> None:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f"SET idle_in_transaction_session_timeout = '{IDLE_S}s'")
            cursor.execute(f"SET tcp_keepalives_idle = 5; SET tcp_user_timeout = '{_GONE_S}s'")
        connection.autocommit = False

    return engine
