"""A small api.weixin.qq.com: token, messages, typing, media, menu, quotas and scripted errors.

Its shapes are held against a client we did not write (``test_peers``).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

APP_ID = "wx0123456789abcdef"
APP_SECRET = "secret-of-the-test-account"

_KINDS = {"text": "content", "image": "media_id", "msgmenu": "list"}


@dataclass(frozen=True)
class Call:
    """One request as it came: ``raw`` is the body on the wire."""

    path: str
    query: Mapping[str, str]
    raw: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.raw)


@dataclass
class FakeWeChat:
    """State of the platform, for the tests to set and look at.

    ``script``: what to answer next, by the last word of the path: an error code, 0 for none, or above
    100,000 an HTTP status. ``now``: seconds.
    """

    calls: list[Call] = field(default_factory=list)
    script: dict[str, list[int]] = field(default_factory=dict)
    words: dict[int, str] = field(default_factory=dict)
    media: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    now: float = 0.0
    count_quotas: bool = False
    issued: int = 0
    valid_token: str = ""
    _windows: dict[str, list[float]] = field(default_factory=dict)  #: [end, sends left] by openid

    def person_wrote(self, openid: str) -> None:
        """Open a window of 5 messages in 48 hours."""
        self._windows[openid] = [self.now + 48 * 3600, 5]

    def person_clicked(self, openid: str) -> None:
        """Open a window of 3 messages in a minute."""
        self._windows[openid] = [self.now + 60, 3]

    def revoke_token(self) -> None:
        self.valid_token = ""

    def of(self, path: str) -> list[Call]:
        """Calls of ``path`` (its last words), in order."""
        return [call for call in self.calls if call.path.endswith(path)]

    def sent(self) -> list[Any]:
        """Bodies of the customer-service messages that were taken or refused, in order."""
        return [call.body for call in self.of("custom/send")]

    def read(self) -> list[str]:
        """What the person reads of them, in order: words, or a menu with its heads and choices."""
        return [_read(body) for body in self.sent() if body["msgtype"] in ("text", "msgmenu")]

    def app(self) -> Starlette:
        post, get = ["POST"], ["GET"]
        return Starlette(
            routes=[
                Route("/cgi-bin/stable_token", self._stable_token, methods=post),
                Route("/cgi-bin/message/custom/send", self._send, methods=post),
                Route("/cgi-bin/message/custom/typing", self._typing, methods=post),
                Route("/cgi-bin/media/upload", self._upload, methods=post),
                Route("/cgi-bin/media/get", self._download, methods=get),
                Route("/cgi-bin/menu/create", self._menu, methods=post),
                Route("/cgi-bin/message/template/send", self._notice, methods=post),
                Route("/cgi-bin/message/subscribe/bizsend", self._notice, methods=post),
                Route("/video/{name}", self._video, methods=get),
            ]
        )

    async def _arrived(self, request: Request, *, needs_token: bool = True) -> Response | None:
        """Note the call; the scripted or earned refusal, if any."""
        path = request.url.path
        self.calls.append(Call(path, dict(request.query_params), await request.body()))
        if script := self.script.get(path.rsplit("/", 1)[-1]):
            code = script.pop(0)
            if code >= 100_000:
                return Response("<html>gateway</html>", status_code=code - 100_000)
            if code:
                return self._refuse(code)
        if needs_token and (
            not self.valid_token or request.query_params.get("access_token") != self.valid_token
        ):
            return self._refuse(40001)
        return None

    def _refuse(self, code: int) -> Response:
        words = self.words.get(code, "refused")
        return JSONResponse({"errcode": code, "errmsg": f"{words} rid: 0-0-0"})

    async def _stable_token(self, request: Request) -> Response:
        if refusal := await self._arrived(request, needs_token=False):
            return refusal
        asked = self.calls[-1].body
        if asked.get("grant_type") != "client_credential" or asked.get("appid") != APP_ID:
            return self._refuse(40013)
        if asked.get("secret") != APP_SECRET:
            return self._refuse(40125)
        if not self.valid_token or asked.get("force_refresh"):
            self.issued += 1
            self.valid_token = f"token-{self.issued}"
        return JSONResponse({"access_token": self.valid_token, "expires_in": 7200})

    async def _send(self, request: Request) -> Response:
        if refusal := await self._arrived(request):
            return refusal
        raw = self.calls[-1].raw
        try:
            body = json.loads(raw)
            kind = body["msgtype"]
            content = body[kind][_KINDS[kind]]
        except (ValueError, KeyError, TypeError):
            return self._refuse(47001)
        if b"\\u" in raw:
            return self._refuse(40033)
        if kind == "text" and not content:
            return self._refuse(44004)
        if kind == "text" and len(content.encode()) > 2048:
            return self._refuse(45002)
        return self._spend(body["touser"]) or JSONResponse({"errcode": 0, "errmsg": "ok"})

    def _spend(self, openid: str) -> Response | None:
        if not self.count_quotas:
            return None
        end, left = self._windows.get(openid, [0.0, 0])
        if self.now >= end:
            return self._refuse(45015)
        if not left:
            return self._refuse(45047)
        self._windows[openid] = [end, left - 1]
        return None

    async def _typing(self, request: Request) -> Response:
        if refusal := await self._arrived(request):
            return refusal
        good = self.calls[-1].body.get("command") in ("Typing", "CancelTyping")
        return JSONResponse({"errcode": 0, "errmsg": "ok"}) if good else self._refuse(40003)

    async def _upload(self, request: Request) -> Response:
        if refusal := await self._arrived(request):
            return refusal
        form = await request.form()
        file = form["media"]
        assert not isinstance(file, str)
        ref = f"media-{len(self.media) + 1}"
        self.media[ref] = (await file.read(), file.content_type or "")
        kind = request.query_params["type"]
        return JSONResponse({"type": kind, "media_id": ref, "created_at": int(self.now)})

    async def _download(self, request: Request) -> Response:
        if refusal := await self._arrived(request):
            return refusal
        ref = request.query_params["media_id"]
        if ref.startswith("video-"):
            return JSONResponse({"video_url": f"{request.base_url}video/{ref}"})
        if ref.startswith("elsewhere-"):
            return JSONResponse({"video_url": f"http://192.0.2.1/{ref}"})
        if ref not in self.media:
            return self._refuse(40007)
        content, mime = self.media[ref]
        disposition = {"content-disposition": f'attachment; filename="{ref}"'}
        return Response(content, media_type=mime, headers=disposition)

    async def _video(self, _request: Request) -> Response:
        return Response(b"moving pictures", media_type="video/mp4")

    async def _notice(self, request: Request) -> Response:
        if refusal := await self._arrived(request):
            return refusal
        body = self.calls[-1].body
        good = body.get("touser") and body.get("template_id") and body.get("data")
        return JSONResponse({"errcode": 0, "errmsg": "ok"}) if good else self._refuse(40037)

    async def _menu(self, request: Request) -> Response:
        if refusal := await self._arrived(request):
            return refusal
        entries = self.calls[-1].body["button"]
        return self._refuse(40016) if len(entries) > 3 else JSONResponse({"errcode": 0, "errmsg": "ok"})


def _read(body: dict[str, Any]) -> str:
    if body["msgtype"] == "text":
        return str(body["text"]["content"])
    menu = body["msgmenu"]
    return "\n".join(
        [menu["head_content"], *(item["content"] for item in menu["list"]), menu["tail_content"]]
    )
