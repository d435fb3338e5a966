"""A whole conversation with the log open at its widest: nothing of the person is in it."""

from __future__ import annotations

import logging
import uuid

import httpx
import pytest

from app.observing import logs
from app.settings import Settings
from bot.engine import Engine
from casework.house import House
from tests.way.conftest import house_running, until

pytestmark = [pytest.mark.engine]

SECRETS = ("13912345678", "王小梅", "xiaomei@example.org", "桂花苑", "工地施工")
TOLD = (
    "我叫王小梅，昨晚桂花苑楼下工地施工到凌晨两点",
    "希望他们停止夜间施工",
    "13912345678，邮箱xiaomei@example.org",
)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("form", ["json", "text"])
async def test_nothing_of_a_conversation_is_logged(
    settings: Settings,
    engine: Engine,
    house: House,
    form: str,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    logs.configure(level="debug", form=form)
    try:
        async with (
            house_running(settings, engine, house) as running,
            httpx.AsyncClient(base_url=running.url, timeout=20) as page,
        ):
            for text in TOLD:
                await _told(page, text)

            def quoting(*_: object, **__: object) -> None:
                raise ValueError(f"cannot read {TOLD[0]} {TOLD[2]}")

            monkeypatch.setattr(running.runner, "_engine_turn", quoting)  # a bug that quotes the person
            await _post(page, TOLD[0])
            written = ""

            async def failed() -> str | None:
                nonlocal written
                written += capfd.readouterr().err
                return written if "turn.failed" in written else None

            await until(failed)
    finally:
        root.handlers[:] = kept
        root.setLevel(level)
        logging.captureWarnings(False)
        for name in logs.OURS:
            logging.getLogger(name).setLevel(logging.NOTSET)
    said, shouted = capfd.readouterr()
    everything = said + shouted + written
    assert "turn.done" in everything
    assert "ValueError" in everything
    assert [secret for secret in SECRETS if secret in everything] == []


async def _post(page: httpx.AsyncClient, text: str) -> None:
    answer = await page.post("/web/messages", json={"text": text, "id": str(uuid.uuid4())})
    assert answer.status_code == 202


async def _told(page: httpx.AsyncClient, text: str) -> None:
    """Say it and wait for the bot's word on it."""
    before = len((await page.get("/web/messages")).json()["messages"])
    await _post(page, text)

    async def answered() -> bool | None:
        messages = (await page.get("/web/messages")).json()["messages"]
        return True if len(messages) > before + 1 and messages[-1]["author"] != "complainant" else None

    await until(answered)
