"""The daily acts with complaints on the command line, and programs' tokens and webhooks."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from app.wiring import data_keys, load_house, open_store, read_settings
from casework.tickets.model import Ticket
from tests.casework.test_filing import TOLD, file


class Terminal:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        settings = read_settings()
        self.store, self.house = open_store(settings), load_house(settings)
        assert data_keys(settings)

    def __call__(self, *words: str) -> Result:
        return CliRunner().invoke(app, list(words))

    def file(self, address: str = "ann") -> Ticket:
        with self.store.writing() as work:
            return file(work, self.house, TOLD, address=address)


@pytest.fixture
def tingsu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    monkeypatch.setenv("TINGSU_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("TINGSU_DATABASE_URL", raising=False)
    terminal = Terminal(tmp_path)
    yield terminal
    terminal.store.database.dispose()


def test_a_complaint_is_handled_from_the_terminal(tingsu: Terminal) -> None:
    number = tingsu.file().number
    assert number in tingsu("tickets", "list", "--order", "due", "--state", "triage").stdout
    offered = json.loads(tingsu("tickets", "act", number, "--as", "li.wei", "--json").stdout)
    assert offered["actions"]["ask"] == ["question"]
    assert "is assigned" in tingsu("tickets", "act", number, "accept", "--as", "li.wei").stdout
    stale = tingsu("tickets", "act", number, "sign", "--as", "li.wei", "--seen", str(offered["version"]))
    assert stale.exit_code == 1
    assert "was changed by li.wei (accept" in stale.stderr
    assert tingsu("tickets", "act", number, "sign", "--as", "li.wei").exit_code == 0
    short = tingsu("tickets", "act", number, "resolve", "--as", "li.wei", "--give", "finding=属实")
    assert "missing: remedy, basis" in short.stderr
    history = json.loads(tingsu("tickets", "history", number, "--json").stdout)
    assert [(e["action"], e["actor_name"]) for e in history][-2:] == [
        ("accept", "li.wei"),
        ("sign", "li.wei"),
    ]
    assert "triage → assigned" in tingsu("tickets", "history", number).stdout


@pytest.mark.parametrize(
    ("words", "cure"),
    [
        (("act", "NUMBER", "sign"), "--as li.wei"),
        (("act", "NUMBER", "sign", "--as", "a", "--role", "boss"), "Use one of: agent, lead"),
        (("act", "NUMBER", "sign", "--as", "a"), "Allowed: accept"),
        (("act", "NUMBER", "ask", "--as", "a", "--give", "question"), "NAME=VALUE"),
        (("list", "--state", "new"), "Use one of: draft"),
        (("history", "TS000000-000000"), "tingsu tickets list"),
    ],
)
def test_what_cannot_be_done_names_the_cure(tingsu: Terminal, words: tuple[str, ...], cure: str) -> None:
    number = tingsu.file().number
    refused = tingsu("tickets", *(number if word == "NUMBER" else word for word in words))
    assert refused.exit_code in (1, 2)
    assert cure in refused.stderr


def test_an_export_holds_what_people_wrote_only_when_it_is_asked_for(
    tingsu: Terminal, tmp_path: Path
) -> None:
    numbers = {tingsu.file(name).number for name in ("a", "b", "c")}
    path = tmp_path / "out.csv"
    assert tingsu("tickets", "export", "--to", str(path)).exit_code == 0
    rows = list(csv.DictReader(path.open(encoding="utf-8-sig")))
    assert {row["number"] for row in rows} == numbers
    assert "窗口" not in path.read_text(encoding="utf-8")
    lines = tingsu("tickets", "export", "--json", "--words", "--category", "GOV-ATT-03").stdout.splitlines()
    assert {json.loads(line)["description"] for line in lines} == {"3号窗口没人"}


def test_a_cell_that_a_spreadsheet_would_run_is_text() -> None:
    from app.cli_tickets import _cell

    assert [_cell(text) for text in ("=1+1", "@SUM", "-2", "plain", 5)] == [
        "'=1+1",
        "'@SUM",
        "'-2",
        "plain",
        5,
    ]


def test_tokens_and_webhooks_are_made_shown_and_ended(tingsu: Terminal) -> None:
    made = tingsu("tokens", "add", "erp", "--scope", "read", "--scope", "act", "--role", "lead")
    assert made.stdout.startswith("tingsu_")
    assert made.stdout.strip() not in tingsu("tokens", "list").stdout
    assert "revoke it first" in tingsu("tokens", "add", "erp").stderr
    assert "Use some of: read" in tingsu("tokens", "add", "x", "--scope", "all").stderr
    assert "departments list" in tingsu("tokens", "add", "x", "--department", "no.such").stderr
    assert tingsu("tokens", "revoke", "erp").exit_code == 0
    hook = tingsu("webhooks", "add", "https://erp.example/hook?key=secret", "--events", "resolve")
    assert hook.stdout.startswith("whsec_")
    listed = tingsu("webhooks", "list").stdout
    assert "erp.example" in listed
    assert "secret" not in listed
    assert "0 to be sent again" in tingsu("webhooks", "replay").stdout
    assert tingsu("webhooks", "remove", "1").exit_code == 0
    assert "is no address" in tingsu("webhooks", "add", "erp").stderr
