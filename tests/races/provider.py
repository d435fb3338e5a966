"""Telegram as far as a storm needs it: takes what is sent, delivers what people write until it is taken.

The connector's own tests hold it against programs that are not ours; here only counting matters.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.connectors.telegram.peers.proxy import served

TOKEN = "4242:races-of-the-message-path"
SECRET = "races-secret"
#: A provider tries a delivery again after so long, in seconds; ours is impatient.
AGAIN_S = 0.3
_HEADERS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


class Provider:
    """``sent``: (chat, text) of everything that was taken, in order."""

    def __init__(self) -> None:
        self.sent: list[tuple[int, str]] = []
        self.deliveries = 0
        self.url = ""
        self._ids = itertools.count(1)
        self.app = Starlette(routes=[Route("/bot{token}/{method}", self._called, methods=["GET", "POST"])])

    async def _called(self, request: Request) -> Response:
        given = _arguments(await request.body(), request.headers.get("content-type", ""))
        method = request.path_params["method"]
        result: Any = True
        if method == "getMe":
            result = {"id": 4242, "is_bot": True, "first_name": "Bot", "username": "races_bot"}
        elif method == "getWebhookInfo":
            result = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
        elif method == "sendMessage":
            chat = int(given["chat_id"])
            self.sent.append((chat, str(given["text"])))
            result = {
                "message_id": next(self._ids),
                "date": 1_790_000_000,
                "chat": {"id": chat, "type": "private"},
                "text": given["text"],
            }
        return JSONResponse({"ok": True, "result": result})

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Provider]:
        async with served(self.app) as self.url:
            yield self

    async def deliver(
        self, client: httpx.AsyncClient, gateways: Sequence[str], update: dict[str, Any], rng: random.Random
    ) -> None:
        """Until a gateway has taken it; any of them may be asked."""
        while True:
            url = f"{rng.choice(gateways)}/webhooks/telegram"
            try:
                self.deliveries += 1
                answer = await client.post(url, json=update, headers=_HEADERS)
                if answer.status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            await asyncio.sleep(AGAIN_S)


def _arguments(body: bytes, kind: str) -> dict[str, Any]:
    if kind.startswith("application/json"):
        given: dict[str, Any] = json.loads(body)
        return given
    return {name: values[0] for name, values in parse_qs(body.decode()).items()}


def update(person: int, number: int) -> dict[str, Any]:
    """The ``number``th message of a person, as Telegram delivers it; the same one whenever asked."""
    who = {"id": 700_000 + person, "first_name": "P"}
    return {
        "update_id": person * 1000 + number,
        "message": {
            "message_id": number,
            "date": 1_790_000_000,
            "chat": {**who, "type": "private"},
            "from": {**who, "is_bot": False, "language_code": "en"},
            "text": f"note p{person}m{number}",
        },
    }
