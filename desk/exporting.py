"""The list of cases as a file: CSV or a workbook, personal data masked unless there is a reason, which is logged."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from threading import BoundedSemaphore

from starlette.responses import Response, StreamingResponse
from xlsxwriter import Workbook

from casework.access.masking import masked_text
from casework.access.model import Audit
from casework.access.rights import Right
from casework.storage.cases import Place
from casework.storage.work import Work
from casework.tickets.model import Clock, Ticket
from desk.acting import MIN_REASON
from desk.desk import Desk
from desk.lists import Look, look_of, with_search
from desk.show import local
from desk.visits import SAFE_HEADERS, Visit, Wrong

#: Most cases of one file, and cases that are read at once.
MOST = 10_000
_PAGE = 500
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
#: Columns, each with a word of its own.
COLUMNS = (
    "number", "state", "priority", "category", "department", "handler", "cycle", "filed", "due", "resolved", "late",
    "told", "details",
)  # fmt: skip
#: What a table program takes for the beginning of a formula. Source: OWASP, CSV injection.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")

Row = Sequence[str]


class Exporting:
    """``/desk/cases/export``"""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        #: Files that are made at the same moment: each keeps a thread and a core busy.
        self._making = BoundedSemaphore(1)

    def show(self, visit: Visit) -> Response:
        """What will be in the file, and how it is to be made."""
        return self._page(visit)

    def _page(self, visit: Visit, refused: Wrong | None = None) -> Response:
        look = look_of(self._desk, visit)
        with self._desk.store.reading() as work:
            wanted = with_search(work, visit, look).wanted
            count = work.board.count(wanted, scope=visit.scope, most=MOST + 1)
        said = visit.words(f"problem_{refused.key}", **refused.values) if refused else ""
        return visit.page("export.html", listing=look, count=count, most=MOST, refused=said, typed=visit.form)

    def send(self, visit: Visit) -> Response:
        """The file. That it was made is logged before anything of it leaves."""
        try:
            kind, open_ = self._asked(visit)
        except Wrong as wrong:
            page = self._page(visit, wrong)
            page.status_code = 422
            return page
        look = look_of(self._desk, visit)
        with self._desk.store.writing() as work:
            look = with_search(work, visit, look)
            reason = f"{visit.form.get('reason', '')} [{masked_text(look.address())}]"
            how = "personal" if open_ else "masked"
            work.access.log(
                Audit(visit.now, visit.member.login, "export", "tickets", kind, how, reason.strip()[:500])
            )
        rows = self._rows(visit, look, open_=open_)
        name = f"cases-{local(visit.now, visit):%Y%m%d-%H%M}.{kind}"
        headers = {**SAFE_HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
        if kind == "csv":
            return StreamingResponse(as_csv(rows), media_type=FORMATS[kind], headers=headers)
        if not self._making.acquire(blocking=False):
            raise Wrong("export_busy")
        try:
            made = as_workbook(rows, title=visit.words.cases)
        finally:
            self._making.release()
        return Response(made, media_type=FORMATS[kind], headers=headers)

    def _asked(self, visit: Visit) -> tuple[str, bool]:
        """The format, and whether personal data is to be seen. Raises: Wrong."""
        kind, open_ = visit.form.get("format", ""), visit.form.get("personal") == "1"
        if kind not in FORMATS:
            raise Wrong("nothing_chosen")
        if open_ and Right.REVEAL not in visit.rights:
            raise Wrong("export_masked_only")
        if open_ and len(visit.form.get("reason", "")) < MIN_REASON:
            raise Wrong("reason_short", n=MIN_REASON)
        return kind, open_

    def _rows(self, visit: Visit, look: Look, *, open_: bool) -> Iterator[Row]:
        """The heading, then a row a case, read page by page; a last word where there are more."""
        words = visit.words
        yield [words(f"column_{name}") for name in COLUMNS]
        with self._desk.store.reading() as work:
            names = work.staff.names()
            departments = {d.code: d.name.in_(words.language) for d in work.staff.departments(active=None)}
        line = _Line(visit, names, departments, open_)
        made, after = 0, None
        while True:
            with self._desk.store.reading() as work:
                tickets, following = _page_of(work, visit, look, after, min(_PAGE, MOST - made))
                promises = work.board.promises([ticket.id for ticket in tickets])
            yield from (line.of(ticket, promises.get(ticket.id)) for ticket in tickets)
            made, after = made + len(tickets), following
            if after is None:
                return
            if made >= MOST:
                yield [words("export_cut", n=MOST)]
                return


def _page_of(
    work: Work, visit: Visit, look: Look, after: Place | None, limit: int
) -> tuple[list[Ticket], Place | None]:
    """Some cases of a list, the newest first, and the place to go on from; none at the end."""
    found = work.board.cases(look.wanted, scope=visit.scope, order="newest", after=after, limit=limit + 1)
    going_on = found[limit - 1].place("newest") if len(found) > limit else None
    return work.tickets.many([case.id for case in found[:limit]]), going_on


class _Line:
    """Makes rows. Personal data is masked unless ``open_``."""

    def __init__(self, visit: Visit, names: dict[str, str], departments: dict[str, str], open_: bool) -> None:
        self._visit, self._names, self._departments, self._open = visit, names, departments, open_
        self._fields = visit.desk.house.packs.fields()

    def of(self, ticket: Ticket, promise: Clock | None) -> Row:
        words, house = self._visit.words, self._visit.desk.house
        return [
            ticket.number,
            house.states[ticket.state.value].in_(words.language),
            ticket.priority,
            house.packs.label(ticket.category, words.language) if ticket.category else "",
            self._departments.get(ticket.department, ticket.department),
            self._names.get(ticket.handler, ticket.handler),
            str(ticket.cycle),
            self._when(ticket.submitted_at),
            self._when(promise.due_at if promise else None),
            self._when(ticket.resolved_at),
            words.breached if promise and promise.breached_at else "",
            ticket.description if self._open else masked_text(ticket.description),
            self._details(ticket),
        ]

    def _when(self, moment: datetime | None) -> str:
        return f"{local(moment, self._visit):%Y-%m-%d %H:%M}" if moment else ""

    def _details(self, ticket: Ticket) -> str:
        """Those that are not sensitive; all of them where everything may be seen."""
        shown = []
        for key, value in ticket.details.items():
            field = self._fields.get(key)
            if not self._open and (key == "contact" or field is None or field.sensitive):
                continue
            label = field.label.in_(self._visit.words.language) if field else key
            text = value.display or value.text
            shown.append(f"{label}: {text if self._open else masked_text(text)}")
        return "; ".join(shown)


def as_csv(rows: Iterator[Row]) -> Iterator[bytes]:
    """With the mark by which table programs know UTF-8; a cell that looks like a formula is made plain text."""
    yield b"\xef\xbb\xbf"
    for row in rows:
        line = io.StringIO()
        csv.writer(line).writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
        yield line.getvalue().encode()


def as_workbook(rows: Iterator[Row], *, title: str) -> bytes:
    """Cells are text, never formulas or links. In memory: none of it lies on a disk in the clear."""
    made = io.BytesIO()
    with Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet(title[:31])
        bold = book.add_format({"bold": True})
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write_string(at, column, cell, bold if at == 0 else None)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, 0, len(COLUMNS) - 1)
        sheet.set_column(0, len(COLUMNS) - 1, 18)
    return made.getvalue()
