"""Due times and the priority formula, by the handbook's computed values."""

from __future__ import annotations

from datetime import date, datetime, time, timezone
from zoneinfo import ZoneInfo

import pytest

from casework.tickets import signs
from casework.tickets.calendar import CalendarError, WorkingCalendar
from casework.tickets.priority import Inputs, as_json, level_of, rescored, score

CHINA = WorkingCalendar(zone="Asia/Shanghai", country="CN")


def noon(text: str, zone: str = "Asia/Shanghai") -> datetime:
    return datetime.fromisoformat(f"{text}T12:00").replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-02-14", 5, "2026-02-28"),
        ("2026-09-30", 7, "2026-10-15"),
        ("2026-11-20", 4, "2026-11-26"),
    ],
)
def test_working_days_in_china_know_holidays_and_make_up_days(start: str, days: int, expected: str) -> None:
    due = CHINA.due(noon(start), amount=days, unit="working_days")
    local = due.at.astimezone(ZoneInfo("Asia/Shanghai"))
    assert local.date().isoformat() == expected
    assert (local.hour, local.minute) == (18, 0)
    assert not due.estimated


def test_working_days_in_england_know_easter_monday() -> None:
    england = WorkingCalendar(zone="Europe/London", country="GB", subdivision="ENG")
    due = england.due(noon("2026-04-02", "Europe/London"), amount=3, unit="working_days")
    assert due.at.astimezone(ZoneInfo("Europe/London")).date() == date(2026, 4, 9)


def test_a_year_without_data_is_estimated_and_says_so() -> None:
    due = CHINA.due(noon("2030-03-01"), amount=5, unit="working_days")
    assert due.estimated
    assert due.at.astimezone(ZoneInfo("Asia/Shanghai")).date() == date(2030, 3, 8)


def test_an_override_wins_over_the_calendar() -> None:
    closed = WorkingCalendar(overrides={date(2026, 11, 23): False})
    due = closed.due(noon("2026-11-20"), amount=1, unit="working_days")
    assert due.at.astimezone(ZoneInfo("Asia/Shanghai")).date() == date(2026, 11, 24)


def test_hours_run_round_the_clock() -> None:
    start = datetime(2026, 11, 21, 23, 0, tzinfo=timezone.utc)
    assert CHINA.due(start, amount=2, unit="hours").at == datetime(2026, 11, 22, 1, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("inputs", "points", "level"),
    [
        ((2, 1, 0, 0, 1), 22.6, "P3"),
        ((3, 1, 0, 0, 3), 33.8, "P3"),
        ((3, 1, 0, 0, 5), 37.0, "P3"),
        ((3, 4, 4, 0, 3), 60.8, "P2"),
        ((3, 4, 4, 2, 3), 65.6, "P1"),
        ((4, 4, 5, 0, 0), 67.0, "P1"),
        ((3, 3, 0, 3, 3), 51.0, "P2"),
        ((1, 0, 0, 0, 0), 8.0, "P4"),
        ((4, 4, 4, 0, 5), 72.0, "P1"),
        ((4, 3, 4, 5, 5), 79.0, "P1"),
        ((3, 2, 4, 3, 5), 61.2, "P2"),
    ],
)
def test_the_formula_gives_the_handbooks_values(inputs: tuple[int, ...], points: float, level: str) -> None:
    rated = score(Inputs(*inputs))
    assert rated.points == pytest.approx(points)
    assert rated.level == level


def test_a_group_trigger_lifts_the_level_over_the_points() -> None:
    rated = score(Inputs(3, 2, 0, 3, 1, modifiers=8), trigger="P1")
    assert rated.points == pytest.approx(50.8)
    assert rated.level == "P1"


def test_severity_sets_a_floor() -> None:
    assert score(Inputs(4)).level == "P2"
    assert score(Inputs(5)).level == "P1"
    assert score(Inputs(4), floors=False).level == "P3"


@pytest.mark.parametrize(
    ("text", "value", "words"),
    [
        ("家里靠制氧机，停电就麻烦了", 5, "制氧机"),
        ("My dad is on a ventilator at home", 5, "ventilator"),
        ("屋里还有个刚出生的", 4, "刚出生"),
        ("My aunt, 82 years old, lives alone upstairs", 4, "82 years old"),
        ("我坐轮椅进不去", 3, "轮椅"),
        ("my wheelchair does not fit", 3, "wheelchair"),
        ("老人排了一上午", 2, "老人"),
        ("our toddler cannot sleep", 2, "toddler"),
        ("窗口没人", 0, ""),
        ("The kidney shop overcharged me", 0, ""),
    ],
)
def test_who_is_hurt_more_is_heard_with_the_words_that_say_so(text: str, value: int, words: str) -> None:
    assert signs.vulnerability(text) == signs.Sign(value, words)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("今晚就要用", 4), ("still no heating", 4), ("三天内要交材料", 3), ("within two days", 3),
        ("本周内要答复", 2), ("before the end of the week", 2), ("这个月底到期", 1),
        ("by the end of this month", 1), ("上个月交的费", 0), ("it was last week", 0),
    ],
)  # fmt: skip
def test_how_soon_it_is_needed_is_heard(text: str, value: int) -> None:
    assert signs.urgency(text).value == value


def test_another_severity_keeps_trigger_words_and_what_staff_set() -> None:
    inputs = Inputs(2, 3)
    kept = {**as_json(inputs, score(inputs)), "words": {"urgency": "今晚"}, "trigger_level": None}
    worse = rescored(kept, severity=4)
    assert (level_of(kept), level_of(worse)) == ("P3", "P2")
    assert worse["words"] == {"urgency": "今晚"}
    assert rescored({**kept, "trigger_level": "P0"}, severity=1)["level"] == "P0"
    assert level_of(rescored({**kept, "override": {"level": "P1"}}, severity=4)) == "P1"
    assert rescored({}, severity=4) == {}


def test_weekdays_have_hours_of_their_own_but_not_on_public_holidays() -> None:
    morning, late = ((time(9), time(12)),), ((time(10), time(20)),)
    china = WorkingCalendar(weekly={0: (), 2: late, 5: morning})
    worked = {
        date(2026, 11, 21): True,  # an ordinary Saturday
        date(2026, 10, 3): False,  # a Saturday of the National Day
        date(2026, 10, 10): True,  # a Saturday worked for it
        date(2026, 9, 20): True,  # a Sunday worked for it: not one of those with hours of their own
        date(2026, 11, 22): False,
        date(2026, 11, 23): False,  # Mondays are closed here
    }
    assert {day: china.is_workday(day)[0] for day in worked} == worked
    assert china.hours_of(date(2026, 11, 21)) == morning
    assert china.hours_of(date(2026, 9, 20)) == china.hours
    friday = datetime(2026, 11, 20, 20, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert china.due(friday, amount=1, unit="working_days").at == friday.replace(day=21, hour=12)
    assert china.due(friday, amount=4, unit="working_hours").at == friday.replace(day=24, hour=9, minute=30)
    britain = WorkingCalendar(zone="Europe/London", country="GB", weekly={5: morning})
    assert britain.is_workday(date(2026, 12, 26)) == (False, False)  # Boxing Day is a Saturday
    assert britain.is_workday(date(2026, 12, 19)) == (True, False)
    with pytest.raises(CalendarError, match="in order"):
        WorkingCalendar(weekly={4: ((time(13), time(12)),)})
