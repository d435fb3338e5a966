"""Coming in: login and password, a one-time code where it is in use, and a new password where it must change."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from casework.access import passwords, sessions
from casework.access.sessions import LONGEST, Problem
from desk.desk import PREFIX, Desk
from desk.visits import (
    LANGUAGE_COOKIE,
    SAFE_HEADERS,
    Door,
    Visit,
    language_of,
    look_of,
)
from desk.wording import LANGUAGES


class SignIn:
    """``/desk/sign-in`` and ``/desk/sign-out``."""

    def __init__(self, desk: Desk, door: Door) -> None:
        self._desk, self._door = desk, door

    def show(self, request: Request, _form: Mapping[str, str]) -> Response:
        chosen = request.query_params.get("lang", "")
        language = chosen if chosen in LANGUAGES else language_of(request)
        with self._desk.store.reading() as work:
            is_new = not work.access.any_credentials()
        response = self._page(
            request, language, next_page=request.query_params.get("next", ""), is_new=is_new
        )
        if chosen:
            response.set_cookie(LANGUAGE_COOKIE, language, max_age=31_536_000, samesite="lax")
        return response

    def try_it(self, request: Request, form: Mapping[str, str]) -> Response:
        """Check the password outside of any transaction, then write what came of it."""
        desk = self._desk
        login, password = form.get("login", "").lower()[:64], form.get("password", "")[: passwords.LONGEST]
        with desk.store.reading() as work:
            kept = work.access.credentials(login)
        fits = (
            kept.password_hash
            if passwords.fits(password, kept.password_hash if kept else "") and kept
            else ""
        )
        token = desk.fresh_token()
        with desk.store.writing() as work:
            attempt = sessions.sign_in(
                work,
                login,
                fits=fits,
                code=form.get("code", ""),
                token=token,
                device=request.headers.get("user-agent", ""),
                now=desk.clock(),
            )
        next_page = form.get("next", "")
        if attempt.problem is not None:
            minutes = 0
            if attempt.until is not None:
                minutes = max(1, round((attempt.until - desk.clock()).total_seconds() / 60))
            return self._page(
                request,
                language_of(request),
                next_page=next_page,
                problem=attempt.problem,
                minutes=minutes,
                login=login,
                password=password if attempt.problem is Problem.CODE else "",
            )
        response = RedirectResponse(_safe(next_page), status_code=303, headers=SAFE_HEADERS)
        response.set_cookie(
            self._door.cookie,
            token,
            max_age=int(LONGEST.total_seconds()),
            secure=desk.secure,
            httponly=True,
            samesite="lax",
            path="/",
        )
        return response

    def leave(self, visit: Visit) -> Response:
        with self._desk.store.writing() as work:
            sessions.sign_out(work, visit.session, now=visit.now)
        response = visit.go("/sign-in")
        response.delete_cookie(self._door.cookie, path="/", secure=self._desk.secure, httponly=True)
        return response

    def _page(
        self,
        request: Request,
        language: str,
        *,
        next_page: str,
        problem: Problem | None = None,
        minutes: int = 0,
        login: str = "",
        password: str = "",
        is_new: bool = False,
    ) -> Response:
        template = self._desk.templates.get_template("sign_in.html")
        return HTMLResponse(
            template.render(
                w=self._desk.words[language],
                house=self._desk.house,
                look=look_of(request),
                next_page=next_page,
                problem=problem.value if problem else "",
                minutes=minutes,
                login=login,
                password=password,
                is_new=is_new,
            ),
            status_code=200 if problem in (None, Problem.CODE) else 401,
            headers=SAFE_HEADERS,
        )


def _safe(next_page: str) -> str:
    """Only to a page of the desk: an address from outside is not followed."""
    inside = next_page.startswith(f"{PREFIX}/") and "\\" not in next_page and "//" not in next_page
    return next_page if inside else f"{PREFIX}/"
