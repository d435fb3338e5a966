"""The bytes of files, encrypted, each content once, named by its SHA-256. Whose they are is in the database."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator

from cryptography.fernet import InvalidToken, MultiFernet

from casework.media.shelves import Shelf
from casework.storage.fields import FieldKeyError

_NAME = re.compile(r"[0-9a-f]{64}")


def name_of(content: bytes) -> str:
    """The name ``content`` is kept under."""
    return hashlib.sha256(content).hexdigest()


class Vault:
    """Encrypted files on a shelf. Safe to use from several threads and processes.

    ``cipher`` is asked for at each use: the data key is known once a database is open.
    """

    def __init__(self, shelf: Shelf, cipher: Callable[[], MultiFernet]) -> None:
        self._shelf, self._cipher = shelf, cipher

    def put(self, content: bytes) -> str:
        """Keep ``content`` durably; gives its name. The same content twice is one file. Raises: OSError."""
        name = name_of(content)
        if not self._shelf.renew(name):
            self._shelf.put(name, self._cipher().encrypt(content))
        return name

    def get(self, name: str) -> bytes | None:
        """What is kept under ``name``; ``None`` when nothing is. Raises: FieldKeyError, OSError."""
        if not _NAME.fullmatch(name) or (data := self._shelf.get(name)) is None:
            return None
        try:
            return self._cipher().decrypt(data)
        except InvalidToken as error:
            raise FieldKeyError(
                "the data key does not open this file: restore the key of its time"
            ) from error

    def delete(self, name: str) -> None:
        if _NAME.fullmatch(name):
            self._shelf.delete(name)

    def older_than(self, age_s: float) -> Iterator[str]:
        """Names of files nobody wrote for ``age_s`` seconds."""
        return (name for name in self._shelf.older_than(age_s) if _NAME.fullmatch(name))

    def check(self) -> None:
        """Look whether files can be kept. Raises: OSError."""
        self._shelf.check()
