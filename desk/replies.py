"""The canned replies of the house: who keeps them adds, changes and retires them here; every change stays on record."""

from __future__ import annotations

import secrets
from typing import Any

from starlette.responses import Response

from casework.access.rights import actors_of
from casework.canned import NAME_CHARS, TEXT_CHARS, VARIABLES, Canned, keeping
from casework.canned.keeping import may_keep
from casework.editing import EditedMeanwhile
from casework.publishing import REPLIES, RETIRED, Unfit, standing
from casework.text import Text
from desk.desk import Desk
from desk.publishing import overtaken, seen
from desk.refusals import told
from desk.visits import NotFound, Visit, Wrong

#: Characters of the name a new reply is known by: 48 bits.
_REF = 6


class Replies:
    """``/desk/setup/replies``"""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def show(self, visit: Visit) -> Response:
        everything = self._all()
        with self._desk.store.reading() as work:
            retired = [
                _canned(ref, work.edits.history(REPLIES, key=ref, limit=1)[0].before)
                for ref, data in everything.items()
                if data == RETIRED
            ]
        found = [_canned(ref, data) for ref, data in everything.items() if data != RETIRED]
        return self._page(visit, "replies.html", replies=found, retired=retired)

    def one(self, visit: Visit) -> Response:
        ref = visit.path("ref")
        data = self._all().get(ref)
        if data is None:
            raise NotFound
        return self._form(visit, ref, None if data == RETIRED else _canned(ref, data))

    def new(self, visit: Visit) -> Response:
        return self._form(visit, "", Canned("", Text("", ""), Text("", "")))

    def save(self, visit: Visit) -> Response:
        """A new reply, or a known one as the form has it."""
        ref = visit.request.path_params.get("ref", "")
        form = visit.form
        canned = Canned(
            ref or secrets.token_hex(_REF),
            Text(form.get("name_zh", ""), form.get("name_en", "")),
            Text(_lines(form.get("text_zh", "")), _lines(form.get("text_en", ""))),
            form.get("department", ""),
        )
        self._guard(visit, ref, canned.department)
        try:
            keeping.save(
                self._desk.keeper,
                self._desk.store,
                canned,
                by=visit.member.login,
                now=visit.now,
                seen=seen(visit),
            )
        except Unfit as refused:
            return self._form(visit, ref, canned, said=told(visit, refused.reason))
        except EditedMeanwhile as meanwhile:
            raise overtaken(visit, meanwhile) from meanwhile
        return visit.go(f"/setup/replies/{canned.ref}", said="saved")

    def retire(self, visit: Visit) -> Response:
        ref = visit.path("ref")
        self._guard(visit, ref)
        try:
            keeping.retire(
                self._desk.keeper,
                self._desk.store,
                ref,
                by=visit.member.login,
                now=visit.now,
                seen=seen(visit),
            )
        except EditedMeanwhile as meanwhile:
            raise overtaken(visit, meanwhile) from meanwhile
        return visit.go("/setup/replies", said="retired")

    def _guard(self, visit: Visit, ref: str, *departments: str) -> None:
        """Raises: NotFound, Wrong: it belongs, or would belong, to a department that is kept by others."""
        places = set(departments)
        if ref:
            data = self._all().get(ref)
            if data is None:
                raise NotFound
            places |= {data["department"]} if data != RETIRED else set()
        if not all(_keeps(visit, place) for place in places):
            raise Wrong("others_keep_it")

    def _all(self) -> dict[str, Any]:
        return standing(self._desk.keeper, self._desk.store, REPLIES)

    def _form(self, visit: Visit, ref: str, canned: Canned | None, *, said: str = "") -> Response:
        """``canned`` ``None``: it is retired; the last wording stands in the form."""
        with self._desk.store.reading() as work:
            history = work.edits.history(REPLIES, key=ref) if ref else []
            people = work.staff.names()
        last = next((edit.before for edit in history if edit.value == RETIRED), None)
        filled_in = canned or (_canned(ref, last) if last else None)
        if filled_in is None:
            raise NotFound
        return self._page(
            visit,
            "reply.html",
            ref=ref,
            reply=filled_in,
            retired=canned is None,
            may_change=_keeps(visit, filled_in.department),
            history=history,
            people=people,
            seen=history[0].id if history else 0,
            said=said,
        )

    def _page(self, visit: Visit, template: str, **values: Any) -> Response:
        with self._desk.store.reading() as work:
            departments = work.staff.departments()
        return visit.page(
            template,
            departments=departments,
            names={d.code: d.name.in_(visit.member.language) for d in departments},
            mine=[d for d in departments if _keeps(visit, d.code)],
            keeps_house=_keeps(visit, ""),
            variables=VARIABLES,
            name_chars=NAME_CHARS,
            text_chars=TEXT_CHARS,
            **values,
        )


def _keeps(visit: Visit, department: str) -> bool:
    return may_keep(actors_of(visit.member, visit.scope, department))


def _canned(ref: str, data: Any) -> Canned:
    return Canned.from_json(ref, data)


def _lines(text: str) -> str:
    """As typed, with the line ends that are ours."""
    return text.replace("\r\n", "\n")
