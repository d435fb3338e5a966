"""Bytes at rest: unreadable without the key, one file a content, gone when deleted."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from cryptography.fernet import Fernet, MultiFernet

from casework.media.shelves import Folder
from casework.media.vault import Vault, name_of
from casework.storage.fields import FieldKeyError

CONTENT = "三号窗口的照片".encode() * 50


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    cipher = MultiFernet([Fernet(Fernet.generate_key())])
    return Vault(Folder(tmp_path), lambda: cipher)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_is_kept_comes_back_and_cannot_be_read_from_the_disk(vault: Vault, tmp_path: Path) -> None:
    name = vault.put(CONTENT)
    assert name == name_of(CONTENT)
    assert vault.get(name) == CONTENT
    assert CONTENT[:30] not in files(tmp_path)[0].read_bytes()
    assert files(tmp_path)[0].stat().st_mode & 0o077 == 0


def test_the_same_content_many_times_is_one_file(vault: Vault, tmp_path: Path) -> None:
    threads = [threading.Thread(target=vault.put, args=(CONTENT,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [path.name for path in files(tmp_path)] == [name_of(CONTENT)]


def test_deleted_is_deleted_and_deleting_twice_is_no_error(vault: Vault, tmp_path: Path) -> None:
    name = vault.put(CONTENT)
    vault.delete(name)
    vault.delete(name)
    assert vault.get(name) is None
    assert files(tmp_path) == []


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "0" * 63, "A" * 64, "0" * 64 + "/.."])
def test_a_name_that_is_not_ours_opens_and_deletes_nothing(vault: Vault, name: str) -> None:
    kept = vault.put(CONTENT)
    assert vault.get(name) is None
    vault.delete(name)
    assert vault.get(kept) == CONTENT


def test_another_key_is_named_so(vault: Vault, tmp_path: Path) -> None:
    name = vault.put(CONTENT)
    other = MultiFernet([Fernet(Fernet.generate_key())])
    with pytest.raises(FieldKeyError):
        Vault(Folder(tmp_path), lambda: other).get(name)
