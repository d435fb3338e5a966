"""Server-sent events over a real connection."""

from __future__ import annotations

import json
import re
import threading
import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from connectors.web import show
from tests.connectors.web.core import MemoryCore
from tests.connectors.web.served import Served, serving


@pytest.fixture
def served() -> Iterator[Served]:
    with serving(MemoryCore()) as served:
        yield served


@pytest.fixture
def browser(served: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.url, timeout=10) as client:
        client.post("/web/messages", json={"id": str(uuid.uuid4()), "text": "停电"}).raise_for_status()
        yield client


def blocks(answer: httpx.Response) -> Iterator[dict[str, str]]:
    """Each event or comment as its fields; a comment has the field ``""``. Only CR and LF end a line."""
    rest = b""
    for chunk in answer.iter_raw():
        *whole, rest = (rest + chunk).split(b"\n\n")
        for block in whole:
            lines = re.split("\r\n|\r|\n", block.decode())
            yield {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def messages(answer: httpx.Response, count: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for fields in blocks(answer):
        if "id" in fields:
            found.append({"id": fields["id"], **json.loads(fields["data"])})
        if len(found) == count:
            break
    return found


def test_messages_come_in_order_with_their_number_as_the_events_id(
    served: Served, browser: httpx.Client
) -> None:
    served.bot_says("第一行\n第二行")
    with browser.stream("GET", "/web/events") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["x-accel-buffering"] == "no"
        stream = blocks(answer)
        assert next(stream) == {"retry": "2000"}
        numbered = (event for event in stream if "id" in event)
        old = [next(numbered) for _ in range(2)]
        assert [json.loads(event["data"])["text"] for event in old] == ["停电", "第一行\n第二行"]
        served.bot_says("新的")
        fresh = next(numbered)
        assert fresh["id"] == "3"
        assert json.loads(fresh["data"])["text"] == "新的"


@pytest.mark.parametrize("way", ["header", "query"])
def test_a_reconnecting_browser_gets_only_what_it_missed(
    served: Served, browser: httpx.Client, way: str
) -> None:
    for text in ("二", "三", "四"):
        served.bot_says(text)
    headers = {"last-event-id": "2"} if way == "header" else {}
    params = {"after": "0"} if way == "header" else {"after": "2"}
    with browser.stream("GET", "/web/events", params=params, headers=headers) as answer:
        assert [message["text"] for message in messages(answer, 2)] == ["三", "四"]


def test_a_line_break_of_any_kind_does_not_end_the_event(served: Served, browser: httpx.Client) -> None:
    text = "a\r\n\r\nid: 99\ndata: forged\u2028b"
    served.bot_says(text)
    with browser.stream("GET", "/web/events") as answer:
        assert messages(answer, 2)[-1]["text"] == text


def test_the_stream_tells_when_an_answer_is_being_made(served: Served, browser: httpx.Client) -> None:
    served.core.held = True
    browser.post("/web/messages", json={"id": str(uuid.uuid4()), "text": "还没好？"})
    with browser.stream("GET", "/web/events") as answer:
        stream = (fields for fields in blocks(answer) if fields.get("event") == "typing")
        assert json.loads(next(stream)["data"]) == {"on": True}
        served.release()
        assert json.loads(next(stream)["data"]) == {"on": False}


def test_a_quiet_stream_sends_comments(browser: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(show, "HEARTBEAT_S", 0.1)
    with browser.stream("GET", "/web/events") as answer:
        assert any("" in fields for fields in blocks(answer))


def test_a_stream_ends_by_itself_so_that_none_lives_for_days(
    browser: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(show, "LIFE_S", 0.3)
    with browser.stream("GET", "/web/events") as answer:
        assert len([fields for fields in blocks(answer) if "id" in fields]) == 1


def test_nothing_runs_on_once_the_browser_is_gone(served: Served, browser: httpx.Client) -> None:
    looked = threading.Semaphore(0)
    original = served.core.after

    async def after(channel: str, address: str, *, seq: int) -> Any:
        looked.release()
        return await original(channel, address, seq=seq)

    served.core.after = after  # type: ignore[method-assign]
    with browser.stream("GET", "/web/events") as answer:
        messages(answer, 1)
        assert looked.acquire(timeout=5)
    served.bot_says("x")
    while looked.acquire(timeout=1):  # the looks that were under way
        pass
    served.bot_says("y")
    assert not looked.acquire(timeout=1)


def test_two_people_never_see_each_others_stream(served: Served, browser: httpx.Client) -> None:
    with httpx.Client(base_url=served.url, timeout=10) as other:
        other.post("/web/messages", json={"id": str(uuid.uuid4()), "text": "别人的"})
        served.bot_says("给别人的")
        with other.stream("GET", "/web/events") as answer:
            assert [message["text"] for message in messages(answer, 2)] == ["别人的", "给别人的"]
        with browser.stream("GET", "/web/events") as answer:
            assert [message["text"] for message in messages(answer, 1)] == ["停电"]


def test_without_a_conversation_there_is_no_stream(served: Served) -> None:
    answer = httpx.get(served.url + "/web/events")
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_core_that_fails_ends_the_stream_without_breaking_the_server(
    served: Served, browser: httpx.Client
) -> None:
    async def after(channel: str, address: str, *, seq: int) -> Any:
        raise RuntimeError("the store is away")

    original, served.core.after = served.core.after, after  # type: ignore[method-assign]
    with browser.stream("GET", "/web/events") as answer:
        assert list(blocks(answer)) == [{"retry": "2000"}]
    served.core.after = original  # type: ignore[method-assign]
    with browser.stream("GET", "/web/events") as answer:
        assert len(messages(answer, 1)) == 1


def test_open_streams_do_not_hold_up_the_servers_end(served: Served, browser: httpx.Client) -> None:
    with browser.stream("GET", "/web/events") as answer:
        stream = blocks(answer)
        assert next(stream) == {"retry": "2000"}
        served.line.cut()
        assert all("data" in event for event in stream)  # ended properly: breaking it off would raise
    served.line.mend()
