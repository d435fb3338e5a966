"""What coming in at the desk is made of. Values; the rules are in the other modules of this room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Credentials:
    """``failures``: in a row. ``code_secret``: of one-time codes, empty when not in use; ``code_step``: the last
    code that counted."""

    login: str
    password_hash: str
    must_change: bool = False
    code_secret: str = ""
    code_step: int = 0
    failures: int = 0
    locked_until: datetime | None = None


@dataclass(frozen=True)
class Session:
    """``device``: browser and system, as it says of itself. ``must_change``: nothing is open before a new password."""

    id: int
    login: str
    created_at: datetime
    seen_at: datetime
    ends_at: datetime
    device: str = ""
    must_change: bool = False


@dataclass(frozen=True)
class SignOn:
    """One that was begun at the provider. ``state``: names it; ``nonce``: the token must bear it; ``verifier``: proves
    that whoever brings the code began it. ``next_page``: of the desk, where they wanted to go."""

    state: str
    nonce: str
    verifier: str
    next_page: str = ""


@dataclass(frozen=True)
class Audit:
    """One line of the audit log: ``login`` did ``action`` to ``kind`` ``ref``, in its ``field``. ``reason``: why, in
    their words."""

    at: datetime
    login: str
    action: str
    kind: str = ""
    ref: str = ""
    field: str = ""
    reason: str = ""
    id: int = 0
