"""`tingsu wechat menu` and `tingsu media`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.media import MediaKeeper
from app.settings import Settings
from app.wiring import utc_now
from casework.conversations import inbox
from casework.conversations.inbox import TurnRules
from casework.conversations.model import InboundMessage, Media
from casework.storage.database import Database
from casework.storage.work import Store
from tests.app.test_cli import tingsu
from tests.app.test_media import Clock, Source, another, worked
from tests.connectors.wechat.conftest import TOKEN, platform, served_platforms  # noqa: F401 (fixtures)
from tests.connectors.wechat.fake_api import APP_ID, APP_SECRET, FakeWeChat


def test_the_menu_is_shown_without_an_account_and_needs_one_to_be_set(tmp_path: Path) -> None:
    shown = tingsu("wechat", "menu", "--show", data_dir=tmp_path)
    assert [entry["name"] for entry in json.loads(shown.stdout)] == ["我要反映", "查进度", "更多"]
    refused = tingsu("wechat", "menu", data_dir=tmp_path)
    assert refused.returncode == 2
    assert "TINGSU_WECHAT_APP_ID" in refused.stderr


def test_the_menu_is_put_in_place_or_the_platforms_refusal_is_told(
    tmp_path: Path,
    served_platforms: Any,  # noqa: F811
    platform: FakeWeChat,  # noqa: F811
) -> None:
    account = {
        "TINGSU_WECHAT_APP_ID": APP_ID,
        "TINGSU_WECHAT_APP_SECRET": APP_SECRET,
        "TINGSU_WECHAT_TOKEN": TOKEN,
        "TINGSU_WECHAT_API_BASE": served_platforms[0],
        "TINGSU_LANGUAGES": "en,zh",
    }
    done = tingsu("wechat", "menu", data_dir=tmp_path, **account)
    assert done.returncode == 0, done.stderr
    (call,) = platform.of("menu/create")
    assert [entry["name"] for entry in call.body["button"]] == ["Report", "Progress", "More"]
    platform.script["create"] = [48001]
    refused = tingsu("wechat", "menu", data_dir=tmp_path, **account)
    assert refused.returncode == 1
    assert "48001" in refused.stderr
    assert "docs/channels.md" in refused.stderr


async def test_files_are_listed_and_written_out_once(tmp_path: Path, data_key: str) -> None:
    environment = {"TINGSU_DATA_KEY": data_key}
    assert "No files yet" in tingsu("media", "list", data_dir=tmp_path, **environment).stdout
    store = Store(Database(f"sqlite:///{tmp_path / 'tingsu.db'}", keys=(data_key,)))
    for number, content in enumerate((b"%PDF-1.7 receipt", b"MZ\x90")):
        message = InboundMessage(
            "telegram", f"{number}", "ann", media=(Media("file", ref="F", name="收据.pdf"),)
        )
        with store.writing() as work:
            inbox.receive(work, message, now=utc_now(), rules=TurnRules())
        clock = Clock()
        clock.now = utc_now()
        keeper: MediaKeeper = another(store, Source(content), Settings(data_dir=tmp_path), clock)
        await worked(keeper)
    store.database.dispose()

    listed = tingsu("media", "list", data_dir=tmp_path, **environment).stdout
    assert "收据.pdf" in listed
    assert "refused (program)" in listed
    target = tmp_path / "out.pdf"
    assert tingsu("media", "save", "1", str(target), data_dir=tmp_path, **environment).returncode == 0
    assert target.read_bytes() == b"%PDF-1.7 receipt"
    for arguments, why in (
        (("1", str(target)), "exists already"),
        (("2",), "is refused"),
        (("9",), "does not exist"),
    ):
        failed = tingsu("media", "save", *arguments, data_dir=tmp_path, **environment)
        assert failed.returncode == 1
        assert why in failed.stderr


@pytest.mark.parametrize(
    "command", [["wechat"], ["wechat", "menu"], ["media"], ["media", "list"], ["media", "save"]]
)
def test_help_is_there(tmp_path: Path, command: list[str]) -> None:
    shown = tingsu(*command, "--help", data_dir=tmp_path)
    assert shown.returncode == 0
    assert "Usage" in shown.stdout
