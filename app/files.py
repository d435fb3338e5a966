"""Kept files: where they lie, and the ways in which they are given out again."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from app.settings import Settings
from app.wiring import utc_now
from casework.conversations.model import Media
from casework.media.links import PATH, Links
from casework.media.model import FileRow, Opened
from casework.media.scanning import scanner_of
from casework.media.shelves import Bucket, BucketAddress, Folder, bucket_of
from casework.media.taking_in import TakingIn
from casework.media.types import SHOWN_IN_PLACE, extension_of, sniff
from casework.media.vault import Vault
from casework.storage.database import DatabaseUnavailable
from casework.storage.fields import cipher
from casework.storage.work import Store

#: Largest file that staff send, in MB. Source: what WeChat and Telegram take as a picture (10 MB).
SENT_MB = 10
_OVER = (
    "这个链接打不开了：已经过期，或不完整。请回到聊天里说一声，我们再发一次。\n"
    "This link is over, or incomplete. Please say so in the chat, and we will send the file again.\n"
)
_AWAY = "文件暂时打不开，请过一会儿再试。\nThe file cannot be opened just now. Please try again in a while.\n"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "Cache-Control": "private, no-store",
}


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


def taking_in(settings: Settings, vault: Vault, *, max_mb: int) -> TakingIn:
    """The way onto the shelf for files of at most ``max_mb``."""
    return TakingIn(vault, scanner=scanner_of(settings.media_scanner), max_bytes=max_mb * 1024 * 1024)


class StoredFiles:
    """``casework.media.model.Files`` over vault and database, and the page behind a link."""

    def __init__(self, store: Store, vault: Vault, *, base: str = "") -> None:
        self._store, self._vault = store, vault
        self._links = Links(base, cipher, utc_now)

    async def arrive(self, content: bytes) -> str:
        return await run_sync(self._vault.put, content)

    async def opened(self, channel: str, address: str, sha: str) -> Opened | None:
        return await run_sync(self._opened, channel, address, sha)

    async def content(self, sha: str) -> bytes | None:
        return await run_sync(self._vault.get, sha)

    @property
    def has_links(self) -> bool:
        return bool(self._links)

    def link(self, conversation_id: int, media: Media) -> str:
        return self._links.address(conversation_id, media.sha)

    def routes(self) -> list[Route]:
        return [Route(PATH + "{mark}", self._behind_link, methods=["GET"], name="linked-file")]

    def _opened(self, channel: str, address: str, sha: str) -> Opened | None:
        with self._store.reading() as work:
            rows = work.media.of_conversation(channel, address)
        return self._newest(rows, sha)

    def _linked(self, mark: str) -> Opened | None:
        found = self._links.read(mark)
        if found is None:
            return None
        with self._store.reading() as work:
            rows = work.media.in_conversation(found[0])
        return self._newest(rows, found[1])

    def _newest(self, rows: Sequence[FileRow], sha: str) -> Opened | None:
        """A file by the name under which it came or under which it is kept."""
        for row in reversed(rows):
            if row.kept is not None and sha in (row.media.sha, row.kept.sha):
                content = self._vault.get(row.kept.sha)
                return Opened(content, row.kept.mime or sniff(content), row.media.name) if content else None
        return None

    async def _behind_link(self, request: Request) -> Response:
        try:
            file = await run_sync(self._linked, request.path_params["mark"])
        except (OSError, DatabaseUnavailable):
            return PlainTextResponse(_AWAY, status_code=503, headers={**_HEADERS, "Retry-After": "60"})
        if file is None:
            return PlainTextResponse(_OVER, status_code=404, headers=_HEADERS)
        how = "inline" if file.mime in SHOWN_IN_PLACE else "attachment"
        name = quote(file.name or f"file.{extension_of(file.mime)}", safe="")
        shown = {"Content-Disposition": f"{how}; filename*=utf-8''{name}"}
        return Response(file.content, media_type=file.mime, headers={**_HEADERS, **shown})
