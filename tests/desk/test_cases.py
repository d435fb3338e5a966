"""Cases at the desk: what is refused comes back, what belongs together, lists, files."""

from __future__ import annotations

import csv
import io
import re

import pytest
from openpyxl import load_workbook
from starlette.testclient import TestClient

from casework.storage.cases import ORDERS
from casework.tickets.model import Ticket
from casework.tickets.states import STEPS, Role, State
from desk import exporting
from desk.desk import PREFIX
from tests.desk.cases import LEAD, WALK, clustered, does, history, in_follow_up, in_progress, merged
from tests.desk.conftest import Office


def _of(ticket: Ticket, rest: str = "") -> str:
    return f"{PREFIX}/cases/{ticket.number}{rest}"


def _now(office: Office, ticket: Ticket) -> Ticket:
    with office.store.reading() as work:
        return work.tickets.get(ticket.id)


def test_every_action_of_staff_is_walked_in_the_browser() -> None:
    staff = {Role.AGENT, Role.LEAD, Role.SUPERVISOR, Role.ADMINISTRATOR}
    actions = {name for steps in STEPS.values() for name, step in steps.items() if step.roles & staff}
    assert actions - {"submit", "acknowledge"} == WALK.keys()  # these two, filing does itself


# -- forms ---------------------------------------------------------------------------------------------------------


def test_a_refused_form_comes_back_on_the_card_with_what_was_typed(office: Office) -> None:
    ticket = in_progress(office)
    agent = office.come_in("agent")
    late = {"until": "2030-01-01T10:00", "code": "expert", "reason": "等鉴定中心排期"}
    answer = agent.post(_of(ticket, "/acts/extend_request?view=mine&sort=newest"), data=late)
    assert answer.status_code == 422
    assert "the date is out of range (after 11-27 18:00, not after 12-11 18:00)" in answer.text
    assert "等鉴定中心排期" in answer.text
    assert 'value="2030-01-01T10:00"' in answer.text
    assert re.search(r'<option value="expert" selected>', answer.text)
    assert f'action="{_of(ticket, "/acts/extend_request?view=mine&amp;sort=newest")}"' in answer.text
    assert history(office, ticket)[-1] == "sign"


def test_what_was_typed_is_kept_when_the_step_is_gone_meanwhile(office: Office) -> None:
    ticket = in_progress(office)
    agent = office.come_in("agent")
    does(office, ticket, "return", reason="不是我们的事")
    lost = agent.post(
        _of(ticket, "/acts/resolve"), data={"finding": "现场看过，属实", "remedy": "a", "basis": "b"}
    )
    assert lost.status_code == 422
    assert "What you had typed" in lost.text
    assert "现场看过，属实" in lost.text


def test_a_chosen_reason_is_said_in_the_persons_language_before_what_was_added(office: Office) -> None:
    ticket = office.told()
    lead = office.come_in("lead")
    given = {"code": "in_court", "reason": "案号已核对", "basis": "办法第9条", "outside_remedy": "等待判决"}
    assert lead.post(_of(ticket, "/acts/reject"), data={**given, "code": "no_such"}).status_code == 422
    assert (
        lead.post(_of(ticket, "/acts/reject"), data={**given, "code": "other", "reason": ""}).status_code
        == 422
    )
    assert lead.post(_of(ticket, "/acts/reject"), data=given).status_code == 303
    with office.store.reading() as work:
        event = work.tickets.history(ticket.id)[-1]
    assert event.data["reason"] == "已进入诉讼、仲裁或行政复议程序：案号已核对"
    assert event.data["code"] == "in_court"


def test_more_time_is_asked_for_and_granted_with_its_effect_shown(office: Office) -> None:
    ticket = in_progress(office)
    agent, lead = office.come_in("agent"), office.come_in("lead")
    asked = {"until": "2026-12-04T18:00", "code": "expert"}
    assert agent.post(_of(ticket, "/acts/extend_request"), data=asked).status_code == 303
    card = lead.get(_of(ticket)).text
    assert "More time is asked for" in card
    assert "Agent, 11-20 12:00" in card
    assert "Answer due: 11-27 18:00 → 12-04 18:00" in card
    assert "acts/extend_approve" not in agent.get(_of(ticket)).text
    assert lead.post(_of(ticket, "/acts/extend_approve")).status_code == 303
    with office.store.reading() as work:
        due = next(clock.due_at for clock in work.clocks.of(ticket.id) if clock.kind == "resolution")
    assert due.isoformat() == "2026-12-04T10:00:00+00:00"


def test_a_follow_up_call_is_one_form_whatever_comes_of_it(office: Office) -> None:
    ticket = in_follow_up(office)
    lead = office.come_in("lead")
    card = lead.get(_of(ticket)).text
    assert "acts/call" in card
    assert "acts/call_tried" not in card
    assert "The person gave 1 of 5" in card
    call = _of(ticket, "/acts/call")
    assert lead.post(call, data={"channel": "phone"}).status_code == 422
    assert lead.post(call, data={"outcome": "contested", "channel": "phone"}).status_code == 422
    tried = {"outcome": "not_reached", "channel": "phone", "note": "没人接"}
    assert lead.post(call, data=tried).status_code == 303
    assert history(office, ticket)[-1] == "call_tried"
    early = lead.post(call, data={"outcome": "given_up", "channel": "phone", "note": "算了"})
    assert "called in vain 1 time(s) in 1 way(s); it takes 3 calls in 2 ways" in early.text
    assert lead.post(call, data={**tried, "outcome": "contested", "note": "还是没修"}).status_code == 303
    assert _now(office, ticket).cycle == 2


def test_tasks_are_made_and_finished_at_the_card(office: Office) -> None:
    ticket = in_progress(office)
    agent = office.come_in("agent")
    asked = {"department": "power.billing", "wanted": "查电费", "due_at": "2026-11-25T12:00"}
    assert agent.post(_of(ticket, "/acts/co_handle"), data=asked).status_code == 303
    with office.store.reading() as work:
        (task,) = work.clocks.tasks(ticket.id)
    assert (task.department, task.due_at and task.due_at.isoformat()) == (
        "power.billing", "2026-11-25T04:00:00+00:00",
    )  # fmt: skip
    empty = agent.post(_of(ticket, f"/tasks/{task.id}"), data={"result": ""})
    assert empty.status_code == 422
    assert "Write what was done or found" in empty.text
    assert agent.post(_of(ticket, f"/tasks/{task.id}"), data={"result": "电费无误"}).status_code == 303
    again = agent.post(_of(ticket, f"/tasks/{task.id}"), data={"result": "电费无误"})
    assert "over already" in again.text
    assert agent.post(_of(ticket, "/tasks/999"), data={"result": "x"}).status_code == 404


def test_another_department_that_helps_sees_the_case_until_it_has_done_its_part(office: Office) -> None:
    ticket = in_progress(office)
    helper = office.come_in("stranger")
    assert helper.get(_of(ticket)).status_code == 404
    asked = {"department": "power.billing", "wanted": "查电费"}
    assert office.come_in("agent").post(_of(ticket, "/acts/co_handle"), data=asked).status_code == 303
    with office.store.reading() as work:
        (task,) = work.clocks.tasks(ticket.id)
    assert ticket.number in helper.get(f"{PREFIX}/cases?view=tasks").text
    assert ticket.number not in helper.get(f"{PREFIX}/cases").text
    assert "查电费" in helper.get(_of(ticket)).text
    resolved = {"finding": "x", "remedy": "y", "basis": "z"}
    assert helper.post(_of(ticket, "/acts/resolve"), data=resolved).status_code in (404, 422)
    assert _now(office, ticket).state is State.IN_PROGRESS
    assert helper.post(_of(ticket, f"/tasks/{task.id}"), data={"result": "电费无误"}).status_code == 303
    assert helper.get(_of(ticket)).status_code == 404
    with office.store.reading() as work:
        assert work.clocks.tasks(ticket.id)[0].ended_by == "stranger"


def test_an_urge_by_phone_counts_like_one_in_the_chat(office: Office) -> None:
    ticket = in_progress(office)
    agent = office.come_in("agent")
    assert agent.post(_of(ticket, "/acts/urge"), data={"text": "来电催问"}).status_code == 303
    again = agent.post(_of(ticket, "/acts/urge"), data={"text": "又来电"})
    assert "urged on 11-20 12:00 already; another one counts from 11-21 12:00 on" in again.text
    assert history(office, ticket).count("urge") == 1
    office.later(hours=11)
    does(office, ticket, "contact", note="已回电")
    office.later(hours=14)
    does(office, ticket, "urge", text="还没好")
    with office.store.reading() as work:
        urged = work.tickets.history(ticket.id)[-1]
    assert (urged.actor_name, urged.data["times"], urged.data["supervisor"]) == ("agent", 2, True)


# -- cases that belong together ------------------------------------------------------------------------------------


def test_merging_is_looked_at_first_and_can_be_undone(office: Office) -> None:
    first = office.told("bob", text="大厅东门积水，老人滑倒")
    office.later(days=3)
    second = office.told("ann", contact="13912345678")
    lead = office.come_in("lead")
    look = lead.get(_of(second, f"/merge?into={first.number.lower()}")).text
    assert "大厅东门积水" in look
    assert "窗口没人" in look
    assert "13912345678" not in look
    assert "The earlier due time holds for both: 11-27 18:00" in look
    assert f"The due time of {second.number} moves from 11-30 18:00 to 11-27 18:00" in look
    assert f"news of {first.number} go to both people" in look
    assert _now(office, second).state is State.TRIAGE
    form = {"into": first.number, "seen": str(second.version)}
    empty = lead.post(_of(second, "/merge"), data=form)
    assert empty.status_code == 422
    assert "Reason was left empty" in empty.text
    assert lead.post(_of(second, "/merge"), data={**form, "reason": "同一处"}).status_code == 303
    assert _now(office, second).merged_into == first.id
    assert "merged into this one" in lead.get(_of(first)).text
    assert lead.post(_of(second, "/acts/unmerge"), data={"reason": "不是一处"}).status_code == 303
    with office.store.reading() as work:
        clock = next(clock for clock in work.clocks.of(second.id) if clock.kind == "resolution")
    assert clock.due_at.isoformat() == "2026-11-30T10:00:00+00:00"


def test_what_cannot_be_merged_comes_back_on_the_card(office: Office) -> None:
    ticket = office.told("ann")
    gone, _ = merged(office)
    lead = office.come_in("lead")
    for number, said in (
        ("TS000000-000000", "there is no case TS000000-000000"),
        (ticket.number, "merge into another open one"),
        (gone.number, "merge into another open one"),
    ):
        answer = lead.get(_of(ticket, f"/merge?into={number}"))
        assert answer.status_code == 422
        assert said in answer.text
        assert f'value="{number}"' in answer.text


def test_a_suspected_repeat_shows_its_reasons_and_is_judged_once(office: Office) -> None:
    first = office.told("ann")
    office.later(days=2)
    second = office.told("ann")
    agent, stranger = office.come_in("agent"), office.come_in("stranger")
    card = agent.get(_of(second)).text
    assert "May be the same as" in card
    assert "100% alike: same person, same category, same words" in card
    assert "A later one like it:" in agent.get(_of(first)).text
    judge = _of(second, f"/links/{first.number}")
    assert stranger.post(judge, data={"verdict": "same"}).status_code == 404
    assert agent.post(judge, data={"verdict": "perhaps"}).status_code == 422
    assert agent.post(judge, data={"verdict": "other"}).status_code == 303
    card = agent.get(_of(second)).text
    assert "Found to be another matter" in card
    assert judge not in card
    assert history(office, second)[-1] == "repeat_other"
    assert agent.post(_of(first, f"/links/{second.number}"), data={"verdict": "same"}).status_code == 404


def test_a_cluster_is_opened_from_the_card_and_changed_by_leads(office: Office) -> None:
    first, second, third = clustered(office)
    agent, lead = office.come_in("agent"), office.come_in("lead")
    card = agent.get(_of(third)).text
    assert "3 cases tell of one thing" in card
    found = re.search(r'href="(/desk/clusters/\d+)"', card)
    assert found is not None
    page = found[1]
    assert "Let it lead" not in agent.get(page).text
    assert agent.post(page, data={"do": "end"}).status_code == 403
    assert office.come_in("stranger").get(page).status_code == 404
    shown = lead.get(page).text
    assert all(ticket.number in shown for ticket in (first, second, third))
    leading = lead.post(page, data={"do": "leave", "number": first.number})
    assert leading.status_code == 422
    assert f"{first.number} leads the cluster" in leading.text
    assert lead.post(page, data={"do": "lead", "number": second.number}).status_code == 303
    assert lead.post(page, data={"do": "leave", "number": first.number}).status_code == 303
    assert lead.post(page, data={"do": "add", "number": first.number}).status_code == 303
    assert lead.post(page, data={"do": "end"}).status_code == 303
    assert "Let it lead" not in lead.get(page).text
    ended = lead.post(page, data={"do": "add", "number": first.number})
    assert ended.status_code == 422


# -- lists ---------------------------------------------------------------------------------------------------------


def _numbers(page: str) -> list[str]:
    return re.findall(r'class="first"><b>(TS[\d-]+)</b>', page)


def test_tags_are_of_the_houses_list_and_can_be_filtered_by(office: Office) -> None:
    ticket, other = office.told("ann"), office.told("bob")
    agent = office.come_in("agent")
    given = agent.post(_of(ticket, "/tags"), data={"tag": ["media", "no_such_tag"]})
    assert given.status_code == 303
    assert _numbers(agent.get(f"{PREFIX}/cases?tag=media").text) == [ticket.number]
    assert history(office, ticket)[-1] == "tagged"
    agent.post(_of(ticket, "/tags"), data={})
    assert _numbers(agent.get(f"{PREFIX}/cases?tag=media").text) == []
    assert other.number in agent.get(f"{PREFIX}/cases").text


def test_filters_that_hold_are_shown_and_removed_one_by_one(office: Office) -> None:
    ticket = office.told()
    agent = office.come_in("agent")
    query = "view=open&category=government&priority=P3&state=triage&handler=-&sort=newest"
    page = agent.get(f"{PREFIX}/cases?{query}").text
    level = ticket.priority
    page = agent.get(f"{PREFIX}/cases?{query.replace('P3', level)}").text
    assert _numbers(page) == [ticket.number]
    assert "Handled by: Nobody" in page
    assert re.search(
        r'href="/desk/cases\?view=open&amp;category=government&amp;priority=\w+&amp;handler=-&amp;sort=newest"',
        page,
    )
    assert "1 case<" in page
    for narrower in (
        "category=power",
        "category=PWR-OUT-01",
        "state=closed",
        "handler=me",
        "overdue=1",
        "danger=1",
    ):
        assert _numbers(agent.get(f"{PREFIX}/cases?{narrower}").text) == [], narrower
    for wider in (
        "category=GOV-ATT",
        "category=GOV-ATT-03",
        "after=nonsense",
        "after=%7Enonsense_3",
        "sort=no",
    ):
        assert _numbers(agent.get(f"{PREFIX}/cases?{wider}").text) == [ticket.number], wider


@pytest.mark.parametrize("order", ORDERS)
def test_a_list_goes_on_from_the_last_line_whatever_is_filed_meanwhile(
    office: Office, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desk.lists.PAGE", 2)
    tickets = []
    for name in "abcde":
        tickets.append(office.told(name))
        office.later(minutes=7)
    does(office, tickets[2], "accept", LEAD, handler="agent")
    does(office, tickets[4], "merge", LEAD, into=tickets[0].number, reason="同一件事")
    agent = office.come_in("agent")
    seen, page = [], f"{PREFIX}/cases?sort={order}"
    while True:
        text = agent.get(page).text
        seen += _numbers(text)
        further = re.search(r'class="more" href="([^"]*after=[^"]*)"', text)
        if further is None:
            break
        page = further[1].replace("&amp;", "&")
        if len(seen) == 2:
            office.told("late")
    assert len(seen) == len(set(seen))
    assert {ticket.number for ticket in tickets[:4]} <= set(seen)


def test_the_next_case_of_the_list_comes_after_one_that_is_done(office: Office) -> None:
    mine = [in_progress(office, name) for name in ("ann", "bob", "eve")]
    office.told("zoe")
    agent = office.come_in("agent")
    order = _numbers(agent.get(f"{PREFIX}/cases?view=mine").text)
    assert sorted(order) == sorted(ticket.number for ticket in mine)
    result = {"finding": "属实", "remedy": "退款", "basis": "第4条", "next": "1"}
    middle = agent.post(f"{PREFIX}/cases/{order[1]}/acts/resolve?view=mine", data=result)
    assert middle.headers["location"] == f"{PREFIX}/cases/{order[2]}?view=mine&done=done_next"
    last = agent.post(f"{PREFIX}/cases/{order[2]}/acts/resolve?view=mine", data=result)
    assert f"/cases/{order[0]}?" in last.headers["location"]


def test_a_phone_or_an_order_number_is_found_whole_within_sight_and_logged(office: Office) -> None:
    ticket = office.told("ann", contact="+8613912345678")
    office.told("bob", contact="+8613912345679")
    agent, stranger = office.come_in("agent"), office.come_in("stranger")
    for sought in ("13912345678", "139 1234 5678", "+86 139-1234-5678", "１３９１２３４５６７８"):
        found = agent.get(f"{PREFIX}/cases", params={"q": sought}).text
        assert _numbers(found) == [ticket.number], sought
    assert _numbers(agent.get(f"{PREFIX}/cases?q=1391234567").text) == []
    assert _numbers(stranger.get(f"{PREFIX}/cases?q=13912345678").text) == []
    assert "What people wrote is not searched" in agent.get(f"{PREFIX}/cases?q=窗口").text
    with office.store.reading() as work:
        logged = work.access.audits(login="agent", action="search")
    assert {entry.reason for entry in logged} >= {"••••5678"}
    assert "13912345678" not in " ".join(entry.reason for entry in logged)
    beside = agent.get(_of(ticket, "?q=13912345678"))  # no way round the log
    assert _numbers(beside.text) == [ticket.number]
    part = agent.get(f"{PREFIX}/cases?q=13912345678", headers={"x-part": "list"})
    assert part.status_code == 404
    with office.store.reading() as work:
        assert len(work.access.audits(login="agent", action="search")) == len(logged) + 1


def test_a_number_in_danger_is_found_under_danger(office: Office) -> None:
    from casework.tickets.alarms import alarm_seen, raise_alarm

    ticket = office.told()
    with office.store.writing() as work:
        raised = raise_alarm(work, work.tickets.get(ticket.id), code="live_wire", now=office.now)
    agent = office.come_in("agent")
    for query in ("view=danger", "danger=1"):
        assert _numbers(agent.get(f"{PREFIX}/cases?{query}").text) == [ticket.number]
    with office.store.writing() as work:
        alarm_seen(work, raised, name="agent", now=office.now)
    assert _numbers(agent.get(f"{PREFIX}/cases?view=danger").text) == []
    assert _numbers(agent.get(f"{PREFIX}/cases?danger=1").text) == [ticket.number]


def test_people_are_called_by_name_everywhere_on_a_case(office: Office) -> None:
    ticket = in_progress(office)
    page = office.come_in("supervisor").get(_of(ticket)).text
    assert "Handled by: Agent" in page
    assert "→ Agent" in page
    assert not re.search(r">\s*agent\s*<", page)


# -- files ---------------------------------------------------------------------------------------------------------


def _export(client: TestClient, query: str = "", **form: str) -> bytes:
    answer = client.post(f"{PREFIX}/cases/export?{query}", data=form)
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["content-disposition"]
    return answer.content


def _rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def test_a_list_leaves_masked_and_what_looks_like_a_formula_is_text(office: Office) -> None:
    evil = '=HYPERLINK("http://evil.example","x") 打13912345678'
    ticket = office.told("ann", text=evil, contact="13912345678", hall="-2+3")
    lead = office.come_in("lead")
    head, row = _rows(_export(lead, format="csv"))
    assert head[:3] == ["Number", "State", "Level"]
    assert row[0] == ticket.number
    assert row[head.index("What was told")] == "'" + evil.replace("13912345678", "••••5678")
    assert "13912345678" not in " ".join(row)
    sheet = load_workbook(io.BytesIO(_export(lead, format="xlsx"))).active
    assert sheet is not None
    cells = [cell for line in sheet.iter_rows() for cell in line]
    assert {cell.data_type for cell in cells} <= {"s", "n"}  # n: an empty one; none is a formula
    assert all(cell.hyperlink is None for cell in cells)
    told = [cell.value for cell in cells if str(cell.value).startswith("=")]
    assert told == [evil.replace("13912345678", "••••5678")]


def test_personal_data_leaves_for_a_reason_that_is_logged_and_not_with_everybody(office: Office) -> None:
    office.told("ann", contact="13912345678")
    lead, auditor = office.come_in("lead"), office.come_in("auditor")
    page = f"{PREFIX}/cases/export"
    no_reason = lead.post(page, data={"format": "csv", "personal": "1"})
    assert no_reason.status_code == 422
    assert "reason of at least 4 characters" in no_reason.text
    asked = {"format": "csv", "personal": "1", "reason": "给调查组的清单"}
    assert "13912345678" in _export(lead, **asked).decode()
    refused = auditor.post(page, data=asked)
    assert refused.status_code == 422
    assert "masked data only" in refused.text
    assert "13912345678" not in _export(auditor, format="csv").decode()
    with office.store.reading() as work:
        logged = [(entry.login, entry.field, entry.reason) for entry in work.access.audits(action="export")]
    assert ("lead", "personal", "给调查组的清单 []") in logged
    assert ("auditor", "masked", "[]") in logged


def test_a_file_follows_the_filters_the_sight_and_its_bound(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "MOST", 3)
    monkeypatch.setattr(exporting, "_PAGE", 2)
    tickets = []
    for name in "abcd":
        tickets.append(office.told(name))
        office.later(minutes=1)
    does(office, tickets[0], "accept", LEAD, handler="agent")
    lead = office.come_in("lead")
    assert "the file holds the newest 3" in lead.get(f"{PREFIX}/cases/export").text
    rows = _rows(_export(lead, format="csv"))
    assert [row[0] for row in rows[1:4]] == [ticket.number for ticket in reversed(tickets[1:])]
    assert rows[4] == ["These are the newest 3; there are more. Narrow the filters and export again."]
    (row,) = _rows(_export(lead, "state=assigned", format="csv"))[1:]
    assert row[0] == tickets[0].number
    assert row[5] == "Agent"
    assert office.come_in("agent").get(f"{PREFIX}/cases/export").status_code == 403


def test_a_clock_of_an_earlier_round_is_shown_apart(office: Office) -> None:
    ticket = in_follow_up(office)
    lead = office.come_in("lead")
    contested = {"outcome": "contested", "channel": "phone", "note": "还是没修"}
    lead.post(_of(ticket, "/acts/call"), data=contested)
    office.later(hours=1)
    card = lead.get(_of(ticket)).text
    assert "Clocks of earlier rounds" in card
    assert card.count("round 2") >= 1


def test_a_case_is_printed_with_names_and_without_personal_data(office: Office) -> None:
    ticket = in_progress(office, "ann", contact="13912345678")
    page = office.come_in("agent").get(_of(ticket, "/print")).text
    assert "13912345678" not in page
    assert "Agent" in page
    assert "Signed" in page
