"""How the house runs: engines, what waits, and what each provider says of itself."""

from __future__ import annotations

from anyio import from_thread
from starlette.responses import Response

from casework.conversations.model import Owner
from desk.desk import Desk
from desk.visits import Visit


class Health:
    """``/desk/health``"""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def show(self, visit: Visit) -> Response:
        channels = from_thread.run(self._desk.channels)
        with self._desk.store.reading() as work:
            return visit.page(
                "health.html",
                channels=channels,
                engines=work.engines.all(),
                ready=work.engines.ready(now=visit.now),
                waiting=work.messages.waiting_count(),
                queue=work.conversations.count_owned(Owner.QUEUE),
                untold=work.spreading.count_waiting(),
            )
