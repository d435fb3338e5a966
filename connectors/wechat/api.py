"""The ten calls of WeChat's API that are needed here, and what its error codes mean for a delivery.

wechatpy's client is not used: it blocks, asks for tokens without a time-out, and repeats calls for ever.
Source of calls and codes: Tencent, "客服消息", "新增临时素材", "自定义菜单", "模板消息", "订阅通知",
"返回码说明".
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from casework.conversations.model import DeliveryError
from connectors.wechat.settings import WeChatSettings
from connectors.wechat.token import AccessTokens, IssuedToken, TokenStore

log = logging.getLogger(__name__)

#: Largest file sent or fetched, in bytes. Source: Tencent, images 10 MB.
MAX_MEDIA_BYTES = 10 * 1024 * 1024
_MAX_ANSWER_BYTES = 1024 * 1024

_CONNECT_S = 5.0
_CALL_S = 10.0
_BUSY_PAUSES_S = (0.5, 1.5)

_BUSY = -1
_BAD_TOKEN = frozenset({40001, 40014, 42001})
_CONFIGURATION = frozenset({40002, 40013, 40125, 40164, 40243, 41002, 41004, 48004, 50002, 61004})
_UNREACHABLE = frozenset({40003, 43004, 45015, 46004})
#: Over once the person writes or follows again; the other unreachable ones are for good.
_UNTIL_THEY_WRITE = frozenset({43004, 45015})
_BACK_OFF_S: Mapping[int, float] = {45009: 3600.0, 45011: 60.0}
_RETRYABLE = frozenset({_BUSY, 45047, *_BACK_OFF_S, *_BAD_TOKEN, *_UNTIL_THEY_WRITE})


@dataclass(frozen=True)
class Fetched:
    """A file the platform kept for us; for a film only ``url``, where it lies."""

    content: bytes = b""
    url: str = ""


class PlatformWords(Exception):
    """The platform's own error text, for the health page; hangs on a DeliveryError as its cause."""


class WeChatApi:
    """Calls for one account. One object a process; open until :meth:`close`.

    ``pause`` waits between two tries of a busy platform.
    """

    def __init__(
        self,
        settings: WeChatSettings,
        store: TokenStore,
        *,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._settings = settings
        self._pause = pause
        self._tokens = AccessTokens(store, app_id=settings.app_id, issue=self.issue_token)
        # httpx writes each address it calls at INFO, and WeChat wants its token in the address.
        quiet = logging.getLogger("httpx")
        quiet.setLevel(max(quiet.level, logging.WARNING))
        self._client = httpx.AsyncClient(
            base_url=settings.api_base,
            timeout=httpx.Timeout(_CALL_S, connect=_CONNECT_S),
            follow_redirects=False,
        )

    async def close(self) -> None:
        await self._client.aclose()

    async def issue_token(self, force: bool = False) -> IssuedToken:
        """Ask the platform for the account's token. Raises: DeliveryError."""
        body = {
            "grant_type": "client_credential",
            "appid": self._settings.app_id,
            "secret": self._settings.app_secret,
            "force_refresh": force,
        }
        try:
            answer = await self._patiently("/cgi-bin/stable_token", {}, content=_json(body), headers=_JSON)
        except DeliveryError as error:
            if error.code != "40001":
                raise
            # Everywhere else a stale token; here, where none was sent, a wrong secret.
            raise DeliveryError("40001", permanent=True, configuration=True) from error.__cause__
        token, seconds = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not token or not isinstance(seconds, int | float):
            raise DeliveryError("token-answer", retry_after_s=60.0)
        return IssuedToken(token, float(seconds))

    async def send(self, body: Mapping[str, object]) -> None:
        """One customer-service message. Raises: DeliveryError."""
        await self._call("/cgi-bin/message/custom/send", body)

    async def typing(self, openid: str) -> None:
        """Show for 15 s that an answer is being written. Raises: DeliveryError."""
        await self._call("/cgi-bin/message/custom/typing", {"touser": openid, "command": "Typing"})

    async def send_template(self, openid: str, template_id: str, fields: Mapping[str, str]) -> None:
        """A template message (模板消息), which needs no window of 48 hours. Raises: DeliveryError."""
        await self._call("/cgi-bin/message/template/send", _notice(openid, template_id, fields))

    async def send_subscription(self, openid: str, template_id: str, fields: Mapping[str, str]) -> None:
        """A subscription notice (订阅通知), to whoever agreed to one. Raises: DeliveryError."""
        await self._call("/cgi-bin/message/subscribe/bizsend", _notice(openid, template_id, fields))

    async def create_menu(self, buttons: list[Mapping[str, object]]) -> None:
        """Replace the account's menu: up to 3 entries with up to 5 below each. Raises: DeliveryError."""
        await self._call("/cgi-bin/menu/create", {"button": buttons})

    async def upload_image(self, content: bytes, *, name: str, mime: str) -> str:
        """Media id of ``content``, good for 3 days. Raises: DeliveryError."""
        if len(content) > MAX_MEDIA_BYTES:
            raise DeliveryError("media-too-large", permanent=True)
        answer = await self._with_token(
            "/cgi-bin/media/upload", {"type": "image"}, files={"media": (name, content, mime)}
        )
        if not isinstance(ref := answer.get("media_id"), str):
            raise DeliveryError("media-answer", permanent=True)
        return ref

    async def download(self, media_id: str, *, max_bytes: int = MAX_MEDIA_BYTES) -> Fetched:
        """A file a person sent; the platform keeps it 3 days, then code 40007. Raises: DeliveryError."""
        token = await self._tokens.current()
        for last in (False, True):
            params = {"access_token": token, "media_id": media_id}
            fetched = await self._fetch("/cgi-bin/media/get", params, max_bytes)
            if isinstance(fetched, bytes):
                return Fetched(content=fetched)
            if isinstance(video := fetched.get("video_url"), str):
                return Fetched(url=video)
            code = _code(fetched)
            if code not in _BAD_TOKEN or last:
                raise _error(code, fetched)
            token = await self._tokens.replace(token)
        raise AssertionError("unreachable")

    async def _call(self, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        return await self._with_token(path, {}, content=_json(body), headers=_JSON)

    async def _with_token(self, path: str, params: Mapping[str, str], **request: Any) -> dict[str, Any]:
        """Call with the current token, and once more with a new one if that was rejected."""
        token = await self._tokens.current()
        try:
            return await self._patiently(path, {**params, "access_token": token}, **request)
        except DeliveryError as error:
            if error.code not in map(str, _BAD_TOKEN):
                raise
        token = await self._tokens.replace(token)
        return await self._patiently(path, {**params, "access_token": token}, **request)

    async def _patiently(self, path: str, params: Mapping[str, str], **request: Any) -> dict[str, Any]:
        """Call, and repeat twice while the platform says that it is busy."""
        for pause_s in (*_BUSY_PAUSES_S, None):
            answer = await self._post(path, params, **request)
            code = _code(answer)
            if code == 0:
                return answer
            if code != _BUSY or pause_s is None:
                raise _error(code, answer)
            await self._pause(pause_s)
        raise AssertionError("unreachable")

    async def _post(self, path: str, params: Mapping[str, str], **request: Any) -> dict[str, Any]:
        try:
            async with self._client.stream("POST", path, params=params, **request) as response:
                status, raw = response.status_code, await _read(response, _MAX_ANSWER_BYTES)
        except httpx.HTTPError as error:
            raise _lost(error) from None  # the original names the address, and so the token
        try:
            answer = json.loads(raw)
        except ValueError:
            answer = None
        if status >= 400 or not isinstance(answer, dict):
            # A gateway's own error page leaves open whether the call behind it was served.
            raise DeliveryError(f"http-{status}", retry_after_s=5.0, maybe_sent=status in (200, 502, 504))
        return answer

    async def _fetch(self, path: str, params: Mapping[str, str], max_bytes: int) -> bytes | Mapping[str, Any]:
        """A file, or the platform's JSON instead of one."""
        try:
            async with self._client.stream("GET", path, params=params) as response:
                mime = response.headers.get("content-type", "").split(";")[0].strip().lower()
                is_file = "content-disposition" in response.headers
                status, raw = response.status_code, await _read(response, max_bytes)
        except httpx.HTTPError as error:
            raise _lost(error) from None
        if status != 200:
            raise DeliveryError(f"http-{status}", retry_after_s=5.0)
        if not is_file and mime in ("application/json", "text/plain"):
            try:
                answer = json.loads(raw)
            except ValueError:
                answer = None
            if isinstance(answer, dict):
                return answer
        return raw


_JSON = {"content-type": "application/json; charset=utf-8"}


def _json(body: Mapping[str, object]) -> bytes:
    # Escapes (\uXXXX) are refused with 40033, or shown as they are.
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


def _notice(openid: str, template_id: str, fields: Mapping[str, str]) -> dict[str, object]:
    data = {name: {"value": value} for name, value in fields.items()}
    return {"touser": openid, "template_id": template_id, "data": data}


async def _read(response: httpx.Response, limit: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    async for chunk in response.aiter_bytes():
        size += len(chunk)
        if size > limit:
            raise DeliveryError("answer-too-large", permanent=True)
        chunks.append(chunk)
    return b"".join(chunks)


def _code(answer: Mapping[str, Any]) -> int:
    code = answer.get("errcode", 0)
    try:
        return int(code)
    except (TypeError, ValueError):
        return _BUSY


def _lost(error: httpx.HTTPError) -> DeliveryError:
    never_left = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
    return DeliveryError(type(error).__name__, retry_after_s=5.0, maybe_sent=not never_left)


def _error(code: int, answer: Mapping[str, Any]) -> DeliveryError:
    """What ``code`` means for the message; the platform's words go to the log, they carry its request id."""
    configuration = code in _CONFIGURATION
    log.log(
        logging.ERROR if configuration else logging.WARNING,
        "wechat api refused: %s %s",
        code,
        str(answer.get("errmsg", ""))[:300],
    )
    error = DeliveryError(
        str(code),
        permanent=code not in _RETRYABLE,
        unreachable=code in _UNREACHABLE,
        configuration=configuration,
        retry_after_s=_BACK_OFF_S.get(code),
    )
    error.__cause__ = PlatformWords(str(answer.get("errmsg", ""))[:300])
    return error
