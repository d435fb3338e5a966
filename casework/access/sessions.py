"""Coming in and going out at the desk.

A password is checked outside of any transaction (it takes 50 ms on purpose); what came of it is written here. After
five failures in a row a login waits, each further failure twice as long.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from casework.access.model import Audit, Credentials, Session
from casework.access.passwords import code_step
from casework.staff.model import Member
from casework.storage.work import Work

#: A session ends after this, used or not. Source: a working day.
LONGEST = timedelta(hours=12)
#: And after this without a sign of life. Source: OWASP session management, idle time-out; a desk is open all day.
IDLE = timedelta(hours=2)
#: How often a session in use is written as seen.
_TOUCH = timedelta(minutes=1)
#: Failures in a row before a login waits, the first wait, the longest. Source: product default.
_PATIENCE = 5
_FIRST_WAIT = timedelta(minutes=1)
_LONGEST_WAIT = timedelta(minutes=15)


class Problem(str, Enum):
    """Why somebody was not let in."""

    WRONG = "wrong"  #: login, password or code; which, nobody is told
    LOCKED = "locked"
    CODE = "code"  #: the password fits, a one-time code is asked for


@dataclass(frozen=True)
class Attempt:
    """``problem``: none when they are in. ``until``: when a locked login may try again."""

    problem: Problem | None
    until: datetime | None = None


def sign_in(
    work: Work,
    login: str,
    *,
    fits: str,
    code: str,
    token: str,
    device: str,
    now: datetime,
) -> Attempt:
    """Write what came of checking a password. ``fits``: the hash that it was found to fit, or empty. ``token``: fresh
    and secret; who has it is in."""
    kept = work.access.credentials(login, lock=True)  # of tries at once each counts
    if kept is None:
        return Attempt(Problem.WRONG)
    if kept.locked_until is not None and now < kept.locked_until:
        return Attempt(Problem.LOCKED, kept.locked_until)
    if fits != kept.password_hash:
        return _failed(work, kept, now=now)
    if kept.code_secret:
        if not code.strip():
            return Attempt(Problem.CODE)
        step = code_step(kept.code_secret, code, now=now)
        if step is None or not work.access.count_code(login, step):
            return _failed(work, kept, now=now)
    work.access.forget_failures(login)
    open_session(work, login, token=token, device=device, now=now)
    work.access.log(Audit(now, login, "sign_in"))
    return Attempt(None)


def open_session(
    work: Work, login: str, *, token: str, device: str, now: datetime, by_provider: bool = False
) -> None:
    """Let ``login`` in. ``by_provider``: on the word of an OpenID provider; a password that must change then does not
    matter."""
    work.access.sweep_sessions(now=now)
    work.access.add_session(
        login,
        hashed_token(token),
        device=device[:200],
        now=now,
        ends_at=now + LONGEST,
        by_provider=by_provider,
    )


def _failed(work: Work, kept: Credentials, *, now: datetime) -> Attempt:
    failures = kept.failures + 1
    until = None
    if failures >= _PATIENCE:
        until = now + min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (failures - _PATIENCE))
        work.access.log(Audit(now, kept.login, "locked"))
    work.access.count_failure(kept.login, locked_until=until)
    return Attempt(Problem.WRONG if until is None else Problem.LOCKED, until)


def session_of(work: Work, token: str, *, now: datetime) -> tuple[Session, Member] | None:
    """Whose session ``token`` is; none where it is over, unknown, or its member no longer works here."""
    session = work.access.session(hashed_token(token)) if token else None
    if session is None or now >= min(session.ends_at, session.seen_at + IDLE):
        return None
    member = work.staff.member(session.login)
    return (session, member) if member is not None and member.active else None


def is_stale(session: Session, *, now: datetime) -> bool:
    """Whether it is time to write that the session is in use."""
    return now - session.seen_at >= _TOUCH


def sign_out(work: Work, session: Session, *, now: datetime) -> None:
    """End one session."""
    work.access.end_session(session.id, login=session.login)
    work.access.log(Audit(now, session.login, "sign_out"))


def revoke(work: Work, login: str, *, by: str, but: int = 0, now: datetime) -> int:
    """End all sessions of ``login``, or all ``but`` one. Gives how many."""
    ended = work.access.end_sessions(login, but=but)
    if ended:
        work.access.log(Audit(now, by, "revoke", "staff", login))
    return ended


def set_password(
    work: Work, login: str, password_hash: str, *, by: str, must_change: bool, now: datetime
) -> None:
    """A new password ends all sessions of its member."""
    work.access.set_password(login, password_hash, must_change=must_change, now=now)
    work.access.end_sessions(login)
    work.access.log(Audit(now, by, "password", "staff", login))


def set_code_secret(work: Work, login: str, secret: str, *, by: str, now: datetime) -> None:
    """Ask for one-time codes from now on, or, with an empty ``secret``, no more."""
    work.access.set_code_secret(login, secret)
    work.access.log(Audit(now, by, "codes_on" if secret else "codes_off", "staff", login))


def hashed_token(token: str) -> str:
    """Tokens are long and random: a plain hash is enough, and who reads the table is not in."""
    return hashlib.sha256(token.encode()).hexdigest()
