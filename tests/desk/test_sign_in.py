"""Coming in: passwords, waiting after failures, one-time codes, sessions that end."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from starlette.testclient import TestClient

from casework.access import passwords
from casework.access.passwords import WeakPassword
from casework.access.sessions import IDLE, LONGEST
from desk.desk import PREFIX
from tests.desk.conftest import PASSWORD, Office

SIGN_IN = f"{PREFIX}/sign-in"


def _client(office: Office) -> TestClient:
    return TestClient(office.app, headers={"origin": "http://testserver"}, follow_redirects=False)


def _try(client: TestClient, password: str = PASSWORD, login: str = "agent", **more: str) -> int:
    return client.post(SIGN_IN, data={"login": login, "password": password, **more}).status_code


def test_the_right_password_opens_and_a_wrong_one_does_not_say_what_was_wrong(office: Office) -> None:
    client = _client(office)
    unknown = client.post(SIGN_IN, data={"login": "nobody", "password": PASSWORD})
    wrong = client.post(SIGN_IN, data={"login": "agent", "password": "plum-blossom-48"})
    assert unknown.status_code == wrong.status_code == 401
    assert unknown.text.replace("nobody", "agent") == wrong.text
    for _ in range(5):  # the one waits now, the other is nobody's
        told = [
            client.post(SIGN_IN, data={"login": login, "password": "guess"}) for login in ("nobody", "agent")
        ]
    assert told[0].text.replace("nobody", "agent") == told[1].text
    assert _try(client) == 401
    office.later(minutes=15)
    assert _try(client) == 303


def test_five_failures_make_a_login_wait_and_each_further_one_longer(office: Office) -> None:
    client = _client(office)
    assert [_try(client, "wrong-password") for _ in range(5)] == [401] * 5
    assert _try(client) == 401  # right now, but it has to wait
    office.later(seconds=61)
    assert _try(client, "wrong-password") == 401
    office.later(seconds=61)
    assert _try(client) == 401  # two minutes this time
    office.later(seconds=61)
    assert _try(client) == 303


def test_a_session_ends_unused_and_used_alike(office: Office) -> None:
    client = office.come_in("agent")
    office.now += IDLE - timedelta(seconds=1)
    assert client.get(f"{PREFIX}/talks").status_code == 200
    office.now += IDLE
    assert client.get(f"{PREFIX}/talks").status_code == 303
    client, begun = office.come_in("agent"), office.now
    while office.now < begun + LONGEST - timedelta(hours=1):
        office.now += timedelta(hours=1)
        assert client.get(f"{PREFIX}/talks").status_code == 200
    office.now += timedelta(hours=1)
    assert client.get(f"{PREFIX}/talks").status_code == 303


def test_sessions_that_are_over_are_forgotten(office: Office) -> None:
    office.come_in("agent")
    office.now += LONGEST
    office.come_in("lead")
    with office.store.reading() as work:
        assert work.access.sessions("agent") == []
        assert len(work.access.sessions("lead")) == 1


def test_a_one_time_code_is_asked_for_once_it_is_in_use_and_counts_once(office: Office) -> None:
    client = office.come_in("agent")
    secret = pyotp.random_base32()
    code = pyotp.TOTP(secret).at(office.now)
    assert client.post(f"{PREFIX}/me/codes", data={"secret": secret, "code": "000000"}).status_code == 422
    assert client.post(f"{PREFIX}/me/codes", data={"secret": secret, "code": code}).status_code == 303
    other = _client(office)
    asked = other.post(SIGN_IN, data={"login": "agent", "password": PASSWORD})
    assert asked.status_code == 200
    assert 'name="code"' in asked.text
    assert _try(other, code=code) == 401  # it has counted
    office.later(seconds=30)
    assert _try(other, code=pyotp.TOTP(secret).at(office.now)) == 303
    assert client.post(f"{PREFIX}/me/codes/end", data={"old": "wrong"}).status_code == 422
    assert client.post(f"{PREFIX}/me/codes/end", data={"old": PASSWORD}).status_code == 303
    assert _try(_client(office)) == 303


def test_a_new_password_ends_every_session_of_its_owner(office: Office) -> None:
    here, there = office.come_in("agent"), office.come_in("agent")
    new = {"old": PASSWORD, "new": "late-october-rain", "again": "late-october-rain"}
    assert here.post(f"{PREFIX}/me/password", data={**new, "again": "other"}).status_code == 422
    assert here.post(f"{PREFIX}/me/password", data={**new, "old": "guess"}).status_code == 422
    assert here.post(f"{PREFIX}/me/password", data=new).status_code == 303
    assert there.get(f"{PREFIX}/talks").status_code == 303
    assert _try(_client(office)) == 401
    assert _try(_client(office), "late-october-rain") == 303


def test_another_device_can_be_signed_out_but_not_somebody_elses(office: Office) -> None:
    here, there, other = office.come_in("agent"), office.come_in("agent"), office.come_in("lead")
    with office.store.reading() as work:
        mine = {session.id for session in work.access.sessions("agent")}
        theirs = work.access.sessions("lead")[0].id
    assert here.post(f"{PREFIX}/me/devices", data={"device": str(theirs)}).status_code == 404
    assert other.get(f"{PREFIX}/talks").status_code == 200
    assert len(mine) == 2
    assert here.post(f"{PREFIX}/me/devices", data={"device": "all"}).status_code == 303
    assert there.get(f"{PREFIX}/talks").status_code == 303
    assert here.get(f"{PREFIX}/talks").status_code == 200


def test_who_must_change_the_password_sees_nothing_before(office: Office) -> None:
    from casework.access import sessions

    with office.store.writing() as work:
        hashed = passwords.hashed(PASSWORD)
        sessions.set_password(work, "agent", hashed, by="admin", must_change=True, now=office.now)
    client = office.come_in("agent")
    answer = client.get(f"{PREFIX}/cases")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{PREFIX}/me"


def test_signing_in_leads_back_to_the_page_that_was_wanted_and_nowhere_else(office: Office) -> None:
    for wanted, reached in (
        (f"{PREFIX}/cases?view=mine", f"{PREFIX}/cases?view=mine"),
        ("https://evil.example/desk/", f"{PREFIX}/"),
        ("//evil.example", f"{PREFIX}/"),
        (f"{PREFIX}//evil.example", f"{PREFIX}/"),
        ("/desk/\\evil.example", f"{PREFIX}/"),
    ):
        answer = _client(office).post(SIGN_IN, data={"login": "agent", "password": PASSWORD, "next": wanted})
        assert answer.headers["location"] == reached


@pytest.mark.parametrize(
    "weak", ["short", "x" * 300, "my agent password", "aaaaaaaaaaaa", "abcdefghijkl", "1234567890"]
)
def test_weak_passwords_are_refused(weak: str) -> None:
    with pytest.raises(WeakPassword):
        passwords.check(weak, login="agent")


def test_the_same_password_typed_in_another_way_fits() -> None:
    assert passwords.fits("Zu\u0308rich-see-42", passwords.hashed("Z\u00fcrich-see-42"))


def test_the_log_says_who_came_in_and_who_was_locked_out(office: Office) -> None:
    client = _client(office)
    for _ in range(5):
        _try(client, "wrong-password", login="lead")
    office.come_in("supervisor")
    with office.store.reading() as work:
        told = [(line.login, line.action) for line in work.access.audits()]
    assert ("lead", "locked") in told
    assert ("supervisor", "sign_in") in told
