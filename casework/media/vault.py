"""Where bytes lie: one encrypted file a content, named by its SHA-256. Whose they are is in the database."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.fernet import InvalidToken, MultiFernet

from casework.storage.fields import FieldKeyError

_NAME = re.compile(r"[0-9a-f]{64}")


def name_of(content: bytes) -> str:
    """The name ``content`` is kept under."""
    return hashlib.sha256(content).hexdigest()


class Vault:
    """A folder of encrypted files. Safe to use from several threads and processes of one machine.

    ``cipher`` is asked for at each use: the data key is known once a database is open.
    """

    def __init__(self, directory: Path, cipher: Callable[[], MultiFernet]) -> None:
        self.directory = directory
        self._cipher = cipher

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Alone with the folder: whoever decides by the database what to write or delete holds this meanwhile."""
        self._make(self.directory)
        with (self.directory / ".lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def put(self, content: bytes) -> str:
        """Keep ``content`` durably; gives its name. The same content twice is one file. Raises: OSError."""
        name = name_of(content)
        target = self._path(name)
        if target.is_file():
            os.utime(target)
            return name
        self._make(target.parent)
        handle, temporary = tempfile.mkstemp(dir=self.directory, prefix="arriving-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(self._cipher().encrypt(content))
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(target)
        finally:
            Path(temporary).unlink(missing_ok=True)
        return name

    def get(self, name: str) -> bytes | None:
        """What is kept under ``name``; ``None`` when nothing is. Raises: FieldKeyError."""
        if not _NAME.fullmatch(name):
            return None
        try:
            return self._cipher().decrypt(self._path(name).read_bytes())
        except FileNotFoundError:
            return None
        except InvalidToken as error:
            raise FieldKeyError(
                "the data key does not open this file: restore the key of its time"
            ) from error

    def delete(self, name: str) -> None:
        if _NAME.fullmatch(name):
            self._path(name).unlink(missing_ok=True)

    def older_than(self, age_s: float) -> Iterator[str]:
        """Names of files nobody wrote for ``age_s`` seconds; torn leftovers of that age are removed."""
        limit = time.time() - age_s
        for path in self.directory.glob("arriving-*"):
            if path.stat().st_mtime < limit:
                path.unlink(missing_ok=True)
        for path in self.directory.glob("??/*"):
            if _NAME.fullmatch(path.name) and path.stat().st_mtime < limit:
                yield path.name

    def _path(self, name: str) -> Path:
        return self.directory / name[:2] / name

    def _make(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
