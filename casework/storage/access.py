"""Credentials, sessions and the audit log in the database. One object for one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, insert, select, update
from sqlalchemy.engine import Connection

from casework.access.model import Audit, Credentials, Session, SignOn
from casework.storage.tables_access import audits, credentials, sessions, sign_ons
from casework.storage.tables_staff import staff


class AccessRepository:
    """Rows in, values out; rules live in ``casework.access``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # -- credentials --------------------------------------------------------------------------------

    def credentials(self, login: str, *, lock: bool = False) -> Credentials | None:
        """Of an active member who has a password. ``lock``: nobody else changes them before this transaction ends."""
        query = (
            select(credentials)
            .join(staff, staff.c.id == credentials.c.staff_id)
            .where(staff.c.login == login, staff.c.active.is_(True))
        )
        row = self._connection.execute(query.with_for_update(of=credentials) if lock else query).first()
        if row is None:
            return None
        return Credentials(
            login=login,
            password_hash=row.password_hash,
            must_change=row.must_change,
            code_secret=row.code_secret or "",
            code_step=row.code_step or 0,
            failures=row.failures,
            locked_until=row.locked_until,
        )

    def any_credentials(self) -> bool:
        return self._connection.execute(select(credentials.c.staff_id).limit(1)).first() is not None

    def set_password(self, login: str, password_hash: str, *, must_change: bool, now: datetime) -> None:
        """A new password also ends a lock."""
        values = {
            "password_hash": password_hash,
            "must_change": must_change,
            "failures": 0,
            "locked_until": None,
            "changed_at": now,
        }
        if not self._change(login, **values):
            staff_id = select(staff.c.id).where(staff.c.login == login).scalar_subquery()
            self._connection.execute(insert(credentials).values(staff_id=staff_id, **values))

    def set_code_secret(self, login: str, secret: str) -> None:
        """Empty: one-time codes are not asked for any more."""
        self._change(login, code_secret=secret or None, code_step=None)

    def count_code(self, login: str, step: int) -> bool:
        """``False``: this code, or a later one, has counted before."""
        fresh = (credentials.c.code_step.is_(None)) | (credentials.c.code_step < step)
        return self._change(login, fresh, code_step=step)

    def count_failure(self, login: str, *, locked_until: datetime | None) -> None:
        self._change(login, failures=credentials.c.failures + 1, locked_until=locked_until)

    def forget_failures(self, login: str) -> None:
        self._change(login, failures=0, locked_until=None)

    def _change(self, login: str, *conditions: Any, **values: Any) -> bool:
        staff_id = select(staff.c.id).where(staff.c.login == login).scalar_subquery()
        found = self._connection.execute(
            update(credentials).where(credentials.c.staff_id == staff_id, *conditions).values(**values)
        )
        return bool(found.rowcount)

    # -- sessions -----------------------------------------------------------------------------------

    def add_session(
        self,
        login: str,
        token_hash: str,
        *,
        device: str,
        now: datetime,
        ends_at: datetime,
        by_provider: bool,
    ) -> None:
        staff_id = select(staff.c.id).where(staff.c.login == login).scalar_subquery()
        self._connection.execute(
            insert(sessions).values(
                token_hash=token_hash,
                staff_id=staff_id,
                created_at=now,
                seen_at=now,
                ends_at=ends_at,
                device=device,
                by_provider=by_provider,
            )
        )

    def session(self, token_hash: str) -> Session | None:
        return next(iter(self._sessions(sessions.c.token_hash == token_hash)), None)

    def sessions(self, login: str, *, limit: int = 50) -> list[Session]:
        """The latest used first."""
        return self._sessions(staff.c.login == login, limit=limit)

    def _sessions(self, condition: Any, *, limit: int = 1) -> list[Session]:
        rows = self._connection.execute(
            select(sessions, staff.c.login, credentials.c.must_change)
            .join(staff, staff.c.id == sessions.c.staff_id)
            .outerjoin(credentials, credentials.c.staff_id == sessions.c.staff_id)
            .where(condition)
            .order_by(sessions.c.seen_at.desc())
            .limit(limit)
        )
        return [
            Session(
                row.id,
                row.login,
                row.created_at,
                row.seen_at,
                row.ends_at,
                row.device or "",
                bool(row.must_change) and not row.by_provider,
            )
            for row in rows
        ]

    def session_seen(self, session_id: int, *, now: datetime) -> None:
        self._connection.execute(update(sessions).where(sessions.c.id == session_id).values(seen_at=now))

    def end_session(self, session_id: int, *, login: str) -> bool:
        """``False``: ``login`` has no such session."""
        mine = select(staff.c.id).where(staff.c.login == login).scalar_subquery()
        found = self._connection.execute(
            delete(sessions).where(and_(sessions.c.id == session_id, sessions.c.staff_id == mine))
        )
        return bool(found.rowcount)

    def end_sessions(self, login: str, *, but: int = 0) -> int:
        """All of ``login``, or all ``but`` one. Gives how many."""
        mine = select(staff.c.id).where(staff.c.login == login).scalar_subquery()
        found = self._connection.execute(
            delete(sessions).where(sessions.c.staff_id == mine, sessions.c.id != but)
        )
        return int(found.rowcount)

    def sweep_sessions(self, *, now: datetime) -> int:
        """Forget those that are over. Gives how many."""
        return int(self._connection.execute(delete(sessions).where(sessions.c.ends_at <= now)).rowcount)

    # -- sign-ons that were begun at the provider -------------------------------------------------------

    def add_sign_on(self, state_hash: str, sign_on: SignOn, *, ends_at: datetime) -> None:
        self._connection.execute(
            insert(sign_ons).values(
                state_hash=state_hash,
                nonce=sign_on.nonce,
                verifier=sign_on.verifier,
                next_page=sign_on.next_page,
                ends_at=ends_at,
            )
        )

    def take_sign_on(self, state_hash: str, state: str, *, now: datetime) -> SignOn | None:
        """The one that was begun with ``state``; it is gone then, and of two who ask one gets it."""
        here = sign_ons.c.state_hash == state_hash
        row = self._connection.execute(select(sign_ons).where(here)).first()
        gone = self._connection.execute(delete(sign_ons).where(here))
        if row is None or not gone.rowcount or now >= row.ends_at:
            return None
        return SignOn(state, row.nonce, row.verifier, row.next_page)

    def sweep_sign_ons(self, *, now: datetime) -> None:
        self._connection.execute(delete(sign_ons).where(sign_ons.c.ends_at <= now))

    def last_sign_ins(self, logins: Sequence[str]) -> dict[str, datetime]:
        """When each came in last; those who never did are left out."""
        last = (
            select(audits.c.at)
            .where(audits.c.login == staff.c.login, audits.c.action == "sign_in")
            .order_by(audits.c.id.desc())
            .limit(1)
            .scalar_subquery()
        )
        rows = self._connection.execute(
            select(staff.c.login, last.label("at")).where(staff.c.login.in_(list(logins))).limit(len(logins))
        )
        return {row.login: row.at for row in rows if row.at is not None}

    # -- the audit log ------------------------------------------------------------------------------

    def log(self, audit: Audit) -> None:
        self._connection.execute(
            insert(audits).values(
                at=audit.at,
                login=audit.login,
                action=audit.action,
                kind=audit.kind,
                ref=audit.ref,
                field=audit.field,
                reason=audit.reason or None,
            )
        )

    def audits(
        self,
        *,
        login: str = "",
        action: str = "",
        kind: str = "",
        ref: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        before: int = 0,
        limit: int = 50,
    ) -> list[Audit]:
        """The latest first. ``since`` to before ``until``; ``before``: the id a list goes on from."""
        conditions = [
            column == wanted
            for column, wanted in (
                (audits.c.login, login),
                (audits.c.action, action),
                (audits.c.kind, kind),
                (audits.c.ref, ref),
            )
            if wanted
        ]
        if since is not None:
            conditions.append(audits.c.at >= since)
        if until is not None:
            conditions.append(audits.c.at < until)
        if before:
            conditions.append(audits.c.id < before)
        rows = self._connection.execute(
            select(audits).where(*conditions).order_by(audits.c.id.desc()).limit(limit)
        )
        return [
            Audit(row.at, row.login, row.action, row.kind, row.ref, row.field, row.reason or "", row.id)
            for row in rows
        ]
