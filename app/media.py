"""Keeping what people sent: fetched in the background, judged, cleaned, encrypted.

Any number of processes may run it: a file belongs to one of them at a time, and only that one's result counts.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime

from anyio.to_thread import run_sync

from app.bus import SEND, TURN, Hub
from app.files import taking_in, vault_of
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
    Refused,
    ScannerAway,
)
from casework.media.taking_in import Judged
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
        self._shelf = taking_in(settings, self._vault, max_mb=settings.media_max_mb)
        self._under_way: set[asyncio.Task[None]] = set()
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
            judged = await run_sync(self._judge, content)
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
        fetching = self._sources[file.channel].fetch(file.media, max_bytes=self._shelf.max_bytes)
        try:
            return await asyncio.wait_for(fetching, FETCH_S)
        except asyncio.TimeoutError:
            raise FetchFailed("timeout") from None

    def _judge(self, content: bytes) -> Judged:
        try:
            return self._shelf.judge(content)
        except ScannerAway as error:
            raise FetchFailed(f"scanner: {error}", retry_after_s=30.0) from error

    def _write(self, file: Claimed, judged: Judged) -> str:
        """First the bytes; then the row, alone with the vault, so that nobody deletes the one before the other is
        there."""
        self._shelf.put(judged)
        with self._store.writing() as work:
            work.media.alone_with_bytes()
            if not keeping.record_kept(work, file, judged.kept, now=self._clock()):
                return "dropped"
            self._shelf.put(judged)
        return FileState.KEPT.value

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
