"""Bytes at rest: unreadable without the key, one file a content, gone when deleted."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from cryptography.fernet import Fernet, MultiFernet

from casework.media.vault import Vault, name_of
from casework.storage.fields import FieldKeyError

CONTENT = "三号窗口的照片".encode() * 50


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    cipher = MultiFernet([Fernet(Fernet.generate_key())])
    return Vault(tmp_path / "media", lambda: cipher)


def files(vault: Vault) -> list[Path]:
    return [path for path in vault.directory.rglob("*") if path.is_file() and path.name != ".lock"]


def test_what_is_kept_comes_back_and_cannot_be_read_from_the_disk(vault: Vault) -> None:
    name = vault.put(CONTENT)
    assert name == name_of(CONTENT)
    assert vault.get(name) == CONTENT
    assert CONTENT[:30] not in files(vault)[0].read_bytes()
    assert files(vault)[0].stat().st_mode & 0o077 == 0


def test_the_same_content_many_times_is_one_file(vault: Vault) -> None:
    threads = [threading.Thread(target=vault.put, args=(CONTENT,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [path.name for path in files(vault)] == [name_of(CONTENT)]


def test_deleted_is_deleted_and_deleting_twice_is_no_error(vault: Vault) -> None:
    name = vault.put(CONTENT)
    vault.delete(name)
    vault.delete(name)
    assert vault.get(name) is None
    assert files(vault) == []


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "0" * 63, "A" * 64, "0" * 64 + "/.."])
def test_a_name_that_is_not_ours_opens_and_deletes_nothing(vault: Vault, name: str) -> None:
    kept = vault.put(CONTENT)
    assert vault.get(name) is None
    vault.delete(name)
    assert vault.get(kept) == CONTENT


def test_another_key_is_named_so(vault: Vault) -> None:
    name = vault.put(CONTENT)
    other = MultiFernet([Fernet(Fernet.generate_key())])
    with pytest.raises(FieldKeyError):
        Vault(vault.directory, lambda: other).get(name)


def test_leftovers_of_a_killed_process_are_found_by_their_age(vault: Vault) -> None:
    name = vault.put(CONTENT)
    torn = vault.directory / "arriving-torn"
    torn.write_bytes(b"half")
    fresh = vault.put(b"fresh")
    for path in (torn, *(p for p in files(vault) if p.name == name)):
        os.utime(path, (1, 1))
    assert list(vault.older_than(60)) == [name]
    assert not torn.exists()
    assert vault.get(fresh) == b"fresh"
