"""`tingsu clusters …` on a database with one cluster."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from casework.house import House
from casework.storage.database import Database
from casework.storage.work import Store
from tests.app.test_cli import tingsu
from tests.casework.test_clusters import neighbours


@dataclass(frozen=True)
class Town:
    """``numbers``: of three neighbours' tickets, which are a cluster; ``given``: what a command is run with."""

    numbers: list[str]
    given: dict[str, Any]


@pytest.fixture
def town(tmp_path: Path, house: House) -> Town:
    key = Fernet.generate_key().decode()
    store = Store(Database(f"sqlite:///{tmp_path / 'tingsu.db'}", keys=(key,)))
    store.database.migrate()
    with store.writing() as work:
        numbers = [ticket.number for ticket in neighbours(work, house, 3)]
    return Town(numbers, {"data_dir": tmp_path, "TINGSU_DATA_KEY": key})


def test_a_cluster_is_listed_shown_and_changed(town: Town) -> None:
    given = town.given
    first, second, third = town.numbers
    (row,) = json.loads(tingsu("clusters", "list", "--json", **given).stdout)
    assert (row["kind"], row["tickets"], row["lead"]) == ("area", 3, first)
    cluster = str(row["id"])
    shown = tingsu("clusters", "show", cluster, **given).stdout
    assert all(number in shown for number in town.numbers)
    assert "task of" in shown
    changed = tingsu("clusters", "set", cluster, "--lead", second, "--leave", third, **given)
    assert changed.returncode == 0, changed.stderr
    told = json.loads(tingsu("clusters", "show", cluster, "--json", **given).stdout)
    assert (told["lead"], [member["number"] for member in told["members"]]) == (second, [first, second])
    assert tingsu("clusters", "set", cluster, "--end", **given).returncode == 0
    assert json.loads(tingsu("clusters", "list", "--json", **given).stdout) == []
    assert cluster in tingsu("clusters", "list", "--all", **given).stdout


def test_a_ticket_says_what_it_is_like_and_which_cluster_it_is_in(town: Town) -> None:
    shown = json.loads(tingsu("tickets", "show", town.numbers[2], "--json", **town.given).stdout)
    assert (shown["repeat"], shown["cluster"]) == (False, 1)
    assert [found["number"] for found in shown["earlier"]] == town.numbers[1::-1]
    assert "area" in shown["earlier"][0]["reasons"]


def test_what_cannot_be_is_told_with_the_cure(town: Town) -> None:
    for arguments, cure in (
        (["show", "99"], "tingsu clusters list --all"),
        (["set", "1", "--leave", town.numbers[0]], "--lead"),
        (["set", "1", "--leave", "TS260101-000000"], "tingsu tickets list"),
        (["set", "1"], "--end"),
    ):
        refused = tingsu("clusters", *arguments, **town.given)
        assert refused.returncode in (1, 2)
        assert cure in refused.stderr
        assert "Traceback" not in refused.stderr
