"""What is edited at the desk counts in every process, is held against the rules of the files, and can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from casework.editing import EditedMeanwhile, HouseKeeper, NotEdited, back_to, edit, proposed
from casework.house import House
from casework.packs.overlay import Edit
from casework.staff.organising import NotAllowed
from casework.storage.work import Store
from casework.text import Text
from casework.tickets.model import Actor
from casework.tickets.states import Role
from tests.conftest import NOW, ROOT, make_house

ADMIN = Actor(Role.ADMINISTRATOR, "chen")
SCOPE = "fields.scope.ask.en"
SLA = "sla.PW-F.resolution"


@pytest.fixture
def open_keeper(store: Store, house: House) -> Callable[[], HouseKeeper]:
    """One more process."""
    return lambda: HouseKeeper(
        store, ROOT / "packs", lambda edits: make_house(edits) if edits else replace(house)
    )


@pytest.fixture
def keeper(open_keeper: Callable[[], HouseKeeper]) -> HouseKeeper:
    return open_keeper()


def _scope(house: House) -> Text:
    field = house.packs.category("PWR-OUT-01").field("scope")
    assert field is not None
    return field.ask


def _last(store: Store, document: str) -> int:
    with store.reading() as work:
        return work.edits.last_id(document)


def _edit(keeper: HouseKeeper, store: Store, document: str, by: Actor = ADMIN, **values: Any) -> int:
    given = {key.replace("__", "."): value for key, value in values.items()}
    return _write(keeper, store, document, given, by=by, seen=_last(store, document))


def _write(
    keeper: HouseKeeper,
    store: Store,
    document: str,
    values: dict[str, Any],
    *,
    seen: int,
    by: Actor = ADMIN,
) -> int:
    return edit(keeper, store, proposed(keeper, store, document, values), by=by, now=NOW, seen=seen)


def test_a_question_edited_in_one_process_is_asked_by_all(
    store: Store, keeper: HouseKeeper, open_keeper: Callable[[], HouseKeeper]
) -> None:
    other = open_keeper()
    held = other.house
    assert _write(keeper, store, "power", {SCOPE: "Only your flat, or more?"}, seen=0) == 1
    assert _scope(held).en != "Only your flat, or more?"
    other.look()
    for house in (keeper.house, held, open_keeper().house):
        assert _scope(house).en == "Only your flat, or more?"


@pytest.mark.parametrize(
    ("document", "key", "value", "said"),
    [
        ("power", SCOPE, "Is it {only} you?", "no placeholder"),
        ("power", SCOPE, "", "ask: expected a question for 'scope' in en"),
        ("power", SCOPE, "word " * 19, "at most 18 words"),
        ("power", SLA, "5 wdays", "a resolution as a number"),
        ("power", SLA, "0 days", "a number above 0"),
        ("power", "sla.PW-F.steps[2].zh", "{department}在{first}前联系", "the steps to say {due} in zh"),
        ("power", "sla.PW-F.steps[1].en", "By {due", "closed placeholders"),
    ],
)
def test_what_a_file_may_not_say_is_refused_with_its_line(
    store: Store, keeper: HouseKeeper, document: str, key: str, value: str, said: str
) -> None:
    with pytest.raises(NotEdited) as refused:
        _write(keeper, store, document, {key: value}, seen=0)
    assert refused.value.problems[0].startswith(f"packs/{document}/pack.yml:")
    assert said in "\n".join(refused.value.problems)
    with store.reading() as work:
        assert work.edits.count() == 0
        assert work.access.audits() == []


def test_only_an_administrator_edits(store: Store, keeper: HouseKeeper) -> None:
    with pytest.raises(NotAllowed):
        _edit(keeper, store, "power", by=Actor(Role.SUPERVISOR, "li"), fields__scope__ask__en="Where?")


def test_the_history_says_who_when_and_what_before_and_the_log_too(store: Store, keeper: HouseKeeper) -> None:
    before = _scope(keeper.house).en
    _edit(keeper, store, "power", fields__scope__ask__en="First?")
    _edit(keeper, store, "power", fields__scope__ask__en="Second?")
    with store.reading() as work:
        second, first = work.edits.history("power")
        logged = work.access.audits(action="edit")
    assert (first.by, first.at, first.before, first.value) == ("chen", NOW, before, "First?")
    assert (second.before, second.value) == ("First?", "Second?")
    assert [line.reason for line in logged] == [f"{SCOPE}: First? → Second?", f"{SCOPE}: {before} → First?"]


def test_an_earlier_version_is_put_back(store: Store, keeper: HouseKeeper) -> None:
    before = _scope(keeper.house)
    _edit(keeper, store, "power", fields__scope__ask__en="First?")
    first = _last(store, "power")
    _edit(keeper, store, "power", fields__scope__ask__en="Second?", fields__scope__ask__zh="第二句？")
    _write(keeper, store, "power", back_to(store, "power", first), seen=_last(store, "power"))
    assert _scope(keeper.house) == replace(before, en="First?")
    _write(keeper, store, "power", back_to(store, "power", 0), seen=_last(store, "power"))
    assert _scope(keeper.house) == before
    with store.reading() as work:
        assert not work.edits.current().get("power")


def test_of_two_who_edit_the_same_the_second_is_told_who_was_first(store: Store, keeper: HouseKeeper) -> None:
    _edit(keeper, store, "power", fields__scope__ask__en="First?")
    li = Actor(Role.ADMINISTRATOR, "li")
    with pytest.raises(EditedMeanwhile) as met:
        _write(keeper, store, "power", {SCOPE: "Mine?"}, by=li, seen=0)
    assert met.value.edit.by == "chen"
    assert _write(keeper, store, "power", {"fields.scope.why.en": "So."}, by=li, seen=0) == 1


def test_a_pack_switched_off_takes_nothing_new_and_still_knows_what_is_open(
    store: Store, keeper: HouseKeeper
) -> None:
    _edit(keeper, store, "house", packs={"power": False, "urban": True})
    packs = keeper.house.packs
    assert "PWR-OUT-01" not in packs.codes
    assert packs.category("PWR-OUT-01").pack == "power"
    assert "URB-ROD-01" in packs.codes
    with store.reading() as work:
        department = packs.category("URB-ROD-01").department
        assert work.staff.department(department.key) is not None


def test_hours_and_days_are_edited(store: Store, keeper: HouseKeeper) -> None:
    _edit(
        keeper, store, "house",
        weekly_hours={"fri": ["08:30-12:00"], "sat": ["09:00-12:00"], "mon": []},
        working_days={"2026-11-24": "closed"},
    )  # fmt: skip
    calendar = keeper.house.calendar
    worked = [calendar.is_workday(date(2026, 11, 20) + timedelta(days=n))[0] for n in range(7)]
    assert worked == [True, True, False, False, False, True, True]
    assert calendar.due(NOW, amount=1, unit="working_days").at.hour == 4  # Saturday at noon in Shanghai
    with pytest.raises(NotEdited, match="in order"):
        _edit(keeper, store, "house", working_hours=["13:00-18:00", "08:00-12:00"])


def test_edits_that_no_longer_fit_a_file_are_named_and_left_out_alone(
    store: Store, open_keeper: Callable[[], HouseKeeper], house: House
) -> None:
    with store.writing() as work:  # as a file of a later release would have it
        work.edits.add(Edit("power", SCOPE, "{", "…", "chen", NOW))
        work.edits.add(Edit("house", "weekly_hours", {"mon": []}, {}, "chen", NOW))
    keeper = open_keeper()
    assert _scope(keeper.house) == _scope(house)
    assert keeper.house.calendar.weekly == {0: ()}
    assert "no placeholder" in keeper.unfit[0]
    _edit(keeper, store, "power", fields__scope__ask__en="First?")
    assert keeper.unfit == ()
    assert _scope(keeper.house).en == "First?"


def test_an_edit_of_an_entry_that_is_gone_changes_nothing(store: Store, keeper: HouseKeeper) -> None:
    _edit(keeper, store, "power", fields__gone__ask__en="Lost?")
    assert "gone" not in keeper.house.packs.fields()
