"""`tingsu staff`, `departments` and `routes`, as somebody meets them for the first time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app import wiring
from app.cli import app
from casework.house import House


@pytest.fixture
def tingsu(tmp_path: Path, house: House, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("TINGSU_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(wiring, "load_house", lambda settings: house)  # reading it takes longest
    monkeypatch.setenv("COLUMNS", "200")
    return CliRunner()


def said(runner: CliRunner, *words: str, code: int = 0) -> str:
    result = runner.invoke(app, list(words))
    assert result.exit_code == code, result.stdout + result.stderr
    return " ".join((result.stdout + result.stderr).split())


def test_the_first_member_is_taught_and_then_added(tingsu: CliRunner) -> None:
    assert 'tingsu staff add root --name "…" --role admin' in said(tingsu, "staff", "list")
    assert "give the role admin" in said(tingsu, "staff", "add", "li", "--name", "Li", code=1)
    assert (
        said(tingsu, "staff", "add", "root", "--name", "陈宇", "--role", "admin") == "root is there: admin."
    )
    assert "one of agent, lead" in said(
        tingsu, "staff", "add", "li", "--name", "Li", "--role", "chief", code=1
    )
    assert "tingsu staff set li" in said(tingsu, "staff", "add", "li", "--name", "Li")
    said(tingsu, "staff", "set", "li", "--role", "agent@power.billing", "--skill", "pwr-bil", "--speaks", "zh",
         "--hours", "mon,sat 09:00-17:00", "--email", "li@example.org")  # fmt: skip
    shown = json.loads(tingsu.invoke(app, ["staff", "show", "li", "--json"]).stdout)
    assert (shown["roles"], shown["skills"], shown["hours"]) == (
        ["agent@power.billing"], ["PWR-BIL"], "mon,sat 09:00-17:00",
    )  # fmt: skip
    assert "write 08:30-12:00" in said(tingsu, "staff", "set", "li", "--hours", "9 to 5", code=1)
    assert "last administrator" in said(tingsu, "staff", "remove", "root", code=1)


def test_somebody_goes_away_comes_back_and_leaves(tingsu: CliRunner) -> None:
    said(tingsu, "staff", "add", "root", "--name", "R", "--role", "admin")
    said(tingsu, "staff", "add", "li", "--name", "Li", "--role", "agent")
    assert "--to 2026-12-05" in said(tingsu, "staff", "absent", "li", code=1)
    assert "no moment" in said(tingsu, "staff", "absent", "li", "--to", "Friday", code=1)
    away = ("staff", "absent", "li", "--from", "2030-01-02", "--to", "2030-01-04", "--stand-in", "root")
    assert said(tingsu, *away) == "li is away until 2030-01-05 00:00; root stands in."
    assert "2030-01-02 00:00 to 2030-01-05 00:00, root stands in" in said(tingsu, "staff", "show", "li")
    assert "end that one first" in said(tingsu, *away, code=1)
    assert said(tingsu, "staff", "absent", "li", "--back") == "li is back."
    assert said(tingsu, "staff", "absent", "li", "--back") == "li was not away."
    assert "--returned" in said(tingsu, "staff", "remove", "li")
    assert "li" not in [
        row["login"] for row in json.loads(tingsu.invoke(app, ["staff", "list", "--json"]).stdout)
    ]
    said(tingsu, "staff", "set", "li", "--returned")
    assert "li" in said(tingsu, "staff", "list")


def test_departments_and_routes_are_the_organisations_to_change(tingsu: CliRunner) -> None:
    said(tingsu, "staff", "add", "root", "--name", "R", "--role", "admin")
    said(tingsu, "staff", "add", "zhao", "--name", "Z", "--role", "lead@power.billing")
    rows = json.loads(tingsu.invoke(app, ["departments", "list", "--json"]).stdout)
    assert {row["code"]: row["leads"] for row in rows}["power.billing"] == ["zhao"]
    assert "in Chinese and in English" in said(tingsu, "departments", "set", "north", "--zh", "北", code=1)
    said(tingsu, "departments", "set", "north", "--zh", "北区", "--en", "North", "--parent", "power.billing",
         "--duty", "zhao", "--duty", "root")  # fmt: skip
    shown = json.loads(tingsu.invoke(app, ["departments", "show", "north", "--json"]).stdout)
    assert (shown["parent"], shown["duty"]) == ("power.billing", ["zhao", "root"])
    assert "day or week" in said(
        tingsu, "departments", "set", "north", "--duty", "zhao", "--every", "month", code=1
    )
    assert "No routes" in said(tingsu, "routes", "list")
    assert "tingsu routes area hill" in said(
        tingsu, "routes", "set", "PWR-BIL", "--area", "hill", "--to", "north", code=1
    )
    said(tingsu, "routes", "area", "hill", "北苑", "Hill Road")
    said(tingsu, "routes", "set", "PWR-BIL", "--area", "hill", "--to", "north", "--co", "power.safety")
    listed = json.loads(tingsu.invoke(app, ["routes", "list", "--json"]).stdout)
    assert listed["areas"] == {"hill": ["Hill Road", "北苑"]}
    assert [(r["prefix"], r["department"], r["co"]) for r in listed["routes"]] == [
        ("PWR-BIL", "north", ["power.safety"])
    ]
    said(tingsu, "departments", "set", "north", "--closed")
    assert "no department north" in said(tingsu, "routes", "set", "PWR", "--to", "north", code=1)
    assert said(tingsu, "routes", "remove", "PWR-BIL", "--area", "hill") == "Removed."
