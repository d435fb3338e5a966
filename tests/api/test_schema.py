"""The OpenAPI document is true: schemathesis, which reads nothing else, finds no answer that it does not name."""

from __future__ import annotations

import json
import subprocess
from datetime import datetime, timezone
from pathlib import Path

import pytest

from api import layer
from api.openapi import document
from api.routes import PREFIX, endpoints
from casework.house import House
from casework.storage.work import Store
from casework.tickets.states import STEPS, Role
from tests.api.conftest import Api, on_sqlite
from tests.api.serving import served

#: Lists with all their filters, a ticket, steps with and without a body of their own, a chat.
SOME = r"^/(tickets|tasks|conversations|staff)$|^/tickets/\{number\}$|/(resolve|extend_request)$|/claim$|/danger/"
#: Which checks: all but that everything well-formed is taken, as codes and cursors are not anything well-formed.
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,negative_data_rejection,missing_required_header,unsupported_method,ignored_auth"
)


def test_every_step_of_staff_has_its_endpoint_and_every_operation_its_name() -> None:
    described = document(endpoints(), title="t", prefix=PREFIX)
    assert described["openapi"] == "3.1.0"
    steps = {
        action
        for steps in STEPS.values()
        for action, step in steps.items()
        if step.roles & {Role.AGENT, Role.LEAD, Role.SUPERVISOR, Role.ADMINISTRATOR}
    }
    offered = {path.rpartition("/")[2] for path in described["paths"] if "/actions/" in path}
    assert offered == steps - {"submit", "acknowledge"}
    names = [one["operationId"] for path in described["paths"].values() for one in path.values()]
    assert len(names) == len(set(names)) == len(endpoints())


@pytest.mark.peer
@pytest.mark.parametrize(
    ("paths", "phases"),
    [(SOME, "coverage"), pytest.param(".", "coverage,fuzzing,stateful", marks=pytest.mark.soak)],
    ids=["some", "all"],
)
@on_sqlite
def test_schemathesis_finds_nothing_undocumented(
    store: Store,
    house: House,
    peer_python: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    paths: str,
    phases: str,
) -> None:
    monkeypatch.setattr(layer, "STRANGERS", 10**6)  # it knocks without a token at every door
    api = Api(store, house, now=datetime.now(timezone.utc), per_minute=10**6)
    token = api.token(role=Role.SUPERVISOR)
    number = api.file().number
    config = tmp_path / "schemathesis.toml"
    config.write_text(f"[parameters]\nnumber = {json.dumps(number)}\n", encoding="utf-8")
    with served(api.app) as url:
        command = [
            str(peer_python.parent / "schemathesis"), "--config-file", str(config), "run",
            f"{url}{PREFIX}/openapi.json", "--header", f"Authorization: Bearer {token}", "--include-path-regex",
            paths, "--phases", phases, "--max-examples", "5", "--checks", CHECKS, "--continue-on-failure",
        ]  # fmt: skip
        done = subprocess.run(
            command, capture_output=True, text=True, cwd=tmp_path, timeout=1800, check=False
        )
    assert done.returncode == 0, done.stdout[-6000:]
