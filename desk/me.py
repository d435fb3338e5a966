"""One's own page: password, one-time codes, devices, language, look."""

from __future__ import annotations

import pyotp
import segno
from starlette.responses import Response

from casework.access import passwords, sessions
from casework.access.passwords import WeakPassword
from desk.desk import Desk
from desk.visits import LOOK_COOKIE, NotFound, Visit, Wrong
from desk.wording import LANGUAGES


class Me:
    """``/desk/me``"""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def show(self, visit: Visit) -> Response:
        with self._desk.store.reading() as work:
            kept = work.access.credentials(visit.member.login)
            return visit.page(
                "me.html",
                kept=kept,
                devices=work.access.sessions(visit.member.login),
                shortest=passwords.SHORTEST,
            )

    def change_password(self, visit: Visit) -> Response:
        login = visit.member.login
        with self._desk.store.reading() as work:
            kept = work.access.credentials(login)
        old, new = visit.form.get("old", ""), visit.form.get("new", "")
        if not passwords.fits(old, kept.password_hash if kept else ""):
            raise Wrong("password_old")
        if new != visit.form.get("again", ""):
            raise Wrong("password_again")
        try:
            passwords.check(new, login=login)
        except WeakPassword as weak:
            raise Wrong(f"password_{weak.reason}", n=passwords.SHORTEST) from weak
        hashed = passwords.hashed(new)
        with self._desk.store.writing() as work:
            sessions.set_password(work, login, hashed, by=login, must_change=False, now=visit.now)
        return visit.go("/sign-in", said="password_changed")

    def begin_codes(self, visit: Visit) -> Response:
        """Show a fresh secret; it counts once a code made with it has been typed in."""
        secret = pyotp.random_base32()
        address = passwords.code_address(
            secret, login=visit.member.login, house=self._desk.house.organisation
        )
        picture = segno.make(address, error="m").svg_data_uri(scale=5, border=2, dark="#000", light="#fff")
        return visit.page("codes.html", secret=secret, picture=picture)

    def set_codes(self, visit: Visit) -> Response:
        secret = visit.form.get("secret", "")
        try:
            step = passwords.code_step(secret, visit.form.get("code", ""), now=visit.now)
        except ValueError:
            step = None
        if step is None:
            raise Wrong("code_wrong")
        with self._desk.store.writing() as work:
            sessions.set_code_secret(work, visit.member.login, secret, by=visit.member.login, now=visit.now)
            work.access.count_code(visit.member.login, step)
        return visit.go("/me", said="codes_on")

    def end_codes(self, visit: Visit) -> Response:
        with self._desk.store.reading() as work:
            kept = work.access.credentials(visit.member.login)
        if not passwords.fits(visit.form.get("old", ""), kept.password_hash if kept else ""):
            raise Wrong("password_old")
        with self._desk.store.writing() as work:
            sessions.set_code_secret(work, visit.member.login, "", by=visit.member.login, now=visit.now)
        return visit.go("/me", said="codes_off")

    def end_device(self, visit: Visit) -> Response:
        """One session of one's own, or with ``all`` every other one."""
        login = visit.member.login
        with self._desk.store.writing() as work:
            if visit.form.get("device") == "all":
                sessions.revoke(work, login, by=login, but=visit.session.id, now=visit.now)
            elif not work.access.end_session(_session_id(visit), login=login):
                raise NotFound
        return visit.go("/me", said="device_ended")

    def set_language(self, visit: Visit) -> Response:
        language = visit.form.get("language", "")
        if language not in LANGUAGES:
            raise NotFound
        with self._desk.store.writing() as work:
            work.staff.set_language(visit.member.login, language)
        return visit.go(_back(visit))

    def set_look(self, visit: Visit) -> Response:
        theme, density = visit.form.get("theme", "auto"), visit.form.get("density", "comfortable")
        if theme not in ("auto", "light", "dark") or density not in ("comfortable", "dense"):
            raise NotFound
        response = visit.go(_back(visit))
        response.set_cookie(LOOK_COOKIE, f"{theme}.{density}", max_age=31_536_000, samesite="lax")
        return response


def _session_id(visit: Visit) -> int:
    asked = visit.form.get("device", "")
    return int(asked) if asked.isdecimal() and len(asked) < 19 else 0


def _back(visit: Visit) -> str:
    """The page a switch was pressed on."""
    page = visit.form.get("back", "")
    return page if page.startswith("/") and not page.startswith("//") and "\\" not in page else "/me"
