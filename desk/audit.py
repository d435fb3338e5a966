"""The audit log: who came in, who looked at what and why, who changed the house."""

from __future__ import annotations

from starlette.responses import Response

from desk.desk import Desk
from desk.visits import Visit

PAGE = 50


class AuditLog:
    """``/desk/audit``"""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def show(self, visit: Visit) -> Response:
        wanted = {name: visit.query(name) for name in ("login", "action", "kind", "ref")}
        before = visit.place("before")
        with self._desk.store.reading() as work:
            rows = work.access.audits(**wanted, before=before, limit=PAGE + 1)
        return visit.page(
            "audit.html", rows=rows[:PAGE], wanted=wanted, more=rows[PAGE - 1].id if len(rows) > PAGE else 0
        )
