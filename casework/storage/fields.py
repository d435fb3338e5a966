"""Column types: encrypted text and JSON, aware UTC times, ids that suit SQLite and PostgreSQL."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import datetime, timezone
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import BigInteger, DateTime, Integer, LargeBinary
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.types import TypeDecorator

#: SQLite only auto-increments INTEGER PRIMARY KEY.
Id = BigInteger().with_variant(Integer(), "sqlite")

_default_cipher: list[MultiFernet] = []
_hash_keys: list[bytes] = []


class FieldKeyError(Exception):
    """The data key is missing, malformed, or not the one this database was written with."""


def make_cipher(keys: tuple[str, ...]) -> MultiFernet:
    """Cipher from Fernet keys, newest first; older keys still decrypt.

    Raises: FieldKeyError.
    """
    try:
        return MultiFernet([Fernet(key.strip().encode()) for key in keys if key.strip()])
    except (ValueError, TypeError) as error:
        raise FieldKeyError("not a Fernet key (44 characters, URL-safe base64)") from error


def use_keys(keys: tuple[str, ...]) -> None:
    """Set the process-wide cipher and hashes. One database a process; called by ``Database``.

    Raises: FieldKeyError.
    """
    _default_cipher[:] = [make_cipher(keys)]
    _hash_keys[:] = [
        hmac.digest(key.strip().encode(), b"tingsu keyed hashes", "sha256") for key in keys if key.strip()
    ]


def keyed_hashes(text: str) -> tuple[str, ...]:
    """32 hexadecimal digits by which ``text`` is found again and not read, one for each data key; the first, by the
    newest key, is the one to write."""
    return tuple(hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32] for key in _hash_keys)


def cipher() -> MultiFernet:
    """Raises: FieldKeyError when no database was opened yet."""
    if not _default_cipher:
        raise FieldKeyError("no data key: open a Database first")
    return _default_cipher[0]


class UtcDateTime(TypeDecorator):  # type: ignore[misc]
    """Aware datetimes in, aware UTC datetimes out; stored without zone so that both databases compare alike."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime: times are aware UTC inside")
        return value.astimezone(timezone.utc).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=timezone.utc)


class EncryptedText(TypeDecorator):  # type: ignore[misc]
    """Text that is unreadable in the database file."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        return None if value is None else cipher().encrypt(value.encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        if value is None:
            return None
        try:
            return cipher().decrypt(bytes(value)).decode()
        except InvalidToken as error:
            raise FieldKeyError(
                "the data key does not open this database: restore the key it was written with"
            ) from error


class EncryptedJson(EncryptedText):
    """JSON-able values that are unreadable in the database file."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        if value is None:
            return None
        return super().process_bind_param(
            json.dumps(value, ensure_ascii=False, separators=(",", ":")), dialect
        )

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Any:
        text = super().process_result_value(value, dialect)
        return None if text is None else json.loads(text)
