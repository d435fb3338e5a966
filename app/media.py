"""Keeping what people sent: fetched in the background, judged, cleaned, encrypted; and given back to who may see it.

Any number of processes may run it: a file belongs to one of them at a time, and only that one's result counts.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from app.bus import SEND, TURN, Hub
from app.observing.figures import FILES
from app.settings import Settings
from app.wiring import load_house
from casework.house import House
from casework.media import keeping
from casework.media.model import (
    Claimed,
    FetchFailed,
    FileSource,
    FileState,
    Kept,
    Opened,
    Refused,
    Scanner,
    ScannerAway,
)
from casework.media.pictures import thumbnail, without_position
from casework.media.scanning import scanner_of
from casework.media.shelves import Bucket, BucketAddress, Folder, bucket_of
from casework.media.types import sniff
from casework.media.vault import Vault, name_of
from casework.storage.fields import cipher
from casework.storage.work import Store, Work

logger = logging.getLogger(__name__)

#: Files under way at once in one process: each may hold some 20 MB in memory.
CONCURRENCY = 4
#: How often it looks without a wake-up, in seconds.
LOOK_S = 2.0
#: Longest time for one file's download, in seconds; well below the lease.
FETCH_S = 180.0
#: How often files that belong to nobody are looked for, and how old they must be, in seconds.
SWEEP_EVERY_S = 6 * 3600.0
SWEEP_AGE_S = 24 * 3600.0


def vault_of(settings: Settings) -> Vault:
    """The bucket of the settings, or the folder below ``DATA_DIR``."""
    if not settings.media_store:
        return Vault(Folder(settings.data_dir / "media"), cipher)
    bucket, prefix = bucket_of(settings.media_store)
    address = BucketAddress(
        bucket,
        prefix,
        endpoint=settings.media_s3_endpoint,
        region=settings.media_s3_region,
        key_id=settings.media_s3_key_id,
        secret=settings.media_s3_secret,
        addressing=settings.media_s3_addressing,
    )
    return Vault(Bucket(address), cipher)


class StoredFiles:
    """``casework.media.model.Files`` over vault and database."""

    def __init__(self, store: Store, vault: Vault) -> None:
        self._store, self._vault = store, vault

    async def arrive(self, content: bytes) -> str:
        return await run_sync(self._vault.put, content)

    async def opened(self, channel: str, address: str, ref: str) -> Opened | None:
        return await run_sync(self._opened, channel, address, ref)

    def _opened(self, channel: str, address: str, ref: str) -> Opened | None:
        with self._store.reading() as work:
            rows = work.media.of_conversation(channel, address)
        row = next((row for row in reversed(rows) if row.media.ref == ref and row.kept), None)
        if row is None or row.kept is None or (content := self._vault.get(row.kept.sha)) is None:
            return None
        return Opened(content, row.kept.mime or sniff(content), row.media.name)


@dataclass(frozen=True)
class _Judged:
    """A file as it will be kept, with its small picture."""

    content: bytes
    thumb: bytes | None
    mime: str

    @property
    def kept(self) -> Kept:
        return Kept(
            name_of(self.content),
            self.mime,
            len(self.content),
            name_of(self.thumb) if self.thumb is not None else "",
        )


class MediaKeeper:
    """Runs until cancelled. ``sources``: by channel; what came with its bytes needs none."""

    def __init__(
        self,
        store: Store,
        hub: Hub,
        sources: Mapping[str, FileSource],
        *,
        settings: Settings,
        clock: Callable[[], datetime],
    ) -> None:
        self._store, self._hub, self._sources, self._clock = store, hub, sources, clock
        self._settings = settings
        self._vault = vault_of(settings)
        self._scanner: Scanner | None = scanner_of(settings.media_scanner)
        self._max_bytes = settings.media_max_mb * 1024 * 1024
        self._under_way: set[asyncio.Task[None]] = set()
        self._one_picture = CapacityLimiter(1)  # an opened one takes up to 150 MB
        self._swept_at: float | None = None
        self._house: House | None = None

    async def run(self) -> None:
        """Fetch what waits, delete what must go, for ever. A failing database is waited for."""
        async with self._hub.listening(TURN) as signal:
            while True:
                signal.clear()
                try:
                    found = await self.round()
                except Exception:  # its door: it must outlive whatever a round brings
                    logger.exception("media.round_failed")
                    found = False
                    await asyncio.sleep(1)
                if not found:
                    with suppress(asyncio.TimeoutError):
                        await asyncio.wait_for(signal.wait(), LOOK_S)

    async def round(self) -> bool:
        """Start what may start now; gives whether anything did."""
        try:
            await run_sync(self._bury)
        except OSError as error:  # what is to be deleted stays noted
            logger.warning("media.not_deleted: %s", type(error).__name__)
        room = CONCURRENCY - len(self._under_way)
        if room <= 0:
            await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)
            return True
        claimed = await run_sync(self._claim, room)
        for file in claimed:
            task = asyncio.create_task(self._keep(file))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
        return bool(claimed)

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    def _claim(self, limit: int) -> list[Claimed]:
        with self._store.reading() as work:  # without the write lock, so that idle looking disturbs nobody
            if not work.media.count_due(channels=tuple(self._sources), before=self._clock()):
                return []
        with self._store.writing() as work:
            return keeping.claim(work, channels=tuple(self._sources), now=self._clock(), limit=limit)

    async def _keep(self, file: Claimed) -> None:
        try:
            await self._try(file)
        except Exception:  # nothing could be noted: the lease ends, and somebody tries again
            logger.exception("media.not_noted: file=%s", file.id)

    async def _try(self, file: Claimed) -> None:
        began = time.perf_counter()
        try:
            content = await self._fetch(file)
            judged = await run_sync(self._judge, content, limiter=self._one_picture)
            became = await run_sync(self._write, file, judged)
        except Refused as refused:
            became = await run_sync(self._lose, file, FileState.REFUSED, refused.code)
        except FetchFailed as failure:
            became = await run_sync(self._failed, file, failure)
        except Exception as error:  # a bug or a full disk must not lose the file: it is tried again
            logger.exception("media.crashed: file=%s", file.id)
            became = await run_sync(self._failed, file, FetchFailed(type(error).__name__))
        FILES.labels(file.channel, became.partition(" ")[0]).inc()
        logger.info(
            "media.%s: file=%s attempt=%d ms=%.0f",
            became,
            file.id,
            file.attempts,
            1000 * (time.perf_counter() - began),
        )
        if became in (FileState.REFUSED.value, FileState.GONE.value):
            await self._hub.publish(SEND)

    async def _fetch(self, file: Claimed) -> bytes:
        if file.media.sha:
            content = await run_sync(self._vault.get, file.media.sha)
            if content is None:
                raise FetchFailed("bytes_lost", gone=True)
            return content
        fetching = self._sources[file.channel].fetch(file.media, max_bytes=self._max_bytes)
        try:
            return await asyncio.wait_for(fetching, FETCH_S)
        except asyncio.TimeoutError:
            raise FetchFailed("timeout") from None

    def _judge(self, content: bytes) -> _Judged:
        if len(content) > self._max_bytes:
            raise Refused("too_large")
        mime = sniff(content)
        try:
            if self._scanner is not None and not self._scanner.is_clean(content):
                raise Refused("infected")
        except ScannerAway as error:
            raise FetchFailed(f"scanner: {error}", retry_after_s=30.0) from error
        return _Judged(without_position(content, mime), thumbnail(content, mime), mime)

    def _write(self, file: Claimed, judged: _Judged) -> str:
        """First the bytes, which may take long; then the row, alone with the vault, so that nobody deletes the one
        before the other is there."""
        self._put(judged)
        with self._store.writing() as work:
            work.media.alone_with_bytes()
            if not keeping.record_kept(work, file, judged.kept, now=self._clock()):
                return "dropped"
            self._put(judged)  # only a look, unless they were deleted meanwhile as nobody's
        return FileState.KEPT.value

    def _put(self, judged: _Judged) -> None:
        self._vault.put(judged.content)
        if judged.thumb is not None:
            self._vault.put(judged.thumb)

    def _failed(self, file: Claimed, failure: FetchFailed) -> str:
        if not keeping.may_try_again(file, failure):
            return self._lose(file, FileState.GONE, failure.code)
        with self._store.writing() as work:
            keeping.record_retry(work, file, failure, now=self._clock(), jitter=random.random())
        return f"retry ({failure.code})"

    def _lose(self, file: Claimed, state: FileState, reason: str) -> str:
        with self._store.writing() as work:
            told, noted = self._words(work, file, state, reason)
            lost = keeping.record_lost(
                work,
                file,
                state,
                reason=reason,
                told=told,
                noted=noted,
                now=self._clock(),
            )
        return state.value if lost else "dropped"

    def _words(self, work: Work, file: Claimed, state: FileState, reason: str) -> tuple[str, str]:
        """What the person is told, and what staff read."""
        house = self._house = self._house or load_house(self._settings)
        language = work.conversations.get(file.conversation_id).language or house.languages[0]
        kind = f"kind_{file.media.kind}"
        key = "file_gone" if state is FileState.GONE else f"file_{reason}"
        key = key if key in house.words else "file_type"
        ours = house.languages[0]
        return (
            house.word(key, language).format(
                kind=house.word(kind, language), limit=self._settings.media_max_mb
            ),
            house.word("file_note", ours).format(kind=house.word(kind, ours), reason=reason),
        )

    def _bury(self) -> None:
        """Delete the bytes of people who were forgotten, and now and then what belongs to nobody."""
        with self._store.reading() as work:
            names = work.media.dead(limit=100)
        now = time.monotonic()
        if self._swept_at is None or now - self._swept_at > SWEEP_EVERY_S:
            self._swept_at = now
            names += [name for name in self._vault.older_than(SWEEP_AGE_S) if not self._is_needed(name)]
        for name in names:
            with self._store.writing() as work:
                work.media.alone_with_bytes()
                if not work.media.is_needed(name):
                    self._vault.delete(name)
                    logger.info("media.deleted")
                work.media.buried(name)

    def _is_needed(self, name: str) -> bool:
        with self._store.reading() as work:
            return work.media.is_needed(name)
