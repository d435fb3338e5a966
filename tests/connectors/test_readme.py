"""The channel that the README shows works as it is printed there."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from app.bus import Hub
from app.courier import Courier
from app.doors import StoredInbox, cancel
from app.wiring import utc_now
from casework.conversations import outbox
from casework.conversations.inbox import TurnRules
from casework.conversations.model import Button, Reply
from casework.storage.work import Store

README = Path(__file__).resolve().parents[2] / "connectors/README.md"


@pytest.fixture(scope="module")
def letterbox() -> Any:
    (text,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    module = ModuleType("letterbox")
    exec(compile(text, str(README), "exec"), module.__dict__)
    return module


class Provider:
    """Takes letters. ``answers`` are given first; an exception is a broken line."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.letters: list[dict[str, Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        import json

        if self.answers:
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer
        self.letters.append(json.loads(request.content))
        return httpx.Response(200, json={"id": len(self.letters)})

    @property
    def api(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self), base_url="http://post.test")


async def test_a_letter_comes_in_once_and_its_answer_goes_out(letterbox: Any, store: Store) -> None:
    hub = Hub("")
    inbox = StoredInbox(store, hub, rules=TurnRules(), most=1000, clock=utc_now)
    app = Starlette(routes=letterbox.routes("s3cret", inbox))
    letter = {"id": 7, "from": "ann", "text": "路灯坏了"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://house.test") as client:
        for secret, status in (("wrong", 403), ("s3cret", 204), ("s3cret", 204)):
            answer = await client.post("/webhooks/letterbox", json=letter, headers={"x-secret": secret})
            assert answer.status_code == status
    with store.writing() as work:
        conversation = work.conversations.find("letterbox", "ann")
        assert conversation is not None
        (kept,) = work.messages.transcript(conversation.id)
        assert kept.text == "路灯坏了"
        reply = Reply("对吗？", (Button("是", payload="affirm"),))
        outbox.post_bot_reply(work, conversation, [reply], reply_to_id=kept.id, now=utc_now())
    provider = Provider(httpx.ConnectError("down"), httpx.Response(503))
    sender = letterbox.LetterboxSender(provider.api)
    courier = asyncio.create_task(Courier(store, hub, {"letterbox": sender}, clock=utc_now).run())
    while not provider.letters:
        await asyncio.sleep(0.05)
    await cancel(courier)
    (sent,) = provider.letters
    assert (sent["to"], sent["text"]) == ("ann", "对吗？")
    assert "affirm" not in str(sent)
    with store.writing() as work:
        assert work.messages.redeem(conversation.id, sent["choices"][0]["choice"]) is not None
    await sender.stop()
