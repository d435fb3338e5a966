"""The house with its files in a store that speaks S3; moto, which is not ours, plays it. On both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest

from app.files import StoredFiles, vault_of
from app.settings import Settings
from casework.media.model import FileState
from casework.storage.work import Store
from tests.app import test_media
from tests.app.test_media import Clock, Source, another, receive, rows, sent, told, worked
from tests.connectors.telegram.peers.install import PeerMissing, give_up
from tests.connectors.telegram.peers.telemelya import running_s3

pytestmark = pytest.mark.peer


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    try:
        with running_s3(tmp_path_factory.mktemp("s3")) as url:
            yield url
    except PeerMissing as missing:
        give_up(missing)


@pytest.fixture
def bucket(s3: str, tmp_path: Path) -> Any:
    keys = {"aws_access_key_id": "k", "aws_secret_access_key": "k", "region_name": "us-east-1"}
    bucket = boto3.resource("s3", endpoint_url=s3, **keys).Bucket(tmp_path.name.replace("_", "-").lower())
    bucket.create()
    return bucket


@pytest.fixture
def settings(s3: str, bucket: Any, tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path / "data",
        media_max_mb=1,
        media_store=f"s3://{bucket.name}/files",
        media_s3_endpoint=s3,
        media_s3_region="us-east-1",
        media_s3_key_id="k",
        media_s3_secret="k",
    )


async def test_a_photo_is_kept_shown_and_deleted_with_its_person(
    store: Store, settings: Settings, bucket: Any
) -> None:
    keeper = another(store, Source(), settings, Clock())
    conversation = receive(store, sent())
    await worked(keeper)
    (row,) = rows(store)
    assert row.kept is not None
    objects = {item.key: item.get()["Body"].read() for item in bucket.objects.all()}
    assert set(objects) == {f"files/{row.kept.sha}", f"files/{row.kept.thumb}"}
    assert not any(data.startswith(b"\xff\xd8") for data in objects.values()), "unreadable in the store"
    shown = await StoredFiles(store, vault_of(settings)).opened("telegram", "ann", row.kept.sha)
    assert shown is not None
    assert shown.mime == "image/jpeg"
    test_media.TestForgetting().erase(store, conversation)
    await worked(keeper)
    assert list(bucket.objects.all()) == []
    assert not (settings.data_dir / "media").exists()


async def test_while_the_store_is_away_files_wait_and_nobody_is_troubled(
    store: Store, settings: Settings
) -> None:
    clock, source = Clock(), Source()
    away = another(store, source, replace(settings, media_s3_endpoint="http://127.0.0.1:1"), clock)
    conversation = receive(store, sent())
    assert await away.round()
    await away.idle()
    (row,) = rows(store)
    assert (row.state, told(store, conversation)) == (FileState.PENDING, [])
    clock.now += timedelta(minutes=1)
    await worked(another(store, source, settings, clock))
    assert rows(store)[0].state is FileState.KEPT
