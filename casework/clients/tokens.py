"""Who may use the HTTP API: tokens and what each may do; and giving the same request the same answer.

A token acts as one named member of staff with one role; what that role may do is decided by the core, as for
everybody else. Scopes only narrow it.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from casework.clients.model import Answer, Client, Scope
from casework.storage.work import Work
from casework.tickets.states import Role

#: How a token begins, so that people and secret scanners know one.
PREFIX = "tingsu_"
#: How long the answer to an ``Idempotency-Key`` is kept. Source: product default.
ANSWERS_KEPT = timedelta(hours=24)
#: How exactly the last use of a token is known; each note of it is a write.
_USE_NOTED = timedelta(hours=1)
_NAME = re.compile(r"[\w.@+-]{1,60}")


class Unsuitable(ValueError):
    """A token cannot be made like this; the message names the cure."""


class KeyReused(Exception):
    """An ``Idempotency-Key`` was used before, with another request."""


def new_secret() -> str:
    """256 bits: nothing to be guessed, so a plain hash of it is safe to keep."""
    return PREFIX + secrets.token_urlsafe(32)


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def add_token(
    work: Work,
    *,
    name: str,
    role: Role,
    scopes: Collection[Scope],
    now: datetime,
    department: str = "",
    new: Callable[[], str] = new_secret,
) -> tuple[Client, str]:
    """Make a token. Its secret is given here and kept nowhere. Raises: Unsuitable."""
    if not _NAME.fullmatch(name):
        raise Unsuitable(f"{name!r} is no name: letters, digits and . _ @ + -, 60 at most")
    if not scopes:
        raise Unsuitable("a token without a scope can do nothing; name at least: read")
    if any(client.name == name for client in work.clients.all() if client.revoked_at is None):
        raise Unsuitable(f"{name} has a token already; revoke it first (tingsu tokens revoke {name})")
    secret = new()
    client = work.clients.add(
        name=name, token_hash=hashed(secret), role=role, department=department, scopes=scopes, now=now
    )
    return client, secret


def revoke_token(work: Work, name: str, *, now: datetime) -> bool:
    """``False``: nobody of that name has one."""
    return work.clients.revoke(name, now=now)


def client_of(work: Work, secret: str) -> Client | None:
    """Whose token this is; ``None`` for one that is unknown or revoked."""
    client = work.clients.by_hash(hashed(secret))
    return client if client is not None and client.revoked_at is None else None


def is_use_worth_noting(client: Client, *, now: datetime) -> bool:
    return client.used_at is None or now - client.used_at >= _USE_NOTED


def earlier_answer(work: Work, client: Client, key: str, *, fingerprint: str, now: datetime) -> Answer | None:
    """The answer this very request was given before. ``None``: it is new and belongs to this transaction, which ends
    with ``remember`` or is taken back whole; who brings the same key meanwhile waits for that.

    Raises: KeyReused.
    """
    if work.clients.reserve(client.id, key, fingerprint=fingerprint, now=now, kept_since=now - ANSWERS_KEPT):
        return None
    held, answer = work.clients.answer(client.id, key)
    if held != fingerprint:
        raise KeyReused
    return answer


def remember(work: Work, client: Client, key: str, answer: Answer) -> None:
    work.clients.settle(client.id, key, answer)


def forget_answers(work: Work, *, now: datetime) -> None:
    """Delete answers that are kept no longer."""
    work.clients.forget(before=now - ANSWERS_KEPT)
