"""A process that keeps files until it is killed: ``python -m tests.app.keeper_to_kill DATABASE_URL DATA_DIR KEY``."""

from __future__ import annotations

import asyncio
import random
import sys
from datetime import timedelta
from pathlib import Path

from app.bus import Hub
from app.media import MediaKeeper
from app.settings import Settings
from app.wiring import utc_now
from casework.conversations.model import Media
from casework.media import keeping
from casework.storage.database import Database
from casework.storage.work import Store


class SlowSource:
    """Gives each file a content of its own, after a moment."""

    async def fetch(self, media: Media, *, max_bytes: int) -> bytes:
        await asyncio.sleep(random.uniform(0, 0.05))
        return f"%PDF-1.7 {media.ref}".encode() * 2000


def main(database_url: str, data_dir: str, key: str) -> None:
    keeping.LEASE = timedelta(seconds=1)
    store = Store(Database(database_url, keys=(key,)))
    settings = Settings(data_dir=Path(data_dir))
    keeper = MediaKeeper(store, Hub(""), {"telegram": SlowSource()}, settings=settings, clock=utc_now)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    asyncio.run(keeper.run())


if __name__ == "__main__":
    main(*sys.argv[1:])
