"""Telling Telegram about us at start: who are we, where do updates go, what is in the menu."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from telegram import Bot

from casework.conversations.model import DeliveryError
from connectors.telegram.commands import FALLBACK_LANGUAGE, MENU_LANGUAGES, menu
from connectors.telegram.failures import delivery_error
from connectors.telegram.receive import BotIdentity
from connectors.telegram.settings import ALLOWED_UPDATES, TelegramSettings

log = logging.getLogger(__name__)

_LONGEST_WAIT_S = 300.0


async def register(bot: Bot, settings: TelegramSettings) -> BotIdentity:
    """Register webhook and menu. Telegram is asked first, and the webhook is set only if it differs.

    Raises: telegram.error.TelegramError.
    """
    me = await bot.get_me()
    if settings.mode == "webhook" and settings.webhook_url:
        await _register_webhook(bot, settings)
    await _register_menu(bot, settings)
    return BotIdentity(id=me.id, username=me.username or "")


async def persist(
    attempt: Callable[[], Awaitable[None]],
    *,
    failed: Callable[[DeliveryError], None],
    sleep: Callable[[float], Awaitable[None]],
) -> None:
    """Repeat ``attempt`` until it succeeds, waiting 1, 2, 4, … seconds, or as long as Telegram wishes."""
    wait_s = 1.0
    while True:
        try:
            await attempt()
        except Exception as exc:
            # A door: whatever goes wrong here must not stop the gateway.
            failure = delivery_error(exc)
        else:
            return
        failed(failure)
        pause_s = max(wait_s, failure.retry_after_s or 0.0)
        log.warning("telegram.registration.failed code=%s retry_in_s=%.0f", failure.code, pause_s)
        await sleep(pause_s)
        wait_s = min(wait_s * 2, _LONGEST_WAIT_S)


async def _register_webhook(bot: Bot, settings: TelegramSettings) -> None:
    info = await bot.get_webhook_info()
    if info.url == settings.webhook_url and set(info.allowed_updates or ()) == set(ALLOWED_UPDATES):
        return
    await bot.set_webhook(
        url=settings.webhook_url,
        allowed_updates=ALLOWED_UPDATES,
        secret_token=settings.secret_token,
        drop_pending_updates=False,  # these are complaints
    )
    log.info("telegram.webhook.registered")


async def _register_menu(bot: Bot, settings: TelegramSettings) -> None:
    await bot.set_my_commands(menu(FALLBACK_LANGUAGE, allowed=settings.allowed_commands))
    for language in MENU_LANGUAGES:
        await bot.set_my_commands(menu(language, allowed=settings.allowed_commands), language_code=language)
