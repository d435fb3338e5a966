"""What programs do with tickets: lists that stand still, details that are masked, steps that the core guards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from casework.clients.model import Scope
from casework.conversations.model import InboundMessage, Media
from casework.media.model import Opened
from casework.tickets.states import Role
from tests.api.conftest import ALL, Api, on_sqlite
from tests.conftest import NOW

RESULT = {"finding": "属实", "remedy": "道歉", "basis": "服务规范第3条"}


def _numbers(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["number"] for item in answer.json()["items"]]


@on_sqlite
def test_who_it_is_and_what_they_may(api: Api) -> None:
    token = api.token("Wang", Role.LEAD, [Scope.READ], "government.inspection")
    assert api.get("/me", token).json() == {
        "name": "Wang", "role": "lead", "department": "government.inspection", "scopes": ["read"],
    }  # fmt: skip


def test_what_people_wrote_is_masked_without_the_scope(api: Api) -> None:
    number = api.file().number
    masked = api.get(f"/tickets/{number}", api.token("A", scopes=[Scope.READ])).json()
    assert masked["masked"]
    assert masked["description"] is None
    assert masked["details"]["contact"]["text"] == "•••"
    whole = api.get(f"/tickets/{number}", api.token("B")).json()
    assert whole["description"] == "3号窗口没人"
    assert whole["details"]["contact"]["text"] == "13812345678"
    assert "13812345678" not in str(masked)
    assert [clock["kind"] for clock in whole["clocks"]] == ["triage", "first_contact", "resolution"]
    with api.store.reading() as work:
        seen = [(audit.login, audit.action, audit.ref) for audit in work.access.audits(kind="ticket")]
    assert seen == [("B", "api_read", number)]


def test_the_history_shows_what_staff_wrote_only_to_those_who_may_see_it(api: Api) -> None:
    number, token = api.file().number, api.token()
    api.act(number, "accept", token)
    api.act(number, "return", token, {"reason": "找错了人王芳"})
    masked = api.get(f"/tickets/{number}/history", api.token("A", scopes=[Scope.READ])).json()
    assert [event["action"] for event in masked["items"]][-2:] == ["accept", "return"]
    assert "王芳" not in str(masked)
    assert "王芳" in str(api.get(f"/tickets/{number}/history", token).json())


def test_a_ticket_goes_through_its_life_by_the_api(api: Api) -> None:
    number, token = api.file().number, api.token()
    assert api.act(number, "accept", token, {"handler": "Li"}).json()["state"] == "assigned"
    signed = api.act(number, "sign", token)
    assert signed.json()["handler"] == "Li"
    done = api.act(number, "resolve", token, RESULT)
    assert (done.status_code, done.json()["state"]) == (200, "resolved")
    assert done.headers["etag"] == f'"{done.json()["version"]}"'


@on_sqlite
def test_a_step_that_is_not_allowed_names_those_that_are(api: Api) -> None:
    number, token = api.file().number, api.token()
    answer = api.act(number, "resolve", token, RESULT)
    problem = answer.json()
    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == "urn:tingsu:problem:not-now"
    assert problem["state"] == "triage"
    assert problem["allowed"] == api.get(f"/tickets/{number}/actions", token).json()["actions"]
    zh = api.act(number, "resolve", token, RESULT, headers={"Accept-Language": "zh-CN,en;q=0.5"}).json()
    assert zh["cure"] == "只做 allowed 中列出的动作"


@on_sqlite
def test_what_an_action_needs_is_named(api: Api) -> None:
    number, token = api.file().number, api.token()
    api.act(number, "accept", token)
    api.act(number, "sign", token)
    answer = api.act(number, "resolve", token, {"finding": "属实", "remedy": "道歉"})
    assert (answer.status_code, answer.json()["detail"]) == (422, "Object missing required field `basis`")
    extra = api.act(number, "resolve", token, {**RESULT, "colour": "red"})
    assert "colour" in extra.json()["detail"]


def test_of_two_who_saw_one_version_the_second_is_told(api: Api) -> None:
    number, token = api.file().number, api.token()
    seen = api.get(f"/tickets/{number}", token).headers["etag"]
    assert api.act(number, "accept", token, headers={"If-Match": seen}).status_code == 200
    late = api.act(number, "sign", token, headers={"If-Match": seen})
    assert late.status_code == 412
    assert (
        api.act(number, "accept", token, headers={"If-Match": seen}).status_code == 412
    )  # though illegal now
    assert "was changed by Li (accept" in late.json()["detail"]
    assert api.act(number, "sign", token, headers={"If-Match": "x"}).status_code == 422


def test_a_list_stands_still_while_tickets_are_filed_and_changed(api: Api) -> None:
    token = api.token()
    first = [api.file(f"a{i}").number for i in range(5)]
    page = api.get("/tickets?limit=2", token).json()
    seen = [item["number"] for item in page["items"]]
    api.file("later")
    api.act(first[0], "accept", token)
    while page["next"]:
        page = api.get("/tickets", token, params={"limit": 2, "cursor": page["next"]}).json()
        seen += [item["number"] for item in page["items"]]
    assert seen == first[::-1]


@pytest.mark.parametrize("order", ["newest", "changed", "due"])
def test_every_order_gives_each_ticket_once(api: Api, order: str) -> None:
    token = api.token()
    made = {api.file(f"a{i}").number for i in range(5)}  # all in one moment: the id decides
    seen: list[str] = []
    cursor: str | None = ""
    for _ in range(3):
        page = api.get("/tickets", token, params={"limit": 2, "order": order, "cursor": cursor}).json()
        seen += [item["number"] for item in page["items"]]
        cursor = page["next"]
    assert cursor is None
    assert len(seen) == 5
    assert set(seen) == made


@on_sqlite
def test_a_cursor_of_another_list_is_refused(api: Api) -> None:
    token = api.token()
    for name in ("a", "b"):
        api.file(name)
    cursor = api.get("/tickets?limit=1", token).json()["next"]
    for wrong in ({"cursor": cursor, "order": "due"}, {"cursor": "abc"}, {"cursor": "5"}, {"cursor": "é"}):
        assert api.get("/tickets", token, params=wrong).status_code == 422


def test_filters_narrow_a_list(api: Api) -> None:
    token = api.token()
    one, other = api.file("a").number, api.file("b").number
    api.now += timedelta(hours=1)
    api.act(one, "accept", token, {"handler": "Li", "department": "power.repair"})
    assert _numbers(api.get("/tickets?state=triage&state=resolved", token)) == [other]
    assert _numbers(api.get("/tickets?mine=true", token)) == [one]
    assert _numbers(api.get("/tickets?department=power.repair", token)) == [one]
    assert _numbers(api.get("/tickets?category=PWR-OUT-01", token)) == []
    assert _numbers(api.get(f"/tickets?number={other}", token)) == [other]
    assert _numbers(api.get("/tickets", token, params={"updated_since": api.now.isoformat()})) == [one]
    soon = (NOW + timedelta(days=1)).isoformat()
    assert _numbers(api.get("/tickets", token, params={"due_before": soon})) == []
    late = (NOW + timedelta(days=30)).isoformat()
    assert set(_numbers(api.get("/tickets", token, params={"due_before": late}))) == {one, other}


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=201", "colour=red", "mine=perhaps", "state=new", "order=oldest", "due_before=2026-11-20",
     "limit=1&limit=2", "priority=null", "due_before=null", "updated_since=2026-11-20T10:00:00", "handler=a%00b"],
)  # fmt: skip
@on_sqlite
def test_a_filter_that_cannot_be_used_is_named(api: Api, query: str) -> None:
    answer = api.get(f"/tickets?{query}", api.token())
    assert answer.status_code == 422
    assert query.partition("=")[0] in answer.json()["detail"]


def test_a_token_of_a_department_sees_that_department_alone(api: Api) -> None:
    own, other = api.file("a"), api.file("b").number
    lead = api.token("Zhao", Role.LEAD)
    api.act(other, "accept", lead, {"department": "power.repair"})
    token = api.token("Li", department=own.department)
    assert _numbers(api.get("/tickets", token)) == [own.number]
    assert api.get(f"/tickets/{own.number}", token).status_code == 200
    assert api.get(f"/tickets/{other}", token).status_code == 404
    assert api.act(other, "sign", token).status_code == 404
    assert api.get("/tickets?department=power.repair", token).status_code == 404


def test_a_complaint_is_taken_down_for_somebody_who_called(api: Api) -> None:
    token = api.token()
    body = {
        "category": "GOV-ATT-03",
        "description": "3号窗口一直没人",
        "details": {"contact": "13812345678"},
        "language": "zh",
    }
    filed = api.post("/tickets", token, body)
    assert filed.status_code == 201, filed.text
    assert filed.headers["location"] == f"/api/v1/tickets/{filed.json()['number']}"
    assert len(filed.json()["steps"]) >= 2
    assert filed.json()["department_name"] == "政务中心督查科"
    number = filed.json()["number"]
    history = api.get(f"/tickets/{number}/history", token).json()["items"]
    assert [(e["action"], e["name"]) for e in history][-1] == ("taken_down", "Li")
    unknown = api.post("/tickets", token, {**body, "details": {"shoe_size": "43"}})
    assert unknown.status_code == 422
    assert "shoe_size is no field of GOV-ATT-03; it has" in unknown.json()["detail"]


@on_sqlite
def test_danger_told_at_the_counter_is_danger(api: Api) -> None:
    token = api.token()
    body = {"category": "PWR-OUT-01", "description": "电线断了掉在地上，还在冒火花，有人触电了"}
    filed = api.post("/tickets", token, body)
    assert filed.json()["priority"] == "P0"
    (danger,) = api.get("/alarms/danger", token).json()["items"]
    assert danger["ticket"] == filed.json()["number"]
    assert api.post(f"/alarms/danger/{danger['id']}/seen", token).status_code == 200
    assert api.get("/alarms/danger", token).json()["items"] == []


def test_tasks_are_listed_and_finished_once(api: Api) -> None:
    number, token = api.file().number, api.token()
    api.act(number, "accept", token)
    api.act(number, "co_handle", token, {"department": "power.repair", "wanted": "看现场"})
    (task,) = api.get("/tasks", token).json()["items"]
    assert (task["ticket"], task["kind"], task["data"]) == (number, "co_handling", {"wanted": "看现场"})
    assert api.post(f"/tasks/{task['id']}/finish", token, {"result": "看过了"}).json()["finished"]
    assert not api.post(f"/tasks/{task['id']}/finish", token, {"result": "又看了"}).json()["finished"]
    assert api.get("/tasks", token).json()["items"] == []
    assert api.get("/tasks?state=done", token).json()["items"][0]["data"]["result"] == "看过了"
    assert api.post("/tasks/999/finish", token, {"result": "x"}).status_code == 404


@on_sqlite
def test_a_file_is_given_to_who_may_see_it(api: Api) -> None:
    ticket = api.file()
    with api.store.writing() as work:
        chat = work.conversations.get(ticket.conversation_id, lock=True)
        message = InboundMessage(
            channel="web", provider_id="p1", address="ann", media=(Media("photo", ref="r"),)
        )
        said = work.messages.add_inbound(
            chat, message, provider_key="p1", text="", payload="", state="done", profile={}, now=NOW
        )
        work.tickets.attach_media(ticket.id, [said])
        (row,) = work.media.of_ticket(ticket.id)
    api.files[row.id] = Opened(b"bytes", "image/png", "窗口.png")
    token = api.token()
    (listed,) = api.get(f"/tickets/{ticket.number}", token).json()["media"]
    file = api.get(f"/media/{listed['id']}", token)
    assert (file.content, file.headers["content-type"]) == (b"bytes", "image/png")
    assert "attachment" in file.headers["content-disposition"]
    assert api.get(f"/media/{listed['id']}", api.token("A", scopes=ALL - {Scope.PERSONAL})).status_code == 403
    assert api.get("/media/999", token).status_code == 404
