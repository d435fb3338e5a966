"""Files that people send, from the message to the vault and out again, on both databases."""

from __future__ import annotations

import asyncio
import io
import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from app.bus import Hub
from app.files import StoredFiles, vault_of
from app.media import SWEEP_AGE_S, MediaKeeper
from app.settings import Settings
from casework import people
from casework.conversations import inbox
from casework.conversations.inbox import TurnRules
from casework.conversations.model import InboundMessage, Media, StoredMessage
from casework.media import keeping
from casework.media.model import FetchFailed, FileRow, FileState, Kept, Refused
from casework.storage.database import DatabaseUnavailable
from casework.storage.work import Store
from tests.casework.media.test_pictures import photo
from tests.conftest import NOW

PHOTO = photo("JPEG")


class Source:
    """A channel's files. ``script``: what the next calls bring; then ``content``."""

    def __init__(self, content: bytes = PHOTO) -> None:
        self.content = content
        self.script: list[Exception] = []
        self.calls = 0

    async def fetch(self, media: Media, *, max_bytes: int) -> bytes:
        self.calls += 1
        await asyncio.sleep(0)
        if self.script:
            raise self.script.pop(0)
        return self.content


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", media_max_mb=1)


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
def keeper(store: Store, source: Source, settings: Settings, clock: Clock) -> MediaKeeper:
    return another(store, source, settings, clock)


def another(store: Store, source: Source, settings: Settings, clock: Clock) -> MediaKeeper:
    return MediaKeeper(store, Hub(""), {"telegram": source}, settings=settings, clock=clock)


def receive(
    store: Store, media: Media, *, address: str = "ann", channel: str = "telegram", number: int = 1
) -> int:
    message = InboundMessage(channel, f"{address}-{number}", address, media=(media,))
    with store.writing() as work:
        return inbox.receive(work, message, now=NOW, rules=TurnRules()).conversation_id


def sent(number: int = 1) -> Media:
    return Media("photo", ref=f"F{number}", name="厅.jpg")


async def worked(keeper: MediaKeeper) -> None:
    """Rounds until nothing is due."""
    while await keeper.round():
        await keeper.idle()
    await keeper.idle()


def rows(store: Store) -> list[FileRow]:
    with store.reading() as work:
        return work.media.newest(limit=50)


def told(store: Store, conversation_id: int) -> list[StoredMessage]:
    with store.reading() as work:
        return [m for m in work.messages.transcript(conversation_id) if m.direction == "out"]


def on_disk(settings: Settings) -> list[str]:
    return sorted(p.name for p in (settings.data_dir / "media").glob("??/*"))


async def test_a_photo_is_kept_without_its_position_with_a_small_picture_and_unreadable_on_disk(
    store: Store, keeper: MediaKeeper, settings: Settings
) -> None:
    receive(store, sent())
    await worked(keeper)
    (row,) = rows(store)
    assert row.state is FileState.KEPT
    assert row.kept is not None
    assert (row.kept.mime, row.media.name) == ("image/jpeg", "厅.jpg")
    vault = vault_of(settings)
    content, small = vault.get(row.kept.sha), vault.get(row.kept.thumb)
    assert content is not None
    assert small is not None
    assert not Image.open(io.BytesIO(content)).getexif().get_ifd(0x8825)
    assert max(Image.open(io.BytesIO(small)).size) <= 320
    assert on_disk(settings) == sorted([row.kept.sha, row.kept.thumb])


async def test_stickers_and_places_are_not_fetched(store: Store, keeper: MediaKeeper, source: Source) -> None:
    receive(store, Media("sticker", ref="S"), number=1)
    receive(store, Media("location", latitude=31.2, longitude=121.4), number=2)
    await worked(keeper)
    assert (source.calls, rows(store)) == (0, [])


async def test_any_number_of_keepers_fetch_each_file_once(
    store: Store, settings: Settings, clock: Clock, source: Source
) -> None:
    for number in range(12):
        receive(store, sent(number), number=number)
    keepers = [another(store, source, settings, clock) for _ in range(3)]
    await asyncio.gather(*map(worked, keepers))
    assert source.calls == 12
    assert [row.state for row in rows(store)] == [FileState.KEPT] * 12
    assert [row.attempts for row in rows(store)] == [1] * 12


async def test_a_keeper_that_dies_in_the_middle_is_replaced_after_its_lease(
    store: Store, keeper: MediaKeeper, clock: Clock, source: Source
) -> None:
    receive(store, sent())
    with store.writing() as work:
        (dead,) = keeping.claim(work, channels=["telegram"], now=NOW, limit=5)
    await worked(keeper)
    assert source.calls == 0
    clock.now += keeping.LEASE
    with store.writing() as work:
        (heir,) = keeping.claim(work, channels=["telegram"], now=clock.now, limit=5)
        # It was not dead, only slow: what it brings counts no more.
        brought = Kept("0" * 64, "image/jpeg", 1)
        assert not keeping.record_kept(work, dead, brought, now=clock.now)
        keeping.record_retry(work, dead, FetchFailed("network"), now=clock.now, jitter=0)
    assert (rows(store)[0].state, rows(store)[0].reason) == (FileState.PENDING, "")
    with store.writing() as work:
        assert keeping.record_kept(work, heir, brought, now=clock.now)
    assert (rows(store)[0].state, rows(store)[0].attempts) == (FileState.KEPT, 2)


async def test_a_provider_that_is_down_is_asked_again_more_and_more_rarely_for_three_days(
    store: Store, keeper: MediaKeeper, clock: Clock, source: Source
) -> None:
    conversation = receive(store, sent())
    source.script = [FetchFailed("network") for _ in range(1000)]
    pauses: list[float] = []
    last = clock.now
    while rows(store)[0].state is FileState.PENDING:
        before = source.calls
        await worked(keeper)
        if source.calls > before:
            pauses.append((clock.now - last).total_seconds())
            last = clock.now
        clock.now += timedelta(seconds=2 if len(pauses) < 3 else 1800)
    (row,) = rows(store)
    assert (row.state, row.reason) == (FileState.GONE, "network")
    assert clock.now - NOW >= keeping.GIVE_UP_AFTER
    assert 20 < source.calls < 120
    assert pauses[1] < 60 < max(pauses) <= 2 * 3600
    line, _ = told(store, conversation)
    assert "照片" in line.text
    assert "再发一次" in line.text


async def test_the_providers_own_wish_to_wait_is_obeyed(
    store: Store, keeper: MediaKeeper, clock: Clock, source: Source
) -> None:
    receive(store, sent())
    source.script = [FetchFailed("flood", retry_after_s=90.0)]
    await worked(keeper)
    clock.now += timedelta(seconds=89)
    await worked(keeper)
    assert source.calls == 1
    clock.now += timedelta(seconds=2)
    await worked(keeper)
    assert rows(store)[0].state is FileState.KEPT


@pytest.mark.parametrize(
    ("content", "failure", "state", "reason", "words"),
    [
        (b"MZ\x90", None, FileState.REFUSED, "program", "程序"),
        (b"\x00\x01", None, FileState.REFUSED, "type", "打不开"),
        (b"", None, FileState.REFUSED, "empty", "打不开"),
        (b"x" * (1024 * 1024 + 1), None, FileState.REFUSED, "too_large", "1MB"),
        (b"", Refused("too_large"), FileState.REFUSED, "too_large", "1MB"),
        (b"", FetchFailed("40007", gone=True), FileState.GONE, "40007", "再发一次"),
    ],
)
async def test_what_cannot_be_kept_is_told_once_to_the_person_and_to_staff(
    store: Store,
    keeper: MediaKeeper,
    settings: Settings,
    source: Source,
    content: bytes,
    failure: Exception | None,
    state: FileState,
    reason: str,
    words: str,
) -> None:
    source.content, source.script = content, [failure] if failure else []
    conversation = receive(store, sent())
    await worked(keeper)
    await worked(keeper)
    (row,) = rows(store)
    assert (row.state, row.reason, row.kept) == (state, reason, None)
    line, note = told(store, conversation)
    assert words in line.text
    assert (line.internal, note.internal) == (False, True)
    assert reason in note.text
    assert on_disk(settings) == []


async def test_an_infected_file_is_refused_and_a_scanner_that_is_away_is_waited_for(
    store: Store, source: Source, settings: Settings, clock: Clock, tmp_path: Path
) -> None:
    verdict = tmp_path / "verdict"
    verdict.write_text("exit 2")
    scanned = Settings(data_dir=settings.data_dir, media_scanner=f"command:sh {verdict}")
    keeper = another(store, source, scanned, clock)
    receive(store, sent())
    await worked(keeper)
    assert rows(store)[0].state is FileState.PENDING
    assert on_disk(settings) == []
    verdict.write_text("cat >/dev/null; exit 1")
    clock.now += timedelta(minutes=2)
    await worked(keeper)
    assert (rows(store)[0].state, rows(store)[0].reason) == (FileState.REFUSED, "infected")
    assert on_disk(settings) == []


async def test_a_full_disk_loses_nothing(
    store: Store, keeper: MediaKeeper, settings: Settings, clock: Clock
) -> None:
    (settings.data_dir).mkdir()
    (settings.data_dir / "media").write_text("a file where the folder should be")
    receive(store, sent())
    await worked(keeper)
    assert (rows(store)[0].state, rows(store)[0].kept) == (FileState.PENDING, None)
    (settings.data_dir / "media").unlink()
    clock.now += timedelta(minutes=1)
    await worked(keeper)
    assert rows(store)[0].state is FileState.KEPT


async def test_a_database_that_goes_away_in_the_middle_costs_nothing_but_the_lease(
    store: Store, keeper: MediaKeeper, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(store, sent())

    def gone(*_: object, **__: object) -> bool:
        raise DatabaseUnavailable("gone")

    with monkeypatch.context() as away:
        away.setattr(keeping, "record_kept", gone)
        away.setattr(keeping, "record_retry", gone)
        await worked(keeper)
    assert rows(store)[0].state is FileState.PENDING
    clock.now += keeping.LEASE
    await worked(keeper)
    assert (rows(store)[0].state, rows(store)[0].attempts) == (FileState.KEPT, 2)


class TestForgetting:
    def erase(self, store: Store, conversation_id: int) -> None:
        with store.writing() as work:
            conversation = work.conversations.get(conversation_id)
            people.erase(work, conversation, stand_in=f"x{conversation_id}", now=NOW)

    async def test_the_bytes_go_with_the_person(
        self, store: Store, keeper: MediaKeeper, settings: Settings
    ) -> None:
        conversation = receive(store, sent())
        await worked(keeper)
        assert len(on_disk(settings)) == 2
        self.erase(store, conversation)
        await worked(keeper)
        assert on_disk(settings) == []

    async def test_what_somebody_else_sent_too_stays_for_them(
        self, store: Store, keeper: MediaKeeper, settings: Settings
    ) -> None:
        ann, ben = receive(store, sent()), receive(store, sent(), address="ben")
        await worked(keeper)
        self.erase(store, ann)
        await worked(keeper)
        assert len(on_disk(settings)) == 2
        self.erase(store, ben)
        await worked(keeper)
        assert on_disk(settings) == []

    async def test_what_arrives_while_the_person_is_forgotten_is_not_kept(
        self, store: Store, keeper: MediaKeeper, settings: Settings, source: Source
    ) -> None:
        conversation = receive(store, sent())
        test = self

        async def fetch(media: Media, *, max_bytes: int) -> bytes:
            test.erase(store, conversation)
            return PHOTO

        source.fetch = fetch  # type: ignore[method-assign]
        await worked(keeper)
        assert on_disk(settings) == []
        assert told(store, conversation) == []

    async def test_bytes_are_not_deleted_between_being_written_and_being_noted(
        self, store: Store, settings: Settings, clock: Clock, source: Source
    ) -> None:
        first, second = (another(store, source, settings, clock) for _ in range(2))
        ann = receive(store, sent())
        await worked(first)
        self.erase(store, ann)
        receive(store, sent(), address="ben")
        put, burying = first._vault.put, threading.Thread(target=second._bury)

        def put_while_the_other_buries(content: bytes) -> str:
            name = put(content)
            if burying.ident is None:
                burying.start()
                burying.join(0.5)  # it must wait for us, not we for it
            return name

        first._vault.put = put_while_the_other_buries  # type: ignore[method-assign]
        first._bury = lambda: None  # type: ignore[method-assign]
        await worked(first)
        burying.join()
        (row,) = rows(store)
        assert row.kept is not None
        assert vault_of(settings).get(row.kept.sha) is not None

    async def test_forgetting_and_sending_the_same_at_once_never_loses_the_living(
        self, store: Store, settings: Settings, clock: Clock, source: Source
    ) -> None:
        """One person after the other is forgotten while the next sends the same photo."""
        keepers = [another(store, source, settings, clock) for _ in range(2)]
        last = receive(store, sent(), address="p0")
        for number in range(1, 9):
            await worked(keepers[0])
            following = receive(store, sent(), address=f"p{number}")
            eraser = threading.Thread(target=self.erase, args=(store, last))
            eraser.start()
            await asyncio.gather(*map(worked, keepers))
            eraser.join()
            last = following
        await asyncio.gather(*map(worked, keepers))
        (row,) = rows(store)
        assert row.kept is not None
        assert vault_of(settings).get(row.kept.sha) is not None
        assert on_disk(settings) == sorted([row.kept.sha, row.kept.thumb])


class TestTheWebPage:
    @pytest.fixture
    def files(self, store: Store, settings: Settings) -> StoredFiles:
        return StoredFiles(store, vault_of(settings))

    async def send(
        self, store: Store, files: StoredFiles, content: bytes = PHOTO, address: str = "ann"
    ) -> str:
        sha = await files.arrive(content)
        receive(store, Media("photo", sha=sha, name="厅.jpg"), address=address, channel="web")
        return sha

    async def test_who_sent_it_sees_it_at_once_and_cleaned_later_and_nobody_else_does(
        self, store: Store, keeper: MediaKeeper, files: StoredFiles, settings: Settings
    ) -> None:
        sha = await self.send(store, files)
        at_once = await files.opened("web", "ann", sha)
        assert at_once is not None
        assert (at_once.content, at_once.mime, at_once.name) == (PHOTO, "image/jpeg", "厅.jpg")
        await worked(keeper)
        later = await files.opened("web", "ann", sha)
        assert later is not None
        assert b"2026:11:20\0" not in later.content
        assert await files.opened("web", "ben", sha) is None
        await worked(keeper)
        (row,) = rows(store)
        assert row.kept is not None
        assert on_disk(settings) == sorted([row.kept.sha, row.kept.thumb])  # what arrived is deleted

    async def test_a_refused_file_is_not_shown_and_not_left_behind(
        self, store: Store, keeper: MediaKeeper, files: StoredFiles, settings: Settings
    ) -> None:
        sha = await self.send(store, files, b"MZ\x90")
        await worked(keeper)
        await worked(keeper)
        assert rows(store)[0].state is FileState.REFUSED
        assert await files.opened("web", "ann", sha) is None
        assert on_disk(settings) == []

    async def test_bytes_of_a_message_that_never_came_are_swept_away(
        self, store: Store, settings: Settings, clock: Clock, files: StoredFiles, source: Source
    ) -> None:
        import os
        import time

        await files.arrive(b"%PDF-1.7 lost")
        kept = await self.send(store, files, b"%PDF-1.7 kept")
        for path in (settings.data_dir / "media").glob("??/*"):
            os.utime(path, (time.time() - SWEEP_AGE_S - 9,) * 2)
        keeper = another(store, source, settings, clock)
        await worked(keeper)
        assert await files.opened("web", "ann", kept) is not None
        assert len(on_disk(settings)) == 1
