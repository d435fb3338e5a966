"""What somebody outside, or on the same network, may try at the door of the desk."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import httpx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from casework.access import passwords
from desk import visits
from desk.desk import PREFIX
from desk.routes import routes
from desk.visits import DeskRoute
from tests.desk.conftest import PASSWORD, Office

SIGN_IN = f"{PREFIX}/sign-in"
ORIGIN = {"origin": "http://testserver"}


def _client(office: Office) -> TestClient:
    return TestClient(office.app, headers=ORIGIN, follow_redirects=False)


def _at_once(office: Office) -> httpx.AsyncClient:
    """A client for many requests at once, in one event loop as the gateway's."""
    transport = httpx.ASGITransport(app=office.app)
    return httpx.AsyncClient(transport=transport, base_url="http://testserver", headers=ORIGIN)


def test_a_cookie_that_was_slipped_in_before_signing_in_is_worth_nothing_after(office: Office) -> None:
    client = _client(office)
    client.cookies.set("tingsu_desk", "chosen-by-somebody-else")
    client.post(SIGN_IN, data={"login": "agent", "password": PASSWORD})
    assert client.get(f"{PREFIX}/me").status_code == 200
    other = _client(office)
    other.cookies.set("tingsu_desk", "chosen-by-somebody-else")
    assert other.get(f"{PREFIX}/me").status_code == 303


def test_a_cookie_that_was_stolen_is_worth_nothing_after_signing_out(office: Office) -> None:
    client, thief = office.come_in("agent"), _client(office)
    thief.cookies.update(client.cookies)
    assert thief.get(f"{PREFIX}/me").status_code == 200
    assert client.post(f"{PREFIX}/sign-out").status_code == 303
    assert thief.get(f"{PREFIX}/me").status_code == 303


def test_with_https_the_cookie_is_for_this_host_and_for_https_alone(office: Office) -> None:
    office.desk = replace(office.desk, secure=True)
    app = Starlette(routes=routes(office.desk))
    client = TestClient(app, base_url="https://testserver", headers={"origin": "https://testserver"})
    answer = client.post(SIGN_IN, data={"login": "agent", "password": PASSWORD}, follow_redirects=False)
    name, _, rest = answer.headers["set-cookie"].partition("=")
    assert name.startswith("__Host-")
    flags = {flag.strip().lower() for flag in rest.split(";")}
    assert {"secure", "httponly", "samesite=lax", "path=/"} <= flags
    assert not any(flag.startswith("domain") for flag in flags)


def test_every_answer_forbids_frames_foreign_parts_and_a_copy(office: Office) -> None:
    """Pages, refusals, redirects and errors alike, of every route there is."""
    agent, stranger = office.come_in("agent"), _client(office)
    paths = [
        route.path.replace("{", "").replace("}", "")
        for route in office.app.routes
        if isinstance(route, DeskRoute)
        and "GET" in (route.methods or ())
        and not route.path.endswith("/live")
    ]
    assert len(paths) > 15
    for path in (*paths, f"{PREFIX}/live?talk=999999"):
        for client in (agent, stranger):
            headers = client.get(path).headers
            assert "frame-ancestors 'none'" in headers["content-security-policy"], path
            assert headers["x-frame-options"] == "DENY", path
            assert headers["x-content-type-options"] == "nosniff", path
            assert headers["cache-control"] == "no-store", path
            assert headers["referrer-policy"] == "same-origin", path


def test_the_address_is_not_taken_for_a_script(office: Office) -> None:
    agent = office.come_in("agent")
    for odd in ('"><script>alert(1)</script>', "'onfocus='alert(1)", "{{7*7}}"):
        for path in (f"/cases?q={odd}", f"/cases?department={odd}", f"/sign-in?next={odd}", f"/cases/{odd}",
                     f"/cases?done={odd}", f"/audit?login={odd}"):  # fmt: skip
            text = agent.get(PREFIX + path).text
            assert "<script>alert" not in text, path
            assert "'onfocus='" not in text, path
            assert "49" not in text or odd != "{{7*7}}" or "{{7*7}}" in text, path


def test_a_mark_that_cannot_be_compared_is_a_wrong_one(office: Office) -> None:
    agent = office.come_in("agent")
    del agent.headers["x-csrf-token"]
    assert agent.post(f"{PREFIX}/me/look", data={"csrf": "é", "theme": "dark"}).status_code == 403
    assert agent.post(f"{PREFIX}/me/look", data={"theme": "dark"}).status_code == 403


def test_the_mark_of_one_session_does_not_fit_another(office: Office) -> None:
    mine, theirs = office.come_in("agent"), office.come_in("agent")
    mine.headers["x-csrf-token"] = theirs.headers["x-csrf-token"]
    assert mine.post(f"{PREFIX}/me/look", data={"theme": "dark"}).status_code == 403


def test_an_unknown_login_costs_as_much_as_a_known_one(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    real = passwords._hasher.verify

    class Counting:
        hash = passwords._hasher.hash

        def verify(self, kept: str, password: str) -> bool:
            checked.append(kept)
            return bool(real(kept, password))

    monkeypatch.setattr(passwords, "_hasher", Counting())
    for login in ("nobody", "agent", "\0", "x" * 5000):
        assert _client(office).post(SIGN_IN, data={"login": login, "password": "guess"}).status_code == 401
    assert len(checked) == 4
    assert len({kept.split("$")[3] for kept in checked}) == 1, "with the same cost"


async def test_of_wrong_passwords_at_the_same_moment_each_counts(office: Office) -> None:
    wrong = {"login": "agent", "password": "guess"}
    async with _at_once(office) as client:
        await asyncio.gather(*(client.post(SIGN_IN, data=wrong) for _ in range(8)))
    with office.store.reading() as work:
        kept = work.access.credentials("agent")
        assert kept is not None
        assert kept.locked_until is not None
        assert kept.failures == 5
    assert _client(office).post(SIGN_IN, data={"login": "agent", "password": PASSWORD}).status_code == 401


async def test_of_many_sign_ins_few_are_looked_at_at_once_and_messages_have_threads_left(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, running, most = threading.Lock(), 0, 0

    def slow(_password: str, _kept: str) -> bool:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.05)
        with lock:
            running -= 1
        return False

    monkeypatch.setattr(passwords, "fits", slow)
    async with _at_once(office) as client:
        storm = [client.post(SIGN_IN, data={"login": f"x{n}", "password": "guess"}) for n in range(24)]
        answers = await asyncio.gather(*storm)
    assert {answer.status_code for answer in answers} == {401}
    assert most == 4


async def test_a_form_that_never_ends_is_given_up(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visits, "FORM_S", 0.1)
    assert await _slowly(office, lambda: asyncio.sleep(30)) == 408
    monkeypatch.setattr(visits, "FORM_S", 20.0)
    assert await _slowly(office, lambda: asyncio.sleep(0.01)) == 401


async def _slowly(office: Office, pause: Callable[[], object]) -> int:
    body = b"login=agent&password=guess-guess"

    async def drops() -> AsyncIterator[bytes]:
        yield body[:5]
        await pause()  # type: ignore[misc]
        yield body[5:]

    headers = {"content-length": str(len(body)), "content-type": "application/x-www-form-urlencoded"}
    async with _at_once(office) as client:
        return (await client.post(SIGN_IN, content=drops(), headers=headers)).status_code


def test_a_form_of_very_many_fields_is_refused(office: Office) -> None:
    many = {f"f{n}": "x" for n in range(2000)}
    assert office.come_in("agent").post(f"{PREFIX}/me/look", data=many).status_code == 400
