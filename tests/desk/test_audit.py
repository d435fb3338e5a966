"""The audit log: found again by who, what, of what and when; page by page; and as a file whose taking is logged."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from casework.access.model import Audit
from desk import audit
from desk.desk import PREFIX
from tests.conftest import NOW, ROOT
from tests.desk.conftest import Office

LOG = f"{PREFIX}/audit"


@pytest.fixture
def auditor(office: Office) -> TestClient:
    with office.store.writing() as work:
        for day in range(3):
            for number in range(40):
                at = NOW - timedelta(days=day, minutes=number)
                work.access.log(
                    Audit(at, "agent", "reveal", "ticket", f"TS{day}-{number}", "contact", "回电核实")
                )
            work.access.log(Audit(NOW - timedelta(days=day), "lead", "locked"))
    return office.come_in("auditor")


def _shown(client: TestClient, **wanted: str) -> str:
    answer = client.get(LOG, params=wanted)
    assert answer.status_code == 200
    return str(answer.text)


def _rows(page: str) -> int:
    return page.count("<tr><td class=")


def test_lines_are_found_by_who_what_and_of_what(auditor: TestClient) -> None:
    assert _rows(_shown(auditor, login="Lead")) == 3
    assert _rows(_shown(auditor, action="locked")) == 3
    assert _rows(_shown(auditor, ref="TS1-7")) == 1
    assert _rows(_shown(auditor, login="lead", action="reveal")) == 0
    assert "Nothing of that kind" in _shown(auditor, login="nobody")


def test_days_are_those_of_the_house_and_both_are_within(auditor: TestClient, office: Office) -> None:
    day = f"{NOW.astimezone(ZoneInfo(office.house.zone)) - timedelta(days=1):%Y-%m-%d}"
    assert _rows(_shown(auditor, login="lead", first=day, last=day)) == 1
    assert _rows(_shown(auditor, login="lead", first=day)) == 2
    assert _rows(_shown(auditor, login="lead", first="2026-99-99", last="9999-12-31")) == 3


def test_the_log_is_paged_without_a_gap(auditor: TestClient) -> None:
    seen, page = 0, _shown(auditor, action="reveal")
    for _ in range(3):
        seen += _rows(page)
        found = page.rpartition("before=")[2].partition('"')[0]
        if not found.isdigit():
            break
        page = _shown(auditor, action="reveal", before=found)
    assert seen == 120


def test_the_file_has_every_line_of_the_filter_and_its_taking_is_one_too(
    auditor: TestClient, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "_PIECE", 7)
    answer = auditor.post(f"{LOG}/export", data={"login": "agent", "action": "reveal"})
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))
    assert len(rows) == 121
    assert len({row[4] for row in rows[1:]}) == 120
    with office.store.reading() as work:
        (taken,) = work.access.audits(action="log_export")
    assert (taken.login, taken.reason) == ("auditor", "login=agent action=reveal")


def test_a_reason_is_no_formula_in_a_spreadsheet(auditor: TestClient, office: Office) -> None:
    with office.store.writing() as work:
        work.access.log(Audit(NOW, "agent", "reveal", "ticket", "TS9", "contact", "=HYPERLINK(1)"))
    text = auditor.post(f"{LOG}/export", data={"ref": "TS9"}).text
    assert "'=HYPERLINK(1)" in text


def test_the_file_is_for_who_may_read_the_log_and_from_our_page_alone(office: Office) -> None:
    assert office.come_in("agent").post(f"{LOG}/export").status_code == 403
    auditor = office.come_in("auditor")
    assert auditor.post(f"{LOG}/export", headers={"x-csrf-token": "x"}).status_code == 403
    with office.store.reading() as work:
        assert work.access.audits(action="log_export") == []


def test_every_action_that_is_logged_has_a_name_in_both_languages(office: Office) -> None:
    told = re.compile(r"\bAudit\(\s*[\w.\[\]()]+,\s*[\w.\[\]:]+,\s*(.+?)[,)]", re.DOTALL)
    logged: set[str] = set()
    for room in ("casework", "desk", "app"):
        for path in sorted((ROOT / room).rglob("*.py")):
            for action in told.findall(path.read_text(encoding="utf-8")):
                logged.update(re.findall(r'"([a-z_]+)"', action))
    assert {"sign_in", "reveal", "codes_on", "codes_off", "log_export"} <= logged
    for words in office.desk.words.values():
        assert logged <= words.beginning("audit_").keys()
