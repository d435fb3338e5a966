"""From an HTTP request to a call of the core and back, the same way for every endpoint.

An endpoint is a value: method, path, scope, what it takes and gives. Routing and the OpenAPI document are both made
from it, so that neither says what the other does not do.
"""

from __future__ import annotations

import hashlib
import logging
import re
import time
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial
from typing import Any
from urllib.parse import quote

import msgspec
from anyio.to_thread import run_sync
from msgspec import Struct
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Message, Receive

from api.limits import Limiter
from api.problems import CONTENT_TYPE, Refusal, refusal_of
from casework.access.model import Audit
from casework.clients.model import Answer, Client, Scope
from casework.clients.tokens import client_of, earlier_answer, is_use_worth_noting, remember
from casework.conversations.model import Heard
from casework.conversations.ports import Window
from casework.house import House
from casework.media.model import Opened
from casework.storage.database import again
from casework.storage.work import Store, Work
from casework.tickets.handling import Desk
from casework.tickets.model import Actor
from casework.tickets.steps import Rules

logger = logging.getLogger(__name__)

#: Longest body that is read, in bytes. A description has 20,000 characters at most.
MAX_BODY = 128 * 1024
#: Requests a minute of one address without a valid token. Source: product default.
STRANGERS = 60
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_ETAG = re.compile(r'"(\d{1,9})"')


@dataclass(frozen=True)
class Services:
    """What endpoints need. ``opened``: a kept file by its number; ``said``: wakes whoever sends and shows, after
    something was said in a conversation; ``window``: what a channel lets through to who was last heard so and so."""

    store: Store
    house: House
    clock: Callable[[], datetime]
    opened: Callable[[int], Opened | None]
    said: Callable[[int], Awaitable[None]]
    window: Callable[[str, Heard | None], Coroutine[Any, Any, Window]]
    per_minute: int = 600


@dataclass
class Call:
    """One request on its way through the core. ``said_in``: conversations in which it says something; ``read``: kind
    and name of what it shows that people wrote."""

    services: Services
    work: Work
    client: Client
    now: datetime
    path: dict[str, str]
    query: Any
    body: Any
    version: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    said_in: list[int] = field(default_factory=list)
    read: list[tuple[str, str]] = field(default_factory=list)

    @property
    def house(self) -> House:
        return self.services.house

    @property
    def actor(self) -> Actor:
        return self.client.actor

    @property
    def desk(self) -> Desk:
        return Desk(self.work, Rules(self.house.packs, self.house.calendar), self.actor, self.now)


@dataclass(frozen=True)
class Endpoint:
    """``path``: below the prefix. ``query`` and ``body``: what is taken; ``gives``: the answer, ``bytes`` for a file.
    ``codes``: problems it can end with beside those of every endpoint. ``conditional``: takes ``If-Match``."""

    method: str
    path: str
    summary: str
    tag: str
    scopes: tuple[Scope, ...]
    call: Callable[[Call], Any]
    gives: Any
    query: type[Struct] | None = None
    body: type[Struct] | None = None
    status: int = 200
    codes: tuple[str, ...] = ()
    conditional: bool = False

    @property
    def name(self) -> str:
        """Of the operation, such as ``get_tickets_number``."""
        return "_".join([self.method.lower(), *re.findall(r"[a-z_]+", self.path)])


class Server:
    """Answers requests to endpoints."""

    def __init__(self, services: Services) -> None:
        self._services = services
        clock = time.monotonic
        self._strangers, self._clients = (
            Limiter(STRANGERS, clock=clock),
            Limiter(services.per_minute, clock=clock),
        )

    def handler(self, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        async def handle(request: Request) -> Response:
            try:
                body = (
                    await Request(request.scope, limited(request)).body() if endpoint.method != "GET" else b""
                )
                answer, said_in = await run_sync(again, partial(self._answer, endpoint, request, body))
            except ClientDisconnect:
                return Response(status_code=400)
            except Exception as error:
                refusal = refusal_of(error, if_match="if-match" in request.headers)
                if refusal is None:
                    raise
                return problem(refusal, request)
            for conversation_id in said_in:
                await self._services.said(conversation_id)
            return answer

        return handle

    def _answer(self, endpoint: Endpoint, request: Request, body: bytes) -> tuple[Response, Sequence[int]]:
        """In a thread: who it is and whether they may; then, in one transaction, the call and what is kept of it.

        What is not let in, or cannot be read, never holds SQLite's one write lock.
        """
        store = self._services.store
        with store.reading() as work:
            client = self.client(work, bearer(request), request, endpoint.scopes)
        query, sent = _query(endpoint.query, request), _body(endpoint.body, request, body)
        version = _version(request) if endpoint.conditional else None
        transaction = store.reading if endpoint.method == "GET" else store.writing
        with transaction() as work:
            now = self._services.clock()
            call = Call(self._services, work, client, now, dict(request.path_params), query, sent, version)
            response = self._once(endpoint, call, request, body)
        self._note(call)
        return response, call.said_in

    def _note(self, call: Call) -> None:
        """Write down that the token is in use, and whose words it was shown."""
        due = is_use_worth_noting(call.client, now=call.now)
        if not due and not call.read:
            return
        with self._services.store.writing() as work:
            if due:
                work.clients.used(call.client.id, now=call.now)
            for kind, ref in call.read:
                work.access.log(Audit(call.now, call.client.name, "api_read", kind, ref))

    def _once(self, endpoint: Endpoint, call: Call, request: Request, body: bytes) -> Response:
        """The call, or what it was answered before under the same key."""
        key = _key(request) if endpoint.method == "POST" else ""
        if not key:
            return _response(endpoint, call)
        fingerprint = _fingerprint(request, body)
        earlier = earlier_answer(call.work, call.client, key, fingerprint=fingerprint, now=call.now)
        if earlier is not None:
            return _repeated(earlier)
        response = _response(endpoint, call)
        answer = Answer(response.status_code, bytes(response.body).decode(), tuple(call.headers.items()))
        remember(call.work, call.client, key, answer)
        return response

    def client(self, work: Work, secret: str, request: Request, scopes: Sequence[Scope]) -> Client:
        """Whose request this is. Raises: Refusal."""
        client = client_of(work, secret) if secret else None
        if client is None:
            self.count_stranger(request)
            raise Refusal(
                "no-token",
                "the token is unknown or revoked" if secret else "there is no bearer token",
                headers={"WWW-Authenticate": 'Bearer realm="tingsu"'},
            )
        self._clients.count(str(client.id))
        missing = [scope.value for scope in scopes if scope not in client.scopes]
        if missing:
            raise Refusal("not-in-scope", f"scope needed: {', '.join(missing)}")
        return client

    def count_stranger(self, request: Request) -> None:
        """Raises: Refusal (``too-many``)."""
        self._strangers.count(request.client.host if request.client else "")


# -- reading ------------------------------------------------------------------------------------------------------


def limited(request: Request, most: int = MAX_BODY) -> Receive:
    """The request's own ``receive``; it raises Refusal (``too-large``) once more than ``most`` bytes of body came."""
    seen = 0

    async def receive() -> Message:
        nonlocal seen
        message = await request.receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise Refusal("too-large", f"a body has {most} bytes at most")
        return message

    return receive


def bearer(request: Request) -> str:
    """The secret of the ``Authorization`` header; empty without one."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else ""


def language_of(request: Request) -> str:
    """zh or en, whichever the client reads first."""
    wanted = re.findall(r"\b(zh|en)\b", request.headers.get("accept-language", "").lower())
    return wanted[0] if wanted else "en"


@cache
def _many(query: type[Struct]) -> dict[str, bool]:
    """Names of parameters, and whether each can be given several times."""
    info = msgspec.inspect.type_info(query)
    assert isinstance(info, msgspec.inspect.StructType)
    return {each.encode_name: isinstance(each.type, msgspec.inspect.ListType) for each in info.fields}


def _query(shape: type[Struct] | None, request: Request) -> Any:
    known = _many(shape) if shape else {}
    given = request.query_params
    for name in given:
        if name not in known:
            raise Refusal("wrong-values", f"query: there is no {name}; use {', '.join(known) or 'none'}")
        if not known[name] and len(given.getlist(name)) > 1:
            raise Refusal("wrong-values", f"query: {name} is given twice")
    if shape is None:
        return None
    values = {
        name: given.getlist(name) if many else given[name] for name, many in known.items() if name in given
    }
    return msgspec.convert(values, type=shape, strict=False)


def _body(shape: type[Struct] | None, request: Request, body: bytes) -> Any:
    if shape is None:
        return None
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refusal("not-json", "Content-Type is not application/json")
    return msgspec.json.decode(body, type=shape)


def _key(request: Request) -> str:
    key = request.headers.get("idempotency-key")
    if key is None:
        return ""
    if not _KEY.fullmatch(key):
        raise Refusal("wrong-values", "Idempotency-Key: 1 to 255 visible ASCII characters, such as a UUID")
    return key


def _fingerprint(request: Request, body: bytes) -> str:
    asked = "\n".join(
        (request.method, request.url.path, request.url.query, request.headers.get("if-match", ""))
    )
    return hashlib.sha256(asked.encode() + b"\n" + body).hexdigest()


def _version(request: Request) -> int | None:
    """The version in ``If-Match``; ``None`` for any. Raises: Refusal."""
    tag = request.headers.get("if-match", "*").strip()
    if tag == "*":
        return None
    match = _ETAG.fullmatch(tag)
    if match is None:
        raise Refusal("wrong-values", 'If-Match: the ETag of the ticket, such as "7"')
    return int(match[1])


# -- answering ----------------------------------------------------------------------------------------------------

_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


def _response(endpoint: Endpoint, call: Call) -> Response:
    given = endpoint.call(call)
    if isinstance(given, Opened):
        name = quote(given.name or "file", safe="")
        call.headers["Content-Disposition"] = f"attachment; filename*=utf-8''{name}"
        return Response(given.content, media_type=given.mime, headers={**_HEADERS, **call.headers})
    return Response(
        msgspec.json.encode(given),
        endpoint.status,
        media_type="application/json",
        headers={**_HEADERS, **call.headers},
    )


def _repeated(answer: Answer) -> Response:
    headers = {**_HEADERS, **dict(answer.headers), "Idempotency-Replayed": "true"}
    return Response(answer.body, answer.status, media_type="application/json", headers=headers)


def problem(refusal: Refusal, request: Request) -> Response:
    """The answer to a request that is not done."""
    return Response(
        msgspec.json.encode(refusal.as_problem(language_of(request))),
        refusal.status,
        media_type=CONTENT_TYPE,
        headers={**_HEADERS, **refusal.headers},
    )
