"""Tokens, scopes and roles; the same request answered once; limits; errors that name their cure."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest

from api.layer import MAX_BODY, Endpoint
from api.routes import PREFIX, endpoints
from casework.clients.model import Scope
from casework.clients.tokens import Unsuitable, add_token, forget_answers, revoke_token
from casework.storage.work import Store
from casework.tickets.states import Role
from tests.api.conftest import ALL, Api, on_sqlite
from tests.conftest import NOW

RESULT = {"finding": "属实", "remedy": "道歉", "basis": "服务规范第3条"}
FILE = {"category": "GOV-ATT-03", "description": "3号窗口一直没人"}
#: Of nothing that is there: what counts is how far a request comes.
PATHS = {"number": "TS000000-000000", "id": "1"}


def _code(answer: Any) -> str:
    return str(answer.json()["type"]).removeprefix("urn:tingsu:problem:")


@on_sqlite
def test_every_endpoint_is_open_to_its_scopes_and_to_no_others(api: Api) -> None:
    without = {scope: api.token(f"no-{scope.value}", scopes=ALL - {scope}) for scope in Scope}
    just: dict[frozenset[Scope], str] = {}

    def ask(endpoint: Endpoint, token: str) -> int:
        path = endpoint.path.format(**PATHS)
        answer = api.get(path, token) if endpoint.method == "GET" else api.post(path, token, {})
        return int(answer.status_code)

    for endpoint in endpoints():
        needed = frozenset(endpoint.scopes)
        for scope, token in without.items():
            assert (ask(endpoint, token) == 403) == (scope in needed), (endpoint.name, scope)
        if needed:
            token = just.get(needed) or api.token(f"just-{len(just)}", scopes=needed)
            just[needed] = token
            assert ask(endpoint, token) != 403, endpoint.name
        assert ask(endpoint, "") == 401, endpoint.name


#: What each role can do first with a new ticket, and what it cannot. Source: the table of states.
ROLES: dict[Role, tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]] = {
    Role.AGENT: ({"accept": {}}, {"reject": {"reason": "x", "basis": "y", "outside_remedy": "z"}}),
    Role.LEAD: (
        {"reject": {"reason": "x", "basis": "y", "outside_remedy": "z"}},
        {"force_assign": {"department": "d", "reason": "x"}},
    ),
    Role.SUPERVISOR: ({"force_assign": {"department": "d", "reason": "x"}}, {"sign": {}}),
    Role.ADMINISTRATOR: ({"supervise": {"reason": "x"}}, {"accept": {}}),
}


@pytest.mark.parametrize("role", ROLES)
@on_sqlite
def test_the_core_guards_what_a_role_does_by_the_api(api: Api, role: Role) -> None:
    token = api.token("Li", role)
    (may,), (may_not,) = (list(each.items()) for each in ROLES[role])
    refused = api.act(api.file("a").number, may_not[0], token, may_not[1])
    assert (refused.status_code, _code(refused)) == (409, "not-now")
    assert may[0] in refused.json()["allowed"]
    assert api.act(api.file("b").number, may[0], token, may[1]).status_code == 200


def test_a_token_is_kept_as_a_hash_and_ends_when_it_is_revoked(api: Api) -> None:
    token = api.token("Li")
    assert api.get("/me", token).status_code == 200
    with api.store.writing() as work:
        (kept,) = work.clients.all()
        assert kept.used_at == NOW
        assert token not in repr(kept)
        assert revoke_token(work, "Li", now=NOW)
        assert not revoke_token(work, "Li", now=NOW)
    answer = api.get("/me", token)
    assert (answer.status_code, _code(answer)) == (401, "no-token")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "tingsu tokens add" in answer.json()["cure"]


@pytest.mark.parametrize(
    ("name", "scopes", "cure"),
    [
        ("a b", [Scope.READ], "is no name"),
        ("Li", [], "name at least: read"),
        ("Wang", [Scope.READ], "revoke it"),
    ],
)
@on_sqlite
def test_a_token_that_cannot_be_made_says_why(
    store: Store, name: str, scopes: list[Scope], cure: str
) -> None:
    with store.writing() as work:
        add_token(work, name="Wang", role=Role.LEAD, scopes=[Scope.READ], now=NOW)
        with pytest.raises(Unsuitable, match=cure):
            add_token(work, name=name, role=Role.LEAD, scopes=scopes, now=NOW)


# -- the same request once ----------------------------------------------------------------------------------


def test_a_request_that_is_sent_twice_is_done_once(api: Api) -> None:
    number, token = api.file().number, api.token()
    key = {"Idempotency-Key": "one"}
    first = api.act(number, "accept", token, {"handler": "Li"}, headers=key)
    again = api.act(number, "accept", token, {"handler": "Li"}, headers=key)
    assert (again.status_code, again.json(), again.headers["etag"]) == (
        200, first.json(), first.headers["etag"],
    )  # fmt: skip
    assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (
        None,
        "true",
    )
    history = api.get(f"/tickets/{number}/history", token).json()["items"]
    assert [event["action"] for event in history].count("accept") == 1


def test_a_key_belongs_to_one_request_and_one_token(api: Api) -> None:
    token, key = api.token(), {"Idempotency-Key": "one"}
    filed = api.post("/tickets", token, FILE, headers=key)
    other = api.post("/tickets", token, {**FILE, "anonymous": True}, headers=key)
    assert (other.status_code, _code(other)) == (422, "key-reused")
    elsewhere = api.act(filed.json()["number"], "accept", token, FILE, headers=key)
    assert elsewhere.status_code == 422
    mine = api.post("/tickets", api.token("Wang"), FILE, headers=key)
    assert mine.json()["number"] != filed.json()["number"]


def test_a_refused_request_keeps_its_key_free(api: Api) -> None:
    number, token, key = api.file().number, api.token(), {"Idempotency-Key": "one"}
    assert api.act(number, "sign", token, headers=key).status_code == 409
    api.act(number, "accept", token)
    assert api.act(number, "sign", token, headers=key).status_code == 200


def test_an_answer_is_kept_for_a_day(api: Api) -> None:
    token, key = api.token(), {"Idempotency-Key": "one"}
    first = api.post("/tickets", token, FILE, headers=key).json()["number"]
    api.now += timedelta(hours=23)
    assert api.post("/tickets", token, FILE, headers=key).json()["number"] == first
    api.now += timedelta(hours=2)
    later = api.post("/tickets", token, FILE, headers=key).json()["number"]
    assert later != first
    with api.store.writing() as work:
        forget_answers(work, now=api.now + timedelta(days=2))
    assert api.post("/tickets", token, FILE, headers=key).json()["number"] not in (first, later)


def test_of_one_request_sent_by_eight_at_once_one_is_done(api: Api) -> None:
    token, answers = api.token(), []
    start = threading.Barrier(8)

    def send() -> None:
        start.wait()
        answers.append(api.post("/tickets", token, FILE, headers={"Idempotency-Key": "one"}))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["number"] for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    assert len(api.get("/tickets", token).json()["items"]) == 1


# -- limits and errors -----------------------------------------------------------------------------------------


@on_sqlite
def test_too_many_requests_are_told_when_to_come_again(store: Store, house: Any) -> None:
    api = Api(store, house, per_minute=3)
    token = api.token()
    answers = [api.get("/me", token) for _ in range(7)]  # a minute may turn in between
    (late, *_) = [answer for answer in answers if answer.status_code == 429]
    assert _code(late) == "too-many"
    assert 1 <= int(late.headers["retry-after"]) <= 60


@on_sqlite
def test_a_guesser_of_tokens_is_slowed_down(api: Api) -> None:
    answers = [api.get("/me", f"tingsu_{number}").status_code for number in range(130)]
    assert answers[0] == 401
    assert 429 in answers


@on_sqlite
def test_a_body_that_cannot_be_read_says_why(api: Api) -> None:
    token = api.token()
    large = api.post("/tickets", token, {**FILE, "description": "长" * MAX_BODY})
    assert (large.status_code, _code(large)) == (413, "too-large")
    url, headers = PREFIX + "/tickets", {"Authorization": f"Bearer {token}"}
    form = api.client.post(url, data={"a": "b"}, headers=headers)
    assert (form.status_code, _code(form)) == (415, "not-json")
    broken = api.client.post(url, content=b"{", headers={**headers, "Content-Type": "application/json"})
    assert (broken.status_code, _code(broken)) == (400, "malformed")
    assert api.post("/tickets", token, FILE, headers={"Idempotency-Key": "a b"}).status_code == 422


@on_sqlite
def test_a_path_and_a_method_that_are_not_there(api: Api) -> None:
    token = api.token()
    assert _code(api.get("/nothing", token)) == "unknown"
    wrong = api.client.delete(PREFIX + "/tickets", headers={"Authorization": f"Bearer {token}"})
    assert (wrong.status_code, _code(wrong), wrong.headers["allow"]) == (405, "wrong-method", "GET, POST")
