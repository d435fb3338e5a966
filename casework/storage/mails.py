"""Mails to staff in the database: what waits, who sends it, what became of it. One object for one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from casework.storage.tables_mails import mails

_other = mails.alias("other")


@dataclass(frozen=True)
class Mail:
    """One thing a member of staff is told. ``facts``: what of it is not in the ticket."""

    id: int
    key: str
    login: str
    kind: str
    ticket_id: int | None
    facts: Mapping[str, Any]
    urgent: bool
    state: str
    tries: int
    due_at: datetime
    error: str


class MailRepository:
    """Rows in, values out; the rules live in ``casework.notices``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def plan(self, *, key: str, **values: Any) -> None:
        """A mail that waits; one with this ``key`` that is there already stays as it is."""
        dialect = sqlite if self._connection.dialect.name == "sqlite" else postgresql
        self._connection.execute(
            dialect.insert(mails).values(key=key, **values).on_conflict_do_nothing(index_elements=["key"])
        )

    def claim(
        self, *, now: datetime, sent_before: datetime, token: str, until: datetime, limit: int
    ) -> list[Mail]:
        """Everything that waits for one member of staff, in order, leased to the holder of ``token``: of whom has had
        no mail since ``sent_before``, or where something is urgent. Empty when there is nothing to send."""
        earlier = (
            select(_other.c.id)
            .where(
                _other.c.login == mails.c.login,
                _other.c.state == "waiting",
                _other.c.due_at <= now,
                _other.c.id < mails.c.id,
                or_(_other.c.urgent, ~mails.c.urgent),
            )
            .exists()
        )
        had_one = (
            select(_other.c.id)
            .where(
                _other.c.login == mails.c.login, _other.c.state == "sent", _other.c.settled_at > sent_before
            )
            .exists()
        )
        login = self._connection.execute(
            select(mails.c.login)
            .where(
                mails.c.state == "waiting",
                mails.c.due_at <= now,
                ~earlier,
                or_(mails.c.urgent, ~had_one),
            )
            .order_by(mails.c.urgent.desc(), mails.c.due_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).scalar()
        if login is None:
            return []
        rows = self._connection.execute(
            select(mails)
            .where(mails.c.login == login, mails.c.state == "waiting", mails.c.due_at <= now)
            .order_by(mails.c.id)
            .limit(limit)
        ).mappings()
        found = [_mail(row) for row in rows]
        self._connection.execute(
            update(mails)
            .where(mails.c.id.in_([mail.id for mail in found]))
            .values(lease_token=token, due_at=until, tries=mails.c.tries + 1)
        )
        return found

    def settle(self, found: Sequence[Mail], *, token: str, **values: Any) -> int:
        """Write what became of leased mails. Gives of how many; of those that another one took meanwhile nothing."""
        result = self._connection.execute(
            update(mails)
            .where(mails.c.id.in_([mail.id for mail in found]), mails.c.lease_token == token)
            .values(**values)
        )
        return int(result.rowcount)

    def newest(self, *, limit: int) -> list[Mail]:
        rows = self._connection.execute(select(mails).order_by(mails.c.id.desc()).limit(limit)).mappings()
        return [_mail(row) for row in rows]


def _mail(row: Mapping[str, Any]) -> Mail:
    return Mail(
        id=int(row["id"]),
        key=row["key"],
        login=row["login"],
        kind=row["kind"],
        ticket_id=row["ticket_id"],
        facts=row["facts"] or {},
        urgent=bool(row["urgent"]),
        state=row["state"],
        tries=int(row["tries"]),
        due_at=row["due_at"],
        error=row["error"] or "",
    )
