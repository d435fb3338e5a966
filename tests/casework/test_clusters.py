"""Several people who tell of one thing: one cluster, on both databases, with any number of processes."""

from __future__ import annotations

import json
import multiprocessing
import re
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from casework.house import House, HouseError
from casework.storage.database import Database
from casework.storage.work import Store, Work
from casework.tickets import clusters
from casework.tickets.calendar import WorkingCalendar
from casework.tickets.clusters import ClusterRule, NotPossible
from casework.tickets.filing import Filing, file_ticket
from casework.tickets.model import Actor, Cluster, Ticket
from casework.tickets.states import Role, State
from tests.casework.test_filing import talk
from tests.casework.test_repeats import DAY, file, told
from tests.conftest import NOW, ROOT

SUN = Actor(Role.SUPERVISOR, "Sun")


def neighbours(work: Work, house: House, number: int, *, first: int = 0) -> list[Ticket]:
    """So many neighbours, a day after another, each of whom tells of their own house of one estate."""
    return [
        file(work, house, told(place=f"阳光小区{i}号楼"), address=f"neighbour{i}", now=NOW + i * DAY)
        for i in range(first, first + number)
    ]


def only(work: Work) -> Cluster:
    (cluster,) = work.matching.clusters(limit=10)
    return cluster


def member_ids(work: Work, cluster: Cluster) -> list[int]:
    return [member.ticket_id for member in work.matching.members(cluster.id, limit=100)]


def task_force(work: Work, cluster: Cluster) -> list[str]:
    tasks = work.clocks.tasks(cluster.lead_id, kind="task_force", state="open")
    return [task.department for task in tasks]


def test_the_third_of_one_estate_within_a_week_makes_a_cluster_led_by_the_first(
    store: Store, house: House
) -> None:
    with store.writing() as work:
        first, second = neighbours(work, house, 2)
        assert work.matching.clusters(limit=10) == []
        third = file(work, house, told(place="阳光小区"), address="third", now=NOW + 3 * DAY)
        cluster = only(work)
        assert (cluster.kind, cluster.lead_id) == ("area", first.id)
        assert member_ids(work, cluster) == [first.id, second.id, third.id]
        assert task_force(work, cluster) == [first.department]
        done = [event.action for event in work.tickets.history(first.id)]
    assert done[-2:] == ["cluster", "cluster_joined"]


def test_all_of_a_cluster_get_its_points_and_later_ones_join(store: Store, house: House) -> None:
    with store.writing() as work:
        before = neighbours(work, house, 2)
        third, fourth = neighbours(work, house, 2, first=2)
        now = [work.tickets.get(ticket.id) for ticket in (*before, third, fourth)]
        assert all(ticket.score["inputs"]["modifiers"] == 8 for ticket in now)
        assert all("several" in ticket.score["words"]["modifiers"] for ticket in now)
        assert now[0].score["points"] == pytest.approx(before[0].score["points"] + 8)
        assert fourth.id in member_ids(work, only(work))


@pytest.mark.parametrize(
    ("rule", "made"),
    [
        (ClusterRule(), True),
        (ClusterRule(members=4), False),
        (ClusterRule(days=1), False),
        (ClusterRule(kinds=("object",)), False),
    ],
)
def test_an_organisation_says_what_a_cluster_is(
    store: Store, house: House, rule: ClusterRule, made: bool
) -> None:
    with store.writing() as work:
        neighbours(work, house, 2)
        chat = talk(work, "third")
        draft = work.tickets.add_draft(
            conversation_id=chat.id,
            complainant_id=chat.complainant_id,
            language="zh",
            intake=told(),
            now=NOW,
        )
        filing = Filing(calendar=house.calendar, clusters=rule)
        file_ticket(work, draft, house.packs.category("GOV-ENV-01"), filing=filing, now=NOW + 3 * DAY)
        assert bool(work.matching.clusters(limit=10)) is made


def test_who_names_a_place_and_an_area_with_a_cluster_each_joins_that_of_the_place(
    store: Store, house: House
) -> None:
    with store.writing() as work:
        for number, door in enumerate((9, 9, 9, 1, 2, 3)):
            file(work, house, told(place=f"阳光小区{door}号楼"), address=f"door{number}")
        area, place = sorted(work.matching.clusters(limit=10), key=lambda cluster: cluster.kind)
        assert (area.kind, place.kind) == ("area", "place")
        both = file(work, house, told(place="阳光小区9号楼"), address="both")
        assert work.matching.membership([both.id]) == {both.id: place.id}


@pytest.mark.parametrize("entry", [{"members": 1}, {"days": 0}, {"days": 91}, {"kinds": ["street"]}])
def test_a_rule_that_makes_no_sense_is_refused_with_what_does(entry: dict[str, Any], tmp_path: Path) -> None:
    packs = shutil.copytree(ROOT / "packs", tmp_path / "packs")
    rules = packs / "house.yml"
    words = re.sub(r"(?m)^clusters: .*$", f"clusters: {json.dumps(entry)}", rules.read_text(encoding="utf-8"))
    rules.write_text(words, encoding="utf-8")
    with pytest.raises(
        HouseError, match="members from 2, days from 1 to 90, kinds of object, place, area, party"
    ):
        House.load(
            packs,
            organisation="Test town",
            packs=("government",),
            calendar=WorkingCalendar(zone="Asia/Shanghai", country="CN"),
            country="CN",
            languages=("zh", "en"),
        )


def _one_person(work: Work, house: House) -> None:
    for _ in range(4):
        file(work, house, told())


def _another_trouble(work: Work, house: House) -> None:
    for number, category in enumerate(("GOV-ENV-01", "GOV-ENV-02", "GOV-UTL-01", "GOV-UTL-02")):
        file(work, house, told(category=category), address=str(number))


def _too_long_ago(work: Work, house: House) -> None:
    for number in range(4):
        file(work, house, told(), address=str(number), now=NOW + number * 4 * DAY)


def _taken_back(work: Work, house: House) -> None:
    for number in range(3):
        ticket = file(work, house, told(), address=str(number))
        work.tickets.change(ticket, now=NOW, state=State.WITHDRAWN)


@pytest.mark.parametrize("tell", [_one_person, _another_trouble, _too_long_ago, _taken_back])
def test_what_is_no_cluster(store: Store, house: House, tell: Callable[[Work, House], None]) -> None:
    with store.writing() as work:
        tell(work, house)
        assert work.matching.clusters(limit=10) == []


def test_when_the_lead_is_over_another_one_leads_and_when_all_are_the_cluster_ends(
    store: Store, house: House
) -> None:
    with store.writing() as work:
        first, second, third = neighbours(work, house, 3)
        work.tickets.change(work.tickets.get(first.id), now=NOW, state=State.CLOSED)
        fourth = file(work, house, told(), address="fourth", now=NOW + 4 * DAY)
        cluster = only(work)
        assert cluster.lead_id == second.id
        assert task_force(work, cluster) == [second.department]
        assert work.clocks.tasks(first.id, kind="task_force", state="open") == []
        for ticket in (second, third, fourth):
            work.tickets.change(work.tickets.get(ticket.id), now=NOW, state=State.CLOSED)
        late = file(work, house, told(), address="late", now=NOW + 5 * DAY)
        assert work.matching.clusters(limit=10) == []
        assert work.matching.membership([late.id]) == {}
        for number in range(2):
            file(work, house, told(), address=f"later{number}", now=NOW + 5 * DAY)
        assert only(work).id != cluster.id


def test_a_cluster_has_one_task_for_each_department(store: Store, house: House) -> None:
    with store.writing() as work:
        first = neighbours(work, house, 1)[0]
        work.tickets.change(first, now=NOW, department="fire")
        neighbours(work, house, 4, first=1)
        departments = task_force(work, only(work))
    assert len(departments) == 2
    assert "fire" in departments


# -- what staff do ----------------------------------------------------------------------------------------------


def test_a_ticket_that_was_taken_out_is_not_drawn_in_again_and_can_be_put_back(
    store: Store, house: House
) -> None:
    with store.writing() as work:
        first, second, third = (work.tickets.get(t.id) for t in neighbours(work, house, 3))
        cluster = only(work)
        clusters.take_out(work, cluster, third, by=SUN, now=NOW)
        file(work, house, told(), address="fourth", now=NOW + 3 * DAY)
        assert third.id not in member_ids(work, cluster)
        assert work.tickets.history(third.id)[-1].actor_name == "Sun"
        clusters.add(work, cluster, third, by=SUN, now=NOW)
        assert third.id in member_ids(work, cluster)
        with pytest.raises(NotPossible, match="leads the cluster"):
            clusters.take_out(work, cluster, first, by=SUN, now=NOW)
        with pytest.raises(NotPossible, match="is in cluster"):
            clusters.add(work, cluster, second, by=SUN, now=NOW)


def test_the_lead_is_given_to_an_open_member_with_its_tasks(store: Store, house: House) -> None:
    with store.writing() as work:
        first, second, _ = (work.tickets.get(t.id) for t in neighbours(work, house, 3))
        stranger = file(work, house, told(place="人民路5号"), address="stranger")
        changed = clusters.give_lead(work, only(work), second, by=SUN, now=NOW)
        assert changed.lead_id == second.id
        assert task_force(work, changed) == [second.department]
        assert work.clocks.tasks(first.id, state="open") == []
        with pytest.raises(NotPossible, match="is not in cluster"):
            clusters.give_lead(work, changed, stranger, by=SUN, now=NOW)


def test_an_ended_cluster_takes_nothing_more(store: Store, house: House) -> None:
    with store.writing() as work:
        neighbours(work, house, 3)
        cluster = only(work)
        clusters.end(work, cluster, by=SUN, now=NOW)
        assert work.matching.clusters(limit=10) == []
        ended = work.matching.cluster(cluster.id)
        assert ended is not None
        with pytest.raises(NotPossible, match="ended on"):
            clusters.end(work, ended, by=SUN, now=NOW)
        late = file(work, house, told(), address="late", now=NOW + 4 * DAY)
        assert work.matching.membership([late.id]) == {}


# -- at once ----------------------------------------------------------------------------------------------------


def _file_some(url: str, key: str, house: House, who: str, start: object) -> None:
    store = Store(Database(url, keys=(key,)))
    start.wait()  # type: ignore[attr-defined]
    for number in range(6):
        with store.writing() as work:
            file(
                work,
                house,
                told(place="阳光小区"),
                address=f"{who}{number}",
                now=NOW + timedelta(minutes=number),
            )
    store.database.dispose()


def test_two_processes_at_once_make_one_cluster_with_everybody_in_it(
    store: Store, database_url: str, data_key: str, house: House
) -> None:
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(2)
    processes = [
        context.Process(target=_file_some, args=(database_url, data_key, house, who, start))
        for who in ("left", "right")
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=120)
    assert [process.exitcode for process in processes] == [0, 0]
    with store.reading() as work:
        cluster = only(work)
        assert len(member_ids(work, cluster)) == 12
        assert task_force(work, cluster) == [work.tickets.get(cluster.lead_id).department]
