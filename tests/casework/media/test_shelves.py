"""A folder and a bucket keep bytes alike. The bucket's store is moto, a program that is not ours."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest

from casework.media.shelves import Bucket, BucketAddress, Folder, Shelf, ShelfAway, bucket_of
from tests.connectors.telegram.peers.install import PeerMissing, give_up
from tests.connectors.telegram.peers.telemelya import running_s3

NAME, OTHER = "0a" * 32, "0b" * 32
DATA = b"\x00\xffencrypted" * 1000


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    try:
        with running_s3(tmp_path_factory.mktemp("s3")) as url:
            yield url
    except PeerMissing as missing:
        give_up(missing)


def address_in(store: str, bucket: str) -> BucketAddress:
    """A bucket of that name, made."""
    address = BucketAddress(
        bucket, "some/prefix", endpoint=store, region="us-east-1", key_id="any", secret="any"
    )
    client = boto3.client(
        "s3",
        endpoint_url=store,
        region_name="us-east-1",
        aws_access_key_id="any",
        aws_secret_access_key="any",
    )
    client.create_bucket(Bucket=bucket)
    return address


@pytest.fixture(params=["folder", pytest.param("bucket", marks=pytest.mark.peer)])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Shelf:
    if request.param == "folder":
        return Folder(tmp_path)
    return Bucket(address_in(request.getfixturevalue("store"), tmp_path.name.replace("_", "-").lower()))


def test_what_is_put_is_there_until_it_is_deleted(shelf: Shelf) -> None:
    assert shelf.get(NAME) is None
    assert not shelf.renew(NAME)
    shelf.put(NAME, DATA)
    assert shelf.get(NAME) == DATA
    assert shelf.renew(NAME)
    assert shelf.get(NAME) == DATA
    shelf.check()
    shelf.delete(NAME)
    shelf.delete(NAME)
    assert shelf.get(NAME) is None


def test_names_are_told_by_age(shelf: Shelf) -> None:
    shelf.put(NAME, DATA)
    shelf.put(OTHER, b"")
    assert list(shelf.older_than(60)) == []
    assert sorted(shelf.older_than(-60)) == [NAME, OTHER]


def test_several_put_the_same_at_once(shelf: Shelf) -> None:
    threads = [threading.Thread(target=shelf.put, args=(NAME, DATA)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(shelf.older_than(-60)) == [NAME]
    assert shelf.get(NAME) == DATA


def test_renewing_makes_a_file_young_and_torn_leftovers_go(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.put(NAME, DATA)
    folder.put(OTHER, DATA)
    torn = tmp_path / "arriving-torn"
    torn.write_bytes(b"half")
    for path in (torn, tmp_path / NAME[:2] / NAME, tmp_path / OTHER[:2] / OTHER):
        os.utime(path, (1, 1))
    folder.renew(OTHER)
    assert list(folder.older_than(60)) == [NAME]
    assert not torn.exists()


@pytest.mark.peer
def test_renewing_makes_an_object_young(store: str) -> None:
    address = address_in(store, "renewing")
    client = Bucket(address)._client
    bucket = Bucket(address)
    bucket.put(NAME, DATA)
    before = client.head_object(Bucket="renewing", Key=f"some/prefix/{NAME}")["LastModified"]
    threading.Event().wait(1.1)  # the store counts in seconds
    bucket.renew(NAME)
    assert client.head_object(Bucket="renewing", Key=f"some/prefix/{NAME}")["LastModified"] > before


@pytest.mark.peer
def test_names_of_many_pages_are_told(store: str) -> None:
    bucket = Bucket(address_in(store, "pages"))
    client, asked = bucket._client, bucket._ask
    for number in range(5):
        bucket.put(f"{number:064x}", b"")
    bucket._ask = lambda operation, **given: asked(operation, **given, MaxKeys=2)  # type: ignore[method-assign]
    assert len(list(bucket.older_than(-60))) == 5
    assert client.list_objects_v2(Bucket="pages")["KeyCount"] == 5


@pytest.mark.peer
def test_a_store_that_refuses_or_is_away_says_why(store: str) -> None:
    nowhere = BucketAddress("nobodys-bucket", endpoint=store, region="us-east-1", key_id="k", secret="s3cr3t")
    with pytest.raises(ShelfAway, match="NoSuchBucket"):
        Bucket(nowhere).check()
    away = BucketAddress("b", endpoint="http://127.0.0.1:1", region="us-east-1", key_id="k", secret="s3cr3t")
    with pytest.raises(ShelfAway, match="EndpointConnectionError"):
        Bucket(away).put(NAME, DATA)
    assert "s3cr3t" not in repr(away)


def test_a_bucket_is_named_by_an_address() -> None:
    assert bucket_of("s3://files") == ("files", "")
    assert bucket_of("s3://files/a/b/") == ("files", "a/b")
    for wrong in ("files", "https://files", "s3://", "s3://key:secret@files"):
        with pytest.raises(ValueError, match="s3://bucket"):
            bucket_of(wrong)
