"""``/healthz`` (the process lives), ``/readyz`` (it can take messages in) and ``/metrics`` of the gateway."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from anyio.to_thread import run_sync
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.bus import Hub
from app.observing.figures import HouseFigures, exposition
from casework.storage.backlog import read_backlog
from casework.storage.database import DatabaseUnavailable
from casework.storage.work import Store


def routes(
    store: Store, hub: Hub, *, clock: Callable[[], datetime], with_figures: bool = True
) -> list[Route]:
    """None of them tells anything of a person. ``with_figures``: show ``/metrics`` here too, for a gateway
    without a port of its own for it; proxies keep it inside."""

    async def alive(_request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(_request: Request) -> Response:
        code, body = await run_sync(readiness, store, clock())
        return JSONResponse({**body, "redis": hub.alive}, status_code=code)

    async def metrics(_request: Request) -> Response:
        return Response(await run_sync(house_figures, store, clock()), media_type=CONTENT_TYPE_LATEST)

    shown = [Route("/healthz", alive, methods=["GET"]), Route("/readyz", ready, methods=["GET"])]
    return [*shown, Route("/metrics", metrics, methods=["GET"])] if with_figures else shown


def house_figures(store: Store, now: datetime) -> bytes:
    """The figures of this process, and those of the house while the database answers."""
    try:
        house = HouseFigures(read_backlog(store.database, now=now))
    except DatabaseUnavailable:
        house = None
    return exposition(house)


def readiness(store: Store, now: datetime) -> tuple[int, dict[str, Any]]:
    """(HTTP status, what to say). Ready: the database answers and has at least the tables this program needs.

    Redis and engines are told, not demanded: without them messages are still taken in and kept.
    """
    try:
        tables = store.database.tables_are()
        if tables == "behind":
            return 503, {"status": "unavailable", "database": True, "tables": tables}
        backlog = read_backlog(store.database, now=now)
    except DatabaseUnavailable:
        return 503, {"status": "unavailable", "database": False}
    return 200, {
        "status": "ok",
        "database": True,
        "tables": tables,
        "engines": sum(backlog.engines.values()),
        "waiting": backlog.waiting,
    }
