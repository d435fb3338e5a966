"""The page itself and the files it loads; read once, sent with headers that let nothing foreign in."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from connectors.web.settings import WebSettings
from connectors.web.texts import LANGUAGE_NAMES, LANGUAGE_SIGNS, TEXTS
from connectors.web.visitor import remember_language, visitor_of

STATIC_PATH = "/static/web/"

_ROOM = Path(__file__).parent
_KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' blob:",  # blob: the preview of a photo before it is sent
        "media-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
#: On every answer of the channel.
SAFE_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


class Page:
    """``GET /`` and ``GET /static/web/{name}``."""

    def __init__(self, settings: WebSettings) -> None:
        self._settings = settings
        self._files = {path.name: _File(path) for path in sorted((_ROOM / "static").iterdir())}
        environment = Environment(
            loader=FileSystemLoader(_ROOM / "templates"), autoescape=True, undefined=StrictUndefined
        )
        environment.globals["asset"] = self._address_of
        self._template = environment.get_template("page.html")

    async def show(self, request: Request) -> Response:
        """The page in the visitor's language."""
        visitor = visitor_of(request, self._settings)
        words = TEXTS[visitor.language]
        response = HTMLResponse(
            self._template.render(
                words=words,
                language=visitor.language,
                script_words={
                    k.removeprefix("script_"): v for k, v in words.items() if k.startswith("script_")
                },
                others=[
                    (code, LANGUAGE_NAMES[code], LANGUAGE_SIGNS[code])
                    for code in self._settings.languages
                    if code != visitor.language
                ],
                organisation=self._settings.organisation,
                is_known=bool(visitor.address),
                max_upload_bytes=self._settings.max_upload_bytes,
            ),
            headers={
                **SAFE_HEADERS,
                "Cache-Control": "no-cache, private",
                "Vary": "Cookie, Accept-Language",
                "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
                "X-Frame-Options": "DENY",
            },
        )
        if request.query_params.get("lang") == visitor.language:
            remember_language(response, visitor.language, self._settings)
        return response

    async def static(self, request: Request) -> Response:
        """One of our own files; anything else does not exist."""
        file = self._files.get(request.path_params["name"])
        if file is None:
            return Response(status_code=404, headers=SAFE_HEADERS)
        return file.answer(request)

    def _address_of(self, name: str) -> str:
        return f"{STATIC_PATH}{name}?v={self._files[name].version}"


class _File:
    """A file in memory, plain and compressed. Its address holds its version, so browsers may keep it."""

    def __init__(self, path: Path) -> None:
        self._plain = path.read_bytes()
        self._packed = gzip.compress(self._plain, mtime=0)
        self._kind = _KINDS[path.suffix]
        self.version = hashlib.sha256(self._plain).hexdigest()[:12]

    def answer(self, request: Request) -> Response:
        current = request.query_params.get("v") == self.version
        headers = {
            **SAFE_HEADERS,
            "Cache-Control": "public, max-age=31536000, immutable" if current else "no-cache",
            "ETag": f'"{self.version}"',
            "Vary": "Accept-Encoding",
        }
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        packed = "gzip" in request.headers.get("accept-encoding", "")
        if packed:
            headers["Content-Encoding"] = "gzip"
        return Response(self._packed if packed else self._plain, media_type=self._kind, headers=headers)
