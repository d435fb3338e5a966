"""What staff send to a person: pictures are uploaded and sent; WeChat carries no files, so all else becomes a link.

An uploaded picture is good for three days, so that a second try, or a second person, needs no second upload.
"""

from __future__ import annotations

from dataclasses import replace

from casework.conversations.model import Button, DeliveryError, Media, OutboundMessage
from casework.media.links import DAYS
from casework.media.model import Files
from casework.media.types import extension_of
from connectors.wechat.api import WeChatApi
from connectors.wechat.render import Style, is_picture, with_buttons, words_for
from connectors.wechat.settings import WeChatSettings
from connectors.wechat.token import TokenStore

_UPLOADED_S = 2.5 * 24 * 3600.0
#: A media id that is over, or was never one.
_OVER = "40007"
#: Codes that refuse a picture for what it is. Source: Tencent, "返回码说明".
_REFUSED = frozenset({"40004", "40005", "40006", "40009", "40137", "45001", "media-too-large"})
#: How long a message waits whose bytes cannot be read, in seconds.
_STORE_AWAY_S = 300.0


class Pictures:
    """``files``: ``None`` where nobody sends any."""

    def __init__(self, settings: WeChatSettings, store: TokenStore, files: Files | None) -> None:
        self._settings, self._store, self._files = settings, store, files

    @property
    def has_links(self) -> bool:
        return self._files is not None and self._files.has_links

    def linked(self, message: OutboundMessage, *, all_of_them: bool) -> OutboundMessage:
        """``message`` with links in place of the files that cannot be sent. ``all_of_them``: not even pictures."""
        return replace(
            message,
            media=tuple(
                media
                if not media.sha or (is_picture(media) and not all_of_them)
                else self._as_link(message, media)
                for media in message.media
            ),
        )

    def in_words(self, message: OutboundMessage, photo: Media) -> str:
        """A line that stands for a picture."""
        link = self._as_link(message, photo)
        if not link.url:
            return f"[{words_for(message.language)['photo']}]"
        return with_buttons("", (Button(link.name, url=link.url),), Style.LINKS, language=message.language)

    async def send(self, api: WeChatApi, message: OutboundMessage, photo: Media) -> None:
        """Raises: DeliveryError."""
        try:
            ref = photo.ref or await self._uploaded(api, photo)
        except DeliveryError as error:
            if error.code not in _REFUSED or not self.has_links:
                raise
            body: dict[str, object] = {"msgtype": "text", "text": {"content": self.in_words(message, photo)}}
        else:
            body = {"msgtype": "image", "image": {"media_id": ref}}
        try:
            await api.send({"touser": message.address, **body})
        except DeliveryError as error:
            if error.code != _OVER or not photo.sha:
                raise
            await self._store.set(self._key(photo), "", ttl_s=_UPLOADED_S)
            ref = await self._uploaded(api, photo)
            await api.send({"touser": message.address, "msgtype": "image", "image": {"media_id": ref}})

    async def _uploaded(self, api: WeChatApi, photo: Media) -> str:
        """Its media id: of an earlier upload if there was one."""
        if known := await self._store.get(self._key(photo)):
            return known
        # A name of plain letters: parsers of forms differ in how they read others.
        name = f"picture.{extension_of(photo.mime)}"
        ref = await api.upload_image(await self._content(photo), name=name, mime=photo.mime)
        await self._store.set(self._key(photo), ref, ttl_s=_UPLOADED_S)
        return ref

    async def _content(self, photo: Media) -> bytes:
        try:
            content = await self._files.content(photo.sha) if self._files is not None else None
        except OSError:
            raise DeliveryError("file_store_away", retry_after_s=_STORE_AWAY_S) from None
        if content is None:
            raise DeliveryError("file_lost", permanent=True)
        return content

    def _key(self, photo: Media) -> str:
        return f"wechat:picture:{self._settings.app_id}:{photo.sha}"

    def _as_link(self, message: OutboundMessage, media: Media) -> Media:
        words = words_for(message.language)
        name = media.name or words["photo" if media.kind == "photo" else "file"]
        url = (
            self._files.link(message.conversation_id, media) if self._files is not None and media.sha else ""
        )
        shown = words["days"].format(name=name, days=DAYS) if url else name
        return Media("file", name=shown, url=url)
