"""What Telegram's refusals mean for the courier.

The library's own words stay here: they may hold the token.
"""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from casework.conversations.model import DeliveryError

#: Parts of descriptions that mean: nothing can be sent there until the person writes again.
#: Source: descriptions of the Bot API server (tdlib/telegram-bot-api, Client.cpp).
_UNREACHABLE = (
    "chat not found",
    "user not found",
    "user is deactivated",
    "peer_id_invalid",
    "bot was kicked",
    "bot is not a member",
    "not enough rights",
    "have no rights",
    "need administrator rights",
    "chat_write_forbidden",
    "group chat was deactivated",
)

#: Parts of descriptions of pictures that are too wide, too long, broken or of an unknown make. Source: as above.
_BAD_PHOTO = ("photo_", "image_process_failed")

#: Troubles that happen before anything of the request has left this machine.
_NOT_YET_OUT = (
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ConnectError,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


def delivery_error(error: Exception, *, sent_ids: tuple[str, ...] = ()) -> DeliveryError:
    """The same failure in the core's words.

    Raise the result outside the ``except`` block, so that the library's exception is not chained to it.
    """
    if isinstance(error, RetryAfter):
        return DeliveryError("flood", retry_after_s=_seconds(error.retry_after), sent_ids=sent_ids)
    if isinstance(error, ChatMigrated):
        return DeliveryError(f"migrated:{error.new_chat_id}", permanent=True, sent_ids=sent_ids)
    if isinstance(error, Forbidden):
        return DeliveryError("forbidden", permanent=True, unreachable=True, sent_ids=sent_ids)
    if isinstance(error, InvalidToken):
        return DeliveryError("token_refused", configuration=True, sent_ids=sent_ids)
    if isinstance(error, Conflict):
        return DeliveryError("conflict", configuration=True, sent_ids=sent_ids)
    if isinstance(error, BadRequest):  # before NetworkError, of which it is a kind
        return _refused(error, sent_ids)
    if isinstance(error, TimedOut):
        return DeliveryError("timeout", maybe_sent=_may_be_out(error), sent_ids=sent_ids)
    if isinstance(error, NetworkError):
        return DeliveryError("network", maybe_sent=_may_be_out(error), sent_ids=sent_ids)
    if isinstance(error, TelegramError):
        return DeliveryError("unreadable_answer", maybe_sent=True, sent_ids=sent_ids)
    return DeliveryError("broken_answer", maybe_sent=True, sent_ids=sent_ids)


def is_bad_markup(error: BadRequest) -> bool:
    """Whether Telegram could not read our HTML."""
    return "can't parse entities" in error.message.lower()


def is_bad_photo(error: BadRequest) -> bool:
    """Whether Telegram cannot show this picture, of whatever size or make it is; as a document it takes it."""
    return any(sign in error.message.lower() for sign in _BAD_PHOTO)


def _refused(error: BadRequest, sent_ids: tuple[str, ...]) -> DeliveryError:
    description = error.message.lower()
    unreachable = any(reason in description for reason in _UNREACHABLE)
    # Up to the first colon or quote: what follows may quote the message.
    reason = re.split(r"[:\"'<]", description.removeprefix("bad request: "))[0].strip()[:60]
    return DeliveryError(f"refused: {reason}", permanent=True, unreachable=unreachable, sent_ids=sent_ids)


def _may_be_out(error: NetworkError) -> bool:
    """Whether the request may have reached Telegram although no answer did. A 5xx is an answer."""
    cause = error.__cause__
    return isinstance(cause, httpx.TransportError) and not isinstance(cause, _NOT_YET_OUT)


def _seconds(retry_after: int | timedelta) -> float:
    return retry_after.total_seconds() if isinstance(retry_after, timedelta) else float(retry_after)
