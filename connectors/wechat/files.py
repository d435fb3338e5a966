"""Fetching what people sent: by media id, which the platform keeps for three days, or by a picture's address."""

from __future__ import annotations

from casework.conversations.model import DeliveryError, Media
from casework.media.model import FetchFailed, Refused
from connectors.fetching import Guard
from connectors.wechat.send import WeChatSender

#: Media ids that are over or were never one. Source: Tencent, "返回码说明".
_GONE = frozenset({"40007", "40009", "41005", "media-answer"})


class WeChatFiles:
    """The port ``FileSource`` for WeChat."""

    def __init__(self, sender: WeChatSender, guard: Guard) -> None:
        self._sender = sender
        self._guard = guard

    async def fetch(self, media: Media, *, max_bytes: int) -> bytes:
        if media.ref:
            try:
                return await self._by_id(media.ref, max_bytes)
            except FetchFailed as failure:
                if not media.url:
                    raise failure
        content, _ = await self._guard.get(media.url, max_bytes=max_bytes)
        return content

    async def _by_id(self, ref: str, max_bytes: int) -> bytes:
        try:
            found = await self._sender.api.download(ref, max_bytes=max_bytes)
        except DeliveryError as error:
            if error.code == "answer-too-large":
                raise Refused("too_large") from None
            raise FetchFailed(
                error.code, gone=error.code in _GONE, retry_after_s=error.retry_after_s
            ) from None
        if found.url:
            return (await self._guard.get(found.url, max_bytes=max_bytes))[0]
        return found.content
