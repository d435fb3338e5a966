"""The database itself: versions, classes of fields, what happens when it is gone."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import JSON, LargeBinary, String, Text

from casework.conversations import inbox, turns
from casework.conversations.inbox import TurnRules
from casework.conversations.model import InboundMessage
from casework.storage.database import Database, DatabaseUnavailable
from casework.storage.fields import FieldKeyError
from casework.storage.tables import PERSONAL, metadata
from casework.storage.work import Store
from tests.conftest import NOW

#: Columns that hold text or JSON and nothing of a person: codes, names of ours, ids of providers.
SAFE = {
    "conversations.channel", "conversations.owner", "conversations.owner_name", "conversations.language",
    "conversations.script", "conversations.lease_token", "messages.direction", "messages.author",
    "messages.author_name", "messages.event", "messages.payload", "messages.profile", "messages.state",
    "messages.group_key", "messages.lease_token", "messages.provider_ids", "messages.error", "media.kind",
    "media.state", "media.reason", "media.sha", "media.thumb_sha", "media.mime", "dead_files.sha",
    "button_tokens.token", "button_tokens.payload", "trackers.conversation_key", "tickets.number", "tickets.state",
    "tickets.pack", "tickets.category", "tickets.department", "tickets.nature", "tickets.language",
    "tickets.priority", "tickets.handler", "clocks.kind", "events.actor", "events.actor_name", "events.action",
    "events.from_state", "events.to_state", "events.spread_error",
    "alarms.kind", "alarms.told", "tasks.kind", "tasks.state", "tasks.department", "tasks.assignee",
    "tasks.created_by", "tasks.ended_by", "tries.number", "engines.name", "engines.state", "engines.model",
    "staff.login", "staff.name", "staff.skills", "staff.languages", "staff.language", "staff.hours",
    "staff_roles.department", "staff_roles.role", "departments.code", "departments.name_zh", "departments.name_en",
    "departments.parent", "departments.hours", "departments.rota", "absences.stand_in", "routes.prefix",
    "routes.area", "routes.department", "routes.handler", "routes.co", "area_words.word", "area_words.area",
    "notices.key", "notices.kind", "notices.state", "notices.reason", "mails.key", "mails.login", "mails.kind",
    "mails.facts", "mails.state", "mails.lease_token", "mails.error",
    "credentials.password_hash", "sessions.token_hash", "audits.login", "audits.action", "audits.kind", "audits.ref",
    "audits.field", "sign_ons.state_hash", "sign_ons.nonce",
    "api_tokens.name", "api_tokens.hash", "api_tokens.role", "api_tokens.department", "api_tokens.scopes",
    "api_answers.key", "api_answers.fingerprint", "api_answers.headers", "api_answers.body", "webhooks.types",
    "webhook_deliveries.type", "webhook_deliveries.body", "webhook_deliveries.state", "webhook_deliveries.error",
    "edits.document", "edits.key", "edits.value", "edits.before", "edits.by",
}  # fmt: skip
#: Found again by who has the data key, and read by nobody; kinds and reasons beside them are words of ours.
KEYED = {
    "ticket_keys.key", "ticket_keys.kind", "ticket_links.kind", "ticket_links.reasons", "clusters.key",
    "clusters.kind", "ticket_links.verdict", "ticket_links.judged_by", "ticket_tags.tag",
}  # fmt: skip
#: Needed in the clear to answer at all, and to know a repeated delivery.
ADDRESSES = {"conversations.address", "messages.provider_key"}


def test_every_column_that_can_hold_words_is_classed() -> None:
    for table in metadata.tables.values():
        for column in table.columns:
            name = f"{table.name}.{column.name}"
            kind = getattr(column.type, "impl", column.type)
            if name in PERSONAL:
                assert isinstance(kind, LargeBinary), f"{name} is personal and not encrypted"
            elif isinstance(kind, String | Text | JSON | LargeBinary):
                assert name in SAFE | KEYED | ADDRESSES, f"{name} is classed neither personal nor safe"


def test_the_migrations_make_the_tables_of_the_code(store: Store) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with store.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []
    found, wanted = store.database.version()
    assert found == wanted


def test_migrating_again_and_at_once_changes_nothing(database_url: str, data_key: str) -> None:
    databases = [Database(database_url, keys=(data_key,)) for _ in range(3)]
    problems: list[Exception] = []

    def migrate(database: Database) -> None:
        try:
            database.migrate()
        except Exception as error:  # reported by the assertion below
            problems.append(error)

    threads = [threading.Thread(target=migrate, args=(database,)) for database in databases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    for database in databases:
        database.dispose()


def test_a_commit_outlives_a_power_cut(store: Store) -> None:
    """Both databases say how they commit; pulling the plug is beyond a test."""
    asked = "PRAGMA synchronous" if store.database.is_sqlite else "SHOW synchronous_commit"
    with store.database.reading() as connection:
        assert connection.exec_driver_sql(asked).scalar_one() in (2, "on")


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_a_frozen_process_has_locked_is_free_again(
    store: Store, database_url: str, data_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casework.storage.database.IDLE_S", 1)
    frozen = Store(Database(database_url, keys=(data_key,)))
    with store.writing() as work:
        chat = work.conversations.open("web", "ann", now=NOW, profile={}).id
    locked = False
    with pytest.raises(DatabaseUnavailable), frozen.writing() as held:  # noqa: PT012 (its last line raises)
        held.conversations.get(chat, lock=True)
        with store.database.transaction() as connection:
            connection.exec_driver_sql("SET LOCAL lock_timeout = '60s'")
            connection.exec_driver_sql("SELECT id FROM conversations FOR UPDATE")
            locked = True
        held.messages.waiting_count()
    assert locked
    frozen.database.dispose()


def test_a_database_that_is_gone_is_named_so(data_key: str, tmp_path: Path) -> None:
    for url in (
        "postgresql+psycopg2://x:y@127.0.0.1:1/none",
        f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}",
    ):
        with pytest.raises(DatabaseUnavailable) as gone, Database(url, keys=(data_key,)).reading():
            pass
        assert "y@" not in str(gone.value)


def test_another_key_is_refused(tmp_path: Path, data_key: str) -> None:
    from cryptography.fernet import Fernet

    url = f"sqlite:///{tmp_path / 'a.db'}"
    store = Store(Database(url, keys=(data_key,)))
    store.database.migrate()
    with store.writing() as work:
        inbox.receive(work, InboundMessage("web", "1", "ann", text="秘密"), now=NOW, rules=TurnRules())
    other = Store(Database(url, keys=(Fernet.generate_key().decode(),)))
    with pytest.raises(FieldKeyError), other.reading() as work:
        work.conversations.find("web", "ann")
    Database(url, keys=(data_key,))


def test_many_writers_at_once_lose_nothing(store: Store) -> None:
    """Eight threads deliver for three people at once; every delivery comes twice."""

    def deliver(worker: int) -> None:
        for number in range(10):
            for _ in range(2):
                message = InboundMessage(
                    "web", f"{worker}-{number}", f"person-{number % 3}", text=f"{worker} {number}"
                )
                with store.writing() as work:
                    inbox.receive(work, message, now=NOW, rules=TurnRules(max_waiting=1000))

    threads = [threading.Thread(target=deliver, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seen = []
    with store.writing() as work:
        while (claim := turns.claim_next(work, now=NOW + timedelta(seconds=9))) is not None:
            seqs = [m.seq for m in claim.messages]
            assert seqs == list(range(1, len(seqs) + 1))
            seen += [m.text for m in claim.messages]
            turns.confirm(work, claim)
            turns.finish(work, claim, [], understanding={}, now=NOW)
    assert sorted(seen) == sorted(f"{worker} {number}" for worker in range(8) for number in range(10))
