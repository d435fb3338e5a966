"""The endpoints of GeoReport v2 below ``/open311/v2``."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Send
from starlette.types import Scope as AsgiScope

from api.layer import MAX_BODY, Server, Services, bearer, language_of, limited
from api.open311 import cases
from api.open311.cases import Shown
from api.open311.services import definition, discovery, services
from api.open311.words import answer, errors, moment
from api.problems import Refusal, refusal_of
from casework.clients.model import Client, Scope
from casework.storage.work import Work

PREFIX = "/open311/v2"
#: HTTP status and error code of ours in GeoReport's terms. Source: GeoReport v2, "Errors".
_STATUS = {401: 403, 403: 403, 404: 404, 409: 409, 413: 413, 429: 429, 503: 503}


@dataclass(frozen=True)
class Openness:
    """What GeoReport shows without a key. ``show``: ``keyed`` nothing of cases, ``public`` all but what people wrote,
    ``words`` that too. ``jurisdiction``: the one that is asked for, if any; ``url``: of the gateway, from outside."""

    show: Literal["keyed", "public", "words"] = "keyed"
    jurisdiction: str = ""
    url: str = ""


@dataclass(frozen=True)
class _Asked:
    """One request. ``values``: of the query, or of the form."""

    work: Work
    values: Mapping[str, str]
    path: Mapping[str, str]
    shown: Shown
    client: Client | None


#: Gives the name of what it found and the thing itself.
_Act = Callable[[_Asked], "tuple[str, Any]"]


class _GeoReport:
    def __init__(self, base: Services, openness: Openness) -> None:
        self._base, self._openness = base, openness
        self._server = Server(base)
        self._started = base.clock()

    # -- what is answered -----------------------------------------------------------------------------

    def discovery(self, asked: _Asked) -> tuple[str, Any]:
        url = self._openness.url + PREFIX
        return "discovery", discovery(self._base.house, url=url, changed=moment(self._started) or "")

    def services(self, asked: _Asked) -> tuple[str, Any]:
        return "services", services(self._base.house, asked.shown.language)

    def definition(self, asked: _Asked) -> tuple[str, Any]:
        code = asked.path["code"]
        if code not in self._base.house.packs.codes:
            raise Refusal("unknown", f"service_code {code} was not found")
        return "service_definition", definition(self._base.house.packs.category(code), asked.shown.language)

    def requests(self, asked: _Asked) -> tuple[str, Any]:
        return "service_requests", cases.listed(asked.work, asked.values, asked.shown, now=self._base.clock())

    def request(self, asked: _Asked) -> tuple[str, Any]:
        return "service_requests", [cases.one(asked.work, asked.path["id"], asked.shown)]

    def token(self, asked: _Asked) -> tuple[str, Any]:
        """Requests have their number at once, so that each is its own token."""
        number = cases.one(asked.work, asked.path["id"], asked.shown)["service_request_id"]
        return "service_requests", [{"service_request_id": number, "token": number}]

    def file(self, asked: _Asked) -> tuple[str, Any]:
        assert asked.client is not None
        ticket = cases.file(
            asked.work, asked.values, house=self._base.house, client=asked.client, now=self._base.clock()
        )
        notice = " ".join(ticket.promise.steps) if ticket.promise else ""
        told = {"service_request_id": ticket.number, "service_notice": notice, "account_id": None}
        return "service_requests", [told]

    def updates(self, asked: _Asked) -> tuple[str, Any]:
        found = cases.updates(asked.work, asked.values, asked.shown, now=self._base.clock())
        return "service_request_updates", found

    def add_update(self, asked: _Asked) -> tuple[str, Any]:
        assert asked.client is not None
        made = cases.add_update(
            asked.work, asked.values, house=self._base.house, client=asked.client, now=self._base.clock()
        )
        return "service_request_updates", [made]

    # -- how ------------------------------------------------------------------------------------------

    def handler(
        self, act: _Act, form: str, scopes: Sequence[Scope], status: int
    ) -> Callable[[Request], Awaitable[Response]]:
        async def handle(request: Request) -> Response:
            try:
                values = await _values(request)
                root, value = await run_sync(self._answer, act, request, values, scopes)
            except ClientDisconnect:
                return Response(status_code=400)
            except Exception as error:
                refusal = refusal_of(error)
                if refusal is None:
                    raise
                code = _STATUS.get(refusal.status, 400)
                return errors(code, refusal.detail, form=form, headers=refusal.headers)
            return answer(root, value, form=form, status=status)

        return handle

    def _answer(
        self,
        act: _Act,
        request: Request,
        values: Mapping[str, str],
        scopes: Sequence[Scope],
    ) -> tuple[str, Any]:
        wanted = values.get("jurisdiction_id", "")
        if wanted and self._openness.jurisdiction not in ("", wanted):
            raise Refusal("unknown", f"jurisdiction_id {wanted} was not found")
        store = self._base.store
        with store.reading() as work:
            client = self._client(work, request, values, scopes)
        transaction = store.reading if request.method == "GET" else store.writing
        with transaction() as work:
            return act(_Asked(work, values, request.path_params, self._shown(request), client))

    def _client(
        self, work: Work, request: Request, values: Mapping[str, str], scopes: Sequence[Scope]
    ) -> Client | None:
        """Whose key it is; nobody's where none is needed. Raises: Refusal."""
        key = values.get("api_key", "") or bearer(request)
        needed = [scope for scope in scopes if scope is not Scope.READ or self._openness.show == "keyed"]
        if not key and not needed:
            self._server.count_stranger(request)
            return None
        return self._server.client(work, key, request, needed)

    def _shown(self, request: Request) -> Shown:
        house = self._base.house
        language = language_of(request) if "accept-language" in request.headers else house.languages[0]
        return Shown(house, language, self._openness.show == "words")


async def _values(request: Request) -> Mapping[str, str]:
    """The query, and the fields of a form; files in it are not taken: ``media_url`` names them. Raises: Refusal."""
    values = dict(request.query_params)
    if request.method != "POST":
        return values
    try:
        limited_request = Request(request.scope, limited(request, MAX_BODY))
        async with limited_request.form(max_files=0, max_fields=200, max_part_size=MAX_BODY) as form:
            values |= {name: value for name, value in form.items() if isinstance(value, str)}
    except (HTTPException, MultiPartException, UnicodeDecodeError):
        raise Refusal("malformed", "send a form: application/x-www-form-urlencoded, in UTF-8") from None
    return values


def routes(base: Services, openness: Openness) -> list[BaseRoute]:
    report = _GeoReport(base, openness)
    read, file, act = (Scope.READ,), (Scope.FILE,), (Scope.ACT,)
    made: Sequence[tuple[str, str, _Act, Sequence[Scope], int]] = (
        ("GET", "/discovery", report.discovery, (), 200),
        ("GET", "/services", report.services, (), 200),
        ("GET", "/services/{code}", report.definition, (), 200),
        ("GET", "/requests", report.requests, read, 200),
        ("POST", "/requests", report.file, file, 201),
        ("GET", "/requests/{id}", report.request, read, 200),
        ("GET", "/tokens/{id}", report.token, read, 200),
        ("GET", "/servicerequestupdates", report.updates, read, 200),
        ("POST", "/servicerequestupdates", report.add_update, act, 201),
    )
    own: list[BaseRoute] = [
        Route(f"{path}.{form}", report.handler(act, form, scopes, status), methods=[method])
        for method, path, act, scopes, status in made
        for form in ("xml", "json")
    ]
    return [Mount(PREFIX, routes=[*own, Mount("/", app=_elsewhere)])]


async def _elsewhere(scope: AsgiScope, receive: Receive, send: Send) -> None:
    form = "json" if re.search(r"\.json$", str(scope["path"])) else "xml"
    told = "there is nothing at this path; it ends with .xml or .json, such as /open311/v2/services.json"
    await errors(404, told, form=form)(scope, receive, send)
