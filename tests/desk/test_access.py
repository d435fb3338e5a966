"""Who may open what: a table over every route there is, so that a new page without a rule fails."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from casework.access.rights import RIGHTS, Right
from casework.tickets.states import Role
from desk.desk import PREFIX
from desk.visits import DeskRoute
from tests.desk.conftest import PASSWORD, PEOPLE, Office

#: What each page asks for. A route that is missing here fails the first test.
RULES: dict[str, Right | str | None] = {
    "/sign-in:GET": "open", "/sign-in:POST": "open", "/sign-on:GET": "open", "/sign-on/back:GET": "open",
    "/sign-out:POST": None, "/:GET": None, "/me:GET": None, "/me/password:POST": None,
    "/me/codes:GET": None, "/me/codes:POST": None, "/me/codes/end:POST": None, "/me/devices:POST": None,
    "/me/language:POST": None, "/me/look:POST": None, "/live:GET": None,
    "/cases:GET": Right.CASES, "/cases/filters:GET": Right.CASES,
    "/cases/batch:GET": Right.BATCH, "/cases/batch:POST": Right.BATCH,
    "/cases/export:GET": Right.EXPORT, "/cases/export:POST": Right.EXPORT, "/cases/{number}:GET": Right.CASES,
    "/cases/{number}/merge:GET": Right.WORK, "/cases/{number}/merge:POST": Right.WORK,
    "/cases/{number}/links/{other}:POST": Right.WORK, "/cases/{number}/tags:POST": Right.WORK,
    "/clusters/{cluster}:GET": Right.CASES, "/clusters/{cluster}:POST": Right.BATCH,
    "/cases/{number}/print:GET": Right.CASES, "/cases/{number}/acts/{action}:GET": Right.WORK,
    "/cases/{number}/acts/{action}:POST": Right.WORK,
    "/cases/{number}/tasks/{task}:POST": Right.WORK, "/cases/{number}/reveal/{field}:POST": Right.REVEAL,
    "/talks:GET": Right.TALKS, "/talks/{talk}:GET": Right.TALKS, "/talks/{talk}/messages:GET": Right.TALKS,
    "/talks/{talk}/claim:POST": Right.SPEAK, "/talks/{talk}/say:POST": Right.SPEAK,
    "/talks/{talk}/reach:GET": Right.SPEAK, "/talks/{talk}/typing:POST": Right.SPEAK,
    "/talks/{talk}/transfer:POST": Right.SPEAK, "/talks/{talk}/release:POST": Right.SPEAK,
    "/talks/{talk}/alarm:POST": Right.SPEAK, "/files/{file}:GET": Right.TALKS,
    "/files/{file}/small:GET": Right.TALKS, "/audit:GET": Right.AUDIT, "/audit/export:POST": Right.AUDIT,
    "/people:GET": Right.PEOPLE, "/people:POST": Right.PEOPLE, "/people/{login}:GET": Right.PEOPLE,
    "/people/{login}:POST": Right.PEOPLE, "/people/{login}/password:POST": Right.PEOPLE,
    "/people/{login}/away:POST": Right.PEOPLE, "/health:GET": Right.HEALTH,
    "/setup:GET": Right.SETUP, "/setup/packs:GET": Right.SETUP, "/setup/packs:POST": Right.CONFIGURE,
    "/setup/departments:GET": Right.SETUP, "/setup/departments:POST": Right.CONFIGURE,
    "/setup/departments/{code}:GET": Right.SETUP, "/setup/routes:POST": Right.CONFIGURE,
    "/setup/routes/remove:POST": Right.CONFIGURE, "/setup/areas:POST": Right.CONFIGURE,
    "/setup/hours:GET": Right.SETUP, "/setup/hours:POST": Right.CONFIGURE,
    "/setup/hours/days:POST": Right.CONFIGURE, "/setup/hours/back:POST": Right.CONFIGURE,
    "/setup/packs/{pack}:GET": Right.SETUP, "/setup/packs/{pack}/edit:GET": Right.SETUP,
    "/setup/packs/{pack}/edit:POST": Right.CONFIGURE, "/setup/packs/{pack}/back:POST": Right.CONFIGURE,
    "/talks/{talk}/replies:GET": Right.SPEAK, "/talks/{talk}/answers:GET": Right.SPEAK,
    "/setup/replies:GET": Right.REPLIES, "/setup/replies/new:GET": Right.REPLIES,
    "/setup/replies/new:POST": Right.REPLIES, "/setup/replies/{ref}:GET": Right.REPLIES,
    "/setup/replies/{ref}:POST": Right.REPLIES, "/setup/replies/{ref}/retire:POST": Right.REPLIES,
    "/setup/knowledge:GET": Right.KNOWLEDGE, "/setup/knowledge/new:GET": Right.KNOWLEDGE,
    "/setup/knowledge/new:POST": Right.KNOWLEDGE, "/setup/knowledge/{pack}/{name}:GET": Right.KNOWLEDGE,
    "/setup/knowledge/{pack}/{name}:POST": Right.KNOWLEDGE,
    "/setup/knowledge/{pack}/{name}/retire:POST": Right.KNOWLEDGE,
}  # fmt: skip


def _routes(office: Office) -> dict[str, DeskRoute]:
    found = [route for route in office.app.routes if isinstance(route, DeskRoute)]
    return {
        f"{route.path.removeprefix(PREFIX)}:{min((route.methods or set()) - {'HEAD'})}": route
        for route in found
    }


def _address(key: str) -> tuple[str, str]:
    path, _, method = key.rpartition(":")
    path = re.sub(r"\{\w+\}", "1", path)
    return method, PREFIX + path


def test_every_route_has_a_rule_and_every_rule_a_route(office: Office) -> None:
    routes = _routes(office)
    assert routes.keys() == RULES.keys()
    for key, route in routes.items():
        assert (route.is_open, route.right) == (
            RULES[key] == "open",
            None if RULES[key] == "open" else RULES[key],
        )


def test_nobody_comes_in_without_signing_in(office: Office) -> None:
    stranger = TestClient(office.app, headers={"origin": "http://testserver"}, follow_redirects=False)
    for key, rule in RULES.items():
        method, path = _address(key)
        if rule != "open" and path != f"{PREFIX}/live":
            answer = stranger.request(method, path)
            assert answer.status_code == 303, key
            assert "/sign-in" in answer.headers["location"], key
    assert stranger.get(f"{PREFIX}/live").status_code == 204


@pytest.mark.parametrize("login", PEOPLE)
def test_a_role_opens_its_pages_and_no_others(office: Office, login: str) -> None:
    rights = {right for roles in PEOPLE[login].values() for role in roles for right in RIGHTS[role]}
    client = office.come_in(login)
    for key, rule in RULES.items():
        if not isinstance(rule, Right):
            continue
        method, path = _address(key)
        answer = client.request(method, path, data={} if method == "POST" else None)
        assert (answer.status_code == 403) == (rule not in rights), (key, answer.status_code)


def test_every_right_belongs_to_somebody() -> None:
    assert set(Right) == {right for rights in RIGHTS.values() for right in rights}
    assert not RIGHTS[Role.AUDITOR] & {Right.WORK, Right.SPEAK, Right.REVEAL}


def test_a_case_of_another_department_looks_like_none(office: Office) -> None:
    ticket = office.told()
    assert ticket.department.startswith("government.")
    stranger, agent = office.come_in("stranger"), office.come_in("agent")
    for path in (
        f"/cases/{ticket.number}",
        f"/cases/{ticket.number}/print",
        f"/talks/{ticket.conversation_id}",
    ):
        assert stranger.get(PREFIX + path).status_code == 404
        assert agent.get(PREFIX + path).status_code == 200
    assert stranger.post(f"{PREFIX}/cases/{ticket.number}/acts/accept").status_code == 404
    assert stranger.post(
        f"{PREFIX}/cases/{ticket.number}/reveal/description", data={"reason": "why"}
    ).status_code in (404, 422)
    assert ticket.number not in stranger.get(f"{PREFIX}/cases").text


def test_a_form_from_elsewhere_does_nothing(office: Office) -> None:
    talk = office.waits()
    agent = office.come_in("agent")
    claim = f"{PREFIX}/talks/{talk}/claim"
    assert agent.post(claim, headers={"origin": "https://evil.example"}).status_code == 403
    assert agent.post(claim, headers={"x-csrf-token": "0" * 64}).status_code == 403
    assert agent.post(claim, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert agent.post(claim).status_code == 303


def test_pages_let_nothing_foreign_in(office: Office) -> None:
    office.waits()
    agent = office.come_in("agent")
    for path in ("/talks", "/cases", "/me", "/sign-in"):
        answer = agent.get(PREFIX + path)
        policy = answer.headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert answer.headers["cache-control"] == "no-store"
        assert "<script>" not in answer.text
        assert " style=" not in answer.text
        assert " onclick=" not in answer.text


def test_the_rights_of_somebody_who_left_end_at_once(office: Office) -> None:
    agent = office.come_in("agent")
    assert agent.get(f"{PREFIX}/talks").status_code == 200
    with office.store.writing() as work:
        member = work.staff.member("agent")
        assert member is not None
        work.staff.save_member(type(member)(**{**vars(member), "active": False}))
    assert agent.get(f"{PREFIX}/talks").status_code == 303
    client = TestClient(office.app, headers={"origin": "http://testserver"}, follow_redirects=False)
    assert client.post(f"{PREFIX}/sign-in", data={"login": "agent", "password": PASSWORD}).status_code == 401


def test_a_huge_form_is_refused_before_it_is_read(office: Office) -> None:
    stranger = TestClient(office.app, headers={"origin": "http://testserver"}, follow_redirects=False)
    huge = {"file": ("a.bin", b"0" * 400_000, "application/octet-stream")}
    assert stranger.post(f"{PREFIX}/sign-in", files=huge).status_code == 413
    assert stranger.post(f"{PREFIX}/sign-in", data={"login": "a" * 400_000}).status_code == 413
    small = stranger.post(f"{PREFIX}/sign-in", files={"file": ("a.bin", b"0", "text/plain")})
    assert small.status_code == 400
