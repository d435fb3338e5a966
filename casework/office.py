"""When somebody is there, and when nobody is to be disturbed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta, timezone
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


@dataclass(frozen=True)
class QuietHours:
    """Local times between which people get no notice that can wait; equal ones: never. Source: product default."""

    begins: time = time(21, 0)
    ends: time = time(8, 0)

    def end(self, now: datetime, zone: str) -> datetime | None:
        """When the quiet that holds at ``now`` ends; ``None`` outside of it."""
        local = now.astimezone(ZoneInfo(zone))
        over_midnight = self.begins > self.ends
        late, early = local.time() >= self.begins, local.time() < self.ends
        if not ((late or early) if over_midnight else (late and early)):
            return None
        day = local.date() + timedelta(days=1 if over_midnight and late else 0)
        return datetime.combine(day, self.ends, tzinfo=ZoneInfo(zone)).astimezone(timezone.utc)
