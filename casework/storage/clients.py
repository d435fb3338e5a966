"""API tokens and answers to requests with a key, in the database. One object for one transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from casework.clients.model import Answer, Client, Scope
from casework.storage.tables_clients import api_answers, api_tokens
from casework.tickets.states import Role


class ClientRepository:
    """Rows in, values out; the rules live in ``casework.clients``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- tokens -------------------------------------------------------------------------------------

    def add(
        self,
        *,
        name: str,
        token_hash: str,
        role: Role,
        department: str,
        scopes: Collection[Scope],
        now: datetime,
    ) -> Client:
        self._connection.execute(
            insert(api_tokens).values(
                name=name,
                hash=token_hash,
                role=role.value,
                department=department or None,
                scopes=sorted(scope.value for scope in scopes),
                created_at=now,
            )
        )
        found = self.by_hash(token_hash)
        assert found is not None
        return found

    def by_hash(self, token_hash: str) -> Client | None:
        query = select(api_tokens).where(api_tokens.c.hash == token_hash)
        row = self._connection.execute(query).mappings().first()
        return _client(row) if row else None

    def all(self) -> list[Client]:
        """All that were ever made, oldest first."""
        rows = self._connection.execute(select(api_tokens).order_by(api_tokens.c.id)).mappings()
        return [_client(row) for row in rows]

    def revoke(self, name: str, *, now: datetime) -> bool:
        result = self._connection.execute(
            update(api_tokens)
            .where(api_tokens.c.name == name, api_tokens.c.revoked_at.is_(None))
            .values(revoked_at=now)
        )
        return bool(result.rowcount)

    def used(self, token_id: int, *, now: datetime) -> None:
        self._connection.execute(update(api_tokens).where(api_tokens.c.id == token_id).values(used_at=now))

    # -- answers ------------------------------------------------------------------------------------

    def reserve(
        self, token_id: int, key: str, *, fingerprint: str, now: datetime, kept_since: datetime
    ) -> bool:
        """Take a key for this transaction. ``False``: it has an answer. Waits for another one's transaction."""
        own = (api_answers.c.token_id == token_id, api_answers.c.key == key)
        self._connection.execute(delete(api_answers).where(*own, api_answers.c.created_at < kept_since))
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        result = self._connection.execute(
            dialect.insert(api_answers)
            .values(token_id=token_id, key=key, fingerprint=fingerprint, created_at=now)
            .on_conflict_do_nothing(index_elements=["token_id", "key"])
        )
        return bool(result.rowcount)

    def answer(self, token_id: int, key: str) -> tuple[str, Answer]:
        """``(fingerprint, answer)`` of a key that has one."""
        row = self._connection.execute(
            select(api_answers).where(api_answers.c.token_id == token_id, api_answers.c.key == key)
        ).one()
        return row.fingerprint, Answer(int(row.status), row.body, tuple(map(tuple, row.headers)))

    def settle(self, token_id: int, key: str, answer: Answer) -> None:
        self._connection.execute(
            update(api_answers)
            .where(api_answers.c.token_id == token_id, api_answers.c.key == key)
            .values(status=answer.status, body=answer.body, headers=[list(pair) for pair in answer.headers])
        )

    def forget(self, *, before: datetime) -> None:
        self._connection.execute(delete(api_answers).where(api_answers.c.created_at < before))


def _client(row: Mapping[str, Any]) -> Client:
    return Client(
        id=int(row["id"]),
        name=row["name"],
        role=Role(row["role"]),
        department=row["department"] or "",
        scopes=frozenset(Scope(scope) for scope in row["scopes"]),
        created_at=row["created_at"],
        used_at=row["used_at"],
        revoked_at=row["revoked_at"],
    )
