"""Coming in through an OpenID provider: one that others wrote and that is certified, and every way to cheat."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.openid import trouble
from app.settings import Settings
from casework.access.model import SignOn
from casework.access.sign_on import WITHIN
from casework.staff import organising
from casework.staff.model import Member
from casework.tickets.model import Actor
from casework.tickets.states import Role
from desk.desk import PREFIX
from desk.openid import OpenIdProvider, ProviderAway, Registration, TokenRefused
from desk.routes import routes
from tests.desk.conftest import PASSWORD, Office
from tests.desk.peers import provider as peer

pytestmark = pytest.mark.peer

BACK = f"http://testserver{PREFIX}/sign-on/back"
SECRET = "desk:secret/+ %"
CLAIMS = ("preferred_username", "email")
BEGUN = SignOn("state", "nonce", "v" * 43)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    yield from _running()


@pytest.fixture(scope="module")
def thin() -> Iterator[str]:
    """A provider whose tokens name nobody, and that wants the secret in the form."""
    yield from _running(thin=True)


def _running(**how: Any) -> Iterator[str]:
    try:
        with peer.running(**how) as issuer:
            yield issuer
    except peer.PeerMissing as missing:
        if os.environ.get("CI", "").lower() in ("1", "true", "yes"):
            pytest.fail(f"peer missing: {missing}", pytrace=False)
        pytest.skip(f"peer missing: {missing}")


def _known(issuer: str, client: str = "desk", secret: str = SECRET) -> OpenIdProvider:
    return OpenIdProvider(Registration(issuer, client, secret, CLAIMS, BACK))


@pytest.fixture
def open_desk(office: Office, issuer: str) -> Office:
    """The desk of a house with a provider, at the time of day that it goes by."""
    office.now = datetime.now(timezone.utc)
    return _desk_with(office, provider=_known(issuer))


def _desk_with(office: Office, **parts: Any) -> Office:
    office.desk = replace(office.desk, fresh_token=lambda: token_urlsafe(32), **parts)
    office.app = Starlette(routes=routes(office.desk))
    return office


def _client(office: Office) -> TestClient:
    return TestClient(office.app, headers={"origin": "http://testserver"}, follow_redirects=False)


def _begun(client: TestClient, *, page: str = "") -> str:
    answer = client.get(f"{PREFIX}/sign-on", params={"next": page})
    assert answer.status_code == 303
    return answer.headers["location"]


def _with(address: str, **changes: str) -> str:
    parts = urlsplit(address)
    return urlunsplit(parts._replace(query=urlencode({**dict(parse_qsl(parts.query)), **changes})))


def _comes_in(client: TestClient, *, as_: str, page: str = "") -> Any:
    return client.get(peer.sign_in(_begun(client, page=page), as_=as_))


def _is_in(client: TestClient) -> bool:
    return client.get(f"{PREFIX}/me").status_code == 200


def test_the_page_shows_the_way_and_a_member_comes_in_to_the_page_they_wanted(open_desk: Office) -> None:
    client = _client(open_desk)
    assert f'href="{PREFIX}/sign-on?next=' in client.get(f"{PREFIX}/sign-in").text
    answer = _comes_in(client, as_="agent", page=f"{PREFIX}/cases?view=mine")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{PREFIX}/cases?view=mine")
    assert _is_in(client)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    with open_desk.store.reading() as work:
        assert work.access.audits(limit=1)[0].action == "sign_on"


def test_a_first_password_that_was_never_changed_does_not_stand_in_the_way(open_desk: Office) -> None:
    with open_desk.store.writing() as work:
        work.access.set_password("agent", "x", must_change=True, now=open_desk.now)
    client = _client(open_desk)
    _comes_in(client, as_="agent")
    assert client.get(f"{PREFIX}/cases").status_code == 200


def test_who_is_no_member_or_has_left_stays_outside_and_nobody_is_made(open_desk: Office) -> None:
    by = Actor(Role.ADMINISTRATOR, "admin")
    with open_desk.store.writing() as work:
        organising.remove_member(work, "lead", by=by)
        before = len(work.staff.members(active=None))
    for name in ("nobody", "lead", "nobody@example.org"):
        client = _client(open_desk)
        answer = _comes_in(client, as_=name)
        assert answer.status_code == 403, name
        assert name in answer.text
        assert not _is_in(client)
    with open_desk.store.reading() as work:
        assert len(work.staff.members(active=None)) == before
        assert work.access.audits(limit=1)[0].action == "sign_on_refused"


def test_an_address_names_a_member_once_it_is_verified(open_desk: Office) -> None:
    with open_desk.store.writing() as work:
        for login, email in (("agent", "Agent@example.org"), ("lead", "unverified@example.org")):
            work.staff.save_member(replace(organising.known_member(work, login), email=email))
    client, other = _client(open_desk), _client(open_desk)
    assert _comes_in(client, as_="agent@example.org").status_code == 303
    assert _comes_in(other, as_="unverified@example.org").status_code == 403


def test_an_answer_is_taken_once_in_the_browser_that_began_and_in_time(open_desk: Office) -> None:
    mine, theirs = _client(open_desk), _client(open_desk)
    back = peer.sign_in(_begun(mine), as_="agent")
    assert theirs.get(back).status_code == 400  # somebody is sent the address of another one's sign-on
    assert not _is_in(theirs)
    cookies = dict(mine.cookies)
    assert mine.get(back).status_code == 303
    mine.cookies.clear()
    mine.cookies.update(cookies)
    assert mine.get(back).status_code == 400  # again
    late = _client(open_desk)
    back = peer.sign_in(_begun(late), as_="agent")
    open_desk.now += WITHIN
    assert late.get(back).status_code == 400
    with open_desk.store.writing() as work:
        work.access.sweep_sign_ons(now=open_desk.now)


@pytest.mark.parametrize("change", ["nonce", "code_challenge", "state"])
def test_an_answer_that_belongs_to_another_question_is_refused(open_desk: Office, change: str) -> None:
    client = _client(open_desk)
    back = peer.sign_in(_with(_begun(client), **{change: "x" * 43}), as_="agent")
    assert client.get(back).status_code == (400 if change == "state" else 403)
    assert not _is_in(client)


def test_an_answer_of_another_provider_or_with_an_error_is_refused(open_desk: Office) -> None:
    for change in ({"iss": "https://evil.example"}, {"code": "guessed"}):
        client = _client(open_desk)
        back = peer.sign_in(_begun(client), as_="agent")
        assert client.get(_with(back, **change)).status_code == 403
    client = _client(open_desk)
    state = dict(parse_qsl(urlsplit(_begun(client)).query))["state"]
    refused = client.get(f"{BACK}?{urlencode({'state': state, 'error': 'access_denied'})}")
    assert refused.status_code == 403
    assert "access_denied" not in refused.text


def test_a_page_outside_the_desk_is_not_gone_to(open_desk: Office) -> None:
    client = _client(open_desk)
    answer = _comes_in(client, as_="agent", page="https://evil.example/desk/")
    assert answer.headers["location"] == f"{PREFIX}/"


# -- what a token must be -------------------------------------------------------------------------------------------


@pytest.fixture
def token(issuer: str) -> str:
    """An ID token of the real provider for the client ``desk``."""
    provider, now = _known(issuer), datetime.now(timezone.utc)
    back = peer.sign_in(provider.way_in(BEGUN, now=now), as_="agent")
    return provider._tokens(str(httpx.URL(back).params["code"]), BEGUN.verifier).id_token


def test_a_token_is_ours_of_this_sign_on_and_of_now(issuer: str, token: str) -> None:
    now = datetime.now(timezone.utc)
    provider, other = _known(issuer), _known(issuer, "public", "")
    for known in (provider, other):
        known.look(now=now)
    assert provider.checked(token, nonce="nonce", now=now)["preferred_username"] == "agent"
    head, body, signature = token.split(".")
    cases = {
        "nonce": (provider, token, "other", now),
        "InvalidClaimError: aud": (other, token, "nonce", now),
        "ExpiredTokenError": (provider, token, "nonce", now + timedelta(minutes=12)),
        "InvalidClaimError: iat": (provider, token, "nonce", now - timedelta(minutes=5)),
        "BadSignatureError": (provider, f"{head}.{body[:-2]}AA.{signature}", "nonce", now),
        "UnsupportedAlgorithmError": (provider, f"eyJhbGciOiJub25lIn0.{body}.", "nonce", now),
        "Error": (provider, "x.y", "nonce", now),
    }
    for reason, (known, shown, nonce, moment) in cases.items():
        with pytest.raises(TokenRefused, match=reason):
            known.checked(shown, nonce=nonce, now=moment)


def test_names_that_are_not_in_the_token_are_asked_for(thin: str) -> None:
    now = datetime.now(timezone.utc)
    for client, secret in (("posts", "posted"), ("public", "")):
        provider = _known(thin, client, secret)
        back = peer.sign_in(provider.way_in(BEGUN, now=now), as_="agent")
        claims = provider.claims_of(str(httpx.URL(back).params["code"]), BEGUN, now=now)
        assert claims["preferred_username"] == "agent"


def test_a_new_key_of_the_provider_is_fetched(office: Office) -> None:
    now, port = datetime.now(timezone.utc), peer.free_port()
    known = _known(f"http://127.0.0.1:{port}")
    for _ in range(2):  # the second one has another key
        for _issuer in _running(port=port):
            back = peer.sign_in(known.way_in(BEGUN, now=now), as_="agent")
            claims = known.claims_of(str(httpx.URL(back).params["code"]), BEGUN, now=now)
            assert claims["sub"] == "agent"


# -- when it is not there -------------------------------------------------------------------------------------------


def test_while_the_provider_is_away_its_door_says_so_and_the_other_stays_open(office: Office) -> None:
    away = f"http://127.0.0.1:{peer.free_port()}"
    client = _client(_desk_with(office, provider=_known(away), emergency="admin"))
    answer = client.get(f"{PREFIX}/sign-on")
    assert answer.status_code == 503
    assert "cannot be reached" in client.get(f"{PREFIX}/sign-on", headers={"accept-language": "en"}).text
    with pytest.raises(ProviderAway):
        _known(away).look(now=office.now)
    assert client.post(f"{PREFIX}/sign-in", data={"login": "admin", "password": PASSWORD}).status_code == 303


def test_an_address_that_is_no_provider_is_told_from_one(office: Office) -> None:
    with _answers(b'{"issuer": "https://evil.example", "authorization_endpoint": "x", "token_endpoint": "x", '
                  b'"jwks_uri": "x"}') as address:  # fmt: skip
        with pytest.raises(ProviderAway, match="calls itself"):
            _known(address).look(now=office.now)
    with _answers(b"<html>") as address, pytest.raises(ProviderAway):
        _known(address).look(now=office.now)


def test_passwords_are_switched_off_for_all_but_the_emergency_administrator(open_desk: Office) -> None:
    assert _password(_client(_desk_with(open_desk)), "agent") == 303  # not switched off yet
    closed = _desk_with(open_desk, emergency="admin")
    assert _password(_client(closed), "agent") == 403
    assert _password(_client(closed), "nobody") == 403
    assert _password(_client(closed), "admin") == 303
    assert _password(_client(_desk_with(open_desk, emergency="agent")), "agent") == 403  # no administrator
    page = _client(closed).get(f"{PREFIX}/sign-in").text
    assert "<details" in page


def test_doctor_says_what_keeps_staff_outside(open_desk: Office, issuer: str) -> None:
    with open_desk.store.writing() as work:
        by = Actor(Role.ADMINISTRATOR, "admin")
        new = Member("root", "Root", roles={"": frozenset({Role.ADMINISTRATOR})})
        organising.add_member(work, new, by=by, now=open_desk.now)
    away = f"http://127.0.0.1:{peer.free_port()}"
    with open_desk.store.reading() as work:
        for where, login, said in (
            (issuer, "", ""),
            (issuer, "admin", ""),
            (issuer, "agent", "no active administrator"),
            (issuer, "nobody", "no active administrator"),
            (issuer, "root", "has no password"),
            (away, "", "cannot be used"),
        ):
            settings = Settings(oidc_issuer=where, oidc_client_id="desk", emergency_login=login)
            found = trouble(settings, work)
            assert found is None if not said else found is not None and said in found[0]


def test_without_a_provider_its_door_leads_nowhere(office: Office) -> None:
    client = _client(office)
    assert client.get(f"{PREFIX}/sign-on").status_code == 404
    assert client.get(f"{PREFIX}/sign-on/back?state=x&code=y").status_code == 404
    assert "sign-on?" not in client.get(f"{PREFIX}/sign-in").text


def _password(client: TestClient, login: str) -> int:
    answer = client.post(f"{PREFIX}/sign-in", data={"login": login, "password": PASSWORD})
    return int(answer.status_code)


class _answers:
    """A server of one answer; gives its address."""

    def __init__(self, body: bytes) -> None:
        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Answer)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
