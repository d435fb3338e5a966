"""Who is in front of the page: address (a cookie), language, and whether a request is really theirs."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from connectors.web.settings import WebSettings

_ADDRESS = re.compile(r"[A-Za-z0-9_-]{22}")
_YEAR_S = 365 * 24 * 3600
_LANGUAGE_COOKIE = "tingsu_lang"


@dataclass(frozen=True)
class Visitor:
    """``address`` is empty before the first message."""

    address: str
    language: str


def visitor_of(request: Request, settings: WebSettings) -> Visitor:
    """The person behind ``request``. A cookie that is not one of ours counts as none."""
    cookie = request.cookies.get(cookie_name(settings), "")
    return Visitor(cookie if _ADDRESS.fullmatch(cookie) else "", _language(request, settings))


def new_address() -> str:
    """22 characters, 128 bits of chance."""
    return secrets.token_urlsafe(16)


def cookie_name(settings: WebSettings) -> str:
    """Over https the prefix makes browsers refuse the cookie from any other host."""
    return "__Host-tingsu_chat" if settings.secure_cookie else "tingsu_chat"


def remember(response: Response, address: str, settings: WebSettings) -> None:
    """Give the browser its address for a year; again at every message, so that it lasts while it is used."""
    response.set_cookie(
        cookie_name(settings),
        address,
        max_age=_YEAR_S,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.secure_cookie,
    )


def forget(response: Response, settings: WebSettings) -> None:
    """Take the address away; the conversation itself is kept."""
    response.delete_cookie(
        cookie_name(settings), path="/", httponly=True, samesite="lax", secure=settings.secure_cookie
    )


def remember_language(response: Response, language: str, settings: WebSettings) -> None:
    """Keep the choice of language for a year."""
    response.set_cookie(
        _LANGUAGE_COOKIE,
        language,
        max_age=_YEAR_S,
        path="/",
        httponly=True,
        samesite="lax",
        secure=settings.secure_cookie,
    )


def is_own_page(request: Request) -> bool:
    """Whether a request that changes something comes from our own page, or from no browser at all.

    Browsers tell by ``Sec-Fetch-Site`` (https and loopback only) or by ``Origin``. The scheme is not
    compared: behind a proxy that ends TLS ours is ``http`` while the page's is ``https``.
    """
    site = request.headers.get("sec-fetch-site", "")
    if site and site not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return True
    return bool(host := urlsplit(origin).netloc) and host.lower() == request.headers.get("host", "").lower()


def _language(request: Request, settings: WebSettings) -> str:
    wishes = [request.query_params.get("lang", ""), request.cookies.get(_LANGUAGE_COOKIE, "")]
    wishes += _accepted(request.headers.get("accept-language", ""))
    return next((wish for wish in wishes if wish in settings.languages), settings.languages[0])


def _accepted(header: str) -> list[str]:
    """Main language codes, the most wanted first."""
    ranked: list[tuple[float, str]] = []
    for part in header[:500].split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            ranked.append((float(weight or 1), tag.split("-")[0].lower()))
        except ValueError:
            continue
    return [tag for weight, tag in sorted(ranked, key=lambda item: -item[0]) if weight > 0]
