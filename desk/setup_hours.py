"""Hours and holidays at the desk: when is worked by weekday and day, and what comes of it in the next two weeks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, get_args

from starlette.responses import Response

from casework.editing import NotEdited, back_to, proposed, shown
from casework.tickets.calendar import CalendarError, Due, Unit, WorkingCalendar
from desk.desk import Desk
from desk.refusals import Line, lines
from desk.setup_packs import number, save, write
from desk.show import local
from desk.visits import Visit, Wrong

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
#: What of ``house.yml`` stands on this page.
KEYS = ("working_hours", "weekly_hours", "office_hours", "quiet_hours", "working_days")
#: Days that are shown, and days over which holidays are listed.
AHEAD, YEAR = 14, 365
_INTERVAL = re.compile(r"(\d{1,2}:\d{2})-(\d{1,2}:\d{2})")
_CLOSED = "-"


@dataclass(frozen=True)
class Day:
    """``why``: the word that says why a day is worked or not, where it is not an ordinary one."""

    day: date
    hours: str
    why: str
    holiday: str
    estimated: bool


class HoursPage:
    """``/desk/setup/hours``"""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def show(self, visit: Visit) -> Response:
        return self._page(visit, _standing(self._desk), visit.desk.house.calendar)

    def change(self, visit: Visit) -> Response:
        """Save the hours, or show what would come of them. What is refused stays in the form."""
        values = _hours_of(visit)
        try:
            proposal = proposed(self._desk.keeper, self._desk.store, "house", values)
        except NotEdited as refused:
            page = self._page(
                visit, values, visit.desk.house.calendar, problems=lines(visit, refused.problems)
            )
            page.status_code = 422
            return page
        if visit.form.get("preview"):
            return self._page(visit, values, proposal.house.calendar, is_preview=True)
        write(visit, proposal)
        return visit.go("/setup/hours", said="saved")

    def set_day(self, visit: Visit) -> Response:
        """One day that is not as the public calendar says, or is again."""
        try:
            day = date.fromisoformat(visit.form.get("day", ""))
        except ValueError as error:
            raise Wrong("date_unread") from error
        days = {**_standing(self._desk)["working_days"]}
        days.pop(day.isoformat(), None)
        if (how := visit.form.get("how", "")) in ("closed", "worked"):
            days[day.isoformat()] = how
        save(visit, "house", {"working_days": dict(sorted(days.items()))})
        return visit.go("/setup/hours", said="saved")

    def back(self, visit: Visit) -> Response:
        then = back_to(self._desk.store, "house", number(visit.form.get("to", "")))
        save(visit, "house", {key: value for key, value in then.items() if key in KEYS})
        return visit.go("/setup/hours", said="saved")

    def _page(
        self,
        visit: Visit,
        values: Mapping[str, Any],
        calendar: WorkingCalendar,
        *,
        problems: Sequence[Line] = (),
        is_preview: bool = False,
    ) -> Response:
        with self._desk.store.reading() as work:
            history = [e for e in work.edits.history("house", limit=40) if e.key in KEYS]
            seen = work.edits.last_id("house")
        today = local(visit.now, visit).date()
        amount, unit = _asked(visit)
        return visit.page(
            "setup_hours.html",
            values=values,
            standard=", ".join(values["working_hours"]),
            weekdays=WEEKDAYS,
            days=[_day(calendar, today + timedelta(days=n)) for n in range(AHEAD)],
            holidays=_holidays(calendar, today),
            overrides=sorted(_standing(self._desk)["working_days"].items()),
            amount=amount,
            unit=unit,
            units=get_args(Unit),
            due=_due(calendar, visit.now, amount, unit),
            problems=problems,
            is_preview=is_preview,
            history=history,
            seen=seen,
            more=0,
            shown=shown,
        )


def _standing(desk: Desk) -> dict[str, Any]:
    """What counts now, as in JSON."""
    with desk.store.reading() as work:
        edits = work.edits.current().get("house", {})
    found = {**desk.keeper.written("house"), **edits}
    return {**found, "working_days": {str(day): how for day, how in found["working_days"].items()}}


def _hours_of(visit: Visit) -> dict[str, Any]:
    """The form of hours. Raises: Wrong."""
    form = visit.form
    weekly: dict[str, list[str]] = {}
    for day in WEEKDAYS:
        if text := form.get(day, ""):
            weekly[day] = [] if text == _CLOSED else _intervals(text)
    return {
        "working_hours": _intervals(form.get("working_hours", "")),
        "weekly_hours": weekly,
        "office_hours": {key: _time(form.get(f"office_{key}", "")) for key in ("opens", "closes")},
        "quiet_hours": {key: _time(form.get(f"quiet_{key}", "")) for key in ("from", "to")},
    }


def _intervals(text: str) -> list[str]:
    """``8:30-12:00, 13:30-18:00`` in any of the signs that people use for it. Raises: Wrong."""
    plain = text.replace("：", ":").translate(dict.fromkeys(map(ord, "–—~～至"), "-"))
    found = []
    for span in re.split(r"[,，;；、\s]+", plain.strip()):
        match = _INTERVAL.fullmatch(span)
        if match is None:
            raise Wrong("hours_unread", said=text)
        found.append("-".join(_time(edge.zfill(5)) for edge in match.groups()))
    return found


def _time(text: str) -> str:
    try:
        return f"{time.fromisoformat(text[:5]):%H:%M}"
    except ValueError as error:
        raise Wrong("hours_unread", said=text) from error


def _asked(visit: Visit) -> tuple[float, Unit]:
    """What span the promise is tried with."""
    text, unit = visit.query("amount"), visit.query("unit")
    try:
        amount = float(text or 5)
    except ValueError:
        amount = 5.0
    units: tuple[Unit, ...] = get_args(Unit)
    return min(max(amount, 0), 400), next((u for u in units if u == unit), "working_days")


def _due(calendar: WorkingCalendar, now: datetime, amount: float, unit: Unit) -> Due | None:
    """``None``: no day is ever worked."""
    try:
        return calendar.due(now, amount=amount, unit=unit)
    except (CalendarError, OverflowError):
        return None


def _day(calendar: WorkingCalendar, day: date) -> Day:
    worked, estimated = calendar.is_workday(day)
    hours = ", ".join(f"{a:%H:%M}-{b:%H:%M}" for a, b in calendar.hours_of(day)) if worked else ""
    why = ""
    if day in calendar.overrides:
        why = "day_worked" if worked else "day_closed"
    elif calendar.is_made_up(day):
        why = "day_made_up"
    elif day.weekday() in calendar.weekly:
        why = "day_own_hours"
    return Day(day, hours, why, calendar.holiday(day), estimated)


def _holidays(calendar: WorkingCalendar, today: date) -> list[Day]:
    """Public holidays of the next year, and weekends that are worked for them."""
    days = (today + timedelta(days=n) for n in range(YEAR))
    return [_day(calendar, day) for day in days if calendar.holiday(day) or calendar.is_made_up(day)]
