"""Where encrypted bytes lie: a folder, or a bucket of an S3-compatible store. What they are is none of its business."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

#: Longest wait for the store's next bytes, in seconds, and how often a request is made. Source: product default.
_CONNECT_S, _READ_S, _TRIES = 5, 30, 3


class ShelfAway(OSError):
    """The store cannot be reached or refuses us; the message names the reason, and no key."""


class Shelf(Protocol):
    """Bytes by name. Safe to use from several threads and processes. Raises: OSError."""

    def put(self, name: str, data: bytes) -> None:
        """Keep durably, or not at all."""
        ...

    def renew(self, name: str) -> bool:
        """Whether it is there; its age then begins anew."""
        ...

    def get(self, name: str) -> bytes | None: ...

    def delete(self, name: str) -> None: ...

    def older_than(self, age_s: float) -> Iterator[str]:
        """Names that nobody put or renewed for ``age_s`` seconds."""
        ...

    def check(self) -> None:
        """Look whether it can be used."""
        ...


class Folder:
    """A folder, shared between machines where there are several."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def put(self, name: str, data: bytes) -> None:
        target = self._path(name)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=self._directory, prefix="arriving-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(target)
        finally:
            Path(temporary).unlink(missing_ok=True)

    def renew(self, name: str) -> bool:
        try:
            os.utime(self._path(name))
        except FileNotFoundError:
            return False
        return True

    def get(self, name: str) -> bytes | None:
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            return None

    def delete(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)

    def older_than(self, age_s: float) -> Iterator[str]:
        """Torn leftovers of that age are removed."""
        limit = time.time() - age_s
        for path in self._directory.glob("arriving-*"):
            if path.stat().st_mtime < limit:
                path.unlink(missing_ok=True)
        for path in self._directory.glob("??/*"):
            if path.stat().st_mtime < limit:
                yield path.name

    def check(self) -> None:
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=self._directory):
            pass

    def _path(self, name: str) -> Path:
        return self._directory / name[:2] / name


@dataclass(frozen=True)
class BucketAddress:
    """``endpoint`` empty: Amazon's own. ``key_id`` empty: what the machine is given (a role, a profile).
    ``addressing``: ``path``, ``virtual`` (the bucket is a part of the host's name) or ``auto``."""

    bucket: str
    prefix: str = ""
    endpoint: str = ""
    region: str = ""
    key_id: str = ""
    secret: str = field(default="", repr=False)
    addressing: str = "auto"


class Bucket:
    """A bucket of an S3-compatible store."""

    def __init__(self, address: BucketAddress) -> None:
        import boto3
        from botocore.config import Config

        self._bucket = address.bucket
        self._prefix = f"{address.prefix}/" if address.prefix else ""
        self._client: Any = boto3.session.Session().client(
            "s3",
            endpoint_url=address.endpoint or None,
            region_name=address.region or None,
            aws_access_key_id=address.key_id or None,
            aws_secret_access_key=address.secret or None,
            config=Config(
                connect_timeout=_CONNECT_S,
                read_timeout=_READ_S,
                retries={"total_max_attempts": _TRIES, "mode": "standard"},
                s3={"addressing_style": address.addressing},
                # Amazon's newer checksums are unknown to many compatible stores.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def put(self, name: str, data: bytes) -> None:
        self._ask("put_object", Key=self._prefix + name, Body=data)

    def renew(self, name: str) -> bool:
        # A copy onto itself is the only way to a new age.
        source = {"Bucket": self._bucket, "Key": self._prefix + name}
        return self._found("copy_object", name, CopySource=source, MetadataDirective="REPLACE") is not None

    def get(self, name: str) -> bytes | None:
        found = self._found("get_object", name)
        return found["Body"].read() if found else None

    def delete(self, name: str) -> None:
        self._ask("delete_object", Key=self._prefix + name)

    def older_than(self, age_s: float) -> Iterator[str]:
        limit = datetime.now(tz=timezone.utc) - timedelta(seconds=age_s)
        after: dict[str, str] = {}
        while True:
            page = self._ask("list_objects_v2", Prefix=self._prefix, **after)
            for item in page.get("Contents", ()):
                if item["LastModified"] < limit:
                    yield item["Key"].removeprefix(self._prefix)
            if not page.get("IsTruncated"):
                return
            after = {"ContinuationToken": page["NextContinuationToken"]}

    def check(self) -> None:
        self._ask("list_objects_v2", Prefix=self._prefix, MaxKeys=1)

    def _found(self, operation: str, name: str, **more: Any) -> Any:
        """The answer, or ``None`` when there is no such object."""
        try:
            return self._ask(operation, Key=self._prefix + name, **more)
        except ShelfAway as error:
            if str(error) in ("NoSuchKey", "404"):
                return None
            raise

    def _ask(self, operation: str, **given: Any) -> Any:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return getattr(self._client, operation)(Bucket=self._bucket, **given)
        except ClientError as error:
            raise ShelfAway(str(error.response.get("Error", {}).get("Code", "refused"))) from error
        except BotoCoreError as error:
            raise ShelfAway(type(error).__name__) from error


def bucket_of(setting: str) -> tuple[str, str]:
    """Bucket and prefix of ``s3://bucket`` or ``s3://bucket/some/prefix``. Raises: ValueError, with the cure."""
    parts = urlsplit(setting)
    if parts.scheme != "s3" or not parts.netloc or parts.query or "@" in parts.netloc:
        raise ValueError("use s3://bucket or s3://bucket/prefix")
    return parts.netloc, parts.path.strip("/")
