"""Passwords of staff: what one must be, its hash, one-time codes. Values in, values out; nothing is stored here."""

from __future__ import annotations

import unicodedata
from collections import Counter
from datetime import datetime
from functools import lru_cache
from itertools import pairwise

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

#: Source: NIST SP 800-63B, 5.1.1.2 asks for 8 at least; a desk shows other people's data.
SHORTEST = 10
LONGEST = 200
#: Seconds of one code, and how many codes before and after count. Source: RFC 6238, 5.2.
CODE_SECONDS = 30
_DRIFT = 1

_hasher = PasswordHasher()  # argon2id with the parameters of RFC 9106 for little memory


class WeakPassword(ValueError):
    """``reason``: ``short``, ``long``, ``login`` (it holds the login name) or ``monotone``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check(password: str, *, login: str) -> None:
    """Raises: WeakPassword."""
    if len(password) < SHORTEST:
        raise WeakPassword("short")
    if len(password) > LONGEST:
        raise WeakPassword("long")
    if login.lower() in password.lower():
        raise WeakPassword("login")
    steps = Counter(ord(b) - ord(a) for a, b in pairwise(password))
    if len(set(password.lower())) < 5 or max(steps.values()) > 0.7 * len(password):
        raise WeakPassword("monotone")


def hashed(password: str) -> str:
    """Takes about 50 ms and 64 MB on purpose: call it outside of transactions and of the event loop."""
    return _hasher.hash(_normal(password))


def fits(password: str, kept: str) -> bool:
    """Whether ``password`` is the one ``kept`` was made of. An empty ``kept`` (no such member, or none set) takes as
    long as a wrong one, so that nobody learns which logins exist."""
    try:
        return _hasher.verify(kept or _nobodys(), _normal(password)) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def _normal(password: str) -> str:
    """The same characters typed on another machine are the same password. Source: RFC 8265, 4.2."""
    return unicodedata.normalize("NFC", password)


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _hasher.hash("nobody has this password")


def code_step(secret: str, code: str, *, now: datetime) -> int | None:
    """The time step a one-time code belongs to; none where it fits no step near ``now``. A step counts once: the
    caller refuses one that is not later than the last."""
    digits = "".join(code.split())
    step = int(now.timestamp()) // CODE_SECONDS
    clock = pyotp.TOTP(secret)
    return next(
        (
            near
            for near in range(step - _DRIFT, step + _DRIFT + 1)
            if pyotp.utils.strings_equal(clock.generate_otp(near), digits)
        ),
        None,
    )


def code_address(secret: str, *, login: str, house: str) -> str:
    """What an authenticator reads from a QR code (``otpauth://…``)."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=house)
