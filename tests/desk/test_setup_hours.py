"""Hours and holidays at the desk: by weekday, by day, with what comes of them before it is saved."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from desk.desk import PREFIX
from tests.desk.conftest import Office

HOURS = f"{PREFIX}/setup/hours"
FORM = {
    "working_hours": "8:30-12:00，13:30～18:00",
    "office_opens": "08:30",
    "office_closes": "18:00",
    "quiet_from": "21:00",
    "quiet_to": "08:00",
}
SATURDAY = date(2026, 11, 21)


def _seen(page: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_a_weekday_gets_hours_of_its_own_and_promises_follow(office: Office) -> None:
    client = office.come_in("admin")
    seen = _seen(client.get(HOURS).text)
    answer = client.post(HOURS, data={**FORM, "seen": seen, "sat": "9:00-12:00", "mon": "-"})
    assert answer.status_code == 303
    calendar = office.house.calendar
    assert calendar.is_workday(SATURDAY) == (True, False)
    assert calendar.is_workday(SATURDAY + timedelta(days=2)) == (False, False)
    page = client.get(HOURS, params={"amount": "1", "unit": "working_days"}).text
    assert "Due 11-21 12:00" in page
    log = office.come_in("auditor").get(f"{PREFIX}/audit", params={"action": "edit"}).text
    assert "weekly_hours: – → mon: –, sat: 09:00-12:00" in log
    assert "working_hours:" not in log  # it is as it was, in other signs


def test_a_preview_shows_the_days_and_saves_nothing(office: Office) -> None:
    client = office.come_in("admin")
    page = client.post(HOURS, data={**FORM, "seen": "0", "sat": "09:00-12:00", "preview": "1"}).text
    assert re.search(r"2026-11-21 Saturday</td><td>09:00-12:00", page)
    assert "not saved yet" in page
    assert not office.house.calendar.is_workday(SATURDAY)[0]
    assert re.search(r"2026-11-21 Saturday</td><td>closed", client.get(HOURS).text)


@pytest.mark.parametrize(
    ("hours", "cure"),
    [("13:00-18:00, 08:00-12:00", "Write the hours in order"), ("nine to five", "write 08:30-12:00")],
)
def test_hours_that_cannot_be_are_refused_with_the_cure(office: Office, hours: str, cure: str) -> None:
    client = office.come_in("admin")
    answer = client.post(HOURS, data={**FORM, "seen": "0", "working_hours": hours})
    assert answer.status_code == 422
    assert cure in answer.text
    assert "Never edited" in client.get(HOURS).text


def test_a_day_is_closed_and_made_up_for_and_both_are_taken_back(office: Office) -> None:
    client = office.come_in("admin")

    def set_day(day: date, how: str) -> None:
        data = {"day": day.isoformat(), "how": how, "seen": _seen(client.get(HOURS).text)}
        assert client.post(f"{HOURS}/days", data=data).status_code == 303

    friday = SATURDAY + timedelta(days=6)
    set_day(SATURDAY, "worked")
    set_day(friday, "closed")
    assert office.house.calendar.is_workday(SATURDAY) == (True, False)
    assert office.house.calendar.is_workday(friday) == (False, False)
    set_day(friday, "")
    assert office.house.calendar.is_workday(friday) == (True, False)
    page = client.get(HOURS).text
    assert client.post(f"{HOURS}/back", data={"to": "0", "seen": _seen(page)}).status_code == 303
    assert office.house.calendar.overrides == {}
    assert client.post(f"{HOURS}/days", data={"day": "tomorrow", "seen": "9"}).status_code == 422


def test_the_public_calendar_names_holidays_and_days_worked_for_them(office: Office) -> None:
    page = office.come_in("supervisor").get(HOURS).text
    assert "<button" not in page.split("<main")[1].split('id="promise"')[0]  # nothing to save
    office.later(days=-60)  # before the National Day of 2026
    page = office.come_in("supervisor").get(HOURS).text
    assert "National Day" in page
    assert "worked for a holiday" in page
