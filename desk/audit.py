"""The audit log: who came in, who looked at what and why, who changed the house; on a page and as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from starlette.responses import Response, StreamingResponse

from casework.access.model import Audit
from desk.desk import Desk
from desk.visits import SAFE_HEADERS, Visit

PAGE = 50
#: Lines of a file that are read at once, and all that a file holds.
_PIECE, _LONGEST = 1000, 200_000
#: First characters by which a spreadsheet takes a cell for a formula. Source: OWASP, CSV injection.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Wanted:
    """Which lines; empty lets everything through. ``first`` and ``last``: days of the house, both within."""

    login: str = ""
    action: str = ""
    ref: str = ""
    first: date | None = None
    last: date | None = None

    @classmethod
    def of(cls, login: str, action: str, ref: str, first: str, last: str) -> Wanted:
        """What the form says; a day that cannot be read counts as none."""
        return cls(login.lower(), action, ref, _day(first), _day(last))

    def __str__(self) -> str:
        named = (
            ("login", self.login), ("action", self.action), ("ref", self.ref), ("from", self.first), ("to", self.last)
        )  # fmt: skip
        return " ".join(f"{name}={value}" for name, value in named if value)


class AuditLog:
    """``/desk/audit``"""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def show(self, visit: Visit) -> Response:
        wanted = Wanted.of(*(visit.query(name) for name in ("login", "action", "ref", "first", "last")))
        rows = self._rows(wanted, before=visit.place("before"), limit=PAGE + 1)
        return visit.page(
            "audit.html",
            rows=rows[:PAGE],
            wanted=wanted,
            actions=visit.words.beginning("audit_"),
            more=rows[PAGE - 1].id if len(rows) > PAGE else 0,
        )

    def export(self, visit: Visit) -> Response:
        """All lines of the filter as CSV. That it was taken, and of what, is a line itself."""
        form = visit.form
        wanted = Wanted.of(*(form.get(name, "") for name in ("login", "action", "ref", "first", "last")))
        with self._desk.store.writing() as work:
            work.access.log(
                Audit(visit.now, visit.member.login, "log_export", "audit", reason=str(wanted)[:500])
            )
        name = f"audit-{visit.now.astimezone(self._zone):%Y-%m-%d}.csv"
        headers = {**SAFE_HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingResponse(
            self._lines(wanted, visit), media_type="text/csv; charset=utf-8", headers=headers
        )

    def _lines(self, wanted: Wanted, visit: Visit) -> Iterator[str]:
        w = visit.words
        heads = (w.time, w.login, w.what, w.log_where, w.of_what, w.log_field, w.reason)
        yield "\ufeff" + _line(heads)  # the mark by which Excel reads UTF-8
        before, left = 0, _LONGEST
        while left > 0 and (rows := self._rows(wanted, before=before, limit=_PIECE)):
            for row in rows:
                at = row.at.astimezone(self._zone).isoformat(timespec="seconds")
                what = w.get(f"audit_{row.action}", row.action)
                yield _line((at, row.login, what, row.kind, row.ref, row.field, row.reason))
            before, left = rows[-1].id, left - len(rows)

    def _rows(self, wanted: Wanted, *, before: int, limit: int) -> list[Audit]:
        with self._desk.store.reading() as work:
            return work.access.audits(
                login=wanted.login,
                action=wanted.action,
                ref=wanted.ref,
                since=self._midnight(wanted.first),
                until=self._midnight(wanted.last, days=1),
                before=before,
                limit=limit,
            )

    def _midnight(self, day: date | None, *, days: int = 0) -> datetime | None:
        if day is None:
            return None
        return datetime.combine(day + timedelta(days=days), time(), self._zone)

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self._desk.house.zone)


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2999 else None


def _line(cells: tuple[str, ...]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return out.getvalue()
