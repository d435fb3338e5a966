"""Stands between the connector and telemelya: records and judges every request, adds what telemelya lacks.

It adds the secret header to pushes, getUpdates, the methods telemelya does not know, and scripted failures.
It decides nothing about right and wrong: that is the schema's and telemelya's part.
"""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from tests.connectors.telegram.fakes import SentFile, form_of
from tests.connectors.telegram.peers.bot_api_schema import BotApiSchema

_KNOWN_TO_TELEMELYA = frozenset(
    {
        "getMe",
        "setWebhook",
        "deleteWebhook",
        "getWebhookInfo",
        "sendMessage",
        "sendPhoto",
        "answerCallbackQuery",
        "editMessageReplyMarkup",
        "sendChatAction",
        "getFile",
    }
)
_FORM = {"content-type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Fault:
    """A failure to give once instead of an answer.

    ``late_by_s`` lets the request through and answers too late.
    """

    status: int = 200
    description: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    late_by_s: float = 0.0


class Proxy:
    """One bot's Telegram."""

    def __init__(self, *, telemelya: str, schema: BotApiSchema) -> None:
        self.calls: list[tuple[str, dict[str, str]]] = []
        self.files: list[SentFile] = []
        self.violations: list[str] = []
        self.pushes: list[int] = []
        self.faults: dict[str, list[Fault]] = defaultdict(list)
        self.url = ""
        self._telemelya = telemelya
        self._schema = schema
        self._client = httpx.AsyncClient(timeout=20)
        self._webhook: dict[str, str] = {}
        self._updates: list[dict[str, Any]] = []
        self._message_id = 50_000
        self.app = Starlette(
            routes=[
                Route("/bot{token}/{method}", self._serve_method, methods=["POST"]),
                Route("/push/{token}", self._serve_push, methods=["POST"]),
                Route("/file/bot{token}/{path:path}", self._serve_file, methods=["GET"]),
            ]
        )

    def of(self, method: str) -> list[dict[str, str]]:
        return [form for name, form in self.calls if name == method]

    async def collect_updates(self, token: str) -> None:
        """Have telemelya bring updates here, to be fetched with getUpdates."""
        await self._forward(token, "setWebhook", {"url": f"{self.url}/push/{token}"})

    async def close(self) -> None:
        await self._client.aclose()

    async def _serve_method(self, request: Request) -> Response:
        token, method = request.path_params["token"], request.path_params["method"]
        sent = await form_of(request.headers.get("content-type", ""), await request.body())
        form = {key: value if isinstance(value, str) else f"attach://{key}" for key, value in sent.items()}
        files = {key: value for key, value in sent.items() if isinstance(value, SentFile)}
        self.calls.append((method, form))
        self.files += files.values()
        if problems := self._schema.check_request(method, form):
            self.violations += problems
            return _refusal(Fault(400, f"Bad Request: {problems[0]}"))
        fault = self.faults[method].pop(0) if self.faults[method] else None
        if fault is not None and fault.status != 200:
            return _refusal(fault)
        answer = await self._answer(token, method, form, files)
        if fault is not None:
            await asyncio.sleep(fault.late_by_s)
        return answer

    async def _answer(
        self, token: str, method: str, form: dict[str, str], files: dict[str, SentFile]
    ) -> Response:
        if method == "setWebhook":
            self._webhook = form
            return await self._forward(token, method, {**form, "url": f"{self.url}/push/{token}"})
        if method == "deleteWebhook":
            self._webhook = {}
            answer = await self._forward(token, method, form)
            await self.collect_updates(token)
            return answer
        if method == "getWebhookInfo":
            return self._webhook_info()
        if method == "getUpdates":
            return self._get_updates(int(form.get("offset", 0)))
        if method in _KNOWN_TO_TELEMELYA:
            return await self._forward(token, method, form, files)
        return JSONResponse({"ok": True, "result": self._made_up(method, form)})

    async def _forward(
        self,
        token: str,
        method: str,
        form: dict[str, str],
        files: Mapping[str, SentFile] = MappingProxyType({}),
    ) -> Response:
        url = f"{self._telemelya}/bot{token}/{method}"
        if files:
            words = {key: value for key, value in form.items() if key not in files}
            named = {key: (file.name, file.content, file.mime) for key, file in files.items()}
            answer = await self._client.post(url, data=words, files=named)
        else:
            answer = await self._client.post(url, content=urlencode(form), headers=_FORM)
        return Response(answer.content, answer.status_code, media_type="application/json")

    def _webhook_info(self) -> Response:
        """telemelya knows its own address for us only, and forgets which updates were asked for."""
        info: dict[str, Any] = {"url": self._webhook.get("url", ""), "has_custom_certificate": False}
        info["pending_update_count"] = len(self._updates)
        if "allowed_updates" in self._webhook:
            info["allowed_updates"] = json.loads(self._webhook["allowed_updates"])
        self.violations += self._schema.check("WebhookInfo", info)
        return JSONResponse({"ok": True, "result": info})

    def _get_updates(self, offset: int) -> Response:
        self._updates = [update for update in self._updates if update["update_id"] >= offset]
        return JSONResponse({"ok": True, "result": self._updates})

    def _made_up(self, method: str, form: dict[str, str]) -> object:
        if not self._schema.returns_message(method):
            return True
        self._message_id += 1
        chat = {"id": int(form["chat_id"]), "type": "private"}
        message = {"message_id": self._message_id, "date": int(time.time()), "chat": chat}
        self.violations += self._schema.check("Message", message)
        return message

    async def _serve_file(self, request: Request) -> Response:
        self.calls.append(("file", {}))
        if self.faults["file"]:
            return Response(status_code=self.faults["file"].pop(0).status)
        answer = await self._client.get(f"{self._telemelya}{request.url.path}")
        return Response(answer.content, answer.status_code)

    async def _serve_push(self, request: Request) -> Response:
        body = await request.body()
        update = json.loads(body)
        if not self._webhook:
            self._updates.append(update)
            return Response()
        secret = self._webhook.get("secret_token", "")
        headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret else {}
        answer = await self._client.post(self._webhook["url"], content=body, headers=headers)
        self.pushes.append(answer.status_code)
        return Response(answer.content, answer.status_code)


def _refusal(fault: Fault) -> Response:
    body: dict[str, Any] = {"ok": False, "error_code": fault.status, "description": fault.description}
    if fault.parameters:
        body["parameters"] = fault.parameters
    return JSONResponse(body, status_code=fault.status)


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """Serve an application on a free port of this machine; gives its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="error", lifespan="off", ws="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        while not server.started:
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
