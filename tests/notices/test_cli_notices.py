"""`tingsu notices …` shows what waits, what was told, and how a notice reads."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from casework.storage.database import Database
from casework.storage.work import Store
from tests.app.test_cli import tingsu
from tests.notices.conftest import Town


@pytest.mark.parametrize(
    "command", [["notices"], ["notices", "list"], ["notices", "show"], ["notices", "preview"]]
)
def test_help_says_what_a_command_is_for(command: list[str], tmp_path: Path) -> None:
    told = tingsu(*command, "--help", data_dir=tmp_path)
    assert told.returncode == 0
    assert "Usage" in told.stdout


def test_a_case_shows_what_its_person_was_told_and_will_be(
    database_url: str, data_key: str, notices: object, town: Town, tmp_path: Path
) -> None:
    ticket = town.signed(town.file())
    town.does(ticket, "resolve", finding="属实", remedy="道歉", basis="规范第3条")
    town.tell()
    settings = {"TINGSU_DATABASE_URL": database_url, "TINGSU_DATA_KEY": data_key}
    shown = tingsu("notices", "show", ticket.number, data_dir=tmp_path, **settings)
    assert shown.returncode == 0, shown.stderr
    assert "resolved" in shown.stdout
    assert "有结果了" in shown.stdout
    assert "survey" in shown.stdout
    waiting = tingsu("notices", "list", data_dir=tmp_path, **settings)
    assert ticket.number in waiting.stdout
    missing = tingsu("notices", "show", "TS000000-000000", data_dir=tmp_path, **settings)
    assert missing.returncode == 1
    assert "tingsu tickets list" in missing.stderr


def test_what_could_not_be_told_is_named(
    database_url: str, data_key: str, town: Town, tmp_path: Path
) -> None:
    from casework.tickets.spreading import spread

    town.file(silent=False)

    def breaks(*_given: object) -> None:
        raise RuntimeError

    for seconds in (0, 1, 11, 71):
        with Store(Database(database_url, keys=(data_key,))).writing() as work:
            spread(work, town.now + timedelta(seconds=seconds), (breaks,))
    settings = {"TINGSU_DATABASE_URL": database_url, "TINGSU_DATA_KEY": data_key}
    listed = tingsu("notices", "list", data_dir=tmp_path, **settings)
    assert "breaks: RuntimeError" in listed.stderr


def test_a_preview_reads_well_when_something_is_not_known(tmp_path: Path) -> None:
    (tmp_path / "notices.zh.yml").write_text("assigned: ['单号 {number} 有人管了。']\n", "utf-8")
    own = tingsu("notices", "preview", "assigned", "--language", "zh", data_dir=tmp_path)
    assert "单号 TS261120-000001 有人管了。" in own.stdout
    fallback = tingsu("notices", "preview", "delayed", "--without", "due,was_due", data_dir=tmp_path)
    assert "reply 'progress' to see the date" in fallback.stdout
    unknown = tingsu("notices", "preview", "resolvd", data_dir=tmp_path)
    assert unknown.returncode == 1
    assert "resolved" in unknown.stderr
