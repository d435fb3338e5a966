"""Coming in: login and password, a one-time code where it is in use, and a new password where it must change."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from casework.access import passwords, sessions
from casework.access.sessions import Problem
from casework.tickets.states import Role
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
            is_new = not work.access.any_credentials() and self._desk.provider is None
        response = self._render(
            request, language=language, next_page=request.query_params.get("next", ""), is_new=is_new
        )
        if chosen:
            response.set_cookie(LANGUAGE_COOKIE, language, max_age=31_536_000, samesite="lax")
        return response

    def try_it(self, request: Request, form: Mapping[str, str]) -> Response:
        """Check the password outside of any transaction, then write what came of it."""
        desk = self._desk
        login, password = form.get("login", "").lower()[:64], form.get("password", "")[: passwords.LONGEST]
        if not self._takes_password(login):
            return self.page(request, "password_off", status=403)
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
        if attempt.problem is None:
            return self._door.let_in(safe_page(next_page), token)
        wants_code = attempt.problem is Problem.CODE
        # A login that waits is not told from a wrong one: only those that exist can wait.
        return self._render(
            request,
            status=200 if wants_code else 401,
            next_page=next_page,
            problem=(Problem.CODE if wants_code else Problem.WRONG).value,
            login=login,
            password=password if wants_code else "",
        )

    def _takes_password(self, login: str) -> bool:
        """Everybody's; of a house with an emergency administrator theirs alone."""
        only = self._desk.emergency
        if not only:
            return True
        with self._desk.store.reading() as work:
            member = work.staff.member(login) if login == only else None
        return member is not None and member.has(Role.ADMINISTRATOR)

    def leave(self, visit: Visit) -> Response:
        with self._desk.store.writing() as work:
            sessions.sign_out(work, visit.session, now=visit.now)
        response = visit.go("/sign-in")
        response.delete_cookie(self._door.cookie, path="/", secure=self._desk.secure, httponly=True)
        return response

    def page(self, request: Request, problem: str, *, status: int, name: str = "") -> Response:
        """The page with a word about why somebody is not in. ``problem``: its key; ``name``: what they are called."""
        return self._render(request, status=status, problem=problem, name=name)

    def _render(
        self,
        request: Request,
        *,
        status: int = 200,
        language: str = "",
        next_page: str = "",
        problem: str = "",
        name: str = "",
        login: str = "",
        password: str = "",
        is_new: bool = False,
    ) -> Response:
        template = self._desk.templates.get_template("sign_in.html")
        return HTMLResponse(
            template.render(
                w=self._desk.words[language or language_of(request)],
                house=self._desk.house,
                look=look_of(request),
                next_page=next_page,
                problem=problem,
                name=name,
                by_provider=self._desk.provider is not None,
                emergency=bool(self._desk.emergency),
                login=login,
                password=password,
                is_new=is_new,
            ),
            status_code=status,
            headers=SAFE_HEADERS,
        )


def safe_page(next_page: str) -> str:
    """Only to a page of the desk: an address from outside is not followed."""
    inside = next_page.startswith(f"{PREFIX}/") and "\\" not in next_page and "//" not in next_page
    return next_page if inside else f"{PREFIX}/"
