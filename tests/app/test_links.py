"""Links that stand for files: they open one file for some days, and tell nothing else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.files import StoredFiles, vault_of
from app.settings import Settings
from casework.conversations.model import Media, Reply
from casework.conversations.outbox import post_staff
from casework.media.links import DAYS, Links
from casework.media.vault import name_of
from casework.people import erase
from casework.storage.fields import cipher
from casework.storage.work import Store
from tests.conftest import NOW

PDF = b"%PDF-1.7 notice"
FILE = Media("file", mime="application/pdf", name="通知书.pdf", size_bytes=len(PDF), sha=name_of(PDF))
BASE = "https://complaints.example.org"


@pytest.fixture
def files(store: Store, tmp_path: Path) -> StoredFiles:
    return StoredFiles(store, vault_of(Settings(data_dir=tmp_path)), base=BASE)


@pytest.fixture
def client(files: StoredFiles) -> TestClient:
    return TestClient(Starlette(routes=files.routes()))


def sent(store: Store, tmp_path: Path, address: str = "oP") -> int:
    """A chat in which staff sent the file."""
    vault_of(Settings(data_dir=tmp_path)).put(PDF)
    with store.writing() as work:
        talk = work.conversations.open("wechat", address, now=NOW, profile={})
        post_staff(work, talk, Reply("", media=(FILE,)), name="li", now=NOW)
    return talk.id


def test_whoever_holds_the_link_opens_the_file_and_no_page_of_it(
    store: Store, files: StoredFiles, client: TestClient, tmp_path: Path
) -> None:
    link = files.link(sent(store, tmp_path), FILE)
    assert link.startswith(f"{BASE}/files/")
    answer = client.get(urlsplit(link).path)
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["content-disposition"].startswith("attachment; filename*=utf-8''%E9%80%9A")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert (answer.headers["cache-control"], answer.headers["x-robots-tag"]) == (
        "private, no-store",
        "noindex",
    )


def test_a_link_that_was_changed_or_made_up_opens_nothing_and_says_what_to_do(
    store: Store, files: StoredFiles, client: TestClient, tmp_path: Path
) -> None:
    talk = sent(store, tmp_path)
    path = urlsplit(files.link(talk, FILE)).path
    of_another_kind = cipher().encrypt(f"{talk}:{FILE.sha}".encode()).decode().rstrip("=")
    for wrong in (path[:-3] + "AAA", path + "A", "/files/x", f"/files/{of_another_kind}"):
        answer = client.get(wrong)
        assert (answer.status_code, "过期" in answer.text, "over" in answer.text) == (404, True, True)


def test_a_link_opens_only_what_its_conversation_holds(
    store: Store, files: StoredFiles, client: TestClient, tmp_path: Path
) -> None:
    talk = sent(store, tmp_path)
    with store.writing() as work:
        other = work.conversations.open("wechat", "somebody else", now=NOW, profile={}).id
    assert client.get(urlsplit(files.link(other, FILE)).path).status_code == 404
    path = urlsplit(files.link(talk, FILE)).path
    with store.writing() as work:
        erase(work, work.conversations.get(talk), stand_in="x", now=NOW)
    assert client.get(path).status_code == 404


def test_a_link_ends(store: Store) -> None:
    now = NOW
    links = Links(BASE, cipher, lambda: now)
    mark = links.address(7, FILE.sha).rsplit("/", 1)[1]
    now = NOW + timedelta(days=DAYS) - timedelta(seconds=1)
    assert links.read(mark) == (7, FILE.sha)
    now = NOW + timedelta(days=DAYS, seconds=1)
    assert links.read(mark) is None


def test_a_house_without_an_address_has_no_links(store: Store) -> None:
    links = Links("", cipher, lambda: NOW)
    assert (bool(links), links.address(7, FILE.sha)) == (False, "")
