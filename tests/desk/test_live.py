"""The stream of what happens: what it tells, to whom, and what of it survives a lost line, a proxy, a restart."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from casework.access import sessions
from casework.conversations import handover
from casework.conversations.inbox import TurnRules, receive
from casework.conversations.model import InboundMessage
from desk import live as live_module
from desk.desk import PREFIX
from tests.desk.conftest import Office
from tests.desk.peers.provider import free_port
from tests.desk.served import Served, Wires

# What a stream tells does not depend on the database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Event = dict[str, str]


@pytest.fixture
def live() -> Wires:
    return Wires()


@pytest.fixture
def served(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setattr(live_module, "BEAT_S", 0.3)
    monkeypatch.setattr(live_module, "SPREAD_S", 0.2)
    monkeypatch.setattr(live_module, "LIST_S", 0.5)
    served = Served(office)
    yield served
    served.stop()


class Listener:
    """A page of somebody who looks, at the gateway or at a proxy before it."""

    def __init__(self, served: Served, login: str, *, port: int = 0) -> None:
        self._address = f"http://127.0.0.1:{port or served.port}{PREFIX}"
        self.client = httpx.Client(timeout=10, headers={"origin": f"http://127.0.0.1:{served.port}"})
        with served.office.store.writing() as work:
            token = f"token-of-{login}-{time.monotonic_ns()}"
            sessions.open_session(work, login, token=token, device="", now=served.office.now)
        self.client.cookies.set("tingsu_desk", token)
        self.token = token

    @contextmanager
    def stream(self, talk: int = 0, *, last: str = "") -> Iterator[Iterator[Event]]:
        headers = {"last-event-id": last} if last else {}
        with self.client.stream(
            "GET", f"{self._address}/live?talk={talk or ''}&list=talks", headers=headers
        ) as answer:
            assert answer.status_code == 200
            yield _events(answer)


def _events(answer: httpx.Response) -> Iterator[Event]:
    event: Event = {}
    for line in answer.iter_lines():
        if not line:
            if event:
                yield event
            event = {}
            continue
        name, _, value = line.partition(":")
        event[name or "beat"] = value.strip()


def _first(events: Iterator[Event], name: str) -> Event:
    return next(event for event in events if event.get("event") == name)


def _until_beat(events: Iterator[Event], beats: int) -> list[str]:
    """The names of the events up to so many beats."""
    names: list[str] = []
    for event in events:
        beats -= "beat" in event
        names += [event["event"]] if "event" in event else []
        if not beats:
            return names
    return names


def _says(served: Served, live: Wires | None, talk: int, text: str) -> None:
    office = served.office
    with office.store.writing() as work:
        address = work.conversations.get(talk).address
        message = InboundMessage("web", f"later-{text}", address, text, sent_at=office.now)
        receive(work, message, now=office.now, rules=TurnRules())
    if live is not None:
        live.ring("chat", str(talk))


def test_who_comes_back_is_told_of_what_they_missed_and_of_nothing_else(served: Served, live: Wires) -> None:
    talk, agent = served.office.waits(), Listener(served, "agent")
    with agent.stream(talk) as events:
        last = _first(events, "talk")["id"]
    with agent.stream(talk, last=last) as events:
        assert "talk" not in _until_beat(events, 3)
    _says(served, live, talk, "还在吗？")
    with agent.stream(talk, last=last) as events:
        after = _first(events, "talk")["id"]
    assert int(after.split("-")[0]) == int(last.split("-")[0]) + 1


def test_a_beat_finds_what_no_wake_up_told_of(served: Served) -> None:
    talk, agent = served.office.waits(), Listener(served, "agent")
    with agent.stream(talk) as events:
        _first(events, "talk")
        _says(served, None, talk, "没人叫醒")
        assert _first(events, "talk")
        assert _first(events, "list")


def test_while_nothing_happens_nothing_is_fetched(served: Served) -> None:
    talk, agent = served.office.waits(), Listener(served, "agent")
    with agent.stream(talk) as events:
        told = _until_beat(events, 5)
    assert (told.count("talk"), told.count("list"), told.count("waiting")) == (1, 0, 1)


def test_of_many_messages_a_list_is_fetched_now_and_then(served: Served, live: Wires) -> None:
    talk, agent = served.office.waits(), Listener(served, "agent")
    with agent.stream(talk) as events:
        _first(events, "talk")
        began = time.monotonic()
        for number in range(12):
            _says(served, live, talk, f"{number}")
            time.sleep(0.1)
        told = _until_beat(events, 4)
    assert 1 <= told.count("list") <= (time.monotonic() - began) / 0.5 + 1


def test_not_all_come_back_in_the_same_moment(served: Served) -> None:
    agent, waits = Listener(served, "agent"), set()
    for _ in range(5):
        with agent.stream() as events:
            waits.add(int(next(events)["retry"]))
    first, last = live_module.RETRY_MS
    assert len(waits) > 1
    assert all(first <= wait <= last for wait in waits)


def test_the_stream_ends_with_the_session_and_with_the_sight(served: Served) -> None:
    office = served.office
    talk, agent, lead = office.waits(), Listener(served, "agent"), Listener(served, "lead")
    with agent.stream(talk) as events:
        _first(events, "talk")
        with office.store.writing() as work:
            work.access.end_sessions("agent")
        assert _first(events, "over")
    with lead.stream(talk) as events:
        _first(events, "talk")
        with office.store.writing() as work:
            for ticket in work.board.of_conversation(talk):
                work.tickets.change(ticket, now=office.now, department="power.billing")
            handover.claim(work, talk, name="stranger", now=office.now)
        assert _first(events, "over")


def test_colleagues_see_who_looks_and_who_writes(served: Served) -> None:
    talk = served.office.waits()
    agent, lead = Listener(served, "agent"), Listener(served, "lead")
    with agent.stream(talk) as events:
        with lead.stream(talk) as others:
            _first(others, "talk")
            assert _says_something(events) == "Lead looks at this too"
            served.office.desk.presence.writes(talk, "Lead")
            assert _first(events, "present")["data"] == "Lead is writing"
        assert _first(events, "present")["data"] == ""


def _says_something(events: Iterator[Event]) -> str:
    return next(event["data"] for event in events if event.get("event") == "present" and event["data"])


@pytest.mark.peer
@pytest.mark.parametrize("proxy", ["nginx", "caddy"])
def test_a_proxy_that_buffers_holds_nothing_back(
    served: Served, live: Wires, proxy: str, tmp_path: Path
) -> None:
    if shutil.which(proxy) is None:
        pytest.skip(f"{proxy} is not installed: apt-get install {proxy}")
    port = free_port()
    talk = served.office.waits()
    with _proxy(proxy, port, served.port, tmp_path):
        agent = Listener(served, "agent", port=port)
        with agent.stream(talk) as events:
            last = _first(events, "talk")["id"]
            _says(served, live, talk, "穿过代理")
            assert _first(events, "talk")["id"] != last
        served.stop()
        with closing(httpx.Client()) as client:
            gone = client.get(f"http://127.0.0.1:{port}{PREFIX}/sign-in")
            assert gone.status_code == 502
        served.start()
        with agent.stream(talk, last=last) as events:
            assert _first(events, "talk")


@contextmanager
def _proxy(kind: str, port: int, behind: int, folder: Path) -> Iterator[None]:
    """One with its usual settings: nginx keeps answers back until its buffers are full."""
    if kind == "nginx":
        config = folder / "nginx.conf"
        config.write_text(
            f"daemon off; pid {folder}/pid; error_log {folder}/error.log;\n"
            f"events {{}}\nhttp {{ access_log off; proxy_temp_path {folder}/p; client_body_temp_path {folder}/c;\n"
            f"fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n"
            f"gzip on; gzip_types text/event-stream;\n"
            f"server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://127.0.0.1:{behind}; }} }} }}\n"
        )
        command = ["nginx", "-c", str(config), "-p", str(folder)]
    else:
        config = folder / "Caddyfile"
        config.write_text(
            f"{{\n admin off\n auto_https off\n}}\nhttp://127.0.0.1:{port} {{\n encode gzip\n"
            f" reverse_proxy 127.0.0.1:{behind}\n}}\n"
        )
        command = ["caddy", "run", "--config", str(config), "--adapter", "caddyfile"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                httpx.get(f"http://127.0.0.1:{port}{PREFIX}/sign-in")
                break
            except httpx.TransportError:
                assert process.poll() is None, f"{kind} did not start"
                time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait(10)
