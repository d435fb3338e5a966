"""Which channels run, from the settings: their routes, their way out, their polling."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import redis.asyncio
from starlette.routing import BaseRoute

from app.settings import Settings
from casework.conversations.ports import Inbox, PassiveReplies, Sender, Transcripts, WindowOf
from casework.media.model import Files, FileSource

if TYPE_CHECKING:
    from connectors.wechat.api import WeChatApi
    from connectors.wechat.settings import WeChatSettings
    from connectors.wechat.token import TokenStore

#: Longest life of the lock around a token request, in seconds.
_LOCK_S = 60


@dataclass(frozen=True)
class Channels:
    """``pollers`` run for as long as the gateway does; ``files``: by channel, where what people sent is fetched;
    ``windows``: of channels that let through only so much."""

    routes: tuple[BaseRoute, ...]
    senders: Mapping[str, Sender]
    pollers: tuple[Callable[[], Coroutine[None, None, None]], ...] = ()
    files: Mapping[str, FileSource] = field(default_factory=dict)
    windows: Mapping[str, WindowOf] = field(default_factory=dict)


class RedisTokenStore:
    """Provider tokens shared by all processes (``connectors.wechat.token.TokenStore``)."""

    def __init__(self, url: str) -> None:
        self._client = redis.asyncio.Redis.from_url(url, socket_timeout=3, socket_connect_timeout=2)

    async def get(self, key: str) -> str | None:
        value = await self._client.get(f"tingsu:{key}")
        return value.decode() if value is not None else None

    async def set(self, key: str, value: str, *, ttl_s: float) -> None:
        await self._client.set(f"tingsu:{key}", value, px=max(1, int(ttl_s * 1000)))

    def lock(self, key: str) -> AbstractAsyncContextManager[object]:
        return self._locked(key)

    @asynccontextmanager
    async def _locked(self, key: str) -> AsyncIterator[None]:
        async with self._client.lock(f"tingsu:lock:{key}", timeout=_LOCK_S, blocking_timeout=10):
            yield


def make_channels(
    settings: Settings,
    *,
    inbox: Inbox,
    passive: PassiveReplies,
    transcripts: Transcripts,
    files: Files,
    is_closing: Callable[[], bool] = lambda: False,
) -> Channels:
    """All channels that are set up. The web chat always is. ``is_closing`` ends its open streams."""
    made = [_web(settings, inbox, transcripts, files, is_closing)]
    if settings.has_telegram:
        made.append(_telegram(settings, inbox, files))
    if settings.has_wechat:
        made.append(_wechat(settings, inbox, passive, files))
    return Channels(
        routes=tuple(route for channels in made for route in channels.routes),
        senders={name: sender for channels in made for name, sender in channels.senders.items()},
        pollers=tuple(poller for channels in made for poller in channels.pollers),
        files={name: source for channels in made for name, source in channels.files.items()},
        windows={name: window for channels in made for name, window in channels.windows.items()},
    )


def _web(
    settings: Settings,
    inbox: Inbox,
    transcripts: Transcripts,
    files: Files,
    is_closing: Callable[[], bool],
) -> Channels:
    from connectors.web.routes import routes
    from connectors.web.send import WebSender
    from connectors.web.settings import WebSettings

    web = WebSettings(
        organisation=settings.organisation,
        languages=settings.languages,
        secure_cookie=settings.public_url.startswith("https://"),
        max_upload_bytes=min(10, settings.media_max_mb) * 1024 * 1024,
    )
    made = routes(web, inbox, transcripts, files, is_closing=is_closing)
    sender = WebSender(transcripts)
    return Channels(tuple(made), {"web": sender}, windows={"web": sender.window})


def _telegram(settings: Settings, inbox: Inbox, kept: Files) -> Channels:
    from connectors.fetching import Guard
    from connectors.telegram.files import TelegramFiles
    from connectors.telegram.polling import Poller
    from connectors.telegram.send import TelegramSender
    from connectors.telegram.settings import TelegramSettings
    from connectors.telegram.webhook import routes

    telegram = TelegramSettings(
        token=settings.telegram_token,
        mode="polling" if settings.telegram_mode == "polling" else "webhook",
        api_base=settings.telegram_api_base,
        secret_token=settings.telegram_secret_token,
        public_url=settings.public_url,
    )
    sender = TelegramSender(telegram, files=kept)
    guard = Guard(trusted=(telegram.api_base,))
    polls = (Poller(telegram, inbox, sender).run,) if telegram.mode == "polling" else ()
    return Channels(
        tuple(routes(telegram, inbox, sender)),
        {"telegram": sender},
        polls,
        {"telegram": TelegramFiles(telegram, sender, guard)},
    )


def _wechat(settings: Settings, inbox: Inbox, passive: PassiveReplies, kept: Files) -> Channels:
    from connectors.fetching import Guard
    from connectors.wechat.files import WeChatFiles
    from connectors.wechat.send import WeChatSender
    from connectors.wechat.webhook import routes

    wechat = _wechat_settings(settings)
    sender = WeChatSender(wechat, _token_store(settings), files=kept)
    files = WeChatFiles(sender, Guard(trusted=(wechat.api_base,)))
    return Channels(
        tuple(routes(wechat, inbox, passive, sender)),
        {"wechat": sender},
        files={"wechat": files},
        windows={"wechat": sender.window},
    )


@asynccontextmanager
async def wechat_api(settings: Settings) -> AsyncIterator[WeChatApi]:
    """The account's API for the command line, closed at the end of the block."""
    from connectors.wechat.api import WeChatApi

    api = WeChatApi(_wechat_settings(settings), _token_store(settings))
    try:
        yield api
    finally:
        await api.close()


def _token_store(settings: Settings) -> TokenStore:
    from connectors.wechat.token import MemoryTokenStore

    return RedisTokenStore(settings.redis_url) if settings.redis_url else MemoryTokenStore()


def _wechat_settings(settings: Settings) -> WeChatSettings:
    from connectors.wechat.settings import WeChatSettings

    modes = {"auto": "auto", "active": "active", "passive": "passive"}
    return WeChatSettings(
        app_id=settings.wechat_app_id,
        token=settings.wechat_token,
        app_secret=settings.wechat_app_secret,
        aes_key=settings.wechat_aes_key,
        previous_aes_key=settings.wechat_previous_aes_key,
        mode=modes[settings.wechat_mode],  # type: ignore[arg-type]
        api_base=settings.wechat_api_base,
        subscription_id=settings.wechat_subscription_id,
        template_id=settings.wechat_template_id,
        notice_fields=settings.wechat_notice_fields,
        organisation=settings.organisation,
        timezone=settings.timezone,
    )
