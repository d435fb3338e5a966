"""The door Telegram knocks at. Checks the secret, stores the update, answers; the turn happens elsewhere.

Answers: 403 wrong secret, 413 too large, 500 only when storing failed or, in a group, Telegram has not said yet
what the bot is called (it then repeats the update), and 200 for everything else, since whatever is not 200 comes
again and holds up the chat.
"""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Mapping
from typing import Any, Protocol

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from casework.conversations.ports import Inbox
from connectors.telegram.receive import BotIdentity, Presses, is_said_in_group, stack_of, take_in
from connectors.telegram.settings import WEBHOOK_PATH, TelegramSettings

log = logging.getLogger(__name__)

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (the header's name)


class Receiver(Presses, Protocol):
    """The sender, as far as a door needs it: it answers presses and knows who the bot is."""

    @property
    def bot_identity(self) -> BotIdentity: ...

    async def identify(self) -> None: ...


def routes(settings: TelegramSettings, inbox: Inbox, sender: Receiver) -> list[Route]:
    """The webhook's route; none when the bot fetches its updates itself."""
    if settings.mode != "webhook":
        return []

    async def receive_update(request: Request) -> Response:
        if not _is_authentic(request, settings):
            return Response("wrong secret token", status_code=403)
        try:
            body = await _read_body(request, limit=settings.max_body_bytes)
        except ClientDisconnect:
            return Response(status_code=400)
        if body is None:
            return Response("update too large", status_code=413)
        update = _read_update(body)
        if update is None:
            log.warning("telegram.update.unreadable size=%d", len(body))
            return Response()
        return await _store(update, settings, inbox, sender)

    return [Route(WEBHOOK_PATH, receive_update, methods=["POST"])]


async def _store(
    update: Mapping[str, Any], settings: TelegramSettings, inbox: Inbox, sender: Receiver
) -> Response:
    try:
        if is_said_in_group(update):  # Telegram may deliver before registration has told the bot its name
            await sender.identify()
        await take_in(
            update, inbox=inbox, presses=sender, bot=sender.bot_identity, commands=settings.allowed_commands
        )
    except Exception as exc:
        # The door: whatever went wrong, the update is not stored, and Telegram keeps it for a day.
        log.error("telegram.update.not_stored update=%s\n%s", update.get("update_id"), stack_of(exc))
        return Response("not stored", status_code=500)
    return Response()


def _is_authentic(request: Request, settings: TelegramSettings) -> bool:
    given = request.headers.get(SECRET_HEADER, "")
    return hmac.compare_digest(given.encode("utf-8", "replace"), settings.secret_token.encode())


async def _read_body(request: Request, *, limit: int) -> bytes | None:
    """The body, or ``None`` as soon as it is known to exceed ``limit`` bytes, announced or not."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > limit:
        return None
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            return None
    return bytes(body)


def _read_update(body: bytes) -> Mapping[str, Any] | None:
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):  # nesting too deep for the parser is a RecursionError
        return None
    return update if isinstance(update, dict) else None
