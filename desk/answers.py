"""What the bot answers by itself: the entries of the knowledge base, edited and published here, and a question tried on
the real search."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from starlette.responses import Response

from casework.editing import EditedMeanwhile
from casework.knowledge import Entry
from casework.knowledge.checking import packs_of, problem
from casework.knowledge.filling import filled
from casework.knowledge.overlay import DAYS, from_json
from casework.packs.wording import is_written_in
from casework.publishing import KNOWLEDGE, RETIRED, Unfit, publish, standing
from desk.desk import Desk
from desk.inserting import cited, holds
from desk.publishing import overtaken, seen
from desk.refusals import told
from desk.visits import NotFound, Visit, Wrong
from desk.wording import LANGUAGES

#: Entries that end this soon are marked. Source: product default, as in `tingsu knowledge check`.
SOON = timedelta(days=30)
#: How long a new entry holds, unless somebody says otherwise. Source: product default.
YEAR = timedelta(days=365)
#: Longest key of a new entry behind its pack.
_KEY = 48


@dataclass(frozen=True)
class Row:
    """One entry in both languages. ``mark``: retired, left_out, over, soon, edited; empty for none of these."""

    key: str
    pair: Mapping[str, Entry]
    mark: str


class Answers:
    """``/desk/setup/knowledge``"""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def show(self, visit: Visit) -> Response:
        wanted, pack, asked = visit.query("q"), visit.query("pack"), visit.query("ask")
        rows = [
            row
            for row in self._rows(visit)
            if (not pack or row.key.startswith(f"{pack}/"))
            and (not wanted or any(holds(entry, wanted) for entry in row.pair.values()))
        ]
        language = "zh" if is_written_in(asked, "zh") else "en"
        looked = self._desk.look_up(asked, language, self._today(visit)) if asked else None
        return visit.page(
            "knowledge.html",
            rows=rows,
            packs=self._packs(visit),
            asked=asked,
            looked=looked,
            said=cited(self._desk, looked.entry) if looked and looked.entry else "",
        )

    def _rows(self, visit: Visit) -> Iterator[Row]:
        shown = {entry.key: entry for entry in self._desk.house.knowledge.entries}
        with self._desk.store.reading() as work:
            edits = work.edits.current().get(KNOWLEDGE, {})
        today = self._today(visit)
        for key, data in sorted(self._all().items()):
            if data == RETIRED:
                yield Row(key, {}, "retired")
                continue
            pair = from_json(key, data)
            ends = pair["zh"].valid_until
            mark = "edited" if key in edits else ""
            if key not in shown:
                mark = "left_out"
            elif ends < today + SOON:
                mark = "over" if ends < today else "soon"
            yield Row(key, pair, mark)

    def new(self, visit: Visit) -> Response:
        today = self._today(visit)
        days = {"as_of": today, "valid_from": today, "valid_until": today + YEAR}
        said = {"title": "", "questions": [], "answer": "", "source": ""}
        data: dict[str, Any] = {name: day.isoformat() for name, day in days.items()}
        data |= {"pack": "common", "address": "", "categories": [], "countries": [], "zh": said, "en": said}
        return self._form(visit, "", data)

    def one(self, visit: Visit) -> Response:
        return self._form(visit, *self._known(visit))

    def save(self, visit: Visit) -> Response:
        """Publish it as the form has it, or show how it would be said."""
        known = self._known(visit)[0] if "name" in visit.request.path_params else ""
        data = _typed(visit, known)
        key = known or self._new_key(data)
        reason = problem(key, data, house=self._desk.house, today=self._today(visit))
        if reason is not None:
            return self._form(visit, known, data, said=told(visit, reason))
        if visit.form.get("preview"):
            return self._form(visit, known, data, preview=True)
        try:
            self._publish(visit, key, data)
        except Unfit as refused:
            return self._form(visit, known, data, said=told(visit, refused.reason))
        return visit.go(f"/setup/knowledge/{key}", said="published")

    def retire(self, visit: Visit) -> Response:
        self._publish(visit, self._known(visit)[0], RETIRED)
        return visit.go("/setup/knowledge", said="retired")

    def _publish(self, visit: Visit, key: str, value: Any) -> None:
        keeper, store, by = self._desk.keeper, self._desk.store, visit.member.login
        try:
            publish(keeper, store, KNOWLEDGE, key, value, by=by, now=visit.now, seen=seen(visit))
        except EditedMeanwhile as meanwhile:
            raise overtaken(visit, meanwhile) from meanwhile

    def _form(self, visit: Visit, key: str, data: Any, *, said: str = "", preview: bool = False) -> Response:
        """``data`` :data:`RETIRED`: the last wording stands in the form."""
        with self._desk.store.reading() as work:
            history = work.edits.history(KNOWLEDGE, key=key) if key else []
            people = work.staff.names()
        retired = data == RETIRED
        if retired:
            data = next(edit.before for edit in history if edit.value == RETIRED)
        house = self._desk.house
        words = {"organisation": house.organisation, "hours": house.office.hours}
        ready = (
            [filled(entry, house.packs, words)[0] for entry in from_json(key, data).values()]
            if preview
            else []
        )
        return visit.page(
            "answer.html",
            key=key,
            entry=data,
            retired=retired,
            packs=self._packs(visit),
            history=history,
            people=people,
            seen=seen(visit) or (history[0].id if history else 0),
            said=said,
            spoken=[(entry.language, cited(self._desk, entry)) for entry in ready],
            languages=LANGUAGES,
        )

    def _packs(self, visit: Visit) -> dict[str, str]:
        """What an entry can belong to, with its name."""
        names = {pack.key: pack.name.in_(visit.member.language) for pack in self._desk.house.packs.packs}
        return {key: names.get(key, visit.words.pack_common) for key in packs_of(self._desk.house)}

    def _all(self) -> dict[str, Any]:
        return standing(self._desk.keeper, self._desk.store, KNOWLEDGE)

    def _known(self, visit: Visit) -> tuple[str, Any]:
        """The entry of the address, with its key. Raises: NotFound."""
        key, everything = f"{visit.path('pack')}/{visit.path('name')}", self._all()
        if key not in everything:
            raise NotFound
        return key, everything[key]

    def _new_key(self, data: Mapping[str, Any]) -> str:
        """Of the English title, and not in use."""
        slug = re.sub(r"[^a-z0-9]+", "-", data["en"]["title"].lower()).strip("-")[:_KEY] or "entry"
        taken, key, number = self._all(), f"{data['pack']}/{slug}", 1
        while key in taken:
            number += 1
            key = f"{data['pack']}/{slug}-{number}"
        return key

    def _today(self, visit: Visit) -> date:
        return visit.now.astimezone(ZoneInfo(self._desk.house.zone)).date()


def _typed(visit: Visit, key: str) -> dict[str, Any]:
    """What the form has, in the shape of an entry. Raises: Wrong."""
    form = visit.form
    data: dict[str, Any] = {
        "pack": key.partition("/")[0] or form.get("pack", ""),
        "address": form.get("address", ""),
        **{name: _day(form.get(name, "")) for name in DAYS},
        "categories": form.get("categories", "").upper().replace(",", " ").split(),
        "countries": form.get("countries", "").upper().replace(",", " ").split(),
    }
    for language in LANGUAGES:
        questions = (line.strip() for line in form.get(f"questions_{language}", "").splitlines())
        data[language] = {
            "title": form.get(f"title_{language}", ""),
            "questions": list(dict.fromkeys(question for question in questions if question)),
            "answer": " ".join(form.get(f"answer_{language}", "").split()),
            "source": form.get(f"source_{language}", ""),
        }
    return data


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise Wrong("date_unread") from error
