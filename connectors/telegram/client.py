"""The library's bot, set up so that it keeps quiet about the token."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import httpx
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from connectors.telegram.settings import TelegramSettings

#: Loggers that print more than we may keep, with the lowest level they are left: httpx logs each URL, which
#: holds the token; the library logs it at DEBUG, and prints unreadable answers (which may quote a message)
#: as errors.
_QUIET = {
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "telegram": logging.WARNING,
    "telegram.Bot": logging.WARNING,
    "telegram.ext.ExtBot": logging.WARNING,
    "telegram.request.BaseRequest": logging.CRITICAL,
    "telegram.ext.AIORateLimiter": logging.CRITICAL,
}
_CONNECTIONS = 64


@dataclass(frozen=True)
class Client:
    """A bot and the connections it owns.

    ``initialize`` of the library's bot would ask Telegram, so it is not used.
    """

    bot: ExtBot[int]
    connections: tuple[HTTPXRequest, ...]

    async def open(self) -> None:
        for connection in self.connections:
            await connection.initialize()

    async def close(self) -> None:
        for connection in self.connections:
            await connection.shutdown()


def open_client(settings: TelegramSettings, *, transport: httpx.AsyncBaseTransport | None = None) -> Client:
    """A client ready for use; nothing is sent yet. ``transport`` replaces the network."""
    quieten_libraries()
    sending = _connection(settings, _CONNECTIONS, transport)
    polling = _connection(settings, 1, transport)
    bot = ExtBot(
        token=settings.token,
        base_url=f"{settings.api_base}/bot",
        base_file_url=f"{settings.api_base}/file/bot",
        request=sending,
        get_updates_request=polling,
        # No retries there: the courier owns them, and a wait for one chat would hold up all the others.
        rate_limiter=AIORateLimiter(max_retries=0),
    )
    return Client(bot=bot, connections=(sending, polling))


def quieten_libraries() -> None:
    """Raise the libraries' log levels; a level that is stricter already is kept."""
    for name, level in _QUIET.items():
        logger = logging.getLogger(name)
        logger.setLevel(max(logger.level, level))


def _connection(
    settings: TelegramSettings, size: int, transport: httpx.AsyncBaseTransport | None
) -> HTTPXRequest:
    return HTTPXRequest(
        httpx_kwargs={"transport": transport} if transport else None,
        connection_pool_size=size,
        connect_timeout=settings.timeout_s,
        read_timeout=settings.timeout_s,
        write_timeout=settings.timeout_s,
        pool_timeout=settings.timeout_s,
    )
