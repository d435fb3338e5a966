"""Members of staff at the desk, and how the house runs."""

from __future__ import annotations

import re
from datetime import timedelta

from casework.tickets.states import Role
from desk.desk import PREFIX
from tests.desk.conftest import OFFICE, Office


def test_a_new_member_signs_in_with_a_first_password_that_must_be_changed(office: Office) -> None:
    admin = office.come_in("admin")
    added = admin.post(
        f"{PREFIX}/people",
        data={"login": "mei.lin", "name": "林梅", "role": f"agent@{OFFICE}", "language": "zh"},
    )
    assert added.status_code == 200
    first = re.search(r"<code>([\w-]+)</code>", added.text)
    assert first is not None
    assert first[1] not in admin.get(f"{PREFIX}/people/mei.lin").text  # shown once
    signed = admin.post(f"{PREFIX}/sign-in", data={"login": "mei.lin", "password": first[1]})
    assert signed.status_code == 303
    with office.store.reading() as work:
        member = work.staff.member("mei.lin")
        assert member is not None
        assert member.roles == {OFFICE: frozenset({Role.AGENT})}
        kept = work.access.credentials("mei.lin")
        assert kept is not None
        assert kept.must_change


def test_what_the_core_refuses_is_said_and_nothing_changes(office: Office) -> None:
    admin = office.come_in("admin")
    taken = admin.post(f"{PREFIX}/people", data={"login": "agent", "name": "Again", "role": "agent"})
    assert taken.status_code == 422
    last = admin.post(f"{PREFIX}/people/admin", data={"name": "Admin", "role": "agent", "active": "1"})
    assert last.status_code == 422
    assert "last administrator" in last.text
    assert admin.get(f"{PREFIX}/people/nobody").status_code == 404


def test_roles_and_skills_are_changed_and_a_new_password_ends_all_sessions(office: Office) -> None:
    admin, agent = office.come_in("admin"), office.come_in("agent")
    changed = admin.post(
        f"{PREFIX}/people/agent",
        data={
            "name": "Agent A",
            "role": [f"agent@{OFFICE}", f"lead@{OFFICE}"],
            "skills": "gov-att",
            "active": "1",
        },
    )
    assert changed.status_code == 303
    with office.store.reading() as work:
        member = work.staff.member("agent")
        assert member is not None
        assert member.roles[OFFICE] == {Role.AGENT, Role.LEAD}
        assert member.skills == ("GOV-ATT",)
    assert admin.post(f"{PREFIX}/people/agent/password").status_code == 200
    assert agent.get(f"{PREFIX}/talks").status_code == 303


def test_an_absence_is_written_and_ended(office: Office) -> None:
    admin = office.come_in("admin")
    away = f"{PREFIX}/people/agent/away"
    assert admin.post(away, data={"from": "soon", "until": "later"}).status_code == 422
    today = office.now.date()
    dates = {"from": str(today), "until": str(today + timedelta(days=3)), "stand_in": "lead"}
    assert admin.post(away, data=dates).status_code == 303
    assert "Away until" in admin.get(f"{PREFIX}/people").text
    assert admin.post(away).status_code == 303
    assert "Away until" not in admin.get(f"{PREFIX}/people").text


def test_the_list_says_where_people_work_and_when_they_were_here(office: Office) -> None:
    admin = office.come_in("admin")
    page = admin.get(f"{PREFIX}/people").text
    row = re.search(r"<tr[^>]*><td><a[^>]*>Agent</a>.*?</tr>", page, re.DOTALL)
    assert row is not None
    assert "Service supervision office" in row[0]
    assert "never" in row[0]
    office.come_in("agent")
    assert "11-20 12:00" in admin.get(f"{PREFIX}/people/agent").text
    only = admin.get(f"{PREFIX}/people", params={"department": "power.billing"}).text
    assert ">Stranger</a>" in only
    assert ">Agent</a>" not in only


def test_one_who_left_is_shown_only_when_asked_for(office: Office) -> None:
    admin = office.come_in("admin")
    form = {"name": "Stranger", "role": "agent@power.billing", "active": "0"}
    assert admin.post(f"{PREFIX}/people/stranger", data=form).status_code == 303
    assert ">Stranger</a>" not in admin.get(f"{PREFIX}/people").text
    assert "No longer here" in admin.get(f"{PREFIX}/people", params={"all": "1"}).text


def test_a_role_and_hours_are_added_by_form_and_the_log_has_both_sides(office: Office) -> None:
    admin = office.come_in("admin")
    form = {
        "name": "Agent",
        "role": f"agent@{OFFICE}",
        "new_role": "lead",
        "new_department": "power.billing",
        "skills": "PWR-OUT, gov",
        "speaks": "en",
        "hours": "mon,wed 09:00-12:00",
    }
    assert admin.post(f"{PREFIX}/people/agent", data=form).status_code == 303
    with office.store.reading() as work:
        member = work.staff.member("agent")
    assert member is not None
    assert member.roles == {OFFICE: {Role.AGENT}, "power.billing": {Role.LEAD}}
    assert (member.skills, member.languages, str(member.hours)) == (
        ("PWR-OUT", "GOV"), ("en",), "mon,wed 09:00-12:00",
    )  # fmt: skip
    log = admin.get(f"{PREFIX}/audit", params={"ref": "agent"}).text
    assert "hours: – → mon,wed 09:00-12:00" in log
    assert "skills: – → GOV,PWR-OUT" in log
    unknown = admin.post(f"{PREFIX}/people/agent", data={**form, "skills": "XYZ"})
    assert unknown.status_code == 422
    assert "No category begins with XYZ" in unknown.text


def test_who_stands_in_is_named_and_logged(office: Office) -> None:
    admin = office.come_in("admin")
    today = office.now.date()
    dates = {"from": str(today), "until": str(today + timedelta(days=3)), "stand_in": "lead"}
    assert admin.post(f"{PREFIX}/people/agent/away", data=dates).status_code == 303
    assert "Stand-in: Lead" in admin.get(f"{PREFIX}/people").text
    assert "stand_in: – → lead" in admin.get(f"{PREFIX}/audit", params={"ref": "agent"}).text
