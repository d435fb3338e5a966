"""Departments and routes at the desk, and the box that says where a case would go and why."""

from __future__ import annotations

import re
from datetime import date

from starlette.testclient import TestClient

from casework.staff.model import Rota
from desk.desk import PREFIX
from tests.desk.conftest import OFFICE, Office

SETUP = f"{PREFIX}/setup"
CATEGORY = "GOV-ATT-03"


def _log(office: Office) -> str:
    return office.come_in("auditor").get(f"{PREFIX}/audit", params={"action": "edit"}).text


def _tried(client: TestClient, **asked: str) -> str:
    page = client.get(f"{SETUP}/departments", params={"category": CATEGORY, **asked}).text
    found = re.search(r'<dl class="tried.*?</dl>', page, re.DOTALL)
    assert found is not None
    return re.sub(r"<[^>]+>|\s+", " ", found[0])


def test_a_department_is_added_below_another_and_changed(office: Office) -> None:
    client = office.come_in("admin")
    new = {"code": "roads.north", "zh": "北区养护", "en": "Roads north", "parent": OFFICE}
    assert client.post(f"{SETUP}/departments", data=new).status_code == 303
    changed = {
        **new,
        "en": "North roads",
        "hours": "mon,wed 22:00-06:00",
        "duty": "agent lead",
        "every": "day",
    }
    assert client.post(f"{SETUP}/departments", data=changed).status_code == 303
    with office.store.reading() as work:
        found = work.staff.department("roads.north")
    assert found is not None
    assert (found.name.en, found.parent, str(found.hours)) == ("North roads", OFFICE, "mon,wed 22:00-06:00")
    assert found.rota == Rota(("agent", "lead"), date(2026, 11, 20), "day")
    assert "North roads" in client.get(f"{SETUP}/departments").text
    assert "Agent" in client.get(f"{SETUP}/departments/{OFFICE}").text
    log = _log(office)
    assert "hours: – → mon,wed 22:00-06:00" in log
    assert f"parent: – → {OFFICE}" in log


def test_turns_go_on_while_nobody_changes_them(office: Office) -> None:
    client = office.come_in("admin")
    form = {"code": OFFICE, "zh": "督查室", "en": "Oversight", "duty": "agent lead", "every": "week"}
    client.post(f"{SETUP}/departments", data=form)
    office.later(days=30)
    client = office.come_in("admin")
    client.post(f"{SETUP}/departments", data={**form, "en": "Supervision"})
    with office.store.reading() as work:
        found = work.staff.department(OFFICE)
    assert found is not None
    assert found.rota == Rota(("agent", "lead"), date(2026, 11, 16), "week")


def test_what_cannot_be_is_refused_with_the_cure(office: Office) -> None:
    client = office.come_in("admin")
    for given, cure in (
        ({"code": "Bad Code", "zh": "甲", "en": "A"}, "small letters"),
        ({"code": OFFICE, "zh": "甲", "en": ""}, "in Chinese and in English"),
        ({"code": OFFICE, "zh": "甲", "en": "A", "parent": OFFICE}, "above itself"),
        ({"code": OFFICE, "zh": "甲", "en": "A", "hours": "nine"}, "Write 08:30"),
        ({"code": OFFICE, "zh": "甲", "en": "A", "duty": "nobody"}, "no member of staff nobody"),
    ):
        answer = client.post(f"{SETUP}/departments", data=given)
        assert answer.status_code == 422, given
        assert cure in answer.text
    route = {"prefix": "GOV", "department": OFFICE, "handler": "stranger"}
    assert "is not of" in client.post(f"{SETUP}/routes", data=route).text
    assert client.get(f"{SETUP}/departments/none").status_code == 404


def test_the_box_says_where_a_case_would_go_and_why(office: Office) -> None:
    client = office.come_in("admin")
    assert "the pack says so" in _tried(client)
    client.post(f"{SETUP}/areas", data={"area": "north", "words": "北苑\nNorth Street"})
    client.post(f"{SETUP}/departments", data={"code": "hall.north", "zh": "北厅", "en": "North hall"})
    route = {"prefix": "GOV-ATT", "area": "north", "department": "hall.north", "co": OFFICE}
    assert client.post(f"{SETUP}/routes", data=route).status_code == 303
    there = _tried(client, place="北苑3号楼")
    assert "North hall" in there
    assert "by the route GOV-ATT, north" in there
    assert "Nobody suitable" in there
    assert "the pack says so" in _tried(client, place="南苑")
    with office.store.reading() as work:
        assert work.tickets.newest(limit=1) == []
    assert (
        client.post(f"{SETUP}/routes/remove", data={"prefix": "GOV-ATT", "area": "north"}).status_code == 303
    )
    assert "the pack says so" in _tried(client, place="北苑3号楼")
    log = _log(office)
    assert "words: – → North Street,北苑" in log
    assert "department: hall.north → –" in log


def test_the_box_names_whose_turn_it_is_by_load(office: Office) -> None:
    supervisor = office.come_in("supervisor")
    assert "Agent · there, and with the least work" in re.sub(r"\s+", " ", _tried(supervisor))
    office.later(hours=12)  # midnight: an urgent one asks for the duty officer
    supervisor = office.come_in("supervisor")
    assert "there when doors open" in _tried(supervisor)
    assert "Nobody suitable" in _tried(supervisor, priority="P0")
    assert supervisor.get(f"{SETUP}/departments", params={"category": "XXX-YYY-01"}).status_code == 404
