"""Working time, and clocks that start, pause, move and are met."""

from __future__ import annotations

import shutil
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from alembic import command
from alembic.config import Config
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from casework.house import House, HouseError
from casework.packs.model import Span
from casework.storage.database import MIGRATIONS, Database
from casework.storage.work import Store, Work
from casework.tickets import acts, clocks
from casework.tickets.alarms import scan
from casework.tickets.calendar import CalendarError, WorkingCalendar
from casework.tickets.model import Clock, Ticket
from tests.casework.test_lifecycle import HOUR, LEAD, LI, RESULT, Staff
from tests.conftest import NOW, ROOT

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHINA = WorkingCalendar()
LONDON = WorkingCalendar(zone="Europe/London", country="GB", subdivision="ENG")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def clock(*, start: datetime, due: datetime, working: bool, **values: Any) -> Clock:
    length = CHINA.worked(start, due) if working else due - start
    return Clock(
        id=1, ticket_id=1, kind="resolution", cycle=1, started_at=start, due_at=due, estimated=False,
        working=working, length_s=int(length.total_seconds()), next_level=50, **values,
    )  # fmt: skip


# -- working time -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("2026-11-20T11:00", 1, "2026-11-20T12:00"),
        ("2026-11-20T11:00", 2, "2026-11-20T14:30"),  # over noon
        ("2026-11-20T12:30", 1, "2026-11-20T14:30"),  # begins at noon
        ("2026-11-20T17:00", 4, "2026-11-23T11:30"),  # over a weekend
        ("2026-02-13T17:00", 2, "2026-02-14T09:30"),  # a Saturday that is worked
        ("2026-02-14T17:00", 2, "2026-02-24T09:30"),  # over the Spring Festival
    ],
)
def test_working_hours_run_while_doors_are_open(start: str, hours: float, expected: str) -> None:
    assert CHINA.due(local(start), amount=hours, unit="working_hours").at == local(expected)
    assert CHINA.worked(local(start), local(expected)) == timedelta(hours=hours)


def test_a_day_of_three_intervals_ends_with_the_last() -> None:
    shifts = ((time(6), time(10)), (time(12), time(15)), (time(18), time(22)))
    calendar = WorkingCalendar(hours=shifts)
    assert calendar.due(local("2026-11-20T09:00"), amount=5, unit="working_hours").at == local(
        "2026-11-20T19:00"
    )
    assert calendar.due(local("2026-11-20T09:00"), amount=1, unit="working_days").at == local(
        "2026-11-23T22:00"
    )


@pytest.mark.parametrize("hours", [(), ((time(9), time(9)),), ((time(13), time(18)), (time(8), time(12)))])
def test_hours_that_cannot_be_are_refused_with_the_cure(hours: Any) -> None:
    with pytest.raises(CalendarError, match="08:30-1"):
        WorkingCalendar(hours=hours)


def test_a_table_that_closes_every_day_is_named_and_not_searched_for_ever() -> None:
    closed = WorkingCalendar(overrides={NOW.date() + timedelta(days=n): False for n in range(-2, 3700)})
    with pytest.raises(CalendarError, match="overrides"):
        closed.due(NOW, amount=1, unit="working_hours")


def test_a_day_of_the_override_table_is_worked_though_it_is_a_sunday() -> None:
    calendar = WorkingCalendar(overrides={date(2026, 11, 22): True})
    assert calendar.due(local("2026-11-20T17:00"), amount=2, unit="working_hours").at == local(
        "2026-11-22T09:30"
    )


moments = st.integers(0, 330 * 24 * 60).map(lambda n: NOW - timedelta(days=320) + timedelta(minutes=n))


@settings(max_examples=60, deadline=None)
@given(start=moments, minutes=st.integers(1, 6000), calendar=st.sampled_from([CHINA, LONDON]))
def test_shifting_there_and_back_and_measuring_agree(
    start: datetime, minutes: int, calendar: WorkingCalendar
) -> None:
    by = timedelta(minutes=minutes)
    end = calendar.shift(start, by)
    assert calendar.worked(start, end) == by
    back = calendar.shift(end, -by)
    assert calendar.worked(back, end) == by
    assert back <= calendar.shift(start, timedelta(microseconds=1))


def test_both_packages_know_the_same_working_days_of_china() -> None:
    import holidays

    other = holidays.country_holidays("CN", years=range(2020, 2027))
    days = (date(2020, 1, 1) + timedelta(days=n) for n in range((date(2027, 1, 1) - date(2020, 1, 1)).days))
    assert [day for day in days if CHINA.is_workday(day) != (other.is_working_day(day), False)] == []


def test_a_holiday_that_was_moved_during_the_year_is_known() -> None:
    """The other package has the plan of before: in 2019 the days off around 1 May were announced anew."""
    worked = [day for day in range(1, 7) if CHINA.is_workday(date(2019, 5, day))[0]]
    assert worked == [5, 6]


# -- pauses, extensions, profiles -------------------------------------------------------------------------------


def test_a_pause_moves_the_due_time_by_itself_and_alarms_with_it() -> None:
    start, due = local("2026-11-20T10:00"), local("2026-11-22T10:00")
    running = clock(start=start, due=due, working=False)
    still = clocks.paused(running, start + 6 * HOUR)
    assert still.next_alarm_at is None
    again = clocks.resumed(still, start + 11 * HOUR, CHINA)
    assert again.due_at == due + 5 * HOUR
    assert again.paused_s == 5 * 3600
    assert again.next_alarm_at == start + 24 * HOUR + 5 * HOUR


def test_a_clock_of_working_days_moves_by_the_working_time_it_stood_still() -> None:
    start, due = local("2026-11-20T10:00"), local("2026-11-24T18:00")
    again = clocks.resumed(
        clocks.paused(clock(start=start, due=due, working=True), start), start + 24 * HOUR, CHINA
    )
    # Friday 10:00 to 12:00 and 13:30 to 18:00; the night and Saturday morning count for nothing.
    assert again.due_at == local("2026-11-25T16:30")
    assert again.paused_working_s == int(6.5 * 3600)


def test_pauses_are_capped_in_sum() -> None:
    start = NOW
    running = clock(start=start, due=start + timedelta(days=5), working=False)
    once = clocks.resumed(clocks.paused(running, start), start + timedelta(days=6), CHINA)
    twice = clocks.resumed(clocks.paused(once, start + timedelta(days=7)), start + timedelta(days=40), CHINA)
    assert twice.due_at == running.due_at + clocks.PAUSE_CAP
    assert clocks.paused(twice, start + timedelta(days=41)) == twice


def test_a_clock_that_jumps_back_takes_no_time_away() -> None:
    running = clock(start=NOW, due=NOW + timedelta(days=5), working=False)
    again = clocks.resumed(clocks.paused(running, NOW + 5 * HOUR), NOW, CHINA)
    assert (again.due_at, again.paused_s) == (running.due_at, 0)


def test_a_breach_is_kept_through_extension_profile_and_meeting() -> None:
    late = clocks.breached(clock(start=NOW, due=NOW + 2 * HOUR, working=False))
    moved = clocks.due_moved(late, NOW + timedelta(days=9), CHINA)
    under = clocks.profile_changed(moved, Span(15, "days"), CHINA)
    done = clocks.met(under, NOW + 3 * HOUR, CHINA)
    assert {c.breached_at for c in (late, moved, under, done)} == {NOW + 2 * HOUR}


def test_what_is_met_late_is_a_breach_though_nobody_looked() -> None:
    running = clock(start=NOW, due=NOW + 2 * HOUR, working=False)
    assert clocks.met(running, NOW + 2 * HOUR, CHINA).breached_at is None
    assert clocks.met(running, NOW + 3 * HOUR, CHINA).breached_at == running.due_at
    assert clocks.stopped(running, NOW + 3 * HOUR).breached_at == running.due_at


def test_a_change_of_profile_counts_from_the_same_start_with_its_pauses() -> None:
    running = clock(start=NOW, due=NOW + timedelta(days=5), working=False)
    again = clocks.resumed(clocks.paused(running, NOW), NOW + 5 * HOUR, CHINA)
    assert clocks.profile_changed(again, Span(24, "hours"), CHINA).due_at == NOW + 29 * HOUR


def test_both_times_are_told_what_was_felt_and_what_staff_spent() -> None:
    start = local("2026-11-20T10:00")
    running = clock(start=start, due=local("2026-11-24T18:00"), working=True)
    again = clocks.resumed(
        clocks.paused(running, local("2026-11-20T16:00")), local("2026-11-23T10:30"), CHINA
    )
    told = clocks.times(clocks.met(again, local("2026-11-23T12:00"), CHINA), NOW, CHINA)
    assert told.felt == timedelta(days=3, hours=2)
    assert told.paused == timedelta(days=2, hours=18, minutes=30)
    # Friday 10-12 and 13:30-16, Monday 8:30-12 without the two hours that stood still.
    assert told.staff == timedelta(hours=6)


# -- in the life of a ticket ------------------------------------------------------------------------------------


def test_only_the_resolution_clock_stands_still_while_the_person_is_asked(store: Store, house: House) -> None:
    with store.writing() as work:
        staff = Staff(work, house)
        before = {c.kind: c.due_at for c in work.clocks.of(staff.ticket.id)}
        staff.do(LI, "ask", question="几点？")
        assert [c.kind for c in work.clocks.of(staff.ticket.id) if c.paused_at] == ["resolution"]
        staff.now += 3 * HOUR
        acts.supplement(
            work, staff.ticket, text="九点", message_ids=(), now=staff.now, calendar=house.calendar
        )
        after = {c.kind: c.due_at for c in work.clocks.of(staff.ticket.id)}
        moved = {kind for kind in before if before[kind] != after[kind]}
        event = work.tickets.history(staff.ticket.id)[-1]
    assert moved == {"resolution"}
    assert datetime.fromisoformat(event.data["due_to"]) == after["resolution"]


def test_urging_adding_and_escalating_move_nothing(store: Store, house: House) -> None:
    with store.writing() as work:
        staff = Staff(work, house).sign()
        before = work.clocks.of(staff.ticket.id)
        staff.do(LI, "escalate", reason="stuck")
        urged = acts.urge(work, staff.ticket, text="快", now=staff.now).ticket
        acts.supplement(work, urged, text="还有", message_ids=(), now=staff.now, calendar=house.calendar)
        assert work.clocks.of(staff.ticket.id) == before


def test_the_way_through_the_house_meets_its_clocks(store: Store, house: House) -> None:
    with store.writing() as work:
        staff = Staff(work, house)
        staff.do(LI, "accept")
        staff.do(LI, "sign")
        staff.do(LI, "contact", note="电话里核对了经过")
        staff.do(LI, "resolve", finding="属实", remedy="道歉", basis="规范")
        found = work.clocks.of(staff.ticket.id)
        assert {c.kind for c in found} == {"triage", "sign", "first_contact", "next_update", "resolution"}
        assert all(c.met_at and not c.breached_at and not c.next_alarm_at for c in found)


def test_giving_a_case_back_restarts_no_clock(store: Store, house: House) -> None:
    with store.writing() as work:
        staff = Staff(work, house)
        staff.do(LI, "accept")
        before = {c.kind: (c.started_at, c.due_at) for c in work.clocks.of(staff.ticket.id)}
        staff.do(LI, "return", reason="not ours")
        staff.do(LI, "accept")
        again = {c.kind: (c.started_at, c.due_at) for c in work.clocks.of(staff.ticket.id)}
        assert again == before
        (sign,) = [c for c in work.clocks.of(staff.ticket.id) if c.kind == "sign"]
        assert sign.stopped_at is None
        assert sign.next_alarm_at is not None


def test_a_withdrawn_case_comes_back_with_its_clocks_and_its_breaches(store: Store, house: House) -> None:
    with store.writing() as work:
        staff = Staff(work, house)
        gone = acts.withdraw(work, staff.ticket, text="", now=NOW + 20 * HOUR)
        assert all(c.over and c.next_alarm_at is None for c in work.clocks.of(gone.id))
        assert scan(work, NOW + timedelta(days=3), calendar=house.calendar) == []
        due = staff.due()
        acts.restore(work, gone, now=NOW + timedelta(days=3), calendar=house.calendar)
        assert staff.due() > due
        assert not any(c.over for c in work.clocks.of(gone.id))


def test_a_new_round_has_new_clocks_and_leaves_the_old_ones_as_they_were(store: Store, house: House) -> None:
    with store.writing() as work:
        staff = Staff(work, house).resolve()
        old = work.clocks.of(staff.ticket.id)
        staff.dispute()
        assert work.clocks.of(staff.ticket.id, cycle=1) == old
        assert {c.kind for c in work.clocks.of(staff.ticket.id, cycle=2)} == {
            "triage", "first_contact", "resolution",
        }  # fmt: skip


def test_a_refusal_is_an_answer_and_a_referral_is_none(store: Store, house: House) -> None:
    with store.writing() as work:
        refused, referred = Staff(work, house), Staff(work, house)
        refused.do(LEAD, "reject", reason="not_ours", basis="x", outside_remedy="12345")
        referred.do(LEAD, "refer", to="12315", reason="not ours")
        (first,) = [c for c in work.clocks.of(refused.ticket.id) if c.kind == "resolution"]
        (second,) = [c for c in work.clocks.of(referred.ticket.id) if c.kind == "resolution"]
    assert first.met_at == refused.now
    assert (second.met_at, second.stopped_at) == (None, referred.now)


def test_clocks_from_before_are_measured_and_give_their_alarms(database_url: str, data_key: str) -> None:
    database = Database(database_url, keys=(data_key,))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    start, due = NOW.replace(tzinfo=None), (NOW + 48 * HOUR).replace(tzinfo=None)
    with database.transaction() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
        for statement in (
            "INSERT INTO complainants (id, created_at) VALUES (1, :start)",
            "INSERT INTO conversations (id, channel, address, complainant_id, created_at) "
            "VALUES (1, 'web', 'ann', 1, :start)",
            "INSERT INTO tickets (id, number, conversation_id, complainant_id, state, language, created_at, "
            "changed_at) VALUES (1, 'TS261120-000001', 1, 1, 'triage', 'zh', :start, :start)",
            "INSERT INTO clocks (ticket_id, cycle, kind, started_at, due_at) VALUES (1, 1, 'resolution', :start, :due)",
        ):
            connection.execute(text(statement), {"start": start, "due": due})
    database.migrate()
    store = Store(database)
    with store.writing() as work:
        assert scan(work, NOW + 47 * HOUR, calendar=CHINA) == []
        assert [alarm.level for alarm in scan(work, NOW + 60 * HOUR, calendar=CHINA)] == [100, 125]
        (clock_,) = work.clocks.of(1)
    assert (clock_.length_s, clock_.breached_at) == (48 * 3600, NOW + 48 * HOUR)
    database.dispose()


# -- the organisation's own -------------------------------------------------------------------------------------


def _house(folder: Path, **lines: str) -> House:
    # A house whose house.yml has other values for the keys of ``lines``.
    shutil.copytree(ROOT / "packs", folder / "packs")
    path = folder / "packs" / "house.yml"
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if line.split(":")[0] not in lines]
    changed = [f"{key}: {value}" for key, value in lines.items()]
    path.write_text("\n".join(kept + changed), encoding="utf-8")
    return House.load(
        path.parent, organisation="x", packs=("power",), calendar=CHINA, country="CN", languages=("zh", "en")
    )


def test_an_organisation_sets_its_hours_and_days(tmp_path: Path) -> None:
    hours = '["09:00-11:00", "15:00-16:00", "19:00-21:00"]'
    own = _house(tmp_path, working_hours=hours, working_days="{2026-11-22: worked}").calendar
    due = own.due(local("2026-11-20T19:30"), amount=4, unit="working_hours")
    assert due.at == local("2026-11-22T15:30")


@pytest.mark.parametrize(
    "lines", [{"working_hours": '["13:00-18:00", "08:00-12:00"]'}, {"working_days": "{2026-11-22: open}"}]
)
def test_hours_and_days_that_cannot_be_are_named_at_start(tmp_path: Path, lines: dict[str, str]) -> None:
    with pytest.raises(HouseError, match=r"working.(hours|days)"):
        _house(tmp_path, **lines)


# -- the next word to the person ----------------------------------------------------------------------------------


def words(work: Work, ticket: Ticket) -> list[Clock]:
    return [clock for clock in work.clocks.of(ticket.id) if clock.kind == "next_update"]


def test_from_each_word_on_the_next_one_has_its_time(store: Store, house: House) -> None:
    with store.writing() as work:
        staff = Staff(work, house).sign()
        for number in range(3):
            staff.now = NOW + timedelta(days=3 * number)
            staff.do(LI, "contact", note="called")
        spoken = words(work, staff.ticket)
        assert [clock.run for clock in spoken] == [1, 2, 3, 4]
        assert [clock.met_at for clock in spoken[:3]] == [clock.started_at for clock in spoken[1:]]
        (running,) = [clock for clock in spoken if not clock.over]
        assert running.due_at == house.calendar.due(staff.now, amount=5, unit="working_days").at
        staff.do(LI, "resolve", **RESULT)
        assert all(clock.met_at for clock in words(work, staff.ticket))


def test_each_run_gives_its_own_alarms_and_keeps_its_own_breach(store: Store, house: House) -> None:
    with store.writing() as work:
        staff = Staff(work, house).sign()
        staff.now = NOW + timedelta(days=30)

        def told() -> list[int]:
            alarms = scan(work, staff.now, calendar=house.calendar)
            return [alarm.level for alarm in alarms if alarm.kind == "next_update"]

        assert told() == list(clocks.LEVELS)
        staff.do(LI, "contact", note="called")
        assert told() == []
        staff.now += timedelta(days=30)
        assert told() == list(clocks.LEVELS)
        assert told() == []
        late, again = words(work, staff.ticket)
        assert late.breached_at == late.due_at < again.started_at


def test_while_the_person_is_asked_no_word_is_due_and_their_answer_wants_one(
    store: Store, house: House
) -> None:
    with store.writing() as work:
        staff = Staff(work, house).sign()
        staff.do(LI, "ask", question="几点？")
        assert all(clock.over for clock in words(work, staff.ticket))
        staff.do(LI, "contact", note="asked again")
        assert len(words(work, staff.ticket)) == 1
        staff.do(LI, "reply")
        first, second = words(work, staff.ticket)
        assert first.over
        assert (second.started_at, second.over) == (staff.now, False)


def test_a_word_before_anybody_signed_starts_nothing(store: Store, house: House) -> None:
    with store.writing() as work:
        staff = Staff(work, house)
        staff.do(LI, "contact", note="called")
        assert words(work, staff.ticket) == []
        staff.sign()
        assert [clock.run for clock in words(work, staff.ticket)] == [1]
