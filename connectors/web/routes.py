"""The doors of the web chat: page, messages in, files in and out, the transcript as a stream or a list."""

from __future__ import annotations

import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from anyio.to_thread import run_sync
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from casework.conversations.model import InboundMessage, Media
from casework.conversations.ports import Inbox, Transcripts
from casework.media import types
from casework.media.model import Files, Refused
from connectors.web import uploads
from connectors.web.page import SAFE_HEADERS, STATIC_PATH, Page
from connectors.web.receive import CHANNEL, Unreadable, inbound, message_from_json, read_id
from connectors.web.settings import WebSettings
from connectors.web.show import UPLOAD_PATH, events, reference, shown
from connectors.web.texts import text
from connectors.web.visitor import Visitor, forget, is_own_page, new_address, remember, visitor_of

logger = logging.getLogger(__name__)

#: What a multipart body may hold besides the file: its other fields and the lines between them, in bytes.
_FORM_EXTRA = 64 * 1024
_NO_STORE = {**SAFE_HEADERS, "Cache-Control": "no-store"}
_STATUS = {
    "too_large": 413,
    "upload_too_large": 413,
    "foreign": 403,
    "wrong_type": 415,
    "upload_refused": 415,
    "upload_unknown": 415,
    "not_found": 404,
    "not_stored": 503,
    "not_read": 503,
}


def routes(
    settings: WebSettings,
    inbox: Inbox,
    transcripts: Transcripts,
    files: Files,
    *,
    is_closing: Callable[[], bool] = lambda: False,
) -> list[BaseRoute]:
    """All routes of the channel. ``is_closing``: the server wants to stop; open streams then end."""
    page, door = Page(settings), _Door(settings, inbox, transcripts, files, is_closing)
    return [
        Route("/", page.show, methods=["GET"], name="web-page"),
        Route(STATIC_PATH + "{name}", page.static, methods=["GET"], name="web-static"),
        Route("/web/messages", door.say, methods=["POST"], name="web-say"),
        Route("/web/messages", door.list_messages, methods=["GET"], name="web-messages"),
        Route("/web/events", door.stream, methods=["GET"], name="web-events"),
        Route("/web/uploads", door.upload, methods=["POST"], name="web-upload"),
        Route(UPLOAD_PATH + "{sha}", door.give_back, methods=["GET"], name="web-uploaded"),
        Route("/web/forget", door.forget, methods=["POST"], name="web-forget"),
    ]


class _TooLarge(Exception):
    """More bytes came than are read."""


class _Door:
    def __init__(
        self,
        settings: WebSettings,
        inbox: Inbox,
        transcripts: Transcripts,
        files: Files,
        is_closing: Callable[[], bool],
    ) -> None:
        self._settings = settings
        self._inbox = inbox
        self._transcripts = transcripts
        self._files = files
        self._is_closing = is_closing

    async def say(self, request: Request) -> Response:
        """A text, a pressed button or a place: 202 once it is stored."""
        visitor = visitor_of(request, self._settings)
        if not is_own_page(request):
            return _refusal("foreign", visitor)
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            return _refusal("wrong_type", visitor)
        try:
            body = await self._read(request)
            message = message_from_json(body, _with_address(visitor))
        except _TooLarge:
            return _refusal("too_large", visitor)
        except Unreadable as unreadable:
            return _refusal(unreadable.code, visitor)
        except ClientDisconnect:
            return Response(status_code=400)
        return await self._take(message, visitor)

    async def upload(self, request: Request) -> Response:
        """A file with an optional line of text: 202 once both are stored."""
        visitor = visitor_of(request, self._settings)
        if not is_own_page(request):
            return _refusal("foreign", visitor)
        if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
            return _refusal("wrong_type", visitor)
        try:
            message = await self._read_upload(request, _with_address(visitor))
        except Unreadable as unreadable:
            return _refusal(unreadable.code, visitor)
        except (_TooLarge, Refused) as error:
            code = error.code if isinstance(error, Refused) else "too_large"
            return _refusal(uploads.ERRORS[code], visitor, self._settings.max_upload_bytes // 1024**2)
        except (HTTPException, MultiPartException, ValueError):
            return _refusal("malformed", visitor)
        except ClientDisconnect:
            return Response(status_code=400)
        except OSError as error:
            logger.error("web.file_not_kept: %s", _where(error))
            return _refusal("not_stored", visitor)
        return await self._take(message, visitor)

    async def give_back(self, request: Request) -> Response:
        """A file of the visitor's own conversation, by either side. Another one looks like none."""
        visitor = visitor_of(request, self._settings)
        sha = request.path_params["sha"]
        try:
            file = await self._files.opened(CHANNEL, visitor.address, sha) if visitor.address else None
        except OSError as error:
            logger.error("web.file_not_read: %s", _where(error))
            return _refusal("not_read", visitor)
        if file is None:
            return _refusal("not_found", visitor)
        in_place = file.mime in types.SHOWN_IN_PLACE
        name = quote(file.name or f"file.{types.extension_of(file.mime)}", safe="")
        return Response(
            file.content,
            media_type=file.mime if in_place else "application/octet-stream",
            headers={
                **SAFE_HEADERS,
                "Content-Disposition": f"{'inline' if in_place else 'attachment'}; filename*=utf-8''{name}",
                "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
                "Cache-Control": "private, max-age=86400",
                "Vary": "Cookie",
            },
        )

    async def list_messages(self, request: Request) -> Response:
        """The transcript from after ``?after=``, for browsers whose stream does not work."""
        address = visitor_of(request, self._settings).address
        stored = await self._transcripts.after(CHANNEL, address, seq=_seq(request)) if address else ()
        answering = bool(address) and await self._transcripts.look(CHANNEL, address)
        body = {"messages": [shown(message, address) for message in stored], "typing": answering}
        return JSONResponse(body, headers=_NO_STORE)

    async def stream(self, request: Request) -> Response:
        """The transcript as it grows. 204 tells a browser without a conversation not to ask again."""
        address = visitor_of(request, self._settings).address
        if not address:
            return Response(status_code=204, headers=_NO_STORE)
        return StreamingResponse(
            self._events(address, _seq(request), request),
            media_type="text/event-stream",
            headers={**SAFE_HEADERS, "Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"},
        )

    async def forget(self, request: Request) -> Response:
        """Take this device out of its conversation. The conversation itself is kept."""
        if not is_own_page(request):
            return _refusal("foreign", visitor_of(request, self._settings))
        response = Response(status_code=204, headers=_NO_STORE)
        forget(response, self._settings)
        return response

    async def _events(self, address: str, seq: int, request: Request) -> AsyncIterator[str]:
        async def is_over() -> bool:
            return self._is_closing() or await request.is_disconnected()

        try:
            async for event in events(self._transcripts, address, seq=seq, is_over=is_over):
                yield event
        except Exception as error:  # the headers are out: end the stream, the browser opens the next one
            logger.error("web.stream_ended: %s", _where(error))

    async def _take(self, message: InboundMessage, visitor: Visitor) -> Response:
        try:
            received = await self._inbox.receive(message)
        except (
            Exception
        ) as error:  # nothing is stored; the page keeps the message and offers to send it again
            logger.error("web.not_stored: %s", _where(error))
            return _refusal("not_stored", visitor)
        body = {"ref": reference(message.address, received.message_id), "duplicate": received.duplicate}
        response = JSONResponse(body, status_code=202, headers=_NO_STORE)
        remember(response, message.address, self._settings)
        return response

    async def _read(self, request: Request) -> bytes:
        limit = self._settings.max_body_bytes
        _check_announced(request, limit)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > limit:
                raise _TooLarge
        return bytes(body)

    async def _read_upload(self, request: Request, visitor: Visitor) -> InboundMessage:
        limit = self._settings.max_upload_bytes + _FORM_EXTRA
        _check_announced(request, limit)
        limited = Request(request.scope, _limited(request, limit))
        async with limited.form(max_files=1, max_fields=4, max_part_size=_FORM_EXTRA) as form:
            file, client_id = form.get("file"), read_id(form.get("id"))
            if not isinstance(file, UploadFile):
                raise Unreadable("malformed")
            content, mime = await run_sync(
                lambda: uploads.read(file.file, max_bytes=self._settings.max_upload_bytes)
            )
            media = Media(
                kind=types.kind_of(mime, recorded=form.get("kind") == "voice"),
                mime=mime,
                name=(file.filename or "").replace("\\", "/").rsplit("/", 1)[-1][:200],
                size_bytes=len(content),
            )
            message = _with_file(visitor, client_id, form, media)
            sha = await self._files.arrive(content)  # last, so that a broken form leaves nothing behind
            return replace(message, media=(replace(media, sha=sha),))


def _with_file(visitor: Visitor, client_id: str, form: FormData, file: Media) -> InboundMessage:
    caption, group = form.get("text", ""), form.get("group", "")
    if not isinstance(caption, str) or not isinstance(group, str):
        raise Unreadable("malformed")
    return inbound(
        visitor,
        client_id,
        text=caption,
        media=(file,),
        group_key=f"{visitor.address}:{read_id(group)}" if group else "",
    )


def _with_address(visitor: Visitor) -> Visitor:
    return visitor if visitor.address else replace(visitor, address=new_address())


def _seq(request: Request) -> int:
    """The last message the browser has; a reconnecting stream tells it by header."""
    told = request.headers.get("last-event-id") or request.query_params.get("after", "")
    return int(told[:15]) if told.isascii() and told.isdigit() else 0


def _check_announced(request: Request, limit: int) -> None:
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told[:20]) > limit:
        raise _TooLarge


def _limited(request: Request, limit: int) -> Callable[[], Awaitable[MutableMapping[str, Any]]]:
    """The request's own ``receive``, cut off once more than ``limit`` bytes of body came."""
    seen = 0

    async def receive() -> MutableMapping[str, Any]:
        nonlocal seen
        message = await request.receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise _TooLarge
        return message

    return receive


def _refusal(code: str, visitor: Visitor, *values: object) -> Response:
    message = text(visitor.language, f"error_{code}", *values)
    body = {"error": code, "message": message}
    return JSONResponse(body, status_code=_STATUS.get(code, 400), headers=_NO_STORE)


def _where(error: BaseException) -> str:
    """Kind and place of an error, without its message: that may hold what people wrote."""
    places = traceback.extract_tb(error.__traceback__)[-3:]
    return f"{type(error).__name__} at " + " < ".join(f"{p.name}:{p.lineno}" for p in reversed(places))
