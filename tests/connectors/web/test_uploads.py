"""Files in and out: what is kept, what is refused, who may have them back."""

from __future__ import annotations

import hashlib
import uuid

import httpx
import pytest

from connectors.web.settings import WebSettings
from tests.connectors.web.core import MemoryCore, MemoryFiles

A, B, G = (str(uuid.UUID(int=number)) for number in (1, 2, 3))
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200))
SHA = hashlib.sha256(PNG).hexdigest()


async def upload(
    client: httpx.AsyncClient, content: bytes = PNG, name: str = "厅.png", **fields: str
) -> httpx.Response:
    form = {"id": A, **fields}
    return await client.post("/web/uploads", data=form, files={"file": (name, content, "text/html")})


async def test_a_photo_is_kept_under_its_content_and_becomes_a_message(
    client: httpx.AsyncClient, core: MemoryCore, files: MemoryFiles
) -> None:
    assert (await upload(client, text="三号窗口")).status_code == 202
    (message,) = core.received
    (item,) = message.media
    assert message.text == "三号窗口"
    assert (item.kind, item.sha, item.mime) == ("photo", SHA, "image/png")
    assert (item.name, item.size_bytes) == ("厅.png", len(PNG))
    assert files.kept == {SHA: PNG}


async def test_several_files_of_one_sending_are_joined(client: httpx.AsyncClient, core: MemoryCore) -> None:
    await upload(client, group=G)
    await upload(client, b"%PDF-1.7 ...", "b.pdf", id=B, group=G)
    assert len({message.group_key for message in core.received}) == 1
    assert core.received[0].group_key == f"{core.addresses[0]}:{G}"


async def test_the_same_upload_twice_is_one_message_and_one_file(
    client: httpx.AsyncClient, core: MemoryCore
) -> None:
    await upload(client)
    assert (await upload(client)).json()["duplicate"] is True
    assert len(core.received) == 1


async def test_the_sender_gets_the_photo_back_and_nobody_else(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    await upload(client)
    await stranger.post("/web/messages", json={"id": B, "text": "hi"})
    url = (await client.get("/web/messages")).json()["messages"][0]["media"][0]["url"]
    answer = await client.get(url)
    assert (answer.content, answer.headers["content-type"]) == (PNG, "image/png")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert (await stranger.get(url)).status_code == 404


async def test_a_file_of_the_same_content_from_somebody_else_opens_for_both(
    client: httpx.AsyncClient, stranger: httpx.AsyncClient
) -> None:
    await upload(client)
    await upload(stranger)
    for browser in (client, stranger):
        assert (await browser.get(f"/web/uploads/{SHA}")).status_code == 200


@pytest.mark.parametrize("sha", ["0" * 64, "..%2f..%2fetc%2fpasswd", "x", SHA.upper()])
async def test_a_name_that_is_not_ours_is_not_found(client: httpx.AsyncClient, sha: str) -> None:
    await upload(client)
    assert (await client.get(f"/web/uploads/{sha}")).status_code == 404


async def test_html_is_never_shown_as_a_page(client: httpx.AsyncClient, core: MemoryCore) -> None:
    content = b"<!doctype html><script>alert(1)</script>"
    await upload(client, content, "a.html")
    assert core.received[0].media[0].mime == "text/plain"
    answer = await client.get(f"/web/uploads/{hashlib.sha256(content).hexdigest()}")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("content", [b"MZ\x90\x00", b"\x7fELF\x02", b"#!/bin/sh\nls"])
async def test_programs_are_refused(client: httpx.AsyncClient, core: MemoryCore, content: bytes) -> None:
    answer = await upload(client, content, "photo.jpg")
    assert (answer.status_code, answer.json()["error"]) == (415, "upload_refused")
    assert core.received == []


async def test_a_file_that_is_too_large_leaves_nothing_behind(
    client: httpx.AsyncClient, core: MemoryCore, settings: WebSettings, files: MemoryFiles
) -> None:
    for extra in (1, 100_000):
        answer = await upload(client, b"x" * (settings.max_upload_bytes + extra))
        assert (answer.status_code, answer.json()["error"]) == (413, "upload_too_large")
    assert core.received == []
    assert files.kept == {}


async def test_a_body_longer_than_announced_is_cut_off(client: httpx.AsyncClient, core: MemoryCore) -> None:
    async def endless() -> object:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        for _ in range(5):
            yield b"x" * 100_000

    headers = {"content-type": "multipart/form-data; boundary=b"}
    answer = await client.post("/web/uploads", content=endless(), headers=headers)  # type: ignore[arg-type]
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "multipart/form-data", 400),
        (b"garbage", "multipart/form-data; boundary=b", 400),
        (b"{}", "application/json", 415),
        (b"--b\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n" + A.encode() + b"\r\n--b--", "multipart/form-data; boundary=b", 400),  # noqa: E501
        (b"--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx\r\n--b--", "multipart/form-data; boundary=b", 400),  # noqa: E501
    ],
)  # fmt: skip
async def test_a_broken_form_is_refused(
    client: httpx.AsyncClient, core: MemoryCore, body: bytes, kind: str, status: int
) -> None:
    answer = await client.post("/web/uploads", content=body, headers={"content-type": kind})
    assert answer.status_code == status
    assert answer.json()["message"]
    assert core.received == []


async def test_an_empty_file_and_a_wrong_id_are_refused(
    client: httpx.AsyncClient, core: MemoryCore, files: MemoryFiles
) -> None:
    assert (await upload(client, b"\0\1\2")).json()["error"] == "upload_unknown"
    assert (await upload(client, b"")).json()["error"] == "upload_empty"
    assert (await upload(client, id="1")).json()["error"] == "malformed"
    assert (await upload(client, group="1")).json()["error"] == "malformed"
    assert core.received == []
    assert files.kept == {}


async def test_a_disk_that_refuses_is_told_to_the_person(
    client: httpx.AsyncClient, core: MemoryCore, files: MemoryFiles
) -> None:
    files.fails = True
    answer = await upload(client)
    assert (answer.status_code, answer.json()["error"]) == (503, "not_stored")
    assert core.received == []


async def test_a_file_name_brings_no_path(client: httpx.AsyncClient, core: MemoryCore) -> None:
    await upload(client, name="..\\..\\C:/x/证据.png")
    assert core.received[0].media[0].name == "证据.png"


async def test_a_recording_is_a_voice_message(client: httpx.AsyncClient, core: MemoryCore) -> None:
    await upload(client, b"\x1aE\xdf\xa3" + bytes(50), "voice.webm", kind="voice")
    assert core.received[0].media[0].kind == "voice"
