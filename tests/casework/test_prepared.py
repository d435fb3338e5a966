"""Statements that run on the driver's own cursor, beside the same statements run by SQLAlchemy."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from casework.conversations import inbox, turns
from casework.conversations.inbox import TurnRules
from casework.conversations.model import InboundMessage, Media, Owner, Reply
from casework.storage import statements
from casework.storage.prepared import Prepared
from casework.storage.tables import media, messages
from casework.storage.work import Store
from tests.conftest import NOW

LATER = NOW + timedelta(seconds=5)


@pytest.fixture
def talk(store: Store) -> int:
    """A conversation with a question, a picture, an answer, and a further message that waits."""

    def said(number: int, text: str) -> InboundMessage:
        picture = Media(kind="photo", ref=f"f{number}", name="街")
        return InboundMessage("web", f"m{number}", "ann", text=text, media=(picture,), profile={"name": "安"})

    with store.writing() as work:
        heard = inbox.receive(work, said(1, "路灯坏了"), now=NOW, rules=TurnRules())
    with store.writing() as work:
        claim = turns.claim_next(work, now=LATER)
        assert claim is not None
    with store.writing() as work:
        turns.confirm(work, claim)
        understood = {"intent": {"name": "lodge_complaint", "confidence": 0.5}}
        turns.finish(work, claim, [Reply("在哪里？")], understanding=understood, now=LATER)
    with store.writing() as work:
        inbox.receive(work, said(2, "幸福路"), now=LATER, rules=TurnRules())
    return heard.conversation_id


def test_rows_are_what_sqlalchemy_gives(store: Store, talk: int) -> None:
    asked: list[tuple[Prepared, dict[str, Any]]] = [
        (statements.CONVERSATION, {"the_id": talk}),
        (statements.CONVERSATION_AT_LOCKED, {"the_channel": "web", "the_address": "ann"}),
        (statements.WAITING, {"the_id": talk}),
        (statements.MESSAGES, {"the_ids": [1, 2, 3]}),
        (statements.MESSAGES, {"the_ids": [2]}),
        (statements.MESSAGES, {"the_ids": []}),
        (statements.MEDIA_OF, {"the_ids": [1, 3]}),
        (statements.NEXT_READY_AT, {}),
        (statements.NTH_LAST_INBOUND, {"the_id": talk, "the_events": ["message"], "the_offset": 1}),
        (
            statements.TO_SEND,
            {"the_now": LATER, "the_channels": ["telegram", "web"], "the_limit": 5},
        ),
        (statements.OUTBOUND, {"the_ids": [2]}),
        (statements.LAST_WORD, {"the_id": talk}),
        (statements.LATELY, {"the_id": talk, "the_seq": 3, "the_limit": 2}),
    ]
    with store.database.transaction() as connection:
        for statement, values in asked:
            stock = connection.execute(statement._statement, values).mappings().all()
            for _ in range(2):
                assert [dict(row) for row in statement.rows(connection, **values)] == [
                    dict(row) for row in stock
                ]
        assert len(statements.MESSAGES.rows(connection, the_ids=[1, 2, 3])) == 3


def test_a_written_row_is_read_as_it_was_given(store: Store, talk: int) -> None:
    with store.database.transaction() as connection:
        values = {"understanding": {"a": [1, None]}, "settled_at": LATER, "provider_ids": ["x", "y"]}
        assert statements.CHANGE_MESSAGE.write(connection, the_id=1, **values) == 1
        assert statements.CHANGE_MESSAGE.write(connection, the_id=99, **values) == 0
    with store.database.reading() as connection:
        row = connection.execute(select(messages).where(messages.c.id == 1)).mappings().one()
        assert {key: row[key] for key in values} == values
        cipher = connection.exec_driver_sql("SELECT understanding FROM messages WHERE id = 1").scalar_one()
        assert bytes(cipher).startswith(b"gAAAA")


def test_the_key_of_a_new_row_is_given_back(store: Store, talk: int) -> None:
    with store.database.transaction() as connection:
        row = {"conversation_id": talk, "direction": "out", "author": "bot", "state": "queued"}
        keys = [statements.ADD_MESSAGE.add(connection, seq=seq, created_at=NOW, **row) for seq in (50, 51)]
        found = connection.execute(select(messages.c.id).where(messages.c.seq >= 50).order_by(messages.c.id))
        assert keys == list(found.scalars())


def test_errors_have_sqlalchemys_names_and_no_values(store: Store, talk: int) -> None:
    secret = "a sentence that nobody may log"
    with pytest.raises(IntegrityError) as raised, store.database.transaction() as connection:
        statements.ADD_MESSAGE.add(
            connection,
            conversation_id=talk,
            seq=1,
            direction="in",
            author="bot",
            state=secret[:8],
            created_at=NOW,
        )
    assert secret[:8] not in str(raised.value)


def test_an_error_undoes_the_transaction(store: Store, talk: int) -> None:
    def change_twice() -> None:
        with store.writing() as work:
            work.conversations.change(talk, language="en")
            work.conversations.change(talk, complainant_id=None)

    with pytest.raises(IntegrityError):
        change_twice()
    with store.reading() as work:
        assert work.conversations.get(talk).language == ""


def test_a_table_that_is_gone_is_an_error_of_the_database(store: Store, talk: int) -> None:
    lost = Prepared(select(media.c.id).where(media.c.id == bindparam("the_id")))
    with store.database.transaction() as connection:
        connection.exec_driver_sql("ALTER TABLE media RENAME TO elsewhere")
        with pytest.raises(OperationalError if store.database.is_sqlite else ProgrammingError):
            lost.rows(connection, the_id=1)


def test_a_row_is_read_once_and_kept_as_it_is_written(store: Store, talk: int) -> None:
    with store.writing() as work:
        before = work.conversations.get(talk, lock=True)
        work.conversations.change(talk, language="en", ready_at=LATER)
        assert work.conversations.next_seq(before) == before.seq + 1
        kept = work.conversations.get(talk)
        work.conversations.forget()
        assert kept == work.conversations.get(talk)
        assert (kept.language, kept.seq, kept.ready_at) == ("en", before.seq + 1, LATER)


def test_a_row_that_was_only_looked_at_is_read_again_to_be_locked(store: Store, talk: int) -> None:
    if store.database.is_sqlite:
        pytest.skip("SQLite has one writer at a time")
    with store.writing() as work:
        looked_at = work.conversations.get(talk)
        with store.writing() as other:
            other.conversations.change(talk, owner=Owner.STAFF.value, epoch=7)
        assert work.conversations.get(talk) == looked_at
        assert work.conversations.get(talk, lock=True).epoch == 7


def test_a_draft_is_kept_as_it_is_saved(store: Store, talk: int) -> None:
    from casework.tickets.model import DetailValue, Intake

    with store.writing() as work:
        conversation = work.conversations.get(talk)
        assert work.tickets.draft(talk) is None
        draft = work.tickets.add_draft(
            conversation_id=talk,
            complainant_id=conversation.complainant_id,
            language="zh",
            intake=Intake(),
            now=NOW,
        )
        assert work.tickets.draft(talk) == draft
        told = Intake(
            description=("路灯坏了",),
            details={"where": DetailValue("幸福路", "幸福路", "幸福路", source="路灯在幸福路")},
            pool=(("place", "幸福路", "幸福路", "路灯在幸福路", "1"),),
            ranking=(("GOV-ENV-01", 0.5),),
        )
        work.tickets.save_draft(draft.id, told, language="en", now=LATER)
        kept = work.tickets.draft(talk)
        work.tickets.forget()
        assert kept == work.tickets.draft(talk)
        assert kept is not None
        assert (kept.intake, kept.changed_at) == (told, LATER)
        work.tickets.drop_draft(draft.id)
        assert work.tickets.draft(talk) is None
