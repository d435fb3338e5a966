"""Stand-ins at the two edges: the core's inbox, and Telegram's Bot API behind httpx's transport."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.requests import Request

from casework.conversations.model import Author, InboundMessage, OutboundMessage, Received
from connectors.telegram.client import open_client
from connectors.telegram.receive import BotIdentity, Press
from connectors.telegram.send import TelegramSender
from connectors.telegram.settings import TelegramSettings
from tests.connectors.shelf import Shelf

TOKEN = "987654321:TEST-not-a-real-token_0123456789abc"
BOT_ID = 987654321

Answer = httpx.Response | Exception


def settings(**changes: Any) -> TelegramSettings:
    given: dict[str, Any] = {"token": TOKEN, "public_url": "https://complaints.example.org"}
    return TelegramSettings(**{**given, **changes})


def outbound(text: str = "您好", **changes: Any) -> OutboundMessage:
    given: dict[str, Any] = {
        "id": 1,
        "conversation_id": 1,
        "channel": "telegram",
        "address": "5000000042",
        "text": text,
        "author": Author.BOT,
    }
    return OutboundMessage(**{**given, **changes})


class RecordingInbox:
    """Keeps what arrives, and knows a delivery it has seen. ``failures`` are raised first, one a call."""

    def __init__(self, *failures: Exception) -> None:
        self.messages: list[InboundMessage] = []
        self.duplicates = 0
        self._failures = list(failures)

    async def receive(self, message: InboundMessage) -> Received:
        if self._failures:
            raise self._failures.pop(0)
        known = [(kept.channel, kept.provider_id) for kept in self.messages]
        key = (message.channel, message.provider_id)
        if key in known:
            self.duplicates += 1
            return Received(message_id=known.index(key) + 1, conversation_id=1, duplicate=True)
        self.messages.append(message)
        return Received(message_id=len(self.messages), conversation_id=1)


class RecordingReceiver:
    """What the webhook needs of a sender. ``failures`` are what asking for the bot's name meets first."""

    def __init__(self, *failures: Exception, username: str = "tingsu_bot") -> None:
        self.presses: list[Press] = []
        self.bot_identity = BotIdentity(id=BOT_ID, username=username)
        self._failures = list(failures)

    async def identify(self) -> None:
        if self._failures:
            raise self._failures.pop(0)
        self.bot_identity = BotIdentity(id=BOT_ID, username="tingsu_bot")

    def pressed(self, press: Press) -> None:
        self.presses.append(press)


def ok(result: object) -> httpx.Response:
    return httpx.Response(200, json={"ok": True, "result": result})


def refusal(status: int, description: str, **parameters: Any) -> httpx.Response:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": description}
    if parameters:
        body["parameters"] = parameters
    return httpx.Response(status, json=body)


class BotApi(httpx.AsyncBaseTransport):
    """Answers like api.telegram.org as far as the sender uses it; ``script`` holds answers to give first."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.script: dict[str, list[Answer]] = defaultdict(list)
        self.webhook: dict[str, Any] = {
            "url": "",
            "has_custom_certificate": False,
            "pending_update_count": 0,
        }
        self.updates: list[dict[str, Any]] = []
        self.before_answer: Callable[[str, dict[str, Any]], Any] | None = None
        self._message_id = 100

    def of(self, method: str) -> list[dict[str, Any]]:
        """The parameters of all calls of one method."""
        return [parameters for name, parameters in self.calls if name == method]

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        method = request.url.path.rpartition("/")[2]
        form = await form_of(request.headers.get("content-type", ""), await request.aread())
        parameters = {key: _decoded(value) for key, value in form.items()}
        await asyncio.sleep(0)  # as a network would: others get their turn
        if self.before_answer is not None:
            await self.before_answer(method, parameters)
        self.calls.append((method, parameters))
        scripted = self.script[method]
        answer = scripted.pop(0) if scripted else self._answer(method, parameters)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _answer(self, method: str, parameters: dict[str, Any]) -> httpx.Response:
        if method == "getMe":
            return ok({"id": BOT_ID, "is_bot": True, "first_name": "Tingsu", "username": "tingsu_bot"})
        if method == "getWebhookInfo":
            return ok(self.webhook)
        if method == "setWebhook":
            self.webhook.update(url=parameters["url"], allowed_updates=parameters["allowed_updates"])
            return ok(True)
        if method == "deleteWebhook":
            self.webhook.update(url="")
            return ok(True)
        if method == "getUpdates":
            self.updates = [u for u in self.updates if u["update_id"] >= parameters.get("offset", 0)]
            return ok(self.updates)
        if method.startswith("send") and method != "sendChatAction":
            self._message_id += 1
            chat = {"id": parameters["chat_id"], "type": "private"}
            return ok({"message_id": self._message_id, "date": 1760000000, "chat": chat})
        return ok(True)


@dataclass(frozen=True)
class SentFile:
    """A file in a request, as it was named."""

    name: str
    mime: str
    content: bytes


async def form_of(content_type: str, body: bytes) -> dict[str, str | SentFile]:
    """What a request says, in either of a form's two shapes."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [(b"content-type", content_type.encode())]
    form = await Request({"type": "http", "headers": headers}, receive).form()
    return {
        key: value
        if isinstance(value, str)
        else SentFile(value.filename or "", value.content_type or "", await value.read())
        for key, value in form.multi_items()
    }


def _decoded(value: str | SentFile) -> Any:
    if isinstance(value, SentFile):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


class Sleeper:
    """Counts pauses instead of waiting; after ``limit`` pauses it waits for ever."""

    def __init__(self, limit: int = 20) -> None:
        self.pauses: list[float] = []
        self._limit = limit

    async def __call__(self, seconds: float) -> None:
        self.pauses.append(seconds)
        if len(self.pauses) >= self._limit:
            await asyncio.Event().wait()
        await asyncio.sleep(0)


def sender_for(
    api: BotApi, *, sleep: Sleeper | None = None, files: Shelf | None = None, **changes: Any
) -> TelegramSender:
    chosen = settings(**changes)
    client = open_client(chosen, transport=api)
    return TelegramSender(chosen, files=files, client=client, sleep=sleep or Sleeper())


async def until(condition: Callable[[], bool]) -> None:
    """Let background tasks run until ``condition`` holds; a time-out is the caller's failure."""

    async def watch() -> None:
        while not condition():
            await asyncio.sleep(0.001)

    await asyncio.wait_for(watch(), timeout=10)
