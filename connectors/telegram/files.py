"""Fetching what people sent: getFile, then a download from the same server. Up to 20 MB."""

from __future__ import annotations

from urllib.parse import quote

from telegram.error import BadRequest

from casework.conversations.model import Media
from casework.media.model import FetchFailed, Refused
from connectors.fetching import Guard
from connectors.telegram.failures import delivery_error
from connectors.telegram.send import TelegramSender
from connectors.telegram.settings import TelegramSettings

#: Largest file that getFile gives out, in bytes. Source: Bot API, getFile.
MAX_FILE_BYTES = 20 * 1024 * 1024


class TelegramFiles:
    """The port ``FileSource`` for Telegram. Uses the sender's connections for asking."""

    def __init__(self, settings: TelegramSettings, sender: TelegramSender, guard: Guard) -> None:
        self._settings = settings
        self._sender = sender
        self._guard = guard

    async def fetch(self, media: Media, *, max_bytes: int) -> bytes:
        limit = min(max_bytes, MAX_FILE_BYTES)
        if (media.size_bytes or 0) > limit:
            raise Refused("too_large")
        path = await self._path(media.ref, limit)
        content, _ = await self._guard.get(
            f"{self._settings.api_base}/file/bot{self._settings.token}/{quote(path)}", max_bytes=limit
        )
        return content

    async def _path(self, ref: str, limit: int) -> str:
        """Where the file lies on Telegram's server."""
        failure: FetchFailed | Refused
        try:
            file = await self._sender.client.bot.get_file(ref)
        except BadRequest as error:
            if "too big" in error.message.lower():
                failure = Refused("too_large")
            else:
                failure = FetchFailed("refused", gone="temporarily" not in error.message.lower())
        except Exception as error:  # a door: the library's exceptions can hold the token, see below
            told = delivery_error(error)
            failure = FetchFailed(told.code, retry_after_s=told.retry_after_s)
        else:
            base = f"{self._settings.api_base}/file/bot{self._settings.token}/"
            path = (file.file_path or "").removeprefix(base)
            if (file.file_size or 0) > limit:
                failure = Refused("too_large")
            elif path and not path.startswith("/") and ".." not in path:
                return path
            else:
                failure = FetchFailed("file_path", gone=True)
        # Raised outside the block, so that nothing with the token in it is chained.
        raise failure
