"""What operators see: figures, health, log lines, traces."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.gateway import application
from app.observing import logs, traces
from app.observing.figures import (
    DELIVERIES,
    HouseFigures,
    TurnWatch,
    count_answer,
    count_received,
    exposition,
)
from app.observing.health import readiness
from app.observing.serving import STUCK_S, Pulse, figures_served
from app.settings import Settings
from casework.conversations import inbox, outbox
from casework.conversations.inbox import TurnRules
from casework.conversations.model import InboundMessage, Reply
from casework.storage.backlog import read_backlog
from casework.storage.database import Database
from casework.storage.tables import metadata
from casework.storage.work import Store
from tests.conftest import NOW, ROOT

PHONE, NAME, TEXT = "13912345678", "王小梅", "昨晚楼下工地施工到凌晨两点"


def figures(text: bytes | str) -> dict[str, float]:
    """``name{label=value,…}`` -> number."""
    found = {}
    for family in text_string_to_metric_families(text.decode() if isinstance(text, bytes) else text):
        for sample in family.samples:
            labels = ",".join(f"{key}={value}" for key, value in sorted(sample.labels.items()))
            found[f"{sample.name}{{{labels}}}"] = sample.value
    return found


def _receive(store: Store, address: str, key: str, **parts: Any) -> int:
    with store.writing() as work:
        message = InboundMessage(channel="web", address=address, provider_id=key, text=TEXT, **parts)
        return inbox.receive(work, message, now=NOW, rules=TurnRules()).conversation_id


def test_what_waits_is_counted_with_the_age_of_the_oldest(store: Store) -> None:
    empty = read_backlog(store.database, now=NOW)
    assert (empty.waiting, empty.waiting_s, empty.outbox_s) == (0, 0, 0)
    _receive(store, "a", "1")
    chat = _receive(store, "b", "2")
    with store.writing() as work:
        outbox.post_system(work, work.conversations.get(chat, lock=True), Reply("hello"), now=NOW)
    later = read_backlog(store.database, now=NOW + timedelta(seconds=7))
    assert (later.waiting, later.waiting_s) == (2, 7)
    assert (later.outbox["queued"], later.outbox["held"], later.outbox_s) == (1, 0, 7)
    shown = figures(exposition(HouseFigures(later)))
    assert shown["tingsu_waiting_oldest_seconds{}"] == 7
    assert shown["tingsu_outbox_messages{state=queued}"] == 1
    assert shown["tingsu_chats{owner=staff}"] == 0


def test_turns_answers_and_deliveries_are_counted() -> None:
    def now(name: str) -> float:
        return figures(exposition()).get(name, 0.0)

    names = (
        "tingsu_turns_total{outcome=lease_lost}",
        "tingsu_turn_stage_seconds_count{stage=understand}",
        "tingsu_turn_acts_total{act=thank}",
        "tingsu_fallbacks_total{response=utter_unclear}",
        "tingsu_received_total{channel=web,result=repeated}",
        "tingsu_media_total{channel=web,kind=image}",
        "tingsu_deliveries_total{channel=web,result=held}",
    )
    before = {name: now(name) for name in names}
    watch = TurnWatch(1)
    watch.lap("understand")
    watch.over("lease_lost")
    count_answer("thank", ["utter_welcome", "utter_unclear"])
    count_received("web", ["image"], duplicate=False, aside=False)
    count_received("web", ["image"], duplicate=True, aside=False)
    DELIVERIES.labels("web", "held").inc()
    assert {name: now(name) - before[name] for name in names} == dict.fromkeys(names, 1.0)


def test_processes_that_share_a_folder_show_their_sum(tmp_path: Path) -> None:
    count = "from app.observing.figures import count_received, exposition; count_received('web', [], duplicate=False, aside=False); print(exposition().decode())"  # fmt: skip # noqa: E501
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    said = [
        subprocess.run(
            [sys.executable, "-c", count],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for _ in range(3)
    ]
    assert [figures(text)["tingsu_received_total{channel=web,result=new}"] for text in said] == [1, 2, 3]


@pytest.fixture
def settings(database_url: str, data_key: str, tmp_path: Path) -> Settings:
    return Settings(database_url=database_url, data_dir=tmp_path, data_key=(data_key,))


def _client(app: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway")


async def test_the_gateway_shows_health_and_figures(settings: Settings) -> None:
    async with _client(application(settings)) as client:
        assert (await client.get("/healthz")).json() == {"status": "ok"}
        ready = await client.get("/readyz")
        assert ready.status_code == 200
        assert ready.json() == {
            "status": "ok", "database": True, "tables": "current", "engines": 0, "waiting": 0, "redis": False,
        }  # fmt: skip
        shown = await client.get("/metrics")
        assert shown.headers["content-type"].startswith("text/plain")
        assert figures(shown.text)["tingsu_waiting_messages{}"] == 0


async def test_requests_are_counted_by_room_and_a_stranger_makes_no_room(settings: Settings) -> None:
    asked = {
        "/api/v1/tickets": "tingsu_request_seconds_count{room=api,status=4xx}",
        "/desk/sign-in": "tingsu_request_seconds_count{room=desk,status=2xx}",
        "/.env": "tingsu_request_seconds_count{room=other,status=4xx}",
    }
    before = figures(exposition())
    async with _client(application(settings)) as client:
        for path in asked:
            await client.get(path)
    after = figures(exposition())
    assert {name: after[name] - before.get(name, 0.0) for name in asked.values()} == dict.fromkeys(
        asked.values(), 1.0
    )


async def test_with_a_port_of_their_own_figures_are_not_shown_to_the_world(settings: Settings) -> None:
    from dataclasses import replace

    async with _client(application(replace(settings, metrics_port=9321))) as client:
        assert (await client.get("/metrics")).status_code == 404


def test_without_its_tables_the_gateway_is_not_ready(database_url: str, data_key: str) -> None:
    store = Store(Database(database_url, keys=(data_key,)))
    assert readiness(store, NOW) == (503, {"status": "unavailable", "database": True, "tables": "behind"})
    store.database.migrate()
    assert readiness(store, NOW)[0] == 200
    with store.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert readiness(store, NOW)[1]["tables"] == "ahead"
    assert readiness(store, NOW)[0] == 200
    store.database.dispose()


def test_without_a_database_the_gateway_is_not_ready(data_key: str) -> None:
    url = "postgresql+psycopg2://nobody@127.0.0.1:1/none"
    store = Store(Database(url, keys=(data_key,)))
    assert readiness(store, NOW) == (503, {"status": "unavailable", "database": False})


def test_a_process_that_is_stuck_is_not_healthy(unused_port: int) -> None:
    class Stopped(Pulse):
        age_s = 0.0

    pulse = Stopped()
    with figures_served("127.0.0.1", unused_port, pulse):
        url = f"http://127.0.0.1:{unused_port}"
        assert urlopen(f"{url}/healthz").read() == b"ok\n"
        assert b"tingsu_turns_total" in urlopen(f"{url}/metrics").read()
        pulse.age_s = STUCK_S + 1
        with pytest.raises(HTTPError) as refused:
            urlopen(f"{url}/healthz")
        assert refused.value.code == 503
        refused.value.close()


@pytest.fixture
def unused_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- log lines ----------------------------------------------------------------------------------------------


@contextmanager
def logged(form: str, level: str = "debug") -> Iterator[io.StringIO]:
    """What is logged inside, as an operator gets it."""
    root, stream = logging.getLogger(), io.StringIO()
    kept, levels = (
        root.handlers[:],
        {name: logging.getLogger(name).level for name in (*logs.OURS, "__main__")},
    )
    level_of_root = root.level
    logs.configure(level=level, form=form)
    for handler in root.handlers:
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(stream)
    try:
        yield stream
    finally:
        root.handlers[:] = kept
        root.setLevel(level_of_root)
        logging.captureWarnings(False)
        for name, value in levels.items():
            logging.getLogger(name).setLevel(value)


def test_a_line_of_ours_becomes_an_object_with_its_references() -> None:
    with logged("json") as stream:
        logging.getLogger("app.turns").info("turn.done: conversation=%s messages=%d ms=%.1f", 7, 2, 12.5)
        logging.getLogger("app.bus").warning("bus.down: %s; looking again", "ConnectionError")
    done, down = map(json.loads, stream.getvalue().splitlines())
    assert done["event"] == "turn.done"
    assert (done["conversation"], done["messages"], done["ms"]) == (7, 2, 12.5)
    assert (done["level"], done["part"]) == ("info", "app.turns")
    assert (down["event"], down["note"]) == ("bus.down", "ConnectionError; looking again")


@pytest.mark.parametrize("form", ["json", "text"])
def test_neither_foreign_lines_nor_foreign_exceptions_quote_a_person(form: str) -> None:
    with logged(form) as stream:
        logging.getLogger("telegram.ext").error("Update %s caused error", {"text": TEXT, "from": NAME})
        logging.getLogger("httpx").warning("GET https://api.telegram.org/bot123:abc/send?text=" + TEXT)  # noqa: G003 (that is how foreign code logs)
        try:
            try:
                int(f"{NAME} {PHONE}")
            except ValueError as error:
                raise KeyError(TEXT) from error
        except KeyError:
            logging.getLogger("app.turns").exception("turn.failed: conversation=%s", 7)
    said = stream.getvalue()
    assert "turn.failed" in said
    assert "ValueError" in said  # the kinds and places are there
    assert "KeyError" in said
    assert "test_observing.py" in said
    for secret in (PHONE, NAME, TEXT, "bot123", "昨晚"):
        assert secret not in said


def test_what_a_database_refuses_is_logged_without_values(store: Store) -> None:
    from sqlalchemy import insert
    from sqlalchemy.exc import SQLAlchemyError

    table = metadata.tables["conversations"]
    with logged("json") as stream:
        try:
            with store.database.transaction() as connection:
                connection.execute(insert(table).values(channel="web", address=PHONE))
        except SQLAlchemyError:
            logging.getLogger("app.courier").exception("courier.round_failed")
    assert "IntegrityError" in stream.getvalue()
    assert PHONE not in stream.getvalue()


# --- traces -------------------------------------------------------------------------------------------------


@contextmanager
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """A place that takes spans over HTTP; its address and what came."""
    came: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1/traces", came
    server.shutdown()
    server.server_close()


def test_a_turn_is_traced_with_its_stages_when_traces_are_on() -> None:
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    with collector() as (url, came):
        with traces.sent_to(url, part="engine"):
            watch = TurnWatch(42)
            watch.lap("understand")
            watch.lap("answer")
            watch.over("done")
        request = ExportTraceServiceRequest.FromString(came[0])
    (resource,) = request.resource_spans
    spans = {span.name: span for scope in resource.scope_spans for span in scope.spans}
    assert set(spans) == {"turn", "understand", "answer"}
    assert spans["understand"].parent_span_id == spans["turn"].span_id
    attributes = {item.key: item.value for item in spans["turn"].attributes}
    assert attributes["tingsu.conversation"].int_value == 42
    assert attributes["tingsu.outcome"].string_value == "done"


def test_without_an_address_nothing_is_traced() -> None:
    with traces.sent_to("", part="engine"):
        assert traces.begin("turn")._span is None
