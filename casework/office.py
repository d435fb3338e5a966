"""When somebody is there: office hours on working days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from casework.tickets.calendar import WorkingCalendar


@dataclass(frozen=True)
class OfficeHours:
    """Local times on working days of the calendar. Source of the defaults: product default."""

    opens: time = time(8, 30)
    closes: time = time(18, 0)

    def is_open(self, now: datetime, calendar: WorkingCalendar) -> bool:
        local = now.astimezone(ZoneInfo(calendar.zone))
        return calendar.is_workday(local.date())[0] and self.opens <= local.time() < self.closes

    def next_opening(self, now: datetime, calendar: WorkingCalendar) -> datetime:
        """When the doors open next, after ``now``. Looks a month ahead; there is no longer closing than that."""
        zone = ZoneInfo(calendar.zone)
        local = now.astimezone(zone)
        for days in range(32):
            day = local.date() + timedelta(days=days)
            moment = datetime.combine(day, self.opens, tzinfo=zone)
            if moment > local and calendar.is_workday(day)[0]:
                return moment
        return local + timedelta(days=1)

    @property
    def hours(self) -> str:
        """``8:30-18:00``."""
        return f"{self.opens.hour}:{self.opens:%M}-{self.closes.hour}:{self.closes:%M}"
