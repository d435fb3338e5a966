"""A visit: who it is, what they may do, what they sent. Every page of the desk goes through :class:`Door`.

Handlers are plain functions and run in a thread: the database is never asked on the event loop.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from casework.access import sessions
from casework.access.model import Session
from casework.access.rights import Right, Scope, rights_of
from casework.access.sight import scope_in
from casework.staff.model import Member
from casework.storage.database import DatabaseUnavailable
from desk.desk import PREFIX, Desk
from desk.wording import LANGUAGES, Words

logger = logging.getLogger(__name__)

#: Largest form, in bytes.
MAX_FORM_BYTES = 256 * 1024
#: Longest time a form may take to come in, in seconds: a slow line yes, one that never ends no.
FORM_S = 20.0
#: The same for a form with a file.
FILE_S = 120.0
#: Sign-ins that are looked at in the same moment: each takes 64 MB, and threads that messages need too.
_SIGN_INS = 4
#: Digits of the largest number that every database takes.
_DIGITS = 18
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self'",
        "connect-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
SAFE_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
#: Sent by our script when it wants a part of a page.
PART = "x-part"
LOOK_COOKIE = "tingsu_look"
LANGUAGE_COOKIE = "tingsu_desk_language"


class NotFound(Exception):
    """What was asked for is not there, or not for this visitor: both look alike."""


class Wrong(Exception):
    """The form cannot be used; ``key`` names the text that says why and what to do."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key, self.values = key, values


@dataclass(frozen=True)
class Upload:
    """A file that came with a form. ``name``: as the visitor's machine calls it, without folders."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Visit:
    """One request of one member of staff. ``form``: what was sent, stripped; all values of a name are in ``many``."""

    desk: Desk
    request: Request
    member: Member
    session: Session
    csrf: str
    now: datetime
    scope: Scope
    form: Mapping[str, str] = field(default_factory=dict)
    many: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    file: Upload | None = None

    @property
    def rights(self) -> frozenset[Right]:
        return rights_of(self.member)

    @property
    def words(self) -> Words:
        return self.desk.words[self.member.language]

    def may(self, right: str) -> bool:
        """For templates: whether to show a way in. The way itself is guarded again."""
        return Right(right) in self.rights

    def query(self, name: str) -> str:
        return _plain(str(self.request.query_params.get(name, "")))

    @property
    def part(self) -> str:
        """Which part of a page script wants; empty for a whole page."""
        return self.request.headers.get(PART, "")

    def path(self, name: str) -> str:
        return _plain(str(self.request.path_params[name]))

    def number(self, name: str) -> int:
        """A number in the address. Raises: NotFound."""
        found = self.path(name)
        if not found.isdecimal() or len(found) > _DIGITS:
            raise NotFound
        return int(found)

    def place(self, name: str) -> int:
        """A place in a list, from the query; 0 for none."""
        found = self.query(name)
        return int(found) if found.isdecimal() and len(found) <= _DIGITS else 0

    def page(self, template: str, /, **values: Any) -> Response:
        return HTMLResponse(
            self.desk.templates.get_template(template).render(
                visit=self,
                w=self.words,
                look=look_of(self.request),
                house=self.desk.house,
                now=self.now,
                **values,
            ),
            headers={**SAFE_HEADERS, "Vary": "Cookie"},
        )

    def go(self, path: str, *, said: str = "") -> Response:
        """On to another page of the desk. ``said``: the key of a word about what was done."""
        mark = f"{'&' if '?' in path else '?'}done={quote(said)}" if said else ""
        return RedirectResponse(f"{PREFIX}{path}{mark}", status_code=303, headers=SAFE_HEADERS)


Handler = Callable[[Visit], Response]
#: Pages for anybody get the request itself.
OpenHandler = Callable[[Request, Mapping[str, str]], Response]


class DeskRoute(Route):
    """A route that knows which right it asks for; ``None``: being signed in is enough. ``open``: not even that."""

    def __init__(
        self, path: str, endpoint: Any, *, methods: list[str], name: str, right: Right | None, is_open: bool
    ) -> None:
        super().__init__(path, endpoint, methods=methods, name=name)
        self.right, self.is_open = right, is_open


class Door:
    """Makes routes of handlers: session, right, form and its mark, errors."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def get(self, path: str, handler: Handler, *, right: Right | None) -> DeskRoute:
        return self._route(path, "GET", handler, right)

    def post(self, path: str, handler: Handler, *, right: Right | None, file_bytes: int = 0) -> DeskRoute:
        """``file_bytes``: the form may hold one file of this size."""
        return self._route(path, "POST", handler, right, file_bytes)

    def open(self, path: str, method: str, handler: OpenHandler) -> DeskRoute:
        """A page before signing in. A form must come from a page of ours."""
        limiter = CapacityLimiter(_SIGN_INS)

        async def answer(request: Request) -> Response:
            form: Mapping[str, str] = {}
            if method == "POST":
                if not _is_own_page(request):
                    return await run_sync(problem, self._desk, request, 403, Wrong("foreign"))
                form, _, _ = await _read_form(request)
            try:
                return await run_sync(handler, request, form, limiter=limiter)
            except DatabaseUnavailable:
                return await run_sync(problem, self._desk, request, 503, Wrong("database_away"))

        name = f"desk{path}:{method}"
        return DeskRoute(PREFIX + path, answer, methods=[method], name=name, right=None, is_open=True)

    def stream(self, path: str, endpoint: Any, *, right: Right | None) -> DeskRoute:
        """An answer without an end, which looks at the session itself."""
        name = f"desk{path}:GET"
        return DeskRoute(PREFIX + path, endpoint, methods=["GET"], name=name, right=right, is_open=False)

    def _route(
        self, path: str, method: str, handler: Handler, right: Right | None, file_bytes: int = 0
    ) -> DeskRoute:
        async def answer(request: Request) -> Response:
            try:
                return await self._answer(
                    request, handler, right, reads=method == "GET", file_bytes=file_bytes
                )
            except DatabaseUnavailable:
                return await run_sync(problem, self._desk, request, 503, Wrong("database_away"))

        name = f"desk{path}:{method}"
        return DeskRoute(PREFIX + path, answer, methods=[method], name=name, right=right, is_open=False)

    async def _answer(
        self, request: Request, handler: Handler, right: Right | None, *, reads: bool, file_bytes: int
    ) -> Response:
        desk = self._desk
        visit = await run_sync(self.visit_of, request)
        if visit is None:
            return _to_sign_in(request)
        if visit.session.must_change and not request.url.path.startswith(
            (f"{PREFIX}/me", f"{PREFIX}/sign-out")
        ):
            return visit.go("/me")
        if right is not None and right not in visit.rights:
            return await run_sync(problem, desk, request, 403, Wrong("not_allowed"), visit)
        if not reads:
            if file_bytes and _length(request) > MAX_FORM_BYTES + file_bytes:
                wrong = Wrong("file_too_large", n=file_bytes // 1024**2)
                return await run_sync(problem, desk, request, 413, wrong, visit)
            form, many, file = await _read_form(request, file_bytes)
            mark = request.headers.get("x-csrf-token", "") or form.get("csrf", "")
            if not (_is_own_page(request) and hmac.compare_digest(mark.encode(), visit.csrf.encode())):
                return await run_sync(problem, desk, request, 403, Wrong("foreign"), visit)
            visit = replace(visit, form=form, many=many, file=file)
        try:
            return await run_sync(handler, visit)
        except NotFound:
            return await run_sync(problem, desk, request, 404, Wrong("not_found"), visit)
        except Wrong as wrong:
            return await run_sync(problem, desk, request, 422, wrong, visit)

    def visit_of(self, request: Request) -> Visit | None:
        """Who asks; none without a session that holds. A session in use is written as seen."""
        desk, token = self._desk, request.cookies.get(self.cookie, "")
        now = desk.clock()
        with desk.store.reading() as work:
            found = sessions.session_of(work, token, now=now)
            if found is None:
                return None
            session, member = found
            scope = scope_in(work, member)
        if sessions.is_stale(session, now=now):
            with desk.store.writing() as work:
                work.access.session_seen(session.id, now=now)
        return Visit(desk, request, member, session, csrf_of(token), now, scope)

    def let_in(self, page: str, token: str) -> Response:
        """On to a page of the desk, as who has ``token``."""
        response = RedirectResponse(page, status_code=303, headers=SAFE_HEADERS)
        self.set_cookie(response, self.cookie, token, lasts=sessions.LONGEST)
        return response

    def set_cookie(self, response: Response, name: str, value: str, *, lasts: timedelta) -> None:
        """For this host alone, out of reach of scripts, and not sent along with forms of other sites."""
        response.set_cookie(
            name,
            value,
            max_age=int(lasts.total_seconds()),
            secure=self._desk.secure,
            httponly=True,
            samesite="lax",
            path="/",
        )

    @property
    def cookie(self) -> str:
        """Its name; with HTTPS one that no neighbour host and no plain page can set."""
        return "__Host-tingsu-desk" if self._desk.secure else "tingsu_desk"


def csrf_of(token: str) -> str:
    """The mark of forms of one session."""
    return hashlib.sha256(f"form:{token}".encode()).hexdigest()


def _is_own_page(request: Request) -> bool:
    """Whether a form was sent by a page of this very address. Browsers say so in one of two headers."""
    site = request.headers.get("sec-fetch-site")
    if site:
        return site == "same-origin"
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc == request.headers.get("host")


def _length(request: Request) -> int:
    """Bytes that come, as announced; more are not read. Raises: HTTPException."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or len(length) > _DIGITS:
        raise HTTPException(413)
    return int(length)


async def _read_form(
    request: Request, file_bytes: int = 0
) -> tuple[dict[str, str], dict[str, tuple[str, ...]], Upload | None]:
    """What was sent, stripped: the last value of each name, and all of them; and the file, where one is taken.

    Raises: HTTPException.
    """
    if _length(request) > MAX_FORM_BYTES + file_bytes:
        raise HTTPException(413)
    try:
        reading = request.form(max_files=1 if file_bytes else 0, max_fields=300)
        data = await asyncio.wait_for(reading, FILE_S if file_bytes else FORM_S)
    except asyncio.TimeoutError:
        raise HTTPException(408) from None
    many: dict[str, tuple[str, ...]] = {}
    file: Upload | None = None
    try:
        for key, value in data.multi_items():
            if isinstance(value, str):
                many[key] = (*many.get(key, ()), _plain(value))
            elif value.filename:  # a field in which none was chosen has no name
                name = _plain(value.filename).replace("\\", "/").rsplit("/", 1)[-1]
                file = Upload(name[:200], await value.read())
    finally:
        await data.close()
    return {key: values[-1] for key, values in many.items()}, many, file


def _plain(text: str) -> str:
    """Stripped, and without the character that no database keeps."""
    return text.replace("\0", "").strip()


def _to_sign_in(request: Request) -> Response:
    """To the sign-in page, and back from there; script is told in its own way."""
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    target = (
        f"{PREFIX}/sign-in?next={quote(back, safe='')}" if request.method == "GET" else f"{PREFIX}/sign-in"
    )
    if PART in request.headers:
        return Response(status_code=401, headers=SAFE_HEADERS)
    return RedirectResponse(target, status_code=303, headers=SAFE_HEADERS)


def look_of(request: Request) -> dict[str, str]:
    """Theme and density, as chosen on this machine."""
    theme, _, density = request.cookies.get(LOOK_COOKIE, "").partition(".")
    return {
        "theme": theme if theme in ("light", "dark") else "auto",
        "density": density if density == "dense" else "comfortable",
    }


def language_of(request: Request) -> str:
    """Of somebody who has not signed in yet."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    return "en" if request.headers.get("accept-language", "").lower().startswith("en") else "zh"


def problem(desk: Desk, request: Request, status: int, wrong: Wrong, visit: Visit | None = None) -> Response:
    """A page, or for script a short word, that says what is wrong and the way out."""
    words = visit.words if visit else desk.words[language_of(request)]
    said = words(f"problem_{wrong.key}", **wrong.values)
    if PART in request.headers:
        return HTMLResponse(
            desk.templates.get_template("_problem.html").render(said=said),
            status_code=status,
            headers=SAFE_HEADERS,
        )
    page = desk.templates.get_template("problem.html")
    return HTMLResponse(
        page.render(w=words, said=said, status=status, visit=visit, look=look_of(request), house=desk.house),
        status_code=status,
        headers=SAFE_HEADERS,
    )
