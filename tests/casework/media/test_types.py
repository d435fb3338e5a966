"""What a file is, whatever it is called."""

from __future__ import annotations

import io
import zipfile

import pytest

from casework.media.model import Refused
from casework.media.types import extension_of, kind_of, sniff


@pytest.mark.parametrize(
    ("head", "mime", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg", "photo"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp", "photo"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic", "photo"),
        (b"\x00\x00\x00\x18ftypmp42", "video/mp4", "video"),
        (b"\x00\x00\x00\x18ftypM4A ", "audio/mp4", "audio"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio/wav", "audio"),
        (b"ID3\x04", "audio/mpeg", "audio"),
        (b"#!AMR\n", "audio/amr", "audio"),
        (b"\x02#!SILK_V3", "audio/silk", "audio"),
        (b"OggS\x00", "audio/ogg", "audio"),
        (b"%PDF-1.4", "application/pdf", "file"),
        (b"PK\x03\x04", "application/zip", "file"),
        ("投诉".encode(), "text/plain", "file"),
        ("投诉".encode() * 2000, "text/plain", "file"),
        ("投诉".encode("gb18030") * 2500, "text/plain", "file"),
        (b"<!doctype html><script>alert(1)</script>", "text/plain", "file"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "text/plain", "file"),
    ],
)
def test_the_first_bytes_tell_the_type(head: bytes, mime: str, kind: str) -> None:
    assert sniff(head) == mime
    assert kind_of(mime, recorded=False) == kind
    assert extension_of(mime) != "bin"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00", "program"),
        (b"\x7fELF\x02", "program"),
        (b"#!/bin/sh\nls", "program"),
        (b"\x00\x01\x02", "type"),
    ],
)
def test_programs_and_what_nobody_can_open_are_refused(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        sniff(content)
    assert refused.value.code == code


def test_a_phones_program_in_a_zip_is_refused_and_a_document_in_one_is_not() -> None:
    def zipped(name: str) -> bytes:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            archive.writestr(name, "x")
        return made.getvalue()

    with pytest.raises(Refused):
        sniff(zipped("AndroidManifest.xml"))
    assert sniff(zipped("word/document.xml")) == "application/zip"


def test_what_is_spoken_into_the_page_is_a_voice() -> None:
    assert kind_of("video/webm", recorded=True) == "voice"
    assert kind_of("image/png", recorded=True) == "photo"
