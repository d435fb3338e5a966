"""Counts what the gateway is asked, by room; the time is until an answer begins, as streams have no end."""

from __future__ import annotations

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.observing.figures import REQUEST_S

#: First parts of addresses that are counted by themselves; all others, also those of strangers, are ``other``.
ROOMS = frozenset({"api", "open311", "desk", "web", "telegram", "wechat"})


class CountedRequests:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        first = str(scope["path"]).strip("/").partition("/")[0]
        room = first if first in ROOMS else "other"

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                answered = f"{int(message['status']) // 100}xx"
                REQUEST_S.labels(room, answered).observe(time.perf_counter() - began)
            await send(message)

        await self._app(scope, receive, counted)
