"""Where a photo was taken goes; the photo stays as it is."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image, TiffImagePlugin

from casework.media.pictures import thumbnail, without_position

_LATITUDE = (
    TiffImagePlugin.IFDRational(31),
    TiffImagePlugin.IFDRational(13),
    TiffImagePlugin.IFDRational(4717, 100),
)


def photo(form: str, *, size: tuple[int, int] = (64, 48), orientation: int = 1, **more: Any) -> bytes:
    """A picture with position, moment and camera, as a phone writes it."""
    picture = Image.effect_noise(size, 80).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "Phone"
    exif[0x0112] = orientation
    exif.get_ifd(0x8769)[0x9003] = "2026:11:20 12:00:00"
    exif.get_ifd(0x8825).update({1: "N", 2: _LATITUDE, 3: "E", 4: _LATITUDE, 18: "WGS", 29: "2026:11:20"})
    made = io.BytesIO()
    picture.save(made, form, exif=exif, **more)
    return made.getvalue()


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


@pytest.mark.parametrize(
    ("form", "mime", "more"),
    [
        ("JPEG", "image/jpeg", {}),
        ("JPEG", "image/jpeg", {"progressive": True}),
        ("PNG", "image/png", {}),
        ("WEBP", "image/webp", {"lossless": True}),
    ],
)
def test_the_position_goes_and_everything_else_stays(form: str, mime: str, more: dict[str, Any]) -> None:
    before = photo(form, **more)
    assert opened(before).getexif().get_ifd(0x8825)[2] == _LATITUDE
    after = without_position(before, mime)
    exif = opened(after).getexif()
    assert dict(exif.get_ifd(0x8825)) == {}
    assert exif[0x010F] == "Phone"
    assert exif.get_ifd(0x8769)[0x9003] == "2026:11:20 12:00:00"
    assert opened(after).tobytes() == opened(before).tobytes()
    assert b"2026:11:20\0" not in after
    assert b"WGS" not in after


def test_a_position_in_the_xmp_of_a_jpeg_goes_too() -> None:
    xmp = b'<x:xmpmeta><rdf exif:GPSLatitude="31,13.7N"/></x:xmpmeta>'
    before = photo("JPEG", xmp=xmp, comment="taken at home")
    assert b"GPSLatitude" in before
    after = without_position(before, "image/jpeg")
    assert b"GPSLatitude" not in after
    assert b"taken at home" not in after


def test_what_hangs_behind_the_picture_is_cut_off() -> None:
    """Some phones hang a film there, with a position of its own."""
    before = photo("JPEG")
    assert without_position(before + b"....ftypmp42 +31.2+121.4/", "image/jpeg") == without_position(
        before, "image/jpeg"
    )


def test_the_exif_of_a_heic_is_found_wherever_it_lies() -> None:
    tiff = photo("JPEG").split(b"Exif\0\0", 1)[1][:400]
    before = b"\0\0\0\x18ftypheic" + b"meta" * 20 + b"Exif\0\0" + tiff
    after = without_position(before, "image/heic")
    assert len(after) == len(before)
    assert b"2026:11:20\0" in before
    assert b"2026:11:20\0" not in after


@pytest.mark.parametrize(
    "mime", ["image/jpeg", "image/png", "image/webp", "image/heic", "image/gif", "video/mp4"]
)
def test_what_is_torn_or_no_picture_comes_back_without_an_error(mime: str) -> None:
    whole = photo("JPEG")
    for content in (
        b"",
        b"\xff\xd8\xff\xe1\x00",
        whole[:100],
        whole[:-40],
        b"\xff" * 50,
        b"Exif\0\0II*\0" * 9,
    ):
        assert isinstance(without_position(content, mime), bytes)


def test_a_thumbnail_is_small_upright_and_tells_nothing() -> None:
    made = thumbnail(photo("JPEG", size=(1600, 400), orientation=6), "image/jpeg")
    assert made is not None
    small = opened(made)
    assert small.format == "JPEG"
    assert small.size == (80, 320)
    assert thumbnail(photo("JPEG", size=(6000, 6000)), "image/jpeg") is not None
    assert dict(small.getexif()) == {}


def test_only_pictures_of_a_bearable_size_are_opened() -> None:
    enormous = io.BytesIO()
    Image.new("1", (6000, 6000)).save(enormous, "PNG")
    assert len(enormous.getvalue()) < 20_000
    assert thumbnail(enormous.getvalue(), "image/png") is None
    assert thumbnail(b"%PDF-1.7", "application/pdf") is None
    assert thumbnail(photo("PNG"), "image/jpeg") is None
