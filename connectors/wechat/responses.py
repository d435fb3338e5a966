"""Answers to WeChat's calls that do something once they are written, and a word for the log without content."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

log = logging.getLogger(__name__)

NO_SNIFF = {"x-content-type-options": "nosniff"}


class Carrier(Response):
    """A reply that tells whether somebody was still there to read it."""

    def __init__(
        self,
        reply: Response,
        request: Request,
        *,
        written: Callable[[], Awaitable[None]],
        not_written: Callable[[], Awaitable[None]],
    ) -> None:
        self._reply = reply
        self._request = request
        self._written = written
        self._not_written = not_written
        super().__init__()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            gone = await self._request.is_disconnected()
            if not gone:
                await self._reply(scope, receive, send)
        except BaseException:
            await self._settle(self._not_written)
            raise
        await self._settle(self._not_written if gone else self._written)

    async def _settle(self, step: Callable[[], Awaitable[None]]) -> None:
        try:
            await step()
        except Exception as error:
            log.error("wechat answer not settled: %s", where(error))


class AndThen(PlainTextResponse):
    """``success``, and something to do once it is written."""

    def __init__(self, after: Callable[[], Awaitable[None]]) -> None:
        super().__init__("success", headers=NO_SNIFF)
        self._after = after

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await super().__call__(scope, receive, send)
        try:
            await self._after()
        except Exception as error:
            log.error("wechat typing failed: %s", where(error))


def success() -> Response:
    """What the platform takes for "received, no answer"."""
    return PlainTextResponse("success", headers=NO_SNIFF)


def where(error: BaseException) -> str:
    """The error's class and the places it came through, without its message, which may quote a person."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} at " + " < ".join(
        f"{frame.name}:{frame.lineno}" for frame in reversed(frames)
    )
