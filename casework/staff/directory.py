"""Who there is at one moment: who is away, whose hours hold, who leads, who is on duty, who stands in for whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from casework.staff.model import HOUSE, Absence, Department, Hours, Member
from casework.storage.work import Work
from casework.tickets.calendar import WorkingCalendar
from casework.tickets.states import Role


class Directory:
    """Read when first needed, then kept: for one piece of work, in one transaction."""

    def __init__(self, work: Work, *, now: datetime, calendar: WorkingCalendar) -> None:
        self._work, self._now, self._calendar = work, now, calendar
        self._held: dict[Role, list[Member]] = {}
        self._members: dict[str, Member | None] = {}

    @cached_property
    def away(self) -> dict[str, Absence]:
        return {absence.login: absence for absence in self._work.staff.absences(at=self._now)}

    @cached_property
    def departments(self) -> dict[str, Department]:
        return {department.code: department for department in self._work.staff.departments(active=None)}

    def upwards(self, code: str) -> Iterable[Department]:
        """A department and those above it, nearest first; none for one that is not known."""
        while code in self.departments:
            yield self.departments[code]
            code = self.departments[code].parent

    def holders(self, role: Role, department: str = HOUSE) -> list[Member]:
        """Who has ``role`` in that very department; of those who left nobody."""
        if role not in self._held:
            self._held[role] = self._work.staff.members(role=role)
        return [member for member in self._held[role] if role in member.roles.get(department, ())]

    def leads(self, code: str) -> list[Member]:
        """Who leads a department: its leads, else those of the next one above that has any, else of the house."""
        for department in self.upwards(code):
            if found := self.holders(Role.LEAD, department.code):
                return found
        return self.holders(Role.LEAD)

    def is_present(self, member: Member, code: str) -> bool:
        """At work in this department now: not away, and within their hours, its hours or the house's, whose breaks
        count as there."""
        own = next((department.hours for department in self.upwards(code) if department.hours), None)
        worked = self._calendar.hours_of(self._now.astimezone(ZoneInfo(self._calendar.zone)).date())
        hours = member.hours or own or Hours(((worked[0][0], worked[-1][1]),))
        return member.login not in self.away and hours.hold(self._now, self._calendar)

    def on_duty(self, code: str, *, barred: frozenset[str] = frozenset()) -> str:
        """The duty officer of a department, or of the next one above with a rota; empty when there is none."""
        today = self._now.astimezone(ZoneInfo(self._calendar.zone)).date()
        rota = next((department.rota for department in self.upwards(code) if department.rota), None)
        if rota is None:
            return ""
        here = {member.login for member in self._work.staff.members(logins=rota.order)}
        return rota.on(today, away={*self.away, *barred, *(set(rota.order) - here)})

    def stand_in(self, login: str) -> str:
        """Who does the work of ``login`` now: they themselves unless away; empty when nobody does."""
        met: set[str] = set()
        while login in self.away and login not in met:
            met.add(login)
            login = self.away[login].stand_in
        if not login or login in met:
            return ""
        if login not in self._members:
            self._members[login] = self._work.staff.member(login)
        member = self._members[login]
        return login if member is None or member.active else ""
