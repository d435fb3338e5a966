"""The command line teaches, and fails with one clear message."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from app.chat import BadLine, read_line
from app.wiring import utc_now
from casework.conversations import handover
from casework.conversations.model import Owner
from casework.storage.database import Database
from casework.storage.work import Store
from tests.conftest import NOW, ROOT


def tingsu(*arguments: str, data_dir: Path, **settings: Any) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TINGSU_")}
    environment |= {"TINGSU_DATA_DIR": str(data_dir), "COLUMNS": "120", **settings}
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "command",
    [
        [],
        ["up"],
        ["gateway"],
        ["engine"],
        ["courier"],
        ["train"],
        ["chat"],
        ["parse"],
        ["doctor"],
        ["tickets"],
        ["tickets", "list"],
        ["tickets", "show"],
        ["tickets", "act"],
        ["tickets", "history"],
        ["tickets", "export"],
        ["tokens"],
        ["tokens", "add"],
        ["webhooks"],
        ["webhooks", "add"],
        ["webhooks", "replay"],
        ["clusters"],
        ["clusters", "list"],
        ["clusters", "show"],
        ["clusters", "set"],
        ["handover"],
        ["handover", "list"],
        ["handover", "claim"],
        ["handover", "say"],
        ["handover", "transfer"],
        ["handover", "release"],
        ["knowledge"],
        ["knowledge", "list"],
        ["knowledge", "ask"],
        ["knowledge", "check"],
        ["outbox", "list"],
        ["outbox", "retry"],
    ],
)
def test_every_command_explains_itself(command: list[str], tmp_path: Path) -> None:
    result = tingsu(*command, "--help", data_dir=tmp_path)
    assert result.returncode == 0
    assert "Usage" in result.stdout


def test_staff_answer_a_waiting_chat_and_give_it_back(tmp_path: Path) -> None:
    key = Fernet.generate_key().decode()
    store = Store(Database(f"sqlite:///{tmp_path / 'tingsu.db'}", keys=(key,)))
    store.database.migrate()
    with store.writing() as work:
        chat = work.conversations.open("terminal", "ann", now=NOW, profile={})
        handover.request_person(work, chat, now=NOW)
    given: dict[str, Any] = {"data_dir": tmp_path, "TINGSU_DATA_KEY": key}
    number = str(chat.id)
    assert "waiting" in tingsu("handover", "list", **given).stdout
    assert f"Chat {number} is yours" in tingsu("handover", "claim", "--name", "Li", **given).stdout
    assert tingsu("handover", "say", number, "我是小李", "--name", "Li", **given).returncode == 0
    taken = tingsu("handover", "say", number, "hello", "--name", "Wang", **given)
    assert taken.returncode == 1
    assert "Li has this chat" in taken.stderr
    assert tingsu("handover", "transfer", number, "--to", "Wang", "--name", "Li", **given).returncode == 0
    refused = tingsu("handover", "release", number, "--text", "已经说好", **given)
    assert refused.returncode == 1
    assert "No engine answers" in refused.stderr
    with store.writing() as work:
        work.engines.sign("here:1", state="ready", model="m", now=utc_now())
    assert tingsu("handover", "release", number, "--text", "已经说好", **given).returncode == 0
    assert "staff (queued): 我是小李" in tingsu("handover", "show", number, **given).stdout
    assert "queued" in tingsu("outbox", "list", **given).stdout
    with store.reading() as work:
        assert work.conversations.get(chat.id).owner is Owner.BOT
        said = [m.text for m in work.messages.transcript(chat.id, internal=False)]
    assert [text.splitlines()[0] for text in said] == [
        "我是小李", "接下来由另一位同事为您处理，前面说的都能看到，不用重复。", "已经说好",
    ]  # fmt: skip


def test_wrong_settings_end_with_all_problems_and_no_stack(tmp_path: Path) -> None:
    result = tingsu("tickets", "list", data_dir=tmp_path, TINGSU_PORT="x", TINGSU_COLOUR="red")
    assert result.returncode == 2
    assert "TINGSU_PORT" in result.stderr
    assert "TINGSU_COLOUR" in result.stderr
    assert "Traceback" not in result.stderr


def test_an_empty_list_says_what_to_do(tmp_path: Path) -> None:
    result = tingsu("tickets", "list", data_dir=tmp_path)
    assert result.returncode == 0
    assert "tingsu chat" in result.stdout
    assert json.loads(tingsu("tickets", "list", "--json", data_dir=tmp_path).stdout) == []


def test_packs_are_listed_and_a_missing_one_is_told_with_the_cure(tmp_path: Path) -> None:
    listed = tingsu("packs", "list", data_dir=tmp_path, COLUMNS="120")
    assert listed.returncode == 0
    assert "hospitality" in listed.stdout
    missing = tingsu("packs", "check", "library", data_dir=tmp_path)
    assert missing.returncode == 1
    assert "packs/library/pack.yml" in missing.stderr
    good = tingsu("packs", "check", "telecom", data_dir=tmp_path)
    assert (good.returncode, "telecom" in good.stdout) == (0, True)


def test_an_unknown_number_is_told(tmp_path: Path) -> None:
    result = tingsu("tickets", "show", "TS261121-000000", data_dir=tmp_path)
    assert result.returncode == 1
    assert "TS261121-000000" in result.stderr


def test_another_key_is_refused_with_the_cure(tmp_path: Path) -> None:
    assert tingsu("tickets", "list", data_dir=tmp_path).returncode == 0
    assert (tmp_path / "data.key").stat().st_mode & 0o077 == 0
    result = tingsu("tickets", "list", data_dir=tmp_path, TINGSU_DATA_KEY="short")
    assert result.returncode == 2
    assert "--new-key" in result.stderr


def test_a_database_that_cannot_be_reached_is_told_without_a_stack(tmp_path: Path) -> None:
    url = "postgresql://nobody:nothing@127.0.0.1:1/none"
    result = tingsu("tickets", "list", data_dir=tmp_path, TINGSU_DATABASE_URL=url)
    assert result.returncode == 2
    assert "tingsu doctor" in result.stderr
    assert "nothing" not in result.stderr
    assert "Traceback" not in result.stderr


def test_doctor_names_what_is_missing_and_the_cure(tmp_path: Path) -> None:
    result = tingsu("doctor", data_dir=tmp_path)
    assert result.returncode == 1
    assert "tingsu train" in result.stdout
    assert "TINGSU_TELEGRAM_TOKEN" in result.stdout


def test_doctor_says_that_wechat_carries_files_only_as_links(tmp_path: Path) -> None:
    account = {
        "TINGSU_WECHAT_APP_ID": "wx0123456789abcdef",
        "TINGSU_WECHAT_APP_SECRET": "secret",
        "TINGSU_WECHAT_TOKEN": "token",
        "TINGSU_WECHAT_API_BASE": "http://127.0.0.1:9",
    }
    assert "TINGSU_PUBLIC_URL" in tingsu("doctor", data_dir=tmp_path, **account).stdout
    account["TINGSU_PUBLIC_URL"] = "https://complaints.example.org"
    assert "TINGSU_PUBLIC_URL" not in tingsu("doctor", data_dir=tmp_path, **account).stdout


def test_the_gateway_imports_neither_rasa_nor_tensorflow() -> None:
    code = (
        "import sys, app.gateway, app.channels, connectors.telegram.send, connectors.wechat.send\n"
        "import connectors.web.routes\n"
        "heavy = ('rasa', 'rasa_sdk', 'tensorflow', 'sklearn')\n"
        "print(sorted(m for m in sys.modules if m.split('.')[0] in heavy))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


@pytest.mark.parametrize("line", ["nonsense", "[]", "{}", '{"media": 5}', '{"media": {"kind": "spell"}}'])
def test_a_bad_line_is_refused_with_what_is_expected(line: str) -> None:
    with pytest.raises(BadLine):
        read_line(line)


def test_a_line_may_carry_text_payload_media_identity_and_more() -> None:
    said = read_line(
        '{"text": "hi", "identity": "ann", "more": true, "media": {"kind": "photo", "ref": "x"}}'
    )
    assert (said.text, said.identity, said.more, said.media[0].kind) == ("hi", "ann", True, "photo")
    assert read_line('{"payload": "affirm"}').payload == "affirm"
    assert read_line('{"media": ["location"]}').media[0].kind == "location"


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("投诉要收钱吗", ("common/cost", "依据", "本服务")),
        ("can I bring my dog", ("It would say that it does not know",)),
    ],
)
def test_a_question_can_be_tried_before_anybody_asks_it(
    tmp_path: Path, question: str, shown: tuple[str, ...]
) -> None:
    done = tingsu("knowledge", "ask", question, data_dir=tmp_path)
    assert done.returncode == 0, done.stderr
    assert any(words in done.stdout for words in shown), done.stdout
    assert "confidence" in done.stdout


def test_the_entries_can_be_listed_and_checked(tmp_path: Path) -> None:
    for name in ("list", "check"):
        done = tingsu("knowledge", name, data_dir=tmp_path)
        assert done.returncode == 0, done.stderr
    assert "Nothing to mend" in done.stdout
