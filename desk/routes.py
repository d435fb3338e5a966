"""Every page of the desk, with the right it asks for. A page that is not here is not there."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from casework.access.rights import Right
from desk.acting import Acting
from desk.audit import AuditLog
from desk.board import Board
from desk.cases import case_routes
from desk.desk import PREFIX, ROOM, Desk
from desk.files import Evidence
from desk.health import Health
from desk.live import Live
from desk.me import Me
from desk.outgoing import Outgoing
from desk.people import People
from desk.setup_routes import setup_routes
from desk.sign_in import SignIn
from desk.sign_on import SignOnPages
from desk.talking import Talking
from desk.visits import SAFE_HEADERS, Door, Visit
from desk.writing import writing_routes


def routes(desk: Desk) -> list[BaseRoute]:
    door, outgoing = Door(desk), Outgoing(desk)
    sign_in, me, board = SignIn(desk, door), Me(desk), Board(desk)
    sign_on = SignOnPages(desk, door, sign_in)
    talking, acting, evidence = Talking(desk), Acting(desk, board), Evidence(desk)
    people, health, audit, live = People(desk), Health(desk), AuditLog(desk), Live(desk, door)
    return [
        Mount(f"{PREFIX}/static", _Files(directory=ROOM / "static"), name="desk-static"),
        Route(PREFIX, lambda _: RedirectResponse(f"{PREFIX}/"), name="desk"),
        door.open("/sign-in", "GET", sign_in.show),
        door.open("/sign-in", "POST", sign_in.try_it),
        door.post("/sign-out", sign_in.leave, right=None),
        door.open("/sign-on", "GET", sign_on.begin),
        door.open("/sign-on/back", "GET", sign_on.back),
        door.get("/", _first_page, right=None),
        door.get("/me", me.show, right=None),
        door.post("/me/password", me.change_password, right=None),
        door.get("/me/codes", me.begin_codes, right=None),
        door.post("/me/codes", me.set_codes, right=None),
        door.post("/me/codes/end", me.end_codes, right=None),
        door.post("/me/devices", me.end_device, right=None),
        door.post("/me/language", me.set_language, right=None),
        door.post("/me/look", me.set_look, right=None),
        *case_routes(desk, door, board, acting),
        door.get("/talks", board.talks, right=Right.TALKS),
        door.get("/talks/{talk}", board.talk, right=Right.TALKS),
        door.get("/talks/{talk}/messages", board.more_of_thread, right=Right.TALKS),
        door.post("/talks/{talk}/claim", talking.claim, right=Right.SPEAK),
        door.post("/talks/{talk}/say", talking.say, right=Right.SPEAK, file_bytes=desk.ways.shelf.max_bytes),
        door.get("/talks/{talk}/reach", outgoing.reach, right=Right.SPEAK),
        door.post("/talks/{talk}/typing", outgoing.typing, right=Right.SPEAK),
        door.post("/talks/{talk}/transfer", talking.transfer, right=Right.SPEAK),
        door.post("/talks/{talk}/release", talking.release, right=Right.SPEAK),
        door.post("/talks/{talk}/alarm", acting.alarm_seen, right=Right.SPEAK),
        door.get("/files/{file}", evidence.whole, right=Right.TALKS),
        door.get("/files/{file}/small", evidence.small, right=Right.TALKS),
        door.get("/people", people.show, right=Right.PEOPLE),
        door.post("/people", people.add, right=Right.PEOPLE),
        door.get("/people/{login}", people.one, right=Right.PEOPLE),
        door.post("/people/{login}", people.change, right=Right.PEOPLE),
        door.post("/people/{login}/password", people.new_password, right=Right.PEOPLE),
        door.post("/people/{login}/away", people.away, right=Right.PEOPLE),
        *setup_routes(desk, door),
        *writing_routes(desk, door),
        door.get("/health", health.show, right=Right.HEALTH),
        door.get("/audit", audit.show, right=Right.AUDIT),
        door.post("/audit/export", audit.export, right=Right.AUDIT),
        door.stream("/live", live.stream, right=None),
    ]


def _first_page(visit: Visit) -> Response:
    """Where a day begins: those who speak see who waits, everybody else the cases."""
    return visit.go("/talks" if visit.may("speak") else "/cases")


class _Files(StaticFiles):
    """Files whose address changes with their bytes: kept for a year."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response: Response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers.update(SAFE_HEADERS)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
