"""Filling a PostgreSQL with very many tickets that are as the product writes them.

A few hundred complaints go through the real use cases, with clocks, history, messages and all; then the server itself
copies their rows, each copy with ids, numbers, addresses and keys of its own and moved in time. So every table and
column is filled as it would be, encrypted fields too, at tens of thousands of tickets a second.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from sqlalchemy import Column, Table, create_engine, text
from sqlalchemy.engine import Connection

from bench.lifecycle_work import Life, Teller, add_staff
from casework.house import House
from casework.storage.fields import UtcDateTime
from casework.storage.tables import metadata
from casework.storage.work import Store
from casework.tickets import acts, handling
from casework.tickets.handling import Desk
from casework.tickets.model import Actor
from casework.tickets.states import Role
from casework.tickets.steps import Rules


@dataclass(frozen=True)
class Samples:
    """Complaints that are copied: those that are ``over``, and ``open`` ones, each so many times. Of a million some
    thousand are open."""

    over: int = 300
    open: int = 60
    open_copies: int = 50

    @property
    def first(self) -> int:
        """Tickets before any is copied that is over."""
        return self.over + self.open * (self.open_copies + 1)


#: How far back the copies of those that are over reach.
YEARS = 3
#: Room for the ids of one copy.
_STRIDE = 20_000
#: Tables of cases; the others are of the organisation or of the moment.
_CASES = frozenset(
    ["complainants", "conversations", "messages", "tickets", "clocks", "alarms", "tasks", "events", "notices",
     "ticket_keys", "ticket_links"]
)  # fmt: skip
#: Columns that name one row alone.
_NAMES = frozenset({"conversations.address", "messages.provider_key", "notices.key"})


def make_samples(store: Store, house: House, samples: Samples, step: Callable[[], None]) -> None:
    """The complaints that are copied: those that are over began ten days ago, the open ones yesterday."""
    now = datetime.now(timezone.utc)
    add_staff(store, house, now=now)
    began = [now - timedelta(days=10)]
    life = Life(
        store,
        house,
        Teller(house, seed="samples", apart=True),
        times=lambda call: began[0] + timedelta(hours=(0, 1, 3, 50, 60)[call]),
    )
    for number in range(samples.over):
        _live(store, house, life, number, samples.over, now=began[0])
        step()
    with store.database.transaction() as connection:
        _settle(connection, "over")
    began[0] = now - timedelta(hours=20)
    for number in range(samples.open):
        _live_on(life, number)
        step()
    with store.database.transaction() as connection:
        _settle(connection, "open")


def _live(store: Store, house: House, life: Life, number: int, of: int, *, now: datetime) -> None:
    """Nine in ten are resolved and rated; of the rest some are withdrawn, some rejected, some closed by silence."""
    ticket_id = life.file(f"sample-{number}")
    kind = number * 100 // of
    if kind < 3:
        with store.writing() as work:
            acts.withdraw(work, work.tickets.get(ticket_id), text="不投诉了", now=now + timedelta(hours=2))
        return
    if kind < 6:
        given = {"reason": "not_ours", "basis": "职责清单", "outside_remedy": "12345"}
        with store.writing() as work:
            desk = Desk(work, Rules(house.packs, house.calendar), Actor(Role.LEAD, "Zhao"), now)
            handling.act(desk, work.tickets.get(ticket_id), "reject", given)
            work.tickets.change(work.tickets.get(ticket_id), now=now, wake_at=None)
        return
    for call in (life.assign, life.sign, life.resolve, life.rate):
        call(ticket_id)


def _live_on(life: Life, number: int) -> None:
    """A third waits for sorting, a third for a signature, a third is worked on."""
    ticket_id = life.file(f"open-{number}")
    for call in (life.assign, life.sign)[: number % 3]:
        call(ticket_id)


def _settle(connection: Connection, block: str) -> None:
    """Put what is there aside as a block to copy: messages sent and answered, history told, alarms given."""
    connection.execute(text("UPDATE messages SET state = 'done' WHERE direction = 'in'"))
    connection.execute(
        text("UPDATE messages SET state = 'sent', settled_at = created_at WHERE direction = 'out'")
    )
    connection.execute(text("UPDATE conversations SET ready_at = NULL"))
    connection.execute(text("UPDATE events SET spread_at = at"))
    if block == "over":
        connection.execute(text("UPDATE clocks SET next_alarm_at = NULL"))
    connection.execute(text(f"CREATE SCHEMA sample_{block}"))
    for table in _tables():
        key = next(iter(table.primary_key.columns)).name
        new = f" WHERE {key} NOT IN (SELECT {key} FROM sample_over.{table.name})" if block == "open" else ""
        connection.execute(
            text(f"CREATE TABLE sample_{block}.{table.name} AS SELECT * FROM {table.name}{new}")
        )


def _tables() -> list[Table]:
    return [table for table in metadata.sorted_tables if table.name in _CASES]


def fill(url: str, samples: Samples, tickets: int, filled: int, step: Callable[[int], None]) -> None:
    """Copy until there are about ``tickets``, of which ``filled`` are there. ``step`` is told how many were made."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT", future=True, hide_parameters=True)
    back = timedelta(days=YEARS * 365) * samples.over / 10**6
    with engine.connect() as connection:
        for setting in ("session_replication_role = replica", "synchronous_commit = off"):
            connection.execute(text(f"SET {setting}"))
        connection.execute(text("SET maintenance_work_mem = '512MB'"))
        indexes = _drop_indexes(connection)
        if not filled:
            often = samples.open_copies
            _copy(connection, "open", first=1, last=often, offset=10**9, back=timedelta(minutes=5))
            filled = samples.first
        first, last = (
            (filled - samples.first) // samples.over + 1,
            (tickets - samples.first) // samples.over,
        )
        for start in range(first, last + 1, 50):
            end = min(start + 49, last)
            _copy(connection, "over", first=start, last=end, offset=0, back=back)
            step((end - start + 1) * samples.over)
        for statement in indexes:
            connection.execute(text(statement))
        _set_sequences(connection)
        connection.execute(text("VACUUM (ANALYZE)"))
        connection.execute(text("CHECKPOINT"))
    engine.dispose()


def _copy(connection: Connection, block: str, *, first: int, last: int, offset: int, back: timedelta) -> None:
    for table in _tables():
        columns = ", ".join(column.name for column in table.columns)
        values = ", ".join(_value(table, column, offset) for column in table.columns)
        connection.execute(
            text(
                f"INSERT INTO {table.name} ({columns}) SELECT {values}"
                f" FROM generate_series(:first, :last) AS k CROSS JOIN sample_{block}.{table.name} AS o"
            ),
            {"first": first, "last": last, "back": back},
        )


def _value(table: Table, column: Column, offset: int) -> str:
    """What a copy holds: another id, another moment, another name where names are unique, else the same."""
    name = f"o.{column.name}"
    if column.name == "id" or column.foreign_keys:
        return f"{name} + {offset} + k * {_STRIDE}"
    if isinstance(column.type, UtcDateTime):
        return f"{name} - k * CAST(:back AS interval)"
    if table.name == "tickets" and column.name == "number":
        moment = "to_char(o.submitted_at - k * CAST(:back AS interval), 'YYMMDD')"
        return f"'TS' || {moment} || '-' || lpad((o.id + k * {_STRIDE})::text, 9, '0')"
    if f"{table.name}.{column.name}" == "ticket_keys.key":
        return f"md5({name} || k)"
    return f"{name} || '-' || ({offset} + k)" if f"{table.name}.{column.name}" in _NAMES else name


def _drop_indexes(connection: Connection) -> list[str]:
    """All that belong to no constraint; gives the statements that make them again."""
    found = connection.execute(
        text(
            "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.schemaname = 'public' AND NOT EXISTS"
            " (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname) ORDER BY 1"
        )
    ).all()
    for row in found:
        connection.execute(text(f"DROP INDEX {row.indexname}"))
    return [row.indexdef for row in found]


def _set_sequences(connection: Connection) -> None:
    for table in _tables():
        if "id" in table.columns:
            connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'),"
                    f" (SELECT coalesce(max(id), 1) FROM {table.name}))"
                )
            )
