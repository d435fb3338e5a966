"""Ways around the department: every one that was thought of is tried, and a lead sees what stands below theirs."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from casework.access import sight
from casework.access.rights import RIGHTS, Scope, actors_of, scope_of
from casework.conversations import handover
from casework.house import House
from casework.staff import organising
from casework.staff.model import Department, Member
from casework.storage.work import Store
from casework.text import Text
from casework.tickets import handling
from casework.tickets.model import Actor, Ticket
from casework.tickets.states import Refused, Role
from casework.tickets.steps import Rules
from desk.desk import PREFIX
from desk.visits import DeskRoute
from tests.casework.media.test_pictures import photo
from tests.desk.conftest import OFFICE, Office

ADMIN = Actor(Role.ADMINISTRATOR, "admin")


@pytest.fixture
def foreign(office: Office) -> Ticket:
    """A case of a department that is not the stranger's, with whom somebody of that department talks."""
    ticket = office.told("ann", contact="13912345678")
    with office.store.writing() as work:
        handover.claim(work, ticket.conversation_id, name="agent", now=office.now)
    return ticket


def _own(office: Office) -> Ticket:
    """A case of the stranger's department."""
    ticket = office.told("own")
    with office.store.writing() as work:
        work.tickets.change(work.tickets.get(ticket.id), now=office.now, department="power.billing")
        return work.tickets.get(ticket.id)


def test_no_address_leads_to_a_case_or_a_talk_of_another_department(office: Office, foreign: Ticket) -> None:
    """Every route that names a case, a talk or a cluster, new ones too; what a role may not do at all is 403."""
    stranger = office.come_in("stranger")
    names = {"number": foreign.number, "other": foreign.number, "talk": str(foreign.conversation_id), "cluster": "1",
             "action": "accept", "task": "1", "field": "contact"}  # fmt: skip
    filled = {"reason": "because I want to", "text": "hello", "to": "stranger", "result": "done", "tag": "x",
              "verdict": "same", "into": foreign.number, "handler": "stranger"}  # fmt: skip
    rights, tried = RIGHTS[Role.AGENT], 0
    for route in office.app.routes:
        if not isinstance(route, DeskRoute) or not re.search(r"\{(number|talk|cluster)\}", route.path):
            continue
        path = re.sub(r"\{(\w+)\}", lambda match: names[match[1]], route.path)
        method = min((route.methods or set()) - {"HEAD"})
        answer = stranger.request(method, path, data=filled if method == "POST" else None)
        assert answer.status_code == (404 if route.right in rights else 403), (method, path)
        tried += 1
    assert tried > 15
    for path in (f"/cases/{foreign.number.lower()}", f"/talks/0{foreign.conversation_id}"):
        assert stranger.get(PREFIX + path).status_code == 404
    assert f"/cases/{foreign.number}" not in stranger.get(f"{PREFIX}/cases?q={foreign.number}").text
    with office.store.reading() as work:
        assert work.access.audits(action="reveal") == []
        assert work.conversations.get(foreign.conversation_id).owner_name == "agent"
        assert work.tickets.get(foreign.id).version == foreign.version


def test_a_file_of_a_foreign_talk_is_not_there(office: Office, foreign: Ticket) -> None:
    agent = office.come_in("agent")
    sent = {"file": ("a.jpg", photo("JPEG"), "image/jpeg")}
    said = agent.post(f"{PREFIX}/talks/{foreign.conversation_id}/say", data={"text": "x"}, files=sent)
    assert said.status_code == 303
    with office.store.reading() as work:
        message = work.messages.transcript(foreign.conversation_id)[-1]
        (row,) = work.media.of_messages([message.id])
    stranger = office.come_in("stranger")
    for path in (f"/files/{row.id}", f"/files/{row.id}/small"):
        shown = agent.get(PREFIX + path)
        assert (shown.status_code, shown.headers["vary"]) == (200, "Cookie")
        assert stranger.get(PREFIX + path).status_code == 404


def test_the_stream_of_a_foreign_talk_is_no_stream(office: Office, foreign: Ticket) -> None:
    assert office.come_in("stranger").get(f"{PREFIX}/live?talk={foreign.conversation_id}").status_code == 204
    assert office.come_in("admin").get(f"{PREFIX}/live?talk={foreign.conversation_id}").status_code == 204


def test_a_case_is_not_merged_into_one_that_is_out_of_sight(office: Office, foreign: Ticket) -> None:
    own = _own(office)
    with office.store.writing() as work:
        work.staff.save_member(
            replace(
                organising.known_member(work, "stranger"), roles={"power.billing": frozenset({Role.LEAD})}
            )
        )
    lead = office.come_in("stranger")
    merge = f"{PREFIX}/cases/{own.number}/acts/merge"
    said = [
        lead.post(merge, data={"into": into, "reason": "the same"}, headers={"x-part": "1"}).text
        for into in (foreign.number, "TS-NONE")
    ]
    assert said[0].replace(foreign.number, "TS-NONE") == said[1]
    previews = [
        lead.get(f"{PREFIX}/cases/{own.number}/merge?into={into}").text
        for into in (foreign.number, "TS-NONE")
    ]
    assert previews[0].replace(foreign.number, "TS-NONE") == previews[1]
    with office.store.reading() as work:
        assert work.tickets.get(own.id).merged_into is None


def test_earlier_cases_of_another_department_are_not_named_beside_a_case(office: Office) -> None:
    foreign, own = office.told("own"), _own(office)
    assert foreign.complainant_id == own.complainant_id
    page = office.come_in("stranger").get(f"{PREFIX}/cases/{own.number}").text
    assert own.number in page
    assert foreign.number not in page
    assert foreign.number in office.come_in("supervisor").get(f"{PREFIX}/cases/{own.number}").text


def test_a_batch_does_not_reach_over_the_department(office: Office, foreign: Ticket) -> None:
    with office.store.writing() as work:
        work.staff.save_member(
            replace(
                organising.known_member(work, "stranger"), roles={"power.billing": frozenset({Role.LEAD})}
            )
        )
    lead = office.come_in("stranger")
    said = [
        lead.post(f"{PREFIX}/cases/batch", data={"number": number, "handler": "stranger"}).text
        for number in (foreign.number, "TS-NONE")
    ]
    assert said[0].replace(foreign.number, "TS-NONE") == said[1]
    with office.store.reading() as work:
        assert work.tickets.get(foreign.id).version == foreign.version


def test_a_talk_is_not_passed_to_somebody_who_may_not_speak(office: Office, foreign: Ticket) -> None:
    agent = office.come_in("agent")
    passed = f"{PREFIX}/talks/{foreign.conversation_id}/transfer"
    for to in ("auditor", "admin", "nobody", "agent"):
        assert agent.post(passed, data={"to": to}).status_code == 422, to
    assert agent.post(passed, data={"to": "stranger"}).status_code == 303


def test_an_alarm_that_is_seen_to_says_nothing_in_other_cases_of_the_talk(
    office: Office, foreign: Ticket
) -> None:
    agent = office.come_in("agent")
    assert agent.post(f"{PREFIX}/talks/{foreign.conversation_id}/alarm").status_code == 303
    with office.store.reading() as work:
        assert "alarm_seen" not in {event.action for event in work.tickets.history(foreign.id)}


def test_what_is_not_a_number_or_too_large_a_one_is_not_there(office: Office) -> None:
    agent = office.come_in("agent")
    for odd in ("9" * 30, "-1", "1e3", "%00", "٣x", "0x1"):
        assert agent.get(f"{PREFIX}/talks/{odd}").status_code == 404, odd
        assert agent.get(f"{PREFIX}/files/{odd}").status_code == 404, odd
        assert agent.get(f"{PREFIX}/cases?skip={odd}").status_code == 200, odd
    talk = office.waits()
    assert agent.get(f"{PREFIX}/talks/{talk}/messages?after=x&before={'9' * 40}").status_code == 200
    assert agent.get(f"{PREFIX}/cases?q=%00&department=%00").status_code == 200
    assert agent.get(f"{PREFIX}/cases/%00").status_code == 404
    assert agent.post(f"{PREFIX}/me/devices", data={"device": "x"}).status_code == 404


def test_the_core_refuses_an_act_out_of_sight_whoever_asks(
    office: Office, store: Store, house: House, foreign: Ticket
) -> None:
    rules, scope = Rules(house.packs, house.calendar), Scope("stranger", frozenset({"power.billing"}))
    with store.writing() as work:
        at = handling.Desk(work, rules, Actor(Role.SUPERVISOR, "stranger"), office.now, scope=scope)
        ticket = work.tickets.get(foreign.id)
        with pytest.raises(Refused, match="no such ticket"):
            handling.act(at, ticket, "accept", {"handler": "agent"})
    with store.reading() as work:
        with pytest.raises(sight.OutOfSight):
            sight.case_seen(work, scope, foreign.number)
        with pytest.raises(sight.OutOfSight):
            sight.talk_seen(work, scope, foreign.conversation_id)


# -- departments below a department ---------------------------------------------------------------------------------


def _departments(*pairs: tuple[str, str]) -> list[Department]:
    return [Department(code, Text(code, code), parent=parent) for code, parent in pairs]


def test_who_leads_a_department_leads_those_below_it() -> None:
    tree = _departments(("city", ""), ("roads", "city"), ("roads.north", "roads"), ("parks", ""))
    lead = Member("lin", "Lin", roles={"city": frozenset({Role.LEAD})})
    scope = scope_of(lead, tree)
    assert scope.departments == frozenset({"city", "roads", "roads.north"})
    assert [actor.role for actor in actors_of(lead, scope, "roads.north")] == [Role.LEAD]
    assert actors_of(lead, scope, "parks") == ()
    agent = Member("gao", "Gao", roles={"city": frozenset({Role.AGENT})})
    assert scope_of(agent, tree).departments == frozenset({"city"})
    below = Member("bo", "Bo", roles={"roads.north": frozenset({Role.LEAD})})
    assert scope_of(below, tree).departments == frozenset({"roads.north"})


def test_departments_that_stand_above_each_other_end_somewhere() -> None:
    circle = _departments(("a", "b"), ("b", "a"))
    assert scope_of(
        Member("lin", "Lin", roles={"a": frozenset({Role.LEAD})}), circle
    ).departments == frozenset(
        {
            "a",
            "b",
        }
    )


def test_a_lead_sees_and_gives_out_a_case_of_a_department_below(office: Office, foreign: Ticket) -> None:
    with office.store.writing() as work:
        above = Department("hall", Text("大厅", "Hall"))
        organising.set_department(work, above, by=ADMIN)
        below = work.staff.department(foreign.department)
        assert below is not None
        organising.set_department(work, replace(below, parent="hall"), by=ADMIN)
        lead = organising.known_member(work, "stranger")
        work.staff.save_member(replace(lead, roles={"hall": frozenset({Role.LEAD})}))
    client = office.come_in("stranger")
    assert foreign.number in client.get(f"{PREFIX}/cases").text
    given = client.post(f"{PREFIX}/cases/{foreign.number}/acts/accept", data={"handler": "agent"})
    assert given.status_code == 303, given.text
    with office.store.reading() as work:
        assert work.tickets.get(foreign.id).handler == "agent"


def test_other_roles_end_the_sessions_of_their_holder(office: Office) -> None:
    agent, lead = office.come_in("agent"), office.come_in("lead")
    with office.store.writing() as work:
        organising.change_member(work, "agent", {"roles": {OFFICE: frozenset({Role.LEAD})}}, by=ADMIN)
        organising.change_member(work, "lead", {"email": "lead@example.org"}, by=ADMIN)
    assert agent.get(f"{PREFIX}/cases").status_code == 303
    assert lead.get(f"{PREFIX}/cases").status_code == 200


def test_a_language_that_is_chosen_gives_no_role_back(office: Office) -> None:
    with office.store.writing() as work:
        member = organising.known_member(work, "agent")
        work.staff.save_member(replace(member, roles={}))
        work.staff.set_language("agent", "zh")
        assert work.staff.member("agent") == replace(member, roles={}, language="zh")
